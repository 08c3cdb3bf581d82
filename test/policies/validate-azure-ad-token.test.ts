import * as jose from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileExpression } from '../../src/csharp/compile.ts';
import { JwtToken } from '../../src/exchange/jwt.ts';
import { createTokenValidator } from '../../src/identity/validator.ts';
import { runEffective } from '../../src/pipeline/run.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { compileEffective } from '../support/effective.ts';
import { jsonAnswer, testHost } from '../support/hosts.ts';
import { environmentOf, newExchange } from './runner.ts';

const NOW = Date.UTC(2026, 0, 1) / 1000;
const TENANT = '0f8fad5b-d9cb-469f-a165-70867728950e';
const V1 = { iss: `https://sts.windows.net/${TENANT}/`, tid: TENANT, aud: 'api://orders', appid: 'client-1', exp: NOW + 600 };
const V2 = { iss: `https://login.microsoftonline.com/${TENANT}/v2.0`, tid: TENANT, aud: 'orders', azp: 'client-1', exp: NOW + 600 };

let key: jose.CryptoKey;
let jwk: jose.JWK;

beforeAll(async () => {
  const pair = await jose.generateKeyPair('RS256', { extractable: true });
  key = pair.privateKey;
  jwk = { ...(await jose.exportJWK(pair.publicKey)), kid: 'k' };
});

function mint(claims: Record<string, unknown>): Promise<string> {
  return new jose.SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(key);
}

/** Microsoft's endpoints: a tenant's own issuer, or the template of `common`. */
function signIn(asked: string[]) {
  return testHost({
    send: async ({ origin, path }) => {
      if (path === '/keys') return jsonAnswer({ keys: [jwk] });
      asked.push(origin + path);
      const shared = path.startsWith('/common/') || path.startsWith('/organizations/');
      return jsonAnswer({ issuer: `${origin}/${shared ? '{tenantid}' : TENANT}/v2.0`, jwks_uri: `${origin}/keys` });
    },
  });
}

async function run(policy: string, headers: Record<string, string>, url = 'https://gateway.test/x') {
  const asked: string[] = [];
  const plain = environmentOf({ name: 'entra', expect: {} }, compileExpression);
  const tokens = createTokenValidator({ host: signIn(asked) });
  const environment = { ...plain, services: { ...plain.services, tokens } };
  const { document } = readDocument(`<policies><inbound>${policy}</inbound></policies>`, 'api.xml');
  const effective = compileEffective({ api: document }, environment);
  const exchange = newExchange({ name: 'entra', request: { headers, url }, expect: {} });
  await runEffective(effective, exchange);
  const problems = effective.diagnostics.map(({ code, message }) => `${code} ${message}`);
  return { exchange, asked, problems, reason: exchange.lastError?.reason ?? 'ok', body: exchange.response?.body.text() };
}

const bearer = async (claims: Record<string, unknown>) => ({ Authorization: `Bearer ${await mint(claims)}` });

const clients = '<client-application-ids><application-id>client-1</application-id></client-application-ids>';
const backends =
  '<backend-application-ids><application-id>orders</application-id><application-id>api://orders</application-id></backend-application-ids>';
const audiences = '<audiences><audience>@("api://" + "orders")</audience></audiences>';
const role = '<required-claims><claim name="roles" match="any"><value>admin</value></claim></required-claims>';

describe('what is accepted', () => {
  test.each([
    ['version 1, client in appid', TENANT, clients + audiences, V1, 'ok'],
    ['version 2, client in azp', TENANT, clients, V2, 'ok'],
    ['nothing but the tenant', TENANT, '', V2, 'ok'],
    ['a domain as tenant, version 1', 'contoso.test', '', V1, 'ok'],
    ['a tenant of many', 'common', '', { ...V1, tid: 'other', iss: 'https://sts.windows.net/other/' }, 'ok'],
    ['another client', TENANT, clients, { ...V1, appid: 'client-2' }, 'TokenClaimValueNotAllowed'],
    ['no client', TENANT, clients, { ...V1, appid: undefined }, 'TokenClaimNotFound'],
    ['another tenant, version 1', TENANT, '', { ...V1, tid: 'other', iss: 'https://sts.windows.net/other/' }, 'TokenIssuerNotAllowed'],
    ['another tenant of a domain', 'contoso.test', '', { ...V1, tid: 'o', iss: 'https://sts.windows.net/o/' }, 'TokenIssuerNotAllowed'],
    ['an issuer that is not that of tid', 'common', '', { ...V1, iss: 'https://sts.windows.net/o/' }, 'TokenIssuerNotAllowed'],
    ['a backend application', TENANT, backends, V2, 'ok'],
    ['another audience', TENANT, audiences, V2, 'TokenAudienceNotAllowed'],
    ['a backend but not the audience', TENANT, backends + audiences, V2, 'TokenAudienceNotAllowed'],
    [
      'the audience but not a backend',
      TENANT,
      '<backend-application-ids><application-id>x</application-id></backend-application-ids>',
      V1,
      'TokenAudienceNotAllowed',
    ],
    ['a role', TENANT, role, { ...V2, roles: ['admin'] }, 'ok'],
    ['no role', TENANT, role, V2, 'TokenClaimNotFound'],
    ['expired', TENANT, '', { ...V2, exp: NOW - 1 }, 'TokenExpired'],
  ])('%s', async (_name, tenant, children, claims, reason) => {
    const result = await run(`<validate-azure-ad-token tenant-id="${tenant}">${children}</validate-azure-ad-token>`, await bearer(claims));
    expect({ problems: result.problems, reason: result.reason }).toEqual({ problems: [], reason });
  });
});

