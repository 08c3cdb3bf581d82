/** No policy has less than five cases, and the report counts what the declarations have. */
import { describe, expect, it } from 'vitest';
import { KNOWN_POLICIES, POLICIES } from '../../src/policies/registry.ts';
import { caseCounts } from '../../tools/docs/case-counts.ts';
import { compatibilityRows } from '../../tools/docs/compatibility.ts';

describe('cases', () => {
  it('are five or more for every policy', () => {
    const counts = caseCounts(POLICIES.map(({ name }) => name));
    expect([...counts].filter(([, count]) => count < 5)).toEqual([]);
  });
});

describe('the compatibility report', () => {
  const rows = compatibilityRows();

  it('has a row for every policy that API Management knows, and none is refused', () => {
    const policies = rows.filter(({ element, attribute }) => element === '' && attribute === '').map(({ policy }) => policy);
    expect(policies.sort()).toEqual([...KNOWN_POLICIES].sort());
    expect(rows.filter(({ state, attribute, element }) => state === 'refused' && attribute === '' && element === '')).toEqual([]);
  });

  it('says why for everything that is not plainly implemented', () => {
    expect(rows.filter(({ state, note }) => (state === 'implemented') !== (note === ''))).toEqual([]);
  });
});
