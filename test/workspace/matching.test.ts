/** Which API and operation a request is for: one case a sentence of gateway-model sections 6, 7 and 14. */
import { describe, expect, it } from 'vitest';
import { running } from './running.ts';
import { type FileTexts, json, load } from './support.ts';

const open = (path: string, more: object = {}) =>
  json({ path, subscriptionRequired: false, serviceUrl: `https://${path.replace(/\W/g, '-') || 'root'}.internal/base`, ...more });
const operations = (api: string, lines: readonly string[]): FileTexts =>
  Object.fromEntries(
    lines.map((line) => {
      const [id = '', method = '', urlTemplate = ''] = line.split(' ');
      return [`apis/${api}/operations/${id}/operationInformation.json`, json({ method, urlTemplate, displayName: id })];
    }),
  );

const FILES: FileTexts = {
  'policy.xml':
    '<policies><inbound><set-header name="x-op" exists-action="override"><value>@(context.Api.Id + ":" + context.Operation.Id + ":" + context.Api.Revision + ":" + context.Api.Version)</value></set-header><set-header name="x-parameters" exists-action="override"><value>@(string.Join(";", context.Request.MatchedParameters.Select(p => p.Key + "=" + p.Value)))</value></set-header></inbound><backend><forward-request /></backend><outbound /><on-error><set-header name="x-error" exists-action="override"><value>@(context.LastError.Source + "/" + context.LastError.Reason)</value></set-header></on-error></policies>',
  'apis/shop/apiInformation.json': open('shop'),
  ...operations('shop', [
    'any-order GET /orders/{id}',
    'mine GET /orders/mine',
    'line GET /orders/{id}/lines/{line-no}',
    'file GET /files/{name}.{ext}',
    'odata GET /items({key})',
    'tree GET /tree/*',
    'named-tree PUT /named/{*path}',
    'param-or-wild GET /mix/{x}/end',
    'wild GET /mix/*',
    'purge PURGE /cache',
    'head HEAD /orders/{id}',
  ]),
  'apis/shop-orders/apiInformation.json': open('shop/special'),
  ...operations('shop-orders', ['only GET /one']),
  'apis/sum/apiInformation.json': open('sum'),
  ...operations('sum', [
    'both GET /add?a={a}&b={b}',
    'one GET /add?a={a}',
    'fixed GET /add?mode=fast',
    'plain GET /add',
    'chat POST /deployments/{deployment-id}/chat?api-version={api-version}',
  ]),
  'apis/root/apiInformation.json': open(''),
  ...operations('root', ['hello GET /hello']),
  'version sets/seg/versionSetInformation.json': json({ versioningScheme: 'Segment' }),
  'version sets/head/versionSetInformation.json': json({ versioningScheme: 'Header', versionHeaderName: 'Api-Version' }),
  'version sets/query/versionSetInformation.json': json({ versioningScheme: 'Query', versionQueryName: 'v' }),
  'apis/seg/apiInformation.json': open('seg', { apiVersionSetId: '/apiVersionSets/seg' }),
  ...operations('seg', ['get GET /x']),
  'apis/seg-v1/apiInformation.json': open('seg', { apiVersion: 'v1', apiVersionSetId: '/apiVersionSets/seg' }),
  ...operations('seg-v1', ['get GET /x']),
  'apis/seg-v1;rev=2/apiInformation.json': json({ apiRevision: '2', serviceUrl: 'https://seg-two.internal' }),
  ...operations('seg-v1;rev=2', ['get GET /x', 'more GET /more']),
  'apis/strict-v1/apiInformation.json': open('strict', { apiVersion: 'v1', apiVersionSetId: '/apiVersionSets/seg' }),
  ...operations('strict-v1', ['get GET /x']),
  'apis/head-v1/apiInformation.json': open('byheader', { apiVersion: 'v1', apiVersionSetId: '/apiVersionSets/head' }),
  ...operations('head-v1', ['get GET /x']),
  'apis/head-v2/apiInformation.json': open('byheader', { apiVersion: 'v2', apiVersionSetId: '/apiVersionSets/head' }),
  ...operations('head-v2', ['get GET /x']),
  'apis/query-v1/apiInformation.json': open('byquery', { apiVersion: 'v1', apiVersionSetId: '/apiVersionSets/query' }),
  ...operations('query-v1', ['get GET /x']),
  'apis/query/apiInformation.json': open('byquery', { apiVersionSetId: '/apiVersionSets/query' }),
  ...operations('query', ['get GET /x']),
  'apis/customers/apiInformation.json': open('customers'),
  ...operations('customers', ['get GET /leads/{id}']),
  'apis/customers;rev=3/apiInformation.json': json({ apiRevision: '3', serviceUrl: 'https://three.internal' }),
  ...operations('customers;rev=3', ['get GET /leads/{id}', 'new GET /news']),
  'apis/customers;rev=4/apiInformation.json': json({ apiRevision: '4', isOnline: false }),
  ...operations('customers;rev=4', ['get GET /leads/{id}']),
  'apis/soap/apiInformation.json': open('soap', { type: 'soap' }),
  ...operations('soap', ['add POST /?soapAction=http://calc/Add', 'sub POST /?soapAction=http://calc/Subtract']),
};

