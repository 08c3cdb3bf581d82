/**
 * System.Decimal: a 96 bit integer and up to 28 decimals. Results keep their scale (`1.10m * 2` is `2.20`) while
 * equality ignores it. Negative zero is not kept: no text shows it.
 */
import { argumentOutOfRange, divideByZero } from '../../csharp/runtime/exception.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { wrongType } from './common-members.ts';
import { decimalType } from './decimal-type.ts';
import { formatDecimalNumber, plainDecimal } from './format-number.ts';
import { badNumber, type ParsedNumber, type ParseFailure, readNumber, STYLE, tooLarge } from './parse-number.ts';

const LARGEST = (1n << 96n) - 1n;
const MAX_SCALE = 28;
/** 10^0 to 10^58: the largest power that any operation needs. */
const POWERS: readonly bigint[] = Array.from({ length: 59 }, (_, at) => 10n ** BigInt(at));

export class NetDecimal implements NetObject {
  /** Signed; together with `scale` the value is coefficient / 10^scale. */
  readonly coefficient: bigint;
  readonly scale: number;

  constructor(coefficient: bigint, scale: number) {
    this.coefficient = coefficient;
    this.scale = scale;
  }

  get netType(): TypeDeclaration {
    return decimalType;
  }
  netToString(): string {
    return plainDecimal(this.coefficient, this.scale);
  }
  netEquals(other: unknown): boolean {
    return other instanceof NetDecimal && compareDecimals(this, other) === 0;
  }
  netHashCode(): number {
    const { coefficient, scale } = withoutTrailingZeros(this, 0);
    return Number(BigInt.asIntN(32, coefficient ^ (coefficient >> 32n) ^ (coefficient >> 64n) ^ BigInt(scale << 16)));
  }
  netCompareTo(other: unknown): number {
    if (!(other instanceof NetDecimal)) throw wrongType('Decimal');
    return compareDecimals(this, other);
  }
  netFormat(format: string | null): string {
    return formatDecimalNumber(this.coefficient, this.scale, format);
  }
}

export const power = (exponent: number): bigint => POWERS[exponent] ?? 10n ** BigInt(exponent);

