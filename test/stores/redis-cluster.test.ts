/** A Redis Cluster of real servers on loopback, a primary killed in the middle. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MemoryCounters } from '../../src/stores/counters.ts';
import { RedisCache } from '../../src/stores/redis-cache.ts';
import { RedisCounters } from '../../src/stores/redis-counters.ts';
import { RedisLink } from '../../src/stores/redis-link.ts';
import { slotOf } from '../../src/stores/redis-slot.ts';
import { askRedis, load, type RedisServer, redisMissing, redisSettings, startRedis, until } from '../support/redis.ts';

const log: string[] = [];
const told = (level: string, message: string) => void log.push(`${level}: ${message}`);
const local = () => new MemoryCounters(Date.now);

afterEach(() => void log.splice(0));

describe.skipIf(redisMissing)(`a cluster of three${redisMissing ? ` (skipped: ${redisMissing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-'));
  let servers: RedisServer[] = [];
  let links: RedisLink[] = [];
  let settings: ReturnType<typeof redisSettings>;

  /** Two primaries and a replica of the first one: failover needs no vote of a majority, since it is told to. */
  beforeAll(async () => {
    const options = (port: number) => [
      ...['--port', String(port), '--cluster-enabled', 'yes', '--cluster-config-file', join(folder, `${port}.conf`)],
      ...['--cluster-node-timeout', '1000', '--cluster-require-full-coverage', 'no', '--repl-diskless-sync-delay', '0'],
      ...['--dir', folder],
    ];
    servers = await Promise.all([0, 1, 2].map(() => startRedis(options)));
    const [first, second, third] = servers as [RedisServer, RedisServer, RedisServer];
    await Promise.all([
      askRedis(first, 'cluster', 'addslotsrange', '0', '8191'),
      askRedis(second, 'cluster', 'addslotsrange', '8192', '16383'),
    ]);
    await Promise.all([second, third].map(({ port }) => askRedis(first, 'cluster', 'meet', '127.0.0.1', String(port))));
    const knows = async (server: RedisServer) => (await askRedis(server, 'cluster', 'nodes')).match(/ connected/g)?.length === 3;
    await until(async () => (await Promise.all(servers.map(knows))).every(Boolean));
    await askRedis(third, 'cluster', 'replicate', await askRedis(first, 'cluster', 'myid'));
    await until(async () => (await askRedis(third, 'info', 'replication')).includes('master_link_status:up'));
    await until(async () =>
      (await Promise.all(servers.map((server) => askRedis(server, 'cluster', 'info')))).every((info) => info.includes('cluster_state:ok')),
    );
    // One known node is enough.
    settings = redisSettings(first.url, { nodes: [{ host: '127.0.0.1', port: second.port }], cluster: true, commandTimeout: 400 });
    links = await Promise.all([0, 1].map(() => RedisLink.open(settings, told)));
  }, 20_000);
  afterAll(async () => {
    await Promise.all(links.map((link) => link.close()));
    await Promise.all(servers.map((server) => server.kill()));
    rmSync(folder, { recursive: true });
  });

  const keys = Array.from({ length: 12 }, (_, at) => `key-${at}`);
  const isLow = (key: string) => slotOf(`test:count:${key}`) < 8192;

  test('counts exactly over two processes, whatever the slot', async () => {
    expect(new Set(keys.map(isLow)).size).toBe(2);
    const both = links.map((link) => new RedisCounters(link, local()));
    for (const key of keys) {
      const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => both[at % 2]?.take(`exact-${key}`, 1, 10, 60)));
      expect(answers.filter((answer) => answer?.allowed)).toHaveLength(10);
    }
    expect(log).toEqual([]);
  });

  test('keeps entries', async () => {
    const [one, two] = links.map((link) => new RedisCache(link, told));
    for (const key of keys) one?.set('external', `value:${key}`, { key, bytes: new Uint8Array([0, 255]) }, 60);
    for (const key of keys) {
      await expect.poll(() => two?.get('external', `value:${key}`)).toEqual({ hit: true, value: { key, bytes: new Uint8Array([0, 255]) } });
    }
  });

  test('with a primary frozen only its keys pause, and no call waits long or fails', async () => {
    const counters = new RedisCounters(links[0] as RedisLink, local());
    await counters.take('warm', 1, 9, 60);
    servers[0]?.freeze();
    const { slowest } = await load(counters, keys, 700);
    servers[0]?.thaw();
    expect(slowest).toBeLessThan(800);
    expect(links[0]?.reaches(`count:${keys.find((key) => !isLow(key))}`)).toBe(true);
    await until(async () => {
      await load(counters, keys, 1);
      return links[0]?.isUp ?? false;
    });
  });

  test('a failover in the middle fails no call, and counting is shared again', async () => {
    const both = links.map((link) => new RedisCounters(link, local()));
    const running = Promise.all(both.map((counters) => load(counters, keys, 900)));
    await delay(100);
    await servers[0]?.kill();
    await askRedis(servers[2] as RedisServer, 'cluster', 'failover', 'takeover');
    for (const { calls, slowest } of await running) {
      expect(calls).toBeGreaterThan(20);
      expect(slowest).toBeLessThan(900);
    }
    const low = keys.find(isLow) ?? '';
    let round = 0;
    await until(async () => {
      round += 1;
      await load(both[0] as RedisCounters, keys, 1);
      await load(both[1] as RedisCounters, keys, 1);
      const taken = [await both[0]?.take(`${low}-${round}`, 1, 1, 60), await both[1]?.take(`${low}-${round}`, 1, 1, 60)];
      return taken[1]?.allowed === false && links.every((link) => link.isUp);
    });
    expect(log.join()).not.toContain('undefined');
  });
});
