import * as jose from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FrozenHost } from '../../src/host/frozen.ts';
import { HostError } from '../../src/host/host.ts';
import type { TokenOutcome, TokenRequirements } from '../../src/identity/token-validator.ts';
import { createTokenValidator } from '../../src/identity/validator.ts';
import { jsonAnswer, testHost } from '../support/hosts.ts';

const NOW = Date.UTC(2026, 0, 1) / 1000;
const CONFIG = 'https://login.test/.well-known/openid-configuration';
const SECRET = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');

interface Keys {
  readonly privateKey: jose.CryptoKey;
  readonly jwk: jose.JWK;
}
const keys: Record<string, Keys> = {};

async function makeKey(kid: string, algorithm: string): Promise<void> {
  const { privateKey, publicKey } = await jose.generateKeyPair(algorithm, { extractable: true });
  keys[kid] = { privateKey, jwk: { ...(await jose.exportJWK(publicKey)), kid } };
}

beforeAll(async () => {
  for (const [kid, algorithm] of [
    ['r1', 'RS256'],
    ['r2', 'RS256'],
    ['p1', 'PS384'],
    ['e1', 'ES256'],
    ['e3', 'ES512'],
  ] as const)
    await makeKey(kid, algorithm);
});

const CLAIMS = {
  iss: 'https://login.test/',
  aud: 'api://orders',
  sub: 'alice',
  scp: 'orders.read orders.write',
  roles: ['admin', 'reader'],
  level: 3,
  vip: true,
  exp: NOW + 600,
};

interface Mint {
  readonly kid?: string;
  readonly alg?: string;
  readonly sign?: string;
  readonly claims?: Record<string, unknown>;
}

function mint({ kid = 'r1', alg = 'RS256', sign = kid, claims = {} }: Mint = {}): Promise<string> {
  const payload = Object.fromEntries(Object.entries({ ...CLAIMS, ...claims }).filter(([, value]) => value !== undefined));
  const key = alg.startsWith('HS') ? Buffer.from(SECRET, 'base64') : (keys[sign]?.privateKey as jose.CryptoKey);
  return new jose.SignJWT(payload).setProtectedHeader({ alg, ...(kid === '' ? {} : { kid }) }).sign(key);
}

function requirements(changes: Partial<TokenRequirements> = {}): TokenRequirements {
  return {
    token: '',
    requireExpirationTime: true,
    requireSignedTokens: true,
    clockSkewSeconds: 0,
    openIdConfigs: [CONFIG],
    signingKeys: [],
    decryptionKeys: [],
    audiences: ['api://orders'],
    issuers: [],
    requiredClaims: [],
    ...changes,
  };
}

/** A provider that serves the keys of these ids; `calls` counts discovery fetches. */
function provider(ids: () => readonly string[]) {
  const state = { calls: 0, down: false };
  const host: FrozenHost = testHost({
    send: async (request) => {
      if (state.down) throw new HostError('connect', 'refused');
      if (request.path.endsWith('/keys')) return jsonAnswer({ keys: ids().map((id) => keys[id]?.jwk) });
      state.calls += 1;
      return jsonAnswer({ issuer: 'https://login.test/', jwks_uri: 'https://login.test/keys' });
    },
  });
  return { host, state };
}

async function judge(
  token: string | Promise<string>,
  changes: Partial<TokenRequirements> = {},
  ids: readonly string[] = ['r1', 'p1', 'e1', 'e3'],
): Promise<string> {
  const { host } = provider(() => ids);
  const outcome = await createTokenValidator({ host }).validate(requirements({ ...changes, token: await token }));
  return summary(outcome);
}

/** `ok`, or reason and library code. */
function summary(outcome: TokenOutcome): string {
  return outcome.ok ? 'ok' : `${outcome.reason} ${/^IDX\d+/.exec(outcome.message)?.[0] ?? outcome.message}`;
}

const unsigned = (claims: object) => `${jose.base64url.encode('{"alg":"none"}')}.${jose.base64url.encode(JSON.stringify(claims))}.`;
const claim = (name: string, values: readonly string[], match: 'all' | 'any' = 'all', separator: string | null = null) => ({
  name,
  values,
  match,
  separator,
});

