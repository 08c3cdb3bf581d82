import { describe, expect, it } from 'vitest';
import type { FrozenHostOptions } from '../../src/host/frozen.ts';
import { HostError } from '../../src/host/host.ts';
import { checkProvider, discoveryAddress } from '../../src/identity/providers/check.ts';
import { PACKS } from '../../src/identity/providers/packs.ts';
import { CURRENT_KEY, FOREIGN_KEY } from '../../src/identity/providers/stand-in-keys.ts';
import { jsonAnswer, testHost } from '../support/hosts.ts';
import { hostWith, standIn } from '../support/stand-ins.ts';

const { n, e, kty } = CURRENT_KEY.jwk;
const RSA = { kty, n, e, use: 'sig', kid: 'a' };
const ISSUER = 'https://login.test';

interface Documents {
  readonly document?: object;
  readonly keys?: readonly object[] | object;
  readonly status?: number;
}

/** Findings as `severity subject: message`. */
async function findingsOf({ document = {}, keys = [RSA], status = 200 }: Documents, url = ISSUER): Promise<string[]> {
  const host = testHost({
    send: async ({ path }) => {
      if (path === '/keys') return jsonAnswer(Array.isArray(keys) ? { keys } : keys);
      return jsonAnswer({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys`, ...document }, status);
    },
  });
  const { findings } = await checkProvider(url, host);
  return findings.map(({ severity, subject, message }) => `${severity} ${subject}: ${message}`);
}

it('finds nothing to complain about where nothing is wrong', async () => {
  expect(await findingsOf({})).toEqual([]);
});

/** What is wrong, and what is said about it. */
const BROKEN: readonly (readonly [string, Documents, RegExp])[] = [
  ['answers 404', { status: 404 }, /^error discovery: .* answered 404$/],
  ['has another issuer', { document: { issuer: 'https://other.test' } }, /^warning issuer: `https:\/\/other\.test` is not the address/],
  ['has a slash at the end of its issuer', { document: { issuer: `${ISSUER}/` } }, /^info issuer: .*slash at the end/],
  ['has no issuer', { document: { issuer: undefined } }, /^error issuer: the document has no `issuer`$/],
  ['is for many tenants', { document: { issuer: `${ISSUER}/{tenantid}/v2.0` } }, /^warning issuer: .*every tenant is let in$/],
  ['has no jwks_uri', { document: { jwks_uri: undefined } }, /^error jwks_uri: the document has no `jwks_uri`$/],
  ['has a jwks_uri that is no URL', { document: { jwks_uri: 'keys' } }, /^error jwks_uri: `keys` is no URL$/],
  ['has its keys on http', { document: { jwks_uri: 'http://login.test/keys' } }, /^error jwks_uri: it is http/],
  ['signs with HS256', { document: { id_token_signing_alg_values_supported: ['HS256'] } }, /^error discovery: it signs with HS256/],
  ['has no keys', { keys: [] }, /^error keys: the set has no keys/],
  ['has no list of keys', { keys: { jwks: [] } }, /^error keys: the set has no keys/],
  ['has a key without id', { keys: [{ ...RSA, kid: undefined }] }, /^warning keys: a key has no `kid`/],
  ['has an id twice', { keys: [RSA, { ...RSA, n: FOREIGN_KEY.jwk.n }] }, /^warning keys: the id `a` is there more than once/],
  ['has a small key', { keys: [{ ...RSA, n: 'w'.repeat(171) }] }, /^error key a: it has 1024 bits: Azure refuses/],
  ['signs with EdDSA', { keys: [{ kty: 'OKP', crv: 'Ed25519', kid: 'a' }] }, /^error keys: no key of the set can verify/],
  ['has a key for another algorithm', { keys: [{ ...RSA, alg: 'RSA-OAEP' }] }, /^warning key a: `alg` is `RSA-OAEP`/],
  ['has an unknown curve', { keys: [RSA, { kty: 'EC', crv: 'secp256k1', kid: 'b' }] }, /^warning key b: the curve `secp256k1`/],
  ['publishes a secret', { keys: [RSA, { kty: 'oct', k: 'AAAA', kid: 'b' }] }, /^error key b: a symmetric key is published/],
  ['publishes a private key', { keys: [{ ...RSA, d: CURRENT_KEY.jwk.d }] }, /^error key a: the private half is published/],
  [
    'has certificates alone',
    { keys: [{ kty: 'RSA', kid: 'a', x5c: [CURRENT_KEY.certificate] }] },
    /^info key a: it is a certificate alone/,
  ],
  ['has a broken certificate', { keys: [{ kty: 'RSA', kid: 'a', x5c: ['AAAA'] }] }, /^error key a: its certificate .* cannot be read$/],
  ['has a key without material', { keys: [{ kty: 'RSA', kid: 'a' }] }, /^error key a: it has neither `n` and `e` nor `x5c`/],
  ['has a key for encryption', { keys: [RSA, { ...RSA, kid: 'b', use: 'enc' }] }, /^info key b: it is for encryption, and passed over$/],
];

it.each(BROKEN)('a provider that %s', async (_name, documents, expected) => {
  expect((await findingsOf(documents)).filter((text) => expected.test(text))).toHaveLength(1);
});

describe('a provider that cannot be read', () => {
  const reading = async (send: NonNullable<FrozenHostOptions['send']>) => {
    const { findings } = await checkProvider(ISSUER, testHost({ send }));
    return findings.map(({ severity, subject, message }) => `${severity} ${subject}: ${message}`);
  };

  it('is out of reach', async () => {
    const found = await reading(async () => {
      throw new HostError('timeout', 'Request timed out');
    });
    expect(found).toEqual([`error discovery: \`${ISSUER}/.well-known/openid-configuration\` cannot be reached: Request timed out`]);
  });

  it.each([
    ['text', 'text', /no JSON$/],
    ['a list', [], /no object$/],
  ])('answers %s', async (_name, value, expected) => {
    const found = await reading(async () => {
      const answer = jsonAnswer(value);
      async function* page() {
        yield new TextEncoder().encode('<html>');
      }
      return value === 'text' ? { ...answer, body: page() } : answer;
    });
    expect(found).toEqual([expect.stringMatching(expected)]);
  });

  it('is slow', async () => {
    const host = testHost({
      send: async ({ path }) => {
        host.advance(3000);
        return path === '/keys' ? jsonAnswer({ keys: [RSA] }) : jsonAnswer({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys` });
      },
    });
    const { findings, milliseconds } = await checkProvider(ISSUER, host);
    expect(findings.map(({ severity, subject }) => `${severity} ${subject}`)).toEqual(['warning discovery', 'warning jwks_uri']);
    expect(milliseconds).toEqual({ discovery: 3000, keys: 3000 });
  });
});

it('takes an issuer for the address of its document', () => {
  expect(discoveryAddress('https://login.test/')).toBe('https://login.test/.well-known/openid-configuration');
  expect(discoveryAddress('https://login.test/x/.well-known/openid-configuration?appid=1')).toMatch(/\?appid=1$/);
});

it.each(PACKS.map(({ name }) => name))('%s has no errors', async (name) => {
  const provider = standIn(name);
  const { findings } = await checkProvider(provider.discoveryUrl, hostWith({ providers: [provider] }));
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

it('allows http on this machine', async () => {
  expect(await findingsOf({ document: { issuer: 'http://localhost:80' } }, 'http://localhost:80')).toEqual([
    'info address: it is http on this machine, which only a local gateway reaches',
  ]);
});
