import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { HostCounters } from '../../src/host/host.ts';
import { MemoryCounters } from '../../src/stores/counters.ts';
import { fromBytes, toBytes } from '../../src/stores/redis-bytes.ts';
import { RedisCache } from '../../src/stores/redis-cache.ts';
import type { RedisSettings } from '../../src/stores/redis-client.ts';
import { RedisCounters } from '../../src/stores/redis-counters.ts';
import { RedisLink } from '../../src/stores/redis-link.ts';
import { type RedisServer, redisMissing, redisSettings, startRedis } from '../support/redis.ts';

const log: string[] = [];
const told = (level: string, message: string) => void log.push(`${level}: ${message}`);

describe('plain data as bytes', () => {
  test.each([
    ['null', null],
    ['a text', 'Ünïcode 🎉'],
    ['a number', -1.5],
    ['nested', { a: [1, 'two', null, true], b: { c: new Uint8Array([1, 2, 3]) }, d: new Uint8Array(0) }],
    ['bytes alone', new Uint8Array([0, 255, 128])],
    ['two byte arrays', [new Uint8Array([1]), 'between', new Uint8Array([2, 3])]],
  ])('%s', (_name, value) => {
    expect(fromBytes(toBytes(value))).toEqual(value);
  });

  test("Node's own kind of bytes", () => {
    expect(fromBytes(toBytes({ a: [Buffer.from('ab')] }))).toEqual({ a: [new Uint8Array([97, 98])] });
  });

  test.each([
    ['nothing', new Uint8Array(0)],
    ['another version', new Uint8Array([2, 0, 0, 0, 1, 49])],
    ['cut off', toBytes(new Uint8Array(100)).slice(0, 60)],
  ])('%s is refused', (_name, bytes) => {
    expect(() => fromBytes(bytes)).toThrow();
  });
});

test('without a server nothing waits and nothing fails', async () => {
  const link = await RedisLink.open(redisSettings('redis://127.0.0.1:1'), told);
  const counters = new RedisCounters(link, new MemoryCounters(Date.now));
  expect(new RedisCache(link, told).get('external', 'value:a')).toEqual({ hit: false });
  expect(counters.take('k', 1, 1, 60)).toMatchObject({ allowed: true });
  expect(counters.take('k', 1, 1, 60)).toMatchObject({ allowed: false });
  await link.close();
  expect(log.splice(0)).toEqual([expect.stringContaining('warn: Redis does not answer')]);
});

