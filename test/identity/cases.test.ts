/** Tokens by the case: every check with the library's texts, known attacks, published vectors. */
import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JWK } from 'jose';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import type { CertificateInfo } from '../../src/host/host.ts';
import { nodeCrypto } from '../../src/host/node-crypto.ts';
import { KeyImports } from '../../src/identity/keys.ts';
import { verifySignature } from '../../src/identity/signature.ts';
import type { TokenKey, TokenOutcome, TokenRules } from '../../src/identity/token-validator.ts';
import { createTokenValidator } from '../../src/identity/validator.ts';
import { jsonAnswer, testHost } from '../support/hosts.ts';

type UsedKey = TokenKey & { readonly use?: string };

interface Case {
  readonly name: string;
  /** The sentence of the fact sheet's test list that it stands for. */
  readonly idea?: string;
  readonly token?: string;
  readonly rawToken?: string;
  readonly rawHeader?: string;
  readonly rawPayload?: string;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Seconds from now. */
  readonly claims?: Readonly<Record<string, number | null>>;
  readonly rawClaims?: Readonly<Record<string, unknown>>;
  readonly sign?: string;
  readonly signature?: string;
  readonly appended?: string;
  readonly cut?: number;
  readonly swapped?: boolean;
  readonly huge?: boolean;
  readonly deep?: boolean;
  readonly nested?: boolean;
  readonly provider?: readonly (string | (JWK & { readonly use?: string; readonly keyUse?: string }))[];
  readonly issuer?: string;
  readonly privateKey?: { readonly n: string; readonly d: string; readonly p: string };
  readonly verify?: JWK;
  readonly rules?: Partial<TokenRules> & { readonly signingKeys?: readonly UsedKey[]; readonly decryptionKeys?: readonly UsedKey[] };
  readonly at?: string;
  readonly expect: string;
  /** Part of the message. */
  readonly says?: string;
  /** The message is shorter than so many characters. */
  readonly shorter?: number;
}

const NOW = Date.UTC(2026, 0, 1) / 1000;

const rsa = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
const KEYS: Readonly<Record<string, KeyObject>> = {
  r1: rsa(2048),
  r2: rsa(2048),
  small: rsa(1024),
  tiny: rsa(512),
  e1: ec('P-256'),
  e2: ec('P-384'),
  e3: ec('P-521'),
  k1: ec('secp256k1'),
  d1: generateKeyPairSync('ed25519').privateKey,
};
const SECRETS: Readonly<Record<string, Buffer>> = {
  h1: Buffer.alloc(64, 1),
  h2: Buffer.alloc(64, 2),
  h8: Buffer.alloc(8, 8),
  empty: Buffer.alloc(0),
  'public-r1': Buffer.from(publicKey('r1').export({ type: 'spki', format: 'pem' })),
};

function publicKey(name: string): KeyObject {
  const key = KEYS[name];
  if (!key) throw new Error(`no key ${name}`);
  return createPublicKey(key);
}

function jwkOf(name: string): JWK {
  const secret = SECRETS[name];
  if (secret) return { kty: 'oct', kid: name, k: secret.toString('base64url') };
  return { ...(publicKey(name).export({ format: 'jwk' }) as JWK), kid: name };
}

function signatureOf(text: string, name: string, algorithm: string): Buffer {
  const hash = `sha${algorithm.slice(2) || '256'}`;
  if (SECRETS[name]) return createHmac(hash, SECRETS[name]).update(text).digest();
  const key = KEYS[name.replace('der-', '')];
  if (!key) throw new Error(`no key ${name}`);
  const data = Buffer.from(text);
  if (key.asymmetricKeyType === 'ed25519') return signBytes(null, data, key);
  if (key.asymmetricKeyType === 'ec')
    return signBytes(hash.slice(0, 6), data, { key, dsaEncoding: name.startsWith('der-') ? 'der' : 'ieee-p1363' });
  const pss = algorithm.startsWith('PS') ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {};
  return signBytes(/^sha(?:256|384|512)$/.test(hash) ? hash : 'sha256', data, { key, ...pss });
}

