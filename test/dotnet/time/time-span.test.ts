import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SPAN, MIN_SPAN } from '../../../src/dotnet/time/ticks.ts';
import { NetTimeSpan } from '../../../src/dotnet/time/time-span.ts';
import { formatTimeSpan } from '../../../src/dotnet/time/time-span-format.ts';
import { parseTimeSpan, parseTimeSpanExact } from '../../../src/dotnet/time/time-span-parse.ts';
import { timeSpanType } from '../../../src/dotnet/time/time-span-type.ts';
import { call, createRuntime, outcome } from '../declared.ts';

const runtime = createRuntime();
const text = (value: unknown): unknown => (value instanceof NetTimeSpan ? value.netToString() : value);

describe('formatTimeSpan', () => {
  const long = 937840050000n;
  it.each([
    [long, '', '1.02:03:04.0050000'],
    [long, 'g', '1:2:03:04.005'],
    [long, 'G', '1:02:03:04.0050000'],
    [long, 'd\\.hh', '1.02'],
    [long, "hh'h'mm", '02h03'],
    [long, 'mm\\:ss\\.fff', '03:04.005'],
    [-900000000n, 'c', '-00:01:30'],
    [-900000000n, '%m', '1'],
    [0n, 'ss\\.FFF', '00.'],
    [long, 'hh:mm', 'FormatException: Input string was not in a correct format.'],
    [long, 'x', 'FormatException: Input string was not in a correct format.'],
    [long, "hh'", "FormatException: Cannot find a matching quote character for the character '''."],
  ])('%d as %s is %s', (ticks, format, shown) => {
    expect(outcome(() => formatTimeSpan(ticks, format))).toBe(shown);
  });
});

describe('parsing', () => {
  it.each([
    ['1', '1.00:00:00'],
    ['01:02', '01:02:00'],
    ['1:2:3', '01:02:03'],
    ['1:2:3:4', '1.02:03:04'],
    ['1.2:3', '1.02:03:00'],
    [' -1:00 ', '-01:00:00'],
    ['1.02:03:04.005', '1.02:03:04.0050000'],
    ['10675199.02:48:05.4775807', '10675199.02:48:05.4775807'],
    [
      '1:60',
      "OverflowException: The TimeSpan string '1:60' could not be parsed because at least one of the numeric components is out of range or contains too many digits.",
    ],
    ['abc', "FormatException: String 'abc' was not recognized as a valid TimeSpan."],
    ['', "FormatException: String '' was not recognized as a valid TimeSpan."],
  ])('%s is %s', (input, shown) => {
    expect(outcome(() => text(call(runtime, timeSpanType, 'static TimeSpan Parse(string s)', input)))).toBe(shown);
  });

  it('reads back what it prints', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: MIN_SPAN, max: MAX_SPAN }), fc.constantFrom('c', 'g', 'G'), (ticks, format) => {
        const shown = formatTimeSpan(ticks, format);
        return parseTimeSpan(shown) === ticks && parseTimeSpanExact(shown, format, false) === ticks;
      }),
    );
  });

  it('reads exact formats', () => {
    expect(parseTimeSpanExact('02h03', "hh'h'mm", false)).toBe(73800000000n);
    expect(parseTimeSpanExact('2h03', "hh'h'mm", false)).toBe('digits');
    expect(parseTimeSpanExact('5', '%s', true)).toBe(-50000000n);
  });
});

describe('arithmetic', () => {
  it.each<[string, unknown[], unknown]>([
    ['static TimeSpan FromSeconds(double value)', [1.23456789], '00:00:01.2345678'],
    ['static TimeSpan FromDays(double value)', [1e10], 'OverflowException: TimeSpan overflowed because the duration is too long.'],
    [
      'static TimeSpan FromDays(double value)',
      [Number.NaN],
      'ArgumentException: TimeSpan does not accept floating point Not-a-Number values.',
    ],
    [
      'TimeSpan Negate()',
      [new NetTimeSpan(MIN_SPAN)],
      'OverflowException: Negating the minimum value of a twos complement number is invalid.',
    ],
    ['static TimeSpan operator *(TimeSpan timeSpan, double factor)', [new NetTimeSpan(36000000000n), 2], '02:00:00'],
    ['TimeSpan(int hours, int minutes, int seconds)', [1, -30, 0], '00:30:00'],
    ['int Hours { get; }', [new NetTimeSpan(-937840050000n)], -2],
    ['double TotalMinutes { get; }', [new NetTimeSpan(937840050000n)], 1563.06675],
  ])('%s', (signature, args, shown) => {
    expect(outcome(() => text(call(runtime, timeSpanType, signature, ...args)))).toBe(shown);
  });
});
