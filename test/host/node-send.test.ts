/** What the host's client sends, and where redirects lead it: the rules of .NET's HttpClient. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OutgoingRequest } from '../../src/host/host.ts';
import { createSender } from '../../src/host/node-send.ts';

const host = createSender({});
const seen: string[] = [];
let servers: Server[];
let origin = '';
let other = '';

function listening(): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { authorization = '-', 'content-length': length = '-' } = request.headers;
      seen.push(`${request.method} ${request.url} ${Buffer.concat(chunks)} ${length} ${authorization}`);
      const status = /^\/(\d+)$/.exec(request.url ?? '')?.[1];
      if (status) response.writeHead(Number(status), { Location: String(request.headers['x-to']) });
      response.end();
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

beforeAll(async () => {
  servers = [await listening(), await listening()];
  [origin, other] = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`) as [string, string];
});

afterAll(async () => {
  await host.close();
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

async function* streamed(text: string): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode(text);
}

async function send(method: string, path: string, more: Partial<OutgoingRequest> = {}, to = '/done') {
  seen.length = 0;
  const headers = ['X-To', to, 'Authorization', 'Bearer t', 'Content-Length', '2'];
  const request = { method, origin, path, headers, body: new TextEncoder().encode('hi'), timeoutMilliseconds: 5000, ...more };
  const { status } = await host.send({ followRedirects: true, ...request });
  return { status, seen: [...seen] };
}

describe('redirects', () => {
  test.each([
    ['POST', 301, 'GET /done  - Bearer t'],
    ['POST', 302, 'GET /done  - Bearer t'],
    ['POST', 303, 'GET /done  - Bearer t'],
    ['POST', 307, 'POST /done hi 2 Bearer t'],
    ['POST', 308, 'POST /done hi 2 Bearer t'],
    ['PUT', 302, 'PUT /done hi 2 Bearer t'],
    ['PUT', 303, 'GET /done  - Bearer t'],
    ['DELETE', 301, 'DELETE /done hi 2 Bearer t'],
  ])('%s answered with %i', async (method, status, second) => {
    expect(await send(method, `/${status}`)).toEqual({ status: 200, seen: [`${method} /${status} hi 2 Bearer t`, second] });
  });

  test('a stream is dropped where the method becomes GET, and cannot be sent again elsewhere', async () => {
    expect(await send('POST', '/302', { body: streamed('hi') })).toMatchObject({ status: 200 });
    expect(await send('POST', '/307', { body: streamed('hi') })).toMatchObject({ status: 307 });
  });

  test('another origin does not see the credentials', async () => {
    const { seen: requests } = await send('POST', '/307', {}, `${other}/there`);
    expect(requests[1]).toBe('POST /there hi 2 -');
  });

  test.each([
    ['another protocol', 'ftp://127.0.0.1/x'],
    ['no URL', 'http://['],
  ])('to %s they are the answer', async (_name, to) => {
    expect(await send('GET', '/302', { body: null, headers: ['X-To', to] })).toMatchObject({ status: 302 });
  });

  test('unless they are asked for they are the answer', async () => {
    expect(await send('GET', '/302', { body: null, followRedirects: false })).toMatchObject({ status: 302 });
  });
});

test('a stream keeps the length that its caller told', async () => {
  expect(await send('POST', '/', { body: streamed('hi') })).toEqual({ status: 200, seen: ['POST / hi 2 Bearer t'] });
});
