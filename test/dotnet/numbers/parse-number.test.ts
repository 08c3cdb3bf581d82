import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFloating } from '../../../src/dotnet/numbers/format-number.ts';
import { BYTE, INT32, INT64, integerFromText, SBYTE, UINT32 } from '../../../src/dotnet/numbers/kinds.ts';
import { checkStyle, FLOAT_STYLE, NUMBER_STYLE, parseFloating, readNumber } from '../../../src/dotnet/numbers/parse-number.ts';
import { outcome } from '../declared.ts';

describe('integers', () => {
  it.each([
    [INT32, ' 42 ', 7, 42],
    [INT32, '+3', 7, 3],
    [INT32, '-0', 7, 0],
    [INT32, '42\0', 7, 42],
    [INT32, 'ff', 515, 255],
    [INT32, 'FFFFFFFF', 515, -1],
    [INT32, '1,000', 64 | 7, 1000],
    [INT32, '(5)', 511, -5],
    [INT32, '1.00', 39, 1],
    [INT32, '1e3', 128 | 7, 1000],
    [INT64, '-9223372036854775808', 7, -9223372036854775808n],
    [INT32, 'abc', 7, "FormatException: The input string 'abc' was not in a correct format."],
    [INT32, '', 7, "FormatException: The input string '' was not in a correct format."],
    [INT32, '1.5', 7, "FormatException: The input string '1.5' was not in a correct format."],
    [INT32, '- 5', 7, "FormatException: The input string '- 5' was not in a correct format."],
    [INT32, '0x1F', 515, "FormatException: The input string '0x1F' was not in a correct format."],
    [INT32, '1.5', 39, 'OverflowException: Value was either too large or too small for an Int32.'],
    [INT32, '2147483648', 7, 'OverflowException: Value was either too large or too small for an Int32.'],
    [BYTE, '-5', 7, 'OverflowException: Value was either too large or too small for an unsigned byte.'],
    [SBYTE, '128', 7, 'OverflowException: Value was either too large or too small for a signed byte.'],
    [UINT32, '99999999999999999999', 7, 'OverflowException: Value was either too large or too small for a UInt32.'],
  ])('$0.name reads $1 in style $2', (kind, text, style, value) => {
    expect(outcome(() => integerFromText(kind, text, style))).toBe(value);
  });

  it('reads back what it prints', () => {
    fc.assert(fc.property(fc.bigInt({ min: INT64.min, max: INT64.max }), (value) => integerFromText(INT64, String(value)) === value));
  });

  it('takes linear time for long digits', () => {
    expect(outcome(() => integerFromText(INT32, '9'.repeat(1_000_000)))).toMatch(/^OverflowException/);
  });
});

describe('floating point', () => {
  it.each([
    ['1,234.5', 1234.5],
    ['.5', 0.5],
    ['5.', 5],
    ['-0', -0],
    ['1e3', 1000],
    ['1e', undefined],
    ['1.7976931348623157E+309', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['nan', Number.NaN],
    ['∞', undefined],
    ['0x1F', undefined],
    ['1_0', undefined],
    ['1e999999999999', Number.POSITIVE_INFINITY],
  ])('%s is %d', (text, value) => {
    expect(parseFloating(text, FLOAT_STYLE, false)).toBe(value);
  });

  it('rounds to float once, not by way of double', () => {
    expect(parseFloating('1.00000005960464477539062500000000000001', FLOAT_STYLE, true)).toBe(1 + 2 ** -23);
    expect(parseFloating('1.000000059604644775390625', FLOAT_STYLE, true)).toBe(1);
  });

  it('reads every double back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
        Object.is(parseFloating(formatFloating(value, false), FLOAT_STYLE, false), value),
      ),
    );
  });
});

describe('readNumber', () => {
  it('keeps trailing zeros and the place of the point', () => {
    expect(readNumber('0012.50', NUMBER_STYLE)).toEqual({ digits: '1250', scale: 2, negative: false });
    expect(readNumber('0.0050', NUMBER_STYLE)).toEqual({ digits: '50', scale: -2, negative: false });
    expect(readNumber('-¤1,000.5', 511)).toEqual({ digits: '10005', scale: 4, negative: true });
    expect(readNumber('5-', 511)).toEqual({ digits: '5', scale: 1, negative: true });
  });
});

describe('checkStyle', () => {
  it.each([
    [4096, true, "ArgumentException: An undefined NumberStyles value is being used. (Parameter 'style')"],
    [
      512,
      false,
      "ArgumentException: The number style AllowHexSpecifier is not supported on floating point data types. (Parameter 'style')",
    ],
    [515, true, undefined],
  ])('%d', (style, integer, message) => {
    expect(outcome(() => checkStyle(style, integer))).toBe(message);
  });
});
