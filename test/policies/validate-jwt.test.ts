import { describe, expect, test } from 'vitest';
import { compileExpression } from '../../src/csharp/compile.ts';
import { JwtToken } from '../../src/exchange/jwt.ts';
import type { TokenOutcome, TokenRequirements } from '../../src/identity/token-validator.ts';
import { createTokenValidator } from '../../src/identity/validator.ts';
import { runEffective } from '../../src/pipeline/run.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { compileEffective } from '../support/effective.ts';
import { testHost } from '../support/hosts.ts';
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
  ['failed-validation-error-message=\'no \\"token\\"\'', '{ "statusCode": 401, "message": "no \\"token\\"" }'],
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

test('LastError.Message of a signature has line breaks, so that a header with it fails the call (observed)', async () => {
  const plain = environmentOf({ name: 'jwt', expect: {} }, compileExpression);
  const environment = { ...plain, services: { ...plain.services, tokens: createTokenValidator({ host: testHost({}) }) } };
  const policy = (header: string) =>
    `<policies><inbound><validate-jwt header-name="Authorization"><issuer-signing-keys><key id="a">${'AAAA'.repeat(11)}</key></issuer-signing-keys></validate-jwt></inbound><on-error>${header}</on-error></policies>`;
  const answer = async (header: string) => {
    const { document } = readDocument(policy(header), 'api.xml');
    const token = `${btoa('{"alg":"HS256","kid":"b"}')}.${btoa('{"a":1}').replace(/=/g, '')}.AAAA`.replace(/=/g, '');
    const exchange = newExchange({ name: 'jwt', request: { headers: { Authorization: `Bearer ${token}` } }, expect: {} });
    await runEffective(compileEffective({ api: document }, environment), exchange);
    return exchange;
  };
  const told = await answer('<set-variable name="text" value="@(context.LastError.Message)" />');
  expect(told.response?.status).toBe(401);
  expect(told.variables.get('text')).toMatch(/^IDX10503: .*\n/);
  const broken = await answer('<set-header name="X-Why"><value>@(context.LastError.Message)</value></set-header>');
  expect(broken.response?.status).toBe(500);
  expect(broken.lastError?.message).toBe('Expression value is invalid. Specified value has invalid CRLF characters.');
});

test('a missing token has a text of its own', async () => {
  const { exchange } = await run('<validate-jwt header-name="Authorization" />', ACCEPTED, {});
  expect(exchange.response?.body.text()).toBe('{ "statusCode": 401, "message": "JWT not present." }');
  expect(exchange.lastError?.reason).toBe('TokenNotPresent');
});

test.each([
  ['<validate-jwt header-name="A" output-token-variable-name=" " />', ['`output-token-variable-name` is empty']],
  ['<validate-jwt header-name="A"><openid-config url="login" /></validate-jwt>', ['`login` in `url` is not an absolute URL']],
  [
    '<validate-jwt header-name="A"><openid-config url="https://{{a}}.test" validate-connectivity="False" host="x" /></validate-jwt>',
    ['the named value `a` does not exist', 'attribute `host` of `openid-config` is known to the schema alone and has no effect here'],
  ],
  [
    '<validate-jwt header-name="A"><issuer-signing-keys><zumo-master-key id="a">b</zumo-master-key></issuer-signing-keys></validate-jwt>',
    ['`zumo-master-key` inside `issuer-signing-keys` is not supported yet'],
  ],
  ['<validate-jwt header-name="A"><decryption-keys /></validate-jwt>', ['`decryption-keys` needs a `key` inside']],
  [
    '<validate-jwt header-name="A"><decryption-keys><key n="a" e="b" /></decryption-keys></validate-jwt>',
    [
      'the key needs a Base64 text, a `certificate-id`, or both `n` and `e`',
      "The 'n' attribute is not declared.",
      "The 'e' attribute is not declared.",
    ],
  ],
  ['<validate-jwt header-name="A"><issuer-signing-keys /><audiences /><issuers /></validate-jwt>', []],
  ['<validate-jwt header-name="A"><required-claims /></validate-jwt>', ['`required-claims` needs a `claim` inside']],
  [
    '<validate-jwt header-name="A"><required-claims><claim match="some"><value /></claim></required-claims></validate-jwt>',
    ["The required attribute 'name' is missing.", '`some` is not a value of `match`'],
  ],
  [
    '<validate-jwt token-value="a" header-name="A" />',
    ['`validate-jwt` may have only one of `header-name`, `query-parameter-name`, `token-value`'],
  ],
  ['<validate-jwt />', ['`validate-jwt` needs one of `header-name`, `query-parameter-name`, `token-value`']],
  [
    '<validate-jwt header-name="A" output-token-variable-name="@("x")" failed-validation-httpcode="99" clock-skew="-1" require-signed-tokens="yes" />',
    [
      'policy expressions are not allowed in `output-token-variable-name`',
      '`99` is out of range for `failed-validation-httpcode`',
      '`-1` is out of range for `clock-skew`',
      '`yes` is neither `true` nor `false`, which `require-signed-tokens` needs',
    ],
  ],
])('misuse: %s', async (policy, problems) => {
  expect((await run(policy, ACCEPTED, {})).problems).toEqual(problems);
});

test('every attribute that may be an expression is computed for the call', async () => {
  const policy = `<validate-jwt header-name="@("X-" + "T")" failed-validation-httpcode="@(400 + 3)" require-expiration-time="@(1 > 2)"
      require-signed-tokens="@("False")" clock-skew="@("7")" require-scheme="@("Bearer")">
    <openid-config url="@("https://login.test")" />
    <issuers><issuer>@("i" + 1)</issuer><!-- and --></issuers>
    <required-claims><claim name="@("sc" + "p")" match="@("any")" separator="@(" ")"><value>@("a")</value><value><![CDATA[ b ]]></value></claim></required-claims>
  </validate-jwt>`;
  const { asked } = await run(policy, ACCEPTED, { headers: { 'X-T': 'x.y.z' } });
  expect(asked[0]).toMatchObject({
    token: 'x.y.z',
    requireExpirationTime: false,
    requireSignedTokens: false,
    clockSkewSeconds: 7,
    openIdConfigs: ['https://login.test'],
    issuers: ['i1'],
    requiredClaims: [{ name: 'scp', match: 'any', separator: ' ', values: ['a', 'b'] }],
  });
});

test.each([
  ['failed-validation-httpcode="@(99999)"', "Expression value is invalid. '99999' is not a valid status code."],
  ['failed-validation-httpcode="@(100)"', "Expression value is invalid. '100' is not a valid status code."],
  ['failed-validation-httpcode="@(401.5)"', "Expression value is invalid. '401.5' is not a valid status code."],
])('a status that no refusal can have is an error: %s', async (attributes, message) => {
  const { exchange } = await run(`<validate-jwt header-name="Authorization" ${attributes} />`, ACCEPTED, {});
  expect(exchange.response?.status).toBe(500);
  expect(exchange.lastError).toMatchObject({ source: 'validate-jwt', reason: 'ExpressionValueEvaluationFailure', message });
});

test('a key needs exactly one form', async () => {
  const policy = '<validate-jwt header-name="A"><issuer-signing-keys><key /><key n="x">y</key></issuer-signing-keys></validate-jwt>';
  const { problems } = await run(policy, ACCEPTED, {});
  expect(problems).toHaveLength(2);
});
