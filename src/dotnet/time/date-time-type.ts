/** The declaration of System.DateTime: what Azure lists, and the rest of the type for when the list is switched off. */
import { argument, argumentNull, argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { Ref } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { wrongType } from '../numbers/common-members.ts';
import { checkMonth, checkYear, dateOf, dayOfYear, isLeap, monthLength, weekdayOf } from './calendar.ts';
import { formatDateTime } from './date-format.ts';
import { parseDate } from './date-parse.ts';
import { parseDateExact } from './date-parse-exact.ts';
import { badDate, checkDateStyles, type DateFault, isFault, midnight, type ParsedDate, toDateTime } from './date-parts.ts';
import {
  addMonths,
  addTicks,
  addYears,
  checkKind,
  clockPart,
  dateTimeFromTicks,
  dateTimeFromUnix,
  NetDateTime,
  ticksOfParts,
  ticksOfUnits,
} from './date-time.ts';
import {
  compareTicks,
  FILE_EPOCH,
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

type Date = NetDateTime;
type Span = NetTimeSpan;

const LISTED = [
  '.ctor',
  ...['Add', 'AddDays', 'AddHours', 'AddMilliseconds', 'AddMinutes', 'AddMonths', 'AddSeconds', 'AddTicks', 'AddYears', 'Date', 'Day'],
  ...['DayOfWeek', 'DayOfYear', 'DaysInMonth', 'Hour', 'IsDaylightSavingTime', 'IsLeapYear', 'MaxValue', 'Millisecond', 'Minute'],
  ...['MinValue', 'Month', 'Now', 'Parse', 'Second', 'Subtract', 'Ticks', 'TimeOfDay', 'Today', 'ToString', 'UtcNow', 'Year'],
];

const YMD = 'int year, int month, int day';
const CLOCK = `${YMD}, int hour, int minute, int second`;

/** Year to microsecond, then perhaps a kind: `count` numbers come first. */
const fromParts =
  (count: number) =>
  (...values: number[]): Date => {
    const [year = 0, month = 0, day = 0, hour, minute, second, millisecond, microsecond] = values.slice(0, count);
    const kind = checkKind(values[count] ?? KIND.unspecified);
    return new NetDateTime(ticksOfParts(year, month, day, hour, minute, second, millisecond, microsecond), kind);
  };

const CONSTRUCTORS: MemberTable = {
  'DateTime()': () => new NetDateTime(0n),
  'DateTime(long ticks)': (ticks: bigint) => dateTimeFromTicks(ticks),
  'DateTime(long ticks, DateTimeKind kind)': dateTimeFromTicks,
  [`DateTime(${YMD})`]: fromParts(3),
  [`DateTime(${CLOCK})`]: fromParts(6),
  [`DateTime(${CLOCK}, DateTimeKind kind)`]: fromParts(6),
  [`DateTime(${CLOCK}, int millisecond)`]: fromParts(7),
  [`DateTime(${CLOCK}, int millisecond, DateTimeKind kind)`]: fromParts(7),
  [`DateTime(${CLOCK}, int millisecond, int microsecond)`]: fromParts(8),
  [`DateTime(${CLOCK}, int millisecond, int microsecond, DateTimeKind kind)`]: fromParts(8),
};

const adding =
  (unit: bigint) =>
  (date: Date, value: number): Date =>
    new NetDateTime(addTicks(date.ticks, ticksOfUnits(value, unit)), date.kind);

const addSpan = (date: Date, span: Span, parameter = 't'): Date => new NetDateTime(addTicks(date.ticks, span.ticks, parameter), date.kind);
const subtractSpan = (date: Date, span: Span, parameter = 't'): Date =>
  new NetDateTime(addTicks(date.ticks, -span.ticks, parameter), date.kind);
const difference = (a: Date, b: Date): Span => new NetTimeSpan(a.ticks - b.ticks);
const compare = (a: Date, b: Date): number => compareTicks(a.ticks, b.ticks);

const ARITHMETIC: MemberTable = {
  'DateTime Add(TimeSpan value)': (date: Date, span: Span) => addSpan(date, span, 'value'),
  'DateTime AddDays(double value)': adding(TICKS_PER_DAY),
  'DateTime AddHours(double value)': adding(TICKS_PER_HOUR),
  'DateTime AddMinutes(double value)': adding(TICKS_PER_MINUTE),
  'DateTime AddSeconds(double value)': adding(TICKS_PER_SECOND),
  'DateTime AddMilliseconds(double value)': adding(TICKS_PER_MILLISECOND),
  'DateTime AddMicroseconds(double value)': adding(TICKS_PER_MICROSECOND),
  'DateTime AddTicks(long value)': (date: Date, value: bigint) => new NetDateTime(addTicks(date.ticks, value), date.kind),
  'DateTime AddMonths(int months)': (date: Date, months: number) => new NetDateTime(addMonths(date.ticks, months), date.kind),
  'DateTime AddYears(int value)': (date: Date, years: number) => new NetDateTime(addYears(date.ticks, years), date.kind),
  'TimeSpan Subtract(DateTime value)': difference,
  'DateTime Subtract(TimeSpan value)': (date: Date, span: Span) => subtractSpan(date, span, 'value'),
  'static DateTime operator +(DateTime d, TimeSpan t)': (date: Date, span: Span) => addSpan(date, span),
  'static DateTime operator -(DateTime d, TimeSpan t)': (date: Date, span: Span) => subtractSpan(date, span),
  'static TimeSpan operator -(DateTime d1, DateTime d2)': difference,
  'static bool operator ==(DateTime d1, DateTime d2)': (a: Date, b: Date) => a.ticks === b.ticks,
  'static bool operator !=(DateTime d1, DateTime d2)': (a: Date, b: Date) => a.ticks !== b.ticks,
  'static bool operator <(DateTime t1, DateTime t2)': (a: Date, b: Date) => a.ticks < b.ticks,
  'static bool operator >(DateTime t1, DateTime t2)': (a: Date, b: Date) => a.ticks > b.ticks,
  'static bool operator <=(DateTime t1, DateTime t2)': (a: Date, b: Date) => a.ticks <= b.ticks,
  'static bool operator >=(DateTime t1, DateTime t2)': (a: Date, b: Date) => a.ticks >= b.ticks,
};

const PARTS: MemberTable = {
  'DateTime Date { get; }': (date: Date) => new NetDateTime(midnight(date.ticks), date.kind),
  'int Year { get; }': (date: Date) => dateOf(date.ticks).year,
  'int Month { get; }': (date: Date) => dateOf(date.ticks).month,
  'int Day { get; }': (date: Date) => dateOf(date.ticks).day,
  'int Hour { get; }': (date: Date) => clockPart(date.ticks, TICKS_PER_HOUR, 24n),
  'int Minute { get; }': (date: Date) => clockPart(date.ticks, TICKS_PER_MINUTE, 60n),
  'int Second { get; }': (date: Date) => clockPart(date.ticks, TICKS_PER_SECOND, 60n),
  'int Millisecond { get; }': (date: Date) => clockPart(date.ticks, TICKS_PER_MILLISECOND, 1000n),
  'int Microsecond { get; }': (date: Date) => clockPart(date.ticks, TICKS_PER_MICROSECOND, 1000n),
  'int Nanosecond { get; }': (date: Date) => clockPart(date.ticks, 1n, 10n) * 100,
  'DayOfWeek DayOfWeek { get; }': (date: Date) => weekdayOf(date.ticks),
  'int DayOfYear { get; }': (date: Date) => dayOfYear(dateOf(date.ticks)),
  'DateTimeKind Kind { get; }': (date: Date) => date.kind,
  'long Ticks { get; }': (date: Date) => date.ticks,
  'TimeSpan TimeOfDay { get; }': (date: Date) => new NetTimeSpan(date.ticks % TICKS_PER_DAY),
  'bool IsDaylightSavingTime()': () => false,
  'static int DaysInMonth(int year, int month)': (year: number, month: number) => {
    checkMonth(month);
    checkYear(year);
    return monthLength(year, month);
  },
  'static bool IsLeapYear(int year)': (year: number) => {
    checkYear(year);
    return isLeap(year);
  },
};

const utcNow = (runtime: Runtime): Date => dateTimeFromUnix(runtime.host.now());
const localNow = (runtime: Runtime): Date => new NetDateTime(utcNow(runtime).ticks, KIND.local);

const CLOCKS: MemberTable = {
  'static DateTime UtcNow { get; }': special(utcNow),
  'static DateTime Now { get; }': special(localNow),
  'static DateTime Today { get; }': special((runtime) => new NetDateTime(midnight(utcNow(runtime).ticks), KIND.local)),
  'static readonly DateTime MinValue': () => new NetDateTime(0n),
  'static readonly DateTime MaxValue': () => new NetDateTime(MAX_DATE),
  'static readonly DateTime UnixEpoch': () => new NetDateTime(UNIX_EPOCH, KIND.utc),
};

/** `DateTime.Parse` with the run's clock for what the text leaves out. Throws ArgumentNullException, FormatException. */
export function parseDateTime(runtime: Runtime, text: string | null, styles = 0, name = 's'): Date {
  if (text === null) throw argumentNull(name);
  const read = readDateTime(parseDate(text, styles, utcNow(runtime).ticks), styles);
  if (isFault(read)) throw badDate(text, read);
  return read;
}

function readDateTime(parsed: ParsedDate | DateFault, styles: number): Date | DateFault {
  return isFault(parsed) ? parsed : toDateTime(parsed, styles);
}

function give(read: Date | DateFault, result: Ref): boolean {
  const failed = isFault(read);
  result.value = failed ? new NetDateTime(0n) : read;
  return !failed;
}

function tryParse(runtime: Runtime, text: string | null, styles: number, result: Ref): boolean {
  const read: ParsedDate | DateFault = text === null ? { fault: 'format' } : parseDate(text, styles, utcNow(runtime).ticks);
  return give(readDateTime(read, styles), result);
}

type Formats = string | readonly string[] | null;

/** Tries every format in turn; the fault of a lone one is kept for the message. */
export function parseExactly(
  runtime: Runtime,
  text: string,
  formats: string | readonly string[],
  styles: number,
  keepOffset: boolean,
): ParsedDate | DateFault {
  const today = utcNow(runtime).ticks;
  let fault: DateFault = { fault: 'format' };
  for (const format of typeof formats === 'string' ? [formats] : formats) {
    const parsed = parseDateExact(text, format, styles, today, keepOffset);
    if (!isFault(parsed)) return parsed;
    if (typeof formats === 'string') fault = parsed;
  }
  return fault;
}

function parseExact(runtime: Runtime, text: string | null, formats: Formats, styles: number, name: string): Date {
  if (text === null) throw argumentNull('s');
  if (formats === null) throw argumentNull(name);
  const read = readDateTime(parseExactly(runtime, text, formats, styles, false), styles);
  if (isFault(read)) throw badDate(text, read);
  return read;
}

function tryParseExact(runtime: Runtime, text: string | null, formats: Formats, styles: number, result: Ref): boolean {
  if (text === null || formats === null) return give({ fault: 'format' }, result);
  try {
    return give(readDateTime(parseExactly(runtime, text, formats, styles, false), styles), result);
  } catch {
    return give({ fault: 'format' }, result);
  }
}

const PARSING: MemberTable = {
  'static DateTime Parse(string s)': special((runtime, _types, s: string | null) => parseDateTime(runtime, s)),
  'static DateTime Parse(string s, IFormatProvider provider)': special((runtime, _types, s: string | null) => parseDateTime(runtime, s)),
  'static DateTime Parse(string s, IFormatProvider provider, DateTimeStyles styles)': special(
    (runtime, _types, s: string | null, _provider: unknown, styles: number) => {
      checkDateStyles(styles);
      return parseDateTime(runtime, s, styles);
    },
  ),
  'static bool TryParse(string s, out DateTime result)': special((runtime, _types, s: string | null, result: Ref) =>
    tryParse(runtime, s, 0, result),
  ),
  'static bool TryParse(string s, IFormatProvider provider, out DateTime result)': special(
    (runtime, _types, s: string | null, _provider: unknown, result: Ref) => tryParse(runtime, s, 0, result),
  ),
  'static bool TryParse(string s, IFormatProvider provider, DateTimeStyles styles, out DateTime result)': special(
    (runtime, _types, s: string | null, _provider: unknown, styles: number, result: Ref) => {
      checkDateStyles(styles);
      return tryParse(runtime, s, styles, result);
    },
  ),
  'static DateTime ParseExact(string s, string format, IFormatProvider provider)': special(
    (runtime, _types, s: string | null, format: string | null) => parseExact(runtime, s, format, 0, 'format'),
  ),
  ...exactMembers('string', 'format', 'style'),
  ...exactMembers('string[]', 'formats', 'style'),
};

function exactMembers(type: string, name: string, style: string): MemberTable {
  return {
    [`static DateTime ParseExact(string s, ${type} ${name}, IFormatProvider provider, DateTimeStyles ${style})`]: special(
      (runtime, _types, s: string | null, formats: Formats, _provider: unknown, styles: number) => {
        checkDateStyles(styles, style);
        return parseExact(runtime, s, formats, styles, name);
      },
    ),
    [`static bool TryParseExact(string s, ${type} ${name}, IFormatProvider provider, DateTimeStyles ${style}, out DateTime result)`]:
      special((runtime, _types, s: string | null, formats: Formats, _provider: unknown, styles: number, result: Ref) => {
        checkDateStyles(styles, style);
        return tryParseExact(runtime, s, formats, styles, result);
      }),
  };
}

const text =
  (format: string | null) =>
  (date: Date): string =>
    formatDateTime(date.ticks, format, date.kind);
const formatted = (date: Date, format: string | null): string => formatDateTime(date.ticks, format, date.kind);

const TEXT: MemberTable = {
  'string ToString()': text(null),
  'string ToString(string format)': formatted,
  'string ToString(IFormatProvider provider)': text(null),
  'string ToString(string format, IFormatProvider provider)': formatted,
  'string ToLongDateString()': text('D'),
  'string ToLongTimeString()': text('T'),
  'string ToShortDateString()': text('d'),
  'string ToShortTimeString()': text('t'),
};

const COMPARISON: MemberTable = {
  'static int Compare(DateTime t1, DateTime t2)': compare,
  'int CompareTo(DateTime value)': compare,
  'int CompareTo(object value)': (date: Date, other: unknown) => {
    if (other === null) return 1;
    if (other instanceof NetDateTime) return compare(date, other);
    throw wrongType('DateTime');
  },
  'bool Equals(DateTime value)': (a: Date, b: Date) => a.ticks === b.ticks,
  'bool Equals(object value)': (date: Date, other: unknown) => date.netEquals(other),
  'static bool Equals(DateTime t1, DateTime t2)': (a: Date, b: Date) => a.ticks === b.ticks,
  'int GetHashCode()': (date: Date) => date.netHashCode(),
  'TypeCode GetTypeCode()': () => 16,
};

/** OLE Automation dates count days from 1899-12-30. */
const OLE_EPOCH = 599_264_352_000_000_000n;

function toOleDate(date: Date): number {
  if (date.ticks === 0n) return 0;
  const ticks = date.ticks < TICKS_PER_DAY ? date.ticks + OLE_EPOCH : date.ticks;
  const milliseconds = (ticks - OLE_EPOCH) / TICKS_PER_MILLISECOND;
  const rest = milliseconds % 86_400_000n;
  const shown = milliseconds < 0n && rest !== 0n ? milliseconds - (86_400_000n + rest) * 2n : milliseconds;
  return Number(shown) / 86_400_000;
}

function fromOleDate(days: number): Date {
  if (!(days < 2_958_466 && days > -657_435)) throw argument('Not a legal OleAut date.');
  let milliseconds = Math.trunc(days * 86_400_000 + (days >= 0 ? 0.5 : -0.5));
  if (milliseconds < 0) milliseconds -= (milliseconds % 86_400_000) * 2;
  return new NetDateTime(OLE_EPOCH + BigInt(milliseconds) * TICKS_PER_MILLISECOND);
}

/** Two bits of kind above 62 bits of ticks, as a signed number. */
function toBinary(date: Date): bigint {
  return BigInt.asIntN(64, date.ticks | (BigInt(date.kind) << 62n));
}

function fromBinary(data: bigint): Date {
  const ticks = BigInt.asUintN(62, data);
  const kind = Number(BigInt.asUintN(64, data) >> 62n);
  if (ticks > MAX_DATE)
    throw argument(
      'The binary data must result in a DateTime with ticks between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.',
      'dateData',
    );
  return new NetDateTime(ticks, Math.min(kind, KIND.local));
}

function toFileTime(date: Date): bigint {
  if (date.ticks < FILE_EPOCH) throw argumentOutOfRange('fileTime', 'Not a valid Win32 FileTime.');
  return date.ticks - FILE_EPOCH;
}

const fromFileTime =
  (kind: number) =>
  (fileTime: bigint): Date => {
    if (fileTime < 0n || fileTime > MAX_DATE - FILE_EPOCH) throw argumentOutOfRange('fileTime', 'Not a valid Win32 FileTime.');
    return new NetDateTime(fileTime + FILE_EPOCH, kind);
  };

const CONVERSIONS: MemberTable = {
  'static DateTime SpecifyKind(DateTime value, DateTimeKind kind)': (value: Date, kind: number) =>
    new NetDateTime(value.ticks, checkKind(kind)),
  'DateTime ToLocalTime()': (date: Date) => (date.kind === KIND.local ? date : new NetDateTime(date.ticks, KIND.local)),
  'DateTime ToUniversalTime()': (date: Date) => (date.kind === KIND.utc ? date : new NetDateTime(date.ticks, KIND.utc)),
  'double ToOADate()': toOleDate,
  'static DateTime FromOADate(double d)': fromOleDate,
  'long ToBinary()': toBinary,
  'static DateTime FromBinary(long dateData)': fromBinary,
  'long ToFileTime()': toFileTime,
  'long ToFileTimeUtc()': toFileTime,
  'static DateTime FromFileTime(long fileTime)': fromFileTime(KIND.local),
  'static DateTime FromFileTimeUtc(long fileTime)': fromFileTime(KIND.utc),
};

export const dateTimeType: TypeDeclaration = declareType(
  'struct System.DateTime : IComparable, IComparable<DateTime>, IConvertible, IEquatable<DateTime>, IFormattable',
  LISTED,
  { ...CONSTRUCTORS, ...CLOCKS, ...PARTS, ...ARITHMETIC, ...COMPARISON, ...PARSING, ...TEXT, ...CONVERSIONS },
);
