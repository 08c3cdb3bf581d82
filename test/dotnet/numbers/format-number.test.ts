import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDecimalNumber, formatFloating, formatInteger } from '../../../src/dotnet/numbers/format-number.ts';
import { outcome } from '../declared.ts';

describe('integers', () => {
  it.each([
    [1234567, 'D', '1234567'],
    [1234567, 'd10', '0001234567'],
    [-42, 'D5', '-00042'],
    [255, 'X4', '00FF'],
    [255, 'x', 'ff'],
    [-1, 'X', 'FFFFFFFF'],
    [1234567, 'B', '100101101011010000111'],
    [1234567, 'N', '1,234,567.00'],
    [1234567, 'e3', '1.235e+006'],
    [-2147483648, 'C0', '(¤2,147,483,648)'],
    [1234567, 'P0', '123,456,700 %'],
    [123, 'G2', '1.2E+02'],
    [-2147483648, 'R', '-2147483648'],
    [1234567, '0,', '1235'],
    [1234567, '\\#0', '#1234567'],
    [-42, "'n='0", '-n=42'],
    [7, '+0;-0;zero', '+7'],
    [0, '+0;-0;zero', 'zero'],
    [0, '##', ''],
    [1234567, '0e0', '1e6'],
    [1234567, '#,##0.00', '1,234,567.00'],
    [1234567, '0‰', '1234567000‰'],
    [255, 'Q', 'FormatException: Format specifier was invalid.'],
  ])('%d as %s is %s', (value, format, text) => {
    expect(outcome(() => formatInteger(value, 32, format))).toBe(text);
  });

  it('prints 64 bit numbers whole', () => {
    expect(formatInteger(-1n, 64, 'X')).toBe('FFFFFFFFFFFFFFFF');
    expect(formatInteger(9223372036854775807n, 64, 'N0')).toBe('9,223,372,036,854,775,807');
  });

  it('refuses a precision that no memory holds', () => {
    expect(() => formatInteger(1, 32, 'D999999999')).toThrow('more than 1000000 digits of a number');
  });
});

describe('floating point', () => {
  it.each([
    [0.1 + 0.2, '', '0.30000000000000004'],
    [-0, '', '-0'],
    [1e16, '', '10000000000000000'],
    [123456789012345680, '', '1.2345678901234568E+17'],
    [1e-5, '', '1E-05'],
    [0.0001, '', '0.0001'],
    [2.5, 'E0', '2E+000'],
    [0.5, 'F0', '0'],
    [1.5, 'F0', '2'],
    [-0.001, 'F2', '-0.00'],
    [123456789.98765433, 'G17', '123456789.98765433'],
    [1.005, '0.00', '1.01'],
    [1.005, 'F2', '1.00'],
    [99.995, 'P3', '9,999.500 %'],
    [-1234.5678, '#.#;(#.#);nil', '(1234.6)'],
    [-0, '#', ''],
    [-0, '0.0', '-0.0'],
    [1e20, '0,0.0', '100,000,000,000,000,000,000.0'],
    [Number.NaN, 'N2', 'NaN'],
    [Number.NEGATIVE_INFINITY, '0', '-Infinity'],
    [1.5, 'D', 'FormatException: Format specifier was invalid.'],
  ])('%d as %s is %s', (value, format, text) => {
    expect(outcome(() => formatFloating(value, false, format))).toBe(text);
  });

  it.each([
    [0.1, '', '0.1'],
    [16777216, 'F2', '16777216.00'],
    [16777216, '0.##', '16777220'],
    [3.4028235e38, '', '3.4028235E+38'],
    [1e10, '', '1E+10'],
    [0.1, 'G9', '0.100000001'],
  ])('the float %d as %s is %s', (value, format, text) => {
    expect(formatFloating(Math.fround(value), true, format)).toBe(text);
  });

  it('writes every double so that it reads back', () => {
    fc.assert(fc.property(fc.double({ noNaN: true }), (value) => Object.is(Number(formatFloating(value, false)), value)));
  });

  it('writes every float so that it reads back', () => {
    fc.assert(fc.property(fc.float({ noNaN: true }), (value) => Object.is(Math.fround(Number(formatFloating(value, true))), value)));
  });

  it('gives all digits that are asked for', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        expect(Number(formatFloating(value, false, 'E40'))).toBe(value);
      }),
    );
  });
});

describe('decimals', () => {
  it.each([
    [110n, 2, '', '1.10'],
    [-12345678n, 4, 'C', '(¤1,234.57)'],
    [1005n, 3, 'F2', '1.01'],
    [25n, 1, 'F0', '3'],
    [-1n, 3, 'F2', '0.00'],
    [1005n, 3, 'G2', '1'],
    [1n, 6, '0', '0'],
    [0n, 0, '#,##0.00', '0.00'],
    [79228162514264337593543950335n, 0, 'N0', '79,228,162,514,264,337,593,543,950,335'],
  ])('%d over 10^%d as %s is %s', (coefficient, scale, format, text) => {
    expect(formatDecimalNumber(coefficient, scale, format)).toBe(text);
  });
});
