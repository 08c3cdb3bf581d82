/** HTTP/2 on either side, and fields behind bodies: what gRPC needs, and what falls back. */
import { createServer as createPlain, request as plainRequest } from 'node:http';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  createServer as createHttp2,
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { CertificateFolder, HAS_OPENSSL } from '../support/openssl.ts';
import { raw, Stage } from './support.ts';

let folder: CertificateFolder;
beforeAll(() => {
  if (!HAS_OPENSSL) return;
  folder = new CertificateFolder();
  folder.make('root', { authority: true });
  folder.make('server', { issuer: 'root', names: 'DNS:localhost' });
  folder.make('client', { issuer: 'root' });
}, 20_000);
afterAll(() => folder?.remove());

const stage = new Stage();
afterEach(() => stage.clear());

const document = (forward: string, inbound = '', outbound = '') =>
  `<policies><inbound>${inbound}</inbound><backend><forward-request timeout="2" ${forward} /></backend><outbound>${outbound}</outbound><on-error><set-header name="X-Why" exists-action="override"><value>@(context.LastError.Message)</value></set-header></on-error></policies>`;

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stage.after(() => server.close());
  return (server.address() as AddressInfo).port;
};

type Answering = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

const says =
  (text: string): Answering =>
  (stream) => {
    stream.respond({ ':status': 200 });
    stream.end(text);
  };

const tls = () => ({ cert: folder.text('server.pem'), key: folder.text('server.key') });

/** A backend that speaks HTTP/2 alone, over TLS. */
async function secure(answer: Answering, more: object = {}): Promise<string> {
  const server = createSecureServer({ ...tls(), ...more });
  server.on('stream', answer);
  server.on('session', (session) => stage.after(() => session.destroy()));
  return `https://localhost:${await listening(server)}`;
}

async function gateway(policy: string, backend: string, yaml = ''): Promise<Gateway> {
  const files = {
    'policy.xml': policy,
    'portico.yaml': `backend: ${backend}\ntrusted-roots: ${folder.file('root.pem')}\ntls: { certificate: ${folder.file('server.pem')}, key: ${folder.file('server.key')}, port: 0 }\n${yaml}`,
  };
  return stage.gateway(files);
}

function caller(running: Gateway): ClientHttp2Session {
  const session = connectHttp2(running.secureAddress ?? '', { ca: folder.text('root.pem'), servername: 'localhost' });
  session.on('error', () => {});
  stage.after(() => session.destroy());
  return session;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  early: IncomingHttpHeaders[];
  body: string;
  trailers: IncomingHttpHeaders;
}

function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  const got: Answer = { status: 0, headers: {}, early: [], body: '', trailers: {} };
  stream.on('headers', (headers) => got.early.push(headers));
  stream.on('response', (headers) => Object.assign(got, { headers, status: Number(headers[':status']) }));
  stream.on('trailers', (trailers) => (got.trailers = trailers));
  stream.on('data', (chunk) => (got.body += String(chunk)));
  return new Promise((resolve, reject) => {
    stream.on('close', () => resolve(got));
    stream.on('error', reject);
  });
}

/** Sends everything back as it comes, with trailers at the end. */
const echo: Answering = (stream, headers) => {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'x-te': String(headers.te) }, { waitForTrailers: true });
  stream.on('data', (chunk) => stream.write(chunk));
  stream.on('end', () => stream.end());
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'grpc-message': 'fine' }));
};

const GRPC = { ':method': 'POST', ':path': '/pkg.Service/Method', 'content-type': 'application/grpc', te: 'trailers' };

