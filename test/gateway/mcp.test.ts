/** MCP on real sockets: the transport's rules for tools served here, and existing servers and agents that calls are passed on to. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ordersApi, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

const inner = (inbound: string, outbound = '') =>
  `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base />${outbound}</outbound></policies>`;

const api = (properties: object) => JSON.stringify({ properties });

const tools = (more: object = {}) =>
  api({
    path: 'agents',
    displayName: 'Order tools',
    type: 'mcp',
    subscriptionRequired: false,
    mcpTools: [
      { name: 'get_order', operationId: '/apis/orders/operations/get-order' },
      { name: 'post_order', operationId: '/apis/orders/operations/post-order' },
    ],
    ...more,
  });

/** A gateway with tools over a backend that answers as told. */
async function served(
  answer: (request: IncomingMessage, response: ServerResponse) => void = (request, response) =>
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ path: request.url })),
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const serviceUrl = await stage.backend(answer);
  const running = await stage.gateway({
    ...ordersApi('', { serviceUrl, subscriptionRequired: true }),
    'apis/tools/apiInformation.json': tools(),
    ...files,
  });
  return `${running.address}/agents/mcp`;
}

interface Said {
  readonly status: number;
  readonly type: string | null;
  readonly body: unknown;
  readonly text: string;
}

async function say(url: string, message: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Said> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  });
  const text = await response.text();
  const type = response.headers.get('content-type');
  return { status: response.status, type, text, body: type === 'application/json' ? JSON.parse(text) : undefined };
}

const request = (method: string, params?: object, id: unknown = 1) => ({ jsonrpc: '2.0', id, method, ...(params ? { params } : {}) });
const initialize = (protocolVersion: string) =>
  request('initialize', { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } });
const failed = (code: number, message: string, id: unknown = null) => ({ jsonrpc: '2.0', id, error: { code, message } });

