/** The gateway on real sockets: what callers and backends may do to it. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startDemoBackend } from '../../src/gateway/demo/backend.ts';
import { startDemoProvider } from '../../src/gateway/demo/provider.ts';
import { type Gateway, type GatewayOptions, LoadFailure, startGateway } from '../../src/gateway/gateway.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const POLICY = (inbound: string, more = '') =>
  `<policies><inbound>${inbound}</inbound><backend><forward-request timeout="1" /></backend><outbound>${more}</outbound><on-error /></policies>`;

function directory(policy: string): string {
  const path = mkdtempSync(join(tmpdir(), 'portico-'));
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  writeFileSync(join(path, 'policy.xml'), policy);
  return path;
}

async function gateway(policy: string, options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const running = await startGateway({ directory: directory(policy), port: 0, ...options });
  cleanups.push(() => running.stop());
  return running;
}

/** A backend that does what the test wants; gives its address. */
async function backend(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sends bytes and gives everything that comes back until the gateway closes. */
function raw(address: string, bytes: string | readonly string[]): Promise<string> {
  const { port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('close', () => resolve(text));
    socket.on('error', () => resolve(text));
    for (const part of typeof bytes === 'string' ? [bytes] : bytes) socket.write(part);
  });
}

describe('the example directory', () => {
  it('answers through real discovery', async () => {
    const [service, provider] = [await startDemoBackend(), await startDemoProvider()];
    cleanups.push(
      () => service.stop(),
      () => provider.stop(),
    );
    const variables: Record<string, string> = { PORTICO_BACKEND: service.address, PORTICO_OPENID: provider.address };
    const lines: string[] = [];
    const running = await startGateway({
      directory: 'policies',
      port: 0,
      environment: (name) => variables[name],
      log: (text) => lines.push(text),
    });
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'me', scope: 'orders.read' });
    const { access_token: token } = (await (await fetch(`${provider.address}/token`, { method: 'POST', body: form })).json()) as {
      access_token: string;
    };

    expect(await (await fetch(`${running.address}/hello?name=Ana`)).json()).toMatchObject({ message: 'hello, Ana' });
    const refused = await fetch(`${running.address}/orders/7`);
    expect([refused.status, await refused.json()]).toEqual([401, { statusCode: 401, message: 'Please sign in.' }]);
    const order = await fetch(`${running.address}/orders/7`, { headers: { Authorization: `Bearer ${token}` } });
    expect([order.status, await order.json(), order.headers.get('x-calls-left'), order.headers.get('x-powered-by')]).toEqual([
      200,
      { id: 7, total: 129.5 },
      '99',
      null,
    ]);
    const missing = await fetch(`${running.address}/nothing`);
    expect([missing.status, await missing.text()]).toEqual([404, '{ "statusCode": 404, "message": "Resource not found" }']);
    expect((await fetch(`${running.address}/status-0123456789abcdef`)).status).toBe(200);

    await running.stop();
    const log = lines.join('');
    expect(log).toContain('"operationId":"get-order"');
    expect(log).toContain('"oid":"me"');
    expect(log).not.toContain(token);
  });
});

describe('a backend', () => {
  it.each<readonly [string, (request: IncomingMessage, response: ServerResponse) => void, number]>([
    ['that hangs up', (request) => request.socket.destroy(), 500],
    ['that answers too late', () => {}, 500],
    ['that answers 503', (_request, response) => response.writeHead(503).end('busy'), 503],
  ])('%s', async (_name, handler, status) => {
    const running = await gateway(POLICY(''), { backend: await backend(handler) });
    const answer = await fetch(running.address);
    expect(answer.status).toBe(status);
    if (status === 500)
      expect(await answer.text()).toMatch(/^\{ "statusCode": 500, "message": "Internal server error", "activityId": "[0-9a-f-]{36}" \}$/);
  });

  it('that refuses the connection', async () => {
    const running = await gateway(POLICY(''), { backend: 'http://127.0.0.1:1' });
    expect((await fetch(running.address)).status).toBe(500);
  });

  it('that breaks off in the middle cuts the caller off, too', async () => {
    const address = await backend((request, response) => {
      response.writeHead(200, { 'Content-Length': '100000' });
      response.write('x'.repeat(1000));
      setTimeout(() => request.socket.destroy(), 50);
    });
    const running = await gateway(POLICY(''), { backend: address });
    const answer = await fetch(running.address);
    await expect(answer.text()).rejects.toThrow();
  });

  it('gets the request as the caller wrote it, without connection headers', async () => {
    const address = await backend((request, response) => response.end(JSON.stringify({ url: request.url, raw: request.rawHeaders })));
    const running = await gateway(POLICY(''), { backend: `${address}/base` });
    const text = await raw(
      running.address,
      `GET /a/../b/%7Ec//d?y=%zz HTTP/1.1\r\nHost: gw\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\nX-Two: a\r\nx-two: b\r\n\r\n`,
    );
    const body = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as { url: string; raw: string[] };
    expect(body.url).toBe('/base/b/%7Ec//d?y=%zz');
    expect(body.raw.join(' ')).toContain('X-Two a x-two b');
    expect(body.raw.join(' ')).toContain('X-Forwarded-For 127.0.0.1');
    expect(body.raw.join(' ').toLowerCase()).not.toMatch(/x-hop|trailers/);
  });

  it('streams server-sent events as they come', async () => {
    let sendSecond: () => void = () => {};
    const address = await backend((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: 1\n\n');
      sendSecond = () => void response.end('data: 2\n\n');
    });
    const running = await gateway(POLICY(''), { backend: address });
    const answer = await fetch(running.address);
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toBe('data: 1\n\n');
    sendSecond();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 2\n\n');
  });
});

