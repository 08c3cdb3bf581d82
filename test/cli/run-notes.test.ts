/** What `portico run` says beside its address. */
import { describe, expect, it } from 'vitest';
import { backendNote, keysNote, loopNote } from '../../src/cli/run-notes.ts';
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

describe('the note about a backend that is the gateway', () => {
  const POLICY = { 'policy.xml': '<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>' };

  it.each(['http://localhost:8080', 'http://127.0.0.1:8080/base'])('is there for %s', (backend) => {
    expect(loopNote(load(POLICY, { backend }), 'http://127.0.0.1:8080')).toBe(
      `  the backend ${new URL(backend).origin} is this gateway itself: calls come back to it; choose another --port, or another backend\n`,
    );
  });

  it.each(['http://localhost:8081', 'http://orders:8080', 'https://localhost'])('is left out for %s', (backend) => {
    expect(loopNote(load(POLICY, { backend }), 'http://127.0.0.1:8080')).toBe('');
  });

  it('is left out for an API that may call another one', () => {
    expect(loopNote(load(API, { backend: 'http://localhost:8080' }), 'http://127.0.0.1:8080')).toBe('');
    expect(loopNote(load(POLICY), 'http://127.0.0.1:8080')).toBe('');
  });
});
