import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryWith, documentWith, portico } from './support.ts';

let directory = directoryWith({});

beforeAll(() => {
  directory = directoryWith({
    'policy.xml': documentWith('        <set-header name="X-Global"><value>1</value></set-header>'),
    'apis/orders/apiInformation.json': '{ "properties": { "path": "orders", "serviceUrl": "https://orders.internal/v1" } }',
    'apis/orders/specification.yaml':
      'openapi: 3.0.1\ninfo: { title: Orders, version: "1" }\npaths:\n  /{id}:\n    get: { operationId: get-order, responses: { "200": { description: ok } } }\n',
    'apis/orders/policy.xml': '<policies><inbound><base /><include-fragment fragment-id="shared" /></inbound></policies>',
    'apis/orders/operations/get-order/policy.xml':
      '<policies>\n    <inbound>\n        <set-query-parameter name="a">\n            <value>1</value>\n        </set-query-parameter>\n        <base />\n    </inbound>\n</policies>\n',
    'policy fragments/shared/policy.xml': '<fragment>\n    <set-header name="X-Shared"><value>1</value></set-header>\n</fragment>\n',
    'versions/version sets/set/versionSetInformation.json':
      '{ "properties": { "versioningScheme": "Header", "versionHeaderName": "Api-Version" } }',
    ...Object.fromEntries(
      ['v1', 'v2'].map((version) => [
        `versions/apis/shop-${version}/apiInformation.json`,
        `{ "properties": { "path": "shop", "apiVersion": "${version}", "apiVersionSetId": "/apiVersionSets/set" } }`,
      ]),
    ),
    ...Object.fromEntries(
      ['get GET /x/{id}', 'star GET /x/*', 'add POST /x/{id}?kind={kind}', 'deep GET /x/{id}/parts', 'other GET /y/{id}'].map((line) => {
        const [id, method, urlTemplate] = line.split(' ');
        return [
          `versions/apis/shop-v1/operations/${id}/operationInformation.json`,
          JSON.stringify({ properties: { method, urlTemplate, displayName: id } }),
        ];
      }),
    ),
    'versions/apis/shop-v2/policy.xml':
      '<policies><inbound><cors><allowed-origins><origin>*</origin></allowed-origins></cors><base /></inbound></policies>',
    'versions/apis/shop-v2/operations/get/operationInformation.json':
      '{ "properties": { "method": "GET", "urlTemplate": "/x", "displayName": "get" } }',
    'products/gold/productInformation.json': '{ "properties": { "displayName": "Gold", "state": "published" } }',
    'products/gold/apis/orders/.keep': '',
    'products/gold/policy.xml': '<policies><inbound><base /><rate-limit calls="5" renewal-period="60" /></inbound></policies>',
  });
});
afterAll(() => directory.remove());

const explain = (...args: string[]) => portico(['explain', ...args], { cwd: directory.path });