describe('a caller', () => {
  it('that sends 256 MiB is streamed through at constant memory', async () => {
    const address = await backend((request, response) => {
      let size = 0;
      request.on('data', (chunk: Buffer) => (size += chunk.length));
      request.on('end', () => response.end(String(size)));
    });
    const running = await gateway(POLICY('').replace('timeout="1"', 'timeout="60"'), { backend: address });
    const before = process.memoryUsage().rss;
    const chunk = Buffer.alloc(1024 * 1024);
    const text = await new Promise<string>((resolve, reject) => {
      const sending = httpRequest(
        running.address,
        { method: 'POST', headers: { 'Content-Length': String(256 * chunk.length) } },
        (answer) => {
          let body = '';
          answer.on('data', (part) => (body += String(part)));
          answer.on('end', () => resolve(body));
        },
      );
      sending.on('error', reject);
      let left = 256;
      const send = (): void => {
        while (left > 0) {
          left -= 1;
          if (!sending.write(chunk)) return void sending.once('drain', send);
        }
        sending.end();
      };
      send();
    });
    expect(text).toBe(String(256 * chunk.length));
    expect(process.memoryUsage().rss - before).toBeLessThan(220 * 1024 * 1024);
  });

  it('that goes away stops the call to the backend', async () => {
    let asked: (() => void) | undefined;
    const stopped = new Promise<void>((resolve) => {
      void backend((request) => {
        asked?.();
        request.socket.once('close', () => resolve());
      }).then(async (address) => {
        const running = await gateway(POLICY('').replace('timeout="1"', 'timeout="60"'), { backend: address });
        const socket = connect(Number(new URL(running.address).port), '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
        asked = () => socket.destroy();
      });
    });
    await stopped;
  });

  it('that goes away in the middle of a streamed answer stops the backend', async () => {
    let closed: (() => void) | undefined;
    const stopped = new Promise<void>((resolve) => (closed = resolve));
    const address = await backend((_request, response) => {
      response.write('first');
      response.once('close', () => closed?.());
    });
    const running = await gateway(POLICY(''), { backend: address });
    const socket = connect(Number(new URL(running.address).port), '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.once('data', () => socket.destroy());
    await stopped;
  });

  it('that is refused by the backend before its body is sent gets the answer', async () => {
    const address = await backend((_request, response) => response.writeHead(403, { Connection: 'close' }).end('no'));
    const running = await gateway(POLICY(''), { backend: address });
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = httpRequest(running.address, { method: 'POST', headers: { 'Content-Length': '1000000' } }, (answer) => {
        resolve(answer.statusCode);
        sending.destroy();
      });
      sending.on('error', reject);
      sending.write('begin');
    });
    expect(status).toBe(403);
  });

  it('on one connection gets one answer after the other', async () => {
    const address = await backend((request, response) => response.end(request.url));
    const running = await gateway(POLICY(''), { backend: address });
    const head = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
    const text = await raw(running.address, [head('/a'), head('/b'), head('/c', 'Connection: close\r\n')]);
    expect([...text.matchAll(/\r\n\r\n(\/[abc])/g)].map(([, path]) => path)).toEqual(['/a', '/b', '/c']);
  });

  it.each(['HEAD', 'GET'])('asking with %s for 304 gets no body', async (method) => {
    const address = await backend((_request, response) => response.writeHead(304, { ETag: '"1"' }).end());
    const running = await gateway(POLICY(''), { backend: address });
    const answer = await fetch(running.address, { method });
    expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([304, '"1"', '']);
  });

  it('whose body is larger than policies may read is refused with 413', async () => {
    const path = directory(POLICY('<set-body>@(context.Request.Body.As<string>().ToUpper())</set-body>'));
    writeFileSync(join(path, 'portico.yaml'), 'limits: { body: 1000 }\n');
    const running = await startGateway({ directory: path, port: 0, backend: await backend((_request, response) => response.end()) });
    cleanups.push(() => running.stop());
    const answer = await fetch(running.address, { method: 'POST', body: 'x'.repeat(2000) });
    expect(answer.status).toBe(413);
  });

  it('that sends 100,000 headers is refused with 431', async () => {
    const running = await gateway(POLICY(''));
    const text = await raw(running.address, [
      'GET / HTTP/1.1\r\nHost: x\r\n',
      ...Array.from({ length: 100 }, (_, at) => Array.from({ length: 1000 }, (_n, n) => `X-${at}-${n}: y\r\n`).join('')),
      '\r\n',
    ]);
    expect(text).toMatch(/^(HTTP\/1.1 431 |$)/);
    expect((await fetch(`${running.address}/status-0123456789abcdef`)).status).toBe(200);
  });

  it('that sends no HTTP is refused with 400', async () => {
    const running = await gateway(POLICY(''));
    expect(await raw(running.address, 'hello\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  });

  it('that stops in the middle of its head is cut', async () => {
    const path = directory(POLICY(''));
    writeFileSync(join(path, 'portico.yaml'), 'limits: { caller-timeout: 1 }\n');
    const running = await startGateway({ directory: path, port: 0 });
    cleanups.push(() => running.stop());
    const started = performance.now();
    await raw(running.address, 'GET / HTTP/1.1\r\nHost: x\r\n');
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('that smuggles two lengths is refused', async () => {
    const running = await gateway(POLICY(''));
    const text = await raw(
      running.address,
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    );
    expect(text).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe('reload and stop', () => {
  it('drop no call', async () => {
    let asked: (() => void) | undefined;
    const address = await backend((_request, response) => {
      asked?.();
      setTimeout(() => response.end('ok'), 5);
    });
    const path = directory(POLICY('', '<set-header name="X-Version" exists-action="override"><value>1</value></set-header>'));
    const running = await startGateway({ directory: path, port: 0, backend: address });
    const seen = new Set<string>();
    let failed = 0;
    let done = false;
    const callers = Array.from({ length: 8 }, async () => {
      while (!done) {
        const answer = await fetch(running.address).catch(() => undefined);
        if (answer?.status !== 200) failed += 1;
        else seen.add(answer.headers.get('x-version') ?? '');
        await answer?.text();
      }
    });
    for (let version = 2; version <= 5; version += 1) {
      await expect.poll(() => seen).toContain(String(version - 1));
      writeFileSync(
        join(path, 'policy.xml'),
        POLICY('', `<set-header name="X-Version" exists-action="override"><value>${version}</value></set-header>`),
      );
      expect(await running.reload()).toBe(true);
    }
    await expect.poll(() => seen).toContain('5');
    done = true;
    await Promise.all(callers);
    const arrived = new Promise<void>((resolve) => (asked = resolve));
    const last = fetch(running.address);
    await arrived;
    await running.stop();
    expect((await last).status).toBe(200);
    expect(failed).toBe(0);
    expect([...seen].sort()).toEqual(expect.arrayContaining(['2', '3', '4', '5']));
  });

  it('keep the last good state when the new one has errors', async () => {
    const path = directory(POLICY('<return-response><set-status code="204" reason="x" /></return-response>'));
    const running = await startGateway({ directory: path, port: 0 });
    cleanups.push(() => running.stop());
    writeFileSync(join(path, 'policy.xml'), '<policies><inbound><no-such-policy /></inbound></policies>');
    expect(await running.reload()).toBe(false);
    expect((await fetch(running.address)).status).toBe(204);
  });

  it('notice a saved file', async () => {
    const path = directory(POLICY('<return-response><set-status code="204" reason="x" /></return-response>'));
    const running = await startGateway({ directory: path, port: 0, watch: true });
    cleanups.push(() => running.stop());
    const saved = POLICY('<return-response><set-status code="205" reason="x" /></return-response>');
    const saveAndAsk = async () => {
      // Saved again each time: the first may come before anybody watches.
      writeFileSync(join(path, 'policy.xml'), saved);
      return (await fetch(running.address)).status;
    };
    await expect.poll(saveAndAsk, { interval: 250 }).toBe(205);
  });

  it('refuse to start with errors', async () => {
    const path = mkdtempSync(join(tmpdir(), 'portico-'));
    cleanups.push(() => rmSync(path, { recursive: true, force: true }));
    cpSync('policies', path, { recursive: true });
    writeFileSync(join(path, 'apis/orders/policy.xml'), '<policies><inbound><set-header nam="x" /></inbound></policies>');
    await expect(startGateway({ directory: path, port: 0, environment: () => undefined })).rejects.toThrow(LoadFailure);
  });
});
