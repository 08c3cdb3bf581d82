/** The declaration of System.TimeSpan. */
import { argumentNull, formatException, NetException, overflow } from '../../csharp/runtime/exception.ts';
import type { Ref } from '../../csharp/runtime/values.ts';
import { constant, declareType, type MemberTable, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { wrongType } from '../numbers/common-members.ts';
import {
  compareTicks,
  hashTicks,
  MAX_SPAN,
  MIN_SPAN,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MICROSECOND,
  TICKS_PER_MILLISECOND,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from './ticks.ts';
import { divideSpan, multiplySpan, NetTimeSpan, partOf, spanFromUnits, spanOf } from './time-span.ts';
import { formatTimeSpan } from './time-span-format.ts';
import { parseTimeSpan, parseTimeSpanExact, type SpanFailure } from './time-span-parse.ts';

type Span = NetTimeSpan;

const DAY_PARTS = [TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND, TICKS_PER_MILLISECOND, TICKS_PER_MICROSECOND];

/** The constructors add up whatever they are given; only the sum must fit. */
function sum(parts: readonly number[], units: readonly bigint[]): Span {
  const ticks = parts.reduce((total, part, at) => total + BigInt(part) * (units[at] ?? 0n), 0n);
  if (ticks > MAX_SPAN || ticks < MIN_SPAN) throw tooLongArgument();
  return new NetTimeSpan(ticks);
}

function tooLongArgument(): NetException {
  const message = 'TimeSpan overflowed because the duration is too long.';
  return new NetException('System.ArgumentOutOfRangeException', message, null, { ParamName: null });
}

function negate(span: Span): Span {
  if (span.ticks === MIN_SPAN) throw overflow('Negating the minimum value of a twos complement number is invalid.');
  return new NetTimeSpan(-span.ticks);
}

function duration(span: Span): Span {
  if (span.ticks === MIN_SPAN)
    throw overflow(
      'The duration cannot be returned for TimeSpan.MinValue because the absolute value of TimeSpan.MinValue exceeds the value of TimeSpan.MaxValue.',
    );
  return span.ticks < 0n ? new NetTimeSpan(-span.ticks) : span;
}

const add = (a: Span, b: Span): Span => spanOf(a.ticks + b.ticks);
const subtract = (a: Span, b: Span): Span => spanOf(a.ticks - b.ticks);
const ratio = (a: Span, b: Span): number => Number(a.ticks) / Number(b.ticks);
const compare = (a: Span, b: Span): number => compareTicks(a.ticks, b.ticks);

function failed(text: string, failure: SpanFailure): NetException {
  if (failure === 'format') return formatException(`String '${text}' was not recognized as a valid TimeSpan.`);
  if (failure === 'digits') return formatException();
  return overflow(
    `The TimeSpan string '${text}' could not be parsed because at least one of the numeric components is out of range or contains too many digits.`,
  );
}

function parse(text: string | null, name = 's'): Span {
  if (text === null) throw argumentNull(name);
  const ticks = parseTimeSpan(text);
  if (typeof ticks !== 'bigint') throw failed(text, ticks);
  return new NetTimeSpan(ticks);
}

function tryParse(text: string | null, result: Ref): boolean {
  return give(text === null ? 'format' : parseTimeSpan(text), result);
}

function give(ticks: bigint | SpanFailure, result: Ref): boolean {
  result.value = new NetTimeSpan(typeof ticks === 'bigint' ? ticks : 0n);
  return typeof ticks === 'bigint';
}

function exactTicks(text: string, formats: string | readonly string[], styles: number): bigint | SpanFailure {
  if (typeof formats === 'string') return parseTimeSpanExact(text, formats, styles === 1);
  for (const format of formats) {
    const ticks = parseTimeSpanExact(text, format, styles === 1);
    if (typeof ticks === 'bigint') return ticks;
  }
  return 'format';
}

type Formats = string | readonly string[] | null;

function parseExact(text: string | null, formats: Formats, _provider: unknown, styles = 0): Span {
  if (text === null) throw argumentNull('input');
  if (formats === null) throw argumentNull(Array.isArray(formats) ? 'formats' : 'format');
  const ticks = exactTicks(text, formats, styles);
  if (typeof ticks !== 'bigint') throw failed(text, ticks);
  return new NetTimeSpan(ticks);
}

function tryExact(text: string | null, formats: Formats, styles: number, result: Ref): boolean {
  if (text === null || formats === null) return give('format', result);
  try {
    return give(exactTicks(text, formats, styles), result);
  } catch {
    return give('format', result);
  }
}

const CONSTRUCTORS: MemberTable = {
  'TimeSpan()': () => new NetTimeSpan(0n),
  'TimeSpan(long ticks)': (ticks: bigint) => new NetTimeSpan(ticks),
  'TimeSpan(int hours, int minutes, int seconds)': (...parts: number[]) => sum(parts, DAY_PARTS.slice(1)),
  'TimeSpan(int days, int hours, int minutes, int seconds)': (...parts: number[]) => sum(parts, DAY_PARTS),
  'TimeSpan(int days, int hours, int minutes, int seconds, int milliseconds)': (...parts: number[]) => sum(parts, DAY_PARTS),
  'TimeSpan(int days, int hours, int minutes, int seconds, int milliseconds, int microseconds)': (...parts: number[]) =>
    sum(parts, DAY_PARTS),
};

const PARTS: MemberTable = {
  'int Days { get; }': (span: Span) => Number(span.ticks / TICKS_PER_DAY),
  'int Hours { get; }': (span: Span) => partOf(span, TICKS_PER_HOUR, 24n),
  'int Minutes { get; }': (span: Span) => partOf(span, TICKS_PER_MINUTE, 60n),
  'int Seconds { get; }': (span: Span) => partOf(span, TICKS_PER_SECOND, 60n),
  'int Milliseconds { get; }': (span: Span) => partOf(span, TICKS_PER_MILLISECOND, 1000n),
  'int Microseconds { get; }': (span: Span) => partOf(span, TICKS_PER_MICROSECOND, 1000n),
  'int Nanoseconds { get; }': (span: Span) => Number(span.ticks % TICKS_PER_MICROSECOND) * 100,
  'long Ticks { get; }': (span: Span) => span.ticks,
  'double TotalDays { get; }': (span: Span) => Number(span.ticks) / 864e9,
  'double TotalHours { get; }': (span: Span) => Number(span.ticks) / 36e9,
  'double TotalMinutes { get; }': (span: Span) => Number(span.ticks) / 6e8,
  'double TotalSeconds { get; }': (span: Span) => Number(span.ticks) / 1e7,
  'double TotalMilliseconds { get; }': (span: Span) => Number(span.ticks) / 1e4,
  'double TotalMicroseconds { get; }': (span: Span) => Number(span.ticks) / 10,
  'double TotalNanoseconds { get; }': (span: Span) => Number(span.ticks) * 100,
};

const ARITHMETIC: MemberTable = {
  'TimeSpan Add(TimeSpan ts)': add,
  'TimeSpan Subtract(TimeSpan ts)': subtract,
  'TimeSpan Negate()': negate,
  'TimeSpan Duration()': duration,
  'TimeSpan Multiply(double factor)': multiplySpan,
  'TimeSpan Divide(double divisor)': divideSpan,
  'double Divide(TimeSpan ts)': ratio,
  'static TimeSpan operator +(TimeSpan t1, TimeSpan t2)': add,
  'static TimeSpan operator -(TimeSpan t1, TimeSpan t2)': subtract,
  'static TimeSpan operator -(TimeSpan t)': negate,
  'static TimeSpan operator +(TimeSpan t)': (span: Span) => span,
  'static TimeSpan operator *(TimeSpan timeSpan, double factor)': multiplySpan,
  'static TimeSpan operator *(double factor, TimeSpan timeSpan)': (factor: number, span: Span) => multiplySpan(span, factor),
  'static TimeSpan operator /(TimeSpan timeSpan, double divisor)': divideSpan,
  'static double operator /(TimeSpan t1, TimeSpan t2)': ratio,
  'static bool operator ==(TimeSpan t1, TimeSpan t2)': (a: Span, b: Span) => a.ticks === b.ticks,
  'static bool operator !=(TimeSpan t1, TimeSpan t2)': (a: Span, b: Span) => a.ticks !== b.ticks,
  'static bool operator <(TimeSpan t1, TimeSpan t2)': (a: Span, b: Span) => a.ticks < b.ticks,
  'static bool operator >(TimeSpan t1, TimeSpan t2)': (a: Span, b: Span) => a.ticks > b.ticks,
  'static bool operator <=(TimeSpan t1, TimeSpan t2)': (a: Span, b: Span) => a.ticks <= b.ticks,
  'static bool operator >=(TimeSpan t1, TimeSpan t2)': (a: Span, b: Span) => a.ticks >= b.ticks,
};

const FACTORIES: MemberTable = {
  'static TimeSpan FromDays(double value)': (value: number) => spanFromUnits(value, TICKS_PER_DAY),
  'static TimeSpan FromHours(double value)': (value: number) => spanFromUnits(value, TICKS_PER_HOUR),
  'static TimeSpan FromMinutes(double value)': (value: number) => spanFromUnits(value, TICKS_PER_MINUTE),
  'static TimeSpan FromSeconds(double value)': (value: number) => spanFromUnits(value, TICKS_PER_SECOND),
  'static TimeSpan FromMilliseconds(double value)': (value: number) => spanFromUnits(value, TICKS_PER_MILLISECOND),
  'static TimeSpan FromMicroseconds(double value)': (value: number) => spanFromUnits(value, TICKS_PER_MICROSECOND),
  'static TimeSpan FromTicks(long value)': (value: bigint) => new NetTimeSpan(value),
  'static readonly TimeSpan Zero': () => new NetTimeSpan(0n),
  'static readonly TimeSpan MaxValue': () => new NetTimeSpan(MAX_SPAN),
  'static readonly TimeSpan MinValue': () => new NetTimeSpan(MIN_SPAN),
  'const long NanosecondsPerTick': constant(100n),
  'const long TicksPerDay': constant(TICKS_PER_DAY),
  'const long TicksPerHour': constant(TICKS_PER_HOUR),
  'const long TicksPerMicrosecond': constant(TICKS_PER_MICROSECOND),
  'const long TicksPerMillisecond': constant(TICKS_PER_MILLISECOND),
  'const long TicksPerMinute': constant(TICKS_PER_MINUTE),
  'const long TicksPerSecond': constant(TICKS_PER_SECOND),
};

const COMPARISON: MemberTable = {
  'static int Compare(TimeSpan t1, TimeSpan t2)': compare,
  'int CompareTo(TimeSpan value)': compare,
  'int CompareTo(object value)': (span: Span, other: unknown) => {
    if (other === null) return 1;
    if (other instanceof NetTimeSpan) return compare(span, other);
    throw wrongType('TimeSpan');
  },
  'bool Equals(TimeSpan obj)': (a: Span, b: Span) => a.ticks === b.ticks,
  'static bool Equals(TimeSpan t1, TimeSpan t2)': (a: Span, b: Span) => a.ticks === b.ticks,
  'bool Equals(object value)': (span: Span, other: unknown) => span.netEquals(other),
  'int GetHashCode()': (span: Span) => hashTicks(span.ticks),
};

const TEXT: MemberTable = {
  'string ToString()': (span: Span) => span.netToString(),
  'string ToString(string format)': (span: Span, format: string | null) => formatTimeSpan(span.ticks, format),
  'string ToString(string format, IFormatProvider formatProvider)': (span: Span, format: string | null) =>
    formatTimeSpan(span.ticks, format),
  'static TimeSpan Parse(string s)': (s: string | null) => parse(s),
  'static TimeSpan Parse(string input, IFormatProvider formatProvider)': (input: string | null) => parse(input, 'input'),
  'static bool TryParse(string s, out TimeSpan result)': tryParse,
  'static bool TryParse(string input, IFormatProvider formatProvider, out TimeSpan result)': (
    input: string | null,
    _provider: unknown,
    result: Ref,
  ) => tryParse(input, result),
  'static TimeSpan ParseExact(string input, string format, IFormatProvider formatProvider)': parseExact,
  'static TimeSpan ParseExact(string input, string format, IFormatProvider formatProvider, TimeSpanStyles styles)': parseExact,
  'static TimeSpan ParseExact(string input, string[] formats, IFormatProvider formatProvider)': parseExact,
  'static TimeSpan ParseExact(string input, string[] formats, IFormatProvider formatProvider, TimeSpanStyles styles)': parseExact,
  ...tryExactMembers('string format'),
  ...tryExactMembers('string[] formats'),
};

function tryExactMembers(parameter: string): MemberTable {
  const head = `static bool TryParseExact(string input, ${parameter}, IFormatProvider formatProvider`;
  return {
    [`${head}, out TimeSpan result)`]: (input: string | null, formats: Formats, _provider: unknown, result: Ref) =>
      tryExact(input, formats, 0, result),
    [`${head}, TimeSpanStyles styles, out TimeSpan result)`]: (
      input: string | null,
      formats: Formats,
      _provider: unknown,
      styles: number,
      result: Ref,
    ) => tryExact(input, formats, styles, result),
  };
}

export const timeSpanType: TypeDeclaration = declareType(
  'struct System.TimeSpan : IComparable, IComparable<TimeSpan>, IEquatable<TimeSpan>, IFormattable',
  'all',
  { ...CONSTRUCTORS, ...FACTORIES, ...PARTS, ...ARITHMETIC, ...COMPARISON, ...TEXT },
);
