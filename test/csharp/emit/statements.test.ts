import { expect, test } from 'vitest';
import { evaluate } from '../../support/expressions.ts';

const CASES: readonly (readonly [string, string, string])[] = [
  [
    'a closure sees a fresh variable each round of foreach',
    'var f = new List<Func<int>>(); foreach (var i in new[] { 1, 2, 3 }) f.Add(() => i); return f.Sum(g => g());',
    'System.Int32 6',
  ],
  [
    'a closure shares the variable of for',
    'var f = new List<Func<int>>(); for (var i = 0; i < 3; i++) f.Add(() => i); return f.Sum(g => g());',
    'System.Int32 9',
  ],
  [
    'a variable of the body is fresh each round',
    'var f = new List<Func<int>>(); for (var i = 0; i < 3; i++) { var j = i; f.Add(() => j); } return f.Sum(g => g());',
    'System.Int32 3',
  ],
  [
    'an element behind the seventh of a tuple is read and written',
    'var t = (1, 2, 3, 4, 5, 6, 7, 8, 9); t.Item9 = 4; return t.Item8 + t.Item9;',
    'System.Int32 12',
  ],
  [
    'a named eighth element',
    '(int a, int b, int c, int d, int e, int f, int g, int h) t = (1, 2, 3, 4, 5, 6, 7, 8); return t.h;',
    'System.Int32 8',
  ],
  ['+= on a delegate calls both', 'var s = ""; Action a = () => s += "a"; a += () => s += "b"; a(); return s;', 'System.String ab'],
  ['+= on a null delegate', 'Func<int, int> f = null; f += x => x + 1; f += x => x * 10; return f(3);', 'System.Int32 30'],
  [
    '-= takes the last one out',
    'var s = ""; Action x = () => s += "x"; Action y = () => s += "y"; var z = x + y + x; z -= x; z(); return s + z.GetInvocationList().Length;',
    'System.String xy2',
  ],
  ['-= of all gives null', 'Action a = () => { }; a -= a; return a == null;', 'System.Boolean true'],
  [
    'a function returns a reference to an element',
    'var a = new[] { 1, 2, 3 }; ref int F(int i) => ref a[i]; F(2)++; F(0) += 5; ref int r = ref F(1); r = 4; return a[0] * 100 + a[1] * 10 + a[2];',
    'System.Int32 644',
  ],
  [
    'a function returns one of its references',
    'int p = 1, q = 2; ref int Max(ref int x, ref int y) { if (x > y) return ref x; return ref y; } Max(ref p, ref q) += 40; ref int r = ref Max(ref p, ref q); r++; return q;',
    'System.Int32 43',
  ],
  [
    'a reference to a tuple in an array',
    'var t = new (int A, int B)[] { (1, 2) }; ref (int A, int B) F() => ref t[0]; F().B = 9; return t[0].B;',
    'System.Int32 9',
  ],
  [
    'a reference out of bounds',
    'var a = new[] { 1 }; ref int F(int i) => ref a[i]; try { F(3) = 1; return 0; } catch (IndexOutOfRangeException) { return 1; }',
    'System.Int32 1',
  ],
  [
    'both sides of a ref argument see each other',
    'int y = 1; void Inc(ref int x) { x++; y = 10; } Inc(ref y); return y;',
    'System.Int32 10',
  ],
  ['values go to in parameters', 'int F(in int x) => x + 1; int y = 2; return F(y) + F(3) + F(in y);', 'System.Int32 10'],
  ['a readonly reference', 'ref readonly int F(int[] q) => ref q[0]; return F(new[] { 8 });', 'System.Int32 8'],
  ['an array of tuples', 'return new (int A, string B)[] { (1, "a") }[0].B;', 'System.String a'],
  ['foreach over a span', 'Span<int> s = new[] { 1, 2, 3 }; var t = 0; foreach (var x in s) t += x; return t;', 'System.Int32 6'],
  ['a span over a stack array', 'Span<int> s = stackalloc int[2]; s[1] = 4; return s.Length + s[1];', 'System.Int32 6'],
  [
    'a span knows its bounds',
    'Span<int> s = stackalloc int[2]; return s[2];',
    'throws System.IndexOutOfRangeException: Index was outside the bounds of the array.',
  ],
  ['nameof an instance member by its type', 'return nameof(String.Length) + nameof(List<int>.Count);', 'System.String LengthCount'],
  ['a ref local is a second name of a variable', 'int x = 5; ref int y = ref x; y = 7; y++; return x;', 'System.Int32 8'],
  [
    'a ref local of an element stays with the element',
    'var a = new[] { 1, 2, 3 }; var i = 1; ref var r = ref a[i]; i = 0; a = a; r += 5; return string.Join(",", a);',
    'System.String 1,7,3',
  ],
  [
    'a ref local of an element of a tuple',
    'var t = (1, 2); ref int second = ref t.Item2; second = 9; return t;',
    'System.ValueTuple<System.Int32,System.Int32> {"Item1":1,"Item2":9}',
  ],
  ['goto backwards', 'int i = 0; again: i++; if (i < 3) goto again; return i;', 'System.Int32 3'],
  [
    'goto out of loops',
    'for (int i = 0; ; i++) { for (int j = 0; ; j++) { if (i * j == 6) goto found; if (j > 5) break; } } found: return "found";',
    'System.String found',
  ],
  [
    'goto case and default',
    'var s = ""; switch (1) { case 1: s += "a"; goto case 3; case 2: s += "b"; break; case 3: s += "c"; goto default; default: s += "d"; break; } return s;',
    'System.String acd',
  ],
  ['the default section is tried last', 'switch (2) { default: return "d"; case 2: return "two"; }', 'System.String two'],
  [
    'continue inside a switch goes on with the loop',
    'var s = ""; for (int i = 0; i < 4; i++) { switch (i) { case 1: continue; case 3: break; default: s += i; break; } s += "."; } return s;',
    'System.String 0.2..',
  ],
  [
    'patterns with guards',
    'object o = 7; switch (o) { case string s: return s; case int n when n > 9: return "big"; case int n: return "small " + n; default: return null; }',
    'System.String small 7',
  ],
  [
    'finally runs after return',
    'var s = new List<int>(); int F() { try { return 1; } finally { s.Add(2); } } return F() + s.Count;',
    'System.Int32 2',
  ],
  [
    'the first fitting catch takes it',
    'try { int.Parse("x"); } catch (OverflowException) { return 1; } catch (FormatException) { return 2; } catch (Exception) { return 3; } return 4;',
    'System.Int32 2',
  ],
  [
    'a filter that is false passes it on',
    'try { throw new Exception("a"); } catch (Exception e) when (e.Message == "b") { return 1; } catch { return 2; }',
    'System.Int32 2',
  ],
  [
    'a filter that throws is false',
    'string n = null; try { throw new Exception("a"); } catch (Exception) when (n.Length > 0) { return 1; } catch (Exception e) { return e.Message; }',
    'System.String a',
  ],
  [
    'throw rethrows',
    'try { try { int.Parse("x"); } catch (Exception) { throw; } } catch (FormatException) { return "f"; } return null;',
    'System.String f',
  ],
  [
    'inner exceptions',
    'try { try { throw new Exception("a"); } catch (Exception e) { throw new InvalidOperationException("b", e); } } catch (Exception e) { return e.InnerException.Message; }',
    'System.String a',
  ],
  [
    'iterators run anew each time',
    'var n = 0; IEnumerable<int> G() { n++; yield return 1; yield return 2; } var g = G(); return g.Sum() + g.Sum() + n * 10;',
    'System.Int32 26',
  ],
  [
    'yield break ends',
    'IEnumerable<int> G() { for (var i = 0; ; i++) { if (i == 3) yield break; yield return i; } } return G().ToList();',
    'System.Collections.Generic.List<System.Int32> [0,1,2]',
  ],
  [
    'an iterator may be an enumerator',
    'IEnumerator<int> G() { yield return 4; } var g = G(); return g.MoveNext() ? g.Current : 0;',
    'System.Int32 4',
  ],
  ['a delegate knows its type', 'Action a = () => { }; return a.GetType().Name;', 'System.String Action'],
  [
    'ref parameters',
    'void Swap(ref int a, ref int b) { var t = a; a = b; b = t; } int x = 1, y = 2; Swap(ref x, ref y); return x * 10 + y;',
    'System.Int32 21',
  ],
  ['ref to an array element', 'void Inc(ref int a) { a++; } var x = new[] { 1, 2 }; Inc(ref x[1]); return x;', 'System.Int32[] [1,3]'],
  ['out variables', 'return int.TryParse("12", out var n) ? n : -1;', 'System.Int32 12'],
  [
    'local functions may call each other before they stand',
    'return Even(10); bool Even(int n) { return n == 0 || Odd(n - 1); } bool Odd(int n) { return n != 0 && Even(n - 1); }',
    'System.Boolean true',
  ],
  ['a string is enumerated by characters', 'var n = 0; foreach (var c in "abc") n += c; return n;', 'System.Int32 294'],
  [
    'several dimensions',
    'var a = new int[2, 3]; a[1, 2] = 5; var n = 0; foreach (var x in a) n = n * 2 + x; return n + a[1, 2];',
    'System.Int32 10',
  ],
  [
    'a query',
    'return from x in new[] { 3, 1, 2 } let y = x * 2 where y > 2 orderby y select y + 1;',
    'System.Collections.Generic.IEnumerable<System.Int32> [5,7]',
  ],
  [
    'object initializers',
    'return new Dictionary<string, List<int>> { ["a"] = new List<int> { 1, 2 } };',
    'System.Collections.Generic.Dictionary<System.String,System.Collections.Generic.List<System.Int32>> {"a":[1,2]}',
  ],
  [
    'using releases what it holds',
    'using (var h = System.Security.Cryptography.SHA256.Create()) { return h.ComputeHash(new byte[0]).Length; }',
    'System.Int32 32',
  ],
];

test.each(CASES)('%s', (_name, code, outcome) => {
  expect(evaluate(code)).toBe(outcome);
});
