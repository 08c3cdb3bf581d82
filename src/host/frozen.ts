/** The host of tests: a clock that only moves when told, seeded chance, no network unless stubbed. */
import type {
  Host,
  HostCache,
  HostCertificates,
  HostCounters,
  HostCrypto,
  HostIdentity,
  IncomingResponse,
  OutgoingRequest,
  SinkRecord,
} from './host.ts';
import { HostError } from './host.ts';
import { recordingSinks } from './sinks.ts';
import { type Connections, createStandInIdentity } from './stand-in-identity.ts';

export interface FrozenHostOptions {
  /** Start of the clock, milliseconds since 1970. Default 2026-01-01T00:00:00Z. */
  readonly now?: number;
  readonly seed?: number;
  readonly crypto: HostCrypto;
  readonly brotliDecompress?: Host['brotliDecompress'];
  /** Stores made on the frozen clock. */
  readonly cache: (now: () => number) => HostCache;
  readonly counters: (now: () => number) => HostCounters;
  readonly certificates?: HostCertificates;
  /** Default: stand-in tokens, and the connections given. */
  readonly identity?: HostIdentity;
  readonly connections?: Connections;
  /** Answers outgoing calls; the default refuses every one. */
  readonly send?: (request: OutgoingRequest) => Promise<IncomingResponse>;
  readonly log?: Host['log'];
}

export interface FrozenHost extends Host {
  /** What went to the sinks, in order. */
  readonly recorded: readonly SinkRecord[];
  /** Moves the clock forward. */
  advance(milliseconds: number): void;
  /** Sets the clock to a moment. */
  setNow(milliseconds: number): void;
}

const DEFAULT_START = Date.UTC(2026, 0, 1);

export function createFrozenHost(options: FrozenHostOptions): FrozenHost {
  let now = options.now ?? DEFAULT_START;
  const random = mulberry32(options.seed ?? 1);
  const clock = () => now;
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
  const log = options.log ?? (() => {});
  const recorded: SinkRecord[] = [];
  const sleepers = new Sleepers(clock, (moment) => {
    now = Math.max(now, moment);
  });
  return {
    now: clock,
    elapsed: clock,
    sleep: (milliseconds) => sleepers.sleep(milliseconds),
    random,
    randomBytes: bytes,
    newGuid: () => guidOf(bytes(16)),
    send:
      options.send ??
      ((request) => Promise.reject(new HostError('connect', `no stub answers ${request.method} ${request.origin}${request.path}`))),
    crypto: options.crypto,
    ...(options.brotliDecompress ? { brotliDecompress: options.brotliDecompress } : {}),
    cache: options.cache(clock),
    counters: options.counters(clock),
    certificates: options.certificates ?? { find: () => undefined },
    identity: options.identity ?? createStandInIdentity({ now: clock, crypto: options.crypto, log }, options.connections),
    sinks: recordingSinks(recorded),
    recorded,
    log,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    setNow: (milliseconds) => {
      now = milliseconds;
    },
  };
}

const QUIET_TURNS = 20;

/** Node's turn without a delay where there is one; browsers know only timers. */
function nextTurn(work: () => void): void {
  if (typeof setImmediate === 'function') setImmediate(work);
  else setTimeout(work, 0);
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/**
 * Who waits on the frozen clock. Once everything that can go on has gone on, the clock jumps to the first of them, so that
 * waits side by side (`wait`) take as long as the longest.
 */
class Sleepers {
  readonly #now: () => number;
  readonly #jump: (moment: number) => void;
  readonly #waiting: Sleeper[] = [];

  constructor(now: () => number, jump: (moment: number) => void) {
    this.#now = now;
    this.#jump = jump;
  }

  sleep(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return Promise.resolve();
    return new Promise((wake) => {
      this.#waiting.push({ until: this.#now() + milliseconds, wake });
      if (this.#waiting.length === 1) this.#wakeSoon();
    });
  }

  /** After some turns of the event loop: a call that goes on without waiting for the clock may need a few. */
  #wakeSoon(turns = QUIET_TURNS): void {
    nextTurn(() => {
      if (turns > 0) return this.#wakeSoon(turns - 1);
      const first = this.#waiting.reduce((one, other) => (other.until < one.until ? other : one));
      this.#waiting.splice(this.#waiting.indexOf(first), 1);
      this.#jump(first.until);
      first.wake();
      if (this.#waiting.length > 0) this.#wakeSoon();
    });
  }
}

/** A small seeded generator (mulberry32): good enough for repeatable tests, never for secrets. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Version 4, variant 1 (RFC 9562). */
function guidOf(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte, at) => {
    const value = at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte;
    return value.toString(16).padStart(2, '0');
  }).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