describe('a token', () => {
  it.each<readonly [string, () => Promise<string>, string]>([
    ['RS256', () => judge(mint()), 'ok'],
    ['PS384', () => judge(mint({ kid: 'p1', alg: 'PS384' })), 'ok'],
    ['ES256', () => judge(mint({ kid: 'e1', alg: 'ES256' })), 'ok'],
    ['ES512', () => judge(mint({ kid: 'e3', alg: 'ES512' })), 'ok'],
    [
      'HS256 with an inline key',
      () => judge(mint({ kid: '', alg: 'HS256' }), { openIdConfigs: [], signingKeys: [{ secret: SECRET }] }),
      'ok',
    ],
    [
      'RSA key given as modulus and exponent',
      async () =>
        judge(mint({ kid: '', sign: 'r1' }), { openIdConfigs: [], signingKeys: [{ rsa: { n: keys.r1?.jwk.n ?? '', e: 'AQAB' } }] }),
      'ok',
    ],
    ['without kid, one of several keys', () => judge(mint({ kid: '', sign: 'r1' }), {}, ['r2', 'r1']), 'ok'],
    [
      'kid names the wrong inline key, another one fits',
      () =>
        judge(mint({ kid: 'a', alg: 'HS256' }), {
          openIdConfigs: [],
          signingKeys: [
            { id: 'a', secret: 'AAAA' },
            { id: 'b', secret: SECRET },
          ],
        }),
      'ok',
    ],
    ['absent', () => judge(''), 'TokenNotPresent JWT not present.'],
    ['opaque', () => judge('abc'), 'JwtInvalid IDX12741'],
    ['with a header that is no JSON', () => judge('!.e30.x'), 'JwtInvalid IDX12729'],
    ['with a payload that is no JSON', () => judge(`${jose.base64url.encode('{"alg":"RS256"}')}.!!.x`), 'JwtInvalid IDX12723'],
    ['larger than the limit', () => judge(`a.${'b'.repeat(260_000)}.c`), 'JwtInvalid IDX10209'],
    ['signed by another key under a known kid', () => judge(mint({ kid: 'r1', sign: 'r2' })), 'TokenSignatureInvalid IDX10511'],
    ['of an unknown kid', () => judge(mint({ kid: 'r2' })), 'TokenSignatureKeyNotFound IDX10501'],
    ['unsigned', () => judge(unsigned(CLAIMS)), 'TokenSignatureInvalid IDX10504'],
    ['unsigned where that is allowed', () => judge(unsigned(CLAIMS), { requireSignedTokens: false }), 'ok'],
    [
      'HS256 made with the public key of a provider',
      async () =>
        judge(
          new jose.SignJWT(CLAIMS)
            .setProtectedHeader({ alg: 'HS256', kid: 'r1' })
            .sign(new TextEncoder().encode(JSON.stringify(keys.r1?.jwk))),
        ),
      'TokenSignatureInvalid IDX10511',
    ],
    [
      'that brings its own key',
      async () =>
        judge(
          new jose.SignJWT(CLAIMS)
            .setProtectedHeader({ alg: 'RS256', kid: 'x', jwk: keys.r2?.jwk })
            .sign(keys.r2?.privateKey as jose.CryptoKey),
        ),
      'TokenSignatureKeyNotFound IDX10501',
    ],
    ['without keys to check it', () => judge(mint(), { openIdConfigs: [] }), 'TokenSignatureInvalid IDX10500'],
    ['expired a second ago', () => judge(mint({ claims: { exp: NOW - 1 } })), 'TokenExpired IDX10223'],
    ['that expires now', () => judge(mint({ claims: { exp: NOW } })), 'ok'],
    ['expired within the skew', () => judge(mint({ claims: { exp: NOW - 5 } }), { clockSkewSeconds: 5 }), 'ok'],
    ['not yet valid', () => judge(mint({ claims: { nbf: NOW + 1 } })), 'JwtInvalid IDX10222'],
    ['valid from after its end', () => judge(mint({ claims: { nbf: NOW + 700 } })), 'JwtInvalid IDX10224'],
    ['without exp', () => judge(mint({ claims: { exp: undefined } })), 'JwtInvalid IDX10225'],
    ['without exp where that is allowed', () => judge(mint({ claims: { exp: undefined } }), { requireExpirationTime: false }), 'ok'],
    ['for another audience', () => judge(mint({ claims: { aud: ['x', 'y'] } })), 'TokenAudienceNotAllowed IDX10214'],
    ['for no audience', () => judge(mint({ claims: { aud: undefined } })), 'TokenAudienceNotAllowed IDX10206'],
    ['for one of several audiences', () => judge(mint({ claims: { aud: ['x', 'api://orders/'] } })), 'ok'],
    ['of another issuer', () => judge(mint({ claims: { iss: 'https://evil.test/' } })), 'TokenIssuerNotAllowed IDX10205'],
    ['without issuer', () => judge(mint({ claims: { iss: undefined } })), 'TokenIssuerNotAllowed IDX10211'],
    [
      'of an issuer the policy names',
      () => judge(mint({ claims: { iss: 'https://other.test/' } }), { issuers: ['https://other.test/'] }),
      'ok',
    ],
    ['with all scopes', () => judge(mint(), { requiredClaims: [claim('scp', ['orders.read', 'orders.write'], 'all', ' ')] }), 'ok'],
    ['with any scope', () => judge(mint(), { requiredClaims: [claim('scp', ['z', 'orders.read'], 'any', ' ')] }), 'ok'],
    [
      'with some of all scopes',
      () => judge(mint(), { requiredClaims: [claim('scp', ['z', 'orders.read'], 'all', ' ')] }),
      'TokenClaimValueNotAllowed Claim scp value of orders.read,orders.write is not allowed. Access denied.',
    ],
    ['with roles as an array', () => judge(mint(), { requiredClaims: [claim('roles', ['reader'])] }), 'ok'],
    ['with number and boolean claims', () => judge(mint(), { requiredClaims: [claim('level', ['3']), claim('vip', ['true'])] }), 'ok'],
    [
      'whose claim differs in letter case',
      () => judge(mint(), { requiredClaims: [claim('sub', ['Alice'])] }),
      'TokenClaimValueNotAllowed Claim sub value of alice is not allowed. Access denied.',
    ],
    [
      'without the claims',
      () => judge(mint(), { requiredClaims: [claim('a', []), claim('b', ['1'])] }),
      'TokenClaimNotFound JWT token is missing the following claims: a, b. Access denied.',
    ],
    [
      'with a claim named like a prototype member',
      () => judge(mint(), { requiredClaims: [claim('toString', [])] }),
      'TokenClaimNotFound JWT token is missing the following claims: toString. Access denied.',
    ],
    [
      'encrypted, with the key',
      async () =>
        judge(
          new jose.CompactEncrypt(new TextEncoder().encode(await mint()))
            .setProtectedHeader({ alg: 'dir', enc: 'A128CBC-HS256' })
            .encrypt(Buffer.from(SECRET, 'base64')),
          { decryptionKeys: [{ secret: SECRET }] },
        ),
      'ok',
    ],
    [
      'encrypted, without a key',
      async () =>
        judge(
          new jose.CompactEncrypt(new TextEncoder().encode('x'))
            .setProtectedHeader({ alg: 'dir', enc: 'A128CBC-HS256' })
            .encrypt(Buffer.from(SECRET, 'base64')),
        ),
      'JwtInvalid IDX10609',
    ],
    [
      'encrypted for another key',
      async () =>
        judge(
          new jose.CompactEncrypt(new TextEncoder().encode('x'))
            .setProtectedHeader({ alg: 'dir', enc: 'A128CBC-HS256' })
            .encrypt(Buffer.from(SECRET, 'base64')),
          { decryptionKeys: [{ secret: Buffer.alloc(32).toString('base64') }] },
        ),
      'JwtInvalid IDX10618',
    ],
  ])('%s', async (_name, run, expected) => {
    expect(await run()).toBe(expected);
  });
});

