/** ToString of every numeric type: picks the digits, then a standard or custom format. */

import { formatCustom } from './custom-format.ts';
import { exactDigits, shortestDigits } from './double-digits.ts';
import { bufferOf, type NumberBuffer, roundHalfEven } from './number-buffer.ts';
import { formatStandard, type Specifier, specifierOf } from './standard-format.ts';

/** Formats an integer of `bits` bits (which `X` and `B` show as two's complement). */
export function formatInteger(value: number | bigint, bits: number, format?: string | null): string {
  if (!format) return String(value);
  const specifier = specifierOf(format);
  const big = BigInt(value);
  if (!specifier) return formatCustom(bufferOf(big), format);
  switch (specifier.letter.toUpperCase()) {
    case 'D':
      return padded(big, specifier.precision);
    case 'G':
    case 'R':
      return specifier.precision < 1 ? String(value) : formatStandard(bufferOf(big), specifier);
    case 'X': {
      const text = BigInt.asUintN(bits, big).toString(16).padStart(specifier.precision, '0');
      return specifier.letter === 'X' ? text.toUpperCase() : text;
    }
    case 'B':
      return BigInt.asUintN(bits, big).toString(2).padStart(specifier.precision, '0');
    default:
      return formatStandard(bufferOf(big), specifier);
  }
}

function padded(value: bigint, width: number): string {
  return value < 0n ? `-${(-value).toString().padStart(width, '0')}` : value.toString().padStart(width, '0');
}

/** Formats a decimal given as coefficient and number of decimals. */
export function formatDecimalNumber(coefficient: bigint, decimals: number, format?: string | null): string {
  const specifier = specifierOf(format);
  const buffer = coefficient === 0n ? { ...bufferOf(0n), digits: '' } : bufferOf(coefficient, decimals);
  if (!specifier) return formatCustom(buffer, format ?? '');
  const general = 'GR'.includes(specifier.letter.toUpperCase());
  if (!general || specifier.precision > 0) return formatStandard(buffer, specifier);
  if (specifier.precision < 0) return plainDecimal(coefficient, decimals);
  // G0 stands for as many digits as the decimal has, which drops the zeros at its end.
  return formatStandard(buffer, { ...specifier, precision: Math.max(1, digitsOf(coefficient).length) });
}

function digitsOf(coefficient: bigint): string {
  return (coefficient < 0n ? -coefficient : coefficient).toString();
}

/** Every digit, trailing zeros included: `1.10`. */
export function plainDecimal(coefficient: bigint, decimals: number): string {
  const negative = coefficient < 0n;
  const text = digitsOf(coefficient).padStart(decimals + 1, '0');
  const point = text.length - decimals;
  return (negative ? '-' : '') + (decimals > 0 ? `${text.slice(0, point)}.${text.slice(point)}` : text);
}

/** Formats a double, or a float when `single`: shortest text that reads back, or exact digits in the wanted precision. */
export function formatFloating(value: number, single: boolean, format?: string | null): string {
  if (!format && !single && isPlainlyWritten(value)) return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const specifier = specifierOf(format);
  if (!specifier) return formatCustom(roundHalfEven(exactDigits(value), single ? 7 : 15), format ?? '');
  const letter = specifier.letter.toUpperCase();
  if (letter === 'R' || (letter === 'G' && specifier.precision < 1)) return shortest(value, single, specifier.letter);
  return formatStandard(exactlyRounded(value, specifier), specifier);
}

/** JavaScript writes the same shortest digits, and neither uses an exponent, from 0.0001 to the first number of 16 digits. */
function isPlainlyWritten(value: number): boolean {
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e15;
}

/** The exponent form starts where the digits that a double (17) or float (9) can hold end. */
function shortest(value: number, single: boolean, letter: string): string {
  const buffer = shortestDigits(value, single);
  const precision = Math.max(buffer.digits.length, single ? 9 : 17);
  return formatStandard(buffer, { letter: letter === 'r' || letter === 'g' ? 'g' : 'G', precision });
}

function exactlyRounded(value: number, { letter, precision }: Specifier): NumberBuffer {
  const exact = exactDigits(value);
  switch (letter.toUpperCase()) {
    case 'E':
      return roundHalfEven(exact, (precision < 0 ? 6 : precision) + 1);
    case 'G':
      return roundHalfEven(exact, precision);
    case 'P':
      return roundHalfEven(exact, exact.scale + 2 + (precision < 0 ? 2 : precision));
    default:
      return roundHalfEven(exact, exact.scale + (precision < 0 ? 2 : precision));
  }
}
