/** MCP APIs whose tools are operations of other APIs: how they are read, what they show, and what a call of them becomes. */
import { describe, expect, it } from 'vitest';
import { Body } from '../../../src/exchange/body.ts';
import { Headers } from '../../../src/exchange/headers.ts';
import { Url } from '../../../src/exchange/url.ts';
import type { OutgoingRequest } from '../../../src/host/host.ts';
import { running } from '../running.ts';
import { type FileTexts, json, load, problemsOf } from '../support.ts';

const ORDERS = {
  openapi: '3.0.3',
  info: { title: 'Orders', version: '1' },
  paths: {
    '/orders/{id}': {
      get: {
        operationId: 'getOrder',
        summary: 'Get an order',
        description: 'Gives one order by its number.',
        parameters: [
          { name: 'id', in: 'path', required: true, description: 'Its number.', schema: { type: 'integer', minimum: 1 } },
          { name: 'expand', in: 'query', schema: { type: 'array', items: { type: 'string', enum: ['lines', 'customer'] } } },
          { name: 'X-Trace', in: 'header', schema: { type: 'string' } },
          { name: 'Authorization', in: 'header', schema: { type: 'string' } },
        ],
        responses: { 200: { description: 'OK' } },
      },
    },
    '/orders': {
      post: {
        operationId: 'createOrder',
        parameters: [{ name: 'dry', in: 'query', schema: { type: 'boolean' } }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
        responses: { 201: { description: 'Created' } },
      },
      put: {
        operationId: 'replaceAll',
        requestBody: { content: { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Order' } } } } },
        responses: { 204: { description: 'Done' } },
      },
    },
  },
  components: {
    schemas: {
      Order: {
        type: 'object',
        required: ['item'],
        properties: {
          item: { type: 'string', example: 'book' },
          note: { type: 'string', nullable: true },
          parent: { $ref: '#/components/schemas/Order' },
        },
      },
    },
  },
};

const tool = (name: string, operation: string, more: object = {}) => ({
  name,
  operationId: `/apis/orders/operations/${operation}`,
  ...more,
});

const FILES = (mcp: object = {}, more: FileTexts = {}): FileTexts => ({
  'apis/orders/apiInformation.json': json({ path: 'shop', displayName: 'Orders', serviceUrl: 'https://orders.internal/v1' }),
  'apis/orders/specification.json': JSON.stringify(ORDERS),
  'apis/tools/apiInformation.json': json({
    path: 'agents',
    displayName: 'Order tools',
    description: 'Look orders up.',
    type: 'mcp',
    subscriptionRequired: false,
    mcpTools: [
      tool('get_order', 'getOrder', { description: 'Finds an order.' }),
      tool('create-order', 'createorder'),
      tool('replace', 'replaceAll'),
    ],
    ...mcp,
  }),
  ...more,
});

interface Rpc {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

const JSON_TYPE = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };

/** One JSON-RPC call of the API at `/agents`. */
async function rpc(
  { call }: Pick<ReturnType<typeof running>, 'call'>,
  method: string,
  params?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Rpc> {
  const { body } = await call('POST /agents/mcp', { ...JSON_TYPE, ...headers }, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  return JSON.parse(body) as Rpc;
}

const called = (stage: ReturnType<typeof running>, name: string, given: object, headers?: Readonly<Record<string, string>>) =>
  rpc(stage, 'tools/call', { name, arguments: given }, headers);

const bodyOf = (request: OutgoingRequest | undefined) =>
  request?.body instanceof Uint8Array ? new TextDecoder().decode(request.body) : null;

describe('tools of an MCP API', () => {
  it('are shown with the schema of their operation', async () => {
    const { result } = await rpc(running(load(FILES())), 'tools/list');
    expect(result?.tools).toEqual([
      {
        name: 'get_order',
        title: 'Get an order',
        description: 'Finds an order.',
        inputSchema: {
          type: 'object',
          properties: {
            id: { type: 'integer', minimum: 1, description: 'Its number.' },
            expand: { type: 'array', items: { type: 'string', enum: ['lines', 'customer'] } },
            'X-Trace': { type: 'string' },
          },
          required: ['id'],
        },
      },
      {
        name: 'create-order',
        title: 'createOrder',
        description: 'createOrder',
        inputSchema: {
          type: 'object',
          properties: {
            dry: { type: 'boolean' },
            item: { type: 'string', examples: ['book'] },
            note: { type: ['string', 'null'] },
            parent: { $ref: '#/$defs/Order' },
          },
          required: ['item'],
          $defs: {
            Order: {
              type: 'object',
              required: ['item'],
              properties: {
                item: { type: 'string', examples: ['book'] },
                note: { type: ['string', 'null'] },
                parent: { $ref: '#/$defs/Order' },
              },
            },
          },
        },
      },
      {
        name: 'replace',
        title: 'replaceAll',
        description: 'replaceAll',
        inputSchema: {
          type: 'object',
          properties: { body: { type: 'array', items: { $ref: '#/$defs/Order' } } },
          required: ['body'],
          $defs: expect.objectContaining({ Order: expect.anything() }) as unknown,
        },
      },
    ]);
  });

  it.each([
    [
      'get_order',
      { id: 7, expand: ['lines', 'customer'], 'X-Trace': 'a' },
      'GET https://orders.internal/v1/orders/7?expand=lines&expand=customer',
      null,
    ],
    ['get_order', { id: '../admin?x' }, 'GET https://orders.internal/v1/orders/..%2Fadmin%3Fx', null],
    ['get_order', { id: '..' }, 'GET https://orders.internal/v1/orders/%2E%2E', null],
    ['create-order', { item: 'pen', dry: true }, 'POST https://orders.internal/v1/orders?dry=true', '{"item":"pen"}'],
    ['create-order', { body: { item: 'pen' } }, 'POST https://orders.internal/v1/orders', '{"item":"pen"}'],
    ['replace', { body: [{ item: 'a' }] }, 'PUT https://orders.internal/v1/orders', '[{"item":"a"}]'],
  ])('make a request of their arguments: %s %j', async (name, given, sent, body) => {
    const stage = running(load(FILES()));
    expect((await called(stage, name, given)).error).toBeUndefined();
    expect(stage.sent).toEqual([sent]);
    expect(bodyOf(stage.requests[0])).toBe(body);
  });

  it.each([
    ['getOrder of nobody', 'nobody', {}, -32602, 'Unknown tool: nobody'],
    ['without what must be there', 'get_order', {}, -32602, 'Invalid params: Missing required argument: id'],
    ['with what is not known', 'get_order', { id: 1, colour: 'red' }, -32602, 'Invalid params: Unknown argument: colour'],
    ['with a list in place of arguments', 'get_order', [], -32602, 'Invalid params: `arguments` must be an object'],
  ])('are refused %s', async (_name, name, given, code, message) => {
    const stage = running(load(FILES()));
    expect((await called(stage, name, given)).error).toEqual({ code, message });
    expect(stage.sent).toEqual([]);
  });

  it('tell the model what is missing since 2025-11-25', async () => {
    const { result } = await called(running(load(FILES())), 'get_order', {}, { 'MCP-Protocol-Version': '2025-11-25' });
    expect(result).toEqual({ content: [{ type: 'text', text: 'Missing required argument: id' }], isError: true });
  });

  it('run through the policies of the MCP API and then of the operation', async () => {
    const mark = (name: string) =>
      `<policies><inbound><base /><set-header name="X-Path" exists-action="append"><value>${name}</value></set-header></inbound><backend><base /></backend><outbound><base /></outbound></policies>`;
    const stage = running(
      load(
        FILES(
          {},
          {
            'policy.xml':
              '<policies><inbound><set-header name="X-Path" exists-action="append"><value>global</value></set-header></inbound><backend><forward-request /></backend><outbound /></policies>',
            'apis/tools/policy.xml': mark('mcp'),
            'apis/orders/policy.xml': mark('orders'),
            'apis/orders/operations/getOrder/policy.xml': mark('@(context.Operation.Id + context.Request.MatchedParameters["id"])'),
          },
        ),
      ),
    );
    await called(stage, 'get_order', { id: 5 });
    const headers = stage.requests[0]?.headers ?? [];
    expect(headers[headers.indexOf('X-Path') + 1]).toBe('global,mcp,global,orders,getOrder5');
  });

  it('pass headers on, but for those of the conversation and the token of the MCP server', async () => {
    const stage = running(load(FILES()));
    await called(stage, 'get_order', { id: 1 }, { Authorization: 'Bearer t', 'X-Tenant': 'a', 'Mcp-Session-Id': 's', Origin: 'https://o' });
    const names = (stage.requests[0]?.headers ?? []).filter((_value, at) => at % 2 === 0);
    expect(names).toEqual(['Host', 'X-Tenant']);
    const forwarding = running(
      load(
        FILES(
          {},
          {
            'apis/tools/policy.xml':
              '<policies><inbound><set-header name="Authorization" exists-action="override"><value>@(context.Request.Headers.GetValueOrDefault("Authorization"))</value></set-header></inbound></policies>',
          },
        ),
      ),
    );
    await called(forwarding, 'get_order', { id: 1 }, { Authorization: 'Bearer t' });
    expect(forwarding.requests[0]?.headers).toContain('Bearer t');
  });

  it('ask for the key of the MCP API only', async () => {
    const files = FILES(
      { subscriptionRequired: true },
      { 'portico.yaml': 'subscriptions: [{ id: a, primary-key: k1, scope: /apis/tools }]' },
    );
    const stage = running(load(files));
    const refused = await stage.call('POST /agents/mcp', JSON_TYPE, '{}');
    expect(refused.status).toBe(401);
    const { result } = await called(stage, 'get_order', { id: 1 }, { 'Ocp-Apim-Subscription-Key': 'k1' });
    expect([result?.isError, stage.sent.length]).toEqual([undefined, 1]);
  });

  it('leave what their policies decide about the caller with the call', async () => {
    const check =
      '<policies><inbound><validate-jwt header-name="X-Token"><issuer-signing-keys><key>c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I=</key></issuer-signing-keys></validate-jwt></inbound></policies>';
    const { engine } = running(load(FILES({}, { 'apis/orders/policy.xml': check })));
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get_order', arguments: { id: 1 } } };
    const exchange = await engine.run({
      method: 'POST',
      url: new Url('https', 'gateway.test', 443, '/agents/mcp', ''),
      headers: new Headers(Object.entries(JSON_TYPE).flat()),
      body: Body.text(JSON.stringify(message)),
    });
    expect(exchange.decisions).toEqual([expect.objectContaining({ policy: 'validate-jwt' })]);
  });

  it('show a refusal of the operation as an error of the tool', async () => {
    const stage = running(
      load(
        FILES(
          {},
          {
            'apis/orders/policy.xml':
              '<policies><inbound><ip-filter action="allow"><address>10.0.0.1</address></ip-filter></inbound></policies>',
          },
        ),
      ),
    );
    const { result } = await called(stage, 'get_order', { id: 1 });
    expect(result).toEqual({
      content: [{ type: 'text', text: expect.stringContaining('"statusCode": 403') as unknown }],
      structuredContent: expect.objectContaining({ statusCode: 403 }) as unknown,
      isError: true,
    });
  });
});

describe('tools in a directory', () => {
  const problems = (mcpTools: unknown, more: FileTexts = {}) =>
    problemsOf(FILES({ mcpTools }, more)).map((line) => line.replace(/^apis\/tools\/apiInformation\.json:1:(\d+) /, ''));

  it.each([
    ['a missing operation', [tool('a', 'getOrders')], 'PTC5140 API `orders` has no operation `getOrders`'],
    ['a missing API', [{ name: 'a', operationId: '/apis/order/operations/x' }], 'PTC5141 API `order` of this tool is not in the directory'],
    ['no reference', [{ name: 'a', operationId: 'getOrder' }], 'PTC5142 `getOrder` names no operation'],
    [
      'an MCP API',
      [{ name: 'a', operationId: '/apis/tools/operations/x' }],
      'PTC5143 API `tools` is of type `mcp`, whose operations cannot be tools',
    ],
    ['a name with blanks', [tool('a b', 'getOrder')], 'PTC5144 `a b` is no name of a tool'],
    ['two of a name', [tool('a', 'getOrder'), tool('a', 'createOrder')], 'PTC5145 there are two tools named `a`'],
    [
      'too much to say',
      [tool('a', 'getOrder', { description: 'x'.repeat(1001) })],
      'PTC5146 the description of a tool has 1001 characters',
    ],
    ['no name', [{ operationId: '/apis/orders/operations/getOrder' }], 'PTC5004 `properties.mcpTools[0].name` is missing'],
    ['no operation', [{ name: 'a' }], 'PTC5004 `properties.mcpTools[0].operationId` is missing'],
  ])('are refused with %s', (_name, tools, expected) => {
    expect(problems(tools)).toEqual([expected]);
  });

  it('have their place in the file', () => {
    const text = JSON.stringify({ properties: { path: 'agents', type: 'mcp', mcpTools: [tool('a', 'getOrdr')] } }, undefined, 2);
    expect(problemsOf({ ...FILES(), 'apis/tools/apiInformation.json': text })).toEqual([
      'apis/tools/apiInformation.json:8:24 PTC5140 API `orders` has no operation `getOrdr`',
    ]);
  });

  it('may be resources of their own, and name full ids', async () => {
    const stage = running(
      load({
        ...FILES({ mcpTools: undefined }),
        'apis/tools/tools/find/toolInformation.json': json({
          displayName: 'find',
          operationId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/x/apis/orders/operations/getOrder',
        }),
      }),
    );
    expect((await called(stage, 'find', { id: 3 })).error).toBeUndefined();
    expect(stage.sent).toEqual(['GET https://orders.internal/v1/orders/3']);
  });

  it('may have parameters named as what every object has', async () => {
    const stage = running(
      load({
        'apis/a/apiInformation.json': json({ path: 'a', serviceUrl: 'https://a.internal' }),
        'apis/a/operations/read/operationInformation.json': json({ method: 'GET', urlTemplate: '/{constructor}' }),
        'apis/tools/apiInformation.json': json({
          path: 'agents',
          type: 'mcp',
          subscriptionRequired: false,
          mcpTools: [{ name: 'read', operationId: '/apis/a/operations/read' }],
        }),
      }),
    );
    expect((await called(stage, 'read', {})).error?.message).toBe('Invalid params: Missing required argument: constructor');
    expect((await called(stage, 'read', { constructor: 'x' })).error).toBeUndefined();
    expect(stage.sent).toEqual(['GET https://a.internal/x']);
  });

  it('take parameters from the template of an operation without a definition', async () => {
    const stage = running(
      load({
        'apis/files/apiInformation.json': json({ path: 'files', serviceUrl: 'https://files.internal' }),
        'apis/files/operations/read/operationInformation.json': json({
          method: 'GET',
          urlTemplate: '/{*path}?api-version={version}&fixed=1',
        }),
        'apis/tools/apiInformation.json': json({
          path: 'agents',
          type: 'mcp',
          subscriptionRequired: false,
          mcpTools: [{ name: 'read', operationId: '/apis/files/operations/read' }],
        }),
      }),
    );
    const { result } = await rpc(stage, 'tools/list');
    expect(result?.tools).toEqual([
      expect.objectContaining({
        inputSchema: {
          type: 'object',
          properties: { path: { type: 'string' }, version: { type: 'string' } },
          required: ['path', 'version'],
        },
      }),
    ]);
    await called(stage, 'read', { path: 'a b/../c', version: '2' });
    expect(stage.sent).toEqual(['GET https://files.internal/a%20b/%2E%2E/c?fixed=1&api-version=2']);
  });
});
