/** What does not fit together in a directory, and what is taken whatever its spelling (gateway-model, sections 6 to 8 and 17). */
import { describe, expect, it } from 'vitest';
import { running } from './running.ts';
import { type FileTexts, json, load, POLICY, problemsOf } from './support.ts';

const open = (path: string, more: object = {}) =>
  json({ path, subscriptionRequired: false, serviceUrl: `https://${path}.internal`, ...more });
const operation = (method: string, urlTemplate: string) => json({ method, urlTemplate, displayName: 'x' });
const VERSIONS = { 'version sets/s/versionSetInformation.json': json({ versioningScheme: 'Segment' }) };
const A = { 'apis/a/apiInformation.json': open('a') };

describe('what does not fit together', () => {
  it.each<[string, FileTexts, readonly string[]]>([
    [
      'an API of a product',
      { ...A, 'products/p/apis.json': '[{ "name": "A" }, { "name": "gone" }]' },
      ['products/p/apis.json:1:19 warning PTC5011 there is no API `gone`'],
    ],
    [
      'an API of a product, as a folder',
      { ...A, 'products/p/apis/gone/productApiInformation.json': '{}' },
      ['products/p/apis/gone/productApiInformation.json:1:1 warning PTC5011 there is no API `gone`'],
    ],
    [
      'the state of a product',
      { ...A, 'products/p/productInformation.json': json({ state: 'publishd' }) },
      ['products/p/productInformation.json:1:24 PTC5006 `properties.state` must be one of `published`, `notPublished`'],
    ],
    [
      'the certificate of a backend',
      {
        ...A,
        'backends/b/backendInformation.json': json({ url: 'https://b', credentials: { certificateIds: ['/certificates/gone'] } }),
        'portico.yaml': 'backends:\n  c: { url: "https://c", credentials: { certificate: away } }\n',
      },
      [
        'backends/b/backendInformation.json:1:67 warning PTC5011 there is no certificate `gone`',
        'portico.yaml:2:54 warning PTC5011 there is no certificate `away`',
      ],
    ],
    [
      'a revision without a current one',
      { ...A, 'apis/b;rev=2/apiInformation.json': open('b') },
      ['apis/b;rev=2/apiInformation.json:1:15 warning PTC5200 no revision of API `b` is current: it answers behind `;rev=2` alone'],
    ],
    [
      'a revision and the current one',
      { ...A, 'apis/a;rev=2/apiInformation.json': json({ path: 'b', subscriptionRequired: true, serviceUrl: 'https://c' }) },
      [
        'apis/a;rev=2/apiInformation.json:1:23 warning PTC5202 a revision takes `path` from the current one: this has no effect',
        'apis/a;rev=2/apiInformation.json:1:50 warning PTC5202 a revision takes `subscriptionRequired` from the current one: this has no effect',
      ],
    ],
    [
      'two APIs of one path, whatever their revisions',
      { ...A, 'apis/b/apiInformation.json': open('A', { apiRevision: '2', isCurrent: true }) },
      ['apis/b/apiInformation.json:1:23 PTC5012 the path `/A` is taken by API `a`'],
    ],
    [
      'versions of one path in two sets',
      {
        ...VERSIONS,
        'version sets/h/versionSetInformation.json': json({ versioningScheme: 'Header', versionHeaderName: 'V' }),
        'apis/a/apiInformation.json': open('a', { apiVersion: 'v1', apiVersionSetId: '/apiVersionSets/s' }),
        'apis/b/apiInformation.json': open('a', { apiVersion: 'v2', apiVersionSetId: '/apiVersionSets/h' }),
      },
      ['apis/b/apiInformation.json:1:23 PTC5012 the path `/a` is taken by API `a`'],
    ],
    [
      'a parameter of a template and its list',
      {
        ...A,
        'apis/a/operations/o/operationInformation.json': json({
          method: 'GET',
          urlTemplate: '/{x}/{y}',
          displayName: 'o',
          templateParameters: [{ name: 'X' }],
        }),
      },
      [
        'apis/a/operations/o/operationInformation.json:1:95 warning PTC5201 parameter `y` of the URL template is not in `templateParameters`',
      ],
    ],
    [
      'the scope of a subscription',
      {
        ...A,
        'portico.yaml':
          'subscriptions:\n  - { id: s, primary-key: k, scope: /products/gld }\n  - { id: t, primary-key: l, scope: /apis/b }',
      },
      ['portico.yaml:2:37 warning PTC5011 there is no product `gld`', 'portico.yaml:3:37 warning PTC5011 there is no API `b`'],
    ],
    [
      'subscriptions with one name or key',
      {
        ...A,
        'portico.yaml':
          'subscriptions:\n  - { id: s, primary-key: k }\n  - { id: t, primary-key: j, secondary-key: k }\n  - { id: S, primary-key: l }',
      },
      [
        'portico.yaml:3:45 PTC5177 this is a key of subscription `s`, too',
        'portico.yaml:4:11 PTC5176 there are two subscriptions of the name `S`',
      ],
    ],
    [
      'folders whose names differ in case',
      { 'apis/Foo/apiInformation.json': open('foo'), 'apis/foo/apiInformation.json': open('bar') },
      ['apis/foo/apiInformation.json:1:1 PTC5176 there are two APIs of the name `foo`'],
    ],
    [
      'collections in two spellings',
      {
        'policy.xml': POLICY,
        'named values/a/namedValueInformation.json': json({ value: '1' }),
        'namedValues/a/namedValueInformation.json': json({ value: '2' }),
      },
      ['namedValues/a/namedValueInformation.json:1:1 PTC5176 there are two named values of the name `a`'],
    ],
    [
      'display names of named values',
      {
        'policy.xml': POLICY,
        'named values/a/namedValueInformation.json': json({ displayName: 'x', value: '1' }),
        'named values/b/namedValueInformation.json': json({ displayName: 'x', value: '2' }),
      },
      ['named values/b/namedValueInformation.json:1:30 PTC5176 there are two named values of the name `x`'],
    ],
    [
      'operations of one method and URL template',
      {
        ...A,
        'apis/a/operations/x/operationInformation.json': operation('GET', '/x/{id}?a={a}'),
        'apis/a/operations/y/operationInformation.json': operation('get', '/X/{other}/?a={b}'),
        'apis/a/operations/z/operationInformation.json': operation('GET', '/x/{id}'),
      },
      ['apis/a/operations/y/operationInformation.json:1:45 PTC5181 `GET /X/{other}/?a={b}` is operation `x` already'],
    ],
    [
      'two current revisions',
      {
        'apis/a/apiInformation.json': open('a', { isCurrent: true }),
        'apis/a;rev=2/apiInformation.json': open('a', { isCurrent: true, apiRevision: '2' }),
      },
      ['apis/a;rev=2/apiInformation.json:1:102 PTC5180 revisions 1 and 2 of API `a` are both current'],
    ],
    [
      'two products that open one API',
      {
        ...A,
        'products/p/productInformation.json': json({ subscriptionRequired: false }),
        'products/p/apis.json': '[{ "name": "a" }]',
        'products/q/productInformation.json': json({ subscriptionRequired: false }),
        'products/q/apis/a/productApiInformation.json': '{}',
      },
      ['products/q/productInformation.json:1:15 warning PTC5187 API `a` is open to callers without a key through product `p` already'],
    ],
    [
      'a version that the path holds already',
      { ...VERSIONS, 'apis/a/apiInformation.json': open('a/v1', { apiVersion: 'v1', apiVersionSetId: '/apiVersionSets/s' }) },
      ['apis/a/apiInformation.json:1:23 warning PTC5178 `a/v1` ends in the version `v1`, which follows the path once more: `/a/v1/v1`'],
    ],
    [
      'a version without a set',
      { 'apis/a/apiInformation.json': open('a', { apiVersion: 'v1' }) },
      ['apis/a/apiInformation.json:1:103 warning PTC5179 version `v1` has no effect without a version set'],
    ],
    [
      'a version set without the name of its header',
      {
        'version sets/s/versionSetInformation.json': json({ versioningScheme: 'Header' }),
        'apis/a/apiInformation.json': open('a', { apiVersion: 'v1', apiVersionSetId: '/apiVersionSets/s' }),
      },
      ['version sets/s/versionSetInformation.json:1:15 warning PTC5184 the version set has no `versionHeaderName`: `api-version` is taken'],
    ],
    [
      'JSON nested without end',
      { 'policy.xml': POLICY, ...A, 'backends/b/backendInformation.json': '['.repeat(100_000) },
      ['backends/b/backendInformation.json:1:1 PTC5185 the file nests deeper than 200 levels'],
    ],
    [
      'YAML nested without end',
      { 'policy.xml': POLICY, 'portico.yaml': `port: 1\nlint:\n  ${'- '.repeat(1000)}a` },
      ['portico.yaml:1:1 PTC5185 the file nests deeper than 200 levels'],
    ],
  ])('%s', (_what, files, expected) => expect(problemsOf(files)).toEqual(expected));

  it.each([
    ['GET', '/x/{id', 'the URL template `/x/{id` has a brace without its partner or its name'],
    ['GET', '/x/{}', 'the URL template `/x/{}` has a brace without its partner or its name'],
    ['GET', '/*/y', 'the URL template `/*/y` has a wildcard before its end'],
    ['GET', '/{*p}/y', 'the URL template `/{*p}/y` has a wildcard before its end'],
    ['GET', '/{a}{b}', 'the URL template `/{a}{b}` has two parameters with nothing between them'],
    ['GET', '/{a}/{A}', 'the URL template `/{a}/{A}` names the parameter `a` twice'],
    ['GET', '/{a}?b={a}', 'the URL template `/{a}?b={a}` names the parameter `a` twice'],
    ['GE T', '/x', '`GE T` is no method of HTTP'],
    ['FETCH', '/x', 'calls with the method `FETCH` reach this gateway over HTTP/2 alone'],
  ])('%s %s', (method, urlTemplate, message) => {
    const problems = problemsOf({ ...A, 'apis/a/operations/o/operationInformation.json': operation(method, urlTemplate) });
    expect(problems.map((problem) => problem.replace(/^\S+ (?:warning )?PTC\d+ /, ''))).toEqual([message]);
  });
});

