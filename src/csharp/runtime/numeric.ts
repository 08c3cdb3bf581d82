/** Arithmetic that JavaScript's operators do not give: division, 64 bit shifts, and everything in a checked context. */
import { divideByZero, overflow } from './exception.ts';
import type { PrimitiveKind } from './type-facts.ts';

const INT_MIN = -2147483648;
const LONG_MIN = -(2n ** 63n);

/** int / int: towards zero; int.MinValue / -1 overflows even when unchecked. */
export function divideInt(a: number, b: number): number {
  if (b === 0) throw divideByZero();
  if (b === -1 && a === INT_MIN) throw overflow();
  return (a / b) | 0;
}

export function remainderInt(a: number, b: number): number {
  if (b === 0) throw divideByZero();
  if (b === -1 && a === INT_MIN) throw overflow();
  return (a % b) | 0;
}

export function divideUint(a: number, b: number): number {
  if (b === 0) throw divideByZero();
  return (a / b) >>> 0;
}

export function remainderUint(a: number, b: number): number {
  if (b === 0) throw divideByZero();
  return (a % b) >>> 0;
}

/** long and ulong. */
export function divideLong(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divideByZero();
  if (b === -1n && a === LONG_MIN) throw overflow();
  return a / b;
}

export function remainderLong(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divideByZero();
  if (b === -1n && a === LONG_MIN) throw overflow();
  return a % b;
}

/** Shift counts of 64 bit operands use their low six bits. */
export function shiftLeftLong(a: bigint, count: number): bigint {
  return BigInt.asIntN(64, a << BigInt(count & 63));
}
export function shiftLeftUlong(a: bigint, count: number): bigint {
  return BigInt.asUintN(64, a << BigInt(count & 63));
}
export function shiftRightLong(a: bigint, count: number): bigint {
  return a >> BigInt(count & 63);
}

interface Range {
  readonly min: bigint;
  readonly max: bigint;
}

const bits = (count: bigint): Range => ({ min: 0n, max: 2n ** count - 1n });
const signed = (count: bigint): Range => ({ min: -(2n ** (count - 1n)), max: 2n ** (count - 1n) - 1n });

/** The integral kinds and what they hold. */
const RANGES: Readonly<Partial<Record<PrimitiveKind, Range>>> = {
  sbyte: signed(8n),
  byte: bits(8n),
  char: bits(16n),
  short: signed(16n),
  ushort: bits(16n),
  int: signed(32n),
  uint: bits(32n),
  long: signed(64n),
  ulong: bits(64n),
};

export function isBigKind(kind: PrimitiveKind): boolean {
  return kind === 'long' || kind === 'ulong';
}

export function isIntegral(kind: PrimitiveKind): boolean {
  return RANGES[kind] !== undefined;
}

/** Whether every value of `from` is a value of `to` in the same representation. */
export function fitsAlways(from: PrimitiveKind, to: PrimitiveKind): boolean {
  const inner = RANGES[from];
  const outer = RANGES[to];
  if (!inner || !outer || isBigKind(from) !== isBigKind(to)) return false;
  return inner.min >= outer.min && inner.max <= outer.max;
}

/** Checks an exact result of a checked operation on numbers up to 32 bits. */
export function checkedNumber(value: number, kind: PrimitiveKind): number {
  const range = RANGES[kind];
  if (range && (value < Number(range.min) || value > Number(range.max))) throw overflow();
  return value + 0;
}

/** Checks an exact result of a checked operation on long or ulong. */
export function checkedBig(value: bigint, kind: PrimitiveKind): bigint {
  const range = RANGES[kind];
  if (range && (value < range.min || value > range.max)) throw overflow();
  return value;
}

/** Checked multiplication of 32 bit numbers, exact beyond 2^53. */
export function multiplyChecked(a: number, b: number, kind: PrimitiveKind): number {
  return Number(checkedBig(BigInt(a) * BigInt(b), kind));
}

/** float or double to an integral kind: truncates; out of range gives what the x64 instruction gives, or OverflowException when checked. */
export function fromFloating(value: number, kind: PrimitiveKind, checked: boolean): number | bigint {
  const whole = Math.trunc(value);
  if (checked) return fromFloatingChecked(whole, kind);
  if (isBigKind(kind)) return floatingToBig(whole, kind);
  if (kind === 'uint') return Number(BigInt.asUintN(32, floatingToBig(whole, 'long')));
  const asInt = whole >= INT_MIN && whole <= 2147483647 ? whole | 0 : INT_MIN;
  return narrow(asInt, kind);
}

function fromFloatingChecked(whole: number, kind: PrimitiveKind): number | bigint {
  if (!Number.isFinite(whole)) throw overflow();
  const exact = checkedBig(BigInt(whole), kind);
  return isBigKind(kind) ? exact : Number(exact);
}

function floatingToBig(whole: number, kind: PrimitiveKind): bigint {
  if (!Number.isFinite(whole)) return kind === 'long' ? LONG_MIN : 2n ** 63n;
  const exact = BigInt(whole);
  if (kind === 'long') return exact === BigInt.asIntN(64, exact) ? exact : LONG_MIN;
  return exact >= LONG_MIN && exact < 2n ** 64n ? BigInt.asUintN(64, exact) : 2n ** 63n;
}

/** A 32 bit or smaller number cut down to a smaller integral kind. */
export function narrow(value: number, kind: PrimitiveKind): number {
  switch (kind) {
    case 'sbyte':
      return (value << 24) >> 24;
    case 'byte':
      return value & 255;
    case 'short':
      return (value << 16) >> 16;
    case 'ushort':
    case 'char':
      return value & 65535;
    case 'uint':
      return value >>> 0;
    default:
      return value | 0;
  }
}

/** long or ulong to a smaller integral kind. */
export function narrowBig(value: bigint, kind: PrimitiveKind, checked: boolean): number {
  return checked ? Number(checkedBig(value, kind)) : narrow(Number(BigInt.asIntN(32, value)), kind);
}

/** bool? & bool? */
export function andThree(a: boolean | null, b: boolean | null): boolean | null {
  if (a === false || b === false) return false;
  return a === null || b === null ? null : true;
}

/** bool? | bool? */
export function orThree(a: boolean | null, b: boolean | null): boolean | null {
  if (a === true || b === true) return true;
  return a === null || b === null ? null : false;
}
