import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Boxed } from '../../../src/csharp/runtime/values.ts';
import { bitConverterType } from '../../../src/dotnet/numbers/bit-converter-type.ts';
import { fromBase64, toBase64 } from '../../../src/dotnet/numbers/convert-bytes.ts';
import { convertType } from '../../../src/dotnet/numbers/convert-type.ts';
import { decimalFromText } from '../../../src/dotnet/numbers/decimal.ts';
import { guidToBytes, parseGuid } from '../../../src/dotnet/numbers/guid.ts';
import { guidType } from '../../../src/dotnet/numbers/guid-type.ts';
import { mathType } from '../../../src/dotnet/numbers/math-type.ts';
import { randomType } from '../../../src/dotnet/numbers/random-type.ts';
import { call, createRuntime, outcome } from '../declared.ts';

const runtime = createRuntime();

describe('Convert', () => {
  it.each<[string, unknown[], unknown]>([
    ['static int ToInt32(double value)', [2.5], 2],
    ['static int ToInt32(double value)', [3.5], 4],
    ['static int ToInt32(double value)', [3e9], 'OverflowException: Value was either too large or too small for an Int32.'],
    ['static long ToInt64(double value)', [1e19], 'OverflowException: Arithmetic operation resulted in an overflow.'],
    ['static byte ToByte(double value)', [300], 'OverflowException: Value was either too large or too small for an unsigned byte.'],
    ['static int ToInt32(string value)', [null], 0],
    ['static int ToInt32(string value)', ['x'], "FormatException: The input string 'x' was not in a correct format."],
    ['static int ToInt32(object value)', [null], 0],
    ['static char ToChar(int value)', [-1], 'OverflowException: Value was either too large or too small for a character.'],
    ['static bool ToBoolean(char value)', [97], "InvalidCastException: Invalid cast from 'Char' to 'Boolean'."],
    ['static string ToString(int value, int toBase)', [-1, 16], 'ffffffff'],
    ['static string ToString(int value, int toBase)', [10, 3], 'ArgumentException: Invalid Base.'],
    ['static int ToInt32(string value, int fromBase)', ['ffffffff', 16], -1],
    ['static int ToInt32(string value, int fromBase)', ['0x1F', 16], 31],
    [
      'static int ToInt32(string value, int fromBase)',
      ['12', 2],
      'FormatException: Additional non-parsable characters are at the end of the string.',
    ],
    [
      'static byte ToByte(string value, int fromBase)',
      ['1ff', 16],
      'OverflowException: Value was either too large or too small for an unsigned byte.',
    ],
    ['static string ToHexString(byte[] inArray)', [Uint8Array.of(10, 255)], '0AFF'],
    ['static string ToString(object value)', [decimalFromText('1.0')], '1.0'],
    ['static TypeCode GetTypeCode(object value)', ['x'], 18],
  ])('%s %o', (signature, args, result) => {
    expect(outcome(() => call(runtime, convertType, signature, ...args))).toBe(result);
  });

  it('changes an object to a type', () => {
    const boxed = call(runtime, convertType, 'static object ChangeType(object value, TypeCode typeCode)', '42', 9);
    expect(boxed).toEqual(new Boxed(runtime.types.type('System.Int32'), 42));
  });

  it('writes and reads Base64 as everybody does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect([...fromBase64(toBase64(bytes, true))]).toEqual([...bytes]);
      }),
    );
  });

  it.each(['aGVsbG8', 'a===', '====', 'aGV=bG8=', 'aG€='])('refuses the Base64 %s', (text) => {
    expect(outcome(() => fromBase64(text))).toMatch(/^FormatException: The input is not a valid Base-64 string/);
  });
});

describe('BitConverter', () => {
  it('is little-endian', () => {
    expect([...(call(runtime, bitConverterType, 'static byte[] GetBytes(int value)', 258) as Uint8Array)]).toEqual([2, 1, 0, 0]);
    expect(call(runtime, bitConverterType, 'static ushort ToUInt16(byte[] value, int startIndex)', Uint8Array.of(9, 1, 2), 1)).toBe(513);
    expect(call(runtime, bitConverterType, 'static long DoubleToInt64Bits(double value)', 1)).toBe(4607182418800017408n);
    expect(call(runtime, bitConverterType, 'static string ToString(byte[] value)', Uint8Array.of(1, 171, 255))).toBe('01-AB-FF');
  });
});

