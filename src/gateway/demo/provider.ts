/**
 * The OpenID provider of `portico run --demo`: discovery, key set, and a token endpoint for client credentials, with
 * real keys made at start. It gives a token to anybody who asks, so it listens on loopback only.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { CryptoKey, JWK } from 'jose';
import { type DemoServer, listen } from './backend.ts';

interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** Seconds that a token is valid. */
const LIFETIME = 3600;

/** Largest form that is read. */
const LARGEST_FORM = 16 * 1024;

export async function startDemoProvider(port = 0): Promise<DemoServer> {
  const jose = await import('jose');
  const { privateKey, publicKey } = await jose.generateKeyPair('RS256', { extractable: true });
  const jwk = {
    ...(await jose.exportJWK(publicKey)),
    kid: await jose.calculateJwkThumbprint(await jose.exportJWK(publicKey)),
    use: 'sig',
    alg: 'RS256',
  };
  const key: SigningKey = { privateKey, jwk };
  const server = createServer((request, response) => {
    answer(request, response, key).catch((error: unknown) =>
      send(response, 500, { error: 'server_error', error_description: String(error) }),
    );
  });
  return listen(server, port);
}

async function answer(request: IncomingMessage, response: ServerResponse, key: SigningKey): Promise<void> {
  const issuer = `http://${request.headers.host ?? '127.0.0.1'}`;
  const { pathname } = new URL(request.url ?? '/', issuer);
  if (pathname === '/.well-known/openid-configuration') return send(response, 200, discovery(issuer));
  if (pathname === '/keys') return send(response, 200, { keys: [key.jwk] });
  if (pathname === '/token' && request.method === 'POST') return token(request, response, issuer, key);
  return send(response, 404, { error: 'not_found' });
}

function discovery(issuer: string): object {
  return {
    issuer,
    jwks_uri: `${issuer}/keys`,
    token_endpoint: `${issuer}/token`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: ['token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

/** RFC 6749, section 4.4: `scope`, `client_id` and `audience` of the form decide what is in the token. */
async function token(request: IncomingMessage, response: ServerResponse, issuer: string, key: SigningKey): Promise<void> {
  const form = new URLSearchParams(await readForm(request));
  if (form.get('grant_type') !== 'client_credentials') return send(response, 400, { error: 'unsupported_grant_type' });
  const client = form.get('client_id') ?? 'demo-client';
  const scope = form.get('scope') ?? '';
  const jose = await import('jose');
  const access = await new jose.SignJWT({ scp: scope, azp: client, oid: client })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.jwk.kid ?? '' })
    .setIssuer(issuer)
    .setSubject(client)
    .setAudience(form.get('audience') ?? 'api://orders')
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME}s`)
    .sign(key.privateKey);
  return send(response, 200, { access_token: access, token_type: 'Bearer', expires_in: LIFETIME, scope });
}

async function readForm(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LARGEST_FORM) throw new Error('the form is too large');
  }
  return text;
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(JSON.stringify(value));
}
