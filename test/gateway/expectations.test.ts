/** `Expect: 100-continue` from caller to backend: who asks for the body, when, and what happens when nobody does. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer as createTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { raw, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

const document = (forward = '', inbound = '') =>
  `<policies><inbound>${inbound}</inbound><backend><forward-request timeout="2" ${forward} /></backend><outbound /><on-error><set-header name="X-Why" exists-action="override"><value>@(context.LastError.Reason)</value></set-header></on-error></policies>`;

/** What a backend below HTTP has seen of one connection. */
interface Seen {
  text: string;
  connections: number;
  /** Milliseconds between head and body. */
  waited: number;
}

/** A backend that answers a head with `onHead`, and a whole `hello` behind it with a 200. */
async function backend(onHead: (socket: Socket) => void): Promise<{ address: string; seen: Seen }> {
  const seen: Seen = { text: '', connections: 0, waited: 0 };
  const server = createTcp((socket) => {
    let got = '';
    let headAt = 0;
    seen.connections += 1;
    socket.on('error', () => {});
    stage.after(() => socket.destroy());
    socket.on('data', (chunk) => {
      const hadHead = got.includes('\r\n\r\n');
      got += chunk.toString('latin1');
      seen.text += chunk.toString('latin1');
      if (!hadHead && got.includes('\r\n\r\n')) {
        headAt = performance.now();
        onHead(socket);
      }
      if (!got.includes('hello')) return;
      seen.waited = performance.now() - headAt;
      got = '';
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stage.after(() => server.close());
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const ASK = 'POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n';
const PLAIN = 'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello';

/** A caller that sends its body only once it was asked for it; gives all that it got. */
function patient(address: string, head = ASK.replace('Content-Length', 'Connection: close\r\nContent-Length'), body = 'hello') {
  return new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1', () => socket.write(head));
    stage.after(() => socket.destroy());
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text === CONTINUE) socket.write(body);
    });
    socket.on('close', () => resolve(text));
  });
}