describe('an MCP server made of operations', () => {
  it('goes through a whole conversation', async () => {
    const url = await served();
    const hello = await say(url, initialize('2025-06-18'));
    expect(hello).toMatchObject({ status: 200, type: 'application/json' });
    expect(hello.body).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: {
        protocolVersion: '2025-06-18',
        capabilities: { tools: { listChanged: false } },
        serverInfo: { name: 'Order tools', version: '1' },
      },
    });
    const version = { 'MCP-Protocol-Version': '2025-06-18' };
    expect(await say(url, { jsonrpc: '2.0', method: 'notifications/initialized' }, version)).toMatchObject({ status: 202, text: '' });
    expect((await say(url, request('ping', undefined, 'p'), version)).body).toEqual({ jsonrpc: '2.0', id: 'p', result: {} });
    expect((await say(url, request('tools/list'), version)).body).toMatchObject({
      result: { tools: [{ name: 'get_order' }, { name: 'post_order' }] },
    });
    expect((await say(url, request('tools/call', { name: 'get_order', arguments: { id: 'a b' } }, 7), version)).body).toEqual({
      jsonrpc: '2.0',
      id: 7,
      result: { content: [{ type: 'text', text: '{"path":"/a%20b"}' }], structuredContent: { path: '/a%20b' } },
    });
  });

  it.each([
    ['2025-11-25', '2025-11-25'],
    ['2025-03-26', '2025-03-26'],
    ['2024-11-05', '2024-11-05'],
    ['2026-07-28', '2025-11-25'],
    ['1.0', '2025-11-25'],
  ])('agrees on a version: %s is answered with %s', async (asked, answered) => {
    expect((await say(await served(), initialize(asked))).body).toMatchObject({ result: { protocolVersion: answered } });
  });

  it.each([
    ['text that is no JSON', '{"jsonrpc":', {}, 400, failed(-32700, 'Parse error: Invalid JSON')],
    ['no text at all', '', {}, 400, failed(-32700, 'Parse error: Invalid JSON')],
    ['a number', '7', {}, 400, failed(-32600, 'Invalid Request: a message is an object')],
    ['another JSON-RPC', { jsonrpc: '1.0', id: 3, method: 'ping' }, {}, 400, failed(-32600, 'Invalid Request: `jsonrpc` must be "2.0"', 3)],
    ['no method', { jsonrpc: '2.0', id: 3 }, {}, 400, failed(-32600, 'Invalid Request: `method` must be a string', 3)],
    ['null as an id', request('ping', undefined, null), {}, 400, failed(-32600, 'Invalid Request: `id` must be a string or an integer')],
    [
      'params that are text',
      { ...request('ping'), params: 'x' },
      {},
      400,
      failed(-32600, 'Invalid Request: `params` must be an object', 1),
    ],
    ['a method that is none', request('prompts/list'), {}, 200, failed(-32601, 'Method not found: prompts/list', 1)],
    ['a cursor that nobody gave', request('tools/list', { cursor: 'x' }), {}, 200, failed(-32602, 'Invalid params: unknown cursor', 1)],
    ['a tool that is none', request('tools/call', { name: 'x' }), {}, 200, failed(-32602, 'Unknown tool: x', 1)],
    ['no version to agree on', request('initialize', {}), {}, 200, failed(-32602, 'Invalid params: `protocolVersion` must be a string', 1)],
    [
      'a version that is not known',
      request('ping'),
      { 'MCP-Protocol-Version': '2026-07-28' },
      400,
      failed(
        -32000,
        'Bad Request: Unsupported protocol version: 2026-07-28 (supported versions: 2025-11-25, 2025-06-18, 2025-03-26, 2024-11-05)',
      ),
    ],
    [
      'another content type',
      'a=b',
      { 'Content-Type': 'text/plain' },
      415,
      failed(-32000, 'Unsupported Media Type: Content-Type must be application/json'),
    ],
    [
      'an answer that is not taken',
      request('ping'),
      { Accept: 'text/html' },
      406,
      failed(-32000, 'Not Acceptable: Client must accept application/json or text/event-stream'),
    ],
    [
      'a batch since 2025-06-18',
      [request('ping')],
      { 'MCP-Protocol-Version': '2025-06-18' },
      400,
      failed(-32600, 'Invalid Request: batches are not part of protocol version 2025-06-18'),
    ],
    ['an empty batch', [], {}, 400, failed(-32600, 'Invalid Request: the batch is empty')],
    [
      'a batch of many',
      new Array(51).fill(request('ping')),
      {},
      400,
      failed(-32600, 'Invalid Request: the batch has more than 50 messages'),
    ],
  ])('answers %s', async (_name, message, headers, status, body) => {
    expect(await say(await served(), message, headers)).toMatchObject({ status, body });
  });

  it('answers a batch of the version that had them, and nothing to what asks for nothing', async () => {
    const url = await served();
    const silent = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
    expect((await say(url, [request('ping', undefined, 'a'), silent, 5, request('none', undefined, 'b')])).body).toEqual([
      { jsonrpc: '2.0', id: 'a', result: {} },
      failed(-32600, 'Invalid Request: a message is an object'),
      failed(-32601, 'Method not found: none', 'b'),
    ]);
    expect(await say(url, [silent, silent])).toMatchObject({ status: 202, text: '' });
    expect(await say(url, { jsonrpc: '2.0', id: 4, result: {} })).toMatchObject({ status: 202, text: '' });
  });

  it('has no stream to listen to and no session to end', async () => {
    const url = await served();
    for (const method of ['GET', 'DELETE']) {
      const answer = await fetch(url, { method, headers: { Accept: 'text/event-stream' } });
      expect([answer.status, answer.headers.get('allow'), answer.headers.get('mcp-session-id')]).toEqual([405, 'POST', null]);
    }
    expect((await fetch(url, { method: 'PUT' })).status).toBe(404);
  });

  it('answers as an event stream when nothing else is taken', async () => {
    const { type, text } = await say(await served(), request('ping'), { Accept: 'text/event-stream' });
    expect([type, text]).toEqual(['text/event-stream', 'event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n']);
  });

  it.each([
    ['text', 'text/plain', 'hello', 200, { content: [{ type: 'text', text: 'hello' }] }],
    ['a list', 'application/json', '[1]', 200, { content: [{ type: 'text', text: '[1]' }] }],
    ['an error', 'text/plain', 'not here', 404, { content: [{ type: 'text', text: 'not here' }], isError: true }],
    ['nothing', undefined, '', 204, { content: [{ type: 'text', text: '204 No Content' }] }],
    ['an empty error', undefined, '', 503, { content: [{ type: 'text', text: '503 Service Unavailable' }], isError: true }],
    ['a picture', 'image/png', '\x89PNG', 200, { content: [{ type: 'image', data: 'wolQTkc=', mimeType: 'image/png' }] }],
  ])('gives %s as content', async (_name, type, body, status, result) => {
    const url = await served((_request, response) => response.writeHead(status, type ? { 'Content-Type': type } : {}).end(body));
    expect((await say(url, request('tools/call', { name: 'get_order', arguments: { id: 1 } }))).body).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result,
    });
  });

  it('gives other bytes as a resource with the URL of the operation', async () => {
    const url = await served((_request, response) => response.writeHead(200, { 'Content-Type': 'application/pdf' }).end('%PDF'));
    expect((await say(url, request('tools/call', { name: 'get_order', arguments: { id: 1 } }))).body).toMatchObject({
      result: {
        content: [
          { type: 'resource', resource: { uri: url.replace('agents/mcp', 'orders/1'), mimeType: 'application/pdf', blob: 'JVBERg==' } },
        ],
      },
    });
  });

  it('runs the policies of its API at each call, limits among them', async () => {
    const limit = '<rate-limit-by-key calls="2" renewal-period="60" counter-key="@(context.Request.IpAddress)" />';
    const url = await served(undefined, {
      'apis/tools/policy.xml': inner(limit, '<set-header name="X-Out"><value>1</value></set-header>'),
    });
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await say(url, request('ping'))).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('counts the limits of an operation for the tool alone', async () => {
    const limit = '<rate-limit-by-key calls="1" renewal-period="60" counter-key="all" />';
    const url = await served(undefined, { 'apis/orders/policy.xml': inner(limit) });
    const call = () => say(url, request('tools/call', { name: 'get_order', arguments: { id: 1 } }));
    expect((await call()).body).toMatchObject({ result: { content: [{ text: '{"path":"/1"}' }] } });
    expect((await call()).body).toMatchObject({ result: { isError: true, structuredContent: { statusCode: 429 } } });
    expect((await say(url, request('ping'))).body).toMatchObject({ result: {} });
  });

  it('breaks the call of the operation off when the caller goes', async () => {
    let gone: () => void = () => {};
    const closed = new Promise<void>((resolve) => (gone = resolve));
    let reached: () => void = () => {};
    const begun = new Promise<void>((resolve) => (reached = resolve));
    const url = await served((_request, response) => {
      response.on('close', gone);
      reached();
    });
    const control = new AbortController();
    const call = fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request('tools/call', { name: 'get_order', arguments: { id: 1 } })),
      signal: control.signal,
    });
    await begun;
    control.abort();
    await expect(call).rejects.toThrow();
    await closed;
  });
});