const gateway = running(load(FILES));

async function matched(line: string, headers: Readonly<Record<string, string>> = {}, body?: string): Promise<string> {
  const before = gateway.sent.length;
  const answer = await gateway.call(line, headers, body);
  const request = gateway.requests[before];
  if (!request) return `${answer.status} ${answer.header('x-error') ?? ''}`.trim();
  const value = (name: string) => request.headers[request.headers.indexOf(name) + 1];
  const parameters = value('x-parameters');
  return `${value('x-op')} ${request.method} ${request.origin.replace('https://', '')}${request.path}${parameters ? ` ${parameters}` : ''}`;
}

describe('API', () => {
  it.each([
    ['is found by its path, whose case does not count', 'GET /SHOP/orders/7', 'shop:any-order:1: GET shop.internal/base/orders/7 id=7'],
    ['wins by the longest path in whole segments', 'GET /shop/special/one', 'shop-orders:only:1: GET shop-special.internal/base/one'],
    [
      'with the longer path is not given up when it has no fitting operation',
      'GET /shop/special/orders',
      '404 configuration/OperationNotFound',
    ],
    ['is not found by half a segment', 'GET /shopping/orders/7', '404 configuration/OperationNotFound'],
    ['at the root takes what no other path starts', 'GET /hello', 'root:hello:1: GET root.internal/base/hello'],
  ])('%s', async (_what, line, expected) => expect(await matched(line)).toBe(expected));
});

