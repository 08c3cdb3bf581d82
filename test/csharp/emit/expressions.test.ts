import { describe, expect, test } from 'vitest';
import { evaluate } from '../../support/expressions.ts';

/** Code and what it gives. */
type Cases = readonly (readonly [string, string])[];

function table(name: string, cases: Cases): void {
  describe(name, () => {
    test.each(cases)('%s', (code, outcome) => {
      expect(evaluate(code)).toBe(outcome);
    });
  });
}

const OVERFLOW = 'throws System.OverflowException: Arithmetic operation resulted in an overflow.';
const NULL = 'throws System.NullReferenceException: Object reference not set to an instance of an object.';
const BOUNDS = 'throws System.IndexOutOfRangeException: Index was outside the bounds of the array.';
const CAST = 'throws System.InvalidCastException: Specified cast is not valid.';

table('integers wrap, and overflow when checked', [
  ['var a = int.MaxValue; return a + 1;', 'System.Int32 -2147483648'],
  ['var a = int.MaxValue; return checked(a + 1);', OVERFLOW],
  ['var a = 123456789; return a * a;', 'System.Int32 -1757895751'],
  ['var a = 123456789; return checked(a * a);', OVERFLOW],
  ['var a = uint.MaxValue; return a + 2u;', 'System.UInt32 1'],
  ['var a = uint.MaxValue; return a * a;', 'System.UInt32 1'],
  ['var a = long.MaxValue; return a + 1;', 'System.Int64 -9223372036854775808'],
  ['var a = ulong.MaxValue; return a + 1;', 'System.UInt64 0'],
  ['var a = ulong.MaxValue; return checked(a + 1);', OVERFLOW],
  ['byte a = 250; a += 10; return a;', 'System.Byte 4'],
  ['sbyte a = 127; a++; return a;', 'System.SByte -128'],
  ['var a = int.MinValue; return -a;', 'System.Int32 -2147483648'],
  ['var a = int.MinValue; return checked(-a);', OVERFLOW],
  ['var a = int.MinValue; var b = -1; return a / b;', OVERFLOW],
  ['var a = 7; var b = 0; return a / b;', 'throws System.DivideByZeroException: Attempted to divide by zero.'],
  ['var a = -7; return a / 2 + "," + a % 2;', 'System.String -3,-1'],
  ['var a = 1; return a << 33;', 'System.Int32 2'],
  ['var a = 1L; return a << 65;', 'System.Int64 2'],
  ['var a = -8; return a >> 1;', 'System.Int32 -4'],
  ['var a = 5; return -a * 0;', 'System.Int32 0'],
]);

table('conversions between numbers', [
  ['var d = 300.7; return (byte)d;', 'System.Byte 44'],
  ['var d = 300.7; return checked((byte)d);', OVERFLOW],
  ['var d = double.NaN; return (int)d;', 'System.Int32 -2147483648'],
  ['var d = -1.5; return (int)d;', 'System.Int32 -1'],
  ['var l = 5000000000L; return (int)l;', 'System.Int32 705032704'],
  ['var l = 5000000000L; return checked((int)l);', OVERFLOW],
  ["var c = 'a'; return (char)(c + 1);", 'System.Char b'],
  ['var f = 0.1f; return (double)f;', 'System.Double 0.10000000149011612'],
  ['var i = 3; decimal m = i; return m / 2;', 'System.Decimal 1.5'],
  ['var m = 2.5m; return (int)m;', 'System.Int32 2'],
  ['var i = 5; return (DayOfWeek)i;', 'System.DayOfWeek Friday'],
  ['var d = DayOfWeek.Monday; return d + 1;', 'System.DayOfWeek Tuesday'],
  ['return 1e-10m;', 'System.Decimal 0.0000000001'],
  ['return 1.5e3m;', 'System.Decimal 1500'],
]);

