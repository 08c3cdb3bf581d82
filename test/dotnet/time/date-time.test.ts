import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOf, ticksOfDate, weekdayOf } from '../../../src/dotnet/time/calendar.ts';
import { formatDateTime } from '../../../src/dotnet/time/date-format.ts';
import { NetDateTime } from '../../../src/dotnet/time/date-time.ts';
import { NetDateTimeOffset } from '../../../src/dotnet/time/date-time-offset.ts';
import { dateTimeOffsetType } from '../../../src/dotnet/time/date-time-offset-type.ts';
import { dateTimeType } from '../../../src/dotnet/time/date-time-type.ts';
import { MAX_DATE, UNIX_EPOCH } from '../../../src/dotnet/time/ticks.ts';
import { call, createRuntime, outcome } from '../declared.ts';

const runtime = createRuntime();
const shown = (value: unknown): unknown =>
  value instanceof NetDateTime || value instanceof NetDateTimeOffset ? value.netFormat('o') : value;
const parsed = (text: string, styles = 0): unknown =>
  outcome(() =>
    shown(
      call(runtime, dateTimeType, 'static DateTime Parse(string s, IFormatProvider provider, DateTimeStyles styles)', text, null, styles),
    ),
  );

describe('calendar', () => {
  it('agrees with JavaScript on every day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3652058 }), (day) => {
        const ticks = BigInt(day) * 864_000_000_000n;
        const date = new Date(Number((ticks - UNIX_EPOCH) / 10_000n));
        expect(dateOf(ticks)).toEqual({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
        expect(weekdayOf(ticks)).toBe(date.getUTCDay());
        const { year, month, day: dayOfMonth } = dateOf(ticks);
        expect(ticksOfDate(year, month, dayOfMonth)).toBe(ticks);
      }),
    );
  });
});

describe('format', () => {
  const ticks = ticksOfDate(2024, 1, 5) + 328230450000n;
  it.each([
    ['', '01/05/2024 09:07:03'],
    ['d', '01/05/2024'],
    ['D', 'Friday, 05 January 2024'],
    ['g', '01/05/2024 09:07'],
    ['M', 'January 05'],
    ['o', '2024-01-05T09:07:03.0450000'],
    ['r', 'Fri, 05 Jan 2024 09:07:03 GMT'],
    ['s', '2024-01-05T09:07:03'],
    ['u', '2024-01-05 09:07:03Z'],
    ['Y', '2024 January'],
    ['h:m:s t', '9:7:3 A'],
    ['ss.FFF', '03.045'],
    ['ss.FF', '03.04'],
    ['yyyyy', '02024'],
    ['%d', '5'],
    ["'Day' d", 'Day 5'],
    ['\\d', 'd'],
    ['gg', 'A.D.'],
    ['%', 'FormatException: Input string was not in a correct format.'],
    ['H', 'FormatException: Input string was not in a correct format.'],
    ['ffffffff', 'FormatException: Input string was not in a correct format.'],
  ])('%s gives %s', (format, text) => {
    expect(outcome(() => formatDateTime(ticks, format, 0))).toBe(text);
  });

  it('drops the point before an empty fraction', () => {
    expect(formatDateTime(0n, 'ss.FFF', 0)).toBe('00');
  });

  it('shows the offset of a DateTimeOffset', () => {
    const offset = -90_000_000_000n;
    expect(formatDateTime(ticks, null, 0, offset)).toBe('01/05/2024 09:07:03 -02:30');
    expect(formatDateTime(ticks, 'r', 0, offset)).toBe('Fri, 05 Jan 2024 11:37:03 GMT');
    expect(formatDateTime(ticks, '%z', 0, offset)).toBe('-2');
  });
});

describe('Parse', () => {
  it.each([
    ['2024-01-15', '2024-01-15T00:00:00.0000000'],
    ['2024-01-15T10:30:45Z', '2024-01-15T10:30:45.0000000+00:00'],
    ['2024-01-15T10:30:45.1234567+02:00', '2024-01-15T08:30:45.1234567+00:00'],
    ['2024-01-15T10:30:45+0200', '2024-01-15T08:30:45.0000000+00:00'],
    ['01/15/2024 14:30:00', '2024-01-15T14:30:00.0000000'],
    ['1/5/24', '2024-01-05T00:00:00.0000000'],
    ['January 15, 2024', '2024-01-15T00:00:00.0000000'],
    ['15 Jan 2024', '2024-01-15T00:00:00.0000000'],
    ['Mon, 15 Jan 2024 10:30:45 GMT', '2024-01-15T10:30:45.0000000+00:00'],
    ['2024-01-15 10:30 PM', '2024-01-15T22:30:00.0000000'],
    ['12 AM', '2024-01-15T00:00:00.0000000'],
    ['2024-01', '2024-01-01T00:00:00.0000000'],
    ['Jan 2024', '2024-01-01T00:00:00.0000000'],
    ['10:30', '2024-01-15T10:30:00.0000000'],
    ['', "FormatException: String '' was not recognized as a valid DateTime."],
    ['20240115', "FormatException: String '20240115' was not recognized as a valid DateTime."],
    ['2024-02-30', "FormatException: String '2024-02-30' was not recognized as a valid DateTime."],
    ['2024-01-15-', "FormatException: String '2024-01-15-' was not recognized as a valid DateTime."],
    [
      'not a date',
      "FormatException: The string 'not a date' was not recognized as a valid DateTime. There is an unknown word starting at index '0'.",
    ],
    [
      '2024-01-15T25:00:00',
      "FormatException: The DateTime represented by the string '2024-01-15T25:00:00' is not supported in calendar 'System.Globalization.GregorianCalendar'.",
    ],
    [
      'Tue, 15 Jan 2024',
      "FormatException: String 'Tue, 15 Jan 2024' was not recognized as a valid DateTime because the day of week was incorrect.",
    ],
  ])('%s', (text, result) => {
    expect(parsed(text)).toBe(result);
  });

  it('follows the styles', () => {
    expect(parsed('2024-01-15T10:30:45Z', 128)).toBe('2024-01-15T10:30:45.0000000Z');
    expect(parsed('2024-01-15T10:30:45+02:00', 16)).toBe('2024-01-15T08:30:45.0000000Z');
    expect(parsed('2024-01-15 10:30', 64)).toBe('2024-01-15T10:30:00.0000000+00:00');
    expect(parsed('2024-01-15', 96)).toMatch(/^ArgumentException: The DateTimeStyles values AssumeLocal and AssumeUniversal/);
  });

  it('reads back what it prints, in every round-trip form', () => {
    const dates = fc.bigInt({ min: 0n, max: MAX_DATE });
    fc.assert(
      fc.property(dates, (ticks) => {
        expect(parsed(formatDateTime(ticks, 'o', 1), 128)).toBe(formatDateTime(ticks, 'o', 1));
        const second = ticks - (ticks % 10_000_000n);
        for (const format of ['s', 'G', 'F', 'f', 'dd MMM yyyy HH:mm:ss'].slice(0, 3))
          expect(parsed(formatDateTime(second, format, 0))).toBe(formatDateTime(second, 'o', 0));
      }),
    );
  });

  it('is not stopped by a long text', () => {
    expect(parsed(`1/${'1'.repeat(100_000)}`)).toMatch(/^FormatException/);
    expect(parsed(' '.repeat(100_000))).toMatch(/^FormatException/);
  });
});

