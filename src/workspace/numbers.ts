/** Numbers with bounds. */
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';

/** A port from 0, which takes a free one, to 65535; anything else is reported. */
export function portOf(entry: Entry): number | undefined {
  return whole(entry, 0, 65_535, 'a port from 0 to 65535');
}

/** A whole number that is not negative; anything else is reported. */
export function wholeOf(entry: Entry, least = 0): number | undefined {
  return whole(entry, least, Number.MAX_SAFE_INTEGER, `a whole number from ${least}`);
}

function whole(entry: Entry, least: number, most: number, expected: string): number | undefined {
  const value = entry.number();
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  entry.report(faults.wrongType(entry.name, expected));
  return undefined;
}