describe.skipIf(!HAS_OPENSSL)('gRPC over HTTP/2 (needs openssl)', () => {
  it('streams both ways and brings its status', async () => {
    const running = await gateway(document('http-version="2"'), await secure(echo));
    const stream = caller(running).request(GRPC);
    const parts: string[] = [];
    stream.on('data', (chunk) => {
      parts.push(String(chunk));
      if (parts.length < 3) stream.write(`part ${parts.length}`);
      else stream.end();
    });
    const answer = answerOf(stream);
    stream.write('part 0');
    expect(await answer).toMatchObject({
      status: 200,
      headers: { 'x-te': 'trailers' },
      trailers: { 'grpc-status': '0', 'grpc-message': 'fine' },
    });
    expect(parts).toEqual(['part 0', 'part 1', 'part 2']);
  });

  it('brings a status without a message as one head that ends the stream', async () => {
    const backend = await secure((stream) =>
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5' }, { endStream: true }),
    );
    const stream = caller(await gateway(document('http-version="2"'), backend)).request(GRPC);
    stream.end('x');
    const ends = new Promise<number>((resolve) => stream.on('response', (_headers, flags) => resolve(flags & 1)));
    expect(await answerOf(stream)).toMatchObject({ status: 200, headers: { 'grpc-status': '5' }, body: '' });
    expect(await ends).toBe(1);
  });

  it('loses nothing when much waits in front of the trailers', async () => {
    const chunk = Buffer.alloc(1_000_000, 'a');
    const backend = await secure((stream) => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.end(chunk);
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    });
    const stream = caller(await gateway(document('http-version="2"'), backend)).request(GRPC);
    stream.end();
    stream.pause();
    setTimeout(() => stream.resume(), 200);
    const answer = await answerOf(stream);
    expect([answer.body.length, answer.trailers['grpc-status']]).toEqual([1_000_000, '0']);
  });

  it('keeps trailers behind a body that a policy reads, and drops them behind one that it writes', async () => {
    const backend = await secure(echo);
    const read =
      '<set-header name="X-Length" exists-action="override"><value>@(context.Response.Body.As<string>(true).Length.ToString())</value></set-header>';
    const ask = async (outbound: string) => {
      const stream = caller(await gateway(document('http-version="2"', '', outbound), backend)).request(GRPC);
      stream.end('four');
      return answerOf(stream);
    };
    expect(await ask(read)).toMatchObject({ body: 'four', headers: { 'x-length': '4' }, trailers: { 'grpc-status': '0' } });
    expect(await ask('<set-body>other</set-body>')).toMatchObject({ body: 'other', trailers: {} });
  });

  it('is broken off at the backend when the caller goes, and at the caller when the backend does', async () => {
    let cancelled: number | undefined;
    const backend = await secure((stream, headers) => {
      stream.on('error', () => {});
      stream.on('close', () => (cancelled ??= stream.rstCode));
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.write('begun');
      if (headers[':path'] === '/break') setTimeout(() => stream.close(2), 50);
    });
    const running = await gateway(document('http-version="2"'), backend);
    const going = caller(running).request({ ...GRPC, ':path': '/go' });
    going.on('error', () => {});
    going.once('data', () => going.close(8));
    await expect.poll(() => cancelled).toBe(8);
    await expect(answerOf(caller(running).request({ ':path': '/break' }))).rejects.toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR' });
  });

  it('shares one connection, and begins a new one when that has gone', async () => {
    let sessions = 0;
    let first: ServerHttp2Session | undefined;
    const server = createSecureServer(tls());
    server.on('stream', says('ok'));
    server.on('session', (session) => {
      sessions += 1;
      stage.after(() => session.destroy());
      first ??= session;
    });
    const running = await gateway(document('http-version="2"'), `https://localhost:${await listening(server)}`);
    const texts = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(running.address)).text()));
    expect([new Set(texts), sessions]).toEqual([new Set(['ok']), 1]);
    const gone = new Promise((resolve) => first?.once('close', resolve));
    first?.close();
    await gone;
    expect([await (await fetch(running.address)).text(), sessions]).toEqual(['ok', 2]);
  });

  it('asks again what a backend has refused to look at, unless its body has gone', async () => {
    let asked = 0;
    const backend = await secure((stream) => {
      stream.on('error', () => {});
      asked += 1;
      if (asked % 2 === 1) stream.close(7);
      else stream.respond({ ':status': 204 }, { endStream: true });
    });
    const running = await gateway(document('http-version="2"'), backend);
    expect([(await fetch(running.address)).status, asked]).toEqual([204, 2]);
    expect([(await fetch(running.address, { method: 'POST', body: 'x' })).status, asked]).toEqual([500, 3]);
  });

  it('never takes a request for whole that its caller has broken off', async () => {
    let ended = false;
    let broken = false;
    const backend = await secure((stream) => {
      stream.on('error', () => {});
      stream.on('data', () => {});
      stream.on('end', () => (ended = !broken));
      stream.on('aborted', () => (broken = true));
    });
    const stream = caller(await gateway(document('http-version="2"'), backend)).request(GRPC, { waitForTrailers: true });
    stream.on('error', () => {});
    stream.write('half');
    setTimeout(() => stream.close(8), 100);
    await expect.poll(() => broken).toBe(true);
    expect(ended).toBe(false);
  });

  it('shows client certificates, and is refused by name like any other', async () => {
    const backend = await secure(says('in'), {
      ca: folder.text('root.pem'),
      requestCert: true,
      rejectUnauthorized: true,
    });
    const yaml = `certificates:\n  one: { certificate: ${folder.file('client.pem')}, key: ${folder.file('client.key')} }\n`;
    const shown = await gateway(document('http-version="2"', '<authentication-certificate certificate-id="one" />'), backend, yaml);
    expect(await (await fetch(shown.address)).text()).toBe('in');
    expect((await fetch((await gateway(document('http-version="2"'), backend)).address)).status).toBe(500);
    const other = await gateway(document('http-version="2"'), backend.replace('localhost', '127.0.0.1'));
    expect((await fetch(other.address)).headers.get('x-why')).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('has neither connection headers nor a Host of HTTP/1.1 in its head', async () => {
    let seen: IncomingHttpHeaders = {};
    const backend = await secure((stream, headers) => {
      seen = headers;
      stream.respond({ ':status': 200, 'x-many': ['1', '2'] });
      stream.end();
    });
    const running = await gateway(document('http-version="2"'), backend);
    const answer = await raw(
      running.address,
      'GET /a?b=%20c HTTP/1.1\r\nHost: x\r\nConnection: X-Hop, close\r\nX-Hop: 1\r\nX-Two: 1\r\nX-Two: 2\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n',
    );
    expect(seen).toMatchObject({ ':authority': new URL(backend).host, ':path': '/a?b=%20c', 'x-two': '1, 2', cookie: 'a=1; b=2' });
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['x-hop']));
    expect(answer).toMatch(/x-many: 1\r\nx-many: 2\r\n/);
  });
});

