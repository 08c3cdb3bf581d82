/** System.Math. */
import { type Ref, TupleValue } from '../../csharp/runtime/values.ts';
import { constant, declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { compareDecimals, type NetDecimal, negateDecimal, roundDecimal } from './decimal.ts';
import { clampDecimal } from './decimal-type.ts';
import * as float from './float-math.ts';
import { sinCos } from './floating-types.ts';
import * as integer from './integer-math.ts';
import { INT32, INT64, INTEGER_KINDS, type IntegerKind, UINT64 } from './kinds.ts';

type D = NetDecimal;
type Integer = integer.Integer;

/** Functions of double alone. */
const DOUBLES: MemberTable = {
  'static double Abs(double value)': Math.abs,
  'static double Acos(double d)': Math.acos,
  'static double Acosh(double d)': Math.acosh,
  'static double Asin(double d)': Math.asin,
  'static double Asinh(double d)': Math.asinh,
  'static double Atan(double d)': Math.atan,
  'static double Atan2(double y, double x)': Math.atan2,
  'static double Atanh(double d)': Math.atanh,
  'static double BitDecrement(double x)': (x: number) => float.neighbour(x, false, false),
  'static double BitIncrement(double x)': (x: number) => float.neighbour(x, true, false),
  'static double Cbrt(double d)': Math.cbrt,
  'static double Ceiling(double a)': Math.ceil,
  'static double Clamp(double value, double min, double max)': float.clamp,
  'static double CopySign(double x, double y)': float.copySign,
  'static double Cos(double d)': Math.cos,
  'static double Cosh(double value)': Math.cosh,
  'static double Exp(double d)': Math.exp,
  'static double Floor(double d)': Math.floor,
  'static double FusedMultiplyAdd(double x, double y, double z)': float.fusedMultiplyAdd,
  'static double IEEERemainder(double x, double y)': float.ieeeRemainder,
  'static int ILogB(double x)': float.exponentOf,
  'static double Log(double d)': Math.log,
  'static double Log(double a, double newBase)': float.logBase,
  'static double Log10(double d)': Math.log10,
  'static double Log2(double x)': Math.log2,
  'static double Max(double val1, double val2)': float.larger,
  'static double MaxMagnitude(double x, double y)': (x: number, y: number) => float.byMagnitude(x, y, true),
  'static double Min(double val1, double val2)': float.smaller,
  'static double MinMagnitude(double x, double y)': (x: number, y: number) => float.byMagnitude(x, y, false),
  'static double Pow(double x, double y)': float.power,
  'static double ReciprocalEstimate(double d)': (d: number) => 1 / d,
  'static double ReciprocalSqrtEstimate(double d)': (d: number) => 1 / Math.sqrt(d),
  'static double Round(double a)': float.roundEven,
  'static double Round(double value, int digits)': (value: number, digits: number) => float.roundDigits(value, digits, 0),
  'static double Round(double value, int digits, MidpointRounding mode)': (value: number, digits: number, mode: number) =>
    float.roundDigits(value, digits, mode),
  'static double Round(double value, MidpointRounding mode)': float.roundWhole,
  'static double ScaleB(double x, int n)': float.scaleBinary,
  'static int Sign(double value)': float.signOf,
  'static double Sin(double a)': Math.sin,
  'static ValueTuple<double, double> SinCos(double x)': sinCos(false, (x) => [Math.sin(x), Math.cos(x)]),
  'static double Sinh(double value)': Math.sinh,
  'static double Sqrt(double d)': Math.sqrt,
  'static double Tan(double a)': Math.tan,
  'static double Tanh(double value)': Math.tanh,
  'static double Truncate(double d)': Math.trunc,
};

const SINGLES: MemberTable = {
  'static float Abs(float value)': Math.abs,
  'static float Clamp(float value, float min, float max)': float.clamp,
  'static float Max(float val1, float val2)': float.larger,
  'static float Min(float val1, float val2)': float.smaller,
  'static int Sign(float value)': float.signOf,
};

const DECIMALS: MemberTable = {
  'static decimal Abs(decimal value)': (value: D) => (value.coefficient < 0n ? negateDecimal(value) : value),
  'static decimal Ceiling(decimal d)': (d: D) => roundDecimal(d, 0, 4),
  'static decimal Clamp(decimal value, decimal min, decimal max)': clampDecimal,
  'static decimal Floor(decimal d)': (d: D) => roundDecimal(d, 0, 3),
  'static decimal Max(decimal val1, decimal val2)': (a: D, b: D) => (compareDecimals(a, b) >= 0 ? a : b),
  'static decimal Min(decimal val1, decimal val2)': (a: D, b: D) => (compareDecimals(a, b) < 0 ? a : b),
  'static decimal Round(decimal d)': (d: D) => roundDecimal(d, 0, 0),
  'static decimal Round(decimal d, int decimals)': (d: D, decimals: number) => roundDecimal(d, decimals, 0),
  'static decimal Round(decimal d, MidpointRounding mode)': (d: D, mode: number) => roundDecimal(d, 0, mode),
  'static decimal Round(decimal d, int decimals, MidpointRounding mode)': roundDecimal,
  'static int Sign(decimal value)': (value: D) => (value.coefficient > 0n ? 1 : value.coefficient < 0n ? -1 : 0),
  'static decimal Truncate(decimal d)': (d: D) => roundDecimal(d, 0, 2),
};

function integers(kind: IntegerKind): MemberTable {
  const K = kind.keyword;
  const signed: MemberTable = {
    [`static ${K} Abs(${K} value)`]: (value: Integer) => integer.absolute(kind, value),
    [`static int Sign(${K} value)`]: (value: Integer) => (value > 0 ? 1 : value < 0 ? -1 : 0),
  };
  return {
    ...(kind.min < 0n ? signed : {}),
    [`static ${K} Clamp(${K} value, ${K} min, ${K} max)`]: integer.clamp,
    [`static ${K} Max(${K} val1, ${K} val2)`]: integer.larger,
    [`static ${K} Min(${K} val1, ${K} val2)`]: integer.smaller,
    [`static ValueTuple<${K}, ${K}> DivRem(${K} left, ${K} right)`]: special((runtime, _types, left: Integer, right: Integer) => {
      const type = runtime.types.type(`System.${kind.name}`);
      return new TupleValue(runtime.types.tuple([type, type]), integer.divideWithRemainder(kind, left, right));
    }),
  };
}

function divRem(kind: IntegerKind) {
  return (a: Integer, b: Integer, result: Ref): Integer => {
    const [quotient, remainder] = integer.divideWithRemainder(kind, a, b);
    result.value = remainder;
    return quotient;
  };
}

/** The high half of a 128 bit product; the low half goes to `low`. */
function bigProduct(kind: IntegerKind) {
  return (a: bigint, b: bigint, low: Ref): bigint => {
    const product = a * b;
    low.value = kind === UINT64 ? BigInt.asUintN(64, product) : BigInt.asIntN(64, product);
    return product >> 64n;
  };
}

export const mathType: TypeDeclaration = declareType('static class System.Math', 'all', {
  'const double E': constant(Math.E),
  'const double PI': constant(Math.PI),
  'const double Tau': constant(2 * Math.PI),
  ...DOUBLES,
  ...SINGLES,
  ...DECIMALS,
  ...Object.assign({}, ...INTEGER_KINDS.map(integers)),
  'static long BigMul(int a, int b)': (a: number, b: number) => BigInt(a) * BigInt(b),
  'static long BigMul(long a, long b, out long low)': bigProduct(INT64),
  'static ulong BigMul(ulong a, ulong b, out ulong low)': bigProduct(UINT64),
  'static int DivRem(int a, int b, out int result)': divRem(INT32),
  'static long DivRem(long a, long b, out long result)': divRem(INT64),
});