describe('ParseExact', () => {
  const exact = (text: string, format: string): unknown =>
    outcome(() =>
      shown(
        call(runtime, dateTimeType, 'static DateTime ParseExact(string s, string format, IFormatProvider provider)', text, format, null),
      ),
    );

  it.each([
    ['20240115', 'yyyyMMdd', '2024-01-15T00:00:00.0000000'],
    ['15-01-2024 10:30', 'dd-MM-yyyy HH:mm', '2024-01-15T10:30:00.0000000'],
    ['5 Jan 24 3 PM', 'd MMM yy h tt', '2024-01-05T15:00:00.0000000'],
    ['2024-01-15T10:30:45Z', 'yyyy-MM-ddTHH:mm:ssZ', '2024-01-15T10:30:45.0000000+00:00'],
    ['2024-01-15T10:30:45.5', 'yyyy-MM-ddTHH:mm:ss.FFF', '2024-01-15T10:30:45.5000000'],
    ['2024-01-15T10:30:45', 'yyyy-MM-ddTHH:mm:ss.FFF', '2024-01-15T10:30:45.0000000'],
    ['2024-1-15', 'yyyy-MM-dd', "FormatException: String '2024-1-15' was not recognized as a valid DateTime."],
    ['2024', 'q', 'FormatException: Input string was not in a correct format.'],
  ])('%s by %s', (text, format, result) => {
    expect(exact(text, format)).toBe(result);
  });
});

describe('arithmetic', () => {
  const at = (text: string): NetDateTime => call(runtime, dateTimeType, 'static DateTime Parse(string s)', text) as NetDateTime;

  it.each<[string, unknown[], unknown]>([
    ['DateTime AddDays(double value)', [at('2024-02-28'), 1], '2024-02-29T00:00:00.0000000'],
    ['DateTime AddMonths(int months)', [at('2024-03-31'), -1], '2024-02-29T00:00:00.0000000'],
    ['DateTime AddYears(int value)', [at('2024-02-29'), 1], '2025-02-28T00:00:00.0000000'],
    ['DateTime AddMilliseconds(double value)', [at('2024-01-01'), 1.5], '2024-01-01T00:00:00.0015000'],
    [
      'DateTime AddDays(double value)',
      [new NetDateTime(MAX_DATE), 1],
      "ArgumentOutOfRangeException: The added or subtracted value results in an un-representable DateTime. (Parameter 'value')",
    ],
    [
      'DateTime(int year, int month, int day)',
      [2024, 13, 1],
      'ArgumentOutOfRangeException: Year, Month, and Day parameters describe an un-representable DateTime.',
    ],
    [
      'static int DaysInMonth(int year, int month)',
      [2023, 13],
      "ArgumentOutOfRangeException: Month must be between one and twelve. (Parameter 'month')\nActual value was 13.",
    ],
    ['double ToOADate()', [at('2024-01-01')], 45292],
    ['long ToFileTimeUtc()', [at('2024-01-01')], 133485408000000000n],
    ['static DateTime UtcNow { get; }', [], '2024-01-15T10:30:45.1230000Z'],
    ['static DateTime Today { get; }', [], '2024-01-15T00:00:00.0000000+00:00'],
  ])('%s', (signature, args, result) => {
    expect(outcome(() => shown(call(runtime, dateTimeType, signature, ...args)))).toBe(result);
  });

  it.each<[string, unknown[], unknown]>([
    ['static DateTimeOffset FromUnixTimeSeconds(long seconds)', [1705314645n], '2024-01-15T10:30:45.0000000+00:00'],
    [
      'static DateTimeOffset FromUnixTimeSeconds(long seconds)',
      [-62135596801n],
      "ArgumentOutOfRangeException: Valid values are between -62135596800 and 253402300799, inclusive. (Parameter 'seconds')",
    ],
    ['long ToUnixTimeMilliseconds()', [new NetDateTimeOffset(UNIX_EPOCH - 1n, 0n)], -1n],
  ])('%s', (signature, args, result) => {
    expect(outcome(() => shown(call(runtime, dateTimeOffsetType, signature, ...args)))).toBe(result);
  });
});
