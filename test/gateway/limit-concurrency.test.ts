/** Gates of limit-concurrency under calls that really run at once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';

const POLICY = `<policies><inbound>
  <set-variable name="gate" value="@(context.Request.OriginalUrl.Query.GetValueOrDefault("gate", "g"))" />
</inbound><backend>
  <limit-concurrency key="@((string)context.Variables["gate"])" max-count="2"><forward-request timeout="2" /></limit-concurrency>
</backend><outbound /><on-error /></policies>`;

const waiting: ServerResponse[] = [];
const backend = createServer((request, response) => {
  request.resume();
  waiting.push(response);
});
let gateway: Gateway;
let directory = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  directory = mkdtempSync(join(tmpdir(), 'portico-'));
  writeFileSync(join(directory, 'policy.xml'), POLICY);
  gateway = await startGateway({ directory, port: 0, backend: `http://127.0.0.1:${(backend.address() as AddressInfo).port}` });
});
afterEach(() => {
  for (const response of waiting.splice(0)) response.end();
});
afterAll(async () => {
  await gateway.stop();
  backend.close();
  rmSync(directory, { recursive: true });
});

const status = async (query = '') => (await fetch(`${gateway.address}/x${query}`)).status;

async function inside(count: number): Promise<void> {
  await expect.poll(() => waiting.length).toBe(count);
}

it('a full gate refuses at once, another key is another gate, and places are given back', async () => {
  const two = [status(), status()];
  await inside(2);
  const refused = await fetch(`${gateway.address}/x`);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBeNull();
  expect(await refused.json()).toMatchObject({ statusCode: 429 });
  const other = status('?gate=other');
  await inside(3);
  for (const response of waiting.splice(0)) response.end('done');
  expect(await Promise.all([...two, other])).toEqual([200, 200, 200]);
  const again = status();
  await inside(1);
  waiting.shift()?.end();
  expect(await again).toBe(200);
});

it('a failure gives the place back, and so does a caller that leaves', async () => {
  const failing = [status(), status()];
  await inside(2);
  for (const response of waiting.splice(0)) response.destroy();
  expect(await Promise.all(failing)).toEqual([500, 500]);
  const leaving = new AbortController();
  const left = [0, 1].map(() => fetch(`${gateway.address}/x`, { signal: leaving.signal }).catch(() => 'left'));
  await inside(2);
  leaving.abort();
  expect(await Promise.all(left)).toEqual(['left', 'left']);
  waiting.length = 0;
  const ending = setInterval(() => {
    for (const response of waiting.splice(0)) response.end();
  }, 10);
  await expect.poll(() => status()).toBe(200);
  clearInterval(ending);
});

it('a reload does not open the gate for more', async () => {
  const two = [status(), status()];
  await inside(2);
  expect(await gateway.reload()).toBe(true);
  expect(await status()).toBe(429);
  for (const response of waiting.splice(0)) response.end();
  expect(await Promise.all(two)).toEqual([200, 200]);
});
