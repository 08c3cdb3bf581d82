/** WebSocket APIs: policies run on the handshake, messages pass both ways, and each end is told why the other went. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { closeFrame, FrameTracker } from '../../src/gateway/websocket-frames.ts';
import { policy, raw, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

const API = (inbound = '', more: Readonly<Record<string, unknown>> = {}) => ({
  'apis/chat/apiInformation.json': JSON.stringify({
    properties: { path: 'chat', displayName: 'Chat', type: 'websocket', subscriptionRequired: false, protocols: ['ws', 'wss'], ...more },
  }),
  'apis/chat/policy.xml': `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base /></outbound></policies>`,
});

function frame(opcode: number, payload: Buffer): Buffer {
  const head = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...head]), payload]);
}

/** One masked frame of a client, as short as tests send them. */
function unmasked(chunk: Buffer): { opcode: number; payload: Buffer } {
  const long = ((chunk[1] ?? 0) & 127) === 126;
  const length = long ? chunk.readUInt16BE(2) : (chunk[1] ?? 0) & 127;
  const mask = chunk.subarray(long ? 4 : 2, long ? 8 : 6);
  const payload = Buffer.from(chunk.subarray(long ? 8 : 6, (long ? 8 : 6) + length));
  for (let at = 0; at < payload.length; at += 1) payload[at] = (payload[at] ?? 0) ^ (mask[at % 4] ?? 0);
  return { opcode: (chunk[0] ?? 0) & 15, payload };
}

interface Seen {
  request?: IncomingMessage;
  socket?: Duplex;
}