describe('the provider', () => {
  it('is asked once for many tokens, and again after an hour', async () => {
    const { host, state } = provider(() => ['r1']);
    const validator = createTokenValidator({ host });
    const token = await mint({ claims: { exp: NOW + 10_000 } });
    await Promise.all([1, 2, 3].map(() => validator.validate(requirements({ token }))));
    expect(state.calls).toBe(1);
    host.advance(3_600_001);
    expect(summary(await validator.validate(requirements({ token })))).toBe('ok');
    expect(state.calls).toBe(2);
  });

  it('is asked for an unknown key at most once in five minutes', async () => {
    let ids = ['r1'];
    const { host, state } = provider(() => ids);
    const validator = createTokenValidator({ host });
    expect(summary(await validator.validate(requirements({ token: await mint() })))).toBe('ok');
    ids = ['r1', 'r2'];
    expect(summary(await validator.validate(requirements({ token: await mint({ kid: 'r2' }) })))).toBe('ok');
    const unknown = await mint({ kid: 'e1', alg: 'ES256' });
    expect(summary(await validator.validate(requirements({ token: unknown })))).toBe('TokenSignatureKeyNotFound IDX10501');
    expect(state.calls).toBe(2);
    ids = ['e1'];
    host.advance(300_001);
    expect(summary(await validator.validate(requirements({ token: unknown })))).toBe('ok');
    expect(state.calls).toBe(3);
  });

  it('is asked once for many tokens of a new key that come at once, and all pass', async () => {
    let ids = ['r1'];
    const { host, state } = provider(() => ids);
    const validator = createTokenValidator({ host });
    await validator.validate(requirements({ token: await mint() }));
    ids = ['r1', 'r2'];
    const tokens = await Promise.all(['a', 'b', 'c'].map((sub) => mint({ kid: 'r2', claims: { sub } })));
    const outcomes = await Promise.all(tokens.map((token) => validator.validate(requirements({ token }))));
    expect(outcomes.map(summary)).toEqual(['ok', 'ok', 'ok']);
    expect(state.calls).toBe(2);
  });

  it('is not asked for newer keys by tokens that are expired or of another issuer', async () => {
    const { host, state } = provider(() => ['r1']);
    const validator = createTokenValidator({ host });
    for (const claims of [{ exp: NOW - 1 }, { iss: 'https://evil.test/' }])
      expect(summary(await validator.validate(requirements({ token: await mint({ kid: 'r2', claims }) })))).toBe(
        'TokenSignatureKeyNotFound IDX10501',
      );
    expect(state.calls).toBe(1);
  });

  it('may be down once its keys are known, and recovers when it never was up', async () => {
    const { host, state } = provider(() => ['r1']);
    const validator = createTokenValidator({ host });
    state.down = true;
    expect(summary(await validator.validate(requirements({ token: await mint() })))).toBe('JwtInvalid IDX20803');
    state.down = false;
    expect(summary(await validator.validate(requirements({ token: await mint() })))).toBe('ok');
    state.down = true;
    host.advance(3_600_001);
    expect(summary(await validator.validate(requirements({ token: await mint({ claims: { exp: NOW + 9_000 } }) })))).toBe('ok');
  });
});

