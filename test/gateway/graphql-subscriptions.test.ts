/** GraphQL subscriptions over WebSocket: events of resolvers for synthetic APIs, looked-at messages for those of a service. */
import { createHash } from 'node:crypto';
import { WebSocket } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { MessageSocket } from '../../src/gateway/websocket-messages.ts';
import { policy, raw, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

const SCHEMA = `type Query { film(id: ID!): Film }
type Mutation { rename(id: ID!, title: String!): Film }
type Subscription { onRenamed: Film  onDeleted: Film }
type Film { id: ID  title: String  secret: String  likes: Int }
`;

const api = (more: object = {}) =>
  JSON.stringify({
    properties: { path: 'films', type: 'graphql', subscriptionRequired: false, ...more },
  });

const inner = (inbound: string) =>
  `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base /></outbound></policies>`;

const resolver = (url: string, more = '') =>
  `<http-data-source><http-request><set-method>GET</set-method><set-url>${url}</set-url></http-request><http-response>${more}</http-response></http-data-source>`;

const PUBLISH = '<publish-event><targets><graphql-subscription id="onRenamed" /></targets></publish-event>';

interface Socket {
  send(message: object | string): void;
  /** The next message, or `[code, reason]` of the end. */
  next(): Promise<unknown>;
  readonly socket: WebSocket;
}

/** A client of one connection. */
async function connect(url: string, protocols: readonly string[] = ['graphql-transport-ws']): Promise<Socket> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), [...protocols]);
  stage.after(() => socket.close());
  const come: unknown[] = [];
  const waiting: ((value: unknown) => void)[] = [];
  const give = (value: unknown) => (waiting.shift() ?? ((one) => come.push(one)))(value);
  socket.addEventListener('message', ({ data }) => give(JSON.parse(String(data))));
  socket.addEventListener('close', ({ code, reason }) => give([code, reason]));
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  return {
    socket,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: () => (come.length > 0 ? Promise.resolve(come.shift()) : new Promise((resolve) => waiting.push(resolve))),
  };
}

async function greeted(url: string): Promise<Socket> {
  const client = await connect(url);
  client.send({ type: 'connection_init' });
  expect(await client.next()).toEqual({ type: 'connection_ack' });
  return client;
}

const subscribe = (query: string, id = '1') => ({ id, type: 'subscribe', payload: { query } });

/** A synthetic API: a mutation that publishes, and a field with a resolver of its own. */
async function synthetic(inbound = '', more: object = {}): Promise<{ url: string; mutate(title: string): Promise<unknown> }> {
  const backend = await stage.backend((request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(
      request.url === '/likes' ? '42' : JSON.stringify({ id: '3', title: decodeURIComponent(request.url?.slice(1) ?? ''), secret: 's' }),
    );
  });
  const running = await stage.gateway({
    'apis/films/apiInformation.json': api(more),
    'apis/films/specification.graphql': SCHEMA,
    'apis/films/policy.xml': inner(inbound),
    'apis/films/resolvers/rename/resolverInformation.json': '{"properties":{"path":"Mutation/rename"}}',
    'apis/films/resolvers/rename/policy.xml': resolver(`@("${backend}/" + context.GraphQL.Arguments["title"])`, PUBLISH),
    'apis/films/resolvers/likes/resolverInformation.json': '{"properties":{"path":"Film/likes"}}',
    'apis/films/resolvers/likes/policy.xml': resolver(`${backend}/likes`),
    'portico.yaml': 'subscriptions: [{ id: a, primary-key: k1 }]\n',
  });
  const url = `${running.address}/films`;
  const mutate = async (title: string) => {
    const query = `mutation { rename(id: 3, title: "${title}") { title } }`;
    const headers = { 'Content-Type': 'application/json', 'Ocp-Apim-Subscription-Key': 'k1' };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
  };
  return { url, mutate };
}