describe('an expectation of the caller', () => {
  it('goes to the backend, whose 100 brings the body', async () => {
    const { address, seen } = await backend((socket) => setTimeout(() => socket.write(CONTINUE), 100));
    const running = await stage.gateway({ 'policy.xml': document() }, { backend: address });
    const answer = await patient(running.address);
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n[\s\S]*done$/);
    expect(seen.text).toMatch(/^POST \/a HTTP\/1\.1\r\nHost: /);
    expect(seen.text).toMatch(/\r\nContent-Length: 5\r\n[\s\S]*Expect: 100-continue\r\n[\s\S]*\r\n\r\nhello$/);
    expect(seen.waited).toBeGreaterThanOrEqual(95);
  });

  it.each([
    ['417', 'HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno', /^HTTP\/1\.1 417 [\s\S]*no$/],
    ['401', 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n', /^HTTP\/1\.1 401 [\s\S]*Basic/],
    ['200', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nearly', /^HTTP\/1\.1 200 [\s\S]*early$/],
  ])('is answered %s at once: the body is never asked for', async (_name, wire, expected) => {
    const { address, seen } = await backend((socket) => socket.write(wire));
    const running = await stage.gateway({ 'policy.xml': document() }, { backend: address });
    expect(await patient(running.address)).toMatch(expected);
    expect(seen.text).not.toContain('hello');
  });

  it('leaves no connection that owes a body to the next call', async () => {
    const { address, seen } = await backend((socket) => socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'));
    const running = await stage.gateway({ 'policy.xml': document() }, { backend: address });
    await patient(running.address);
    await patient(running.address);
    expect(seen.connections).toBe(2);
  });

  it('uses a connection again that owes nothing', async () => {
    const { address, seen } = await backend((socket) => socket.write(CONTINUE));
    const running = await stage.gateway({ 'policy.xml': document() }, { backend: address });
    for (let call = 0; call < 3; call += 1) expect(await patient(running.address)).toContain('done');
    expect(seen.connections).toBe(1);
  });

  it('is given up after a second when the backend is silent', async () => {
    const { address, seen } = await backend(() => {});
    const running = await stage.gateway({ 'policy.xml': document() }, { backend: address });
    expect(await patient(running.address)).toContain('done');
    expect(seen.waited).toBeGreaterThan(900);
    expect(seen.waited).toBeLessThan(1900);
  });

  it('is a timeout of the backend when continue-timeout has passed', async () => {
    const { address, seen } = await backend(() => {});
    const running = await stage.gateway({ 'policy.xml': document('continue-timeout="@(1 - 1)"') }, { backend: address });
    expect(await patient(running.address)).toMatch(/^HTTP\/1\.1 500 [\s\S]*X-Why: Timeout/);
    expect(seen.text).not.toContain('hello');
  });

  it('counts against the timeout of the call', async () => {
    const { address, seen } = await backend(() => {});
    const text = document('continue-timeout="10"').replace('timeout="2"', 'timeout-ms="300"');
    const running = await stage.gateway({ 'policy.xml': text }, { backend: address });
    expect(await patient(running.address)).toMatch(/^HTTP\/1\.1 500 [\s\S]*X-Why: Timeout/);
    expect(seen.text).not.toContain('hello');
  });

  it('does not hold a body that a policy has read: the caller is asked first', async () => {
    const { address, seen } = await backend((socket) => setTimeout(() => socket.write(CONTINUE), 50));
    const running = await stage.gateway(
      {
        'policy.xml': document(
          '',
          '<set-header name="X-Size" exists-action="override"><value>@(context.Request.Body.As<string>(true).Length.ToString())</value></set-header>',
        ),
      },
      { backend: address },
    );
    expect(await patient(running.address)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    expect(seen.text).toMatch(/X-Size: 5\r\n[\s\S]*Expect: 100-continue[\s\S]*hello$/);
  });

  it('is not answered for a call that a policy refuses', async () => {
    const { address, seen } = await backend((socket) => socket.write(CONTINUE));
    const running = await stage.gateway(
      {
        'policy.xml': document(
          '',
          '<check-header name="X-Key" failed-check-httpcode="401" failed-check-error-message="no" ignore-case="true" />',
        ),
      },
      { backend: address },
    );
    expect(await patient(running.address)).toMatch(/^HTTP\/1\.1 401 /);
    expect(seen.connections).toBe(0);
  });

  it('without a body is none', async () => {
    const { address, seen } = await backend((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    const running = await stage.gateway({ 'policy.xml': document('continue-timeout="1"') }, { backend: address });
    await raw(running.address, 'GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n');
    expect(seen.text).toContain('GET / ');
    expect(seen.text).not.toContain('Expect');
  });

  it('ends when the caller goes', async () => {
    let gone = false;
    const { address } = await backend((socket) => void socket.on('close', () => (gone = true)));
    const running = await stage.gateway({ 'policy.xml': document('continue-timeout="2"') }, { backend: address });
    const socket = connect(Number(new URL(running.address).port), '127.0.0.1', () => socket.write(ASK));
    setTimeout(() => socket.destroy(), 100);
    await expect.poll(() => gone).toBe(true);
  });

  it('works for curl and a body of 3 MB', async () => {
    let size = 0;
    const address = await stage.backend(
      (request, response) => void request.on('data', (chunk: Buffer) => (size += chunk.length)).on('end', () => response.end(`${size}`)),
    );
    const running = await stage.gateway({ 'policy.xml': document() }, { backend: address });
    const file = join(stage.directory({}), 'body');
    writeFileSync(file, Buffer.alloc(3_000_000, 'a'));
    const output = await new Promise<string>((resolve, reject) =>
      execFile('curl', ['-sv', '-H', 'Expect: 100-continue', '-T', file, `${running.address}/up`], (error, out, log) =>
        error ? reject(error) : resolve(out + log),
      ),
    );
    expect(output).toMatch(/^3000000/);
    expect(output).toContain('HTTP/1.1 100 Continue');
  });
});

describe('continue-timeout', () => {
  it('makes the gateway ask for callers that do not', async () => {
    const { address, seen } = await backend((socket) => setTimeout(() => socket.write(CONTINUE), 50));
    const running = await stage.gateway({ 'policy.xml': document('continue-timeout="1"') }, { backend: address });
    expect(await raw(running.address, PLAIN)).toMatch(/^HTTP\/1\.1 200 [\s\S]*done$/);
    expect(seen.text).toContain('Expect: 100-continue');
    expect(seen.waited).toBeGreaterThanOrEqual(45);
  });

  it('holds a body that a policy made, too, and one that a retry sends again', async () => {
    let calls = 0;
    const { address, seen } = await backend((socket) => {
      calls += 1;
      socket.write(calls === 1 ? 'HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n' : CONTINUE);
    });
    const text =
      '<policies><inbound><set-body>hello</set-body></inbound><backend><retry condition="@(context.Response.StatusCode == 503)" count="2" interval="0"><forward-request continue-timeout="1" /></retry></backend><outbound /><on-error /></policies>';
    const running = await stage.gateway({ 'policy.xml': text }, { backend: address });
    expect(await raw(running.address, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\na')).toContain('done');
    expect(seen.text.match(/Expect/g)).toHaveLength(2);
    expect(seen.text.match(/hello/g)).toHaveLength(1);
  });
});

describe('a body that streams', () => {
  const rounds = (attributes: string) =>
    `<policies><inbound /><backend><retry condition="@(context.Response.StatusCode != 200)" count="1" interval="0"><forward-request timeout="2" ${attributes} /></retry></backend><outbound /><on-error><set-header name="X-Why" exists-action="override"><value>@(context.LastError.Message)</value></set-header></on-error></policies>`;

  it('that was not asked for goes to the next round', async () => {
    let calls = 0;
    const { address, seen } = await backend((socket) => {
      calls += 1;
      socket.write(calls === 1 ? 'HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n' : CONTINUE);
    });
    const running = await stage.gateway({ 'policy.xml': rounds('') }, { backend: address });
    expect(await patient(running.address)).toMatch(/HTTP\/1\.1 200 [\s\S]*done$/);
    expect(seen.text.match(/hello/g)).toHaveLength(1);
  });

  it('is never sent a second time as an empty one', async () => {
    const bodies: string[] = [];
    const address = await stage.backend((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        bodies.push(body);
        response.writeHead(503).end();
      });
    });
    const running = await stage.gateway({ 'policy.xml': rounds('continue-timeout="1"') }, { backend: address });
    const request = 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n';
    expect(await raw(running.address, request)).toMatch(/^HTTP\/1\.1 50/);
    expect(bodies).toEqual(['ok']);
  });
});

describe('informational answers', () => {
  const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-Any: 1\r\nKeep-Alive: timeout=5\r\n\r\n';

  const early = (wire: string) =>
    backend((socket) => {
      socket.write(wire);
      setTimeout(() => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'), 50);
    });

  it('go to callers as they come, without headers of the connection', async () => {
    const { address } = await early(HINTS + HINTS);
    const running = await stage.gateway({ 'policy.xml': document() }, { backend: address });
    const expected = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-Any: 1\r\n\r\n';
    const answer = await raw(running.address, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer.slice(0, 2 * expected.length)).toBe(expected + expected);
    expect(answer).toMatch(/HTTP\/1\.1 200 OK[\s\S]*ok$/);
  });

  it('do not go to callers that speak HTTP/1.0', async () => {
    const { address } = await early(HINTS);
    const running = await stage.gateway({ 'policy.xml': document() }, { backend: address });
    expect(await raw(running.address, 'GET / HTTP/1.0\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('are handed on up to twenty times', async () => {
    const { address } = await early(HINTS.repeat(500));
    const running = await stage.gateway({ 'policy.xml': document() }, { backend: address });
    const answer = await raw(running.address, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer.match(/ 103 /g)).toHaveLength(20);
    expect(answer).toContain('200 OK');
  });

  it('do not put off the timeout', async () => {
    const { address } = await backend((socket) => {
      const flood = setInterval(() => socket.write(HINTS), 20);
      socket.on('close', () => clearInterval(flood));
    });
    const running = await stage.gateway({ 'policy.xml': document().replace('timeout="2"', 'timeout-ms="200"') }, { backend: address });
    expect(await raw(running.address, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /HTTP\/1\.1 500 [\s\S]*X-Why: Timeout/,
    );
  });

  it('come before the 100 of a body that is waited for', async () => {
    const { address } = await backend((socket) => socket.write(HINTS + CONTINUE));
    const running = await stage.gateway({ 'policy.xml': document() }, { backend: address });
    const answers = new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(running.address).port), '127.0.0.1', () => socket.write(ASK));
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (text.endsWith(CONTINUE)) socket.write('hello');
        if (text.endsWith('done')) resolve(text);
      });
      stage.after(() => socket.destroy());
    });
    expect((await answers).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 103', 'HTTP/1.1 100', 'HTTP/1.1 200']);
  });
});
