/** The two counters of a token limit: tokens a minute, and a quota for a period. */
import type { CounterAnswer, HostCounters } from '../../../host/host.ts';
import { after } from '../after.ts';
import { quotaWindow } from './quota-period.ts';

const MINUTE = 60;
/** A quota that never ends is kept for a hundred years. */
const FOREVER = 100 * 365 * 86_400;

export interface TokenCounter {
  readonly limit: number;
  /** Adds, unless that many would not fit; null only looks whether anything is left. */
  reserve(tokens: number | null): CounterAnswer | Promise<CounterAnswer>;
  /** Corrects what was reserved. */
  correct(tokens: number): void | Promise<void>;
}

/** A minute that begins with the first call; what goes over is charged to the following minutes (captures). */
export function rateCounter(counters: HostCounters, key: string, limit: number): TokenCounter {
  const name = `token-rate:${key}`;
  return {
    limit,
    reserve: (tokens) => counters.carry(name, tokens ?? 0, limit, MINUTE, Math.max(1, tokens ?? 1)),
    correct: (tokens) => after(counters.carry(name, tokens, limit, MINUTE), () => undefined),
  };
}

/** A window of the calendar. */
export function quotaCounter(counters: HostCounters, key: string, limit: number, period: string, now: number): TokenCounter {
  const { start, end } = quotaWindow(period, now);
  const name = `token-quota:${period}:${start}:${key}`;
  const seconds = Math.min(FOREVER, Math.max(1, Math.ceil((end - now) / 1000)));
  const isForever = end === Number.POSITIVE_INFINITY;
  const waits = (answer: CounterAnswer) => (answer.allowed ? answer : { ...answer, retryAfterSeconds: isForever ? end : seconds });
  return {
    limit,
    reserve: (tokens) => after(tokens === null ? counters.peek(name, limit, seconds) : counters.take(name, tokens, limit, seconds), waits),
    correct: (tokens) => counters.add(name, tokens, seconds),
  };
}
