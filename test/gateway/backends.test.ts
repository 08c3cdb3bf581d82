/** Pools, breakers and MCP servers behind a real gateway with real backends. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';
import { directoryWith } from '../cli/support.ts';

interface Backend {
  readonly server: Server;
  readonly url: string;
  readonly seen: string[];
  status: number;
}

async function backend(name: string): Promise<Backend> {
  const seen: string[] = [];
  const made = { seen, status: 200 } as { seen: string[]; status: number; server: Server; url: string };
  made.server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (request.url?.endsWith('/mcp')) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: first\n\n');
      setTimeout(() => response.end('data: second\n\n'), 150);
      return;
    }
    response.writeHead(made.status, { 'Content-Type': 'text/plain' }).end(name);
  });
  await new Promise<void>((resolve) => made.server.listen(0, '127.0.0.1', resolve));
  made.url = `http://127.0.0.1:${(made.server.address() as AddressInfo).port}`;
  return made;
}

let a: Backend;
let b: Backend;
let gateway: Gateway;
let directory = directoryWith({});
const lines: string[] = [];

beforeAll(async () => {
  [a, b] = await Promise.all([backend('a'), backend('b')]);
  const info = (properties: object) => JSON.stringify({ properties: { subscriptionRequired: false, ...properties } });
  directory = directoryWith({
    'policy.xml': '<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>',
    'apis/pooled/apiInformation.json': info({ path: 'pooled' }),
    'apis/pooled/policy.xml': '<policies><inbound><base /><set-backend-service backend-id="pool" /></inbound></policies>',
    'apis/tools/apiInformation.json': info({ path: 'tools', type: 'mcp', backendId: '/backends/server' }),
    'portico.yaml': JSON.stringify({
      backends: {
        a: {
          url: `${a.url}/base`,
          'circuit-breaker': {
            'failure-condition': { count: 1, interval: 'PT1M', 'status-code-ranges': [{ min: 500, max: 599 }] },
            'trip-duration': 'PT1H',
          },
        },
        b: `${b.url}/base`,
        server: b.url,
        pool: {
          pool: {
            services: [
              { id: 'a', priority: 1 },
              { id: 'b', priority: 2 },
            ],
            'session-affinity': { source: 'Cookie', name: 'Sid' },
          },
        },
      },
    }),
  });
  gateway = await startGateway({ directory: directory.path, port: 0, log: (text) => lines.push(...text.trim().split('\n')) });
});
afterAll(async () => {
  await gateway.stop();
  directory.remove();
  for (const { server } of [a, b]) server.close();
});

describe('a pool behind the gateway', () => {
  it('goes to the first priority, pins the caller, and moves on when the breaker opens', async () => {
    const first = await fetch(`${gateway.address}/pooled/x?y=1`);
    expect(await first.text()).toBe('a');
    expect(a.seen).toEqual(['GET /base/x?y=1']);
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie).toMatch(/^Sid=/);
    a.status = 500;
    expect((await fetch(`${gateway.address}/pooled/x`, { headers: { cookie } })).status).toBe(500);
    const moved = await fetch(`${gateway.address}/pooled/x`, { headers: { cookie } });
    expect([moved.status, await moved.text()]).toEqual([200, 'b']);
    expect(b.seen).toEqual(['GET /base/x']);
    expect(gateway.engine.backends.snapshot().find(({ id }) => id === 'a')).toMatchObject({ state: 'open', calls: 2, failed: 1 });
  });

  it('leaves an open breaker open over a reload', async () => {
    expect(await gateway.reload()).toBe(true);
    expect(gateway.engine.backends.snapshot().find(({ id }) => id === 'a')).toMatchObject({ state: 'open', calls: 2 });
    expect(await (await fetch(`${gateway.address}/pooled/x`)).text()).toBe('b');
  });

  it('names the member in the access log', async () => {
    const ids = () => lines.map((line) => (JSON.parse(line) as { backendId?: string }).backendId).filter(Boolean);
    await expect.poll(ids).toEqual(['a', 'a', 'b', 'b']);
  });
});

describe('an MCP server behind the gateway', () => {
  it('streams without gathering', async () => {
    const answer = await fetch(`${gateway.address}/tools/mcp`, { method: 'POST', body: '{"jsonrpc":"2.0"}' });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toBe('data: first\n\n');
    const second = await reader?.read();
    expect(new TextDecoder().decode(second?.value)).toBe('data: second\n\n');
    expect(b.seen.at(-1)).toBe('POST /mcp');
  });
});
