/** Errors that the gateway finds before any policy: what the caller gets, and whose on-error runs (errors.yaml, built_in_errors and scopes_available). */
import { describe, expect, it } from 'vitest';
import { type Running, running } from './running.ts';
import { type FileTexts, json, load } from './support.ts';

const FIELDS = ['Source', 'Reason', 'Scope', 'Section', 'Path', 'PolicyId', 'Message']
  .map((name) => `context.LastError.${name} ?? "-"`)
  .join(', ');
const TELL = `<set-header name="X-Error" exists-action="override"><value>@(string.Join("|", ${FIELDS.replaceAll('"', '&quot;')}))</value></set-header>`;
const mark = (scope: string) => `<set-header name="X-Ran" exists-action="append"><value>${scope}</value></set-header>`;
const policy = (scope: string, more = '', onError = '') =>
  `<policies><inbound><base />${more}</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base />${mark(scope)}${onError}</on-error></policies>`;

const FILES: FileTexts = {
  'policy.xml': `<policies><inbound><ip-filter action="allow"><address>10.1.1.1</address></ip-filter></inbound><backend><forward-request /></backend><outbound /><on-error>${TELL}${mark('global')}</on-error></policies>`,
  'products/gold/productInformation.json': json({ displayName: 'Gold', subscriptionRequired: true, state: 'published' }),
  'products/gold/apis.json': '[{ "name": "orders" }]',
  'products/gold/policy.xml': policy('product'),
  'apis/orders/apiInformation.json': json({
    path: 'shop/orders',
    serviceUrl: 'https://own.internal',
    subscriptionKeyParameterNames: { header: 'x-api-key', query: 'k' },
  }),
  'apis/orders/policy.xml': policy('api'),
  'apis/orders/operations/get/operationInformation.json': json({ method: 'GET', urlTemplate: '/{id}', displayName: 'Get' }),
  'apis/orders/operations/get/policy.xml': policy('operation'),
  'portico.yaml': `subscriptions:
  - { id: gold, primary-key: gold-key, scope: /products/gold }
  - { id: own, primary-key: own-key, scope: /apis/orders }
  - { id: off, primary-key: off-key, scope: /apis, state: suspended }
`,
};

const start = (files: FileTexts = FILES): Running => {
  const workspace = load(files);
  expect(workspace.problems).toEqual([]);
  const gateway = running(workspace);
  expect(gateway.engine.problems).toEqual([]);
  return gateway;
};

describe('no operation', () => {
  it.each(['GET /nowhere', 'POST /shop/orders/7', 'GET /shop/orders/7/items', 'GET /shop'])('%s', async (line) => {
    const answer = await start().call(line, { 'x-api-key': 'nonsense' });
    expect([answer.status, answer.reason, answer.body]).toEqual([
      404,
      'Not Found',
      '{ "statusCode": 404, "message": "Resource not found" }',
    ]);
    expect(answer.body).toHaveLength(54);
    expect(answer.header('Content-Type')).toBe('application/json');
    expect(answer.header('X-Error')).toBe('configuration|OperationNotFound|-|-|-|-|Unable to match incoming request to an operation.');
    expect(answer.header('X-Ran')).toBe('global');
  });

  it('is made 405 by a global on-error', async () => {
    const onError = `<choose><when condition="@(context.LastError.Source == &quot;configuration&quot; &amp;&amp; context.LastError.Reason == &quot;OperationNotFound&quot; &amp;&amp; context.Api == null &amp;&amp; context.Operation == null)"><return-response><set-status code="405" reason="Method not allowed" /></return-response></when></choose>`;
    const text = `<policies><inbound /><backend><forward-request /></backend><outbound /><on-error>${onError}</on-error></policies>`;
    const answer = await start({ ...FILES, 'policy.xml': text }).call('PATCH /shop/orders/7');
    expect([answer.status, answer.reason, answer.body]).toEqual([405, 'Method not allowed', '']);
  });
});

const MISSING =
  '{ "statusCode": 401, "message": "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API." }';
const INVALID =
  '{ "statusCode": 401, "message": "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription." }';

describe('a key', () => {
  it.each<[string, string, Readonly<Record<string, string>>, string, string]>([
    ['that is missing', '/shop/orders/7', {}, MISSING, 'SubscriptionKeyNotFound'],
    ['in the header of another name', '/shop/orders/7', { 'Ocp-Apim-Subscription-Key': 'gold-key' }, MISSING, 'SubscriptionKeyNotFound'],
    ['that is unknown', '/shop/orders/7?k=none', {}, INVALID, 'SubscriptionKeyInvalid'],
    ['of a subscription that is not active', '/shop/orders/7', { 'x-api-key': 'off-key' }, INVALID, 'SubscriptionKeyInvalid'],
    [
      'that is wrong in the header and right in the query',
      '/shop/orders/7?k=gold-key',
      { 'x-api-key': 'none' },
      INVALID,
      'SubscriptionKeyInvalid',
    ],
    ['that is empty in the header', '/shop/orders/7?k=gold-key', { 'x-api-key': '' }, INVALID, 'SubscriptionKeyInvalid'],
  ])('%s', async (_what, path, headers, body, reason) => {
    const answer = await start().call(`GET ${path}`, headers);
    expect([answer.status, answer.reason, answer.body]).toEqual([401, 'Unauthorized', body]);
    expect(answer.body.length).toBe(reason === 'SubscriptionKeyNotFound' ? 152 : 143);
    expect(answer.header('WWW-Authenticate')).toBe(
      'AzureApiManagementKey realm="https://gateway.test/shop/orders",name="x-api-key",type="header"',
    );
    expect(answer.header('X-Error')).toMatch(new RegExp(`^authorization\\|${reason}\\|-\\|-\\|-\\|-\\|Access denied due to`));
    // The product is known through the key alone.
    expect(answer.header('X-Ran')).toBe('global,api,operation');
  });

  it('of a product brings its on-error into play', async () => {
    const answer = await start().call('GET /shop/orders/7', { 'x-api-key': 'gold-key' });
    expect([answer.status, answer.body]).toEqual([403, '{ "statusCode": 403, "message": "Forbidden" }']);
    expect(answer.header('X-Ran')).toBe('global,product,api,operation');
    expect(answer.header('X-Error')).toMatch(
      /^ip-filter\|(?:CallerIpNotAllowed|FailedToParseCallerIP)\|global\|inbound\|ip-filter\[1\]\|-\|/,
    );
  });

  it('of an API does not', async () => {
    const answer = await start().call('GET /shop/orders/7', { 'x-api-key': 'own-key' });
    expect(answer.header('X-Ran')).toBe('global,api,operation');
  });
});

it.each([
  ['products/gold/policy.xml', 'product'],
  ['apis/orders/policy.xml', 'api'],
  ['apis/orders/operations/get/policy.xml', 'operation'],
])('the scope of a failing element in %s is %s', async (file, scope) => {
  const bad = '<set-variable name="x" value="@(((string)null).Length)" />';
  const files = {
    ...FILES,
    'policy.xml': FILES['policy.xml']?.toString().replace(/<ip-filter.*<\/ip-filter>/, '') ?? '',
    [file]: policy(scope, bad),
  };
  const answer = await start(files).call('GET /shop/orders/7', { 'x-api-key': 'gold-key' });
  expect(answer.header('X-Error')).toBe(
    `set-variable|ExpressionValueEvaluationFailure|${scope}|inbound|set-variable[1]|-|Expression evaluation failed. Object reference not set to an instance of an object.`,
  );
});
