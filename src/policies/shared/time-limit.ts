import { invalidValue } from '../evaluation.ts';

/** The longest time that timers hold (2^31 - 1 ms, 24 days): a longer one would end at once. */
const LONGEST = 2 ** 31 - 1;

/** Milliseconds to wait at most. Throws PolicyError when an expression gave less than nothing. */
export function timeLimit(milliseconds: number): number {
  if (milliseconds < 0) throw invalidValue(`'${milliseconds / 1000}' is not a valid number of seconds.`);
  return Math.min(milliseconds, LONGEST);
}
