/** Times in test files. */
import type { Entry } from '../workspace/config-file.ts';
import * as faults from '../workspace/faults.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `10s`, `1.5h`, `250ms`; a bare number is seconds. Undefined for any other text. */
export function durationOf(text: string): number | undefined {
  const match = /^\+?(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] ?? 's'] ?? 1000) : undefined;
}

/** Milliseconds; what is no duration is reported and counts as none. */
export function readDuration(entry: Entry): number {
  const milliseconds = durationOf(entry.text() ?? '0');
  if (milliseconds === undefined) entry.report(faults.wrongType(entry.name, 'a duration such as `10s`, `5m` or `250ms`'));
  return milliseconds ?? 0;
}

/** Milliseconds since 1970 of a date, which has a year of four digits; undefined for any other text. */
export function momentOf(text: string): number | undefined {
  const time = /\d{4}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Milliseconds since 1970 of an ISO date; undefined when there is none. */
export function readMoment(entry: Entry): number | undefined {
  const text = entry.text();
  if (text === undefined) return undefined;
  const time = momentOf(text);
  if (time !== undefined) return time;
  entry.report(faults.wrongType(entry.name, 'a moment such as `2026-01-01T00:00:00Z`'));
  return undefined;
}