describe('names of resources', () => {
  const gateway = running(
    load({
      'Policy.xml':
        '<policies><inbound><set-header name="x-caller" exists-action="override"><value>@((context.Product?.Id ?? "-") + "/" + context.Subscription?.Id)</value></set-header></inbound></policies>',
      'apis/Orders/apiInformation.json': json({ path: 'orders', serviceUrl: 'https://orders.internal' }),
      'products/Gold/productInformation.json': json({ displayName: 'Gold' }),
      'products/Gold/apis.json': '[{ "name": "orders" }]',
      'subscriptions/Master/subscriptionInformation.json': json({
        scope: '/subscriptions/0/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso/',
        primaryKey: 'master',
      }),
      'subscriptions/all/subscriptionInformation.json': json({
        scope: '/subscriptions/0/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso/apis',
        primaryKey: 'all',
      }),
      'portico.yaml': [
        'subscriptions:',
        '  - { id: gold, primary-key: gold, scope: /products/GOLD }',
        '  - { id: one, primary-key: one, scope: "/apis/orders;rev=2" }',
        '  - { id: arm, primary-key: arm, scope: /subscriptions/0/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso/products/gold }',
      ].join('\n'),
    }),
  );

  it.each([
    ['gold', 'Gold/gold'],
    ['arm', 'Gold/arm'],
    ['one', '-/one'],
    ['all', '-/all'],
    ['master', '-/Master'],
  ])('ignore case, and scopes may be whole ids: %s', async (key, expected) => {
    expect(gateway.engine.problems).toEqual([]);
    await gateway.call('GET /orders/1', { 'Ocp-Apim-Subscription-Key': key });
    const headers: readonly string[] = gateway.requests[gateway.requests.length - 1]?.headers ?? [];
    expect(headers[headers.indexOf('x-caller') + 1]).toBe(expected);
  });
});

