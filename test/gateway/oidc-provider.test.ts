/**
 * The certified library oidc-provider as a real peer over loopback: discovery, client credentials and code flow, keys
 * that rotate while calls run, a provider that is down and comes back.
 */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Provider } from 'oidc-provider';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The library reminds of what a real installation would set. */
beforeAll(() => {
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => {});
});

const RESOURCE = 'https://orders.test/';

function signingKey(kid: string) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
}
type SigningKey = ReturnType<typeof signingKey>;

const CLIENTS = [
  { client_id: 'daemon', client_secret: 'daemon-secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
  {
    client_id: 'web',
    client_secret: 'web-secret',
    grant_types: ['authorization_code'],
    redirect_uris: ['https://app.test/back'],
    response_types: ['code'],
  },
] as const;

/** A provider on a port, whose keys may be exchanged: the same issuer then has a new set. */
class Peer {
  #server: Server | undefined;
  #provider: Provider | undefined;
  #keys: readonly SigningKey[] = [];
  port = 0;
  keyFetches = 0;

  get issuer(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(keys: readonly SigningKey[]): Promise<void> {
    const server = createServer((request, response) => {
      if (request.url === '/jwks') this.keyFetches += 1;
      void this.#provider?.callback()(request, response);
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    this.rotate(keys);
  }

  rotate(keys: readonly SigningKey[]): void {
    this.#keys = keys;
    this.#provider = providerOf(this.issuer, this.#keys);
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.#server ? this.#server.close(() => resolve()) : resolve()));
    this.#server = undefined;
  }

  async token(): Promise<string> {
    return accessToken(this.issuer, 'daemon', { grant_type: 'client_credentials', resource: RESOURCE, scope: 'orders.read' });
  }
}

function providerOf(issuer: string, keys: readonly SigningKey[]): Provider {
  return new Provider(issuer, {
    clients: CLIENTS.map((client) => ({
      ...client,
      grant_types: [...client.grant_types],
      redirect_uris: [...client.redirect_uris],
      response_types: [...client.response_types],
    })),
    jwks: { keys: [...keys] },
    scopes: ['openid', 'orders.read'],
    pkce: { required: () => true },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    cookies: { keys: ['cookie-key'] },
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'orders.read',
          audience: 'api://orders',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
}

async function accessToken(issuer: string, client: 'daemon' | 'web', form: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${client}:${client}-secret`).toString('base64')}` },
    body: new URLSearchParams(form),
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`no token: ${answer.status}`);
  return token;
}

/** A browser's way through sign-in and consent, cookies kept. */
async function codeFlow(issuer: string): Promise<string> {
  const verifier = 'v'.repeat(64);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const query = {
    client_id: 'web',
    response_type: 'code',
    redirect_uri: 'https://app.test/back',
    scope: 'openid orders.read',
    resource: RESOURCE,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  };
  const cookies = new Map<string, string>();
  let url = `${issuer}/auth?${new URLSearchParams(query)}`;
  let form: URLSearchParams | undefined;
  for (let step = 0; step < 12; step += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { Cookie: cookie }, ...(form ? { method: 'POST', body: form } : {}) });
    form = undefined;
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const equals = pair.indexOf('=');
      cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    const location = answer.headers.get('location');
    if (location?.startsWith('https://app.test/back')) {
      const code = new URL(location).searchParams.get('code') ?? '';
      return accessToken(issuer, 'web', {
        grant_type: 'authorization_code',
        code,
        redirect_uri: 'https://app.test/back',
        code_verifier: verifier,
      });
    }
    if (location) {
      url = new URL(location, url).href;
      continue;
    }
    const page = await answer.text();
    const action = /action="([^"]+)"/.exec(page)?.[1] ?? url;
    const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1] ?? 'consent';
    form = new URLSearchParams({ prompt, ...(prompt === 'login' ? { login: 'ana', password: 'x' } : {}) });
    url = new URL(action, url).href;
  }
  throw new Error('the code flow did not end');
}

