/** Opens the stores that portico.yaml chooses: in memory, or in a Redis server whose package loads only then. */
import type { Host, HostCache, HostCounters } from '../host/host.ts';
import { MemoryCache } from '../stores/cache.ts';
import { MemoryCounters } from '../stores/counters.ts';
import type { StoreSettings } from '../workspace/stores-yaml.ts';

/** What probes and metrics say about the shared server. */
export interface RedisState {
  /** False while something is kept or counted by this process alone. */
  readonly isUp: boolean;
  /** The gateway is not ready without it. */
  readonly isRequired: boolean;
}

export interface Stores {
  readonly cache: HostCache;
  readonly counters: HostCounters;
  /** Of the Redis server; absent where there is none. */
  readonly redis?: RedisState;
  close(): Promise<void>;
}

/** A server that is away is logged and waited for; a package that is not installed is a RedisMissing error. */
export async function openStores({ redis, cache, counters, required }: StoreSettings, log: Host['log']): Promise<Stores> {
  const memory = { cache: new MemoryCache(Date.now), counters: new MemoryCounters(Date.now) };
  if (!redis || (cache === 'memory' && counters === 'memory')) return { ...memory, close: async () => {} };
  const [{ RedisLink }, { RedisCache, SplitCache }, { RedisCounters }] = await Promise.all([
    import('../stores/redis-link.ts'),
    import('../stores/redis-cache.ts'),
    import('../stores/redis-counters.ts'),
  ]);
  const link = await RedisLink.open(redis, log);
  return {
    cache: cache === 'redis' ? new SplitCache(memory.cache, new RedisCache(link, log)) : memory.cache,
    counters: counters === 'redis' ? new RedisCounters(link, memory.counters) : memory.counters,
    redis: {
      isRequired: required,
      get isUp() {
        return link.isUp;
      },
    },
    close: () => link.close(),
  };
}
