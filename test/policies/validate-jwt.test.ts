import { describe, expect, test } from 'vitest';
import { compileExpression } from '../../src/csharp/compile.ts';
import { JwtToken } from '../../src/exchange/jwt.ts';
import type { TokenOutcome, TokenRequirements } from '../../src/identity/token-validator.ts';
import { compileEffective } from '../../src/pipeline/document.ts';
import { runEffective } from '../../src/pipeline/run.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { environmentOf, newExchange, type PolicyCase } from './runner.ts';

const ACCEPTED: TokenOutcome = { ok: true, token: { header: { typ: 'JWT' }, payload: { sub: 'ana' } }, checks: [] };

async function run(policy: string, outcome: TokenOutcome, request: PolicyCase['request']) {
  const asked: TokenRequirements[] = [];
  const plain = environmentOf({ name: 'jwt', expect: {} }, compileExpression);
  const tokens = {
    validate: (requirements: TokenRequirements) => {
      asked.push(requirements);
      return outcome;
    },
  };
  const environment = { ...plain, services: { ...plain.services, tokens } };
  const { document } = readDocument(`<policies><inbound>${policy}</inbound></policies>`, 'api.xml');
  const effective = compileEffective({ api: document }, environment);
  const exchange = newExchange({ name: 'jwt', request: request ?? {}, expect: {} });
  await runEffective(effective, exchange);
  return { exchange, asked, problems: effective.diagnostics.map((one) => one.message) };
}

describe('where the token is found', () => {
  test.each([
    ['header-name="Authorization"', { Authorization: 'Bearer a.b.c' }, 'a.b.c'],
    ['header-name="authorization" require-scheme="Bearer"', { Authorization: 'bearer a.b.c' }, 'a.b.c'],
    ['header-name="Authorization" require-scheme="Bearer"', { Authorization: 'DPoP a.b.c' }, undefined],
    ['header-name="X-Token"', { 'X-Token': 'a.b.c' }, 'a.b.c'],
    ['header-name="X-Token" require-scheme="Bearer"', { 'X-Token': 'Bearer a.b.c' }, 'a.b.c'],
    ['query-parameter-name="t"', {}, 'q.u.e'],
    ['token-value="@("v.a." + "l")"', {}, 'v.a.l'],
    ['header-name="Authorization"', {}, undefined],
  ])('%s', async (attributes, headers, token) => {
    const url = 'https://gateway.test/x?t=q.u.e';
    const { asked, problems } = await run(`<validate-jwt ${attributes} />`, ACCEPTED, { url, headers: headers as Record<string, string> });
    expect(problems).toEqual([]);
    expect(asked[0]?.token).toBe(token);
  });
});

test('requirements are handed over with expressions computed', async () => {
  const policy = `<validate-jwt header-name="Authorization" clock-skew="5" require-expiration-time="false">
    <openid-config url="https://login.test/.well-known/openid-configuration" />
    <issuer-signing-keys><key id="k1">c2VjcmV0</key><key n="bg" e="AQAB" /></issuer-signing-keys>
    <audiences><audience>@("api://" + "a")</audience></audiences><issuers><issuer>https://login.test</issuer></issuers>
    <required-claims><claim name="scp" match="any" separator=" "><value>read</value></claim></required-claims></validate-jwt>`;
  const { asked, problems } = await run(policy, ACCEPTED, { headers: { Authorization: 'Bearer x.y.z' } });
  expect(problems).toEqual([]);
  expect(asked[0]).toEqual({
    token: 'x.y.z',
    requireExpirationTime: false,
    requireSignedTokens: true,
    clockSkewSeconds: 5,
    openIdConfigs: ['https://login.test/.well-known/openid-configuration'],
    signingKeys: [{ id: 'k1', secret: 'c2VjcmV0' }, { rsa: { n: 'bg', e: 'AQAB' } }],
    decryptionKeys: [],
    audiences: ['api://a'],
    issuers: ['https://login.test'],
    requiredClaims: [{ name: 'scp', match: 'any', separator: ' ', values: ['read'] }],
  });
});

test('an accepted token goes into its variable', async () => {
  const policy = '<validate-jwt header-name="Authorization" output-token-variable-name="jwt" />';
  const { exchange } = await run(policy, ACCEPTED, { headers: { Authorization: 'Bearer x.y.z' } });
  const token = exchange.variables.get('jwt');
  expect(token).toBeInstanceOf(JwtToken);
  expect((token as JwtToken).text('payload', 'sub')).toBe('ana');
});

test.each([
  ['', '{ "statusCode": 401, "message": "Invalid JWT." }'],
  ['failed-validation-httpcode="403" failed-validation-error-message="go away"', '{ "statusCode": 403, "message": "go away" }'],
  [
    'failed-validation-error-message="@(context.LastError.Message)"',
    '{ "statusCode": 401, "message": "IDX10223: expired. Access denied." }',
  ],
])('a refused token answers: %s', async (attributes, body) => {
  const refused: TokenOutcome = { ok: false, reason: 'TokenExpired', message: 'IDX10223: expired. Access denied.', checks: [] };
  const { exchange } = await run(`<validate-jwt header-name="Authorization" ${attributes} />`, refused, {
    headers: { Authorization: 'Bearer x' },
  });
  expect(exchange.response?.body.text()).toBe(body);
  expect(exchange.lastError).toMatchObject({
    source: 'validate-jwt',
    reason: 'TokenExpired',
    message: 'IDX10223: expired. Access denied.',
  });
});

test('a missing token has a text of its own', async () => {
  const { exchange } = await run('<validate-jwt header-name="Authorization" />', ACCEPTED, {});
  expect(exchange.response?.body.text()).toBe('{ "statusCode": 401, "message": "JWT not present." }');
  expect(exchange.lastError?.reason).toBe('TokenNotPresent');
});

test('a key needs exactly one form', async () => {
  const policy = '<validate-jwt header-name="A"><issuer-signing-keys><key /><key n="x">y</key></issuer-signing-keys></validate-jwt>';
  const { problems } = await run(policy, ACCEPTED, {});
  expect(problems).toHaveLength(2);
});