describe('portico explain', () => {
  it('prints each line of the effective policy with scope, file and line', async () => {
    const { code, out, err } = await explain('get', '/orders/7');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').map((line) => line.trimEnd().replace(/ +(global|product|api|operation) +(\S.*:\d+)$/, ' | $1 $2'))).toEqual([
      'GET /orders/7',
      '  API        orders (/orders)',
      '  operation  get-order (GET /{id}) id=7',
      '  rule       longest API path `/orders`, template `/{id}`',
      '  backend    https://orders.internal/v1/7',
      '',
      '  inbound',
      '    <set-query-parameter name="a"> | operation apis/orders/operations/get-order/policy.xml:3',
      '        <value>1</value> | operation apis/orders/operations/get-order/policy.xml:4',
      '    </set-query-parameter> | operation apis/orders/operations/get-order/policy.xml:5',
      '    <set-header name="X-Global"><value>1</value></set-header> | global policy.xml:3',
      '    <set-header name="X-Shared"><value>1</value></set-header> | api policy fragments/shared/policy.xml:2',
      '',
      '  backend',
      '    <forward-request /> | global policy.xml:5',
      '',
      '  outbound',
      '    (nothing)',
      '',
      '  on-error',
      '    (nothing)',
      '',
    ]);
  });

  it('keeps its columns where documents are indented by tabs, and the slash that a service URL ends in', async () => {
    const tabbed = directoryWith({
      'apis/shop/apiInformation.json': '{ "properties": { "path": "shop", "serviceUrl": "https://shop.internal/graph/" } }',
      'apis/shop/policy.xml':
        '<policies>\n\t<inbound>\n\t\t<set-header name="X">\n\t\t\t<value>1</value>\n\t\t</set-header>\n\t</inbound>\n</policies>\n',
    });
    const { out } = await portico(['explain', 'POST', '/shop'], { cwd: tabbed.path });
    tabbed.remove();
    expect(out).toContain('  backend    https://shop.internal/graph/\n');
    const lines = out.split('\n').filter((line) => line.includes('apis/shop/policy.xml'));
    expect(lines[1]).toMatch(/^ {8}<value>1<\/value> /);
    expect(new Set(lines.map((line) => line.indexOf('apis/shop/policy.xml'))).size).toBe(1);
  });

  it("adds the product's policies with --product", async () => {
    const { code, out } = await explain('GET', '/orders/7', '--product', 'gold');
    expect(code).toBe(0);
    expect(out).toMatch(/<rate-limit calls="5" renewal-period="60" \/> +product +products\/gold\/policy\.xml:1/);
  });

  it('says when nothing matches', async () => {
    expect(await explain('POST', '/orders/7')).toEqual({
      code: 1,
      out:
        'POST /orders/7 matches no operation: the caller gets 404, only the global on-error runs\n' +
        '\n  nearest\n    GET /orders/{id} (orders/get-order): the method is POST, not GET\n',
      err: '',
    });
  });

  it('says why others did not match, nearest first', async () => {
    const misses = async (...args: string[]) => {
      const { out } = await explain(...args, '--format', 'json', '--dir', 'versions');
      return (JSON.parse(out) as { misses: { operation: string; api: string; reasons: string[] }[] }).misses.map(
        ({ api, operation, reasons }) => `${api}/${operation} ${reasons.join('; ')}`,
      );
    };
    expect(await misses('GET', '/shop/x/1')).toEqual([
      'shop-v1/ version `v1` is expected in header `Api-Version`',
      'shop-v2/ version `v2` is expected in header `Api-Version`',
    ]);
    expect(await misses('GET', '/shop/x/1', '-H', 'api-version: v1')).toEqual([
      'shop-v1/star `/x/{id}` is more specific, or comes first',
      'shop-v2/ version `v2` is expected in header `Api-Version`, not `v1`',
      'shop-v1/deep `parts` is missing at the end of the path',
      'shop-v1/other segment `x` stands where `y` is expected',
      'shop-v1/add the method is GET, not POST; the query must fit `?kind={kind}`',
    ]);
  });

  it('says what answers a preflight', async () => {
    const headers = ['-H', 'Origin: https://a.test', '-H', 'Access-Control-Request-Method: GET', '-H', 'Api-Version: v2'];
    const { out } = await explain('OPTIONS', '/shop/x', ...headers, '--dir', 'versions');
    expect(out).toContain('  operation  get (GET /x)\n');
    expect(out).toContain('  preflight  cors policies alone answer, before any key is asked for\n\n  inbound\n    <cors>');
    const bare = await explain('OPTIONS', '/shop/x', '-H', 'Api-Version: v2', '--dir', 'versions');
    expect(bare.out).toContain('OPTIONS /shop/x matches no operation');
  });

  it('gives the same as JSON', async () => {
    const { code, out } = await explain('GET', '/orders/7?x=1', '--format', 'json');
    expect(code).toBe(0);
    const result = JSON.parse(out) as { sections: { inbound: object[] } };
    expect(result).toMatchObject({
      matched: true,
      request: { method: 'GET', path: '/orders/7', query: '?x=1' },
      api: { id: 'orders', path: 'orders', version: null, revision: '1' },
      operation: { id: 'get-order', method: 'GET', urlTemplate: '/{id}' },
      parameters: { id: '7' },
      backend: 'https://orders.internal/v1/7',
      errors: 0,
    });
    expect(result.sections.inbound[1]).toMatchObject({ policy: 'set-header', scope: 'global', file: 'policy.xml', line: 3 });
  });

  it.each([
    ['a directory that is not there', ['--dir', 'nowhere'], 'portico: there is no directory `nowhere`\n'],
    ['an unknown product', ['--product', 'silver'], 'portico: there is no product `silver`\n'],
  ])('takes %s as wrong use', async (_what, args, err) => {
    expect(await explain('GET', '/orders/7', ...args)).toEqual({ code: 2, out: '', err });
  });
});
