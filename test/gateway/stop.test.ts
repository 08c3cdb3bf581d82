/** Stopping: who is waited for and who is not. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const waiting: ServerResponse[] = [];

async function started(): Promise<Gateway> {
  const backend = createServer((request, response) => {
    request.resume();
    waiting.push(response);
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const directory = mkdtempSync(join(tmpdir(), 'portico-'));
  cleanups.push(
    () => rmSync(directory, { recursive: true }),
    () => backend.close(),
  );
  writeFileSync(
    join(directory, 'policy.xml'),
    '<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>',
  );
  return startGateway({ directory, port: 0, backend: `http://127.0.0.1:${(backend.address() as AddressInfo).port}` });
}

async function connected({ port }: Gateway): Promise<{ socket: Socket; received: () => string }> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  socket.on('error', () => {});
  return { socket, received: () => text };
}

/** A connection without a call is given half a second; one with a call must outlast that. */
function longerThanSpareConnections(): Promise<void> {
  return delay(600);
}

const REQUEST = 'GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n';

it('a connection that has sent nothing is not waited for', async () => {
  const gateway = await started();
  await connected(gateway);
  const began = performance.now();
  await gateway.stop();
  expect(performance.now() - began).toBeLessThan(3000);
});

it('a call that runs is waited for, and its connection is closed behind it', async () => {
  const gateway = await started();
  const caller = await connected(gateway);
  caller.socket.write(REQUEST);
  await expect.poll(() => waiting.length).toBe(1);
  let stopped = false;
  const stop = gateway.stop().then(() => {
    stopped = true;
  });
  await longerThanSpareConnections();
  expect(stopped).toBe(false);
  waiting.shift()?.end('done');
  await stop;
  await expect.poll(caller.received).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*done/);
});

it('a call on a connection that was open already is still answered, and told to close', async () => {
  const gateway = await started();
  const caller = await connected(gateway);
  const stop = gateway.stop();
  caller.socket.write(REQUEST);
  await expect.poll(() => waiting.length).toBe(1);
  await longerThanSpareConnections();
  waiting.shift()?.end('late');
  await stop;
  await expect.poll(caller.received).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Connection: close\r\n[\s\S]*late/i);
});
