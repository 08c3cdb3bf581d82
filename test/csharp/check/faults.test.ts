import { describe, expect, it } from 'vitest';
import { compile } from '../../support/expressions.ts';
import { bind, placesOf } from './support.ts';

it('cuts the list of faults at a hundred and says how many more there are', () => {
  const { diagnostics } = compile(`${'x + '.repeat(250)}x`);
  expect(diagnostics).toHaveLength(101);
  expect(diagnostics.at(-1)).toMatchObject({ code: 'PTC3005', message: '151 more errors in this expression are not shown' });
});

describe('faults and their places', () => {
  it.each([
    [' return context.Trace; ', 'CS0428@16'],
    [' var a = new[] { 1, "x" }; return a; ', 'CS0826@9'],
    [' dynamic d = 1; return d; ', 'PTC3002@1'],
    [' var x = undefinedThing.Foo(y); return x; ', 'CS0103@9 CS0103@28'],
    [' return x; int x = 5; ', 'CS0841@8'],
    [' int x = 1; int x = 2; return x; ', 'CS0128@16'],
    [' int context = 1; return context; ', 'CS0136@5'],
    [' foreach (string s in new List<int> { 1 }) { } return 1; ', 'CS0030@1'],
    [' int x = "a"; string s = 1; return x; ', 'CS0029@9 CS0029@25'],
    ['5.Foo', 'CS1061@2'],
    ['int.Foo', 'CS0117@4'],
    ['string.Length', 'CS0120@0'],
    ['"a".Empty', 'CS0176@0'],
    [' ref void F(ref int a) { a = 1; } int x = 0; F(ref x); return x; ', 'CS1547@5'],
    [' ref int x; return 1; ', 'CS8174@9'],
    [' int y = 1; ref int x = y; return x; ', 'CS8172@24'],
    [' int y = 1; ref long x = ref y; return x; ', 'CS8173@29'],
    [' Func<int, int> f = x => { int x = 2; return x; }; return f(1); ', 'CS0136@31'],
    [' int F(int x) { int x = 2; return x; } return F(1); ', 'CS0136@20'],
    [' return Math.Max<int>(1, 2); ', 'CS0308@13'],
    [' string s = null ?? null; return s; ', 'CS0019@12'],
    [' return new (int, int)(1, 2); ', 'CS8181@12'],
    [' int x = 1; ref int F() => ref x; return F(); ', 'CS8168@31'],
    [' ref int F(int x) { return ref x; } return F(1); ', 'CS8166@31'],
    [' ref int F(int[] a) { return a[0]; } return 1; ', 'CS8150@22'],
    [' int F(int[] a) { return ref a[0]; } return 1; ', 'CS8149@18'],
    [' ref long F(int[] a) { return ref a[0]; } return 1; ', 'CS8151@34'],
    [' ref readonly int F(int[] a) => ref a[0]; F(new[] { 1 }) = 3; return 1; ', 'CS8331@42'],
    [' object o = 1; switch (o) { case int i: return 1; case int j: return 2; default: return 3; } ', 'CS8120@55'],
    [' object o = 1; switch (o) { case var x: return 1; case null: return 3; default: return 2; } ', 'CS8120@55'],
    [' int o = 1; switch (o) { case int x: return 1; case 3: return 3; default: return 2; } ', 'CS8120@52'],
    [' object o = ""; switch (o) { case IComparable c: return 1; case string s: return 2; default: return 3; } ', 'CS8120@64'],
    [' object o = 1; switch (o) { case int i when i > 5: return 1; case int j: return 2; default: return 3; } ', ''],
    [' int y = 1; int x = 2; x = ref y; return x; ', 'PTC3007@27'],
    ['void.ToString()', 'CS1547@0'],
    ['new[] { 1 }.Contains("a")', 'CS1929@0'],
    ['nameof(Foo.Bar)', 'CS0103@7'],
    [' Action a = null; a += 5; return a; ', 'CS0019@18'],
    ['"a".Join(",")', 'CS0121@4'],
    ['string.Trim()', 'CS0120@0'],
    ['new List<int>().Where(x => x.Foo)', 'CS1061@29'],
    ['new List<int>().Select(x => y)', 'CS0103@28'],
    ['new List().Count', 'CS0305@4'],
    ['new Uri()', 'CS1729@4'],
    ['new DateTime("x", 1)', 'CS1503@13'],
    ['new Math()', 'CS0712@0'],
    ['new IRequest()', 'CS0246@4'],
    [' int[] a = { 1, "x" }; return a; ', 'CS0029@16'],
    [' var x = { 1 }; return x; ', 'CS0820@5'],
    [' int x = 5; x.Foo(); return x; ', 'CS1061@14'],
    [' string s = "a"; s.Length = 5; return s; ', 'CS0200@17'],
    [' 5 = 6; return 1; ', 'CS0131@1'],
    [' break; ', 'CS0139@1'],
    [' goto x; ', 'CS0159@6'],
    [' throw; ', 'CS0156@1'],
    [' yield return 1; ', 'CS0161@0 CS1624@0'],
    ['10 / 0', 'CS0020@0'],
    ['int.MaxValue + 1', 'CS0220@0'],
    ['this.X', 'CS0026@0'],
    ['await 5', 'CS4032@0'],
    ['x => x', 'CS1660@0'],
    ['System.Text', 'CS0119@0'],
    ['Foo.Bar.Baz', 'CS0103@0'],
    ['new System.Foo()', 'CS0234@11'],
    ['"a" as int?', 'CS0039@0'],
    [' string s = "x"; if (s is int i) return i; return 0; ', 'CS8121@26'],
    ['(int)"5"', 'CS0030@0'],
    ['(string)5', 'CS0030@0'],
    ['"5" - 1', 'CS0019@0'],
    ['!5', 'CS0023@0'],
    ['-"a"', 'CS0023@0'],
    ['5 ?? 6', 'CS0019@0'],
    ['5?.ToString()', 'CS0023@1'],
    [' var o = new { A = 1 }; return o.B; ', 'CS1061@33'],
    [' const int k = 5; k = 6; return k; ', 'CS0131@18'],
    [' const int k = DateTime.Now.Day; return k; ', 'CS0133@15'],
    [' int n = 5; Func<int> f = () => { int n = 6; return n; }; return f(); ', 'CS0136@38'],
    [' T F<T>(T x) { if (x == null) return x; F(new List<T>()); return x; } return F(1); ', 'PTC3004@77'],
    [' Func<int, int> f = x => { return "a"; }; return f(1); ', 'CS0029@34 CS1662@34'],
    [' Action f = () => { return 1; }; return 1; ', 'CS8030@20'],
    [' Func<int> f = () => { return; }; return 1; ', 'CS0126@23'],
    [' Func<int> f = x => x; return 1; ', 'CS1593@15'],
    [' Func<int, int> f = (string x) => 1; return 1; ', 'CS1661@20 CS1678@28'],
    [' int F() { return "a"; } return F(); ', 'CS0029@18'],
    [' void F() { return 1; } F(); return 1; ', 'CS0127@12'],
    [' switch (1) { case 1: return 1; default: return 2; default: return 3; } ', 'CS0152@51'],
    [' switch ("a") { case 1: return 1; } return 2; ', 'CS0029@21'],
    [' var x = 1; switch (x) { case "a": return 1; } return 2; ', 'CS0029@30'],
    [' var y = 2; switch (1) { case y: return 1; } return 2; ', 'CS0150@30'],
    ['1.5m * 1.5', 'CS0019@0'],
    ['null + null', 'CS0019@0'],
    ['Context.Request', 'CS0103@0'],
    ['context.request.Url', 'CS1061@8'],
    [' var x = context.Trace("x"); return x; ', 'CS0815@5'],
    ['context.Trace("x")', 'CS0029@0'],
    [' int.Parse; return 1; ', 'CS0201@1'],
    [' 1 + 2; return 1; ', 'CS0201@1'],
    [' int x; x == 5; return 1; ', 'CS0201@8'],
    [' string s = 5.ToString; return s; ', 'CS0428@14'],
    [` string s = 'a'; return s; `, 'CS0029@12'],
    [' int i = 5.5; return i; ', 'CS0266@9'],
    [' int i = 5L; return i; ', 'CS0266@9'],
    [' float f = 5.5; return f; ', 'CS0664@11'],
    [' long l = 5; int i = l; return i; ', 'CS0266@21'],
    [' if (1) return 1; return 2; ', 'CS0029@5'],
    [' while ("a") { } return 2; ', 'CS0029@8'],
    [' var a = new int[] { 1, 2 }; return a["x"]; ', 'CS0029@38'],
    [' var d = new Dictionary<string, int>(); return d[1]; ', 'CS1503@49'],
    [' return new List<int>()["a"]; ', 'CS1503@24'],
    [' return 5[0]; ', 'CS0021@8'],
    [' object o = new object(); return o.Foo; ', 'CS1061@35'],
    [' string s = new StringBuilder(); return s; ', 'CS0029@12'],
    [' foreach (var x in 5) { } return 1; ', 'CS1579@19'],
    [' int x = 5; x(); return 1; ', 'CS0149@12'],
    [' var s = "a"; s(); return 1; ', 'CS0149@14'],
    ['Foo()', 'CS0103@0'],
    ['Math.Foo(1)', 'CS0117@5'],
    ['new Foo<int>()', 'CS0246@4'],
    ['new List<Foo>()', 'CS0246@9'],
    ['(Foo)null', 'CS0246@1'],
    ['Convert.ToInt32()', 'CS1501@8'],
    ['string.Join()', 'CS1501@7'],
    ['"a".Substring("b")', 'CS1503@14'],
    ['"a".Substring(1, 2, 3)', 'CS1501@4'],
    ['"a".Substring(foo: 1)', 'CS1739@19'],
    ['int.TryParse("a", 5)', 'CS1620@18'],
    ['int.TryParse("a", out 5)', 'CS1510@22'],
    [' var x = (1, 2, 3); var (a, b) = x; return a; ', 'CS8132@24 CS8130@25 CS8130@28'],
    [' var (a, b) = 5; return a; ', 'CS8130@6 CS8130@9 CS1061@14 CS8129@14'],
    [' Func<int> f = null; return f + 1; ', 'CS0019@28'],
    [' var x = new { 1 }; return x; ', 'CS0746@15'],
    [' var x = new { A = null }; return x; ', 'CS0828@19'],
    [' return (from x in new[] { 1 } let y = null select x).Count(); ', 'CS1932@31'],
    [' var x = () => 1; return x; ', 'CS8370@9'],
    [' var x = delegate { return 1; }; return x; ', 'CS8370@9'],
    [' using (var x = 5) { } return 1; ', 'CS1674@8'],
    [' lock (5) { } return 1; ', 'CS0185@7'],
    ['typeof(Foo)', 'CS0246@7'],
    ['checked(int.MaxValue + 1)', 'CS0220@8'],
    ['(byte)-1', 'CS0221@0'],
    [' const byte b = 256; return b; ', 'CS0031@16'],
    [' byte b = 1; b = b + 1; return b; ', 'CS0266@17'],
    [' short s = 1; s += 1.5; return s; ', 'CS0266@14'],
    [' int x = 1; x += "a"; return x; ', 'CS0029@12'],
    [' string s = "a"; s -= "b"; return s; ', 'CS0019@17'],
    [' bool b = true; b++; return b; ', 'CS0023@16'],
    [' T F<T>(T x) { if (x == null) return x; F(new List<T>()); return x; } return F(1); ', 'PTC3004@77'],
    ['new List<int>().Where(x => 5)', 'CS0029@27 CS1662@27'],
    ['new List<int>().Where((x, y, z) => true)', 'CS1593@22'],
    ['new List<int>().OrderBy(5)', 'CS0411@16'],
    ['new List<int>().ForEach(x => x + 1)', 'CS0201@24'],
    ['new List<string>().Select(s => s.Foo).Where(x => x.Bar)', 'CS1061@33'],
    [' var x = int.Parse; return x; ', 'CS8370@9'],
    [' var (a, b) = undefined; return a; ', 'CS8130@6 CS8130@9 CS0103@14'],
    ['new List<int> { 1, 2 }.Foo(x => x)', 'CS1061@23'],
    [' Func<int, int> f = x => x.Foo; return f(1); ', 'CS1061@27'],
    [' Func<int, string> f = x => x; return f(1); ', 'CS0029@28 CS1662@28'],
    ['context.Variables["a"].ToString().Foo()', 'CS1061@34'],
    ['switch (1) { case 1: int x = 1; return x; case 2: int x = 2; return x; } return 0;', 'CS0128@54'],
  ])('%s', (code, expected) => {
    expect(placesOf(code)).toBe(expected);
  });
});