describe.skipIf(redisMissing)(`a real server${redisMissing ? ` (skipped: ${redisMissing})` : ''}`, () => {
  let server: RedisServer;
  let link: RedisLink;
  let other: RedisLink;

  beforeAll(async () => {
    server = await startRedis();
    link = await RedisLink.open(redisSettings(server.url), told);
    other = await RedisLink.open(redisSettings(server.url), told);
  });
  afterEach(() => {
    log.length = 0;
  });
  afterAll(async () => {
    await Promise.all([link.close(), other.close()]);
    await server.kill();
  });

  test('entries are shared, end, and can be removed', async () => {
    const [one, two] = [new RedisCache(link, told), new RedisCache(other, told)];
    const entry = { status: 200, headers: ['A', 'b'], body: new Uint8Array([0, 1, 255]) };
    one.set('external', 'response:["a"]', entry, 60);
    one.set('external', 'value:short', 'gone soon', 0.05);
    one.set('external', 'value:removed', 'x', 60);
    one.remove('external', 'value:removed');
    await one.get('external', 'value:short');
    expect(await two.get('external', 'response:["a"]')).toEqual({ hit: true, value: entry });
    expect(await two.get('external', 'value:short')).toEqual({ hit: true, value: 'gone soon' });
    expect(await two.get('external', 'value:removed')).toEqual({ hit: false });
    await delay(60);
    expect(await two.get('external', 'value:short')).toEqual({ hit: false });
  });

  test('what somebody else wrote is a miss', async () => {
    await link.set('cache:value:foreign', new TextEncoder().encode('hello'), 1000);
    expect(await new RedisCache(link, told).get('external', 'value:foreign')).toEqual({ hit: false });
  });

  /** Windows of fractions of a second are for tests only; memory does not round them. */
  const wholeSeconds = (answer: unknown) =>
    answer && { ...answer, retryAfterSeconds: Math.floor((answer as { retryAfterSeconds: number }).retryAfterSeconds) };

  const local = () => new MemoryCounters(Date.now);

  test.each(['fixed', 'sliding'] as const)('two processes share a %s window exactly', async (window) => {
    const both = [new RedisCounters(link, local()), new RedisCounters(other, local())];
    const answers = await Promise.all(Array.from({ length: 400 }, (_, at) => both[at % 2]?.take(`race-${window}`, 1, 100, 60, window)));
    expect(answers.filter((answer) => answer?.allowed).length).toBe(100);
    expect(new Set(answers.filter((answer) => answer?.allowed).map((answer) => answer?.remaining)).size).toBe(100);
  });

  /** The same steps in memory and in Redis; delays are real here, so they are short. */
  const steps: readonly [name: string, run: (counters: HostCounters, name: string) => Promise<unknown[]>][] = [
    [
      'fixed',
      async (counters, key) => [
        await counters.take(key, 2, 3, 0.2),
        await counters.take(key, 2, 3, 0.2),
        await counters.peek(key, 3, 0.2),
        await counters.add(key, 5, 0.2),
        await counters.peek(key, 3, 0.2),
        await delay(220),
        await counters.peek(key, 3, 0.2),
      ],
    ],
    [
      'sliding',
      async (counters, key) => [
        await counters.take(key, 1, 2, 0.2, 'sliding'),
        await delay(120),
        await counters.take(key, 1, 2, 0.2, 'sliding'),
        await counters.take(key, 1, 2, 0.2, 'sliding'),
        await counters.peek(key, 2, 0.2, 'sliding'),
        await delay(100),
        await counters.take(key, 1, 2, 0.2, 'sliding'),
        await counters.take(key, 1, 2, 0.2, 'sliding'),
        await counters.add(key, 3, 0.2, 'sliding'),
        await counters.peek(key, 9, 0.2, 'sliding'),
      ],
    ],
    [
      'sliding, of two lengths,',
      async (counters, key) => [
        await counters.take(key, 1, 2, 0.2, 'sliding'),
        await counters.take(key, 1, 5, 0.6, 'sliding'),
        await counters.take(key, 1, 2, 0.2, 'sliding'),
        await delay(250),
        await counters.take(key, 1, 2, 0.2, 'sliding'),
        await counters.take(key, 2, 5, 0.6, 'sliding'),
        await counters.peek(key, 5, 0.6, 'sliding'),
        await counters.peek(key, 4, 0.2, 'sliding'),
        await delay(450),
        await counters.peek(key, 5, 0.6, 'sliding'),
      ],
    ],
    [
      'carried',
      async (counters, key) => [
        await counters.carry(key, 5, 2, 0.2),
        await counters.carry(key, 1, 2, 0.2, 1),
        await counters.carry(key, 3, 2, 0.2, 3),
        await delay(220),
        await counters.carry(key, 0, 2, 0.2),
        await counters.carry(key, -9, 2, 0.2),
      ],
    ],
  ];
  test.each(steps)('%s windows do what they do in memory', async (name, run) => {
    const [shared, memory] = await Promise.all([run(new RedisCounters(link, local()), `same-${name}`), run(local(), `same-${name}`)]);
    expect(shared.map(wholeSeconds)).toEqual(memory.map(wholeSeconds));
  });

  test('a sliding window of thousands of calls stays small and exact', async () => {
    const counters = new RedisCounters(link, local());
    for (let batch = 0; batch < 40; batch += 1) {
      await Promise.all(Array.from({ length: 100 }, () => counters.take('many', 1, 3000, 30, 'sliding')));
    }
    expect(await counters.peek('many', 3000, 30, 'sliding')).toMatchObject({ allowed: false, used: 3000 });
  });

  test('frozen, the server costs a bounded time and then none; back, it is used again', async () => {
    const cache = new RedisCache(link, told);
    const counters = new RedisCounters(link, local());
    cache.set('external', 'value:kept', 'x', 60);
    await cache.get('external', 'value:kept');
    server.freeze();
    const began = performance.now();
    for (let call = 0; call < 50; call += 1) {
      expect(await cache.get('external', 'value:kept')).toEqual({ hit: false });
      expect(await counters.take('frozen', 1, 100, 60)).toMatchObject({ allowed: true });
    }
    expect(performance.now() - began).toBeLessThan(900);
    server.thaw();
    await expect.poll(async () => (await cache.get('external', 'value:kept')).hit, { timeout: 3000 }).toBe(true);
    expect(log).toEqual([expect.stringContaining('does not answer'), expect.stringContaining('is back')]);
  });

  test('killed, counters go on locally; started again, they are shared again', async () => {
    const counters = new RedisCounters(link, local());
    await server.kill();
    expect(await counters.take('killed', 1, 1, 60)).toMatchObject({ allowed: true });
    expect(await counters.take('killed', 1, 1, 60)).toMatchObject({ allowed: false });
    await server.start();
    await expect.poll(() => link.isUp && other.isUp, { timeout: 5000 }).toBe(true);
    expect(await counters.take('killed', 1, 1, 60)).toMatchObject({ allowed: true });
    expect(await new RedisCounters(other, local()).take('killed', 1, 1, 60)).toMatchObject({ allowed: false });
  });
});

