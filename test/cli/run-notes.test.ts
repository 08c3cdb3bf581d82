/** What `portico run` says beside its address. */
import { describe, expect, it } from 'vitest';
import { backendNote, keysNote } from '../../src/cli/run-notes.ts';
import { json, load } from '../workspace/support.ts';

const API = { 'apis/a/apiInformation.json': json({ path: 'a', serviceUrl: 'https://a.internal' }) };
const EXPORTED = { 'subscriptions/team/subscriptionInformation.json': json({ scope: '/apis', state: 'active' }) };

describe('the note about keys', () => {
  it('names the subscription that an export holds without its keys', () => {
    expect(keysNote(load({ ...API, ...EXPORTED }))).toBe(
      '  no subscription has a key here: APIs that need one answer 401 until portico.yaml has `subscriptions: [{ id: team, primary-key: "…" }]`\n',
    );
    expect(keysNote(load(API))).toContain('{ id: local, primary-key: "…" }');
  });

  it.each([
    ['a key is there', { ...API, ...EXPORTED, 'portico.yaml': 'subscriptions: [{ id: team, primary-key: k }]' }],
    ['no API needs one', { 'apis/a/apiInformation.json': json({ path: 'a', subscriptionRequired: false }) }],
  ])('is left out where %s', (_, files) => {
    expect(keysNote(load(files))).toBe('');
  });
});

describe('the note about backends', () => {
  const policy = (inbound = '') => `<policies><inbound>${inbound}</inbound><backend><base /></backend><outbound /><on-error /></policies>`;
  const NOTE = '  no backend is named: forwarded calls answer 500 until `--backend URL`, or `backend` in portico.yaml, names one\n';

  it('is there for a document that nobody gave one', () => {
    expect(backendNote(load({ 'policy.xml': policy() }))).toBe(NOTE);
    expect(backendNote(load({ 'echo.xml': policy() }, {}, 'echo.xml'))).toBe(NOTE);
  });

  it.each([
    ['portico.yaml names one', { 'policy.xml': policy(), 'portico.yaml': 'backend: https://a.internal' }],
    ['a policy chooses one', { 'policy.xml': policy('<set-backend-service base-url="https://a.internal" />') }],
    ['a policy answers', { 'policy.xml': policy('<return-response />') }],
    ['APIs are there', { 'policy.xml': policy(), ...API }],
  ])('is left out where %s', (_, files) => {
    expect(backendNote(load(files))).toBe('');
  });
});
