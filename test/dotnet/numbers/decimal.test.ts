import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as decimal from '../../../src/dotnet/numbers/decimal.ts';
import { decimalFromText, type NetDecimal } from '../../../src/dotnet/numbers/decimal.ts';
import { decimalType } from '../../../src/dotnet/numbers/decimal-type.ts';
import { call, createRuntime, outcome } from '../declared.ts';

const runtime = createRuntime();
const text = (value: unknown): unknown => (value instanceof decimal.NetDecimal ? value.netToString() : value);
const binary: Readonly<Record<string, (a: NetDecimal, b: NetDecimal) => NetDecimal>> = {
  '+': decimal.addDecimals,
  '-': decimal.subtractDecimals,
  '*': decimal.multiplyDecimals,
  '/': decimal.divideDecimals,
  '%': decimal.remainderDecimals,
};

describe('arithmetic', () => {
  it.each([
    ['1.10', '+', '1.20', '2.30'],
    ['1', '-', '0.10', '0.90'],
    ['1.10', '*', '2', '2.20'],
    ['1.10', '*', '1.10', '1.2100'],
    ['1', '/', '3', '0.3333333333333333333333333333'],
    ['2', '/', '3', '0.6666666666666666666666666667'],
    ['10', '/', '4', '2.5'],
    ['1.20', '/', '1', '1.20'],
    ['7', '%', '3', '1'],
    ['-7.5', '%', '2', '-1.5'],
    ['79228162514264337593543950335', '+', '0.4', '79228162514264337593543950335'],
    ['79228162514264337593543950335', '+', '1', 'OverflowException: Value was either too large or too small for a Decimal.'],
    ['1', '/', '0', 'DivideByZeroException: Attempted to divide by zero.'],
  ])('%s %s %s = %s', (a, operator, b, result) => {
    expect(outcome(() => text(binary[operator]?.(decimalFromText(a), decimalFromText(b))))).toBe(result);
  });

  it.each([
    ['2.5', 0, 0, '2'],
    ['2.5', 0, 1, '3'],
    ['-2.5', 0, 2, '-2'],
    ['-2.1', 0, 3, '-3'],
    ['2.1', 0, 4, '3'],
    ['2.345', 2, 0, '2.34'],
    ['1.2', 5, 0, '1.2'],
  ])('%s rounded to %d in mode %d is %s', (value, decimals, mode, result) => {
    expect(text(decimal.roundDecimal(decimalFromText(value), decimals, mode))).toBe(result);
  });

  it('refuses to round to 29 digits', () => {
    expect(outcome(() => decimal.roundDecimal(decimalFromText('1'), 29, 0))).toBe(
      "ArgumentOutOfRangeException: Decimal can only round to between 0 and 28 digits of precision. (Parameter 'decimals')",
    );
  });
});

describe('conversion', () => {
  it.each([
    [0.1, '0.1'],
    [1.5, '1.5'],
    [1e28, '10000000000000000000000000000'],
    [123456789.12345679, '123456789.123457'],
    [1e-29, '0'],
    [1e30, 'OverflowException: Value was either too large or too small for a Decimal.'],
    [Number.NaN, 'OverflowException: Value was either too large or too small for a Decimal.'],
  ])('from the double %d', (value, result) => {
    expect(outcome(() => text(decimal.decimalFromFloating(value, false)))).toBe(result);
  });

  it('to int drops the decimals and checks the range', () => {
    const toInt = 'static explicit operator int(decimal value)';
    expect(call(runtime, decimalType, toInt, decimalFromText('-2.9'))).toBe(-2);
    expect(outcome(() => call(runtime, decimalType, toInt, decimalFromText('3000000000')))).toBe(
      'OverflowException: Value was either too large or too small for an Int32.',
    );
  });

  it('has the bits that .NET has', () => {
    expect([...(call(runtime, decimalType, 'static int[] GetBits(decimal d)', decimalFromText('-1.5')) as number[])]).toEqual([
      15, 0, 0, -2147418112,
    ]);
    expect(text(call(runtime, decimalType, 'Decimal(int[] bits)', [15, 0, 0, -2147418112]))).toBe('-1.5');
  });
});

describe('laws', () => {
  const decimals = fc
    .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: 0, max: 10 }))
    .map(([coefficient, scale]) => new decimal.NetDecimal(coefficient, scale));

  it('text reads back with its zeros', () => {
    fc.assert(fc.property(decimals, (value) => decimalFromText(value.netToString()).netToString() === value.netToString()));
  });

  it('a sum can be taken apart', () => {
    fc.assert(fc.property(decimals, decimals, (a, b) => decimal.subtractDecimals(decimal.addDecimals(a, b), b).netEquals(a)));
  });

  it('equal values have equal hashes whatever their scale', () => {
    fc.assert(
      fc.property(decimals, (value) => {
        const padded = new decimal.NetDecimal(value.coefficient * 1000n, value.scale + 3);
        return value.netEquals(padded) && value.netHashCode() === padded.netHashCode();
      }),
    );
  });

  it('quotient times divisor plus remainder gives the dividend', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        fc.pre(b.coefficient !== 0n);
        const whole = decimal.roundDecimal(decimal.divideDecimals(a, b), 0, 2);
        const rest = decimal.remainderDecimals(a, b);
        return decimal.addDecimals(decimal.multiplyDecimals(whole, b), rest).netEquals(a);
      }),
    );
  });
});
