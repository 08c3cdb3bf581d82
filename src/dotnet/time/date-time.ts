/** System.DateTime: ticks since 0001-01-01 and a kind. The local zone is UTC throughout. */
import { argument, argumentOutOfRange, NetException } from '../../csharp/runtime/exception.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { wrongType } from '../numbers/common-members.ts';
import { dateOf, isDate, monthLength, ticksOfDate } from './calendar.ts';
import { formatDateTime } from './date-format.ts';
import { dateTimeType } from './date-time-type.ts';
import {
  compareTicks,
  hashTicks,
  KIND,
  MAX_DATE,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MICROSECOND,
  TICKS_PER_MILLISECOND,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
  UNIX_EPOCH,
} from './ticks.ts';

export class NetDateTime implements NetObject {
  readonly ticks: bigint;
  readonly kind: number;

  constructor(ticks: bigint, kind: number = KIND.unspecified) {
    this.ticks = ticks;
    this.kind = kind;
  }

  get netType(): TypeDeclaration {
    return dateTimeType;
  }
  netToString(): string {
    return formatDateTime(this.ticks, null, this.kind);
  }
  netEquals(other: unknown): boolean {
    return other instanceof NetDateTime && other.ticks === this.ticks;
  }
  netHashCode(): number {
    return hashTicks(this.ticks);
  }
  netCompareTo(other: unknown): number {
    if (!(other instanceof NetDateTime)) throw wrongType('DateTime');
    return compareTicks(this.ticks, other.ticks);
  }
  netFormat(format: string | null): string {
    return formatDateTime(this.ticks, format, this.kind);
  }
}

/** A UTC time from milliseconds since 1970, fractions down to the tick. */
export function dateTimeFromUnix(milliseconds: number): NetDateTime {
  const whole = Math.floor(milliseconds);
  const rest = Math.floor((milliseconds - whole) * 10_000);
  return new NetDateTime(UNIX_EPOCH + BigInt(whole) * TICKS_PER_MILLISECOND + BigInt(rest), KIND.utc);
}

/** Throws ArgumentOutOfRangeException outside the years 1 to 9999. */
export function dateTimeFromTicks(ticks: bigint, kind: number = KIND.unspecified): NetDateTime {
  if (ticks < 0n || ticks > MAX_DATE)
    throw argumentOutOfRange('ticks', 'Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.');
  return new NetDateTime(ticks, checkKind(kind));
}

export function checkKind(kind: number): number {
  if (kind < 0 || kind > 2) throw argument('Invalid DateTimeKind value.', 'kind');
  return kind;
}

/** Ticks of year to microsecond as the constructors take them; throws ArgumentOutOfRangeException. */
export function ticksOfParts(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  millisecond = 0,
  microsecond = 0,
): bigint {
  if (!isDate(year, month, day)) throw unrepresentable('Year, Month, and Day parameters describe an un-representable DateTime.');
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    throw unrepresentable('Hour, Minute, and Second parameters describe an un-representable DateTime.');
  checkThousandth('millisecond', millisecond);
  checkThousandth('microsecond', microsecond);
  return (
    ticksOfDate(year, month, day) +
    BigInt(hour) * TICKS_PER_HOUR +
    BigInt(minute) * TICKS_PER_MINUTE +
    BigInt(second) * TICKS_PER_SECOND +
    BigInt(millisecond) * TICKS_PER_MILLISECOND +
    BigInt(microsecond) * TICKS_PER_MICROSECOND
  );
}

function checkThousandth(name: string, value: number): void {
  if (value < 0 || value > 999) throw argumentOutOfRange(name, 'Valid values are between 0 and 999, inclusive.');
}

function unrepresentable(message: string): NetException {
  return new NetException('System.ArgumentOutOfRangeException', message);
}

/** `The added or subtracted value results in an un-representable DateTime.` */
function outOfCalendar(parameter: string): NetException {
  return argumentOutOfRange(parameter, 'The added or subtracted value results in an un-representable DateTime.');
}

/** Adds ticks, keeping the kind; `parameter` names the culprit in the exception. */
export function addTicks(ticks: bigint, by: bigint, parameter = 'value'): bigint {
  const sum = ticks + by;
  if (sum < 0n || sum > MAX_DATE) throw outOfCalendar(parameter);
  return sum;
}

/** Ticks of a number of units: whole units exactly, the fraction cut to ticks. Throws for what no date can take. */
export function ticksOfUnits(value: number, ticksPerUnit: bigint): bigint {
  const most = Number(MAX_DATE / ticksPerUnit);
  if (!(Math.abs(value) <= most)) {
    if (Number.isNaN(value)) return 0n;
    throw argumentOutOfRange('value', 'Value to add was out of range.');
  }
  const whole = Math.trunc(value);
  return BigInt(whole) * ticksPerUnit + BigInt(Math.trunc((value - whole) * Number(ticksPerUnit)));
}

/** Adds months; the day is cut to the length of the month it lands in. */
export function addMonths(ticks: bigint, months: number): bigint {
  if (months < -120_000 || months > 120_000) throw argumentOutOfRange('months', 'Months value must be between +/-120000.');
  return shifted(ticks, months, 'months');
}

/** Adds years; 29 February becomes the 28th in other years. */
export function addYears(ticks: bigint, years: number): bigint {
  if (years < -10_000 || years > 10_000) throw argumentOutOfRange('years', 'Years value must be between +/-10000.');
  return shifted(ticks, years * 12, 'value');
}

function shifted(ticks: bigint, months: number, parameter: string): bigint {
  const date = dateOf(ticks);
  const index = date.year * 12 + (date.month - 1) + months;
  const [year, month] = [Math.floor(index / 12), (index % 12) + 1];
  if (year < 1 || year > 9999) throw outOfCalendar(parameter);
  return ticksOfDate(year, month, Math.min(date.day, monthLength(year, month))) + (ticks % TICKS_PER_DAY);
}

/** Hour, minute … of a time of day. */
export function clockPart(ticks: bigint, unit: bigint, modulus: bigint): number {
  return Number((ticks / unit) % modulus);
}
