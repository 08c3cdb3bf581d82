/** Arithmetic helpers on integers of a kind, worked in BigInt and given back in the kind's representation. */
import { argument, divideByZero, overflow } from '../../csharp/runtime/exception.ts';
import { type IntegerKind, represent } from './kinds.ts';

export type Integer = number | bigint;

/** `Negating the minimum value of a twos complement number is invalid.` */
export function absolute(kind: IntegerKind, value: Integer): Integer {
  if (BigInt(value) === kind.min) throw overflow('Negating the minimum value of a twos complement number is invalid.');
  return value < 0 ? -value : value;
}

export function larger(a: Integer, b: Integer): Integer {
  return a >= b ? a : b;
}

export function smaller(a: Integer, b: Integer): Integer {
  return a <= b ? a : b;
}

/** `'5' cannot be greater than 3.` */
export function clamp(value: Integer, min: Integer, max: Integer): Integer {
  if (min > max) throw argument(`'${min}' cannot be greater than ${max}.`);
  return value < min ? min : value > max ? max : value;
}

/** Quotient and remainder; throws DivideByZeroException and, for the least value by -1, OverflowException. */
export function divideWithRemainder(kind: IntegerKind, a: Integer, b: Integer): [Integer, Integer] {
  if (BigInt(b) === 0n) throw divideByZero();
  const quotient = BigInt(a) / BigInt(b);
  if (quotient > kind.max) throw overflow();
  return [represent(kind, quotient), represent(kind, BigInt(a) % BigInt(b))];
}

function bitsOf(kind: IntegerKind, value: Integer): string {
  return BigInt.asUintN(kind.bits, BigInt(value)).toString(2).padStart(kind.bits, '0');
}

function small(kind: IntegerKind, count: number): Integer {
  return kind.wide ? BigInt(count) : count;
}

export function populationCount(kind: IntegerKind, value: Integer): Integer {
  return small(kind, bitsOf(kind, value).replaceAll('0', '').length);
}

export function leadingZeros(kind: IntegerKind, value: Integer): Integer {
  const first = bitsOf(kind, value).indexOf('1');
  return small(kind, first < 0 ? kind.bits : first);
}

export function trailingZeros(kind: IntegerKind, value: Integer): Integer {
  const last = bitsOf(kind, value).lastIndexOf('1');
  return small(kind, last < 0 ? kind.bits : kind.bits - 1 - last);
}

/** `Non-negative number required.` for negative ones; 0 for 0. */
export function log2(kind: IntegerKind, value: Integer): Integer {
  if (value < 0) throw argument('Non-negative number required.', 'value');
  return small(kind, value > 0 ? BigInt(value).toString(2).length - 1 : 0);
}

export function rotate(kind: IntegerKind, value: Integer, left: number): Integer {
  const bits = bitsOf(kind, value);
  const by = ((left % kind.bits) + kind.bits) % kind.bits;
  const rotated = BigInt(`0b${bits.slice(by)}${bits.slice(0, by)}`);
  return represent(kind, kind.min < 0n ? BigInt.asIntN(kind.bits, rotated) : rotated);
}

/** `value` with the sign of `sign`. */
export function copySign(kind: IntegerKind, value: Integer, sign: Integer): Integer {
  const size = BigInt(value) < 0n ? -BigInt(value) : BigInt(value);
  if (sign < 0) return represent(kind, -size);
  if (size > kind.max) throw overflow('Negating the minimum value of a twos complement number is invalid.');
  return represent(kind, size);
}

/** The one farther from (or nearer to) zero; of two equally far ones the positive (negative) one. */
export function byMagnitude(a: Integer, b: Integer, wantLarger: boolean): Integer {
  const [sizeA, sizeB] = [a < 0 ? -BigInt(a) : BigInt(a), b < 0 ? -BigInt(b) : BigInt(b)];
  if (sizeA === sizeB) return wantLarger ? larger(a, b) : smaller(a, b);
  return sizeA > sizeB === wantLarger ? a : b;
}