describe('Random', () => {
  it.each<[number, string, unknown[], number]>([
    [42, 'int Next()', [], 1434747710],
    [42, 'int Next(int maxValue)', [100], 66],
    [42, 'int Next(int minValue, int maxValue)', [5, 10], 8],
    [7, 'double NextDouble()', [], 0.38322046929189024],
  ])('seed %d, %s', (seed, signature, args, result) => {
    const random = call(runtime, randomType, 'Random(int Seed)', seed);
    expect(call(runtime, randomType, signature, random, ...args)).toBe(result);
  });

  it('takes chance from the host without a seed', () => {
    const random = call(runtime, randomType, 'Random()');
    expect(call(runtime, randomType, 'int Next(int maxValue)', random, 100)).toBe(25);
  });
});

describe('Guid', () => {
  const guid = 'd3b07384-d9a0-4c2b-9a1e-0a1b2c3d4e5f';

  it.each([
    ['N', 'd3b07384d9a04c2b9a1e0a1b2c3d4e5f'],
    ['B', `{${guid}}`],
    ['p', `(${guid})`],
    ['X', '{0xd3b07384,0xd9a0,0x4c2b,{0x9a,0x1e,0x0a,0x1b,0x2c,0x3d,0x4e,0x5f}}'],
    [null, guid],
  ])('in format %s', (format, text) => {
    expect(parseGuid(guid.toUpperCase())?.netFormat(format)).toBe(text);
    expect(parseGuid(` ${text} `)?.netToString()).toBe(guid);
  });

  it('orders its bytes as Windows does', () => {
    expect(Buffer.from(guidToBytes(parseGuid(guid) as never)).toString('base64')).toBe('hHOw06DZK0yaHgobLD1OXw==');
  });

  it.each(['', 'nope', guid.slice(5)])('refuses %s', (text) => {
    expect(outcome(() => call(runtime, guidType, 'static Guid Parse(string input)', text))).toBe(
      'FormatException: Unrecognized Guid format.',
    );
  });

  it('comes from the host', () => {
    expect(String((call(runtime, guidType, 'static Guid NewGuid()') as { netToString(): string }).netToString())).toBe(guid);
  });
});

describe('Math', () => {
  it.each<[string, number[], unknown]>([
    ['static double Round(double a)', [2.5], 2],
    ['static double Round(double a)', [-0.4], -0],
    ['static double Round(double value, int digits)', [2.345, 2], 2.35],
    ['static double Round(double value, int digits, MidpointRounding mode)', [2.675, 2, 1], 2.68],
    [
      'static double Round(double value, int digits)',
      [1.5, 16],
      "ArgumentOutOfRangeException: Rounding digits must be between 0 and 15, inclusive. (Parameter 'digits')",
    ],
    ['static double IEEERemainder(double x, double y)', [4, 2.5], -1],
    ['static double IEEERemainder(double x, double y)', [3, 2], -1],
    ['static double Log(double a, double newBase)', [8, 2], 3],
    ['static int Sign(double value)', [Number.NaN], 'ArithmeticException: Function does not accept floating point Not-a-Number values.'],
    ['static int Abs(int value)', [-2147483648], 'OverflowException: Negating the minimum value of a twos complement number is invalid.'],
    ['static int Clamp(int value, int min, int max)', [5, 4, 3], "ArgumentException: '4' cannot be greater than 3."],
    ['static double BitIncrement(double x)', [1], 1 + Number.EPSILON],
    [
      'static double FusedMultiplyAdd(double x, double y, double z)',
      [1 + Number.EPSILON, 1 + Number.EPSILON, -1],
      2 * Number.EPSILON + Number.EPSILON ** 2,
    ],
    ['static double ScaleB(double x, int n)', [1.5, 3], 12],
    ['static int ILogB(double x)', [9], 3],
  ])('%s of %j', (signature, args, result) => {
    expect(outcome(() => call(runtime, mathType, signature, ...args))).toBe(result);
  });
});
