/** The little decimal arithmetic that constant expressions need; division is left to the run time. */
import type { BuiltInOperator } from './bound.ts';

export interface DecimalParts {
  readonly digits: bigint;
  /** Digits behind the point. */
  readonly scale: number;
}

const LARGEST_SCALE = 28;
const LARGEST = 2n ** 96n - 1n;

/** Reads `-1.20` or `1e3`; at most 28 places are kept. */
export function decimalFromText(text: string): DecimalParts {
  const [mantissa = '0', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(`${whole}${fraction}`.replace(/^\+/, '') || '0');
  if (scale < 0) return { digits: digits * 10n ** BigInt(Math.min(-scale, LARGEST_SCALE + 1)), scale: 0 };
  if (scale <= LARGEST_SCALE) return { digits, scale };
  return { digits: digits / 10n ** BigInt(Math.min(scale - LARGEST_SCALE, 1000)), scale: LARGEST_SCALE };
}

export function decimalText(value: DecimalParts): string {
  const negative = value.digits < 0n;
  const text = (negative ? -value.digits : value.digits).toString().padStart(value.scale + 1, '0');
  const point = text.length - value.scale;
  const shown = value.scale === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}`;
  return negative ? `-${shown}` : shown;
}

function aligned(left: DecimalParts, right: DecimalParts): readonly [bigint, bigint, number] {
  const scale = Math.max(left.scale, right.scale);
  return [left.digits * 10n ** BigInt(scale - left.scale), right.digits * 10n ** BigInt(scale - right.scale), scale];
}

export function compareDecimals(left: DecimalParts, right: DecimalParts): number {
  const [a, b] = aligned(left, right);
  return a < b ? -1 : Number(a > b);
}

/** The exact result, or undefined when it needs rounding or is no sum, difference or product. */
export function decimalOperation(operator: BuiltInOperator, left: DecimalParts, right: DecimalParts): DecimalParts | undefined {
  const [a, b, scale] = aligned(left, right);
  if (operator === '+') return bounded({ digits: a + b, scale });
  if (operator === '-') return bounded({ digits: a - b, scale });
  if (operator === '*') return bounded({ digits: left.digits * right.digits, scale: left.scale + right.scale });
  return undefined;
}

function bounded(value: DecimalParts): DecimalParts | undefined {
  const size = value.digits < 0n ? -value.digits : value.digits;
  return size > LARGEST || value.scale > LARGEST_SCALE ? undefined : value;
}