describe.skipIf(!HAS_OPENSSL)('http-version (needs openssl)', () => {
  const older = async () =>
    `https://localhost:${await listening(createHttps(tls(), (request, response) => response.end(request.httpVersion)))}`;
  const newer = (): Promise<string> => secure(says('2.0'));
  const clear = async (): Promise<string> => {
    const server = createHttp2();
    server.on('stream', says('2.0'));
    server.on('session', (session) => stage.after(() => session.destroy()));
    return `http://127.0.0.1:${await listening(server)}`;
  };
  const plain = async () => `http://127.0.0.1:${await listening(createPlain((request, response) => response.end(request.httpVersion)))}`;

  it.each([
    ['2', newer, '200 2.0'],
    ['2', clear, '200 2.0'],
    ['2', older, '500 '],
    ['2or1', newer, '200 2.0'],
    ['2or1', older, '200 1.1'],
    ['2or1', plain, '200 1.1'],
    ['1', older, '200 1.1'],
  ])('%s: %s', async (version, backend, expected) => {
    const running = await gateway(document(`http-version="${version}"`), await backend());
    for (let call = 0; call < 2; call += 1) {
      const answer = await fetch(running.address, { method: 'POST', body: 'x' });
      const body = await answer.text();
      expect(`${answer.status} ${answer.status === 200 ? body : ''}`).toBe(expected);
    }
  });
});

