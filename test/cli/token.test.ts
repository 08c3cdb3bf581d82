import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Command } from 'commander';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { register } from '../../src/cli/token.ts';
import { momentOf, parseInput } from '../../src/cli/token-input.ts';
import { startDemoProvider } from '../../src/gateway/demo/provider.ts';
import { directoryWith, documentWith, portico, type Ran } from './support.ts';

const TENANT = '11111111-2222-3333-4444-555555555555';

const CHECKED = (config: string) => `        <validate-jwt header-name="Authorization" require-scheme="Bearer">
            <openid-config url="${config}" />
            <audiences><audience>{{audience}}</audience></audiences>
            <required-claims><claim name="scp" match="any" separator=" "><value>orders.read</value></claim></required-claims>
        </validate-jwt>`;

const ENTRA = `https://login.microsoftonline.com/${TENANT}/v2.0/.well-known/openid-configuration`;

const directory = directoryWith({
  'portico.yaml': 'identity: entra-v2\nnamed-values: { audience: "api://orders", pass: { value: s3cr3t-value, secret: true } }\n',
  'policy.xml': '<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>',
  'apis/orders/apiInformation.json': '{"properties":{"path":"orders","serviceUrl":"http://localhost:1","subscriptionRequired":false}}',
  'apis/orders/specification.json': JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Orders', version: '1' },
    paths: { '/{id}': { get: { operationId: 'get-order', responses: { 200: { description: 'The order' } } } } },
  }),
  'apis/orders/policy.xml': documentWith(CHECKED(ENTRA)),
  'apis/open/apiInformation.json': '{"properties":{"path":"open","serviceUrl":"http://localhost:1","subscriptionRequired":false}}',
  'rbac.xml': documentWith(
    `        <validate-jwt header-name="Authorization" output-token-variable-name="jwt"><openid-config url="${ENTRA}" /></validate-jwt>
        <choose><when condition="@(!((Jwt)context.Variables["jwt"]).Claims.ContainsKey("roles"))"><return-response><set-status code="403" /></return-response></when></choose>`,
  ),
  'behind.xml': documentWith(
    `        <check-header name="X-Site" failed-check-httpcode="400" failed-check-error-message="no site" ignore-case="true"><value>shop</value></check-header>
        <send-request mode="new" response-variable-name="facts" timeout="5" ignore-error="false"><set-url>https://facts.example/</set-url><set-method>GET</set-method></send-request>
        <validate-jwt query-parameter-name="access_token"><openid-config url="${ENTRA}" /></validate-jwt>`,
  ),
  'secret.xml': documentWith(
    `        <validate-jwt header-name="Authorization"><openid-config url="${ENTRA}" /><audiences><audience>api://orders</audience></audiences><required-claims><claim name="inner"><value>{{pass}}</value></claim></required-claims></validate-jwt>`,
  ),
  'unknown.xml': documentWith('        <no-such-policy />'),
});
afterAll(() => directory.remove());

/** In this process; names of files stand in the directory. */
async function token(...args: readonly string[]): Promise<Ran> {
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const before = process.exitCode;
  process.exitCode = 0;
  let err = '';
  const program = new Command('portico').exitOverride().configureOutput({ writeErr: (text) => (err += text) });
  register(program);
  try {
    await program.parseAsync(['token', ...args.map(placed)], { from: 'user' });
    return { code: Number(process.exitCode), out, err };
  } catch (error) {
    return { code: 2, out, err: err + (error instanceof Error ? error.message : '') };
  } finally {
    write.mockRestore();
    process.exitCode = before;
  }
}

function placed(argument: string, at: number, all: readonly string[]): string {
  return /^--(?:dir|policy|keys|key|openid-config)$/.test(all[at - 1] ?? '') ? join(directory.path, argument) : argument;
}

/** A token as `mint` prints it. */
async function minted(...args: readonly string[]): Promise<string> {
  const { out, code, err } = await token('mint', ...args);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.trim();
}

const judge = (given: string, ...args: readonly string[]) => token('explain', given, '--dir', '.', '--operation', 'GET /orders/7', ...args);

