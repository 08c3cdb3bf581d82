/** Two gateways that share a Redis server: caches and limits, with the server killed in the middle. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';
import { type RedisServer, redisMissing, startRedis } from '../support/redis.ts';

const API = (name: string, inbound: string, outbound = '<base />') => ({
  [`apis/${name}/apiInformation.json`]: JSON.stringify({ properties: { path: name, displayName: name, subscriptionRequired: false } }),
  [`apis/${name}/specification.yaml`]: `openapi: 3.0.1\ninfo: { title: ${name}, version: "1" }\npaths: { "/x": { get: { operationId: get, responses: {} }, post: { operationId: post, responses: {} } } }\n`,
  [`apis/${name}/policy.xml`]: `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound>${outbound}</outbound><on-error><base /></on-error></policies>`,
});

const VALUE = `<cache-lookup-value key="v" variable-name="v" />
  <choose><when condition="@(!context.Variables.ContainsKey("v"))">
    <send-request mode="new" response-variable-name="r"><set-url>@(context.Request.Url.ToString().Replace("value", "source"))</set-url></send-request>
    <set-variable name="v" value="@(new JObject(new JProperty("at", new DateTime(2026, 1, 2)), new JProperty("body", ((IResponse)context.Variables["r"]).Body.As<string>())))" />
    <cache-store-value key="v" value="@(context.Variables["v"])" duration="60" /></when></choose>
  <return-response><set-body>@{ var v = (JObject)context.Variables["v"]; v["mine"] = context.Request.Method; return v.ToString(Newtonsoft.Json.Formatting.None) + (v["at"].Type == JTokenType.Date); }</set-body></return-response>`;

const FILES: Readonly<Record<string, string>> = {
  ...API(
    'response',
    '<cache-lookup vary-by-developer="false" vary-by-developer-groups="false"><vary-by-header>X-V</vary-by-header></cache-lookup>',
    '<cache-store duration="60" /><base />',
  ),
  ...API(
    'inside',
    '<cache-lookup vary-by-developer="false" vary-by-developer-groups="false" caching-type="internal" />',
    '<cache-store duration="60" /><base />',
  ),
  ...API('value', VALUE),
  ...API(
    'limited',
    '<rate-limit-by-key calls="30" renewal-period="60" counter-key="k" /><return-response><set-status code="200" /></return-response>',
  ),
  ...API(
    'tokens',
    '<llm-token-limit counter-key="k" tokens-per-minute="100" token-quota="1000" token-quota-period="Hourly" estimate-prompt-tokens="false" remaining-tokens-header-name="X-Left" />',
  ),
  ...API(
    'semantic',
    '<llm-semantic-cache-lookup score-threshold="0.05" embeddings-backend-id="none" />',
    '<llm-semantic-cache-store duration="60" /><base />',
  ),
};

describe.skipIf(redisMissing)(`two gateways and one Redis server${redisMissing ? ` (skipped: ${redisMissing})` : ''}`, () => {
  let redis: RedisServer;
  let gateways: Gateway[] = [];
  let calls = 0;
  const log: string[] = [];
  const cleanups: (() => unknown)[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    const backend = createServer((request, response) => {
      calls += 1;
      request.resume();
      response.writeHead(200, { 'Content-Type': 'application/json', 'X-Call': String(calls) });
      response.end(
        JSON.stringify({
          call: calls,
          choices: [{ message: { content: 'hi' } }],
          usage: { prompt_tokens: 10, completion_tokens: 30, total_tokens: 40 },
        }),
      );
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
    const directory = mkdtempSync(join(tmpdir(), 'portico-'));
    const files: Record<string, string> = {
      ...FILES,
      'portico.yaml': `stores: { redis: { url: "${redis.url}", command-timeout-ms: 500 } }\nbackend: ${address}\nbackends: { none: "http://127.0.0.1:1" }\n`,
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(directory, name, '..'), { recursive: true });
      writeFileSync(join(directory, name), text);
    }
    gateways = await Promise.all([0, 1].map(() => startGateway({ directory, port: 0, log: (text) => log.push(text) })));
    cleanups.push(
      () => redis.kill(),
      () => rmSync(directory, { recursive: true }),
      () => backend.close(),
      ...gateways.map((gateway) => () => gateway.stop()),
    );
  }, 30_000);
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  const call = (at: number, path: string, init: RequestInit = {}) => fetch(`${gateways[at]?.address}/${path}/x`, init);
  const textOf = async (at: number, path: string, init: RequestInit = {}) => (await call(at, path, init)).text();

  it('answers with what the other has stored', async () => {
    const first = await textOf(0, 'response');
    await expect.poll(() => textOf(1, 'response'), { timeout: 5000 }).toBe(first);
    expect(await textOf(1, 'response', { headers: { 'X-V': 'other' } })).not.toBe(first);
  });

  it('keeps what is internal to itself', async () => {
    const first = await textOf(0, 'inside');
    expect(await textOf(0, 'inside')).toBe(first);
    expect(await textOf(1, 'inside')).not.toBe(first);
  });

  it('shares values with their types, and nobody changes what is stored', async () => {
    const first = await textOf(0, 'value');
    expect(first).toMatch(/"mine":"GET"\}True$/);
    await expect.poll(() => textOf(1, 'value', { method: 'POST' })).toBe(first.replace('GET', 'POST'));
  });

  it('admits exactly what the limit says', async () => {
    const statuses = await Promise.all(Array.from({ length: 100 }, async (_, at) => (await call(at % 2, 'limited')).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(30);
  });

  it('shares tokens', async () => {
    const prompt = { method: 'POST', body: JSON.stringify({ messages: [{ role: 'user', content: 'hello' }] }) };
    const left = [];
    for (let at = 0; at < 4; at += 1) {
      const answer = await call(at % 2, 'tokens', prompt);
      left.push([answer.status, answer.headers.get('X-Left')]);
      await answer.text();
    }
    expect(left).toEqual([
      [200, '100'],
      [200, '60'],
      [200, '20'],
      [429, '0'],
    ]);
  });

  it('finds completions of prompts that are nearly the same', async () => {
    const ask = (at: number, content: string) =>
      textOf(at, 'semantic', { method: 'POST', body: JSON.stringify({ messages: [{ role: 'user', content }] }) });
    const first = await ask(0, 'What is the capital of France?');
    await expect.poll(() => ask(1, 'what is the capital of france'), { timeout: 5000 }).toBe(first);
    expect(await ask(1, 'How do I bake bread?')).not.toBe(first);
  });

  it('says whether the server is there, and is not ready without one that it requires', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'portico-'));
    const text = `ops: 0\nstores: { redis: { url: "redis://127.0.0.1:1", required: true } }\nbackend: http://127.0.0.1:1\n`;
    writeFileSync(join(folder, 'policy.xml'), '<policies><inbound /></policies>');
    writeFileSync(join(folder, 'portico.yaml'), text);
    const alone = await startGateway({ directory: folder, port: 0, log: () => {} });
    const probe = await fetch(`${alone.opsAddress}/readyz`);
    expect([probe.status, await probe.json()]).toEqual([
      503,
      expect.objectContaining({ checks: expect.objectContaining({ redis: expect.stringMatching(/^away/) }) }),
    ]);
    expect(await (await fetch(`${alone.opsAddress}/metrics`)).text()).toMatch(/^portico_redis_up 0$/m);
    await alone.stop();
    rmSync(folder, { recursive: true });
  });

  it('fails no call and delays none when the server is killed under load, and uses it again', async () => {
    const statuses: number[] = [];
    let slowest = 0;
    const paths = ['response', 'value', 'inside', 'limited'];
    const caller = async (number: number) => {
      for (let round = 0; round < 30; round += 1) {
        const began = performance.now();
        const answer = await call(number % 2, paths[(number + round) % 4] ?? '');
        await answer.text();
        statuses.push(answer.status);
        slowest = Math.max(slowest, performance.now() - began);
        if (number === 0 && round === 10) await redis.kill();
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, number) => caller(number)));
    // Counted anew by each gateway on its own while the server is away: 200 or 429, nothing else.
    expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([]);
    expect(statuses).toHaveLength(240);
    expect(slowest).toBeLessThan(1500);
    expect(log.join('')).toContain('Redis does not answer');

    await redis.start();
    await expect.poll(() => log.join('').match(/Redis is back/g)?.length, { timeout: 5000 }).toBe(2);
    const again = await textOf(0, 'response');
    await expect.poll(() => textOf(1, 'response'), { timeout: 5000 }).toBe(again);
  });
});