const noTls = redisMissing ?? (spawnSync('openssl', ['version']).status === 0 ? undefined : 'openssl is not installed');
describe.skipIf(noTls)(`a server with TLS and a password${noTls ? ` (skipped: ${noTls})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-'));
  const [certificate, key] = [join(folder, 'server.pem'), join(folder, 'server.key')];
  let server: RedisServer;

  beforeAll(async () => {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=redis.test'];
    const names = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate];
    execFileSync('openssl', ['req', '-x509', ...curve, ...names], { stdio: 'ignore' });
    const tls = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate, '--tls-auth-clients', 'no'];
    server = await startRedis((port) => ['--port', '0', '--tls-port', String(port), ...tls, '--requirepass', 'secret']);
  });
  afterEach(() => {
    log.length = 0;
  });
  afterAll(async () => {
    await server.kill();
    rmSync(folder, { recursive: true });
  });

  async function reached(changes: Partial<RedisSettings>, password = 'secret'): Promise<boolean> {
    const url = `rediss://:${password}@127.0.0.1:${server.port}`;
    const link = await RedisLink.open(redisSettings(url, changes), told);
    const counters = new RedisCounters(link, new MemoryCounters(Date.now));
    expect((await counters.take(`tls-${Math.random()}`, 1, 1, 60)).allowed).toBe(true);
    const { isUp } = link;
    await link.close();
    return isUp;
  }

  test('is reached when its authority is trusted, or nothing is checked', async () => {
    expect(await reached({ authorities: [readFileSync(certificate, 'utf8')] })).toBe(true);
    expect(await reached({ verifies: false })).toBe(true);
    expect(log).toEqual([]);
  });

  test('is not used when it cannot be trusted or refuses the password, and the log says so without it', async () => {
    expect(await reached({})).toBe(false);
    expect(log.splice(0)).toEqual([expect.stringContaining('does not answer')]);
    expect(await reached({ verifies: false }, 'wrong-password')).toBe(false);
    expect(log.join()).toContain('does not answer');
    expect(log.join()).not.toContain('wrong-password');
  });
});