describe('operation', () => {
  it.each([
    ['with a literal segment beats one with a parameter', 'GET /shop/orders/mine', 'shop:mine:1: GET shop.internal/base/orders/mine'],
    [
      'has several parameters, whose names may hold dashes',
      'GET /shop/orders/7/lines/2',
      'shop:line:1: GET shop.internal/base/orders/7/lines/2 id=7;line-no=2',
    ],
    [
      'has several parameters in one segment',
      'GET /shop/files/a.b.txt',
      'shop:file:1: GET shop.internal/base/files/a.b.txt name=a.b;ext=txt',
    ],
    ['has literals around a parameter', "GET /shop/items('k')", "shop:odata:1: GET shop.internal/base/items('k') key='k'"],
    ['takes the rest by a wildcard', 'GET /shop/tree/a/b/c', 'shop:tree:1: GET shop.internal/base/tree/a/b/c'],
    ['takes an empty rest by a wildcard', 'GET /shop/tree', 'shop:tree:1: GET shop.internal/base/tree'],
    ['takes the rest under a name', 'PUT /shop/named/a/b%20c', 'shop:named-tree:1: PUT shop.internal/base/named/a/b%20c path=a/b c'],
    [
      'with a parameter beats one with a wildcard, from the left',
      'GET /shop/mix/1/end',
      'shop:param-or-wild:1: GET shop.internal/base/mix/1/end x=1',
    ],
    [
      'falls back on the wildcard when the parameter leads nowhere',
      'GET /shop/mix/1/other',
      'shop:wild:1: GET shop.internal/base/mix/1/other',
    ],
    [
      'gets parameters percent-decoded; an encoded slash stays inside',
      'GET /shop/orders/a%2Fb',
      'shop:any-order:1: GET shop.internal/base/orders/a%2Fb id=a/b',
    ],
    ['ignores a trailing slash, which is forwarded', 'GET /shop/orders/7/', 'shop:any-order:1: GET shop.internal/base/orders/7/ id=7'],
    ['may have a verb of its own', 'PURGE /shop/cache', 'shop:purge:1: PURGE shop.internal/base/cache'],
    ['needs its method: a path with others gives 404, not 405', 'DELETE /shop/orders/7', '404 configuration/OperationNotFound'],
    ['HEAD needs one of its own, and has it here', 'HEAD /shop/orders/7', 'shop:head:1: HEAD shop.internal/base/orders/7 id=7'],
    ['HEAD without one of its own gives 404', 'HEAD /shop/orders/7/lines/1', '404 configuration/OperationNotFound'],
    ['OPTIONS without one and without cors gives 404', 'OPTIONS /shop/orders/7', '404 configuration/OperationNotFound'],
    [
      'with more required query parameters beats one with fewer',
      'GET /sum/add?a=1&b=2',
      'sum:both:1: GET sum.internal/base/add?a=1&b=2 a=1;b=2',
    ],
    ['is told apart by a query parameter', 'GET /sum/add?a=1', 'sum:one:1: GET sum.internal/base/add?a=1 a=1'],
    ['may ask for a value of the query', 'GET /sum/add?mode=fast', 'sum:fixed:1: GET sum.internal/base/add?mode=fast'],
    ['is left without query when another value stands there', 'GET /sum/add?mode=slow', 'sum:plain:1: GET sum.internal/base/add?mode=slow'],
    [
      'gets parameters of path and query',
      'POST /sum/deployments/gpt/chat?api-version=1',
      'sum:chat:1: POST sum.internal/base/deployments/gpt/chat?api-version=1 deployment-id=gpt;api-version=1',
    ],
    ['with a missing query parameter does not fit', 'POST /sum/deployments/gpt/chat', '404 configuration/OperationNotFound'],
  ])('%s', async (_what, line, expected) => expect(await matched(line)).toBe(expected));

  it('gives 404 with the exact body when nothing matches, without a key being asked for', async () => {
    const answer = await gateway.call('GET /nowhere/at/all', {});
    expect(answer.body).toBe('{ "statusCode": 404, "message": "Resource not found" }');
    expect(answer.header('Content-Type')).toBe('application/json');
  });
});

describe('an API without operations', () => {
  it.each(['GET', 'PURGE', 'PROPFIND', 'X-MINE'])('takes %s', async (method) => {
    const policy =
      '<policies><inbound><set-header name="x-op" exists-action="override"><value>@(context.Operation.Id + " " + context.Operation.Method)</value></set-header><base /></inbound></policies>';
    const lone = running(load({ 'policy.xml': policy }, { backend: 'https://b.internal' }));
    expect((await lone.call(`${method} /a/b`)).status).toBe(200);
    expect(lone.sent.at(-1)).toBe(`${method} https://b.internal/a/b`);
    const { headers = [] } = lone.requests.at(-1) ?? {};
    expect(headers[headers.indexOf('x-op') + 1]).toBe(`${method === 'GET' ? 'get' : 'any'} ${method}`);
  });
});

describe('version', () => {
  it.each<[string, string, Readonly<Record<string, string>>, string]>([
    ['is a segment that is not forwarded', 'GET /seg/v1/x', {}, 'seg-v1:get:1:v1 GET seg.internal/base/x'],
    ['ignores case', 'GET /seg/V1/x', {}, 'seg-v1:get:1:v1 GET seg.internal/base/x'],
    ['left out gives the unversioned member', 'GET /seg/x', {}, 'seg:get:1: GET seg.internal/base/x'],
    ['left out gives 404 when there is none', 'GET /strict/x', {}, '404 configuration/OperationNotFound'],
    ['is a header', 'GET /byheader/x', { 'Api-Version': 'v2' }, 'head-v2:get:1:v2 GET byheader.internal/base/x'],
    ['in no header gives 404', 'GET /byheader/x', {}, '404 configuration/OperationNotFound'],
    ['in an unknown header value gives 404', 'GET /byheader/x', { 'Api-Version': 'v9' }, '404 configuration/OperationNotFound'],
    ['is a query parameter, which is forwarded', 'GET /byquery/x?v=v1', {}, 'query-v1:get:1:v1 GET byquery.internal/base/x?v=v1'],
    ['in no query parameter gives the unversioned member', 'GET /byquery/x', {}, 'query:get:1: GET byquery.internal/base/x'],
  ])('%s', async (_what, line, headers, expected) => expect(await matched(line, headers)).toBe(expected));
});