describe('wording', () => {
  it.each([
    [
      'context.Reqest',
      "CS1061 'ITestContext' does not contain a definition for 'Reqest' and no accessible extension method 'Reqest' accepting a first argument of type 'ITestContext' could be found (are you missing a using directive or an assembly reference?)",
      'did you mean `Request`',
    ],
    ['Math.Mx(1, 2)', "CS0117 'Math' does not contain a definition for 'Mx'", 'did you mean `Max`'],
    [
      'XmlDocument.Parse("")',
      "CS0103 The name 'XmlDocument' does not exist in the current context",
      expect.stringContaining('XElement.Parse'),
    ],
    [
      'new HttpClient()',
      "CS0246 The type or namespace name 'HttpClient' could not be found (are you missing a using directive or an assembly reference?)",
      expect.stringContaining('<send-request>'),
    ],
    ['Headers["a"]', "CS0103 The name 'Headers' does not exist in the current context", 'write `context.Request.Headers`'],
    ['var total = 1; return totl;', "CS0103 The name 'totl' does not exist in the current context", 'did you mean `total`'],
    [
      'int x = 5L; return x;',
      "CS0266 Cannot implicitly convert type 'long' to 'int'. An explicit conversion exists (are you missing a cast?)",
      'write `(int)` before the value',
    ],
    [
      'List<int> x = new List<string>(); return x;',
      "CS0029 Cannot implicitly convert type 'System.Collections.Generic.List<string>' to 'System.Collections.Generic.List<int>'",
      undefined,
    ],
    ['"a".Length = 1; return 1;', "CS0200 Property or indexer 'string.Length' cannot be assigned to -- it is read only", undefined],
    [
      'true ? 1 : "x"',
      "CS8957 Conditional expression is not valid in language version 7.3 because a common type was not found between 'int' and 'string'. To use a target-typed conversion, upgrade to language version 9.0 or greater.",
      undefined,
    ],
    ['(byte)300', "CS0221 Constant value '300' cannot be converted to a 'byte' (use 'unchecked' syntax to override)", undefined],
    ['byte b = 300; return b;', "CS0031 Constant value '300' cannot be converted to a 'byte'", undefined],
  ])('%s', (code, message, help) => {
    const [first] = bind(code).faults.filter((fault) => fault.severity === 'error');
    expect(`${first?.code} ${first?.message}`).toBe(message);
    expect(first?.help).toEqual(help);
  });

  it('reports everything at once, in the order of the text', () => {
    expect(placesOf('var a = foo; int b = "x"; string c = 1; return a + b + c + bar;')).toBe('CS0103@8 CS0029@21 CS0029@37 CS0103@59');
  });
});

describe('hostile text', () => {
  it.each([
    [
      'nested lambdas',
      `${'new[] { 1 }.Sum(a => '.repeat(1)}${Array.from({ length: 60 }, (_, i) => `new[] { 1 }.Sum(z${i} => `).join('')}1${')'.repeat(61)}`,
    ],
    ['a long chain of calls', `new StringBuilder()${'.Append("a")'.repeat(300)}`],
    ['nested calls', `${'Math.Abs('.repeat(200)}1${')'.repeat(200)}`],
  ])('%s', (_, code) => {
    // Time of the processor, not of the clock: other work on the machine is none of its business.
    const started = process.cpuUsage().user;
    expect(placesOf(code)).toBe('');
    expect((process.cpuUsage().user - started) / 1000).toBeLessThan(2000);
  });

  it('ends the growth of a generic function that calls itself with ever larger types', () => {
    expect(placesOf('T F<T>(T x) { F(new List<T>()); return x; } return F(1);')).toContain('PTC3004');
  });
});
