/** System.Double and System.Single. */
import { TupleValue } from '../../csharp/runtime/values.ts';
import { constant, declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { comparisonMembers, formatMembers, numericInterfaces, parseMembers } from './common-members.ts';
import { createMembers, type Source } from './create-members.ts';
import { decimalToDouble } from './decimal.ts';
import * as math from './float-math.ts';
import { formatFloating } from './format-number.ts';
import { badNumber, checkStyle, FLOAT_STYLE, parseFloating } from './parse-number.ts';

interface FloatingKind {
  readonly name: 'Double' | 'Single';
  readonly keyword: 'double' | 'float';
  readonly typeCode: number;
  readonly max: number;
  readonly least: number;
  /** Least normal magnitude. */
  readonly normal: number;
}

const KINDS: readonly FloatingKind[] = [
  { name: 'Double', keyword: 'double', typeCode: 14, max: Number.MAX_VALUE, least: Number.MIN_VALUE, normal: 2 ** -1022 },
  { name: 'Single', keyword: 'float', typeCode: 13, max: 3.4028234663852886e38, least: 2 ** -149, normal: 2 ** -126 },
];

type Unary = (x: number) => number;

/** Functions of one number under their .NET names. */
const UNARY: Readonly<Record<string, Unary>> = {
  'Abs(K value)': Math.abs,
  'Acos(K x)': Math.acos,
  'AcosPi(K x)': (x) => Math.acos(x) / Math.PI,
  'Acosh(K x)': Math.acosh,
  'Asin(K x)': Math.asin,
  'AsinPi(K x)': (x) => Math.asin(x) / Math.PI,
  'Asinh(K x)': Math.asinh,
  'Atan(K x)': Math.atan,
  'AtanPi(K x)': (x) => Math.atan(x) / Math.PI,
  'Atanh(K x)': Math.atanh,
  'Cbrt(K x)': Math.cbrt,
  'Ceiling(K x)': Math.ceil,
  'Cos(K x)': Math.cos,
  'CosPi(K x)': math.cosPi,
  'Cosh(K x)': Math.cosh,
  'DegreesToRadians(K degrees)': (x) => (x * Math.PI) / 180,
  'Exp(K x)': Math.exp,
  'Exp10(K x)': (x) => 10 ** x,
  'Exp10M1(K x)': (x) => 10 ** x - 1,
  'Exp2(K x)': (x) => 2 ** x,
  'Exp2M1(K x)': (x) => 2 ** x - 1,
  'ExpM1(K x)': Math.expm1,
  'Floor(K x)': Math.floor,
  'Log(K x)': Math.log,
  'Log10(K x)': Math.log10,
  'Log10P1(K x)': (x) => Math.log10(x + 1),
  'Log2(K value)': Math.log2,
  'Log2P1(K x)': (x) => Math.log2(x + 1),
  'LogP1(K x)': Math.log1p,
  'RadiansToDegrees(K radians)': (x) => (x * 180) / Math.PI,
  'ReciprocalEstimate(K x)': (x) => 1 / x,
  'ReciprocalSqrtEstimate(K x)': (x) => 1 / Math.sqrt(x),
  'Round(K x)': math.roundEven,
  'Sin(K x)': Math.sin,
  'SinPi(K x)': math.sinPi,
  'Sinh(K x)': Math.sinh,
  'Sqrt(K x)': Math.sqrt,
  'Tan(K x)': Math.tan,
  'TanPi(K x)': (x) => math.sinPi(x) / math.cosPi(x),
  'Tanh(K x)': Math.tanh,
  'Truncate(K x)': Math.trunc,
};

/** Functions of several numbers. */
const SEVERAL: Readonly<Record<string, (...numbers: number[]) => number>> = {
  'Atan2(K y, K x)': (y = 0, x = 0) => Math.atan2(y, x),
  'Atan2Pi(K y, K x)': (y = 0, x = 0) => Math.atan2(y, x) / Math.PI,
  'Clamp(K value, K min, K max)': (value = 0, min = 0, max = 0) => math.clamp(value, min, max),
  'CopySign(K value, K sign)': (value = 0, sign = 0) => math.copySign(value, sign),
  'FusedMultiplyAdd(K left, K right, K addend)': (x = 0, y = 0, z = 0) => math.fusedMultiplyAdd(x, y, z),
  'Hypot(K x, K y)': (x = 0, y = 0) => Math.hypot(x, y),
  'Ieee754Remainder(K left, K right)': (x = 0, y = 0) => math.ieeeRemainder(x, y),
  'Lerp(K value1, K value2, K amount)': (a = 0, b = 0, amount = 0) => a * (1 - amount) + b * amount,
  'Log(K x, K newBase)': (x = 0, base = 0) => math.logBase(x, base),
  'Max(K x, K y)': (x = 0, y = 0) => math.larger(x, y),
  'MaxMagnitude(K x, K y)': (x = 0, y = 0) => math.byMagnitude(x, y, true),
  'MaxMagnitudeNumber(K x, K y)': (x = 0, y = 0) => math.byMagnitude(x, y, true, true),
  'MaxNumber(K x, K y)': (x = 0, y = 0) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : math.larger(x, y)),
  'Min(K x, K y)': (x = 0, y = 0) => math.smaller(x, y),
  'MinMagnitude(K x, K y)': (x = 0, y = 0) => math.byMagnitude(x, y, false),
  'MinMagnitudeNumber(K x, K y)': (x = 0, y = 0) => math.byMagnitude(x, y, false, true),
  'MinNumber(K x, K y)': (x = 0, y = 0) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : math.smaller(x, y)),
  'Pow(K x, K y)': (x = 0, y = 0) => math.power(x, y),
  'RootN(K x, int n)': (x = 0, n = 0) => math.rootN(x, n),
  'Round(K x, MidpointRounding mode)': (x = 0, mode = 0) => math.roundWhole(x, mode),
  'ScaleB(K x, int n)': (x = 0, n = 0) => math.scaleBinary(x, n),
};

