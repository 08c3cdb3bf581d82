/** What reading a date yields before it becomes a DateTime or DateTimeOffset, and the exceptions of failing. */
import { argument, formatException, type NetException } from '../../csharp/runtime/exception.ts';
import { dateOf, isDate, ticksOfDate, weekdayOf } from './calendar.ts';
import { NetDateTime } from './date-time.ts';
import { KIND, MAX_DATE, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND } from './ticks.ts';

/** Bits of System.Globalization.DateTimeStyles. */
export const DATE_STYLE = {
  leadingWhite: 1,
  trailingWhite: 2,
  innerWhite: 4,
  noCurrentDate: 8,
  adjustToUniversal: 16,
  assumeLocal: 32,
  assumeUniversal: 64,
  roundtripKind: 128,
} as const;

/** The parts found in a text; undefined where the text says nothing. */
export interface DateParts {
  year?: number;
  month?: number;
  day?: number;
  weekday?: number;
  hour?: number;
  minute?: number;
  second?: number;
  /** Ticks under a second. */
  fraction?: bigint;
  /** False AM, true PM. */
  afternoon?: boolean;
  /** Offset from UTC in ticks. */
  offset?: bigint;
  /** Whether the offset was written as `Z` or `GMT`. */
  zulu?: boolean;
}

/** A date and time of day in ticks, with its zone if one was written. */
export interface ParsedDate {
  readonly ticks: bigint;
  readonly offset: bigint | undefined;
  readonly zulu: boolean;
}

/** Why a text is no date; `at` is the place of an unknown word. */
export interface DateFault {
  readonly fault: 'format' | 'calendar' | 'weekday' | 'word' | 'offset';
  readonly at?: number;
}

export function isFault(value: object): value is DateFault {
  return 'fault' in value;
}

/** The FormatException of a text that is no date. */
export function badDate(text: string, { fault, at }: DateFault): NetException {
  switch (fault) {
    case 'calendar':
      return formatException(
        `The DateTime represented by the string '${text}' is not supported in calendar 'System.Globalization.GregorianCalendar'.`,
      );
    case 'weekday':
      return formatException(`String '${text}' was not recognized as a valid DateTime because the day of week was incorrect.`);
    case 'word':
      return formatException(
        `The string '${text}' was not recognized as a valid DateTime. There is an unknown word starting at index '${at ?? 0}'.`,
      );
    case 'offset':
      return formatException(`The time zone offset of string '${text}' must be within plus or minus 14 hours.`);
    default:
      return formatException(`String '${text}' was not recognized as a valid DateTime.`);
  }
}

/** Refuses style combinations as .NET does. Throws ArgumentException. */
export function checkDateStyles(styles: number, name = 'styles'): void {
  if ((styles & ~0xff) !== 0) throw argument('An undefined DateTimeStyles value is being used.', name);
  const both = DATE_STYLE.assumeLocal | DATE_STYLE.assumeUniversal;
  if ((styles & both) === both) throw argument('The DateTimeStyles values AssumeLocal and AssumeUniversal cannot be used together.', name);
  const mixed = both | DATE_STYLE.adjustToUniversal;
  if ((styles & DATE_STYLE.roundtripKind) !== 0 && (styles & mixed) !== 0)
    throw argument(
      'The DateTimeStyles value RoundtripKind cannot be used with the values AssumeLocal, AssumeUniversal or AdjustToUniversal.',
      name,
    );
}

/** Puts the parts together; what the text leaves out comes from `today` (ticks), or is 1 January where a year was written. */
export function assembleDate(parts: DateParts, styles: number, today: bigint): ParsedDate | DateFault {
  const date = completeDate(parts, styles, today);
  if (!isDate(date.year, date.month, date.day)) return { fault: 'format' };
  const clock = clockTicks(parts);
  if (typeof clock !== 'bigint') return clock;
  const ticks = ticksOfDate(date.year, date.month, date.day) + clock;
  if (ticks > MAX_DATE) return { fault: 'format' };
  if (parts.weekday !== undefined && parts.weekday !== weekdayOf(ticks)) return { fault: 'weekday' };
  return { ticks, offset: parts.offset, zulu: parts.zulu === true };
}

function completeDate({ year, month, day }: DateParts, styles: number, today: bigint) {
  if (year !== undefined) return { year, month: month ?? 1, day: day ?? 1 };
  if ((styles & DATE_STYLE.noCurrentDate) !== 0) return { year: 1, month: month ?? 1, day: day ?? 1 };
  const now = dateOf(today);
  if (month === undefined && day === undefined) return now;
  return { year: now.year, month: month ?? 1, day: day ?? 1 };
}

function clockTicks(parts: DateParts): bigint | DateFault {
  const { minute = 0, second = 0, fraction = 0n, afternoon } = parts;
  let hour = parts.hour ?? 0;
  if (afternoon !== undefined) {
    // .NET lets PM follow an hour that is in the afternoon already.
    if (hour > (afternoon ? 23 : 12)) return { fault: 'format' };
    hour = afternoon && hour > 12 ? hour : (hour % 12) + (afternoon ? 12 : 0);
  }
  if (hour > 23 || minute > 59 || second > 59) return { fault: 'calendar' };
  return BigInt(hour) * TICKS_PER_HOUR + BigInt(minute) * TICKS_PER_MINUTE + BigInt(second) * TICKS_PER_SECOND + fraction;
}

/** As DateTime.Parse: a text with a zone becomes local time (which is UTC here) unless the styles say otherwise. */
export function toDateTime({ ticks, offset, zulu }: ParsedDate, styles: number): NetDateTime | DateFault {
  const universal = (styles & DATE_STYLE.adjustToUniversal) !== 0;
  if (offset === undefined) {
    const assumed = (styles & (DATE_STYLE.assumeLocal | DATE_STYLE.assumeUniversal)) !== 0;
    return new NetDateTime(ticks, assumed ? (universal ? KIND.utc : KIND.local) : KIND.unspecified);
  }
  const utc = ticks - offset;
  if (utc < 0n || utc > MAX_DATE) return { fault: 'format' };
  const asUtc = universal || (zulu && (styles & DATE_STYLE.roundtripKind) !== 0);
  return new NetDateTime(utc, asUtc ? KIND.utc : KIND.local);
}

/** Two-digit years up to 49 belong to this century (.NET 8). */
export function fullYear(year: number): number {
  return year < 50 ? 2000 + year : 1900 + year;
}

/** Ticks of the digits behind a decimal point, rounded to seven. */
export function fractionTicks(digits: string): bigint {
  const seven = BigInt(digits.slice(0, 7).padEnd(7, '0'));
  return digits.charCodeAt(7) >= 53 ? seven + 1n : seven;
}

/** The day that a number of ticks lies in. */
export function midnight(ticks: bigint): bigint {
  return ticks - (ticks % TICKS_PER_DAY);
}
