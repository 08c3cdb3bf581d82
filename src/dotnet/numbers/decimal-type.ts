/** The declaration of System.Decimal. */
import { argument, argumentOutOfRange, overflow } from '../../csharp/runtime/exception.ts';
import { makeArray } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { formatMembers, numericInterfaces, parseMembers, wrongType } from './common-members.ts';
import { createMembers, type Source } from './create-members.ts';
import * as arithmetic from './decimal.ts';
import { NetDecimal } from './decimal.ts';
import { CHAR, checkedInteger, INTEGER_KINDS, type IntegerKind } from './kinds.ts';
import { badNumber, checkStyle, NUMBER_STYLE, tooLarge } from './parse-number.ts';

type D = NetDecimal;
const LARGEST = (1n << 96n) - 1n;
const CURRENCY_SCALE = 4;

const fromNumber = (value: number | bigint): D => arithmetic.decimalFromInteger(value);
const fromSingle = (value: number): D => arithmetic.decimalFromFloating(value, true);
const fromDouble = (value: number): D => arithmetic.decimalFromFloating(value, false);
const toSingle = (value: D): number => Math.fround(arithmetic.decimalToDouble(value));
const toDouble = (value: D): number => arithmetic.decimalToDouble(value);
const compare = (a: D, b: D): number => arithmetic.compareDecimals(a, b);
const add = (a: D, b: D): D => arithmetic.addDecimals(a, b);
const subtract = (a: D, b: D): D => arithmetic.subtractDecimals(a, b);
const multiply = (a: D, b: D): D => arithmetic.multiplyDecimals(a, b);
const divide = (a: D, b: D): D => arithmetic.divideDecimals(a, b);
const remainder = (a: D, b: D): D => arithmetic.remainderDecimals(a, b);
const negate = (value: D): D => arithmetic.negateDecimal(value);
const wholeOf = (value: D, mode: number): D => arithmetic.roundDecimal(value, 0, mode);
const magnitude = (value: D): D => (value.coefficient < 0n ? negate(value) : value);
const isWhole = (value: D): boolean => value.coefficient % arithmetic.power(value.scale) === 0n;
const isOdd = (value: D): boolean => isWhole(value) && arithmetic.truncateDecimal(value) % 2n !== 0n;

/** An explicit conversion drops the decimals and throws OverflowException when out of range, checked or not. */
const toInteger =
  (kind: IntegerKind) =>
  (value: D): number | bigint =>
    checkedInteger(kind, arithmetic.truncateDecimal(value));

/** The sum, difference … operators and their named forms. */
const OPERATORS: MemberTable = {
  'static decimal operator +(decimal d1, decimal d2)': add,
  'static decimal operator -(decimal d1, decimal d2)': subtract,
  'static decimal operator *(decimal d1, decimal d2)': multiply,
  'static decimal operator /(decimal d1, decimal d2)': divide,
  'static decimal operator %(decimal d1, decimal d2)': remainder,
  'static decimal operator -(decimal d)': negate,
  'static decimal operator +(decimal d)': (d: D) => d,
  'static decimal operator ++(decimal d)': (d: D) => add(d, new NetDecimal(1n, 0)),
  'static decimal operator --(decimal d)': (d: D) => subtract(d, new NetDecimal(1n, 0)),
  'static bool operator ==(decimal d1, decimal d2)': (a: D, b: D) => compare(a, b) === 0,
  'static bool operator !=(decimal d1, decimal d2)': (a: D, b: D) => compare(a, b) !== 0,
  'static bool operator <(decimal d1, decimal d2)': (a: D, b: D) => compare(a, b) < 0,
  'static bool operator >(decimal d1, decimal d2)': (a: D, b: D) => compare(a, b) > 0,
  'static bool operator <=(decimal d1, decimal d2)': (a: D, b: D) => compare(a, b) <= 0,
  'static bool operator >=(decimal d1, decimal d2)': (a: D, b: D) => compare(a, b) >= 0,
  'static decimal Add(decimal d1, decimal d2)': add,
  'static decimal Subtract(decimal d1, decimal d2)': subtract,
  'static decimal Multiply(decimal d1, decimal d2)': multiply,
  'static decimal Divide(decimal d1, decimal d2)': divide,
  'static decimal Remainder(decimal d1, decimal d2)': remainder,
  'static decimal Negate(decimal d)': negate,
};

