/** What a hostile caller or backend may try on real sockets: nothing is smuggled, nothing hangs, everybody else is served. */
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { CertificateFolder, HAS_OPENSSL } from '../support/openssl.ts';
import { policy, raw, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

const get = (target: string, more = '') => `GET ${target} HTTP/1.1\r\nHost: x\r\n${more}Connection: close\r\n\r\n`;

/** A backend that says what it got: method, target, then names and values. */
const mirror = () =>
  stage.backend(
    (request, response) =>
      void request.resume().on('end', () => response.end(JSON.stringify([request.method, request.url, ...request.rawHeaders]))),
  );

const port = (running: Gateway) => Number(new URL(running.address).port);

describe('headers of the connection', () => {
  const SUBJECT = '<set-header name="X-Subject" exists-action="override"><value>alice</value></set-header>';

  it('take away what the caller sent, and nothing that a policy set', async () => {
    const running = await stage.gateway({ 'policy.xml': policy(SUBJECT) }, { backend: await mirror() });
    const connection = 'close, X-Subject, X-Own, X-Forwarded-For, Host, Content-Length';
    const answer = await raw(
      running.address,
      `POST / HTTP/1.1\r\nHost: x\r\nX-Own: 1\r\nX-Subject: mallory\r\nX-Forwarded-For: 1.2.3.4\r\nContent-Length: 2\r\nConnection: ${connection}\r\n\r\nok`,
    );
    expect(answer).toContain('"X-Subject","alice"');
    expect(answer).not.toMatch(/X-Own|mallory/);
    expect(answer).toContain('"X-Forwarded-For","1.2.3.4,127.0.0.1"');
  });
});

describe('targets', () => {
  it.each([
    ['/a/../b', '/b'],
    ['/a/%2e%2E/b?c=../d', '/b?c=../d'],
    ['/a/./b/%2e', '/a/b/'],
    ['/../../etc/passwd', '/etc/passwd'],
    ['/a/.%2e', '/'],
    ['/a/..;/b', '/a/..;/b'],
    ['/a/..%2fb', '/a/..%2fb'],
    ['/a/.../b', '/a/.../b'],
    ['/a/%c0%ae%c0%ae/b', '/a/%c0%ae%c0%ae/b'],
    ['/a/%252e%252e/b', '/a/%252e%252e/b'],
    ['//evil.test/a', '//evil.test/a'],
    ['/a//b', '/a//b'],
    ['/a/%zz', '/a/%zz'],
    ['/a?b=%00', '/a?b=%00'],
    ['http://evil.test/p?q=1', '/p?q=1'],
    ['http://evil.test/a/../p', '/p'],
    ['HTTP://evil.test', '/'],
  ])('%s goes to the backend as %s', async (target, expected) => {
    const backend = await mirror();
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    const answer = await raw(running.address, get(target));
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)).slice(0, 4)).toEqual(['GET', expected, 'host', new URL(backend).host]);
  });

  it.each([
    ['a fragment', get('/a#/../b')],
    ['a zero byte', get('/a%00b')],
    ['a user', get('http://u:p@evil.test/p')],
    ['another protocol', get('ftp://evil.test/p')],
    ['no host', get('http:///p')],
    ['an authority alone', get('evil.test:80')],
    ['the server as a whole', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['bytes above ASCII', get('/\xff\xe4')],
    ['a path behind the host', 'GET / HTTP/1.1\r\nHost: evil.test/x?\r\n\r\n'],
    ['a user in the host', 'GET / HTTP/1.1\r\nHost: u@evil.test\r\n\r\n'],
    ['a blank in the host', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'],
  ])('with %s are refused', async (_name, request) => {
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend: await mirror() });
    const answer = await raw(running.address, request);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('cannot reach one operation under the name of another', async () => {
    const api = (id: string, path: string, inbound: string) => ({
      [`apis/${id}/apiInformation.json`]: JSON.stringify({ properties: { path, displayName: id, subscriptionRequired: false } }),
      [`apis/${id}/specification.json`]: JSON.stringify({
        openapi: '3.0.0',
        info: { title: id, version: '1' },
        paths: { '/*': { get: { operationId: `get-${id}`, responses: {} } } },
      }),
      [`apis/${id}/policy.xml`]: `<policies><inbound><base />${inbound}</inbound></policies>`,
    });
    const refuse = '<return-response><set-status code="403" /></return-response>';
    const running = await stage.gateway({ ...api('open', 'open', ''), ...api('secret', 'secret', refuse) }, { backend: await mirror() });
    for (const target of ['/open/../secret/x', '/open/%2e%2e/secret/x', '/open/a/../../secret/x'])
      expect(await raw(running.address, get(target))).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe('framing', () => {
  const CHUNKED = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n';

  it.each([
    ['a chunk that ends in a bare line feed', `${CHUNKED}3\nabc\n0\n\n`, 400],
    ['a chunk extension with a line feed', `${CHUNKED}3;a\nabc\r\n0\r\n\r\n`, 400],
    ['a chunk extension of 20,000 bytes', `${CHUNKED}3;${'a'.repeat(20_000)}\r\nabc\r\n0\r\n\r\n`, 400],
    ['a chunk size that overflows', `${CHUNKED}fffffffffffffffff\r\nabc\r\n0\r\n\r\n`, 400],
    ['a chunk that is longer than its size', `${CHUNKED}3\r\nabcd\r\n0\r\n\r\n`, 400],
    ['trailers of 100,000 bytes', `${CHUNKED}0\r\nA: ${'b'.repeat(100_000)}\r\n\r\n`, 431],
    ['a coding that nobody undoes', CHUNKED.replace('chunked', 'gzip, chunked').concat('0\r\n\r\n'), 501],
    ['a colon in front', 'GET / HTTP/1.1\r\nHost: x\r\n: a\r\n\r\n', 400],
    ['a name with a blank', 'GET / HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n', 400],
    ['a length in hexadecimal', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\nabc', 400],
    ['a length that is negative', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nabc', 400],
    ['a length that overflows', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nabc', 400],
    ['a protocol of streams', 'GET / HTTP/2.0\r\nHost: x\r\nConnection: close\r\n\r\n', 505],
    ['a coding without name', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\nContent-Length: 3\r\n\r\nabc', 400],
    ['a vertical tab in a coding', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n', 400],
  ])('with %s is refused', async (_name, request, status) => {
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend: await mirror() });
    const answer = await raw(running.address, request);
    expect(answer).toMatch(new RegExp(`HTTP/1\\.1 ${status} `));
    expect((await fetch(running.address)).status).toBe(200);
  });
});

describe('what a policy writes of what a caller sends', () => {
  const Q = '@(context.Request.Url.Query.GetValueOrDefault("q", "GET"))';
  const WHY =
    '<set-header name="X-Why" exists-action="override"><value>@(context.LastError.Source + " " + context.LastError.Reason)</value></set-header>';
  const EVIL = '?q=a%0d%0aX-Evil:%201%0d%0a%0d%0aHTTP/1.1%20200%20OK';

  it.each([
    ['a request header', `<set-header name="X-Q" exists-action="override"><value>${Q}</value></set-header>`, '', 'set-header'],
    ['a name', `<set-header name="${Q}" exists-action="override"><value>1</value></set-header>`, '', 'set-header'],
    ['a response header', '', `<set-header name="X-Q" exists-action="override"><value>${Q}</value></set-header>`, 'set-header'],
    ['a reason', '', `<set-status code="200" reason="${Q}" />`, 'set-status'],
    ['a method', `<set-method>${Q}</set-method>`, '', 'set-method'],
  ])('splits nothing: %s', async (_name, inbound, outbound, source) => {
    const running = await stage.gateway({ 'policy.xml': policy(inbound, outbound, WHY) }, { backend: await mirror() });
    const answer = await raw(running.address, get(`/${EVIL}`));
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 500 [\\s\\S]*X-Why: ${source} ExpressionValueEvaluationFailure`));
    expect(answer).not.toContain('\nX-Evil');
  });

  it('splits nothing: a rewritten URL', async () => {
    const inbound =
      '<rewrite-uri template="@("/a" + context.Request.Url.Query.GetValueOrDefault("q", ""))" copy-unmatched-params="false" />';
    const running = await stage.gateway({ 'policy.xml': policy(inbound) }, { backend: await mirror() });
    const answer = await raw(running.address, get(`/${EVIL}`));
    expect(answer).toContain('"/aa%0D%0AX-Evil:%201%0D%0A%0D%0AHTTP/1.1%20200%20OK"');
  });
});

describe('backends that break', () => {
  const breaker = (reasons = '') =>
    `backends:\n  b:\n    url: BACKEND\n    circuit-breaker: { failure-condition: { count: 2, interval: PT1M, status-code-ranges: [{ min: 500, max: 599 }]${reasons} }, trip-duration: PT1M }\n`;

  it.each([
    ['a reset in front of the head', (socket: Socket) => socket.resetAndDestroy(), /^HTTP\/1\.1 500 /],
    ['half a head', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le'), /^HTTP\/1\.1 500 /],
    ['a head without end', (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nA: ${'b'.repeat(200_000)}`), /^HTTP\/1\.1 500 /],
    [
      'a folded header',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n'),
      /^HTTP\/1\.1 (?:500 |200 OK\r\nA: b c\r\n)/,
    ],
    [
      'a bare line feed in a header',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nA: b\nSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n'),
      /^HTTP\/1\.1 500 /,
    ],
    [
      'a zero byte in a header',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nA: b\0c\r\nContent-Length: 0\r\n\r\n'),
      /^HTTP\/1\.1 500 /,
    ],
    [
      'an upgrade that nobody asked for',
      (socket: Socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
      /^HTTP\/1\.1 500 /,
    ],
  ])('with %s are a failure', async (_name, breaks, expected) => {
    const backend = await stage.tcp((socket) => socket.once('data', () => void breaks(socket)));
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    expect(await raw(running.address, get('/'))).toMatch(expected);
  });

  it.each([
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ])('in the middle of a body with %s cut the caller off', async (_name, wire) => {
    const backend = await stage.tcp((socket) => {
      socket.once('data', () => {
        socket.write(wire);
        setTimeout(() => socket.resetAndDestroy(), 50);
      });
    });
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    await expect(fetch(running.address).then((answer) => answer.text())).rejects.toThrow();
  });

  it('never answer a call with what is left of another', async () => {
    let calls = 0;
    const backend = await stage.tcp((socket) =>
      socket.on('data', () => {
        calls += 1;
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${calls}.${calls === 1 ? 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison' : ''}`,
        );
      }),
    );
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    const bodies = [];
    for (let call = 0; call < 3; call += 1) {
      bodies.push(await (await fetch(running.address)).text());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(bodies.join()).not.toContain('poison');
  });

  it('are not opened for a header that a caller made up', async () => {
    const backend = await mirror();
    const inbound = '<set-backend-service backend-id="b" />';
    const running = await stage.gateway({ 'policy.xml': policy(inbound), 'portico.yaml': breaker().replace('BACKEND', backend) });
    for (let call = 0; call < 4; call += 1) await raw(running.address, get('/', `Connection: \x01\r\nX-${call}: \t\r\n`));
    expect((await fetch(running.address)).status).toBe(200);
  });
});

describe('callers that break', () => {
  it.each([
    ['go in the middle of their body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf', false],
    ['reset in the middle of their body', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n', true],
    ['reset while the body waits', 'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n', true],
  ])('%s: the backend never takes it for whole', async (_name, wire, resets) => {
    let ended = false;
    let aborted = false;
    let begun = false;
    const backend = await stage.backend((request) => {
      begun = true;
      request.on('error', () => (aborted = true));
      request.resume().on('end', () => (ended = true));
    });
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    const socket = connect(port(running), '127.0.0.1', () => socket.write(wire));
    socket.on('error', () => {});
    await expect.poll(() => begun).toBe(true);
    if (resets) socket.resetAndDestroy();
    else socket.destroy();
    await expect.poll(() => aborted).toBe(true);
    expect(ended).toBe(false);
  });

  it('that have closed their half still get their answer', async () => {
    const backend = await stage.backend((_request, response) => void setTimeout(() => response.end('late'), 100));
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    const text = await new Promise<string>((resolve) => {
      let got = '';
      const socket = connect(port(running), '127.0.0.1', () => socket.end('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
      socket.on('data', (chunk) => (got += String(chunk)));
      socket.on('close', () => resolve(got));
    });
    expect(text).toMatch(/^(?:HTTP\/1\.1 200 [\s\S]*late)?$/);
  });

  it('that reset while the answer streams stop the backend', async () => {
    let stopped = false;
    const backend = await stage.backend((_request, response) => {
      const flood = setInterval(() => response.write(Buffer.alloc(65_536)), 1);
      response.on('close', () => {
        clearInterval(flood);
        stopped = true;
      });
    });
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    const socket = connect(port(running), '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.on('error', () => {});
    socket.once('data', () => socket.resetAndDestroy());
    await expect.poll(() => stopped).toBe(true);
  });

  it('that send 100 requests in one go get 100 answers in order', async () => {
    const running = await stage.gateway(
      { 'policy.xml': policy() },
      { backend: await stage.backend((request, response) => void response.end(request.url)) },
    );
    const requests = Array.from(
      { length: 100 },
      (_, at) => `GET /${at} HTTP/1.1\r\nHost: x\r\n${at === 99 ? 'Connection: close\r\n' : ''}\r\n`,
    );
    const answer = await raw(running.address, requests.join(''));
    expect(answer.match(/^\/\d+/gm)?.map((path) => Number(path.slice(1)))).toEqual(Array.from({ length: 100 }, (_, at) => at));
  });
});

describe.skipIf(!HAS_OPENSSL)('HTTP/2 (needs openssl)', () => {
  let folder: CertificateFolder;
  beforeAll(() => {
    folder = new CertificateFolder();
    folder.make('server', { names: 'DNS:localhost' });
  }, 20_000);
  afterAll(() => folder?.remove());

  async function gateway(backend: string, yaml = '', document = policy()): Promise<Gateway> {
    const tls = `tls: { certificate: ${folder.file('server.pem')}, key: ${folder.file('server.key')}, port: 0 }\n`;
    return stage.gateway({ 'policy.xml': document, 'portico.yaml': `backend: ${backend}\n${tls}${yaml}` });
  }

  function session(running: Gateway, more: object = {}): ClientHttp2Session {
    const one = connectHttp2(running.secureAddress ?? '', { ca: folder.text('server.pem'), servername: 'localhost', ...more });
    one.on('error', () => {});
    stage.after(() => one.destroy());
    return one;
  }

  const status = (stream: ClientHttp2Stream) =>
    new Promise<number>((resolve) => {
      stream.on('response', (headers) => resolve(Number(headers[':status'])));
      stream.on('error', () => resolve(0));
      stream.on('close', () => resolve(0));
    });

  it('that opens and resets 2,000 streams leaves nothing behind', async () => {
    let running = 0;
    const backend = await stage.backend((request, response) => {
      if (request.url === '/ok') return void response.end('ok');
      running += 1;
      response.on('close', () => (running -= 1));
    });
    const started = await gateway(backend);
    const one = session(started);
    for (let round = 0; round < 20; round += 1) {
      // Node ends a session that resets that many.
      for (let at = 0; at < 100 && !one.destroyed; at += 1) {
        const stream = one.request({ ':path': '/slow' });
        stream.on('error', () => {});
        stream.close(8);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await expect.poll(() => running).toBe(0);
    expect(await status(session(started).request({ ':path': '/ok' }))).toBe(200);
  });

  it('with more than 1,000 fields, or too many bytes of them, is refused', async () => {
    const started = await gateway(await mirror());
    const many = Object.fromEntries(Array.from({ length: 1500 }, (_, at) => [`x-${at}`, '1']));
    const large = { 'x-a': 'a'.repeat(60_000), 'x-b': 'b'.repeat(60_000) };
    for (const headers of [many, large]) {
      const stream = session(started, { maxSendHeaderBlockLength: 10_000_000 }).request({ ':path': '/', ...headers });
      expect(await status(stream)).not.toBe(200);
    }
    expect(await status(session(started).request({ ':path': '/' }))).toBe(200);
  });

  it.each([
    ['a fragment', { ':path': '/a#b' }],
    ['a zero byte', { ':path': '/a%00' }],
    ['no path', { ':path': '*', ':method': 'OPTIONS' }],
    ['an authority that is none', { ':path': '/', ':authority': 'a/b' }],
  ])('with %s is refused', async (_name, headers) => {
    // HTTP/2's own rules refuse some of it with a reset.
    expect([0, 400]).toContain(await status(session(await gateway(await mirror())).request(headers)));
  });

  it('takes dot segments out, too', async () => {
    const stream = session(await gateway(await mirror())).request({ ':path': '/a/%2e%2e/b' });
    let body = '';
    stream.on('data', (chunk) => (body += String(chunk)));
    await new Promise((resolve) => stream.on('close', resolve));
    expect(body).toContain('"GET","/b"');
  });

  it('with a body that never comes is cut off', async () => {
    const backend = await stage.backend((request, response) => void request.resume().on('end', () => response.end()));
    const started = await gateway(backend, 'limits: { caller-timeout: 1 }\n', policy().replace('timeout="2"', 'timeout="30"'));
    const stream = session(started).request({ ':path': '/', ':method': 'POST', 'content-length': '10' });
    stream.write('half');
    const begun = performance.now();
    expect([0, 408]).toContain(await status(stream));
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it('with an answer that nobody takes is cut off', async () => {
    let stopped = false;
    const backend = await stage.backend((_request, response) => {
      response.on('close', () => (stopped = true));
      response.end(Buffer.alloc(20_000_000));
    });
    const started = await gateway(backend, 'limits: { caller-timeout: 1 }\n');
    const stream = session(started, { settings: { initialWindowSize: 1000 } }).request({ ':path': '/' });
    stream.on('error', () => {});
    stream.pause();
    await expect.poll(() => stopped, { timeout: 6000 }).toBe(true);
  });
});

describe('answers that nobody reads', () => {
  const retry = (forward: string) =>
    `<policies><inbound /><backend><retry condition="@(true)" count="2" interval="0"><forward-request ${forward} /></retry></backend><outbound><set-body>done</set-body></outbound><on-error /></policies>`;
  const sent =
    '<send-request mode="new" response-variable-name="r"><set-url>BACKEND/x</set-url><set-method>GET</set-method></send-request><return-response />';

  it.each([
    ['of rounds of a retry', () => retry('timeout="2"')],
    ['of rounds of a retry through the host', () => retry('timeout="2" follow-redirects="true"')],
    ['that outbound replaces', () => policy('', '<set-body>other</set-body>')],
    ['of send-request', (backend: string) => policy(sent.replace('BACKEND', backend))],
  ])('hold no connection: %s', async (_name, document) => {
    let connections = 0;
    const backend = await stage.backend(
      (request, response) => void request.resume().on('end', () => response.end(Buffer.alloc(2_000_000))),
      (server) =>
        server.on('connection', (socket) => {
          connections += 1;
          socket.on('close', () => (connections -= 1));
        }),
    );
    const running = await stage.gateway({ 'policy.xml': document(backend) }, { backend });
    for (let call = 0; call < 8; call += 1) await (await fetch(running.address)).arrayBuffer();
    // Kept for the next call, and no more of them with each call.
    await expect.poll(() => connections).toBeLessThanOrEqual(3);
  });
});