describe('an existing MCP server', () => {
  /** A server of streamable HTTP with sessions: the first event of a stream comes at once, the second when told. */
  async function existing(inbound = ''): Promise<{ url: string; seen: IncomingMessage[]; goOn: () => void }> {
    const seen: IncomingMessage[] = [];
    let goOn: () => void = () => {};
    const url = await stage.backend((got, response) => {
      seen.push(got);
      if (got.method === 'DELETE') return void response.writeHead(204).end();
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Mcp-Session-Id': 's-1' });
      response.write('event: message\ndata: {"n":1}\n\n');
      goOn = () => response.end('event: message\ndata: {"n":2}\n\n');
      if (got.method === 'POST') goOn();
    });
    const running = await stage.gateway({
      'apis/remote/apiInformation.json': api({
        path: 'remote',
        type: 'mcp',
        subscriptionRequired: false,
        backendId: '/backends/server',
        mcpProperties: { endpoints: { mcp: { uriTemplate: '/mcp' } } },
      }),
      'apis/remote/policy.xml': inner(inbound),
      'backends/server/backendInformation.json': api({ url: `${url}/v1`, credentials: { header: { 'x-api-key': ['k'] } } }),
    });
    return { url: `${running.address}/remote/mcp`, seen, goOn: () => goOn() };
  }

  it('gets session and version headers, and gives its session back', async () => {
    const { url, seen } = await existing();
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Mcp-Session-Id': 's-0', 'MCP-Protocol-Version': '2025-06-18', 'Last-Event-ID': '4' },
      body: JSON.stringify(request('tools/list')),
    });
    expect([answer.headers.get('mcp-session-id'), await answer.text()]).toEqual(['s-1', expect.stringContaining('{"n":2}')]);
    expect(seen[0]?.url).toBe('/v1/mcp');
    expect(seen[0]?.headers).toMatchObject({
      'mcp-session-id': 's-0',
      'mcp-protocol-version': '2025-06-18',
      'last-event-id': '4',
      'x-api-key': 'k',
    });
    expect((await fetch(url, { method: 'DELETE', headers: { 'Mcp-Session-Id': 's-1' } })).status).toBe(204);
  });

  it('has its events handed on one by one', async () => {
    const { url, goOn } = await existing();
    const answer = await fetch(url, { headers: { Accept: 'text/event-stream' } });
    const reader = answer.body?.getReader();
    const chunk = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect(await chunk()).toBe('event: message\ndata: {"n":1}\n\n');
    goOn();
    expect(await chunk()).toBe('event: message\ndata: {"n":2}\n\n');
  });

  it('is guarded by limits that look into the call', async () => {
    const key = '@((string)context.Request.Body.As<JObject>(preserveContent: true)["method"])';
    const { url, seen } = await existing(`<rate-limit-by-key calls="1" renewal-period="60" counter-key='${key}' />`);
    const statuses = [];
    for (const method of ['tools/list', 'tools/list', 'ping']) statuses.push((await say(url, request(method))).status);
    expect([statuses, seen.length]).toEqual([[200, 429, 200], 2]);
  });
});

