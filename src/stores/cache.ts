/**
 * The value and response cache in memory, on node-cache. Entries are immutable and are not cloned. node-cache refuses
 * new keys at `maxKeys` instead of making room, so the oldest entries are dropped before it gets there.
 */
import NodeCache from 'node-cache';
import type { CacheAnswer, HostCache } from '../host/host.ts';

/** Most entries that are kept. */
const MOST_ENTRIES = 50_000;

interface Entry {
  readonly value: unknown;
  /** On the host's clock, so that a test's virtual clock ends entries too. */
  readonly endsAt: number;
}

export class MemoryCache implements HostCache {
  readonly #now: () => number;
  readonly #entries = new NodeCache({ useClones: false, checkperiod: 0, stdTTL: 0 });

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get(_kind: string, key: string): CacheAnswer {
    const entry = this.#entries.get<Entry>(key);
    if (!entry) return { hit: false };
    if (entry.endsAt > this.#now()) return { hit: true, value: entry.value };
    this.#entries.del(key);
    return { hit: false };
  }

  set(_kind: string, key: string, value: unknown, seconds: number): void {
    if (seconds <= 0) return this.remove(_kind, key);
    if (this.#entries.getStats().keys >= MOST_ENTRIES) this.#makeRoom();
    this.#entries.set<Entry>(key, { value, endsAt: this.#now() + seconds * 1000 });
  }

  remove(_kind: string, key: string): void {
    this.#entries.del(key);
  }

  clear(): void {
    this.#entries.flushAll();
  }

  /** Drops what ended, then the oldest tenth. */
  #makeRoom(): void {
    const now = this.#now();
    const keys = this.#entries.keys();
    const ended = keys.filter((key) => (this.#entries.get<Entry>(key)?.endsAt ?? 0) <= now);
    this.#entries.del(ended.length > 0 ? ended : keys.slice(0, MOST_ENTRIES / 10));
  }
}
