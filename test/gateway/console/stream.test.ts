/** A gateway that is looked at streams as ever: nothing is held up, nothing is changed, memory is bounded. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallDetail, CallSummary } from '../../../src/gateway/console/call-rows.ts';
import { Console } from '../../../src/gateway/console/console.ts';
import { type Gateway, startGateway } from '../../../src/gateway/gateway.ts';

const MEGABYTES = 20;

describe('a gateway with a console', () => {
  let gateway: Gateway;
  let open: Console;
  let backend: Server;
  let directory = '';
  let waiting: ServerResponse | undefined;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'portico-console-'));
    writeFileSync(
      join(directory, 'policy.xml'),
      '<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>',
    );
    backend = createServer((incoming, response) => {
      if (incoming.url === '/events') {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n');
        waiting = response;
        return;
      }
      const hash = createHash('sha256');
      incoming.on('data', (chunk: Buffer) => hash.update(chunk));
      incoming.on('end', () => response.end(hash.digest('hex')));
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    gateway = await startGateway({
      directory,
      port: 0,
      backend: `http://127.0.0.1:${(backend.address() as AddressInfo).port}`,
      watcher: async (workspace) => {
        open = new Console({ port: 0, workspace, watches: false });
        return open;
      },
    });
    await open.open(gateway);
  });
  afterAll(async () => {
    await open?.close();
    await gateway?.stop();
    backend?.close();
    backend?.closeAllConnections();
    if (directory !== '') rmSync(directory, { recursive: true });
  });

  async function read<T>(path: string): Promise<T> {
    const url = new URL(open.address);
    const headers = { Authorization: `Bearer ${url.searchParams.get('token') ?? ''}` };
    return (await (await fetch(`${url.origin}/debug/api/${path}`, { headers })).json()) as T;
  }

  async function last(): Promise<CallDetail> {
    const { calls } = await read<{ calls: CallSummary[] }>('calls');
    return read<CallDetail>(`call?id=${calls[0]?.id ?? ''}`);
  }

  it('passes each event on as it comes, and shows the call meanwhile', async () => {
    const answer = await fetch(`${gateway.address}/events`);
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 1\n\n');
    expect(await last()).toMatchObject({ status: 200, duration: null, response: { body: { text: 'data: 1\n\n' } } });
    waiting?.write('data: 2\n\n');
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 2\n\n');
    waiting?.end();
    expect((await reader?.read())?.done).toBe(true);
    await expect.poll(async () => (await last()).duration).not.toBeNull();
    expect((await last()).response?.body?.bytes).toBe(18);
  });

  it.each([
    ['with its length', { 'Content-Length': String(MEGABYTES * 1024 * 1024) }],
    ['in chunks', { 'Transfer-Encoding': 'chunked' }],
  ])('lets a large upload through, %s', async (_name, headers) => {
    const piece = randomBytes(1024 * 1024);
    const hash = createHash('sha256');
    const text = await new Promise<string>((resolve, reject) => {
      const sent = request(`${gateway.address}/upload`, { method: 'POST', headers }, (response) => {
        let all = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          all += chunk;
        });
        response.on('end', () => resolve(all));
      });
      sent.on('error', reject);
      for (let at = 0; at < MEGABYTES; at += 1) {
        hash.update(piece);
        sent.write(piece);
      }
      sent.end();
    });
    expect(text).toBe(hash.digest('hex'));
    const { request: seen } = await last();
    expect(seen.body).toMatchObject({ bytes: MEGABYTES * 1024 * 1024, truncated: true, binary: true });
  });

  it('says that a caller went away', async () => {
    const stop = new AbortController();
    const answer = await fetch(`${gateway.address}/events`, { signal: stop.signal });
    await answer.body?.getReader().read();
    stop.abort();
    await expect.poll(async () => (await last()).state).toBe('broken');
  });
});