it('takes an operation of its own file in place of the one of the specification with the same route', () => {
  const specification = JSON.stringify({
    openapi: '3.0.1',
    info: { title: 'x', version: '1' },
    paths: { '/items/{id}': { get: { operationId: 'readItem', responses: {} } } },
  });
  const { apis, problems } = load({
    ...A,
    'apis/a/specification.json': specification,
    'apis/a/operations/get-item/operationInformation.json': operation('GET', '/items/{number}'),
    'apis/a/operations/get-item/policy.xml': POLICY,
  });
  expect(problems).toEqual([]);
  expect(apis[0]?.operations.map(({ info, policy }) => [info.id, policy !== undefined])).toEqual([['get-item', true]]);
});

describe('subscriptions of workspaces', () => {
  const service = '/subscriptions/0/resourceGroups/g/providers/Microsoft.ApiManagement/service/s/workspaces/team';
  const api = (path: string) => json({ path, serviceUrl: `https://${path}.internal` });
  const product = json({ displayName: 'Gold' });
  const gateway = running(
    load({
      'apis/orders/apiInformation.json': api('instance'),
      'products/gold/productInformation.json': product,
      'products/gold/apis.json': '[{ "name": "orders" }]',
      'workspaces/team/apis/orders/apiInformation.json': api('team'),
      'workspaces/team/apis/own/apiInformation.json': api('own'),
      'workspaces/team/products/gold/productInformation.json': product,
      'workspaces/team/products/gold/apis.json': '[{ "name": "Orders" }]',
      'workspaces/team/subscriptions/one/subscriptionInformation.json': json({
        scope: `${service}/products/gold`,
        primaryKey: 'team-gold',
      }),
      'workspaces/team/subscriptions/all/subscriptionInformation.json': json({ scope: `${service}/apis`, primaryKey: 'team-all' }),
      'portico.yaml': [
        'subscriptions:',
        '  - { id: gold, primary-key: gold, scope: /products/gold }',
        '  - { id: own, primary-key: own, scope: /apis/own }',
        '  - { id: said, primary-key: said, scope: /workspaces/Team/apis/orders }',
        '  - { id: every, primary-key: every }',
      ].join('\n'),
    }),
  );

  it.each([
    ['team-gold', [401, 200, 401]],
    ['team-all', [401, 200, 200]],
    ['gold', [200, 401, 401]],
    ['own', [401, 401, 200]],
    ['said', [401, 200, 401]],
    ['every', [200, 200, 200]],
  ])('open what is theirs: %s', async (key, expected) => {
    expect(gateway.engine.problems).toEqual([]);
    const answers = ['/instance/x', '/team/x', '/own/x'].map((path) => gateway.call(`GET ${path}`, { 'Ocp-Apim-Subscription-Key': key }));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(expected);
  });
});