describe.skipIf(!HAS_OPENSSL)('callers that speak HTTP/2 (needs openssl)', () => {
  it('get early answers, and are asked for their body when it is wanted', async () => {
    const backend = await stage.backend((request, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      request.resume().on('end', () => response.end(String(request.headers.expect)));
    });
    const stream = caller(await gateway(document(''), backend)).request({ ':method': 'POST', expect: '100-continue' });
    let continued = 0;
    stream.on('continue', () => {
      continued += 1;
      stream.end('body');
    });
    const answer = await answerOf(stream);
    expect([answer.body, continued]).toEqual(['100-continue', 1]);
    expect(answer.early.map((headers) => headers[':status']).sort()).toEqual([100, 103]);
  });

  it('are not asked for a body that a policy refuses', async () => {
    const running = await gateway(document('', '<return-response><set-status code="401" /></return-response>'), 'http://127.0.0.1:1');
    const stream = caller(running).request({ ':method': 'POST', expect: '100-continue' });
    let continued = false;
    stream.on('continue', () => (continued = true));
    stream.on('response', () => stream.close());
    expect((await answerOf(stream)).status).toBe(401);
    expect(continued).toBe(false);
  });

  it('wait for backends that speak it, too', async () => {
    const server = createSecureServer(tls());
    // Without it the server would not give requests this shape.
    server.on('request', () => {});
    server.on('checkContinue', (request, response) => {
      setTimeout(() => response.writeContinue(), 50);
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => response.end(body));
    });
    server.on('session', (session) => stage.after(() => session.destroy()));
    const backend = `https://localhost:${await listening(server)}`;
    const stream = caller(await gateway(document('http-version="2"'), backend)).request({ ':method': 'POST', expect: '100-continue' });
    stream.on('continue', () => stream.end('body'));
    expect(await answerOf(stream)).toMatchObject({ status: 200, body: 'body' });
  });

  it('get the trailers of backends that speak HTTP/1.1', async () => {
    const backend = await stage.backend((_request, response) => {
      response.write('ok');
      response.addTrailers({ 'X-Sum': '7', 'Set-Cookie': 'a=b' });
      response.end();
    });
    const stream = caller(await gateway(document(''), backend)).request();
    expect(await answerOf(stream)).toMatchObject({ body: 'ok', trailers: { 'x-sum': '7' } });
  });
});

describe("a caller's trailers", () => {
  const UP = 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n';
  const BODY = '\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nAuthorization: no\r\nHost: y\r\n\r\n';

  async function received(head: string, forward = '', inbound = ''): Promise<unknown> {
    const backend = await stage.backend((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => response.end(JSON.stringify([body, request.headers.trailer ?? null, request.rawTrailers])));
    });
    const running = await stage.gateway({ 'policy.xml': document(forward, inbound) }, { backend });
    const answer = await raw(running.address, head + BODY);
    return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4).replace(/^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/g, ''));
  }

  it.each([
    ['go on when they are announced', `${UP}Trailer: X-Sum, Authorization\r\n`, '', '', ['ok', 'X-Sum', ['X-Sum', '7']]],
    ['end here when they are not', UP, '', '', ['ok', null, []]],
    ['end here when only others are announced', `${UP}Trailer: Content-Length\r\n`, '', '', ['ok', null, []]],
    ['end here behind a body that was read', `${UP}Trailer: X-Sum\r\n`, 'buffer-request-body="true"', '', ['ok', null, []]],
    ['go on behind a body that is waited for', `${UP}Trailer: X-Sum\r\n`, 'continue-timeout="1"', '', ['ok', 'X-Sum', ['X-Sum', '7']]],
  ])('%s', async (_name, head, forward, inbound, expected) => {
    expect(await received(head, forward, inbound)).toEqual(expected);
  });

  it.skipIf(!HAS_OPENSSL)('pass from HTTP/2 to HTTP/2 (needs openssl)', async () => {
    const backend = await secure((stream) => {
      let trailers: IncomingHttpHeaders = {};
      stream.on('trailers', (got) => (trailers = got));
      stream.resume().on('end', () => {
        stream.respond({ ':status': 200 });
        stream.end(String(trailers['x-sum']));
      });
    });
    const running = await gateway(document('http-version="2"'), backend);
    const stream = caller(running).request({ ':method': 'POST', trailer: 'x-sum' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '7' }));
    stream.end('body');
    expect(await answerOf(stream)).toMatchObject({ body: '7' });
  });

  it('of a client that uses node:http arrive', async () => {
    let trailers: string[] = [];
    const backend = await stage.backend(
      (request, response) =>
        void request.resume().on('end', () => {
          trailers = request.rawTrailers;
          response.end();
        }),
    );
    const running = await stage.gateway({ 'policy.xml': document('') }, { backend });
    await new Promise<void>((resolve, reject) => {
      const sending = plainRequest(running.address, { method: 'PUT', headers: { Trailer: 'Digest' } }, (answer) =>
        answer.resume().on('end', () => resolve()),
      );
      sending.on('error', reject);
      sending.write('a');
      sending.addTrailers({ Digest: 'x' });
      sending.end();
    });
    expect(trailers).toEqual(['Digest', 'x']);
  });
});
