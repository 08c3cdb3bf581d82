/** Windows of token quotas: they start at the UTC time cut to the unit (policies-b, llm-token-limit). */

export const QUOTA_PERIODS = ['Hourly', 'Daily', 'Weekly', 'Monthly', 'Yearly', 'Indefinite'] as const;

export interface QuotaWindow {
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Infinite for `Indefinite`. */
  readonly end: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 1970-01-05 was a Monday; which day a week starts on is not documented, ISO 8601 says Monday. */
const FIRST_MONDAY = 4 * DAY;

/** The window that holds a moment. */
export function quotaWindow(period: string, now: number): QuotaWindow {
  const date = new Date(now);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (period) {
    case 'Hourly':
      return fixed(now, HOUR, 0);
    case 'Daily':
      return fixed(now, DAY, 0);
    case 'Weekly':
      return fixed(now, 7 * DAY, FIRST_MONDAY);
    case 'Monthly':
      return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
    case 'Yearly':
      return { start: Date.UTC(year, 0), end: Date.UTC(year + 1, 0) };
    default:
      return { start: 0, end: Number.POSITIVE_INFINITY };
  }
}

function fixed(now: number, length: number, offset: number): QuotaWindow {
  const start = Math.floor((now - offset) / length) * length + offset;
  return { start, end: start + length };
}

/** `21 minutes and 33 seconds`: the units that are not zero (observed for minutes and seconds). */
export function durationInWords(seconds: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ];
  let rest = seconds;
  const words: string[] = [];
  for (const [name, length] of units) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) words.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  const last = words.pop() ?? '0 seconds';
  return words.length === 0 ? last : `${words.join(', ')} and ${last}`;
}