describe('an A2A agent', () => {
  const CARD = {
    name: 'Weather',
    url: 'https://agent.internal/a2a',
    preferredTransport: 'GRPC',
    additionalInterfaces: [
      { url: 'https://agent.internal/grpc', transport: 'GRPC' },
      { url: 'https://agent.internal/a2a', transport: 'JSONRPC' },
    ],
    securitySchemes: { oauth: { type: 'oauth2', flows: {} } },
    security: [{ oauth: ['read'] }],
    signatures: [{ protected: 'x', signature: 'y' }],
    skills: [{ id: 's' }],
  };

  async function agent(card: object, more: object = {}, policy = inner('')): Promise<string> {
    const backend = await stage.backend((got, response) => {
      const { url, method } = got;
      if (url === '/card.json') {
        const text = JSON.stringify(card);
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': text.length, ETag: '"1"' }).end(text);
      } else response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end(`data: ${method} ${url}\n\n`);
    });
    const running = await stage.gateway({
      'apis/weather/apiInformation.json': api({
        path: 'agents/weather',
        type: 'a2a',
        isAgent: true,
        agent: { id: 'weather' },
        a2aProperties: { agentCardPath: '/.well-known/agent-card.json', agentCardBackendUrl: `${backend}/card.json` },
        jsonRpcProperties: { backendUrl: `${backend}/a2a`, path: '/' },
        ...more,
      }),
      'apis/weather/policy.xml': policy,
      'portico.yaml': 'subscriptions: [{ id: a, primary-key: k1 }]\n',
    });
    return `${running.address}/agents/weather`;
  }

  const KEY = { 'Ocp-Apim-Subscription-Key': 'k1' };
  const cardOf = async (url: string) => (await fetch(`${url}/.well-known/agent-card.json`, { headers: KEY })).json();

  it('shows a card with the address, the interface and the key of the gateway', async () => {
    const url = await agent(CARD);
    const answer = await fetch(`${url}/.well-known/agent-card.json`, { headers: KEY });
    expect([answer.headers.get('etag'), await answer.json()]).toEqual([
      null,
      {
        name: 'Weather',
        url,
        preferredTransport: 'JSONRPC',
        additionalInterfaces: [{ url, transport: 'JSONRPC' }],
        securitySchemes: {
          oauth: { type: 'oauth2', flows: {} },
          apimSubscriptionKey: { type: 'apiKey', in: 'header', name: 'Ocp-Apim-Subscription-Key' },
        },
        security: [{ oauth: ['read'], apimSubscriptionKey: [] }],
        skills: [{ id: 's' }],
      },
    ]);
  });

  it('shows a card of version 1.0 with its only interface', async () => {
    const url = await agent({
      name: 'W',
      supportedInterfaces: [
        { url: 'https://a/grpc', protocolBinding: 'GRPC', protocolVersion: '1.0' },
        { url: 'https://a/rpc', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
      ],
    });
    expect(await cardOf(url)).toEqual({
      name: 'W',
      supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
      securitySchemes: { apimSubscriptionKey: { apiKeySecurityScheme: { location: 'header', name: 'Ocp-Apim-Subscription-Key' } } },
      securityRequirements: [{ schemes: { apimSubscriptionKey: { list: [] } } }],
    });
  });

  it('says nothing of keys where none is asked for, and lets outbound see the card', async () => {
    const show = '<set-header name="X-Url"><value>@((string)context.Response.Body.As<JObject>(true)["url"])</value></set-header>';
    const url = await agent({ url: 'http://a' }, { subscriptionRequired: false }, inner('', show));
    const answer = await fetch(`${url}/.well-known/agent-card.json`);
    expect([answer.headers.get('x-url'), await answer.json()]).toEqual([url, { url, preferredTransport: 'JSONRPC' }]);
  });

  it('has its JSON-RPC calls passed on, and asks for the key', async () => {
    const url = await agent(CARD);
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401);
    const answer = await fetch(url, { method: 'POST', body: '{}', headers: KEY });
    expect(await answer.text()).toBe('data: POST /a2a\n\n');
    expect((await fetch(`${url}/tasks`, { headers: KEY })).status).toBe(404);
  });
});