const isInteger = (x: number): boolean => Number.isInteger(x);

/** Questions about one number; `IsNaN(double d)` calls its parameter after the type's first letter. */
function questions({ normal }: FloatingKind): Readonly<Record<string, (x: number) => boolean>> {
  return {
    'IsEvenInteger(K value)': (x) => isInteger(x) && x % 2 === 0,
    'IsFinite(K D)': Number.isFinite,
    'IsInfinity(K D)': (x) => Math.abs(x) === Number.POSITIVE_INFINITY,
    'IsInteger(K value)': isInteger,
    'IsNaN(K D)': Number.isNaN,
    'IsNegative(K D)': math.isNegative,
    'IsNegativeInfinity(K D)': (x) => x === Number.NEGATIVE_INFINITY,
    'IsNormal(K D)': (x) => Number.isFinite(x) && Math.abs(x) >= normal,
    'IsOddInteger(K value)': (x) => isInteger(x) && Math.abs(x % 2) === 1,
    'IsPositive(K value)': (x) => !math.isNegative(x),
    'IsPositiveInfinity(K D)': (x) => x === Number.POSITIVE_INFINITY,
    'IsPow2(K value)': (x) => x > 0 && Number.isFinite(x) && math.scaleBinary(1, math.exponentOf(x)) === x,
    'IsRealNumber(K value)': (x) => !Number.isNaN(x),
    'IsSubnormal(K D)': (x) => x !== 0 && Math.abs(x) < normal,
  };
}

function constants({ max, least }: FloatingKind, narrow: Unary): Readonly<Record<string, number>> {
  return {
    E: narrow(Math.E),
    Epsilon: least,
    MaxValue: max,
    MinValue: -max,
    NaN: Number.NaN,
    NegativeInfinity: Number.NEGATIVE_INFINITY,
    NegativeZero: -0,
    Pi: narrow(Math.PI),
    PositiveInfinity: Number.POSITIVE_INFINITY,
    Tau: narrow(2 * Math.PI),
  };
}

