/** What the log says of answers whose body streams, and of callers who do not wait for one (gateway-model, sections 3.1 and 13). */
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { policy, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

type Handler = Parameters<Stage['backend']>[0];

/** Brings a call about and gives its line of the log; the call is told when the backend has been asked. */
async function lineOf(handler: Handler, call: (address: string, asked: Promise<void>) => unknown, files = policy()) {
  const lines: string[] = [];
  let ask = () => {};
  const asked = new Promise<void>((resolve) => (ask = resolve));
  const backend = await stage.backend((request, response) => {
    handler(request, response);
    ask();
  });
  const running = await stage.gateway({ 'policy.xml': files }, { backend, log: (text) => lines.push(...text.trim().split('\n')) });
  await call(running.address, asked);
  await expect.poll(() => lines.length, { timeout: 5000 }).toBe(1);
  return JSON.parse(lines[0] ?? '');
}

const fetched = async (address: string) => {
  try {
    await (await fetch(address)).text();
  } catch {
    // Cut off, as it should be.
  }
};

function dropping(address: string, when: (data: Promise<unknown>) => Promise<unknown>, method = 'GET') {
  return new Promise<void>((resolve) => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1', () => socket.write(`${method} / HTTP/1.1\r\nHost: x\r\n\r\n`));
    const data = new Promise((got) => socket.once('data', got));
    void when(data).then(() => socket.destroy());
    socket.once('close', () => resolve());
  });
}

describe('the log tells of an answer', () => {
  it('that streams once it is over, with the time that took', async () => {
    const line = await lineOf((_request, response) => {
      response.write('first');
      setTimeout(() => response.end('last'), 150);
    }, fetched);
    expect(line).toMatchObject({ responseCode: 200, isRequestSuccess: true });
    expect(line.totalTime).toBeGreaterThan(100);
    expect(line.lastError).toBeUndefined();
  });

  it('and of the call to the backend, without its query', async () => {
    const line = await lineOf(
      (_request, response) => response.writeHead(202).end(),
      async (address) => (await fetch(`${address}/a?b=c`)).text(),
      policy('<set-method>PUT</set-method><rewrite-uri template="/d" />'),
    );
    expect(line).toMatchObject({ clientProtocol: 'HTTP/1.1', method: 'GET', backendMethod: 'PUT', backendResponseCode: 202 });
    expect(line.backendUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/d$/);
    expect(line.backendTime).toBeLessThanOrEqual(Number(line.totalTime));
  });

  it('that a backend did not give', async () => {
    const line = await lineOf((request) => request.socket.destroy(), fetched);
    expect(line).toMatchObject({
      responseCode: 500,
      backendResponseCode: 0,
      lastError: { source: 'forward-request', message: expect.any(String) },
    });
  });

  it('without what messages of errors quote of secrets', async () => {
    const line = await lineOf(
      () => {},
      async (address) => (await fetch(address, { headers: { Authorization: 'Bearer opaque-token-1' } })).text(),
      policy('<set-variable name="n" value="@(int.Parse(context.Request.Headers.GetValueOrDefault(&quot;Authorization&quot;)))" />'),
    );
    expect(line.backendUrl).toBeUndefined();
    expect(JSON.stringify(line.lastError)).toContain('Bearer ****');
  });

  it('that the backend broke off', async () => {
    const line = await lineOf((request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('first');
      setTimeout(() => request.socket.destroy(), 50);
    }, fetched);
    expect(line).toMatchObject({
      responseCode: 200,
      isRequestSuccess: false,
      level: 'warn',
      lastError: { source: 'transfer-response', reason: 'BackendConnectionFailure', scope: null, section: null },
    });
  });

  it('that its caller did not take', async () => {
    const line = await lineOf(
      (_request, response) => response.write('first'),
      (address) => dropping(address, (data) => data),
    );
    expect(line).toMatchObject({
      responseCode: 200,
      isRequestSuccess: false,
      lastError: { source: 'transfer-response', reason: 'ClientConnectionFailure' },
    });
  });

  it.each(['HEAD', 'GET'])('without a body as of one that is whole: %s', async (method) => {
    const line = await lineOf(
      (_request, response) => response.writeHead(method === 'GET' ? 304 : 200, { 'Content-Length': '5' }).end(),
      async (address) => (await fetch(address, { method })).text(),
    );
    expect(line).toMatchObject({ responseCode: method === 'GET' ? 304 : 200, isRequestSuccess: true });
  });

  it('that nobody waited for: nothing was sent', async () => {
    const line = await lineOf(
      () => {},
      (address, asked) => dropping(address, () => asked),
    );
    expect(line).toMatchObject({
      responseCode: 0,
      isRequestSuccess: false,
      lastError: { source: 'forward-request', reason: 'ClientConnectionFailure', section: 'backend' },
    });
  });

  it.each([
    ['a policy reads', '<set-variable name="b" value="@(context.Request.Body.As&lt;string&gt;(true))" />', 'set-variable', 'inbound'],
    ['goes on as it comes', '', 'forward-request', 'backend'],
  ])('that a caller made impossible who goes in the middle of a body that %s', async (_how, inbound, source, section) => {
    const line = await lineOf(
      () => {},
      (address) =>
        new Promise<void>((resolve) => {
          const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc';
          const socket = connect(Number(new URL(address).port), '127.0.0.1', () => socket.write(head));
          setTimeout(() => socket.destroy(), 100);
          socket.once('close', () => resolve());
        }),
      policy(inbound),
    );
    expect(line).toMatchObject({ responseCode: 0, lastError: { source, reason: 'ClientConnectionFailure', section } });
  });

  it('that on-error made for a caller who had gone: it runs, and nothing was sent', async () => {
    const line = await lineOf(
      () => {},
      (address, asked) => dropping(address, () => asked),
      policy('', '', '<return-response><set-status code="299" /></return-response>'),
    );
    expect(line).toMatchObject({ responseCode: 0, lastError: { reason: 'ClientConnectionFailure' } });
  });
});
