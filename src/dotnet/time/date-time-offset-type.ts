/** The declaration of System.DateTimeOffset. */
import { argumentNull, argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { Ref } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { dateOf, dayOfYear, weekdayOf } from './calendar.ts';
import { formatDateTime } from './date-format.ts';
import { parseDate } from './date-parse.ts';
import { badDate, checkDateStyles, type DateFault, isFault, midnight, type ParsedDate } from './date-parts.ts';
import { addMonths, addTicks, addYears, clockPart, dateTimeFromUnix, NetDateTime, ticksOfParts, ticksOfUnits } from './date-time.ts';
import { atOffset, NetDateTimeOffset, offsetFromDateTime, toOffset } from './date-time-offset.ts';
import { parseExactly } from './date-time-type.ts';
import {
  compareTicks,
  FILE_EPOCH,
  floorDivide,
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
import { NetTimeSpan } from './time-span.ts';

type Moment = NetDateTimeOffset;
type Span = NetTimeSpan;

const CLOCK = 'int year, int month, int day, int hour, int minute, int second';

/** Numbers from the year on, then the offset. */
function fromParts(...values: (number | Span)[]): Moment {
  const offset = values.at(-1) as Span;
  const [year = 0, month = 0, day = 0, ...clock] = values.slice(0, -1) as number[];
  return atOffset(ticksOfParts(year, month, day, ...clock), offset.ticks);
}

const CONSTRUCTORS: MemberTable = {
  'DateTimeOffset()': () => new NetDateTimeOffset(0n, 0n),
  'DateTimeOffset(long ticks, TimeSpan offset)': (ticks: bigint, offset: Span) => {
    if (ticks < 0n || ticks > MAX_DATE)
      throw argumentOutOfRange('ticks', 'Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.');
    return atOffset(ticks, offset.ticks);
  },
  'DateTimeOffset(DateTime dateTime)': (value: NetDateTime) => offsetFromDateTime(value),
  'DateTimeOffset(DateTime dateTime, TimeSpan offset)': (value: NetDateTime, offset: Span) => offsetFromDateTime(value, offset.ticks),
  [`DateTimeOffset(${CLOCK}, TimeSpan offset)`]: fromParts,
  [`DateTimeOffset(${CLOCK}, int millisecond, TimeSpan offset)`]: fromParts,
  [`DateTimeOffset(${CLOCK}, int millisecond, int microsecond, TimeSpan offset)`]: fromParts,
  'static implicit operator DateTimeOffset(DateTime dateTime)': (value: NetDateTime) => offsetFromDateTime(value),
};

/** Same offset, other clock ticks; the UTC time must stay in range, too. */
function moved(moment: Moment, ticks: bigint): Moment {
  return atOffset(ticks, moment.offset);
}

const adding =
  (unit: bigint) =>
  (moment: Moment, value: number): Moment =>
    moved(moment, addTicks(moment.ticks, ticksOfUnits(value, unit)));
const addSpan = (moment: Moment, span: Span): Moment => moved(moment, addTicks(moment.ticks, span.ticks));
const subtractSpan = (moment: Moment, span: Span): Moment => moved(moment, addTicks(moment.ticks, -span.ticks));
const difference = (a: Moment, b: Moment): Span => new NetTimeSpan(a.utcTicks - b.utcTicks);
const compare = (a: Moment, b: Moment): number => compareTicks(a.utcTicks, b.utcTicks);
const equals = (a: Moment, b: Moment): boolean => a.utcTicks === b.utcTicks;

const ARITHMETIC: MemberTable = {
  'DateTimeOffset Add(TimeSpan timeSpan)': addSpan,
  'DateTimeOffset AddDays(double days)': adding(TICKS_PER_DAY),
  'DateTimeOffset AddHours(double hours)': adding(TICKS_PER_HOUR),
  'DateTimeOffset AddMinutes(double minutes)': adding(TICKS_PER_MINUTE),
  'DateTimeOffset AddSeconds(double seconds)': adding(TICKS_PER_SECOND),
  'DateTimeOffset AddMilliseconds(double milliseconds)': adding(TICKS_PER_MILLISECOND),
  'DateTimeOffset AddMicroseconds(double microseconds)': adding(TICKS_PER_MICROSECOND),
  'DateTimeOffset AddTicks(long ticks)': (moment: Moment, ticks: bigint) => moved(moment, addTicks(moment.ticks, ticks)),
  'DateTimeOffset AddMonths(int months)': (moment: Moment, months: number) => moved(moment, addMonths(moment.ticks, months)),
  'DateTimeOffset AddYears(int years)': (moment: Moment, years: number) => moved(moment, addYears(moment.ticks, years)),
  'TimeSpan Subtract(DateTimeOffset value)': difference,
  'DateTimeOffset Subtract(TimeSpan value)': subtractSpan,
  'static DateTimeOffset operator +(DateTimeOffset dateTimeOffset, TimeSpan timeSpan)': addSpan,
  'static DateTimeOffset operator -(DateTimeOffset dateTimeOffset, TimeSpan timeSpan)': subtractSpan,
  'static TimeSpan operator -(DateTimeOffset left, DateTimeOffset right)': difference,
  'static bool operator ==(DateTimeOffset left, DateTimeOffset right)': equals,
  'static bool operator !=(DateTimeOffset left, DateTimeOffset right)': (a: Moment, b: Moment) => !equals(a, b),
  'static bool operator <(DateTimeOffset left, DateTimeOffset right)': (a: Moment, b: Moment) => compare(a, b) < 0,
  'static bool operator >(DateTimeOffset left, DateTimeOffset right)': (a: Moment, b: Moment) => compare(a, b) > 0,
  'static bool operator <=(DateTimeOffset left, DateTimeOffset right)': (a: Moment, b: Moment) => compare(a, b) <= 0,
  'static bool operator >=(DateTimeOffset left, DateTimeOffset right)': (a: Moment, b: Moment) => compare(a, b) >= 0,
};

const PARTS: MemberTable = {
  'DateTime Date { get; }': (moment: Moment) => new NetDateTime(midnight(moment.ticks)),
  'DateTime DateTime { get; }': (moment: Moment) => new NetDateTime(moment.ticks),
  'DateTime LocalDateTime { get; }': (moment: Moment) => new NetDateTime(moment.utcTicks, KIND.local),
  'DateTime UtcDateTime { get; }': (moment: Moment) => new NetDateTime(moment.utcTicks, KIND.utc),
  'int Year { get; }': (moment: Moment) => dateOf(moment.ticks).year,
  'int Month { get; }': (moment: Moment) => dateOf(moment.ticks).month,
  'int Day { get; }': (moment: Moment) => dateOf(moment.ticks).day,
  'int Hour { get; }': (moment: Moment) => clockPart(moment.ticks, TICKS_PER_HOUR, 24n),
  'int Minute { get; }': (moment: Moment) => clockPart(moment.ticks, TICKS_PER_MINUTE, 60n),
  'int Second { get; }': (moment: Moment) => clockPart(moment.ticks, TICKS_PER_SECOND, 60n),
  'int Millisecond { get; }': (moment: Moment) => clockPart(moment.ticks, TICKS_PER_MILLISECOND, 1000n),
  'int Microsecond { get; }': (moment: Moment) => clockPart(moment.ticks, TICKS_PER_MICROSECOND, 1000n),
  'int Nanosecond { get; }': (moment: Moment) => clockPart(moment.ticks, 1n, 10n) * 100,
  'DayOfWeek DayOfWeek { get; }': (moment: Moment) => weekdayOf(moment.ticks),
  'int DayOfYear { get; }': (moment: Moment) => dayOfYear(dateOf(moment.ticks)),
  'TimeSpan Offset { get; }': (moment: Moment) => new NetTimeSpan(moment.offset),
  'int TotalOffsetMinutes { get; }': (moment: Moment) => Number(moment.offset / TICKS_PER_MINUTE),
  'long Ticks { get; }': (moment: Moment) => moment.ticks,
  'long UtcTicks { get; }': (moment: Moment) => moment.utcTicks,
  'TimeSpan TimeOfDay { get; }': (moment: Moment) => new NetTimeSpan(moment.ticks % TICKS_PER_DAY),
};

const utcNow = (runtime: Runtime): Moment => new NetDateTimeOffset(dateTimeFromUnix(runtime.host.now()).ticks, 0n);

const CLOCKS: MemberTable = {
  'static DateTimeOffset Now { get; }': special(utcNow),
  'static DateTimeOffset UtcNow { get; }': special(utcNow),
  'static readonly DateTimeOffset MinValue': () => new NetDateTimeOffset(0n, 0n),
  'static readonly DateTimeOffset MaxValue': () => new NetDateTimeOffset(MAX_DATE, 0n),
  'static readonly DateTimeOffset UnixEpoch': () => new NetDateTimeOffset(UNIX_EPOCH, 0n),
};

const COMPARISON: MemberTable = {
  'static int Compare(DateTimeOffset first, DateTimeOffset second)': compare,
  'int CompareTo(DateTimeOffset other)': compare,
  'static bool Equals(DateTimeOffset first, DateTimeOffset second)': equals,
  'bool Equals(DateTimeOffset other)': equals,
  'bool Equals(object obj)': (moment: Moment, other: unknown) => moment.netEquals(other),
  'bool EqualsExact(DateTimeOffset other)': (a: Moment, b: Moment) => a.ticks === b.ticks && a.offset === b.offset,
  'int GetHashCode()': (moment: Moment) => moment.netHashCode(),
};

const fromUnix =
  (unit: bigint, name: string) =>
  (value: bigint): Moment => {
    const ticks = UNIX_EPOCH + value * unit;
    if (ticks >= 0n && ticks <= MAX_DATE) return new NetDateTimeOffset(ticks, 0n);
    const [least, most] = [-UNIX_EPOCH / unit, (MAX_DATE - UNIX_EPOCH) / unit];
    throw argumentOutOfRange(name, `Valid values are between ${least} and ${most}, inclusive.`);
  };

const CONVERSIONS: MemberTable = {
  'static DateTimeOffset FromUnixTimeSeconds(long seconds)': fromUnix(TICKS_PER_SECOND, 'seconds'),
  'static DateTimeOffset FromUnixTimeMilliseconds(long milliseconds)': fromUnix(TICKS_PER_MILLISECOND, 'milliseconds'),
  'static DateTimeOffset FromFileTime(long fileTime)': (fileTime: bigint) => {
    if (fileTime < 0n || fileTime > MAX_DATE - FILE_EPOCH) throw argumentOutOfRange('fileTime', 'Not a valid Win32 FileTime.');
    return new NetDateTimeOffset(fileTime + FILE_EPOCH, 0n);
  },
  'long ToFileTime()': (moment: Moment) => {
    if (moment.utcTicks < FILE_EPOCH) throw argumentOutOfRange('fileTime', 'Not a valid Win32 FileTime.');
    return moment.utcTicks - FILE_EPOCH;
  },
  'DateTimeOffset ToLocalTime()': (moment: Moment) => new NetDateTimeOffset(moment.utcTicks, 0n),
  'DateTimeOffset ToUniversalTime()': (moment: Moment) => new NetDateTimeOffset(moment.utcTicks, 0n),
  'DateTimeOffset ToOffset(TimeSpan offset)': (moment: Moment, offset: Span) => atOffset(moment.utcTicks + offset.ticks, offset.ticks),
  'long ToUnixTimeSeconds()': (moment: Moment) => floorDivide(moment.utcTicks - UNIX_EPOCH, TICKS_PER_SECOND),
  'long ToUnixTimeMilliseconds()': (moment: Moment) => floorDivide(moment.utcTicks - UNIX_EPOCH, TICKS_PER_MILLISECOND),
};

const formatted = (moment: Moment, format: string | null): string => formatDateTime(moment.ticks, format, KIND.unspecified, moment.offset);

const TEXT: MemberTable = {
  'string ToString()': (moment: Moment) => moment.netToString(),
  'string ToString(string format)': formatted,
  'string ToString(IFormatProvider formatProvider)': (moment: Moment) => moment.netToString(),
  'string ToString(string format, IFormatProvider formatProvider)': formatted,
};

function read(parsed: ParsedDate | DateFault, styles: number): Moment | DateFault {
  return isFault(parsed) ? parsed : toOffset(parsed, styles);
}

function parse(runtime: Runtime, text: string | null, styles = 0): Moment {
  if (text === null) throw argumentNull('input');
  const moment = read(parseDate(text, styles, utcNow(runtime).ticks), styles);
  if (isFault(moment)) throw badDate(text, moment);
  return moment;
}

function give(moment: Moment | DateFault, result: Ref): boolean {
  const failed = isFault(moment);
  result.value = failed ? new NetDateTimeOffset(0n, 0n) : moment;
  return !failed;
}

function tryParse(runtime: Runtime, text: string | null, styles: number, result: Ref): boolean {
  if (text === null) return give({ fault: 'format' }, result);
  return give(read(parseDate(text, styles, utcNow(runtime).ticks), styles), result);
}

type Formats = string | readonly string[] | null;

function parseExact(runtime: Runtime, text: string | null, formats: Formats, styles: number, name: string): Moment {
  if (text === null) throw argumentNull('input');
  if (formats === null) throw argumentNull(name);
  const moment = read(parseExactly(runtime, text, formats, styles, true), styles);
  if (isFault(moment)) throw badDate(text, moment);
  return moment;
}

function tryParseExact(runtime: Runtime, text: string | null, formats: Formats, styles: number, result: Ref): boolean {
  if (text === null || formats === null) return give({ fault: 'format' }, result);
  try {
    return give(read(parseExactly(runtime, text, formats, styles, true), styles), result);
  } catch {
    return give({ fault: 'format' }, result);
  }
}

const PARSING: MemberTable = {
  'static DateTimeOffset Parse(string input)': special((runtime, _types, text: string | null) => parse(runtime, text)),
  'static DateTimeOffset Parse(string input, IFormatProvider formatProvider)': special((runtime, _types, text: string | null) =>
    parse(runtime, text),
  ),
  'static DateTimeOffset Parse(string input, IFormatProvider formatProvider, DateTimeStyles styles)': special(
    (runtime, _types, text: string | null, _provider: unknown, styles: number) => {
      checkDateStyles(styles);
      return parse(runtime, text, styles);
    },
  ),
  'static bool TryParse(string input, out DateTimeOffset result)': special((runtime, _types, text: string | null, result: Ref) =>
    tryParse(runtime, text, 0, result),
  ),
  'static bool TryParse(string s, IFormatProvider provider, out DateTimeOffset result)': special(
    (runtime, _types, text: string | null, _provider: unknown, result: Ref) => tryParse(runtime, text, 0, result),
  ),
  'static bool TryParse(string input, IFormatProvider formatProvider, DateTimeStyles styles, out DateTimeOffset result)': special(
    (runtime, _types, text: string | null, _provider: unknown, styles: number, result: Ref) => {
      checkDateStyles(styles);
      return tryParse(runtime, text, styles, result);
    },
  ),
  'static DateTimeOffset ParseExact(string input, string format, IFormatProvider formatProvider)': special(
    (runtime, _types, text: string | null, format: string | null) => parseExact(runtime, text, format, 0, 'format'),
  ),
  ...exactMembers('string', 'format'),
  ...exactMembers('string[]', 'formats'),
};

function exactMembers(type: string, name: string): MemberTable {
  const head = `string input, ${type} ${name}, IFormatProvider formatProvider, DateTimeStyles styles`;
  return {
    [`static DateTimeOffset ParseExact(${head})`]: special(
      (runtime, _types, text: string | null, formats: Formats, _provider: unknown, styles: number) => {
        checkDateStyles(styles);
        return parseExact(runtime, text, formats, styles, name);
      },
    ),
    [`static bool TryParseExact(${head}, out DateTimeOffset result)`]: special(
      (runtime, _types, text: string | null, formats: Formats, _provider: unknown, styles: number, result: Ref) => {
        checkDateStyles(styles);
        return tryParseExact(runtime, text, formats, styles, result);
      },
    ),
  };
}

export const dateTimeOffsetType: TypeDeclaration = declareType(
  'struct System.DateTimeOffset : IComparable, IComparable<DateTimeOffset>, IEquatable<DateTimeOffset>, IFormattable',
  'all',
  { ...CONSTRUCTORS, ...CLOCKS, ...PARTS, ...ARITHMETIC, ...COMPARISON, ...CONVERSIONS, ...PARSING, ...TEXT },
);