describe('a revision that was made from another', () => {
  const made = (facts: object, files: FileTexts = {}) => ({
    'policy.xml': POLICY,
    'apis/a/apiInformation.json': open('a'),
    'apis/a/policy.xml': '<policies><inbound><base /><set-header name="X-From"><value>a</value></set-header></inbound></policies>',
    'apis/a/operations/get/operationInformation.json': operation('GET', '/x'),
    'apis/a;rev=2/apiInformation.json': json({ path: 'a', apiRevision: '2', ...facts }),
    ...files,
  });
  const id = '/subscriptions/1/service/s/apis/a';

  it.each<[string, object, FileTexts, readonly string[]]>([
    ['has its operations, document and backend', { sourceApiId: id }, {}, ['200 https://a.internal/x a', '404']],
    ['may name the revision', { sourceApiId: `${id};rev=1` }, {}, ['200 https://a.internal/x a', '404']],
    [
      'may be made from one that was made so',
      { sourceApiId: `${id};rev=3` },
      { 'apis/a;rev=3/apiInformation.json': json({ path: 'a', apiRevision: '3', sourceApiId: id }) },
      ['200 https://a.internal/x a', '404'],
    ],
    [
      'may go round',
      { sourceApiId: `${id};rev=3`, serviceUrl: 'https://two.internal' },
      { 'apis/a;rev=3/apiInformation.json': json({ path: 'a', apiRevision: '3', sourceApiId: `${id};rev=2` }) },
      ['200 https://two.internal/x -', '200 https://two.internal/y -'],
    ],
    [
      'keeps what it has',
      { sourceApiId: id, serviceUrl: 'https://two.internal' },
      { 'apis/a;rev=2/policy.xml': POLICY },
      ['200 https://two.internal/x -', '404'],
    ],
    [
      'keeps its operations',
      { sourceApiId: id, serviceUrl: 'https://two.internal' },
      { 'apis/a;rev=2/operations/y/operationInformation.json': operation('GET', '/y') },
      ['404', '200 https://two.internal/y -'],
    ],
    [
      'is itself',
      { sourceApiId: `${id};rev=2`, serviceUrl: 'https://two.internal' },
      {},
      ['200 https://two.internal/x -', '200 https://two.internal/y -'],
    ],
    [
      'is not here',
      { sourceApiId: '/apis/b', serviceUrl: 'https://two.internal' },
      {},
      ['200 https://two.internal/x -', '200 https://two.internal/y -'],
    ],
  ])('%s', async (_, facts, files, expected) => {
    const gateway = running(load(made(facts, files)));
    const answers: string[] = [];
    for (const path of ['/a;rev=2/x', '/a;rev=2/y']) {
      const { status } = await gateway.call(`GET ${path}`);
      const sent = gateway.requests.at(-1);
      answers.push(status === 404 ? '404' : `${status} ${gateway.sent.at(-1)?.slice(4)} ${sent?.headers.includes('X-From') ? 'a' : '-'}`);
    }
    expect(answers).toEqual(expected);
  });
});