describe('a token seen before', () => {
  it('is answered without a promise until it expires, and only for the same requirements', async () => {
    const { host } = provider(() => ['r1']);
    const validator = createTokenValidator({ host });
    const asked = requirements({ token: await mint() });
    expect(validator.validate(asked)).toBeInstanceOf(Promise);
    await validator.validate(asked);
    expect(validator.validate(asked)).not.toBeInstanceOf(Promise);
    expect(summary(await validator.validate({ ...asked, audiences: ['other'] }))).toBe('TokenAudienceNotAllowed IDX10214');
    host.advance(601_000);
    expect(summary(await validator.validate(asked))).toBe('TokenExpired IDX10223');
  });

  it('is known by its rules at once, and nothing else is: no other rules, no other claims with the same signature', async () => {
    const { host } = provider(() => ['r1']);
    const validator = createTokenValidator({ host });
    const { token, ...rules } = requirements({ token: await mint() });
    expect(validator.known?.(token, rules)).toBeUndefined();
    await validator.validate({ token, ...rules });
    expect(validator.known?.(token, rules)?.token.payload).toMatchObject({ sub: 'alice' });
    expect(validator.known?.(token, { ...rules })?.ok).toBe(true);
    expect(validator.known?.(token, { ...rules, audiences: ['other'] })).toBeUndefined();
    const [head, , signature] = token.split('.');
    const forged = `${head}.${jose.base64url.encode(JSON.stringify({ ...CLAIMS, sub: 'mallory' }))}.${signature}`;
    expect(validator.known?.(forged, rules)).toBeUndefined();
    expect(summary(await validator.validate({ token: forged, ...rules }))).toMatch(/^TokenSignatureInvalid /);
    expect(validator.known?.(token, rules)?.ok).toBe(true);
    host.advance(601_000);
    expect(validator.known?.(token, rules)).toBeUndefined();
  });

  it('is judged again when the provider withdraws its key', async () => {
    let ids = ['r1'];
    const { host } = provider(() => ids);
    const validator = createTokenValidator({ host });
    const token = await mint({ claims: { exp: NOW + 9_000 } });
    expect(summary(await validator.validate(requirements({ token })))).toBe('ok');
    ids = ['r2'];
    host.advance(3_600_001);
    expect(summary(await validator.validate(requirements({ token })))).toBe('TokenSignatureKeyNotFound IDX10501');
  });
});