table('null, bounds and casts', [
  ['string s = null; return s.Length;', NULL],
  ['string s = null; return s?.Length;', 'null'],
  ['string s = null; return s?.Length ?? -1;', 'System.Int32 -1'],
  ['int[] a = null; return a[0];', NULL],
  ['var a = new int[2]; return a[2];', BOUNDS],
  ['var a = new int[2]; a[-1 + 0] = 3; return a;', BOUNDS],
  ['object o = 5; return (int)o;', 'System.Int32 5'],
  ['object o = 5; return (long)o;', CAST],
  ['object o = null; return (int)o;', NULL],
  ['object o = null; return (int?)o;', 'null'],
  ['object o = "x"; return o as Exception;', 'null'],
  ['object o = 5; return o as int?;', 'System.Int32 5'],
  ['object o = DayOfWeek.Friday; return (int)o;', 'System.Int32 5'],
  ['int? n = null; return n.Value;', 'throws System.InvalidOperationException: Nullable object must have a value.'],
  [
    'object[] a = new string[1]; a[0] = 1; return a;',
    'throws System.ArrayTypeMismatchException: Attempted to access an element as a type incompatible with the array.',
  ],
  ['Func<int> f = null; return f();', NULL],
]);

table('lifted operators and three-valued logic', [
  ['int? a = 1; int? b = null; return a + b;', 'null'],
  ['int? a = 1; int? b = null; return a < b;', 'System.Boolean false'],
  ['int? a = null; int? b = null; return a == b;', 'System.Boolean true'],
  ['int? a = null; return a != 1;', 'System.Boolean true'],
  ['bool? a = null; return a & false;', 'System.Boolean false'],
  ['bool? a = null; return a & true;', 'null'],
  ['bool? a = null; return a | true;', 'System.Boolean true'],
  ['int? a = 5; a++; return a;', 'System.Int32 6'],
  ['DateTime? a = null; return a > DateTime.MinValue;', 'System.Boolean false'],
]);

table('evaluation order', [
  ['var s = ""; Func<int, int> f = i => { s += i; return i; }; var x = f(1) + f(2) * f(3); return s + "=" + x;', 'System.String 123=7'],
  ['var i = 1; i = i++ + i++; return i;', 'System.Int32 3'],
  ['var i = 1; return i + (i = 5) + i;', 'System.Int32 11'],
  [
    'var s = ""; int F(int i) { s += i; return i; } int G(int a, int b) { return a - b; } return G(b: F(1), a: F(2)) + ":" + s;',
    'System.String 1:12',
  ],
  [
    'string n = null; int F() { throw new InvalidOperationException("first"); } return n.Substring(F());',
    'throws System.InvalidOperationException: first',
  ],
  ['var a = new[] { 1, 2, 3 }; var i = 0; a[i++] += 10; return a[0] + "," + i;', 'System.String 11,1'],
  ['var (a, b) = (1, 2); (a, b) = (b, a); return a * 10 + b;', 'System.Int32 21'],
]);

table('value tuples are structs', [
  ['var a = (1, 2); var b = a; b.Item1 = 5; return a.Item1;', 'System.Int32 1'],
  ['var a = new[] { (1, 2) }; var b = a[0]; a[0].Item1 = 9; return b.Item1 + "," + a[0].Item1;', 'System.String 1,9'],
  ['var t = (a: 1, b: "x"); t.b += "y"; return t;', 'System.ValueTuple<System.Int32,System.String> {"Item1":1,"Item2":"xy"}'],
  ['return (1, 2).Equals((1, 2));', 'System.Boolean true'],
]);

table('reference equality', [
  ['object a = "x"; return a == null;', 'System.Boolean false'],
  ['object a = 5; object b = 5; return a == b;', 'System.Boolean false'],
  ['object a = "x"; object b = new string(new[] { \'x\' }); return a == b;', 'System.Boolean false'],
  ['object a = "x"; object b = "x"; return a == b;', 'System.Boolean true'],
  ['object a = "x" + 1; object b = a; return a == b;', 'System.Boolean true'],
  ['object a = 5; object b = a; return a == b;', 'System.Boolean true'],
  ['return (object)"a" == (object)"a";', 'System.Boolean true'],
  ['return typeof(int) == 5.GetType();', 'System.Boolean true'],
]);

table('text', [
  ['return 1 + "a" + \'b\' + true + null + 1.5 + 2m + 3L;', 'System.String 1abTrue1.523'],
  ['return $"{5,4}|{5,-4}|{1.5:0.00}|{{}}";', 'System.String    5|5   |1.50|{}'],
  ['string s = null; return s + "x" + s;', 'System.String x'],
  ["return 'a' + 'b';", 'System.Int32 195'],
  ['return "\\u2028\\"" + \'\\\\\';', 'System.String \u2028"\\'],
]);
