/** HTTP/1.1 as callers and backends may speak it: what is refused, what streams, what is cut, what must not be lost. */
import { writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../src/gateway/gateway.ts';
import { SlowCallers } from '../../src/gateway/slow-callers.ts';
import { policy, raw, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

const answerOk = (_request: IncomingMessage, response: ServerResponse) => void response.end('ok');

describe('a request that two readers could read differently', () => {
  it.each([
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!'],
    ['the same length twice', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello'],
    ['a list of lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\nhello'],
    ['a signed length', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello'],
    ['length and chunks', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['chunks and length', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n'],
    ['a coding behind chunks', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
    ['another coding', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['chunks twice', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n'],
    ['a bare line feed', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\nC: d\r\n\r\n'],
    ['bare line feeds all through', 'GET / HTTP/1.1\nHost: x\n\n'],
    ['a bare carriage return', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\rC: d\r\n\r\n'],
    ['a folded header', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n'],
    ['a blank before the colon', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\nhello'],
    ['a zero byte', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n'],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['a chunk without a size', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n'],
    ['no version', 'GET /\r\n\r\n'],
    ['another version', 'GET / HTTP/3.7\r\nHost: x\r\n\r\n'],
  ])('is refused: %s', async (_name, request) => {
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend: await stage.backend(answerOk) });
    const answer = await raw(running.address, request);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it('never brings a second request to the backend', async () => {
    const urls: (string | undefined)[] = [];
    const backend = await stage.backend((request, response) => {
      urls.push(request.url);
      response.end();
    });
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    const smuggled = 'GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n';
    await raw(
      running.address,
      `POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    );
    await raw(
      running.address,
      `GET /two HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    );
    expect(urls.filter((url) => url !== '/two')).toEqual([]);
  });
});

describe('limits', () => {
  it.each([
    ['a target of 20,000 characters', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
    ['a target that does not end', `GET /${'a'.repeat(90_000)}`, 414],
    ['17,000 short headers', `GET / HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(17_000)}\r\n`, 431],
    ['a header of 100,000 characters', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'b'.repeat(100_000)}\r\n\r\n`, 431],
    ['CONNECT', 'CONNECT backend:443 HTTP/1.1\r\nHost: backend:443\r\n\r\n', 405],
    [
      'an expectation that nobody knows',
      'POST / HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nContent-Length: 1\r\nConnection: close\r\n\r\n',
      417,
    ],
  ])('%s', async (_name, request, status) => {
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend: await stage.backend(answerOk) });
    expect(await raw(running.address, request)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await fetch(running.address)).status).toBe(200);
  });

  it('of portico.yaml hold', async () => {
    const yaml = 'limits: { url: 100, head: 2000 }\n';
    const running = await stage.gateway({ 'policy.xml': policy(), 'portico.yaml': yaml }, { backend: await stage.backend(answerOk) });
    const statuses = [`/${'a'.repeat(90)}`, `/${'a'.repeat(110)}`].map(async (path) => (await fetch(running.address + path)).status);
    expect(await Promise.all(statuses)).toEqual([200, 414]);
  });
});

describe('slow callers', () => {
  const YAML = { 'portico.yaml': 'limits: { caller-timeout: 1 }\n' };

  it.each([
    ['in their head', 'GET / HTTP/1.1\r\nHost: x\r\nA: '],
    ['in their body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhel'],
    ['in a chunk', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'],
  ])('that stop %s get 408', async (_name, request) => {
    const backend = await stage.backend((incoming, response) => void incoming.resume().on('end', () => response.end()));
    const running = await stage.gateway({ 'policy.xml': policy(), ...YAML }, { backend });
    expect(await raw(running.address, request)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  });

  it('that send a byte now and then are cut, those that wait for the gateway are not', async () => {
    const cut: [boolean, number][] = [];
    const slow = new SlowCallers(100, (socket, _message, sends) => cut.push([sends, socket.bytesRead]), 50);
    stage.after(() => slow.stop());
    const stream = (more: object) => ({ readableLength: 0, readableFlowing: true, complete: false, listenerCount: () => 0, ...more });
    const connection = (req: object, more: object = {}) =>
      Object.assign(Object.create(null), {
        bytesRead: 1,
        bytesWritten: 0,
        writableLength: 0,
        once: () => {},
        _httpMessage: { req },
        ...more,
      }) as Socket;
    slow.add(connection(stream({})));
    slow.add(connection(stream({ readableFlowing: false }), { bytesRead: 2 }));
    slow.add(connection(stream({ complete: true }), { bytesRead: 3 }));
    slow.add(connection(stream({ complete: true }), { bytesRead: 4, bytesWritten: 1000, writableLength: 500 }));
    await expect.poll(() => cut.length).toBeGreaterThanOrEqual(2);
    expect(cut.slice(0, 2)).toEqual([
      [true, 1],
      [false, 4],
    ]);
  });
});

describe('100 Continue', () => {
  const ASK = 'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n';

  it('is sent when the body is wanted, and the connection goes on', async () => {
    const backend = await stage.backend((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => response.end(`${body} ${request.headers.expect ?? 'nothing expected'}`));
    });
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    const socket = connect(Number(new URL(running.address).port), '127.0.0.1', () => socket.write(ASK));
    stage.after(() => socket.destroy());
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    await expect.poll(() => text).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write('hello');
    await expect.poll(() => text).toContain('hello 100-continue');
    expect(text).toContain('Connection: keep-alive');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await expect.poll(() => text.match(/HTTP\/1\.1 200 OK/g)?.length).toBe(2);
  });

  it('is not sent for a call that is refused before', async () => {
    const running = await stage.gateway({ 'policy.xml': policy('<return-response><set-status code="403" /></return-response>') });
    const answer = await raw(running.address, ASK);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain('Connection: close');
  });

  it('is sent when a policy reads the body', async () => {
    const running = await stage.gateway({
      'policy.xml': policy(
        '<set-body>@(context.Request.Body.As<string>() + "!")</set-body><return-response><set-body>@(context.Request.Body.As<string>())</set-body></return-response>',
      ),
    });
    const answer = await raw(running.address, [ASK, 'hello', 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'], 100);
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 [\s\S]*hello!/);
  });
});

describe('answers', () => {
  it.each([
    [
      'HEAD keeps the length and has no body',
      'HEAD',
      'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n',
      /^HTTP\/1\.1 200 OK\r\n[\s\S]*Content-Length: 7\r\n[\s\S]*\r\n\r\n$/,
    ],
    [
      '204 has neither body nor framing',
      'GET',
      'HTTP/1.1 204 No Content\r\n\r\n',
      /^HTTP\/1\.1 204 No Content\r\n(?![\s\S]*(?:chunked|Content-Length))[\s\S]*\r\n\r\n$/,
    ],
    [
      '304 has no body',
      'GET',
      'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 9\r\n\r\n',
      /^HTTP\/1\.1 304 [\s\S]*ETag: "1"[\s\S]*\r\n\r\n$/,
    ],
    [
      'connection headers end here',
      'GET',
      'HTTP/1.1 200 OK\r\nConnection: X-Hop, close\r\nX-Hop: 1\r\nX-Stays: 2\r\nContent-Length: 2\r\n\r\nok',
      /^(?![\s\S]*X-Hop)[\s\S]*X-Stays: 2[\s\S]*ok$/,
    ],
    [
      'a body until the end of the connection becomes chunks',
      'GET',
      'HTTP/1.1 200 OK\r\n\r\nuntil the end',
      /Transfer-Encoding: chunked[\s\S]*until the end\r\n0\r\n\r\n$/,
    ],
    [
      'trailers go on',
      'GET',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n',
      /ok\r\n0\r\nX-Sum: 7\r\n\r\n$/,
    ],
    [
      '1xx in front is no answer',
      'GET',
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      /HTTP\/1\.1 200 OK\r\n[\s\S]*ok$/,
    ],
  ])('%s', async (_name, method, wire, expected) => {
    const backend = await stage.tcp((socket) => {
      socket.once('data', () => socket.end(wire));
    });
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    expect(await raw(running.address, `${method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(expected);
  });

  it.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!'],
    ['length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['no HTTP', 'hello\r\n\r\n'],
  ])('of a backend that can be read in two ways are 500: %s', async (_name, wire) => {
    const backend = await stage.tcp((socket) => {
      socket.once('data', () => socket.end(wire));
    });
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    expect((await fetch(running.address)).status).toBe(500);
  });

  it.each([
    ['server-sent events', 'text/event-stream', 'data: 1\n\n'],
    ['a stream of messages', 'application/grpc+proto', '\0\0\0\0\u0001a'],
    ['lines', 'application/x-ndjson', '{}\n'],
  ])('stream: the first byte of %s comes while the backend has more', async (_name, type, first) => {
    let finish: (() => void) | undefined;
    const backend = await stage.backend((_request, response) => {
      response.writeHead(200, { 'Content-Type': type });
      response.write(first);
      finish = () => response.end('last');
    });
    const running = await stage.gateway(
      { 'policy.xml': policy('', '<set-header name="X-Out" exists-action="override"><value>1</value></set-header>') },
      { backend },
    );
    const reader = (await fetch(running.address)).body?.getReader();
    // The backend ends only after the first part has come through.
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(first);
    finish?.();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('last');
  });

  it('stream both ways at once', async () => {
    const backend = await stage.backend((request, response) => {
      response.writeHead(200);
      request.on('data', (chunk) => response.write(`<${chunk}>`));
      request.on('end', () => response.end());
    });
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    const parts: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const sending = httpRequest(running.address, { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } }, (answer) => {
        answer.on('data', (chunk) => {
          parts.push(String(chunk));
          if (parts.length === 1) sending.end('two');
        });
        answer.on('end', () => resolve());
      });
      sending.on('error', reject);
      sending.write('one');
    });
    expect(parts).toEqual(['<one>', '<two>']);
  });
});

describe('stopping', () => {
  it('tells callers of running calls that the connection ends', async () => {
    let release: (() => void) | undefined;
    const backend = await stage.backend((_request, response) => (release = () => response.end('done')));
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend });
    const answer = raw(running.address, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => release).toBeDefined();
    const stopped = running.stop();
    release?.();
    expect(await answer).toMatch(/Connection: close\r\n[\s\S]*done/);
    await stopped;
  });
});

describe('reloads under load', () => {
  it('lose no call', async () => {
    const version = (text: string) =>
      policy('', `<set-header name="X-Version" exists-action="override"><value>${text}</value></set-header>`);
    const path = stage.directory({ 'policy.xml': version('0') });
    const running = await startGateway({ directory: path, port: 0, backend: await stage.backend(answerOk) });
    stage.after(() => running.stop());
    const load = { stop: false, answered: 0, failed: 0 };
    const callers = Array.from({ length: 8 }, async () => {
      while (!load.stop) {
        const answer = await fetch(running.address).catch(() => undefined);
        await answer?.text().catch(() => (load.failed += 1));
        if (answer?.status === 200) load.answered += 1;
        else load.failed += 1;
      }
    });
    for (let at = 1; at <= 10; at += 1) {
      writeFileSync(join(path, 'policy.xml'), version(String(at)));
      expect(await running.reload()).toBe(true);
      const reached = load.answered + 20;
      await expect.poll(() => load.answered, { interval: 5 }).toBeGreaterThan(reached);
    }
    load.stop = true;
    await Promise.all(callers);
    expect(load.failed).toBe(0);
    expect((await fetch(running.address)).headers.get('x-version')).toBe('10');
  });
});