/** A backend that agrees and sends everything back, in capitals. */
async function echo(seen: Seen = {}): Promise<string> {
  const agree = (server: Server) =>
    server.on('upgrade', (request, socket) => {
      Object.assign(seen, { request, socket });
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Backend: yes\r\nSec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}\r\n\r\n`,
      );
      socket.on('data', (chunk: Buffer) => {
        const { opcode, payload } = unmasked(chunk);
        socket.write(frame(opcode, opcode === 1 ? Buffer.from(payload.toString().toUpperCase()) : payload));
        if (opcode === 8) socket.end();
      });
      socket.on('error', () => {});
    });
  return stage.backend((_request, response) => response.writeHead(404).end('no websocket here'), agree);
}

function opened(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  stage.after(() => socket.close());
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socket));
    socket.addEventListener('error', (event) => reject(new Error(String(event.message))));
  });
}

const next = (socket: WebSocket) =>
  new Promise((resolve) => socket.addEventListener('message', ({ data }) => resolve(data), { once: true }));
const closed = (socket: WebSocket) =>
  new Promise<readonly [number, string]>((resolve) => socket.addEventListener('close', ({ code, reason }) => resolve([code, reason])));

describe('a WebSocket API', () => {
  it('passes messages, the close code, and what policies did to the handshake', async () => {
    const seen: Seen = {};
    const running = await stage.gateway(
      API(
        '<set-header name="X-From" exists-action="override"><value>@(context.Operation.Id + context.Request.OriginalUrl.Scheme)</value></set-header>',
        {
          serviceUrl: (await echo(seen)).replace('http', 'ws'),
        },
      ),
    );
    const socket = await opened(`${running.address.replace('http', 'ws')}/chat/room/1?a=b`);
    socket.send('hello');
    expect(await next(socket)).toBe('HELLO');
    socket.send('x'.repeat(60_000));
    expect(await next(socket)).toBe('X'.repeat(60_000));
    expect([seen.request?.url, seen.request?.headers['x-from'], seen.request?.headers['x-forwarded-for']]).toEqual([
      '/room/1?a=b',
      'onHandshakews',
      '127.0.0.1',
    ]);
    const end = closed(socket);
    socket.close(4321, 'bye');
    expect(await end).toEqual([4321, 'bye']);
  });

  it('leaves out what a wider scope says about bodies and caches', async () => {
    const running = await stage.gateway({
      ...API('', { serviceUrl: await echo() }),
      'policy.xml': policy('<mock-response status-code="418" /><set-method>POST</set-method><set-body>x</set-body>'),
    });
    const socket = await opened(`${running.address.replace('http', 'ws')}/chat`);
    socket.send('a');
    expect(await next(socket)).toBe('A');
  });

  it('answers a refused handshake as policies say, without asking the backend', async () => {
    const seen: Seen = {};
    const running = await stage.gateway(
      API('<return-response><set-status code="403" reason="No" /><set-body>not you</set-body></return-response>', {
        serviceUrl: await echo(seen),
      }),
    );
    const answer = await raw(running.address, handshake('/chat'));
    expect(answer).toMatch(/^HTTP\/1\.1 403 No\r\n/);
    expect(answer).toContain('not you');
    expect(seen.request).toBeUndefined();
  });

  it.each([
    [
      'a backend that refuses',
      () => stage.backend((_request, response) => response.writeHead(401, { 'X-Why': 'key' }).end('go away')),
      /^HTTP\/1\.1 401 [\s\S]*X-Why: key[\s\S]*go away/,
    ],
    ['a backend that is away', async () => 'http://127.0.0.1:1', /^HTTP\/1\.1 500 [\s\S]*Internal server error/],
    [
      'a backend that says nothing',
      () =>
        stage.backend(
          () => {},
          (server) => server.on('upgrade', () => {}),
        ),
      /^HTTP\/1\.1 500 /,
    ],
  ])('hands on the refusal of %s', async (_name, backend, expected) => {
    const running = await stage.gateway({
      ...API('', { serviceUrl: await backend() }),
      'policy.xml': policy().replace('timeout="2"', 'timeout-ms="200"'),
    });
    expect(await raw(running.address, handshake('/chat'))).toMatch(expected);
  });

  it('tells the caller when the backend breaks off', async () => {
    const seen: Seen = {};
    const running = await stage.gateway(API('', { serviceUrl: await echo(seen) }));
    const socket = await opened(`${running.address.replace('http', 'ws')}/chat`);
    const end = closed(socket);
    seen.socket?.destroy();
    expect((await end)[0]).toBe(1014);
  });

  it('ends the backend connection when the caller goes', async () => {
    const seen: Seen = {};
    const running = await stage.gateway(API('', { serviceUrl: await echo(seen) }), { opsPort: 0 });
    const socket = await opened(`${running.address.replace('http', 'ws')}/chat`);
    expect(await (await fetch(`${running.opsAddress}/metrics`)).text()).toContain('\nportico_active_websockets 1\n');
    const gone = new Promise((resolve) => seen.socket?.once('close', resolve));
    socket.close();
    await gone;
    await expect.poll(async () => (await fetch(`${running.opsAddress}/metrics`)).text()).toContain('\nportico_active_websockets 0\n');
  });

  it('says that it goes away when the gateway stops', async () => {
    const running = await stage.gateway(API('', { serviceUrl: await echo() }));
    const socket = await opened(`${running.address.replace('http', 'ws')}/chat`);
    const end = closed(socket);
    const started = performance.now();
    await running.stop();
    expect((await end)[0]).toBe(1001);
    expect(performance.now() - started).toBeLessThan(4000);
  });

  it('asks for a key like every other', async () => {
    const files = {
      ...API('', { serviceUrl: await echo(), subscriptionRequired: true }),
      'portico.yaml': 'subscriptions: [{ id: a, primary-key: k1 }]\n',
    };
    const running = await stage.gateway(files);
    expect(await raw(running.address, handshake('/chat'))).toMatch(/^HTTP\/1\.1 401 /);
    const socket = await opened(`${running.address.replace('http', 'ws')}/chat?subscription-key=k1`);
    socket.send('in');
    expect(await next(socket)).toBe('IN');
  });
});

describe('an upgrade that is not taken', () => {
  it.each([
    [
      'h2c with a body',
      'POST /a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: 5\r\n\r\nhello',
      'POST:hello',
    ],
    ['WebSocket of an ordinary API', handshake('/a', 'close'), 'GET:'],
  ])('is answered as an ordinary request: %s', async (_name, request, expected) => {
    const backend = await stage.backend((got, response) => {
      let body = '';
      got.on('data', (chunk) => (body += String(chunk)));
      got.on('end', () => response.end(`${got.method}:${body}:${got.headers.upgrade ?? 'plain'}`));
    });
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    expect(await raw(running.address, request)).toContain(`${expected}:plain`);
  });

  it('leaves the connection usable for more requests', async () => {
    const backend = await stage.backend((request, response) => response.end(request.url));
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    const answer = await raw(
      running.address,
      [
        'GET /one HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
        'GET /two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      ],
      100,
    );
    expect(answer).toMatch(/\/one[\s\S]*\/two$/);
  });
});

describe('frames', () => {
  it('are followed however they are cut', () => {
    const bytes = Buffer.concat([frame(1, Buffer.alloc(5)), frame(2, Buffer.alloc(300)), closeFrame(1000, true)]);
    const tracker = new FrameTracker();
    const between: number[] = [];
    bytes.forEach((byte, at) => {
      tracker.feed(Uint8Array.of(byte));
      if (tracker.isBetween) between.push(at + 1);
    });
    expect(between).toEqual([7, 7 + 304, bytes.length]);
    expect(tracker.closed).toBe(true);
  });
});

function handshake(path: string, connection = 'Upgrade'): string {
  const more = connection === 'Upgrade' ? '' : `, ${connection}`;
  return `GET ${path} HTTP/1.1\r\nHost: gw\r\nConnection: Upgrade${more}\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
}
