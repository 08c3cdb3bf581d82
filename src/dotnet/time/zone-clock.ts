/** The offset of a zone from UTC at a moment, from the JavaScript runtime's time zone data. */
import { MAX_DATE, TICKS_PER_MILLISECOND, TICKS_PER_MINUTE, UNIX_EPOCH } from './ticks.ts';

/** Tells offsets of one zone in minutes; moments are milliseconds since 1970. */
export interface ZoneClock {
  offsetAt(utcMilliseconds: number): number;
  /** The zone's name in summer or winter, as English has it. */
  nameAt(utcMilliseconds: number): string;
}

/** The clock of an IANA zone; undefined when the runtime does not know it. */
export function ianaClock(id: string): ZoneClock | undefined {
  try {
    return createClock(id);
  } catch {
    return undefined;
  }
}

function createClock(timeZone: string): ZoneClock {
  const numbers = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const words = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'long' });
  const part = (format: Intl.DateTimeFormat, at: number): string =>
    format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return { offsetAt: (at) => minutesOf(part(numbers, at)), nameAt: (at) => part(words, at) };
}

/** `GMT+05:30`, `GMT-03:00` or `GMT`; seconds of times long gone are dropped. */
function minutesOf(text: string): number {
  const match = /([+-])(\d+):?(\d+)?/.exec(text);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}

/** A zone that never changes. */
export function fixedClock(minutes: number, name: string): ZoneClock {
  return { offsetAt: () => minutes, nameAt: () => name };
}

function millisecondsOf(ticks: bigint): number {
  return Number((ticks - UNIX_EPOCH) / TICKS_PER_MILLISECOND);
}

/** Offset in ticks at UTC ticks. */
export function offsetAtUtc(clock: ZoneClock, utcTicks: bigint): bigint {
  return BigInt(clock.offsetAt(millisecondsOf(utcTicks))) * TICKS_PER_MINUTE;
}

/** What local clock ticks can mean: no offset (skipped in spring), one, or two (repeated in autumn), larger offset first. */
export function offsetsAtLocal(clock: ZoneClock, localTicks: bigint): bigint[] {
  const day = 24n * 60n * TICKS_PER_MINUTE;
  const candidates = new Set([offsetAtUtc(clock, inRange(localTicks - day)), offsetAtUtc(clock, inRange(localTicks + day))]);
  const fitting = [...candidates].filter((offset) => offsetAtUtc(clock, inRange(localTicks - offset)) === offset);
  return fitting.sort((a, b) => (a < b ? 1 : -1));
}

/** The nearest ticks that DateTime can hold. */
export function inRange(ticks: bigint): bigint {
  return ticks < 0n ? 0n : ticks > MAX_DATE ? MAX_DATE : ticks;
}

/** The moments of a year (UTC milliseconds) at which the offset changes, to the minute. */
export function transitionsOf(clock: ZoneClock, year: number): number[] {
  const found: number[] = [];
  const [start, end] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
  const step = 14 * 86_400_000;
  for (let at = start; at < end; at += step) {
    const next = Math.min(at + step, end);
    if (clock.offsetAt(at) !== clock.offsetAt(next)) found.push(changeBetween(clock, at, next));
  }
  return found;
}

function changeBetween(clock: ZoneClock, from: number, to: number): number {
  let [low, high] = [from, to];
  const before = clock.offsetAt(low);
  while (high - low > 60_000) {
    const middle = low + Math.floor((high - low) / 120_000) * 60_000;
    if (middle === low) break;
    if (clock.offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}
