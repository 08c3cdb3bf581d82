/**
 * Match timeouts. What a match may use is counted in steps, not in time, so that an expression does the same on every machine
 * and in every test: a millisecond counts as the steps that a match takes in it.
 */
import type { Budget } from '../../csharp/runtime/budget.ts';
import { argumentNull, argumentOutOfRange, NetException } from '../../csharp/runtime/exception.ts';
import { TICKS_PER_MILLISECOND } from '../time/ticks.ts';
import { NetTimeSpan } from '../time/time-span.ts';

/** What a matcher counts its steps against. */
export type Allowance = Pick<Budget, 'step'>;

/** A match that runs for a millisecond takes about so many steps. */
const STEPS_A_MILLISECOND = 20_000;
/** `Regex.InfiniteMatchTimeout`. */
const INFINITE = -TICKS_PER_MILLISECOND;
const LONGEST = BigInt(2 ** 31 - 2) * TICKS_PER_MILLISECOND;

export const TIMEOUT_EXCEPTION = 'System.Text.RegularExpressions.RegexMatchTimeoutException';
export const TIMED_OUT =
  'The Regex engine has timed out while trying to match a pattern to an input string. This can occur for many reasons, including very large inputs or excessive backtracking caused by nested quantifiers, back-references and other factors.';

/** A given timeout; undefined for the infinite one. ArgumentOutOfRangeException for one that .NET refuses. */
export function checkedTimeout(timeout: NetTimeSpan): NetTimeSpan | undefined {
  if (timeout.ticks === INFINITE) return undefined;
  if (timeout.ticks <= 0n || timeout.ticks > LONGEST) throw argumentOutOfRange('matchTimeout');
  return timeout;
}

/**
 * Lets one match use what its timeout allows, though never more than half of what is left to the expression: who catches
 * the timeout can still do something else.
 */
export class TimedAllowance implements Allowance {
  readonly #budget: Budget;
  readonly #fault: () => NetException;
  #left: number;

  constructor(budget: Budget, timeout: NetTimeSpan, fault: () => NetException) {
    this.#budget = budget;
    this.#fault = fault;
    const asked = Math.ceil((Number(timeout.ticks) / Number(TICKS_PER_MILLISECOND)) * STEPS_A_MILLISECOND);
    this.#left = Math.min(asked, Math.floor(budget.stepsLeft / 2));
  }

  step(count = 1): void {
    this.#left -= count;
    if (this.#left < 0) throw this.#fault();
    this.#budget.step(count);
  }
}

export function timedOut(input: string, pattern: string, timeout: NetTimeSpan): NetException {
  return new NetException(TIMEOUT_EXCEPTION, TIMED_OUT, null, { Input: input, Pattern: pattern, MatchTimeout: timeout });
}

/** `new RegexMatchTimeoutException(input, pattern, timeout)`. */
export function madeTimeout(input: string | null, pattern: string | null, timeout: NetTimeSpan): NetException {
  if (input === null || pattern === null) throw argumentNull(input === null ? 'regexInput' : 'regexPattern');
  return timedOut(input, pattern, timeout);
}

/** What an exception made without a timeout answers. */
export const NO_TIMEOUT = new NetTimeSpan(INFINITE);
