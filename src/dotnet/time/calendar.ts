/** The Gregorian calendar from year 1 to 9999. */
import { argumentOutOfRange, NetException } from '../../csharp/runtime/exception.ts';
import { TICKS_PER_DAY } from './ticks.ts';

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

export function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days of a month that exists. */
export function monthLength(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] ?? 31);
}

/** DateTime.IsLeapYear and DaysInMonth check their arguments. Throw ArgumentOutOfRangeException. */
export function checkYear(year: number): void {
  if (year < 1 || year > 9999) throw argumentOutOfRange('year', 'Year must be between 1 and 9999.');
}
export function checkMonth(month: number): void {
  if (month >= 1 && month <= 12) return;
  const text = `Month must be between one and twelve. (Parameter 'month')\nActual value was ${month}.`;
  throw new NetException('System.ArgumentOutOfRangeException', text, null, { ParamName: 'month' });
}

export function isDate(year: number, month: number, day: number): boolean {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= monthLength(year, month);
}

/** Days from 0001-01-01 to the first of January of a year. */
function daysBeforeYear(year: number): number {
  const y = year - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
}

export function dayOfYear({ year, month, day }: CivilDate): number {
  let days = day;
  for (let m = 1; m < month; m += 1) days += monthLength(year, m);
  return days;
}

/** Ticks from 0001-01-01 to midnight of a date that exists. */
export function ticksOfDate(year: number, month: number, day: number): bigint {
  return BigInt(daysBeforeYear(year) + dayOfYear({ year, month, day }) - 1) * TICKS_PER_DAY;
}

/** The date of a number of ticks since 0001-01-01. */
export function dateOf(ticks: bigint): CivilDate {
  const days = Number(ticks / TICKS_PER_DAY);
  let year = Math.floor(days / 365.2425) + 1;
  while (daysBeforeYear(year) > days) year -= 1;
  while (daysBeforeYear(year + 1) <= days) year += 1;
  let rest = days - daysBeforeYear(year);
  let month = 1;
  for (; rest >= monthLength(year, month); month += 1) rest -= monthLength(year, month);
  return { year, month, day: rest + 1 };
}

/** 0 is Sunday. */
export function weekdayOf(ticks: bigint): number {
  return (Number(ticks / TICKS_PER_DAY) + 1) % 7;
}

export const MONTHS: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const WEEKDAYS: readonly string[] = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
