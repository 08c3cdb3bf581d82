/** Events of GraphQL fields among workers: a connection belongs to one of them, the call that publishes to any. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { directoryWith, start } from './support.ts';

let backend: Server;
let directory = directoryWith({});

beforeAll(async () => {
  backend = createServer((request, response) => response.end(JSON.stringify({ title: request.url?.slice(1) })));
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(backend.address() as AddressInfo).port}/`;
  directory = directoryWith({
    'apis/films/apiInformation.json': '{"properties":{"path":"films","type":"graphql","subscriptionRequired":false}}',
    'apis/films/specification.graphql':
      'type Query { a: Int }\ntype Mutation { add(title: String): Film }\ntype Subscription { onAdded: Film }\ntype Film { title: String }\n',
    'apis/films/resolvers/add/resolverInformation.json': '{"properties":{"path":"Mutation/add"}}',
    'apis/films/resolvers/add/policy.xml': `<http-data-source><http-request><set-method>GET</set-method><set-url>@("${url}" + context.GraphQL.Arguments["title"])</set-url></http-request><http-response><publish-event><targets><graphql-subscription id="onAdded" /></targets></publish-event></http-response></http-data-source>`,
  });
});
afterAll(() => {
  backend.close();
  directory.remove();
});

/** The titles that a subscriber has seen, and its socket. */
async function subscriber(address: string): Promise<{ seen: unknown[]; close(): void }> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/films`, ['graphql-transport-ws']);
  const seen: unknown[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('error', reject);
    socket.addEventListener('open', () => socket.send('{"type":"connection_init"}'));
    socket.addEventListener('message', ({ data }) => {
      const { type, payload } = JSON.parse(String(data));
      if (type === 'connection_ack') {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { onAdded { title } }' } }));
        socket.send('{"type":"ping"}');
      } else if (type === 'pong') resolve();
      else seen.push(payload.data.onAdded.title);
    });
  });
  return { seen, close: () => socket.close() };
}

it('reach the subscribers of all, each once', async () => {
  const child = start(['run', '.', '--workers', '3', '--port', '0', '--quiet'], { cwd: directory.path });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const address = await new Promise<string>((done, failed) => {
    let text = '';
    void ended.then(() => failed(new Error(text)));
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const found = /portico listens on (\S+)/.exec(text)?.[1];
      if (found !== undefined) done(found);
    });
  });
  const subscribers = await Promise.all(Array.from({ length: 6 }, () => subscriber(address)));
  const titles = ['alien', 'brazil', 'casino'];
  for (const title of titles) {
    const body = JSON.stringify({ query: `mutation { add(title: "${title}") { title } }` });
    await fetch(`${address}/films`, { method: 'POST', headers: { 'Content-Type': 'application/json', Connection: 'close' }, body });
  }
  await expect.poll(() => subscribers.map(({ seen }) => seen.toSorted()), { timeout: 5000 }).toEqual(subscribers.map(() => titles));
  for (const one of subscribers) one.close();
  child.kill('SIGTERM');
  await ended;
}, 15_000);
