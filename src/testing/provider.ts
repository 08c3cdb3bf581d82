/** The identity provider of tests: mints tokens and answers discovery for every provider that no stub stands in for. */
import type { CryptoKey, JWK } from 'jose';
import type { IncomingResponse, OutgoingRequest } from '../host/host.ts';

export const TEST_ISSUER = 'https://identity.portico.test/';

export interface TestProvider {
  /** Signs claims; `iss`, `iat`, `nbf`, `exp` and `aud` have defaults that a policy accepts. */
  mint(claims: Readonly<Record<string, unknown>>, now: number, audience: readonly string[]): Promise<string>;
  /** Discovery document and key set; undefined for any other request. */
  answer(request: OutgoingRequest): IncomingResponse | undefined;
}

/** Makes a provider with a key of its own. */
export async function createTestProvider(): Promise<TestProvider> {
  const jose = await import('jose');
  const { privateKey, publicKey } = await jose.generateKeyPair('RS256', { extractable: true });
  const jwk: JWK = { ...(await jose.exportJWK(publicKey)), kid: 'portico-test', use: 'sig', alg: 'RS256' };
  return {
    mint: (claims, now, audience) => mint(jose, privateKey, claims, now, audience),
    answer: (request) => answer(request, jwk),
  };
}

function mint(
  jose: typeof import('jose'),
  key: CryptoKey,
  claims: Readonly<Record<string, unknown>>,
  now: number,
  audience: readonly string[],
): Promise<string> {
  const seconds = issuedAt(claims.exp, Math.floor(now / 1000));
  const defaults = {
    iss: TEST_ISSUER,
    sub: 'test-user',
    iat: seconds,
    nbf: seconds,
    exp: seconds + 3600,
    ...(audience.length > 0 ? { aud: audience.length === 1 ? audience[0] : audience } : {}),
  };
  const payload = Object.fromEntries(Object.entries({ ...defaults, ...claims }).filter(([, value]) => value !== null));
  return new jose.SignJWT(payload).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'portico-test' }).sign(key);
}

/** Now, or an hour before an expiry that lies behind us: a token is never valid from after its end. */
function issuedAt(expiry: unknown, seconds: number): number {
  return typeof expiry === 'number' && expiry <= seconds ? expiry - 3600 : seconds;
}

function answer(request: OutgoingRequest, jwk: JWK): IncomingResponse | undefined {
  if (/\/\.well-known\/openid-configuration(?:\?|$)/.test(request.path))
    return json({ issuer: TEST_ISSUER, jwks_uri: `${TEST_ISSUER}keys` });
  if (request.origin + request.path === `${TEST_ISSUER}keys`) return json({ keys: [jwk] });
  return undefined;
}

function json(value: unknown): IncomingResponse {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(JSON.stringify(value));
  }
  return { status: 200, reason: 'OK', headers: ['Content-Type', 'application/json'], body: body() };
}