describe('portico token explain', () => {
  it('accepts a token that the policy accepts', async () => {
    const ran = await judge(await minted('--provider', 'entra-v2', '--scope', 'orders.read'));
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toMatch(/validate-jwt at .*apis\/orders\/policy\.xml:3/);
    expect(ran.out).toMatch(/\naccepted\n$/);
    expect(ran.out).not.toContain('note:');
  });

  it('refuses another, with what would repair it, and shows neither token nor signature', async () => {
    const given = await minted('--provider', 'entra-v1', '--scope', 'orders.read');
    const ran = await judge(given);
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/FAIL issuer.*expected https:\/\/login/s);
    expect(ran.out).toMatch(/repair +this is a version 1 token/);
    expect(ran.out).toMatch(/refused: TokenIssuerNotAllowed: IDX10205/);
    for (const part of given.split('.')) expect(ran.out).not.toContain(part);
  });

  it('shows neither secret named values nor tokens inside claims', async () => {
    const inner = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln';
    const given = await minted('--provider', 'entra-v2', '--claim', `inner=${inner}`);
    for (const format of ['pretty', 'json']) {
      const ran = await token('explain', given, '--policy', 'secret.xml', '--format', format);
      expect(ran.out).toMatch(/refused/);
      expect(ran.out).not.toContain('s3cr3t-value');
      expect(ran.out).not.toContain(inner);
    }
  });

  it('writes JSON', async () => {
    const ran = await judge(await minted('--provider', 'entra-v2', '--scope', 'orders.write'), '--format', 'json');
    const report = JSON.parse(ran.out) as { policies: { checks: { check: string; passed: boolean }[] }[] };
    expect(report).toMatchObject({
      verdict: 'refused',
      accepted: false,
      reason: 'TokenClaimValueNotAllowed',
      token: { provider: 'entra-v2' },
    });
    expect(report.policies[0]?.checks.filter(({ passed }) => !passed).map(({ check }) => check)).toEqual(['claim scp']);
  });

  it('replays an expired token as it was', async () => {
    const given = await minted('--provider', 'entra-v2', '--scope', 'orders.read', '--at', '2024-03-01T12:00:00Z');
    expect((await judge(given)).out).toMatch(/refused: TokenExpired/);
    expect((await judge(given, '--at', '2024-03-01T12:30:00Z')).code).toBe(0);
    expect((await judge(given, '--at', '1709296200')).code).toBe(0);
  });

  it('reads standard input of the command, with or without the word Bearer', async () => {
    const { out: given } = await portico(['token', 'mint', '--provider', 'entra-v2', '--scope', 'orders.read']);
    const ran = await portico(['token', 'explain', '-', '--policy', 'apis/orders/policy.xml'], {
      cwd: directory.path,
      input: `Bearer ${given}`,
    });
    expect(ran).toMatchObject({ code: 0, err: '' });
  });

  it('takes keys and discovery document from files', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { n, e } = privateKey.export({ format: 'jwk' });
    writeFileSync(join(directory.path, 'key.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
    writeFileSync(join(directory.path, 'jwks.json'), JSON.stringify({ keys: [{ kty: 'RSA', kid: 'mine', n, e }] }));
    writeFileSync(
      join(directory.path, 'openid.json'),
      JSON.stringify({ issuer: 'https://other.test/', jwks_uri: 'https://other.test/keys' }),
    );
    const given = await minted('--provider', 'entra-v2', '--scope', 'orders.read', '--key', 'key.pem', '--kid', 'mine');
    expect((await judge(given)).out).toMatch(/FAIL key/);
    const ran = await judge(given, '--keys', 'jwks.json');
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/note: the issuer .* is concluded from the address/);
    expect((await judge(given, '--keys', 'jwks.json', '--openid-config', 'openid.json')).out).toMatch(/refused: TokenIssuerNotAllowed/);
  });

  it('says what the policies do behind an accepted token', async () => {
    const without = await minted('--provider', 'entra-v2');
    const ran = await token('explain', without, '--policy', 'rbac.xml');
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/accepted, and then return-response at .*rbac\.xml:\d+ answers 403/);
  });

  it('comes to checks behind calls and header checks', async () => {
    const given = await minted('--provider', 'entra-v2');
    expect((await token('explain', given, '--policy', 'behind.xml')).err).toMatch(/check-header failed before/);
    const ran = await token('explain', given, '--policy', 'behind.xml', '--header', 'X-Site: shop');
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/note: GET https:\/\/facts\.example\/ was answered with `\{\}`/);
  });

  it('explains a log line that holds no token', async () => {
    const line = JSON.stringify({
      time: '2026-01-01T00:00:00.000Z',
      method: 'GET',
      url: 'https://gateway.test/orders/7',
      responseCode: 401,
      lastError: { source: 'validate-jwt', reason: 'TokenAudienceNotAllowed', section: 'inbound' },
    });
    const ran = await token('explain', line, '--dir', '.');
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/FAIL audience +expected api:\/\/orders/);
    expect(ran.out).toMatch(/often Microsoft Graph/);
  });

  it('explains an audit line by the claims in it', async () => {
    const line = JSON.stringify({
      msg: 'audit',
      method: 'GET',
      apiId: 'orders',
      operationId: 'get-order',
      policy: 'validate-jwt',
      outcome: 'refused',
      reason: 'TokenIssuerNotAllowed',
      claims: { iss: `https://sts.windows.net/${TENANT}/`, oid: '0a0a' },
      keyId: 'k',
    });
    const ran = await token('explain', line, '--dir', '.');
    expect(ran).toMatchObject({ code: 1, err: '' });
    expect(ran.out).toMatch(/actual +https:\/\/sts\.windows\.net/);
    expect(ran.out).toMatch(/repair +this is a version 1 token/);
  });

  it.each([
    [['explain', 'a.b.c'], /--policy FILE/],
    [['explain', 'a.b.c', '--policy', 'missing.xml'], /no policy `.*missing\.xml`/],
    [['explain', 'a.b.c', '--dir', '.'], /--operation/],
    [['explain', 'a.b.c', '--dir', '.', '--operation', 'orders'], /`orders` is no operation/],
    [['explain', 'a.b.c', '--dir', '.', '--operation', 'GET /nowhere'], /matches no operation/],
    [['explain', 'a.b.c', '--dir', '.', '--operation', 'GET /open'], /does not come to a token check/],
    [['explain', 'a.b.c', '--dir', '.', '--policy', 'rbac.xml'], /either --policy/],
    [['explain', 'a.b.c', '--policy', 'rbac.xml', '--at', 'yesterday'], /`yesterday` is no moment/],
    [['explain', 'a.b.c', '--policy', 'rbac.xml', '--keys', 'portico.yaml'], /portico\.yaml` is no JSON/],
    [['explain', 'a.b.c', '--policy', 'rbac.xml', '--format', 'xml'], /format/],
    [['explain', '', '--policy', 'rbac.xml'], /there is no token/],
    [['mint', '--provider', 'entra-v3'], /did you mean `entra-v2`/],
    [['mint', '--claim', 'x'], /name=value/],
    [['mint', '--expires-in', 'soon'], /--expires-in soon/],
    [['mint', '--kind', 'refresh'], /`--kind` is one of/],
    [['mint', '--set', 'tenent=x', '--provider', 'entra-v2'], /did you mean `tenant`/],
    [['mint', '--set', 'rotation=soon'], /`rotation` is one of/],
    [['mint', '--key', 'policy.xml'], /holds no private key/],
    [['providers', 'check', 'somewhere'], /is no URL/],
  ])('%j is wrong use', async (args, message) => {
    const ran = await token(...args);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(message);
    expect(ran.out).toBe('');
  });
});

describe('portico token mint', () => {
  it('prints the token and nothing else', async () => {
    const { out, err } = await token(
      'mint',
      '--provider',
      'okta-custom',
      '--scope',
      'a b',
      '--claim',
      'groups=["x"]',
      '--claim',
      'level=3',
      '--expires-in',
      '5m',
    );
    expect(err).toBe('');
    expect(out).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const payload = decodeJwt(out.trim());
    expect(payload).toMatchObject({ scp: ['a', 'b'], groups: ['x'], level: 3, cid: expect.any(String) });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  });

  it('takes settings, switches, header members and several audiences', async () => {
    const given = await minted(
      '--provider',
      'b2c',
      '--set',
      'policy=B2C_1_edit',
      '--set',
      'wrong-issuer=true',
      '--audience',
      'a',
      '--audience',
      'b',
      '--header',
      'typ=at+jwt',
      '--subject',
      'bob',
    );
    expect(decodeJwt(given)).toMatchObject({ tfp: 'B2C_1_edit', aud: ['a', 'b'], sub: 'bob', iss: expect.stringMatching(/\/other\/$/) });
    expect(decodeProtectedHeader(given)).toMatchObject({ typ: 'at+jwt' });
  });
});

describe('portico token providers', () => {
  let broken: Server;
  let address = '';
  beforeAll(async () => {
    broken = createServer((_request, response) => response.end('{"issuer":"http://elsewhere"}'));
    await new Promise<void>((done) => broken.listen(0, '127.0.0.1', done));
    address = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
  });
  afterAll(() => broken.close());

  it('list names every pack', async () => {
    const { out, code } = await token('providers', 'list', '--format', 'json');
    expect(code).toBe(0);
    expect((JSON.parse(out) as { name: string }[]).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['entra-v2', 'okta-custom', 'cognito']),
    );
    expect((await token('providers', 'list')).out).toMatch(/^keycloak +Keycloak$/m);
  });

  it('check finds nothing wrong with the provider of --demo', async () => {
    const provider = await startDemoProvider();
    try {
      const ran = await token('providers', 'check', provider.address);
      expect(ran.out).toMatch(/nothing keeps validate-jwt from using it: 0 errors/);
      expect(ran.code).toBe(0);
    } finally {
      await provider.stop();
    }
  });

  it('check says what is wrong with a broken one', async () => {
    const ran = await token('providers', 'check', address, '--format', 'json');
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({
      ok: false,
      issuer: 'http://elsewhere',
      findings: expect.arrayContaining([expect.objectContaining({ subject: 'jwks_uri', severity: 'error' })]),
    });
  });
});

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln';

it.each([
  [JWT, JWT],
  [`Bearer ${JWT}`, JWT],
  [`Authorization: Bearer ${JWT}`, JWT],
  [`"${JWT}"`, JWT],
  [`> authorization: Bearer ${JWT} (curl)`, JWT],
  [`https://api.test/x?access_token=${JWT}&y=1`, JWT],
  [`{"level":"info","token":"${JWT}"}`, JWT],
  ['opaque-token', 'opaque-token'],
  ['Bearer opaque-token', 'opaque-token'],
])('%s holds the token', (text, expected) => {
  expect(parseInput(text).token).toBe(expected);
});

it('a moment is ISO 8601, seconds, or that of the log line', () => {
  expect(momentOf('2026-01-01T00:00:00Z')).toBe(Date.UTC(2026, 0, 1));
  expect(momentOf('1767225600')).toBe(Date.UTC(2026, 0, 1));
});
