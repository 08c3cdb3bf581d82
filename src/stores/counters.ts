/** Counters in memory: sliding windows for rate limits, fixed ones for quotas, carried ones for tokens. */
import type { CounterAnswer, CounterWindow, HostCounters } from '../host/host.ts';
import { SlidingWindow } from './sliding-window.ts';
import { Sweep } from './sweep.ts';

interface Window {
  used: number;
  endsAt: number;
  /** Until when it owes something to the windows that follow. */
  owesUntil: number;
}

/** Most keys of each kind that are kept; beyond it the windows that ended go first, then the oldest. */
const MOST_KEYS = 100_000;

export class MemoryCounters implements HostCounters {
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();
  readonly #sliding = new Map<string, SlidingWindow>();
  readonly #sweeps = {
    fixed: new Sweep(this.#windows, ({ endsAt, owesUntil }, now) => Math.max(endsAt, owesUntil) <= now),
    sliding: new Sweep(this.#sliding, ({ endsAt }, now) => endsAt <= now),
  };

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  take(key: string, by: number, limit: number, seconds: number, kind: CounterWindow = 'fixed'): CounterAnswer {
    if (kind === 'sliding') return this.#takeSliding(key, by, limit, seconds);
    const window = this.#window(key, seconds);
    const allowed = window.used + by <= limit;
    if (allowed) window.used += by;
    return this.#answer(window, limit, allowed);
  }

  add(key: string, by: number, seconds: number, kind: CounterWindow = 'fixed'): void {
    if (kind === 'sliding') this.#slidingWindow(key, seconds).add(this.#now(), by);
    else this.#window(key, seconds).used += by;
  }

  peek(key: string, limit: number, seconds: number, kind: CounterWindow = 'fixed'): CounterAnswer {
    if (kind === 'sliding') {
      const window = this.#slidingWindow(key, seconds);
      return this.#slidingAnswer(window, 1, limit, seconds, window.used(this.#now(), seconds * 1000) < limit);
    }
    const window = this.#window(key, seconds);
    return this.#answer(window, limit, window.used < limit);
  }

  carry(key: string, by: number, limit: number, seconds: number, wanted?: number): CounterAnswer {
    const window = this.#carried(key, limit, seconds);
    const allowed = wanted === undefined || window.used + wanted <= limit;
    const retryAfterSeconds = allowed ? 0 : this.#untilFits(window, wanted, limit, seconds);
    if (allowed) window.used = Math.max(0, window.used + by);
    window.owesUntil = window.endsAt + Math.ceil(window.used / Math.max(1, limit)) * seconds * 1000;
    return { allowed, used: window.used, remaining: Math.max(0, limit - window.used), retryAfterSeconds };
  }

  /** Windows that are kept, of all kinds. */
  get size(): number {
    return this.#windows.size + this.#sliding.size;
  }

  /** Forgets everything. */
  clear(): void {
    this.#windows.clear();
    this.#sliding.clear();
  }

  #takeSliding(key: string, by: number, limit: number, seconds: number): CounterAnswer {
    const window = this.#slidingWindow(key, seconds);
    const allowed = window.used(this.#now(), seconds * 1000) + by <= limit;
    if (allowed) window.add(this.#now(), by);
    return this.#slidingAnswer(window, by, limit, seconds, allowed);
  }

  #slidingAnswer(window: SlidingWindow, by: number, limit: number, seconds: number, allowed: boolean): CounterAnswer {
    const now = this.#now();
    const used = window.used(now, seconds * 1000);
    const retryAfterSeconds = allowed ? 0 : Math.max(1, Math.ceil(window.untilFits(now, by, limit, seconds * 1000) / 1000));
    return { allowed, used, remaining: Math.max(0, limit - used), retryAfterSeconds };
  }

  #slidingWindow(key: string, seconds: number): SlidingWindow {
    const now = this.#now();
    let window = this.#sliding.get(key);
    if (!window) {
      if (this.#sliding.size >= MOST_KEYS) evict(this.#sliding, now);
      this.#sweeps.sliding.step(now);
      window = new SlidingWindow(seconds * 1000);
      this.#sliding.set(key, window);
    }
    window.reach(seconds * 1000);
    window.moveTo(now);
    return window;
  }

  #answer(window: Window, limit: number, allowed: boolean): CounterAnswer {
    const seconds = Math.max(1, Math.ceil((window.endsAt - this.#now()) / 1000));
    return { allowed, used: window.used, remaining: Math.max(0, limit - window.used), retryAfterSeconds: allowed ? 0 : seconds };
  }

  /** The window with what earlier ones left over; one that ended owing nothing starts anew with this call. */
  #carried(key: string, limit: number, seconds: number): Window {
    const found = this.#windows.get(key);
    const passed = found ? Math.floor((this.#now() - found.endsAt) / (seconds * 1000)) + 1 : 0;
    if (found && passed > 0 && found.used > limit * passed) {
      found.used -= limit * passed;
      found.endsAt += passed * seconds * 1000;
    }
    return this.#window(key, seconds);
  }

  /** Each window takes `limit` off what is owed; infinite when more is wanted than a whole window has. */
  #untilFits(window: Window, wanted: number, limit: number, seconds: number): number {
    if (wanted > limit) return Number.POSITIVE_INFINITY;
    const windows = Math.max(1, Math.ceil((window.used + wanted - limit) / limit));
    return Math.max(1, Math.ceil((window.endsAt - this.#now()) / 1000)) + (windows - 1) * seconds;
  }

  #window(key: string, seconds: number): Window {
    const now = this.#now();
    const found = this.#windows.get(key);
    if (found && found.endsAt > now) return found;
    this.#windows.delete(key);
    if (this.#windows.size >= MOST_KEYS) evict(this.#windows, now);
    this.#sweeps.fixed.step(now);
    const fresh: Window = { used: 0, endsAt: now + seconds * 1000, owesUntil: 0 };
    this.#windows.set(key, fresh);
    return fresh;
  }
}

function evict(windows: Map<string, { readonly endsAt: number }>, now: number): void {
  for (const [key, window] of windows) if (window.endsAt <= now) windows.delete(key);
  for (const key of windows.keys()) {
    if (windows.size < MOST_KEYS * 0.9) return;
    windows.delete(key);
  }
}
