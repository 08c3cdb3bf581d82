/** The cases of caches and limits again, with their entries and counters in a real Redis server. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileExpression } from '../../src/csharp/compile.ts';
import { MemoryCache } from '../../src/stores/cache.ts';
import { MemoryCounters } from '../../src/stores/counters.ts';
import { RedisCache, SplitCache } from '../../src/stores/redis-cache.ts';
import { RedisCounters } from '../../src/stores/redis-counters.ts';
import { RedisLink } from '../../src/stores/redis-link.ts';
import { type RedisServer, redisMissing, redisSettings, startRedis } from '../support/redis.ts';
import { casesOf, observed, type PolicyCase, runCase } from './runner.ts';

const FILES = ['rate-limit', 'quota', 'token-limit', 'value-cache', 'response-cache', 'semantic-cache'];

/** The server has a clock of its own, which no test moves. */
const runsOnAnyClock = ({ advance, expect: { problems } }: PolicyCase) => advance === undefined && problems === undefined;

describe.skipIf(redisMissing)(`in Redis${redisMissing ? ` (skipped: ${redisMissing})` : ''}`, () => {
  let server: RedisServer;
  const links: RedisLink[] = [];
  const log: string[] = [];

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    for (const link of links) await link.close();
    await server.kill();
    expect(log).toEqual([]);
  });

  describe.each(FILES)('%s', (file) => {
    const cases = casesOf(fileURLToPath(new URL(`cases/${file}.yaml`, import.meta.url))).filter(runsOnAnyClock);
    test.each(cases.map((one) => [one.name, one] as const))('%s', async (name, one) => {
      const told = (_level: string, message: string) => void log.push(message);
      const times = { connectTimeout: 2000, commandTimeout: 2000 };
      const link = await RedisLink.open(redisSettings(server.url, { ...times, prefix: `${file} ${name}:` }), told);
      links.push(link);
      const outcome = await runCase(one, compileExpression, {
        cache: (now) => new SplitCache(new MemoryCache(now), new RedisCache(link, told)),
        counters: (now) => new RedisCounters(link, new MemoryCounters(now)),
      });
      expect(observed(one, outcome)).toEqual({ problems: [], ...one.expect });
    });
  });
});