function floatingType(kind: FloatingKind): TypeDeclaration {
  const single = kind.name === 'Single';
  const narrow: Unary = single ? Math.fround : (x) => x;
  const members: Record<string, MemberTable[string]> = {
    ...comparisonMembers(kind.keyword, kind.name, kind.typeCode),
    ...formatMembers((self: number, format?: string | null) => formatFloating(self, single, format)),
    ...floatingParsing(kind, single),
    ...createMembers(creation(kind, narrow)),
    ...mathMembers(single, narrow),
  };
  for (const [name, value] of Object.entries(constants(kind, narrow))) members[`const K ${name}`] = constant(value);
  for (const [name, test] of Object.entries(questions(kind))) members[`static bool ${name}`] = test;
  return declareType(`struct System.${kind.name} : ${numericInterfaces(kind.keyword)}`, 'all', named(kind, members), {
    keyword: kind.keyword,
  });
}

function named(kind: FloatingKind, members: MemberTable): MemberTable {
  const own = (signature: string) => signature.replace(/\bK\b/g, kind.keyword).replace(/\bD\b/, kind.keyword.charAt(0));
  return Object.fromEntries(Object.entries(members).map(([signature, member]) => [own(signature), member]));
}

function floatingParsing(kind: FloatingKind, single: boolean): MemberTable {
  return parseMembers({
    keyword: kind.keyword,
    standardStyle: FLOAT_STYLE,
    parse: (text, style) => {
      const value = parseFloating(text, style, single);
      if (value === undefined) throw badNumber(text);
      return value;
    },
    tryParse: (text, style) => parseFloating(text, style, single),
    zero: () => 0,
    checkStyle: (style) => checkStyle(style, false),
  });
}

function creation(kind: FloatingKind, narrow: Unary) {
  const convert = (value: Source): number => narrow(typeof value === 'object' ? decimalToDouble(value) : Number(value));
  return { keyword: kind.keyword, checked: convert, saturating: convert, truncating: convert };
}

function mathMembers(single: boolean, narrow: Unary): MemberTable {
  const members: Record<string, MemberTable[string]> = {
    'static K BitDecrement(K x)': (x: number) => math.neighbour(x, false, single),
    'static K BitIncrement(K x)': (x: number) => math.neighbour(x, true, single),
    'static int ILogB(K x)': math.exponentOf,
    'static int Sign(K value)': math.signOf,
    'static K Round(K x, int digits)': (x: number, digits: number) => math.roundDigits(x, digits, 0, single),
    'static K Round(K x, int digits, MidpointRounding mode)': (x: number, digits: number, mode: number) =>
      math.roundDigits(x, digits, mode, single),
    'static ValueTuple<K, K> SinCos(K x)': sinCos(single, (x) => [narrow(Math.sin(x)), narrow(Math.cos(x))]),
    'static ValueTuple<K, K> SinCosPi(K x)': sinCos(single, (x) => [narrow(math.sinPi(x)), narrow(math.cosPi(x))]),
  };
  for (const [name, call] of Object.entries(UNARY)) members[`static K ${name}`] = (x: number) => narrow(call(x));
  for (const [name, call] of Object.entries(SEVERAL)) members[`static K ${name}`] = (...all: number[]) => narrow(call(...all));
  return members;
}

/** Sine and cosine as a pair. */
export function sinCos(single: boolean, both: (x: number) => [number, number]): MemberTable[string] {
  return special((runtime, _types, x: number) => {
    const type = runtime.types.type(single ? 'System.Single' : 'System.Double');
    return new TupleValue(runtime.types.tuple([type, type]), both(x));
  });
}

export const floatingTypes: readonly TypeDeclaration[] = KINDS.map(floatingType);