describe('a synthetic API', () => {
  it('gives subscribers what resolvers publish, through the resolvers of its fields', async () => {
    const { url, mutate } = await synthetic();
    const [one, two] = [await greeted(url), await greeted(url)];
    one.send(subscribe('subscription { changed: onRenamed { id title likes } }'));
    two.send(subscribe('subscription { onDeleted { id } }', 'd'));
    two.send(subscribe('subscription S { ...F } fragment F on Subscription { onRenamed { title } }', 'r'));
    one.send({ type: 'ping' });
    two.send({ type: 'ping' });
    expect([await one.next(), await two.next()]).toEqual([{ type: 'pong' }, { type: 'pong' }]);
    expect(await mutate('Alien')).toEqual({ data: { rename: { title: 'Alien' } } });
    expect(await one.next()).toEqual({ id: '1', type: 'next', payload: { data: { changed: { id: '3', title: 'Alien', likes: 42 } } } });
    expect(await two.next()).toEqual({ id: 'r', type: 'next', payload: { data: { onRenamed: { title: 'Alien' } } } });
    two.send({ id: 'r', type: 'complete' });
    two.send({ type: 'ping' });
    expect(await two.next()).toEqual({ type: 'pong' });
    await mutate('Brazil');
    expect(await one.next()).toMatchObject({ payload: { data: { changed: { title: 'Brazil' } } } });
    two.send({ type: 'ping' });
    expect(await two.next()).toEqual({ type: 'pong' });
  });

  it.each([
    ['query { film(id: 1) { id } }', [{ message: 'Queries and mutations are not accepted over a WebSocket connection.' }]],
    ['mutation { rename(id: 1, title: "x") { id } }', [{ message: 'Queries and mutations are not accepted over a WebSocket connection.' }]],
    ['subscription { onRenamed { age } }', [expect.objectContaining({ message: 'Cannot query field "age" on type "Film".' })]],
    [
      'subscription { onRenamed { id } onDeleted { id } }',
      [expect.objectContaining({ message: 'Anonymous Subscription must select only one top level field.' })],
    ],
    ['subscription {', [expect.objectContaining({ message: 'Syntax Error: Expected Name, found <EOF>.' })]],
  ])('refuses %s', async (query, payload) => {
    const client = await greeted((await synthetic()).url);
    client.send(subscribe(query));
    expect(await client.next()).toEqual({ id: '1', type: 'error', payload });
    client.send({ type: 'ping' });
    expect(await client.next()).toEqual({ type: 'pong' });
  });

  it.each<[string, readonly (object | string)[], readonly [number, string]]>([
    ['no greeting', [subscribe('subscription { onRenamed { id } }')], [4401, 'Unauthorized']],
    ['two greetings', [{ type: 'connection_init' }, { type: 'connection_init' }], [4429, 'Too many initialisation requests']],
    ['text that is no JSON', ['{'], [4400, 'Invalid message']],
    ['another kind of message', [{ type: 'start', id: '1' }], [4400, 'Invalid message']],
    ['no id', [{ type: 'connection_init' }, { type: 'subscribe', payload: {} }], [4400, 'Invalid message: `subscribe` needs an `id`']],
    [
      'an id twice',
      [{ type: 'connection_init' }, subscribe('subscription { onRenamed { id } }'), subscribe('subscription { onRenamed { id } }')],
      [4409, 'Subscriber for 1 already exists'],
    ],
    ['a message that is too large', ['x'.repeat(1024 * 1024 + 1)], [1009, 'the message is too large']],
  ])('ends the connection at %s', async (_name, messages, end) => {
    const client = await connect((await synthetic()).url);
    for (const message of messages) client.send(message);
    let last = await client.next();
    while (!Array.isArray(last)) last = await client.next();
    expect(last).toEqual(end);
  });

  it('ends a connection that speaks another protocol', async () => {
    const client = await connect((await synthetic()).url, []);
    expect(await client.next()).toEqual([4406, 'Subprotocol not acceptable']);
  });

  it('asks for the key, and runs policies of inbound, before it agrees', async () => {
    const { url } = await synthetic('<check-header name="X-Never" failed-check-httpcode="403" failed-check-error-message="no" />', {
      subscriptionRequired: true,
    });
    const ask = (path: string) =>
      raw(
        url,
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      );
    expect(await ask('/films')).toMatch(/^HTTP\/1\.1 401 /);
    expect(await ask('/films?subscription-key=k1')).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('checks each subscription as validate-graphql-request checks a request', async () => {
    const rule =
      '<validate-graphql-request max-depth="2"><authorize><rule path="/Film/secret" action="remove" /><rule path="/Subscription/onDeleted" action="reject" /></authorize></validate-graphql-request>';
    const { url, mutate } = await synthetic(rule);
    const client = await greeted(url);
    client.send(subscribe('subscription { onDeleted { id } }', 'a'));
    expect(await client.next()).toMatchObject({
      id: 'a',
      type: 'error',
      payload: [{ message: "Not authorized to access the field 'onDeleted' of type 'Subscription'." }],
    });
    client.send(subscribe('subscription { onRenamed { title secret } }', 'b'));
    client.send({ type: 'ping' });
    expect(await client.next()).toEqual({ type: 'pong' });
    await mutate('Dune');
    expect(await client.next()).toEqual({ id: 'b', type: 'next', payload: { data: { onRenamed: { title: 'Dune' } } } });
  });
});

describe('a service behind a pass-through API', () => {
  /** A GraphQL service that says what it got. */
  async function service(): Promise<{ url: string; got: string[] }> {
    const got: string[] = [];
    const url = await stage.backend(
      (_request, response) => response.writeHead(404).end(),
      (server) =>
        server.on('upgrade', (request, socket, head) => {
          const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
          socket.write(
            `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}\r\n\r\n`,
          );
          got.push(String(request.headers['sec-websocket-extensions']));
          const channel = new MessageSocket(socket, 'client');
          channel.open(
            {
              message: (text) => {
                got.push(text);
                channel.send(
                  text.includes('init') ? '{"type":"connection_ack"}' : JSON.stringify({ type: 'next', echo: JSON.parse(text) }),
                );
              },
              closed: () => got.push('gone'),
            },
            head,
          );
          if (request.url === '/late') setTimeout(() => channel.close(4499, 'enough'), 20);
        }),
    );
    return { url, got };
  }

  const passing = async (serviceUrl: string, inbound = '') => {
    const files = {
      'apis/films/apiInformation.json': api({ serviceUrl }),
      'apis/films/specification.graphql': SCHEMA,
      'apis/films/policy.xml': inner(inbound),
      'policy.xml': policy(),
    };
    return `${(await stage.gateway(files)).address}/films`;
  };

  it('gets subscriptions, and neither queries nor mutations', async () => {
    const { url, got } = await service();
    const client = await greeted(await passing(url));
    client.send(subscribe('{ film(id: 1) { id } }', 'q'));
    expect(await client.next()).toMatchObject({
      id: 'q',
      type: 'error',
      payload: [{ message: expect.stringContaining('Queries') as unknown }],
    });
    const message = subscribe('subscription { onRenamed { id } }');
    client.send(message);
    expect(await client.next()).toEqual({ type: 'next', echo: message });
    expect(got).toEqual(['undefined', '{"type":"connection_init"}', JSON.stringify(message)]);
    client.socket.close();
    await expect.poll(() => got.at(-1)).toBe('gone');
  });

  it('gets the document that validate-graphql-request leaves', async () => {
    const { url, got } = await service();
    const rule = '<validate-graphql-request><authorize><rule path="/Film/secret" action="remove" /></authorize></validate-graphql-request>';
    const client = await greeted(await passing(url, rule));
    client.send(subscribe('subscription { onRenamed { id secret } }'));
    await client.next();
    expect(JSON.parse(got[2] ?? '')).toEqual(subscribe('subscription {\n  onRenamed {\n    id\n  }\n}'));
  });

  it('has its close code handed on', async () => {
    const { url } = await service();
    const client = await connect(await passing(`${url}/late`));
    expect(await client.next()).toEqual([4499, 'enough']);
  });
});