describe('a policy restriction', () => {
  const restricted = (scope: string, files: FileTexts, requireBase: unknown = 'true') =>
    problemsOf({ ...A, ...files, 'policyRestrictions/r/policyRestrictionInformation.json': json({ scope, requireBase }) });
  const cut =
    '<policies><inbound><base /></inbound><outbound /><on-error><choose><otherwise><base /></otherwise></choose></on-error></policies>';
  const told = (file: string) => [`${file}:1:39 PTC5198 policy restriction \`r\` asks for \`<base />\`, which \`outbound\` does not have`];
  const gold = { 'products/gold/productInformation.json': json({ displayName: 'Gold' }), 'products/gold/policy.xml': cut };
  const get = { 'apis/a/operations/get/operationInformation.json': operation('GET', '/x'), 'apis/a/operations/get/policy.xml': cut };

  it.each<[string, string, FileTexts, string[], unknown?]>([
    ['of a product', '/products/gold', gold, told('products/gold/policy.xml')],
    ['by the whole id', '/subscriptions/1/x/service/me/products/gold', gold, told('products/gold/policy.xml'), true],
    ['of an operation', '/apis/A/operations/get', get, told('apis/a/operations/get/policy.xml')],
    ['of another scope', '/apis/a', get, []],
    ['of what is not here', '/products/silver', gold, []],
    ['that asks for nothing', '/products/gold', gold, [], 'false'],
    ['of the instance, where it brings nothing', '/', { 'policy.xml': cut }, []],
  ])('%s', (_, scope, files, expected, requireBase) => {
    expect(restricted(scope, files, requireBase)).toEqual(expected);
  });
});

describe('the server of an exported definition', () => {
  const served = (url: string, facts: object) =>
    load({
      'apis/a/apiInformation.json': json({ displayName: 'a', ...facts }),
      'apis/a/specification.json': JSON.stringify({
        openapi: '3.0.1',
        info: { title: 'a', version: '1' },
        servers: [{ url }],
        paths: { '/x': { get: { responses: {} } } },
      }),
    }).apis[0]?.info.serviceUrl?.toString() ?? null;

  it.each([
    ['is the gateway itself', 'https://mine.azure-api.net/shop/orders', { path: 'shop/orders' }, null],
    [
      'is the gateway itself, with a version',
      'https://mine.azure-api.net/shop/v1',
      { path: 'shop', serviceUrl: null, apiVersion: 'v1' },
      null,
    ],
    ['is the gateway itself, at its root', 'https://mine.azure-api.net', { path: '', serviceUrl: '' }, null],
    ['is a path below it', 'https://mine.azure-api.net/shop', { path: '' }, 'https://mine.azure-api.net/shop'],
    ['is another API of a gateway', 'https://mine.azure-api.net/shops', { path: 'shop' }, 'https://mine.azure-api.net/shops'],
    ['is another host', 'https://azure-api.net.internal/shop', { path: 'shop' }, 'https://azure-api.net.internal/shop'],
    [
      'does not count',
      'https://mine.azure-api.net/shop',
      { path: 'shop', serviceUrl: 'https://mine.azure-api.net/shop' },
      'https://mine.azure-api.net/shop',
    ],
  ])('%s', (_, url, facts, expected) => {
    expect(served(url, facts)).toBe(expected);
  });
});