function conversions(): MemberTable {
  const members: Record<string, MemberTable[string]> = {
    'static explicit operator decimal(float value)': fromSingle,
    'static explicit operator decimal(double value)': fromDouble,
    'static explicit operator float(decimal value)': toSingle,
    'static explicit operator double(decimal value)': toDouble,
    'static float ToSingle(decimal d)': toSingle,
    'static double ToDouble(decimal d)': toDouble,
  };
  for (const kind of [...INTEGER_KINDS, CHAR]) {
    members[`static implicit operator decimal(${kind.keyword} value)`] = fromNumber;
    members[`static explicit operator ${kind.keyword}(decimal value)`] = toInteger(kind);
    if (kind === CHAR) continue;
    members[`static ${kind.keyword} To${kind.name}(decimal ${kind.bits < 32 ? 'value' : 'd'})`] = toInteger(kind);
  }
  return members;
}

const CONSTRUCTORS: MemberTable = {
  'Decimal()': () => new NetDecimal(0n, 0),
  'Decimal(int value)': fromNumber,
  'Decimal(uint value)': fromNumber,
  'Decimal(long value)': fromNumber,
  'Decimal(ulong value)': fromNumber,
  'Decimal(float value)': fromSingle,
  'Decimal(double value)': fromDouble,
  'Decimal(int[] bits)': fromBits,
  'Decimal(int lo, int mid, int hi, bool isNegative, byte scale)': fromParts,
};

function fromParts(lo: number, mid: number, hi: number, isNegative: boolean, scale: number): D {
  if (scale > 28) throw argumentOutOfRange('scale', "Decimal's scale value must be between 0 and 28, inclusive.");
  const size = (BigInt(hi >>> 0) << 64n) | (BigInt(mid >>> 0) << 32n) | BigInt(lo >>> 0);
  return new NetDecimal(isNegative ? -size : size, scale);
}

function fromBits(bits: readonly number[]): D {
  const [lo = 0, mid = 0, hi = 0, flags = 0] = bits;
  const scale = (flags >> 16) & 0xff;
  if (bits.length !== 4 || (flags & 0x7f00ffff) !== 0 || scale > 28)
    throw argument('Decimal constructor requires an array or span of four valid decimal bytes.');
  return fromParts(lo, mid, hi, flags < 0, scale);
}

function bitsOf(value: D): number[] {
  const size = value.coefficient < 0n ? -value.coefficient : value.coefficient;
  const part = (shift: bigint) => Number(BigInt.asIntN(32, size >> shift));
  return [part(0n), part(32n), part(64n), (value.scale << 16) | (value.coefficient < 0n ? 0x80000000 | 0 : 0)];
}

const ROUNDING: MemberTable = {
  'static decimal Round(decimal d)': (d: D) => wholeOf(d, 0),
  'static decimal Round(decimal d, int decimals)': (d: D, decimals: number) => arithmetic.roundDecimal(d, decimals, 0),
  'static decimal Round(decimal d, MidpointRounding mode)': wholeOf,
  'static decimal Round(decimal d, int decimals, MidpointRounding mode)': (d: D, decimals: number, mode: number) =>
    arithmetic.roundDecimal(d, decimals, mode),
  'static decimal Floor(decimal d)': (d: D) => wholeOf(d, 3),
  'static decimal Ceiling(decimal d)': (d: D) => wholeOf(d, 4),
  'static decimal Truncate(decimal d)': (d: D) => wholeOf(d, 2),
};

const COMPARISON: MemberTable = {
  'static int Compare(decimal d1, decimal d2)': compare,
  'int CompareTo(decimal value)': compare,
  'int CompareTo(object value)': (self: D, other: unknown) => {
    if (other === null) return 1;
    if (other instanceof NetDecimal) return compare(self, other);
    throw wrongType('Decimal');
  },
  'static bool Equals(decimal d1, decimal d2)': (a: D, b: D) => compare(a, b) === 0,
  'bool Equals(decimal value)': (a: D, b: D) => compare(a, b) === 0,
  'bool Equals(object value)': (self: D, other: unknown) => self.netEquals(other),
  'int GetHashCode()': (self: D) => self.netHashCode(),
  'TypeCode GetTypeCode()': () => 15,
};

