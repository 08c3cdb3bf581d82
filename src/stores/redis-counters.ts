/**
 * Counters that several gateways share. While the server does not answer, this process counts on its own: limits stay limits,
 * though each process then has the whole of them.
 */
import type { CounterAnswer, CounterWindow, HostCounters } from '../host/host.ts';
import type { RedisLink, RedisScript } from './redis-link.ts';
import { CARRIED, FIXED, SLIDING } from './redis-scripts.ts';

export class RedisCounters implements HostCounters {
  readonly #link: RedisLink;
  readonly #local: HostCounters;

  /** `local` counts while the server is away. */
  constructor(link: RedisLink, local: HostCounters) {
    this.#link = link;
    this.#local = local;
  }

  take(key: string, by: number, limit: number, seconds: number, window: CounterWindow = 'fixed'): CounterAnswer | Promise<CounterAnswer> {
    return this.#windowed('take', key, by, limit, seconds, window) ?? this.#local.take(key, by, limit, seconds, window);
  }

  add(key: string, by: number, seconds: number, window: CounterWindow = 'fixed'): void | Promise<void> {
    const added = this.#windowed('add', key, by, 0, seconds, window);
    return added ? added.then(() => undefined) : this.#local.add(key, by, seconds, window);
  }

  peek(key: string, limit: number, seconds: number, window: CounterWindow = 'fixed'): CounterAnswer | Promise<CounterAnswer> {
    return this.#windowed('peek', key, 0, limit, seconds, window) ?? this.#local.peek(key, limit, seconds, window);
  }

  carry(key: string, by: number, limit: number, seconds: number, wanted?: number): CounterAnswer | Promise<CounterAnswer> {
    const count = () => this.#local.carry(key, by, limit, seconds, wanted);
    if (!this.#link.isUp) return count();
    return this.#run(CARRIED, key, [by, limit, seconds * 1000, wanted ?? ''], limit, count);
  }

  /** Undefined while the server is away. */
  #windowed(
    mode: 'take' | 'add' | 'peek',
    key: string,
    by: number,
    limit: number,
    seconds: number,
    window: CounterWindow,
  ): Promise<CounterAnswer> | undefined {
    if (!this.#link.isUp) return undefined;
    const count = () => this.#counted(mode, key, by, limit, seconds, window);
    return this.#run(window === 'sliding' ? SLIDING : FIXED, key, [mode, by, limit, seconds * 1000], limit, count);
  }

  async #run(
    script: RedisScript,
    key: string,
    args: readonly (string | number)[],
    limit: number,
    locally: () => CounterAnswer | Promise<CounterAnswer>,
  ): Promise<CounterAnswer> {
    try {
      return answerOf(await this.#link.run(script, `count:${key}`, args), limit);
    } catch {
      return locally();
    }
  }

  async #counted(
    mode: 'take' | 'add' | 'peek',
    key: string,
    by: number,
    limit: number,
    seconds: number,
    window: CounterWindow,
  ): Promise<CounterAnswer> {
    if (mode === 'take') return this.#local.take(key, by, limit, seconds, window);
    if (mode === 'add') await this.#local.add(key, by, seconds, window);
    return this.#local.peek(key, limit, seconds, window);
  }
}

/** Throws when the server gives anything but three numbers. */
function answerOf(reply: unknown, limit: number): CounterAnswer {
  const [allowed, used, wait] = Array.isArray(reply) ? (reply as unknown[]) : [];
  if (typeof allowed !== 'number' || typeof used !== 'number' || typeof wait !== 'number')
    throw new Error('a counter script gave no counter');
  const seconds = wait < 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil(wait / 1000));
  return { allowed: allowed === 1, used, remaining: Math.max(0, limit - used), retryAfterSeconds: allowed === 1 ? 0 : seconds };
}
