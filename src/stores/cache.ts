/**
 * The value and response cache in memory, on node-cache. Entries are immutable and are not cloned. node-cache refuses new
 * keys at `maxKeys` and knows no bytes, so the oldest entries are dropped before either bound is passed.
 */
import NodeCache from 'node-cache';
import type { CacheAnswer, HostCache } from '../host/host.ts';

/** Most entries that are kept. */
const MOST_ENTRIES = 50_000;
/** Most bytes that they may take, roughly; one of more than an eighth of it is not kept. */
const MOST_BYTES = 256 * 1024 * 1024;
/** What is left of either bound when room is made. */
const KEPT = 0.9;

interface Entry {
  readonly value: unknown;
  /** On the host's clock, so that a test's virtual clock ends entries too. */
  readonly endsAt: number;
  readonly bytes: number;
}

export class MemoryCache implements HostCache {
  readonly #now: () => number;
  readonly #mostBytes: number;
  readonly #entries = new NodeCache({ useClones: false, checkperiod: 0, stdTTL: 0 });
  #bytes = 0;
  /** Keys that are looked at next for having ended. */
  #round: string[] = [];

  /** `now` in milliseconds; `mostBytes` is for tests. */
  constructor(now: () => number, mostBytes = MOST_BYTES) {
    this.#now = now;
    this.#mostBytes = mostBytes;
  }

  get(_kind: string, key: string): CacheAnswer {
    const entry = this.#entries.get<Entry>(key);
    if (!entry) return { hit: false };
    if (entry.endsAt > this.#now()) return { hit: true, value: entry.value };
    this.remove(_kind, key);
    return { hit: false };
  }

  set(_kind: string, key: string, value: unknown, seconds: number): void {
    this.remove(_kind, key);
    this.#sweep();
    const bytes = sizeOf(value) + 2 * key.length + ENTRY_BYTES;
    if (seconds <= 0 || bytes > this.#mostBytes / 8) return;
    if (this.#entries.getStats().keys >= MOST_ENTRIES || this.#bytes + bytes > this.#mostBytes) this.#makeRoom(bytes);
    this.#entries.set<Entry>(key, { value, endsAt: this.#now() + seconds * 1000, bytes });
    this.#bytes += bytes;
  }

  remove(_kind: string, key: string): void {
    const entry = this.#entries.get<Entry>(key);
    if (!entry) return;
    this.#entries.del(key);
    this.#bytes -= entry.bytes;
  }

  clear(): void {
    this.#entries.flushAll();
    this.#bytes = 0;
  }

  /** Nothing that nobody asks for again stays: each call that stores looks at a few others, round and round. */
  #sweep(): void {
    const now = this.#now();
    if (this.#round.length === 0) this.#round = this.#entries.keys();
    for (const key of this.#round.splice(-LOOKS)) if ((this.#entries.get<Entry>(key)?.endsAt ?? now) <= now) this.remove('', key);
  }

  /** Drops what ended, then the oldest until both bounds have room. */
  #makeRoom(bytes: number): void {
    const now = this.#now();
    const keys = this.#entries.keys();
    for (const key of keys) if ((this.#entries.get<Entry>(key)?.endsAt ?? 0) <= now) this.remove('', key);
    for (const key of this.#entries.keys()) {
      const isRoomy = this.#entries.getStats().keys <= MOST_ENTRIES * KEPT && this.#bytes + bytes <= this.#mostBytes * KEPT;
      if (isRoomy) return;
      this.remove('', key);
    }
  }
}

const LOOKS = 4;

/** An entry with its place in the table. */
const ENTRY_BYTES = 200;
/** An object or array without what it holds. */
const OBJECT_BYTES = 32;

/** Roughly, of plain data. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length;
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = OBJECT_BYTES;
  for (const inner of Object.values(value)) bytes += 8 + sizeOf(inner);
  return bytes;
}