const VALUES: MemberTable = {
  'static readonly decimal Zero': () => new NetDecimal(0n, 0),
  'static readonly decimal One': () => new NetDecimal(1n, 0),
  'static readonly decimal MinusOne': () => new NetDecimal(-1n, 0),
  'static readonly decimal MaxValue': () => new NetDecimal(LARGEST, 0),
  'static readonly decimal MinValue': () => new NetDecimal(-LARGEST, 0),
  'byte Scale { get; }': (self: D) => self.scale,
  'static int[] GetBits(decimal d)': special((runtime, _types, d: D) =>
    makeArray(runtime.types.array(runtime.types.type('System.Int32')), bitsOf(d)),
  ),
  'static decimal FromOACurrency(long cy)': (cy: bigint) => arithmetic.fitDecimal(cy, CURRENCY_SCALE),
  'static long ToOACurrency(decimal value)': (value: D) => {
    const units = arithmetic.roundQuotient(value.coefficient * 10_000n, arithmetic.power(value.scale), 0);
    if (BigInt.asIntN(64, units) !== units) throw tooLarge('a Currency');
    return units;
  },
};

/** Of two values equally far from zero .NET takes the positive one as larger. */
function byMagnitude(x: D, y: D, wantLarger: boolean): D {
  const order = compare(magnitude(x), magnitude(y)) || compare(x, y);
  return order >= 0 === wantLarger ? x : y;
}

const NUMBER_INTERFACE: MemberTable = {
  'static decimal Abs(decimal value)': magnitude,
  'static decimal Clamp(decimal value, decimal min, decimal max)': (value: D, min: D, max: D) => clampDecimal(value, min, max),
  'static decimal CopySign(decimal value, decimal sign)': (value: D, sign: D) =>
    value.coefficient < 0n === sign.coefficient < 0n ? value : negate(value),
  'static bool IsCanonical(decimal value)': (value: D) => value.scale === 0 || value.coefficient % 10n !== 0n,
  'static bool IsEvenInteger(decimal value)': (value: D) => isWhole(value) && !isOdd(value),
  'static bool IsInteger(decimal value)': isWhole,
  'static bool IsNegative(decimal value)': (value: D) => value.coefficient < 0n,
  'static bool IsOddInteger(decimal value)': isOdd,
  'static bool IsPositive(decimal value)': (value: D) => value.coefficient >= 0n,
  'static decimal Max(decimal x, decimal y)': (x: D, y: D) => (compare(x, y) >= 0 ? x : y),
  'static decimal Min(decimal x, decimal y)': (x: D, y: D) => (compare(x, y) < 0 ? x : y),
  'static decimal MaxMagnitude(decimal x, decimal y)': (x: D, y: D) => byMagnitude(x, y, true),
  'static decimal MinMagnitude(decimal x, decimal y)': (x: D, y: D) => byMagnitude(x, y, false),
  'static int Sign(decimal d)': (d: D) => (d.coefficient > 0n ? 1 : d.coefficient < 0n ? -1 : 0),
};

/** `'5' cannot be greater than 3.` */
export function clampDecimal(value: D, min: D, max: D): D {
  if (compare(min, max) > 0) throw argument(`'${min.netToString()}' cannot be greater than ${max.netToString()}.`);
  return compare(value, min) < 0 ? min : compare(value, max) > 0 ? max : value;
}

function created(value: Source, saturate: boolean): D {
  if (typeof value === 'object') return new NetDecimal(value.coefficient, value.scale);
  if (typeof value === 'bigint') return arithmetic.fitDecimal(value, 0);
  if (Number.isFinite(value) && Math.abs(value) < 2 ** 96) return fromDouble(value);
  if (!saturate) throw overflow('Value was either too large or too small for a Decimal.');
  return new NetDecimal(Number.isNaN(value) ? 0n : value > 0 ? LARGEST : -LARGEST, 0);
}

export const decimalType: TypeDeclaration = declareType(
  `struct System.Decimal : ${numericInterfaces('decimal')}`,
  'all',
  {
    ...CONSTRUCTORS,
    ...VALUES,
    ...OPERATORS,
    ...conversions(),
    ...ROUNDING,
    ...COMPARISON,
    ...NUMBER_INTERFACE,
    ...formatMembers((self: D, format?: string | null) => self.netFormat(format ?? null)),
    ...parseMembers({
      keyword: 'decimal',
      standardStyle: NUMBER_STYLE,
      parse: (text, style) => {
        const value = arithmetic.parseDecimal(text, style);
        if (value === 'format') throw badNumber(text);
        if (value === 'overflow') throw tooLarge('a Decimal');
        return value;
      },
      tryParse: (text, style) => {
        const value = arithmetic.parseDecimal(text, style);
        return typeof value === 'string' ? undefined : value;
      },
      zero: () => new NetDecimal(0n, 0),
      checkStyle: (style) => checkStyle(style, false),
    }),
    ...createMembers({
      keyword: 'decimal',
      checked: (value) => created(value, false),
      saturating: (value) => created(value, true),
      truncating: (value) => created(value, true),
    }),
  },
  { keyword: 'decimal' },
);
