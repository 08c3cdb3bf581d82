/** A server that a real sentinel names, killed in the middle. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryCounters } from '../../src/stores/counters.ts';
import { RedisCounters } from '../../src/stores/redis-counters.ts';
import { RedisLink } from '../../src/stores/redis-link.ts';
import { askRedis, load, type RedisServer, redisMissing, redisSettings, startRedis, until } from '../support/redis.ts';

const log: string[] = [];
const told = (level: string, message: string) => void log.push(`${level}: ${message}`);
const local = () => new MemoryCounters(Date.now);

describe.skipIf(redisMissing)(`a server that a sentinel names${redisMissing ? ` (skipped: ${redisMissing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-'));
  let servers: RedisServer[] = [];

  beforeAll(async () => {
    const primary = await startRedis((port) => [
      '--port',
      String(port),
      '--repl-diskless-sync-delay',
      '0',
      '--requirepass',
      'pw',
      '--masterauth',
      'pw',
      '--dir',
      folder,
    ]);
    const replica = await startRedis((port) => [
      ...['--port', String(port), '--requirepass', 'pw', '--masterauth', 'pw', '--dir', folder],
      ...['--replicaof', '127.0.0.1', String(primary.port)],
    ]);
    await until(async () => (await askRedis(replica, '-a', 'pw', 'info', 'replication')).includes('master_link_status:up'));
    const sentinel = await startRedis((port) => {
      const file = join(folder, 'sentinel.conf');
      const lines = [
        `port ${port}`,
        `dir ${folder}`,
        `sentinel monitor main 127.0.0.1 ${primary.port} 1`,
        'sentinel auth-pass main pw',
        'sentinel down-after-milliseconds main 200',
        'sentinel failover-timeout main 2000',
      ];
      writeFileSync(file, `${lines.join('\n')}\n`);
      return [file, '--sentinel'];
    });
    servers = [primary, replica, sentinel];
    await until(async () => (await askRedis(sentinel, 'sentinel', 'master', 'main')).includes('num-slaves\n1'));
  }, 20_000);
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.kill()));
    rmSync(folder, { recursive: true });
  });

  test('is followed when another takes its place, and no call fails meanwhile', async () => {
    const sentinel = { name: 'main', username: undefined, password: undefined };
    const settings = redisSettings(`redis://:pw@127.0.0.1:${servers[2]?.port}`, { sentinel, commandTimeout: 400 });
    const links = await Promise.all([0, 1].map(() => RedisLink.open(settings, told)));
    const both = links.map((link) => new RedisCounters(link, local()));
    expect([(await both[0]?.take('k', 1, 1, 60))?.allowed, (await both[1]?.take('k', 1, 1, 60))?.allowed]).toEqual([true, false]);
    // Told to, so that no clock of a busy machine decides whether the primary counts as lost.
    await askRedis(servers[2] as RedisServer, 'sentinel', 'failover', 'main');
    const named = async () => (await askRedis(servers[2] as RedisServer, 'sentinel', 'get-master-addr-by-name', 'main')).split('\n')[1];
    await Promise.all([until(async () => (await named()) === String(servers[1]?.port)), load(both[0] as RedisCounters, ['a'], 300)]);
    await servers[0]?.kill();
    let round = 0;
    await until(async () => {
      round += 1;
      await Promise.all(both.map((counters) => load(counters, ['a', 'b'], 20)));
      const taken = [await both[0]?.take(`round-${round}`, 1, 1, 60), await both[1]?.take(`round-${round}`, 1, 1, 60)];
      return taken[1]?.allowed === false;
    });
    expect(log).toEqual(expect.arrayContaining([expect.stringContaining('does not answer'), expect.stringContaining('is back')]));
    await Promise.all(links.map((link) => link.close()));
  }, 15_000);
});
