/**
 * Counters that several gateways share. While the server does not answer, this process counts on its own: limits stay limits,
 * though each process then has the whole of them.
 */
import type { CounterAnswer, CounterWindow, HostCounters } from '../host/host.ts';
import type { RedisLink, RedisScript } from './redis-link.ts';
import { CARRIED, FIXED, SLIDING } from './redis-scripts.ts';

/** One question to a counter: the script that answers it in the server, and what answers it here. */
interface Question {
  readonly key: string;
  readonly script: RedisScript;
  readonly args: readonly (string | number)[];
  readonly limit: number;
  locally(): CounterAnswer | Promise<CounterAnswer>;
}

export class RedisCounters implements HostCounters {
  readonly #link: RedisLink;
  readonly #local: HostCounters;

  /** `local` counts while the server is away. */
  constructor(link: RedisLink, local: HostCounters) {
    this.#link = link;
    this.#local = local;
  }

  take(key: string, by: number, limit: number, seconds: number, window: CounterWindow = 'fixed'): CounterAnswer | Promise<CounterAnswer> {
    const locally = () => this.#local.take(key, by, limit, seconds, window);
    return this.#ask({ key, script: scriptOf(window), args: ['take', by, limit, seconds * 1000], limit, locally });
  }

  add(key: string, by: number, seconds: number, window: CounterWindow = 'fixed'): void | Promise<void> {
    if (!this.#link.reaches(nameOf(key))) return this.#local.add(key, by, seconds, window);
    return this.#run(scriptOf(window), key, ['add', by, 0, seconds * 1000]).then(
      () => undefined,
      () => this.#local.add(key, by, seconds, window),
    );
  }

  peek(key: string, limit: number, seconds: number, window: CounterWindow = 'fixed'): CounterAnswer | Promise<CounterAnswer> {
    const locally = () => this.#local.peek(key, limit, seconds, window);
    return this.#ask({ key, script: scriptOf(window), args: ['peek', 0, limit, seconds * 1000], limit, locally });
  }

  carry(key: string, by: number, limit: number, seconds: number, wanted?: number): CounterAnswer | Promise<CounterAnswer> {
    const locally = () => this.#local.carry(key, by, limit, seconds, wanted);
    return this.#ask({ key, script: CARRIED, args: [by, limit, seconds * 1000, wanted ?? ''], limit, locally });
  }

  #ask({ key, script, args, limit, locally }: Question): CounterAnswer | Promise<CounterAnswer> {
    if (!this.#link.reaches(nameOf(key))) return locally();
    return this.#run(script, key, args)
      .then((reply) => answerOf(reply, limit))
      .catch(locally);
  }

  #run(script: RedisScript, key: string, args: Question['args']): Promise<unknown> {
    return this.#link.run(script, nameOf(key), args);
  }
}

function nameOf(key: string): string {
  return `count:${key}`;
}

function scriptOf(window: CounterWindow): RedisScript {
  return window === 'sliding' ? SLIDING : FIXED;
}

/** Throws when the server gives anything but three numbers. */
function answerOf(reply: unknown, limit: number): CounterAnswer {
  const [allowed, used, wait] = Array.isArray(reply) ? (reply as unknown[]) : [];
  if (typeof allowed !== 'number' || typeof used !== 'number' || typeof wait !== 'number')
    throw new Error('a counter script gave no counter');
  const seconds = wait < 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil(wait / 1000));
  return { allowed: allowed === 1, used, remaining: Math.max(0, limit - used), retryAfterSeconds: allowed === 1 ? 0 : seconds };
}