test.each([
  [`tenant-id="${TENANT}"`, `https://login.microsoftonline.com/${TENANT}/v2.0/.well-known/openid-configuration`],
  [
    'tenant-id="https://login.microsoftonline.com/contoso.test/"',
    'https://login.microsoftonline.com/contoso.test/v2.0/.well-known/openid-configuration',
  ],
  [
    'tenant-id="@("a" + "b")" authentication-endpoint="login.microsoftonline.us"',
    'https://login.microsoftonline.us/ab/v2.0/.well-known/openid-configuration',
  ],
])('the discovery document: %s', async (attributes, url) => {
  const { asked } = await run(`<validate-azure-ad-token ${attributes} />`, await bearer(V2));
  expect(asked).toEqual([url]);
});

test('other places for the token, and the variable that gets it', async () => {
  const token = await mint(V2);
  const query = await run(
    `<validate-azure-ad-token tenant-id="${TENANT}" query-parameter-name="t" />`,
    {},
    `https://gateway.test/?t=${token}`,
  );
  expect(query.reason).toBe('ok');
  const value = `<validate-azure-ad-token tenant-id="${TENANT}" token-value="@(context.Request.Headers["X-T"][0])" output-token-variable-name="jwt" />`;
  const { exchange } = await run(value, { 'X-T': token });
  expect(exchange.variables.get('jwt')).toBeInstanceOf(JwtToken);
});

test.each([
  ['', {}, '{ "statusCode": 401, "message": "JWT not present." }'],
  ['', { Authorization: 'Basic a.b.c' }, '{ "statusCode": 401, "message": "JWT not present." }'],
  ['header-name="authorization"', { Authorization: 'a.b.c' }, '{ "statusCode": 401, "message": "JWT not present." }'],
  ['require-scheme="DPoP"', { Authorization: 'dpop a.b.c' }, '{ "statusCode": 401, "message": "Invalid JWT." }'],
  ['', { Authorization: 'Bearer a.b.c' }, '{ "statusCode": 401, "message": "Invalid JWT." }'],
  ['failed-validation-httpcode="403" failed-validation-error-message="no"', {}, '{ "statusCode": 403, "message": "no" }'],
])('refusals %s', async (attributes, headers, body) => {
  const result = await run(`<validate-azure-ad-token tenant-id="${TENANT}" ${attributes} />`, headers);
  expect(result.body).toBe(body);
  expect(result.exchange.lastError?.source).toBe('validate-azure-ad-token');
});

test.each([
  ['<validate-azure-ad-token />', ["PTC1007 The required attribute 'tenant-id' is missing."]],
  [
    '<validate-azure-ad-token tenant-id="t" header-name="a" token-value="b" />',
    ['PTC1009 `validate-azure-ad-token` may have only one of `header-name`, `query-parameter-name`, `token-value`'],
  ],
  [
    '<validate-azure-ad-token tenant-id="t"><decryption-keys><key certificate-id="gone" /></decryption-keys></validate-azure-ad-token>',
    ['PTC2002 the certificate `gone` does not exist'],
  ],
  [
    '<validate-azure-ad-token tenant-id="t"><client-application-ids /></validate-azure-ad-token>',
    ['PTC1011 `client-application-ids` needs a `application-id` inside'],
  ],
  [
    '<validate-azure-ad-token tenant-id="t" allow-proof-of-possession-tokens="true" />',
    [
      'PTC1036 attribute `allow-proof-of-possession-tokens` of `validate-azure-ad-token` is known to the schema alone and has no effect here',
    ],
  ],
])('misuse: %s', async (policy, problems) => {
  expect((await run(policy, {})).problems).toEqual(problems);
});
