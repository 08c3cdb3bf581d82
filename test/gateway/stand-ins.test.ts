/** A running gateway with `identity:` in portico.yaml, and the server of the stand-ins. */
import { afterAll, expect, it } from 'vitest';
import { startDemoProvider } from '../../src/gateway/demo/provider.ts';
import { startGateway } from '../../src/gateway/gateway.ts';
import { directoryWith } from '../cli/support.ts';
import { standIn } from '../support/stand-ins.ts';

const ENTRA = 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0/.well-known/openid-configuration';

const directory = directoryWith({
  'portico.yaml': 'identity: entra-v2\n',
  'policy.xml': '<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>',
  'apis/orders/apiInformation.json': '{"properties":{"path":"orders","subscriptionRequired":false}}',
  'apis/orders/policy.xml': `<policies><inbound><validate-jwt header-name="Authorization"><openid-config url="${ENTRA}" /></validate-jwt><return-response><set-status code="204" /></return-response></inbound><backend><base /></backend><outbound /><on-error /></policies>`,
});
afterAll(() => directory.remove());

it('accepts tokens of the stand-in at the genuine address, without a network', async () => {
  const gateway = await startGateway({ directory: directory.path, port: 0 });
  try {
    const ask = async (token: string) =>
      (await fetch(`${gateway.address}/orders`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await ask(await standIn('entra-v2').mint({ now: Date.now() }))).toBe(204);
    expect(await ask(await standIn('okta-custom').mint({ now: Date.now() }))).toBe(401);
  } finally {
    await gateway.stop();
  }
});

it('serves the first at the root and each below its name', async () => {
  const server = await startDemoProvider(0, [standIn('keycloak'), standIn('cognito')]);
  try {
    const get = async (path: string) =>
      (await fetch(server.address + path)).json() as Promise<{ issuer?: string; keys?: unknown[]; error?: string }>;
    expect((await get('/realms/contoso/.well-known/openid-configuration')).issuer).toBe('https://keycloak.example.com/realms/contoso');
    expect((await get('/cognito/.well-known/openid-configuration')).issuer).toMatch(/^https:\/\/cognito-idp/);
    expect((await get('/cognito/eu-west-1_Portico12/.well-known/jwks.json')).keys).toHaveLength(1);
    expect(await get('/okta-custom/oauth2/default/v1/keys')).toEqual({ error: 'not_found' });
  } finally {
    await server.stop();
  }
});

it('without providers the root is a plain one, and every pack is below its name', async () => {
  const server = await startDemoProvider();
  try {
    const get = async (path: string) => (await fetch(server.address + path)).json() as Promise<{ issuer?: string; jwks_uri?: string }>;
    expect((await get('/.well-known/openid-configuration')).issuer).toBe(server.address);
    const entra = await get('/entra-v1/.well-known/openid-configuration');
    expect(entra.issuer).toMatch(/^https:\/\/sts\.windows\.net\//);
    expect(entra.jwks_uri).toMatch(new RegExp(`^${server.address}/entra-v1/`));
    expect((await fetch(entra.jwks_uri ?? '')).status).toBe(200);
    const large = await fetch(`${server.address}/token`, { method: 'POST', body: 'x'.repeat(20_000) });
    expect(large.status).toBe(500);
  } finally {
    await server.stop();
  }
});

it('a provider that is down ends the connection', async () => {
  const server = await startDemoProvider(0, [standIn('auth0', { switches: { discovery: 'down' } })]);
  try {
    await expect(fetch(`${server.address}/.well-known/openid-configuration`)).rejects.toThrow();
  } finally {
    await server.stop();
  }
});