describe('revision', () => {
  it.each([
    ['current is reached without a suffix', 'GET /customers/leads/1?x=y', 'customers:get:1: GET customers.internal/base/leads/1?x=y id=1'],
    [
      'current is reached with its number, too',
      'GET /customers;rev=1/leads/1',
      'customers:get:1: GET customers.internal/base/leads/1 id=1',
    ],
    [
      'is reached by `;rev=`, which is not forwarded',
      'GET /customers;rev=3/leads/1?x=y',
      'customers:get:3: GET three.internal/leads/1?x=y id=1',
    ],
    ['has operations of its own', 'GET /customers;rev=3/news', 'customers:new:3: GET three.internal/news'],
    ['that is not current does not lend its operations', 'GET /customers/news', '404 configuration/OperationNotFound'],
    ['that is unknown gives 404', 'GET /customers;rev=9/leads/1', '404 configuration/OperationNotFound'],
    ['that is offline gives 404', 'GET /customers;rev=4/leads/1', '404 configuration/OperationNotFound'],
    ['stands behind the version segment', 'GET /seg/v1;rev=2/more', 'seg-v1:more:2:v1 GET seg-two.internal/more'],
    ['inherits path and version', 'GET /seg/v1;rev=2/x', 'seg-v1:get:2:v1 GET seg-two.internal/x'],
  ])('%s', async (_what, line, expected) => expect(await matched(line)).toBe(expected));
});

describe('SOAP', () => {
  const envelope = (name: string) =>
    `<s:Envelope xmlns:s="urn:s"><s:Header/><s:Body>\n<c:${name} xmlns:c="http://calc"><a>1</a></c:${name}></s:Body></s:Envelope>`;
  it.each<[string, string, Readonly<Record<string, string>>, string | undefined, string]>([
    [
      'action in the query',
      'POST /soap?soapAction=http%3A%2F%2Fcalc%2FAdd',
      {},
      undefined,
      'soap:add:1: POST soap.internal/base?soapAction=http%3A%2F%2Fcalc%2FAdd',
    ],
    ['action in the header', 'POST /soap', { SOAPAction: '"http://calc/Subtract"' }, undefined, 'soap:sub:1: POST soap.internal/base'],
    [
      'action of SOAP 1.2',
      'POST /soap',
      { 'Content-Type': 'application/soap+xml; charset=utf-8; action="http://calc/Add"' },
      undefined,
      'soap:add:1: POST soap.internal/base',
    ],
    ['first element of the body', 'POST /soap', {}, envelope('Subtract'), 'soap:sub:1: POST soap.internal/base'],
    ['unknown element', 'POST /soap', {}, envelope('Multiply'), '404 configuration/OperationNotFound'],
    ['nothing', 'POST /soap', {}, undefined, '404 configuration/OperationNotFound'],
  ])('tells calls apart by %s', async (_what, line, headers, body, expected) => {
    expect((await matched(line, headers, body)).replace('base/?', 'base?').replace(/base\/$/, 'base')).toBe(expected);
  });

  it('takes operations and address from a WSDL file', async () => {
    const wsdl = `<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" name="Calc">
<wsdl:portType name="P"><wsdl:operation name="Add"/></wsdl:portType>
<wsdl:binding name="B" type="P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<wsdl:operation name="Add"><soap:operation soapAction="urn:calc#Add"/></wsdl:operation></wsdl:binding>
<wsdl:service name="S"><wsdl:port name="Q" binding="B"><soap:address location="https://calc.internal/svc"/></wsdl:port></wsdl:service></wsdl:definitions>`;
    const { apis, problems } = load({
      'apis/calc/apiInformation.json': json({ path: 'calc', type: 'soap' }),
      'apis/calc/specification.wsdl': wsdl,
    });
    expect(problems).toEqual([]);
    expect(apis[0]?.info.serviceUrl?.toString()).toBe('https://calc.internal/svc');
    expect(apis[0]?.operations.map(({ info }) => `${info.id} ${info.method} ${info.urlTemplate}`)).toEqual([
      'Add POST /?soapAction=urn:calc#Add',
    ]);
  });
});

