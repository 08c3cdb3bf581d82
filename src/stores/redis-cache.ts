/** The external cache: a Redis server that several gateways share. A server that does not answer is a miss. */
import { createHash } from 'node:crypto';
import type { CacheAnswer, Host, HostCache } from '../host/host.ts';
import { fromBytes, toBytes } from './redis-bytes.ts';
import type { RedisLink } from './redis-link.ts';

const MISS: CacheAnswer = { hit: false };

/** Keys of policies are readable in the server up to this length; longer ones, and those of responses, are hashed. */
const LONGEST_KEY = 200;

/** Moving more than this many bytes would hold the server and every other call up. */
const MOST_BYTES = 16 * 1024 * 1024;

export class RedisCache implements HostCache {
  readonly #link: RedisLink;
  readonly #log: Host['log'];

  constructor(link: RedisLink, log: Host['log']) {
    this.#link = link;
    this.#log = log;
  }

  get(_kind: string, key: string): CacheAnswer | Promise<CacheAnswer> {
    const name = nameOf(key);
    if (!this.#link.reaches(name)) return MISS;
    return this.#link.get(name).then(
      (bytes) => (bytes === null ? MISS : this.#read(bytes)),
      () => MISS,
    );
  }

  /** Nobody waits for it (policies-b, cache-store-value: written asynchronously); commands keep their order, so this gateway reads what it wrote. */
  set(_kind: string, key: string, value: unknown, seconds: number): void {
    if (seconds <= 0) return this.remove(_kind, key);
    const name = nameOf(key);
    if (!this.#link.reaches(name)) return;
    const bytes = toBytes(value);
    if (bytes.length <= MOST_BYTES) void this.#link.set(name, bytes, seconds * 1000).catch(() => undefined);
    else this.#log('warn', 'a value is too large for the external cache and is not kept', { bytes: bytes.length });
  }

  remove(_kind: string, key: string): void {
    const name = nameOf(key);
    if (this.#link.reaches(name)) void this.#link.remove(name).catch(() => undefined);
  }

  #read(bytes: Uint8Array): CacheAnswer {
    try {
      return { hit: true, value: fromBytes(bytes) };
    } catch (error) {
      this.#log('warn', 'an entry of the external cache cannot be read and counts as a miss', { error: String(error) });
      return MISS;
    }
  }
}

/** Keys of responses hold header values, which may be secret. */
function nameOf(key: string): string {
  if (key.startsWith('value:') && key.length <= LONGEST_KEY) return `cache:${key}`;
  const kind = key.slice(0, key.indexOf(':'));
  return `cache:${kind}:sha256:${createHash('sha256').update(key).digest('hex')}`;
}

/** `internal` stays in the process; the other two go to the external cache. */
export class SplitCache implements HostCache {
  readonly #internal: HostCache;
  readonly #external: HostCache;

  constructor(internal: HostCache, external: HostCache) {
    this.#internal = internal;
    this.#external = external;
  }

  get(...[kind, key]: Parameters<HostCache['get']>): ReturnType<HostCache['get']> {
    return this.#for(kind).get(kind, key);
  }

  set(...[kind, key, value, seconds]: Parameters<HostCache['set']>): void | Promise<void> {
    return this.#for(kind).set(kind, key, value, seconds);
  }

  remove(...[kind, key]: Parameters<HostCache['remove']>): void | Promise<void> {
    return this.#for(kind).remove(kind, key);
  }

  #for(kind: Parameters<HostCache['get']>[0]): HostCache {
    return kind === 'internal' ? this.#internal : this.#external;
  }
}
