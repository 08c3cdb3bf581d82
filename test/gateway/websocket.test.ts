/** WebSocket APIs: policies run on the handshake, messages pass both ways, and each end is told why the other went. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { createServer as createHttps, type Server as SecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { WebSocket } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { closeFrame, FrameTracker } from '../../src/gateway/websocket-frames.ts';
import { CertificateFolder, HAS_OPENSSL } from '../support/openssl.ts';
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
  return stage.backend(
    (_request, response) => response.writeHead(404).end('no websocket here'),
    (server) => agreeing(server, seen),
  );
}

function agreeing(server: Server | SecureServer, seen: Seen): void {
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

  it.each([
    ['wss behind TLS that ends elsewhere', { protocols: ['wss'] }],
    ['no protocol named', { protocols: undefined }],
  ])('takes handshakes with %s', async (_what, more) => {
    const running = await stage.gateway(API('', { serviceUrl: await echo(), ...more }));
    const socket = await opened(`${running.address.replace('http', 'ws')}/chat`);
    socket.send('a');
    expect(await next(socket)).toBe('A');
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

describe('a request that is no handshake', () => {
  it('is told to be one, once policies have let it in', async () => {
    const running = await stage.gateway(API('', { serviceUrl: (await echo()).replace('http', 'ws') }));
    const answer = await fetch(`${running.address}/chat/room/1`);
    expect([answer.status, answer.headers.get('upgrade')]).toEqual([426, 'websocket']);
    expect(await answer.json()).toMatchObject({ statusCode: 426, message: expect.stringContaining('WebSocket') });
  });

  it('gets what policies answer in place of the backend', async () => {
    const running = await stage.gateway(
      API('<return-response><set-status code="204" /></return-response>', { serviceUrl: (await echo()).replace('http', 'ws') }),
    );
    expect((await fetch(`${running.address}/chat/room/1`)).status).toBe(204);
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

describe.skipIf(!HAS_OPENSSL)('behind TLS (needs openssl)', () => {
  let folder: CertificateFolder;
  beforeAll(() => {
    folder = new CertificateFolder();
    folder.make('root', { authority: true });
    folder.make('server', { issuer: 'root', names: 'DNS:localhost' });
    folder.make('client', { issuer: 'root', subject: '/CN=client' });
    folder.make('alone', { names: 'DNS:other' });
  }, 20_000);
  afterAll(() => folder?.remove());

  /** An echo behind TLS that says whom it sees; gives its address. */
  async function secured(name: string, more: object = {}): Promise<{ address: string; peers: string[] }> {
    const peers: string[] = [];
    const server = createHttps({ cert: folder.text(`${name}.pem`), key: folder.text(`${name}.key`), ...more });
    agreeing(server, {});
    server.on('upgrade', (request) => peers.push(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN)));
    server.on('connection', (socket) => stage.after(() => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stage.after(() => server.close());
    return { address: `wss://localhost:${(server.address() as AddressInfo).port}`, peers };
  }

  /** A proxy that opens tunnels for one user; gives its address and where tunnels led. */
  async function tunnels(): Promise<{ address: string; asked: string[] }> {
    const asked: string[] = [];
    const open = (server: Server) =>
      server.on('connect', (request, socket: Duplex) => {
        asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
        if (request.headers['proxy-authorization'] === undefined) return void socket.end('HTTP/1.1 407 No\r\n\r\n');
        const [host, port] = String(request.url).split(':');
        const onward = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
        stage.after(() => onward.destroy());
        socket.on('error', () => {});
        onward.on('error', () => {});
        socket.pipe(onward).pipe(socket);
      });
    return { address: await stage.backend((_request, response) => void response.end(), open), asked };
  }

  const yaml = (more = '') =>
    `trusted-roots: ${folder.file('root.pem')}\ncertificates:\n  one: { certificate: ${folder.file('client.pem')}, key: ${folder.file('client.key')} }\ntls: { certificate: ${folder.file('server.pem')}, key: ${folder.file('server.key')}, port: 0 }\n${more}`;

  const said = async (running: Gateway) => {
    const socket = await opened(`${running.address.replace('http', 'ws')}/chat`);
    socket.send('hello');
    return next(socket);
  };

  it('shows the client certificate that a policy names', async () => {
    const backend = await secured('server', { ca: folder.text('root.pem'), requestCert: true, rejectUnauthorized: true });
    const files = (inbound: string) => ({ ...API(inbound, { serviceUrl: backend.address }), 'portico.yaml': yaml() });
    expect(await said(await stage.gateway(files('<authentication-certificate certificate-id="one" />')))).toBe('HELLO');
    expect(backend.peers).toEqual(['client']);
    expect(await raw((await stage.gateway(files(''))).address, handshake('/chat'))).toMatch(/^HTTP\/1\.1 500 /);
  });

  it('trusts an unknown name and authority where the backend entity says so', async () => {
    const { address } = await secured('alone');
    const files = (tls: string) => ({
      ...API('<set-backend-service backend-id="b" />', { serviceUrl: 'ws://127.0.0.1:1' }),
      'portico.yaml': yaml(`backends: { b: { url: "${address}"${tls} } }\n`),
    });
    expect(await said(await stage.gateway(files(', tls: { validate-certificate-chain: false, validate-certificate-name: false }')))).toBe(
      'HELLO',
    );
    expect(await raw((await stage.gateway(files(''))).address, handshake('/chat'))).toMatch(/^HTTP\/1\.1 500 /);
  });

  it.each([
    ['wss', () => secured('server').then(({ address }) => address)],
    ['ws', () => echo().then((address) => address.replace('http', 'ws'))],
  ])('goes through a proxy to %s', async (_name, backend) => {
    const proxy = await tunnels();
    const serviceUrl = await backend();
    const files = (user: string) => ({ ...API(`<proxy url="${proxy.address}" ${user} />`, { serviceUrl }), 'portico.yaml': yaml() });
    expect(await said(await stage.gateway(files('username="u" password="p"')))).toBe('HELLO');
    expect(proxy.asked).toEqual([`${new URL(serviceUrl).host} Basic dTpw`]);
    expect(await raw((await stage.gateway(files(''))).address, handshake('/chat'))).toMatch(/^HTTP\/1\.1 500 /);
  });

  describe('over HTTP/2', () => {
    const session = (running: Gateway) => {
      const one = connectHttp2(running.secureAddress ?? '', { ca: folder.text('root.pem'), servername: 'localhost' });
      one.on('error', () => {});
      stage.after(() => one.destroy());
      return new Promise<ClientHttp2Session>((resolve) => one.once('remoteSettings', () => resolve(one)));
    };
    const CONNECT = { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat/a?b=c', 'sec-websocket-version': '13' };
    const answered = (stream: ClientHttp2Stream) =>
      new Promise<IncomingHttpHeaders>((resolve) => stream.once('response', (headers) => resolve(headers)));

    it('passes messages and the end', async () => {
      const seen: Seen = {};
      const running = await stage.gateway({ ...API('', { serviceUrl: await echo(seen) }), 'portico.yaml': yaml() });
      const stream = (await session(running)).request({ ...CONNECT, 'sec-websocket-protocol': 'chat' });
      const headers = await answered(stream);
      expect([headers[':status'], headers['x-backend'], headers['sec-websocket-accept']]).toEqual([200, 'yes', undefined]);
      expect(seen.request).toMatchObject({ method: 'GET', url: '/a?b=c' });
      expect(seen.request?.headers).toMatchObject({ 'sec-websocket-protocol': 'chat', 'sec-websocket-version': '13' });
      const message = new Promise((resolve) => stream.once('data', resolve));
      stream.write(masked(1, Buffer.from('hello')));
      expect(await message).toEqual(frame(1, Buffer.from('HELLO')));
      const backendGone = new Promise((resolve) => seen.socket?.once('end', resolve));
      stream.close();
      await backendGone;
    });

    it.each([
      ['a refusal of the policies', '<return-response><set-status code="403" /></return-response>', CONNECT, 403],
      ['an API that is none', '', { ...CONNECT, ':path': '/other' }, 501],
      ['another protocol', '', { ...CONNECT, ':protocol': 'connect-udp' }, 501],
      ['a plain tunnel', '', { ':method': 'CONNECT', ':authority': 'a:1' }, 405],
    ])('answers %s', async (_name, inbound, request, status) => {
      const running = await stage.gateway({ ...API(inbound, { serviceUrl: await echo() }), 'portico.yaml': yaml() });
      const stream = (await session(running)).request(request);
      stream.on('error', () => {});
      expect((await answered(stream))[':status']).toBe(status);
    });

    it('does not take a backend at its word', async () => {
      const lying = (server: Server) =>
        server.on('upgrade', (_request, socket) =>
          socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: no\r\n\r\n'),
        );
      const serviceUrl = await stage.backend((_request, response) => void response.end(), lying);
      const running = await stage.gateway({ ...API('', { serviceUrl }), 'portico.yaml': yaml() });
      expect((await answered((await session(running)).request(CONNECT)))[':status']).toBe(500);
    });

    it('is told that the gateway stops', async () => {
      const running = await stage.gateway({ ...API('', { serviceUrl: await echo() }), 'portico.yaml': yaml() });
      const stream = (await session(running)).request(CONNECT);
      stream.on('error', () => {});
      await answered(stream);
      const last = new Promise((resolve) => stream.once('data', resolve));
      void running.stop();
      expect(await last).toEqual(Buffer.from(closeFrame(1001, false)));
    });
  });
});

describe('an idle WebSocket', () => {
  it('is told that it is over, one that talks is not', async () => {
    const running = await stage.gateway({ ...API('', { serviceUrl: await echo() }), 'portico.yaml': 'limits: { websocket-idle: 1 }\n' });
    const address = `${running.address.replace('http', 'ws')}/chat`;
    const [silent, busy] = [await opened(address), await opened(address)];
    const talk = setInterval(() => busy.send('a'), 200);
    let over = false;
    busy.addEventListener('close', () => (over = true));
    const started = performance.now();
    expect((await closed(silent))[0]).toBe(1001);
    expect(performance.now() - started).toBeGreaterThan(800);
    expect(over).toBe(false);
    clearInterval(talk);
  });
});

function masked(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

function handshake(path: string, connection = 'Upgrade'): string {
  const more = connection === 'Upgrade' ? '' : `, ${connection}`;
  return `GET ${path} HTTP/1.1\r\nHost: gw\r\nConnection: Upgrade${more}\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
}
