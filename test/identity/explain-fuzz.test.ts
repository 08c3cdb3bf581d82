/** Whatever a token or a provider says, explaining it ends with a verdict. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { explainToken } from '../../src/identity/explain/replay.ts';
import { checkProvider } from '../../src/identity/providers/check.ts';
import { createTokenValidator } from '../../src/identity/validator.ts';
import { jsonAnswer, testHost } from '../support/hosts.ts';
import { hostWith, rulesFor, standIn } from '../support/stand-ins.ts';

const CLAIMS =
  'iss aud exp nbf iat scp scope roles groups tid ver appid azp tfp acr sub oid nonce realm_access jti gty token_use cid client_id _claim_names'.split(
    ' ',
  );
const HEADERS = ['alg', 'kid', 'x5t', 'typ', 'crit', 'nonce', 'pi.atm'];
/** An object that no text can be made of. */
const HOSTILE = { toString: null, valueOf: null };
const KNOWN = [
  HOSTILE,
  'api://orders',
  '',
  'https://x/',
  'https://login.microsoftonline.com/x/v2.0',
  1e12,
  1e300,
  -1,
  1.5,
  null,
  [],
  {},
  'B2C_1_x',
  '1.0',
  '2.0',
];

const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...KNOWN));
const claims = fc.dictionary(fc.constantFrom(...CLAIMS), value);
const header = fc.dictionary(fc.constantFrom(...HEADERS), fc.oneof(fc.constantFrom<unknown>('RS256', 'HS256', 'none', 3, HOSTILE), value));
const key = fc.record(
  { kty: fc.constantFrom('RSA', 'EC', 'oct', 3), n: value, e: value, x5c: value, kid: value, use: value, alg: value, crv: value },
  { requiredKeys: [] },
);

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

it.each(['entra-v2', 'okta-custom', 'entra-b2c', 'cognito'])('forged tokens against %s', async (name) => {
  const provider = standIn(name);
  const host = hostWith({ providers: [provider] });
  const rules = rulesFor(provider, {
    audiences: ['api://orders'],
    clientApplications: ['a'],
    tenantIssuer: 'https://sts.windows.net/{tenantid}/',
    requiredClaims: ['scp', 'scope', 'roles', 'groups'].map((claim) => ({ name: claim, match: 'all', separator: ' ', values: ['x y'] })),
  });
  await fc.assert(
    fc.asyncProperty(claims, header, fc.boolean(), async (payload, head, offline) => {
      const { verdict, checks } = await explainToken({ host, token: `${encoded(head)}.${encoded(payload)}.AAAA`, offline, rules });
      expect(verdict).toBe('refused');
      expect(checks.some(({ outcome }) => outcome === 'failed')).toBe(true);
    }),
    { numRuns: 150 },
  );
});

it('forged discovery documents and key sets', async () => {
  const document = fc.record(
    { issuer: value, jwks_uri: fc.oneof(value, fc.constant('https://l.test/keys')), id_token_signing_alg_values_supported: value },
    { requiredKeys: [] },
  );
  const set = fc.oneof(value, fc.record({ keys: fc.array(fc.oneof(value, key)) }));
  await fc.assert(
    fc.asyncProperty(document, set, async (first, second) => {
      const host = testHost({ send: async ({ path }) => jsonAnswer(path === '/keys' ? second : first) });
      const { findings } = await checkProvider('https://l.test', host);
      expect(findings.every(({ message }) => message !== '')).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it.each([
  [{ alg: HOSTILE }, {}],
  [{ alg: 'RS256', kid: HOSTILE }, {}],
  [
    { alg: 'RS256', kid: 'unknown' },
    { exp: HOSTILE, nbf: HOSTILE },
  ],
  [
    { alg: 'RS256', kid: 'unknown' },
    { iss: HOSTILE, aud: [HOSTILE], tid: HOSTILE },
  ],
])('the gateway refuses the header %j with the claims %j', async (head, payload) => {
  const provider = standIn('entra-v2');
  const validator = createTokenValidator({ host: hostWith({ providers: [provider] }) });
  const outcome = await validator.validate({ token: `${encoded(head)}.${encoded(payload)}.AAAA`, ...rulesFor(provider) });
  expect(outcome.ok).toBe(false);
});