async function gatewayFor(issuer: string): Promise<Gateway> {
  const path = mkdtempSync(join(tmpdir(), 'portico-'));
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  const policy = `<validate-jwt header-name="Authorization" require-scheme="Bearer">
    <openid-config url="${issuer}/.well-known/openid-configuration" />
    <audiences><audience>api://orders</audience></audiences>
    <required-claims><claim name="scope" match="any" separator=" "><value>orders.read</value></claim></required-claims>
  </validate-jwt><return-response><set-status code="204" reason="No Content" /></return-response>`;
  writeFileSync(
    join(path, 'policy.xml'),
    `<policies><inbound>${policy}</inbound><backend /><outbound /><on-error><set-header name="X-Why" exists-action="override"><value>@(context.LastError.Message.Split(':')[0])</value></set-header></on-error></policies>`,
  );
  const running = await startGateway({ directory: path, port: 0 });
  cleanups.push(() => running.stop());
  return running;
}

const call = (gateway: Gateway, token: string) => fetch(gateway.address, { headers: { Authorization: `Bearer ${token}` } });

async function peer(keys: readonly SigningKey[]): Promise<Peer> {
  const started = new Peer();
  await started.start(keys);
  cleanups.push(() => started.stop());
  return started;
}

const [first, second] = [signingKey('one'), signingKey('two')];

describe('oidc-provider', () => {
  it('gives tokens that pass: client credentials and code flow', async () => {
    const provider = await peer([first]);
    const gateway = await gatewayFor(provider.issuer);
    expect((await call(gateway, await provider.token())).status).toBe(204);
    expect((await call(gateway, await codeFlow(provider.issuer))).status).toBe(204);
    expect((await call(gateway, `${(await provider.token()).slice(0, -6)}AAAAAA`)).status).toBe(401);
    expect(gateway.identity().providers).toMatchObject([{ keys: 1, fetches: 1, failures: 0, rotations: 0, up: true }]);
  });

  it('rotates its key while calls run: none fails, with a token of either key', async () => {
    const provider = await peer([first]);
    const gateway = await gatewayFor(provider.issuer);
    const tokens = [await provider.token()];
    const statuses: number[] = [];
    let running = true;
    const callers = Array.from({ length: 8 }, async (_, at) => {
      for (let turn = at; running; turn += 1) {
        statuses.push((await call(gateway, tokens[turn % tokens.length] ?? '')).status);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    });
    const seen = async (count: number) => {
      while (statuses.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await seen(50);
    provider.rotate([second, first]);
    tokens.push(await provider.token());
    await seen(400);
    running = false;
    await Promise.all(callers);
    expect(JSON.parse(Buffer.from((tokens[1] ?? '').split('.')[0] ?? '', 'base64url').toString())).toMatchObject({ kid: 'two' });
    expect(statuses.filter((status) => status !== 204)).toEqual([]);
    expect(gateway.identity().providers).toMatchObject([{ keys: 2, fetches: 2, rotations: 1 }]);
  });

  it('may be down when the gateway starts: calls are refused, and the first one after its return passes', async () => {
    const provider = await peer([first]);
    const token = await provider.token();
    await provider.stop();
    const gateway = await gatewayFor(provider.issuer);
    const refused = await call(gateway, token);
    expect([refused.status, refused.headers.get('x-why'), await refused.json()]).toEqual([
      401,
      'IDX20803',
      { statusCode: 401, message: 'Invalid JWT.' },
    ]);
    expect(gateway.identity().providers).toMatchObject([{ keys: 0, failures: 1, up: false, ageSeconds: null }]);
    await provider.start([first]);
    const returned = performance.now();
    expect((await call(gateway, token)).status).toBe(204);
    expect(performance.now() - returned).toBeLessThan(1000);
    await provider.stop();
    expect((await call(gateway, token)).status).toBe(204);
  });
});
