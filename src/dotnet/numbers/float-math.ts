/** Floating-point functions of System.Math, Double and Single that JavaScript lacks or words differently. */
import { argument, argumentOutOfRange, NetException } from '../../csharp/runtime/exception.ts';
import { binaryParts } from './double-digits.ts';

/** 10^0 to 10^15, as .NET multiplies before rounding. */
const POWERS: readonly number[] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/** Rounds to a whole number by a MidpointRounding. */
export function roundWhole(value: number, mode: number): number {
  switch (mode) {
    case 0:
      return roundEven(value);
    case 1: {
      const whole = Math.trunc(value);
      return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
    }
    case 2:
      return Math.trunc(value);
    case 3:
      return Math.floor(value);
    case 4:
      return Math.ceil(value);
    default:
      throw argument(`The value '${mode}' is not valid for this usage of the type MidpointRounding.`, 'mode');
  }
}

/** A tie goes to the even number; the sign of zero stays. */
export function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  const result = rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : Number.isFinite(value) ? floor + 1 : value;
  return result === 0 && (value < 0 || Object.is(value, -0)) ? -0 : result;
}

/** Rounds to so many digits: scales, rounds and scales back, as .NET does, with the errors that brings. `single` is float's version. */
export function roundDigits(value: number, digits: number, mode: number, single = false): number {
  const most = single ? 6 : 15;
  if (digits < 0 || digits > most) throw argumentOutOfRange('digits', `Rounding digits must be between 0 and ${most}, inclusive.`);
  if (!(Math.abs(value) < (single ? 1e8 : 1e16))) return value;
  const power = POWERS[digits] ?? 1;
  const narrow = single ? Math.fround : (x: number) => x;
  return narrow(roundWhole(narrow(value * power), mode) / power);
}

/** Sign as an int; throws ArithmeticException for NaN. */
export function signOf(value: number): number {
  if (Number.isNaN(value))
    throw new NetException('System.ArithmeticException', 'Function does not accept floating point Not-a-Number values.');
  return value > 0 ? 1 : value < 0 ? -1 : 0;
}

/** The remainder towards the nearest multiple, a tie going to the even one. */
export function ieeeRemainder(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y) || !Number.isFinite(x) || y === 0) return Number.NaN;
  if (!Number.isFinite(y)) return x;
  const rest = x % y;
  if (rest === 0) return x < 0 || Object.is(x, -0) ? -0 : 0;
  const other = rest - Math.abs(y) * Math.sign(x);
  if (Math.abs(other) !== Math.abs(rest)) return Math.abs(other) < Math.abs(rest) ? other : rest;
  const quotient = x / y;
  return Math.abs(roundEven(quotient)) > Math.abs(quotient) ? other : rest;
}

/** Log with a base, with .NET's special cases. */
export function logBase(value: number, base: number): number {
  if (Number.isNaN(value)) return value;
  if (Number.isNaN(base)) return base;
  if (base === 1 || (value !== 1 && (base === 0 || base === Number.POSITIVE_INFINITY))) return Number.NaN;
  return Math.log(value) / Math.log(base);
}

/** C's pow, which has 1 and -1 where JavaScript has NaN. */
export function power(x: number, y: number): number {
  if (x === 1 || (x === -1 && !Number.isFinite(y) && !Number.isNaN(y))) return 1;
  return x ** y;
}

/** The next double (or float) above or below. */
export function neighbour(value: number, up: boolean, single: boolean): number {
  if (Number.isNaN(value) || value === (up ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY)) return value;
  const view = new DataView(new ArrayBuffer(8));
  const least = single ? 2 ** -149 : Number.MIN_VALUE;
  if (value === 0) return up ? least : -least;
  const away = value > 0 === up ? 1 : -1;
  if (single) {
    view.setFloat32(0, value);
    view.setInt32(0, view.getInt32(0) + away);
    return view.getFloat32(0);
  }
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(away));
  return view.getFloat64(0);
}

export function isNegative(value: number): boolean {
  if (Number.isNaN(value)) return nanIsNegative(value);
  return value < 0 || Object.is(value, -0);
}

