import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../src/csharp/syntax/parser.ts';
import { printTree } from './print-tree.ts';

describe('expressions', () => {
  it.each([
    ['1 + 2 * 3', '(binary + (literal int 1 1) (binary * (literal int 2 2) (literal int 3 3)))'],
    ['a - b - c', '(binary - (binary - a b) c)'],
    ['a ?? b ?? c', '(binary ?? a (binary ?? b c))'],
    ['a ? b : c ? d : e', '(conditional a b (conditional c d e))'],
    ['a = b += c', '(assignment = a (assignment += b c))'],
    ['i++ + ++i', '(binary + (postfix ++ i) (unary ++ i))'],
    ['-a.B', '(unary - (memberAccess a B))'],
    ['!(a)', '(unary ! (parenthesized a))'],
    ['~a & b | c ^ d', '(binary | (binary & (unary ~ a) b) (binary ^ c d))'],
    ['a && b || c', '(binary || (binary && a b) c)'],
    ['a >> 2', '(binary >> a (literal int 2 2))'],
    ['a > > 2', '(binary > (binary > a (missing)) (literal int 2 2))'],
    ['a <<= 1', '(assignment <<= a (literal int 1 1))'],
    ['a >>= 1', '(assignment >>= a (literal int 1 1))'],
    ['x => x + 1', '(lambda [x] (binary + x (literal int 1 1)))'],
    ['(x, y) => x', '(lambda [x y] x)'],
    ['(int x, out string y) => { }', '(lambda [(x (namedType [{int}] predefined)) (y (namedType [{string}] predefined) out)] (block []))'],
    ['() => 1', '(lambda [] (literal int 1 1))'],
    ['async x => x', '(lambda [x] x isAsync)'],
    ['x => y => x', '(lambda [x] (lambda [y] x))'],
    ['delegate (int x) { }', '(lambda [(x (namedType [{int}] predefined))] (block []))'],
    ['delegate { }', '(lambda (block []))'],
    ['(a)-b', '(binary - (parenthesized a) b)'],
    ['(int)-b', '(cast (namedType [{int}] predefined) (unary - b))'],
    ['(a)b', '(cast (namedType [{a}]) b)'],
    ['(a)(b)', '(cast (namedType [{a}]) (parenthesized b))'],
    ['(A?)b', '(cast (nullableType (namedType [{A}])) b)'],
    ['(a.B<c>)d', '(cast (namedType [{a} {B [(namedType [{c}])]}]) d)'],
    ['(int[])a', '(cast (arrayType (namedType [{int}] predefined) 1) a)'],
    ['F(a < b, c > (d))', '(invocation F [(invocation (name a [(namedType [{b}]) (namedType [{c}])]) [d])])'],
    ['F(a < b, c > d)', '(invocation F [(binary < a b) (binary > c d)])'],
    ['x < y', '(binary < x y)'],
    ['a < b == c > d', '(binary == (binary < a b) (binary > c d))'],
    ['a.B<C>.D', '(memberAccess (memberAccess a B [(namedType [{C}])]) D)'],
    [
      'string.Join<int>("")',
      '(invocation (memberAccess (predefinedType string) Join [(namedType [{int}] predefined)]) [(literal string \'\' "")])',
    ],
    [
      'a?.B[1].C()?.D',
      '(conditionalAccess a (conditionalAccess (invocation (memberAccess (elementAccess (memberBinding B) [(literal int 1 1)]) C) []) (memberBinding D)))',
    ],
    ['a?[0]', '(conditionalAccess a (elementBinding [(literal int 0 0)]))'],
    ['a ? .5 : 1', '(conditional a (literal double 0.5 .5) (literal int 1 1))'],
    ['x as int? ?? 0', '(binary ?? (as x (nullableType (namedType [{int}] predefined))) (literal int 0 0))'],
    ['x is int ? 1 : 2', '(conditional (is x (typePattern (namedType [{int}] predefined))) (literal int 1 1) (literal int 2 2))'],
    ['x is int? && y', '(binary && (is x (typePattern (nullableType (namedType [{int}] predefined)))) y)'],
    [
      'x is string s && s.Length > 0',
      '(binary && (is x (declarationPattern (namedType [{string}] predefined) (variable s))) (binary > (memberAccess s Length) (literal int 0 0)))',
    ],
    ['x is null', '(is x (constantPattern (literal null null null)))'],
    ['x is Foo.Bar', '(is x (typePattern (namedType [{Foo} {Bar}]) (memberAccess Foo Bar)))'],
    ['x is 3 + 4', '(is x (constantPattern (binary + (literal int 3 3) (literal int 4 4))))'],
    ['x is var y', '(is x (varPattern (variable y)))'],
    ['a is A<B> c', '(is a (declarationPattern (namedType [{A [(namedType [{B}])]}]) (variable c)))'],
    [
      'new A(1) { B = 2, C = { 3 }, ["k"] = 4 }',
      '(objectCreation (namedType [{A}]) [(literal int 1 1)] (initializer [(member B (literal int 2 2)) (member C (initializer [(element [(literal int 3 3)])])) (index [(literal string k "k")] (literal int 4 4))]))',
    ],
    [
      'new Dictionary<string, int> { { "a", 1 }, }',
      '(objectCreation (namedType [{Dictionary [(namedType [{string}] predefined) (namedType [{int}] predefined)]}]) (initializer [(element [(literal string a "a") (literal int 1 1)])]))',
    ],
    ['new[] { 1, 2 }', '(arrayCreation [] 1 (arrayInitializer [(literal int 1 1) (literal int 2 2)]))'],
    [
      'new[,] { { 1 }, { 2 } }',
      '(arrayCreation [] 2 (arrayInitializer [(arrayInitializer [(literal int 1 1)]) (arrayInitializer [(literal int 2 2)])]))',
    ],
    ['new int[2, 3]', '(arrayCreation (arrayType (namedType [{int}] predefined) 2) [(literal int 2 2) (literal int 3 3)] 2)'],
    ['new int[3][]', '(arrayCreation (arrayType (arrayType (namedType [{int}] predefined) 1) 1) [(literal int 3 3)] 1)'],
    ['new int[][,] { }', '(arrayCreation (arrayType (arrayType (namedType [{int}] predefined) 2) 1) [] 1 (arrayInitializer []))'],
    ['new { A = 1, b.C }', '(anonymousObject [(A (literal int 1 1)) (memberAccess b C)])'],
    ['(1, b: 2)', '(tuple [(literal int 1 1) (b (literal int 2 2))])'],
    ['(a, b) = (b, a)', '(assignment = (tuple [a b]) (tuple [b a]))'],
    ['var (a, (b, _)) = c', '(assignment = (declaration (varType) (parts [(variable a) (parts [(variable b) (discard)])])) c)'],
    [
      '(var a, int b) = c',
      '(assignment = (tuple [(declaration (varType) (variable a)) (declaration (namedType [{int}] predefined) (variable b))]) c)',
    ],
    ['default', '(default)'],
    ['default(int)', '(default (namedType [{int}] predefined))'],
    ['typeof(Dictionary<,>)', '(typeof (namedType [{Dictionary [undefined undefined]}]))'],
    ['sizeof(int)', '(sizeof (namedType [{int}] predefined))'],
    ['checked(a + b)', '(checkedExpression checked (binary + a b))'],
    ['a ?? throw new E()', '(binary ?? a (throwExpression (objectCreation (namedType [{E}]) [])))'],
    [
      'f(x: 1, ref y, out var z, out int w)',
      '(invocation f [((literal int 1 1) x) (y ref) ((declaration (varType) (variable z)) out) ((declaration (namedType [{int}] predefined) (variable w)) out)])',
    ],
    [
      'from x in y where x > 1 orderby x descending, y select x into z group z by z.A',
      '(query (from x y) ([(where (binary > x (literal int 1 1))) (orderby [(x descending) y])] (select x) (z ([] (group z (memberAccess z A))))))',
    ],
    [
      'from int x in y join a in b on x equals a into c let d = c select d',
      '(query (from (namedType [{int}] predefined) x y) ([(join a b x a c) (let d c)] (select d)))',
    ],
    ['from.Length', '(memberAccess from Length)'],
    ['$"a{b,5:N2}c{{"', '(interpolatedString [(text a) (hole b (literal int 5 5) N2) (text c{)])'],
    ['$@"x{(a ? b : c)}""y"', '(interpolatedString [(text x) (hole (parenthesized (conditional a b c))) (text "y)])'],
    ['$"{$"{a}"}"', '(interpolatedString [(hole (interpolatedString [(hole a)]))])'],
    ['@"a""b"', '(literal string a"b @"a""b")'],
    ['"\\u0041\\x41\\t"', '(literal string AA\t "\\u0041\\x41\\t")'],
    ["'\\''", "(literal char 39 '\\'')"],
    ['0xFFu', '(literal uint 255 0xFF)'],
    ['1_000L', '(literal long 1000n 1000)'],
    ['0b11', '(literal int 3 0b11)'],
    ['1.5m', '(literal decimal 1.5 1.5)'],
    ['1e3f', '(literal float 1000 1e3)'],
    ['2147483648', '(literal uint 2147483648 2147483648)'],
    ['4294967296', '(literal long 4294967296n 4294967296)'],
    ['18446744073709551615', '(literal ulong 18446744073709551615n 18446744073709551615)'],
    ['@class', 'class'],
    ['global::System.Math', '(memberAccess System Math)'],
    ['await x', '(unary await x)'],
    ['a /* c */ + // d\n b', '(binary + a b)'],
    ['é + _1', '(binary + é _1)'],
  ])('%s', (text, tree) => {
    expect(printTree(parseExpression(text, 'single').root)).toBe(tree);
  });
});

