import { describe, expect, it } from 'vitest';
import { isPermitted, nearestName } from '../../../src/csharp/types/permission.ts';
import { t, table } from './fixture.ts';

const permitted = (type: string, member: string): boolean[] => table.lookup(t(type), member).map(isPermitted);

describe('the published list', () => {
  it('goes member by member where a type is listed in part', () => {
    expect(permitted('DateTime', 'AddDays')).toEqual([true]);
    expect(permitted('DateTime', '.ctor')).toEqual([false, false]);
    expect(permitted('DateTime', 'op_Subtraction')).toEqual([true, true]);
  });
  it('takes every member of types that are listed whole or implied', () => {
    expect(permitted('string', 'Length')).toEqual([true]);
    expect(permitted('Exception', 'Message')).toEqual([true]);
    expect(isPermitted(table.type('System.Delegate').definition)).toBe(true);
  });
});

describe('the nearest name', () => {
  it.each([
    ['Lenght', ['Length', 'Substring'], 'Length'],
    ['tostring', ['ToString', 'Trim'], 'ToString'],
    ['Foo', ['Length', 'Substring'], undefined],
  ])('%s', (wanted, names, nearest) => {
    expect(nearestName(wanted, names)).toBe(nearest);
  });
});