const encode = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function defined(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

function headerOf(one: Case): Record<string, unknown> {
  const header = defined({ alg: 'RS256', kid: 'r1', ...one.header });
  if (header.kid === 'long') header.kid = 'k'.repeat(10_000);
  if (typeof header.jwk === 'string') header.jwk = jwkOf(header.jwk);
  return header;
}

function payloadOf(one: Case): string {
  if (one.deep) return `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`;
  if (one.nested) return encode({ alg: 'none' });
  const times = Object.fromEntries(
    Object.entries(one.claims ?? {}).map(([name, seconds]) => [name, seconds === null ? null : NOW + seconds]),
  );
  const claims = defined({ iss: 'https://login.test/', aud: 'api://orders', sub: 'ana', exp: NOW + 600, ...times, ...one.rawClaims });
  return JSON.stringify(claims);
}

const ENCRYPTED = (header: object) => `${encode(header)}.AAAA.${encode('1234567890123456')}.AAAA.${encode('1234567890123456')}`;
const SPECIAL: Readonly<Record<string, string>> = {
  PBES2: ENCRYPTED({ alg: 'PBES2-HS256+A128KW', enc: 'A128CBC-HS256', p2c: 1_000_000_000, p2s: 'AAAAAAAAAAAAAAAA' }),
  ZIP: ENCRYPTED({ alg: 'dir', enc: 'A256CBC-HS512', zip: 'DEF' }),
  OAEP: ENCRYPTED({ alg: 'RSA-OAEP', enc: 'A256GCM' }),
};

function tokenOf(one: Case): string {
  if (one.token !== undefined) return one.token;
  if (one.rawToken !== undefined) return SPECIAL[one.rawToken] ?? one.rawToken;
  if (one.huge) return `${encode({ alg: 'RS256' })}.${'A'.repeat(260_000)}.AA`;
  const header = headerOf(one);
  const signed = `${encode(one.rawHeader ?? header)}.${encode(one.rawPayload ?? payloadOf(one))}`;
  const made = one.signature ?? signatureOf(signed, one.sign ?? 'r1', String(header.alg ?? '')).toString('base64url');
  const signature = made.slice(0, made.length - (one.cut ?? 0)) + (one.appended ?? '');
  const body = one.swapped ? `${encode(header)}.${encode({ ...JSON.parse(payloadOf(one)), sub: 'mallory' })}` : signed;
  return `${body}.${signature}`;
}

function providedKeys({ provider = ['r1', 'e1'] }: Case): JWK[] {
  return provider.map((entry) => {
    if (typeof entry === 'string') return jwkOf(entry);
    const { use, keyUse, ...changes } = entry;
    const base = use !== undefined && use in KEYS ? jwkOf(use) : {};
    return defined({ ...base, ...changes, ...(keyUse ? { use: keyUse } : {}) }) as unknown as JWK;
  });
}

function keysOf(keys: readonly UsedKey[] = []): TokenKey[] {
  return keys.map(({ use, ...key }) => (use ? { ...key, secret: SECRETS[use]?.toString('base64') ?? '' } : key));
}

/** From the parts that a vector gives to all that a JWK needs. */
function wholeKey({ n, d, p }: { readonly n: string; readonly d: string; readonly p: string }): string {
  const number = (text: string) => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`);
  const text = (value: bigint) => {
    const hex = value.toString(16);
    return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex').toString('base64url');
  };
  const [modulus, exponent, first] = [number(n), number(d), number(p)];
  const second = modulus / first;
  const inverse = power(second, first - 2n, first);
  const jwk = {
    kty: 'RSA',
    n,
    e: 'AQAB',
    d,
    p,
    q: text(second),
    dp: text(exponent % (first - 1n)),
    dq: text(exponent % (second - 1n)),
    qi: text(inverse),
  };
  return createPrivateKey({ key: jwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }).toString();
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let [square, rest] = [base % modulus, exponent]; rest > 0n; rest >>= 1n, square = (square * square) % modulus)
    if (rest & 1n) result = (result * square) % modulus;
  return result;
}

const CONFIG = 'https://login.test/.well-known/openid-configuration';

async function judge(one: Case): Promise<TokenOutcome> {
  const pem = one.privateKey && wholeKey(one.privateKey);
  const isVector = one.at !== undefined;
  const host = testHost({
    now: isVector ? Date.parse(one.at ?? '') : NOW * 1000,
    certificates: { find: (id) => (id === 'rfc' && pem ? { id, info: {} as CertificateInfo, privateKeyPem: pem } : undefined) },
    send: async ({ path }) =>
      jsonAnswer(
        path.endsWith('/keys')
          ? { keys: providedKeys(one) }
          : { issuer: one.issuer ?? (isVector ? 'joe' : 'https://login.test/'), jwks_uri: 'https://login.test/keys' },
      ),
  });
  return createTokenValidator({ host }).validate({
    token: tokenOf(one),
    requireExpirationTime: true,
    requireSignedTokens: true,
    clockSkewSeconds: 0,
    openIdConfigs: isVector && !one.provider ? [] : [CONFIG],
    audiences: isVector ? [] : ['api://orders'],
    issuers: [],
    requiredClaims: [],
    ...one.rules,
    signingKeys: keysOf(one.rules?.signingKeys),
    decryptionKeys: keysOf(one.rules?.decryptionKeys),
  });
}

async function verified(one: Case): Promise<string> {
  const [head = '', body = '', signature = ''] = (one.token ?? '').split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
  const jwk = one.verify ?? { kty: 'oct' };
  const ring = { inline: [{ id: typeof jwk.kid === 'string' ? jwk.kid : undefined, jwk }], provided: [] };
  const parts = { kind: 'signed', header, payload: {}, signed: `${head}.${body}`, signature } as const;
  const result = await verifySignature(parts, ring, new KeyImports(nodeCrypto()));
  return result.ok ? 'ok' : summary(result.refusal.reason, result.refusal.message);
}

function summary(reason: string, message: string): string {
  const code = /^IDX\d+/.exec(message)?.[0];
  return code ? `${reason} ${code}` : reason;
}

const casesOf = (name: string) => parse(readFileSync(new URL(`cases/${name}.yaml`, import.meta.url), 'utf8')) as Case[];

for (const file of ['checks', 'attacks', 'vectors']) {
  describe(file, () => {
    it.each(casesOf(file).map((one) => [one.name, one] as const))('%s', async (_name, one) => {
      if (one.verify) return expect(await verified(one)).toBe(one.expect);
      const outcome = await judge(one);
      expect(outcome.ok ? 'ok' : summary(outcome.reason, outcome.message)).toBe(one.expect);
      if (!outcome.ok && one.says !== undefined) expect(outcome.message).toContain(one.says);
      if (!outcome.ok && one.shorter !== undefined) expect(outcome.message.length).toBeLessThan(one.shorter);
    });
  });
}

test('every text of the library that the fact sheet lists is produced by a case', () => {
  const facts =
    'IDX10205 IDX10206 IDX10211 IDX10214 IDX10222 IDX10223 IDX10224 IDX10225 IDX10500 IDX10501 IDX10503 IDX10504 IDX10511 IDX10517 IDX10609 IDX10618 IDX12709 IDX12723 IDX12729 IDX12741';
  const produced = new Set(casesOf('checks').map((one) => one.expect.split(' ')[1]));
  expect(facts.split(' ').filter((code) => !produced.has(code))).toEqual([]);
});

/** The fact sheet's test list for validate-jwt: each idea with the case file (which repeats it) or the test that stands for it. */
const IDEAS: readonly (readonly [idea: string, file: string, found: string])[] = [
  [
    'Token in X-Token with require-scheme=Bearer and no scheme word: accepted.',
    'test/policies/validate-jwt.test.ts',
    `'header-name="X-Token" require-scheme="Bearer"'`,
  ],
  ['Two inline keys, kid matches the id of the wrong one: the other key must still be tried.', 'checks', 'two inline keys'],
  [
    "match=any with separator blank on scp='a b c', value c: accepted; match=all with values a and z: refused with TokenClaimValueNotAllowed.",
    'checks',
    'all of scopes in one text',
  ],
  ['clock-skew=0 and exp equal to now; exp one second ago; nbf one second ahead.', 'checks', 'nbf one second ahead'],
  ['alg none with require-signed-tokens false and true.', 'checks', 'unsigned where they are not'],
  [
    'JWKS rotates: unknown kid refetches once, a second unknown kid within 5 minutes must not refetch.',
    'test/identity/validator.test.ts',
    'is asked for an unknown key at most once in five minutes',
  ],
  [
    "failed-validation-error-message='@(context.LastError.Message)' shows the detailed text.",
    'test/policies/validate-jwt.test.ts',
    'context.LastError.Message',
  ],
];

test.each(IDEAS)('test idea: %s', (idea, file, found) => {
  if (file === 'checks') expect(casesOf(file).some((one) => one.idea === idea && one.name.startsWith(found))).toBe(true);
  else expect(readFileSync(file, 'utf8')).toContain(found);
});