describe('statements', () => {
  it.each([
    ['', '(block [])'],
    [
      'int a = 1, b; var c = a;',
      '(block [(localDeclaration (namedType [{int}] predefined) [(a (literal int 1 1)) b]) (localDeclaration (varType) [(c a)])])',
    ],
    ['const int k = 5;', '(block [(localDeclaration (namedType [{int}] predefined) isConst [(k (literal int 5 5))])])'],
    [
      'int[] a = { 1, 2 };',
      '(block [(localDeclaration (arrayType (namedType [{int}] predefined) 1) [(a (arrayCreation [] 1 (arrayInitializer [(literal int 1 1) (literal int 2 2)])))])])',
    ],
    [
      'int? a = null; a ? b : c;',
      '(block [(localDeclaration (nullableType (namedType [{int}] predefined)) [(a (literal null null null))]) (expressionStatement (conditional a b c))])',
    ],
    [
      'List<int> a; a < b;',
      '(block [(localDeclaration (namedType [{List [(namedType [{int}] predefined)]}]) [a]) (expressionStatement (binary < a b))])',
    ],
    ['A.B<C[]>[] d;', '(block [(localDeclaration (arrayType (namedType [{A} {B [(arrayType (namedType [{C}]) 1)]}]) 1) [d])])'],
    [
      '(int a, string) t = (1, "");',
      '(block [(localDeclaration (tupleType [{(namedType [{int}] predefined) a} {(namedType [{string}] predefined)}]) [(t (tuple [(literal int 1 1) (literal string \'\' "")]))])])',
    ],
    ['x: goto x; goto case 1; goto default;', '(block [(labeled x (goto (label x))) (goto (case (literal int 1 1))) (goto (default))])'],
    [
      'if (a) b(); else if (c) d(); else { }',
      '(block [(if a (expressionStatement (invocation b [])) (if c (expressionStatement (invocation d [])) (block [])))])',
    ],
    ['while (a) break; do continue; while (b);', '(block [(while a (break)) (do (continue) b)])'],
    [
      'for (int i = 0, j = 1; i < 2; i++, j--) { } for (;;) ; for (a = 1; ; ) ;',
      '(block [(for (localDeclaration (namedType [{int}] predefined) [(i (literal int 0 0)) (j (literal int 1 1))]) [] (binary < i (literal int 2 2)) [(postfix ++ i) (postfix -- j)] (block [])) (for [] [] (empty)) (for [(assignment = a (literal int 1 1))] [] (empty))])',
    ],
    [
      'foreach (var x in y) { } foreach (var (a, b) in c) ; foreach (KeyValuePair<string, int> p in q) ;',
      '(block [(forEach (varType) (variable x) y (block [])) (forEach (varType) (parts [(variable a) (variable b)]) c (empty)) (forEach (namedType [{KeyValuePair [(namedType [{string}] predefined) (namedType [{int}] predefined)]}]) (variable p) q (empty))])',
    ],
    [
      'switch (a) { case 1: case int i when i > 2: break; case null: case "x": return 1; default: throw b; }',
      '(block [(switch a [([(case (constantPattern (literal int 1 1))) (case (declarationPattern (namedType [{int}] predefined) (variable i)) (binary > i (literal int 2 2)))] [(break)]) ([(case (constantPattern (literal null null null))) (case (constantPattern (literal string x "x")))] [(return (literal int 1 1))]) ([(default)] [(throw b)])])])',
    ],
    ['switch (a, b) { }', '(block [(switch (tuple [a b]) [])])'],
    [
      'try { } catch (E e) when (e.A) { throw; } catch { } finally { }',
      '(block [(try (block []) [((namedType [{E}]) e (memberAccess e A) (block [(throw)])) (block [])] (block []))])',
    ],
    ['using (var a = b) { } using (c) ;', '(block [(using (localDeclaration (varType) [(a b)]) (block [])) (using c (empty))])'],
    [
      'lock (a) { } checked { } unchecked { }',
      '(block [(lock a (block [])) (checkedStatement checked (block [])) (checkedStatement (block []))])',
    ],
    [
      'int F<T>(ref T a, int b = 1, params int[] c) => 1; void G() { }',
      '(block [(localFunction F [T] (namedType [{int}] predefined) [(a (namedType [{T}]) ref) (b (namedType [{int}] predefined) (literal int 1 1)) (c (arrayType (namedType [{int}] predefined) 1) params)] (literal int 1 1) []) (localFunction G [] (namedType [{void}] predefined) [] (block []) [])])',
    ],
    ['return; yield return 1; yield break;', '(block [(return) (yield (literal int 1 1)) (yield)])'],
    [
      'var (a, b) = c; (d, e) = f;',
      '(block [(expressionStatement (assignment = (declaration (varType) (parts [(variable a) (variable b)])) c)) (expressionStatement (assignment = (tuple [d e]) f))])',
    ],
    [
      'Span<int> s = stackalloc int[2];',
      '(block [(localDeclaration (namedType [{Span [(namedType [{int}] predefined)]}]) [(s (arrayCreation (arrayType (namedType [{int}] predefined) 1) [(literal int 2 2)] 1))])])',
    ],
    ['#region a\nreturn 1;\n#endregion', '(block [(return (literal int 1 1))])'],
    ['#if x\nreturn 1;\n#else\nreturn 2;\n#endif', '(block [(return (literal int 2 2))])'],
    ['await x; async();', '(block [(localDeclaration (namedType [{await}]) [x]) (expressionStatement (invocation async []))])'],
  ])('%s', (text, tree) => {
    expect(printTree(parseExpression(text, 'multi').root)).toBe(tree);
  });
});