/** .NET's NaN has its sign bit set; the sign of JavaScript's cannot be seen, so NaN is taken for .NET's constant. */
function nanIsNegative(_value: number): boolean {
  return true;
}

export function copySign(value: number, sign: number): number {
  return isNegative(sign) ? -Math.abs(value) : Math.abs(value);
}

/** The unbiased exponent of two. */
export function exponentOf(value: number): number {
  if (value === 0) return -2147483648;
  if (!Number.isFinite(value)) return 2147483647;
  const { mantissa, exponent } = binaryParts(value);
  return mantissa.toString(2).length - 1 + exponent;
}

/** x × 2^n, in steps that neither overflow nor lose digits early. */
export function scaleBinary(value: number, exponent: number): number {
  let result = value;
  let left = Math.max(-2200, Math.min(2200, exponent));
  for (; left > 1000; left -= 1000) result *= 2 ** 1000;
  for (; left < -900; left += 900) result *= 2 ** -900;
  return result * 2 ** left;
}

/** x × y + z with one rounding. */
export function fusedMultiplyAdd(x: number, y: number, z: number): number {
  if (!Number.isFinite(x) || !Number.isFinite(y) || !Number.isFinite(z) || x * y === 0) return x * y + z;
  const [a, b, c] = [signedParts(x), signedParts(y), signedParts(z)];
  const exponent = Math.min(a.exponent + b.exponent, c.exponent);
  const sum = ((a.mantissa * b.mantissa) << BigInt(a.exponent + b.exponent - exponent)) + (c.mantissa << BigInt(c.exponent - exponent));
  return sum === 0n ? x * y + z : fromBinary(sum, exponent);
}

function signedParts(value: number): { mantissa: bigint; exponent: number } {
  const { mantissa, exponent } = binaryParts(value);
  return { mantissa: value < 0 ? -mantissa : mantissa, exponent };
}

/** Nearest double to mantissa × 2^exponent: as decimal text, which JavaScript reads with one rounding. */
function fromBinary(mantissa: bigint, exponent: number): number {
  if (exponent >= 0) return Number(mantissa << BigInt(exponent));
  return Number(`${mantissa * 5n ** BigInt(-exponent)}e${exponent}`);
}

/** Max and Min as IEEE 754 has them: NaN wins. */
export function larger(x: number, y: number): number {
  return Math.max(x, y);
}
export function smaller(x: number, y: number): number {
  return Math.min(x, y);
}

/** The one with the larger (smaller) magnitude; NaN wins, or loses when `skipNaN`. */
export function byMagnitude(x: number, y: number, wantLarger: boolean, skipNaN = false): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return skipNaN ? (Number.isNaN(x) ? y : x) : Number.NaN;
  const [sizeX, sizeY] = [Math.abs(x), Math.abs(y)];
  if (sizeX === sizeY) return wantLarger ? Math.max(x, y) : Math.min(x, y);
  return sizeX > sizeY === wantLarger ? x : y;
}

/** `'5' cannot be greater than 3.` */
export function clamp(value: number, min: number, max: number): number {
  if (min > max) throw argument(`'${min}' cannot be greater than ${max}.`);
  if (value < min) return min;
  if (value > max) return max;
  return value;
}

/** Trigonometry of a multiple of pi: exact at the quarter turns. */
export function sinPi(x: number): number {
  const turn = x % 2;
  if (Number.isInteger(turn)) return copySign(0, x);
  if (Math.abs(turn) === 0.5 || Math.abs(turn) === 1.5) return Math.sign(turn) * (Math.abs(turn) === 0.5 ? 1 : -1);
  return Math.sin(turn * Math.PI);
}
export function cosPi(x: number): number {
  const turn = Math.abs(x % 2);
  if (turn === 0.5 || turn === 1.5) return 0;
  return Number.isInteger(turn) ? (turn === 0 ? 1 : -1) : Math.cos(turn * Math.PI);
}

/** The n-th root, of negative numbers too when n is odd. */
export function rootN(x: number, n: number): number {
  if (n === 2) return Math.sqrt(x);
  if (n === 3) return Math.cbrt(x);
  if (n === 0) return Number.NaN;
  return x < 0 && n % 2 !== 0 ? -((-x) ** (1 / n)) : x ** (1 / n);
}