describe('kinds of APIs', () => {
  it('passes MCP calls on to the backend of an existing server', async () => {
    const mcp = running(
      load({
        'apis/tools/apiInformation.json': json({
          path: 'tools',
          type: 'mcp',
          subscriptionRequired: false,
          backendId: '/backends/server',
          mcpProperties: { endpoints: { mcp: { uriTemplate: '/mcp' } } },
        }),
        'backends/server/backendInformation.json': json({ url: 'https://mcp.internal/v1', credentials: { header: { 'x-key': ['k'] } } }),
      }),
    );
    for (const method of ['POST', 'GET', 'DELETE']) expect((await mcp.call(`${method} /tools/mcp`)).status).toBe(200);
    expect(mcp.sent).toEqual(['POST https://mcp.internal/v1/mcp', 'GET https://mcp.internal/v1/mcp', 'DELETE https://mcp.internal/v1/mcp']);
    expect(mcp.requests[0]?.headers).toContain('x-key');
    expect((await mcp.call('POST /tools/other')).status).toBe(404);
  });

  it.each([
    ['https://mcp.internal/v1', 'POST https://mcp.internal/v1/mcp'],
    ['https://mcp.internal/v1/mcp', 'POST https://mcp.internal/v1/mcp'],
  ])('passes MCP calls on to the service URL %s', async (serviceUrl, sent) => {
    const mcp = running(
      load({ 'apis/tools/apiInformation.json': json({ path: 'tools', type: 'mcp', subscriptionRequired: false, serviceUrl }) }),
    );
    expect((await mcp.call('POST /tools/mcp')).status).toBe(200);
    expect(mcp.sent).toEqual([sent]);
  });

  it('refuses what an MCP API may not be', () => {
    const problems = (facts: object, more: FileTexts = {}) =>
      load({ 'apis/t/apiInformation.json': json({ path: 't', type: 'mcp', ...facts }), ...more }).problems.map(({ code }) => code);
    expect(problems({})).toEqual(['PTC5120']);
    expect(problems({ backendId: 'b', mcpTools: [{ name: 'a' }] })).toContain('PTC5120');
    expect(problems({ serviceUrl: 'https://mcp.internal' })).toEqual([]);
    expect(
      problems(
        { backendId: 'b' },
        {
          'backends/b/backendInformation.json': json({ url: 'https://b' }),
          'apis/t/operations/x/operationInformation.json': json({ method: 'GET', urlTemplate: '/' }),
        },
      ),
    ).toEqual(['PTC5122']);
  });

  it('sends agent cards and JSON-RPC calls of A2A where they belong', async () => {
    const agent = running(
      load({
        'apis/agent/apiInformation.json': json({
          path: 'agents/weather',
          isAgent: true,
          subscriptionRequired: false,
          agent: { id: 'weather' },
          a2aProperties: { agentCardPath: '/.well-known/agent.json', agentCardBackendUrl: 'https://cards.internal/weather.json' },
          jsonRpcProperties: { backendUrl: 'https://rpc.internal/a2a', path: '/rpc' },
        }),
      }),
    );
    await agent.call('GET /agents/weather/.well-known/agent.json');
    await agent.call('POST /agents/weather/rpc?x=1');
    expect(agent.sent).toEqual(['GET https://cards.internal/weather.json', 'POST https://rpc.internal/a2a?x=1']);
  });

  it('answers 404 for a scheme that the API does not list, when asked to look', async () => {
    const files = {
      'apis/a/apiInformation.json': json({
        path: 'a',
        protocols: ['https'],
        subscriptionRequired: false,
        serviceUrl: 'https://a.internal',
      }),
    };
    expect((await running(load(files)).call('GET http://gateway.test/a/x')).status).toBe(200);
    const strict = running(load({ ...files, 'portico.yaml': 'settings: { check-protocols: true }' }));
    expect((await strict.call('GET http://gateway.test/a/x')).status).toBe(404);
    expect((await strict.call('GET https://gateway.test/a/x')).status).toBe(200);
  });
});
