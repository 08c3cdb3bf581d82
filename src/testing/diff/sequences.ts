/** Sequences of one and the same request, for policies that keep state over calls. The smallest come first. */
import type { CounterUse, KeptState } from './kept-state.ts';

/** Most calls that are made one after the other; a counter with a higher limit is set forward instead. */
const MOST_CALLS = 60;
/** Longer windows end beyond what the clock can say. */
const LONGEST_SECONDS = 100 * 366 * 86_400;
/** Windows and durations that are tried, the shortest first. */
const MOST_WINDOWS = 20;

/** How far a counter is before the first call. */
export interface Counted extends CounterUse {
  readonly used: number;
}

export interface Sequence {
  /** A counter that is set forward before the first call, on each side. */
  readonly counted: readonly [Counted | undefined, Counted | undefined];
  /** Calls of the same request. */
  readonly calls: number;
  /** Milliseconds on the virtual clock after them, each tried from the start, before one more call; none: there is no such call. */
  readonly waits: readonly number[];
}

/** What is worth trying where a single call asked for these on the two sides. */
export function sequencesFor(left: KeptState, right: KeptState): Sequence[] {
  if (left.shape.length === 0 && right.shape.length === 0) return [];
  const small = [...left.counters, ...right.counters].filter((use) => !isBig(use)).map(({ limit }) => limit);
  const exhausted = Math.max(1, ...small);
  return [
    { counted: [undefined, undefined], calls: exhausted + 1, waits: [] },
    ...bigCounters(left, right),
    ...unique([1, exhausted]).flatMap((calls) => waiting([undefined, undefined], calls, secondsOf(left), secondsOf(right))),
  ];
}

function isBig({ limit }: CounterUse): boolean {
  return limit >= MOST_CALLS;
}

function unique(numbers: readonly number[]): number[] {
  return [...new Set(numbers)];
}

/** Each at the smaller of its two limits, where the next call is over one and under the other; and at both, until its windows end. */
function bigCounters(left: KeptState, right: KeptState): Sequence[] {
  const [ours, theirs] = [left.counters.filter(isBig), right.counters.filter(isBig)];
  return Array.from({ length: Math.max(ours.length, theirs.length) }, (_, i): Sequence[] => {
    const [one, other] = [ours[i], theirs[i]];
    const smaller = Math.min(one?.limit ?? Number.POSITIVE_INFINITY, other?.limit ?? Number.POSITIVE_INFINITY);
    const seconds = [one, other].map((use) => (use ? [use.seconds] : []));
    return [
      { counted: [one && { ...one, used: smaller }, other && { ...other, used: smaller }], calls: 1, waits: [] },
      ...waiting([one && { ...one, used: one.limit }, other && { ...other, used: other.limit }], 1, seconds[0] ?? [], seconds[1] ?? []),
    ];
  }).flat();
}

/** Just before and just after each end of a window or duration, where the sides have others. */
function waiting(counted: Sequence['counted'], calls: number, left: readonly number[], right: readonly number[]): Sequence[] {
  const ends = unique([...left, ...right])
    .filter((seconds) => seconds > 0 && seconds <= LONGEST_SECONDS)
    .sort((a, b) => a - b);
  const isSame = ends.every((seconds) => left.includes(seconds) && right.includes(seconds));
  return isSame
    ? []
    : [{ counted, calls, waits: ends.slice(0, MOST_WINDOWS).flatMap((seconds) => [seconds * 1000 - 1, seconds * 1000 + 1]) }];
}

function secondsOf({ counters, durations }: KeptState): number[] {
  return [...counters.filter((use) => !isBig(use)).map(({ seconds }) => seconds), ...durations];
}

/** In words, for one more call after `calls` of the same, and after so many milliseconds. */
export function saysOf({ counted: [left, right] }: Sequence, calls: number, wait?: number): string[] {
  const before = [...new Set([left, right].flatMap((counter) => (counter ? [countedText(counter)] : [])))];
  if (wait !== undefined)
    return [...before, `${wait / 1000} s after ${calls === 1 ? 'the first call' : `the ${ordinal(calls)} of the same call`}`];
  return calls === 0 ? before : [...before, `the ${ordinal(calls + 1)} of the same call`];
}

/** Counters' keys begin with the policy that counts. */
function countedText({ key, used }: Counted): string {
  const [policy = ''] = key.split(':');
  if (policy.startsWith('token-')) return `${used} tokens counted by the token limit`;
  return key.includes(':bandwidth:') ? `${used} bytes counted by ${policy}` : `${used} calls counted by ${policy}`;
}

function ordinal(number: number): string {
  const teens = number % 100 >= 11 && number % 100 <= 13;
  const ending = teens ? undefined : { 1: 'st', 2: 'nd', 3: 'rd' }[number % 10];
  return `${number}${ending ?? 'th'}`;
}
