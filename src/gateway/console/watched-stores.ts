/** Stores that remember what they were asked, so that the page can show counters and caches wherever they are kept. */
import type { CacheAnswer, CounterAnswer, CounterWindow, HostCache, HostCounters } from '../../host/host.ts';
import type { Stores } from '../stores.ts';

/** Keys that are remembered of each; those asked for longest ago go first. */
const MOST_KEYS = 500;

export interface CounterRow {
  readonly key: string;
  readonly window: CounterWindow | 'carried';
  readonly seconds: number;
  /** Null where nobody has asked with a limit. */
  readonly limit: number | null;
  readonly used: number | null;
  readonly remaining: number | null;
  readonly asked: number;
  readonly refused: number;
  /** UTC milliseconds of the last question. */
  readonly at: number;
}

export interface CacheRow {
  readonly id: number;
  readonly key: string;
  readonly cache: string;
  readonly seconds: number | null;
  readonly bytes: number | null;
  readonly hits: number;
  readonly misses: number;
  /** UTC milliseconds; null when it was never stored by this process. */
  readonly stored: number | null;
  readonly ends: number | null;
}

export interface CacheFigures {
  readonly hits: number;
  readonly misses: number;
  readonly stores: number;
  readonly entries: readonly CacheRow[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The last so many by key. */
class Recent<T> {
  readonly #rows = new Map<string, T>();

  touch(key: string, make: () => T): T {
    const row = this.#rows.get(key) ?? make();
    this.#rows.delete(key);
    this.#rows.set(key, row);
    const [oldest] = this.#rows.keys();
    if (this.#rows.size > MOST_KEYS && oldest !== undefined) this.#rows.delete(oldest);
    return row;
  }

  find(test: (row: T) => boolean): T | undefined {
    return [...this.#rows.values()].find(test);
  }

  /** Newest first. */
  list(): T[] {
    return [...this.#rows.values()].reverse();
  }
}

class WatchedCounters implements HostCounters {
  readonly #inner: HostCounters;
  readonly #now: () => number;
  readonly #rows = new Recent<Mutable<CounterRow>>();

  /** `now` in UTC milliseconds. */
  constructor(inner: HostCounters, now: () => number) {
    this.#inner = inner;
    this.#now = now;
  }

  take(key: string, by: number, limit: number, seconds: number, window: CounterWindow = 'fixed'): CounterAnswer | Promise<CounterAnswer> {
    return this.#seen(this.#inner.take(key, by, limit, seconds, window), { key, limit, seconds, window });
  }

  add(key: string, by: number, seconds: number, window: CounterWindow = 'fixed'): void | Promise<void> {
    this.#row(key, seconds, window).asked += 1;
    return this.#inner.add(key, by, seconds, window);
  }

  peek(key: string, limit: number, seconds: number, window: CounterWindow = 'fixed'): CounterAnswer | Promise<CounterAnswer> {
    return this.#seen(this.#inner.peek(key, limit, seconds, window), { key, limit, seconds, window });
  }

  carry(key: string, by: number, limit: number, seconds: number, wanted?: number): CounterAnswer | Promise<CounterAnswer> {
    return this.#seen(this.#inner.carry(key, by, limit, seconds, wanted), { key, limit, seconds, window: 'carried' });
  }

  rows(): CounterRow[] {
    return this.#rows.list();
  }

  #seen(
    answer: CounterAnswer | Promise<CounterAnswer>,
    asked: Pick<CounterRow, 'key' | 'seconds' | 'window'> & { readonly limit: number },
  ): CounterAnswer | Promise<CounterAnswer> {
    if (answer instanceof Promise) {
      return answer.then((later) => {
        this.#write(later, asked);
        return later;
      });
    }
    this.#write(answer, asked);
    return answer;
  }

  #write(
    { allowed, used, remaining }: CounterAnswer,
    asked: Pick<CounterRow, 'key' | 'seconds' | 'window'> & { readonly limit: number },
  ): void {
    const row = this.#row(asked.key, asked.seconds, asked.window);
    row.limit = asked.limit;
    row.used = used;
    row.remaining = remaining;
    row.asked += 1;
    if (!allowed) row.refused += 1;
  }

  #row(key: string, seconds: number, window: CounterRow['window']): Mutable<CounterRow> {
    const at = this.#now();
    const row = this.#rows.touch(key, () => ({ key, window, seconds, limit: null, used: null, remaining: null, asked: 0, refused: 0, at }));
    row.at = at;
    row.seconds = seconds;
    return row;
  }
}

class WatchedCache implements HostCache {
  readonly #inner: HostCache;
  readonly #now: () => number;
  readonly #rows = new Recent<Mutable<CacheRow>>();
  #next = 1;
  #hits = 0;
  #misses = 0;
  #stores = 0;

  /** `now` in UTC milliseconds. */
  constructor(inner: HostCache, now: () => number) {
    this.#inner = inner;
    this.#now = now;
  }

  get(kind: Parameters<HostCache['get']>[0], key: string): CacheAnswer | Promise<CacheAnswer> {
    const answer = this.#inner.get(kind, key);
    if (!(answer instanceof Promise)) return this.#seen(kind, key, answer);
    return answer.then((later) => this.#seen(kind, key, later));
  }

  set(kind: Parameters<HostCache['get']>[0], key: string, value: unknown, seconds: number): void | Promise<void> {
    const row = this.#row(kind, key);
    this.#stores += 1;
    row.stored = this.#now();
    row.seconds = seconds;
    row.ends = row.stored + seconds * 1000;
    row.bytes = sizeOf(value);
    return this.#inner.set(kind, key, value, seconds);
  }

  remove(kind: Parameters<HostCache['get']>[0], key: string): void | Promise<void> {
    const row = this.#rows.find((one) => one.key === key && one.cache === kind);
    if (row) row.ends = this.#now();
    return this.#inner.remove(kind, key);
  }

  /** Takes an entry out for good, by the id of its row; false when there is no such row. */
  async removeRow(id: number): Promise<boolean> {
    const row = this.#rows.find((one) => one.id === id);
    if (!row) return false;
    await this.remove(row.cache as Parameters<HostCache['get']>[0], row.key);
    return true;
  }

  figures(): CacheFigures {
    return { hits: this.#hits, misses: this.#misses, stores: this.#stores, entries: this.#rows.list() };
  }

  #seen(kind: string, key: string, answer: CacheAnswer): CacheAnswer {
    const row = this.#row(kind, key);
    if (answer.hit) {
      row.hits += 1;
      this.#hits += 1;
    } else {
      row.misses += 1;
      this.#misses += 1;
    }
    return answer;
  }

  #row(cache: string, key: string): Mutable<CacheRow> {
    return this.#rows.touch(`${cache} ${key}`, () => ({
      id: this.#next++,
      key,
      cache,
      seconds: null,
      bytes: null,
      hits: 0,
      misses: 0,
      stored: null,
      ends: null,
    }));
  }
}

/** Roughly, of plain data; deep inside nothing is counted. */
function sizeOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null || depth > 4) return 8;
  let bytes = 0;
  for (const inner of Object.values(value)) bytes += sizeOf(inner, depth + 1);
  return bytes;
}

export interface WatchedStores extends Stores {
  readonly cache: WatchedCache;
  readonly counters: WatchedCounters;
}

export function watchStores(stores: Stores): WatchedStores {
  return { ...stores, cache: new WatchedCache(stores.cache, Date.now), counters: new WatchedCounters(stores.counters, Date.now) };
}