/** The decimal nearest to coefficient / 10^scale, a tie going to the even digit. Throws OverflowException past 96 bits. */
export function fitDecimal(coefficient: bigint, scale: number): NetDecimal {
  for (let drop = Math.max(0, scale - MAX_SCALE); drop <= scale; drop += 1) {
    const rounded = drop === 0 ? coefficient : divideEven(coefficient, power(drop));
    if (magnitude(rounded) <= LARGEST) return new NetDecimal(rounded, scale - drop);
  }
  throw tooLarge('a Decimal');
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function divideEven(value: bigint, divisor: bigint): bigint {
  const size = magnitude(value);
  const quotient = size / divisor;
  const twice = (size % divisor) * 2n;
  const rounded = twice > divisor || (twice === divisor && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
  return value < 0n ? -rounded : rounded;
}

/** A decimal literal's text without its suffix: digits, an optional point, an optional exponent. */
export function decimalFromText(text: string): NetDecimal {
  const value = parseDecimal(text.replaceAll('_', ''), STYLE.leadingSign | STYLE.decimalPoint | STYLE.exponent);
  if (value === 'format') throw badNumber(text);
  if (value === 'overflow') throw tooLarge('a Decimal');
  return value;
}

/** Reads a decimal of the given NumberStyles. */
export function parseDecimal(text: string, style: number): NetDecimal | ParseFailure {
  const number = readNumber(text, style);
  return number ? fromParsed(number) : 'format';
}

function fromParsed({ digits, scale, negative }: ParsedNumber): NetDecimal | ParseFailure {
  const decimals = digits.length - scale;
  if (digits === '') return new NetDecimal(0n, Math.min(Math.max(decimals, 0), MAX_SCALE));
  if (scale > 29) return 'overflow';
  if (scale < -MAX_SCALE - 1) return new NetDecimal(0n, MAX_SCALE);
  const size = decimals < 0 ? BigInt(digits) * power(-decimals) : bigIntOf(digits, decimals);
  const kept = Math.min(Math.max(decimals, 0), MAX_SCALE * 2);
  try {
    return fitDecimal(negative ? -size : size, kept);
  } catch {
    return 'overflow';
  }
}

/** Digits past what can matter become one sticky digit, so that a long text costs no more than a short one. */
function bigIntOf(digits: string, decimals: number): bigint {
  const surplus = decimals - MAX_SCALE * 2;
  if (surplus <= 0) return BigInt(digits);
  const kept = digits.slice(0, -surplus) || '0';
  const sticky = /[^0]/.test(digits.slice(-surplus));
  return sticky ? BigInt(kept) | 1n : BigInt(kept);
}

export function decimalFromInteger(value: number | bigint): NetDecimal {
  return new NetDecimal(BigInt(value), 0);
}

/** From a double (15 significant digits) or float (7), as .NET converts: trailing zeros dropped. Throws OverflowException. */
export function decimalFromFloating(value: number, single: boolean): NetDecimal {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 96) throw tooLarge('a Decimal');
  if (value === 0) return new NetDecimal(0n, 0);
  const [mantissa = '', exponent = '0'] = Math.abs(value)
    .toExponential(single ? 6 : 14)
    .split('e');
  const digits = mantissa.replace('.', '');
  const parsed = fromParsed({ digits, scale: Number(exponent) + 1, negative: value < 0 });
  if (typeof parsed === 'string') throw tooLarge('a Decimal');
  return withoutTrailingZeros(parsed, 0);
}

function withoutTrailingZeros(value: NetDecimal, least: number): NetDecimal {
  let { coefficient, scale } = value;
  while (scale > least && coefficient % 10n === 0n) {
    coefficient /= 10n;
    scale -= 1;
  }
  return scale === value.scale ? value : new NetDecimal(coefficient, scale);
}

/** As .NET: both halves of the integer as doubles, divided by the power of ten. */
export function decimalToDouble(value: Pick<NetDecimal, 'coefficient' | 'scale'>): number {
  const size = magnitude(value.coefficient);
  const whole = Number(size & 0xffffffffffffffffn) + Number(size >> 64n) * 2 ** 64;
  const result = whole / Number(power(value.scale));
  return value.coefficient < 0n ? -result : result;
}

/** Towards zero. */
export function truncateDecimal(value: NetDecimal): bigint {
  return value.coefficient / power(value.scale);
}

export function addDecimals(a: NetDecimal, b: NetDecimal): NetDecimal {
  const scale = Math.max(a.scale, b.scale);
  return fitDecimal(a.coefficient * power(scale - a.scale) + b.coefficient * power(scale - b.scale), scale);
}

export function negateDecimal(value: NetDecimal): NetDecimal {
  return new NetDecimal(-value.coefficient, value.scale);
}

export function subtractDecimals(a: NetDecimal, b: NetDecimal): NetDecimal {
  return addDecimals(a, negateDecimal(b));
}

export function multiplyDecimals(a: NetDecimal, b: NetDecimal): NetDecimal {
  return fitDecimal(a.coefficient * b.coefficient, a.scale + b.scale);
}

/** As many digits as fit; zeros that the division itself added are dropped again. Throws DivideByZeroException. */
export function divideDecimals(a: NetDecimal, b: NetDecimal): NetDecimal {
  if (b.coefficient === 0n) throw divideByZero();
  const divisor = magnitude(b.coefficient);
  const least = a.scale - b.scale;
  let scale = Math.max(0, least);
  let [quotient, rest] = quotientOf(magnitude(a.coefficient) * power(scale - least), divisor);
  while (rest !== 0n && scale < MAX_SCALE) {
    const [digit, next] = quotientOf(rest * 10n, divisor);
    const longer = quotient * 10n + digit;
    if (longer > LARGEST) break;
    [quotient, rest] = [longer, next];
    scale += 1;
  }
  const twice = rest * 2n;
  if (twice > divisor || (twice === divisor && (quotient & 1n) === 1n)) quotient += 1n;
  const negative = a.coefficient < 0n !== b.coefficient < 0n;
  return withoutTrailingZeros(fitDecimal(negative ? -quotient : quotient, scale), Math.max(0, least));
}

function quotientOf(value: bigint, divisor: bigint): [bigint, bigint] {
  return [value / divisor, value % divisor];
}

/** The remainder has the sign of the dividend. Throws DivideByZeroException. */
export function remainderDecimals(a: NetDecimal, b: NetDecimal): NetDecimal {
  if (b.coefficient === 0n) throw divideByZero();
  const scale = Math.max(a.scale, b.scale);
  const left = a.coefficient * power(scale - a.scale);
  const right = b.coefficient * power(scale - b.scale);
  return magnitude(left) < magnitude(right) ? a : fitDecimal(left % right, scale);
}

export function compareDecimals(a: NetDecimal, b: NetDecimal): number {
  const scale = Math.max(a.scale, b.scale);
  const left = a.coefficient * power(scale - a.scale);
  const right = b.coefficient * power(scale - b.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Rounds to so many decimals (0 to 28) by a MidpointRounding. */
export function roundDecimal(value: NetDecimal, decimals: number, mode: number): NetDecimal {
  if (decimals < 0 || decimals > MAX_SCALE)
    throw argumentOutOfRange('decimals', 'Decimal can only round to between 0 and 28 digits of precision.');
  if (value.scale <= decimals) return value;
  return new NetDecimal(roundQuotient(value.coefficient, power(value.scale - decimals), mode), decimals);
}

/** Divides and rounds by a MidpointRounding: to even, away from zero, to zero, down, up. */
export function roundQuotient(value: bigint, divisor: bigint, mode: number): bigint {
  if (mode === 0) return divideEven(value, divisor);
  const size = magnitude(value);
  const rest = size % divisor;
  const negative = value < 0n;
  const up = mode === 1 ? rest * 2n >= divisor : rest !== 0n && ((mode === 3 && negative) || (mode === 4 && !negative));
  const rounded = size / divisor + (up ? 1n : 0n);
  return negative ? -rounded : rounded;
}
