import { describe, expect, it } from 'vitest';
import { bindProgram } from '../../../src/csharp/check/binder.ts';
import { parseExpression } from '../../../src/csharp/syntax/parser.ts';
import { createSemantics } from '../../../src/csharp/types/create-semantics.ts';
import { createTypeTable } from '../../../src/csharp/types/type-table.ts';
import { libraryDeclarations } from '../../../src/dotnet/index.ts';

const types = createTypeTable(libraryDeclarations());
const engine = { types, semantics: createSemantics(types), contextType: 'System.Object', anyMember: true };

/** Faults of a block as `CS0000 message «text at its place»`. */
function faultsOf(text: string): string[] {
  const { faults } = bindProgram(parseExpression(text, 'multi'), engine, types.type('object'));
  return faults.map(({ code, message, span }) => `${code} ${message} «${text.slice(span.start, span.end)}»@${span.start}`);
}

const NO_RETURN = "CS0161 'expression': not all code paths return a value «»@0";
const unassigned = (name: string, at: number, text = name) => `CS0165 Use of unassigned local variable '${name}' «${text}»@${at}`;
const unreachable = (token: string, at: number) => `CS0162 Unreachable code detected «${token}»@${at}`;

describe('every path returns', () => {
  it.each([
    ['', [NO_RETURN]],
    ['var x = 1;', [NO_RETURN]],
    ['if (1 > 2) { return 1; }', [NO_RETURN, unreachable('return', 13)]],
    ['object o = 1; if (o == null) { return 1; }', [NO_RETURN]],
    ['object o = 1; if (o == null) { return 1; } else { return 2; }', []],
    ['throw new Exception("x");', []],
    ['while (true) { }', []],
    ['for (;;) { }', []],
    ['for (;;) { break; }', [NO_RETURN]],
    ['do { continue; } while (true);', []],
    ['do { break; } while (true);', [NO_RETURN]],
    ['const bool c = true; if (c) return 1;', []],
    ['foreach (var c in "abc") { return c; }', [NO_RETURN]],
    ['try { return 1; } catch (Exception) { }', [NO_RETURN]],
    ['try { return 1; } catch (Exception) { throw; }', []],
    ['try { return 1; } finally { }', []],
    ['try { } finally { while (true) { } }', []],
    ['var k = 1; switch (k) { case 1: return 1; default: return 2; }', []],
    ['var k = 1; switch (k) { case 1: return 1; }', [NO_RETURN]],
    ['var b = true; switch (b) { case true: return 1; case false: return 2; }', []],
    ['object o = 1; switch (o) { case int i: return i; case var rest: return 0; }', []],
    ['goto end; end: ;', [NO_RETURN]],
    ['again: goto again;', []],
    ['using (var r = new StringReader("x")) { return 1; }', []],
    ['lock ("x") { return 1; }', []],
    ['checked { return 1; }', []],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)).toEqual(expected);
  });
});

describe('functions inside', () => {
  it.each([
    ['int F(int a) { if (a > 0) return 1; } return F(1);', ["CS0161 'F(int)': not all code paths return a value «F»@4"]],
    ['int F(int a) { throw new Exception(); } return F(1);', []],
    ['void F() { } F(); return 1;', []],
    ['IEnumerable<int> F() { yield return 1; yield break; } return F();', []],
    [
      'Func<int, int> f = x => { if (x > 0) return 1; }; return f(1);',
      ["CS1643 Not all code paths return a value in lambda expression of type 'Func<int, int>' «=>»@21"],
    ],
    [
      'Func<int, int> f = delegate (int x) { if (x > 0) return 1; }; return f(1);',
      ["CS1643 Not all code paths return a value in anonymous method of type 'Func<int, int>' «delegate»@19"],
    ],
    ['Action<int> f = x => { if (x > 0) return; }; return 1;', []],
    [
      'void F(out int a) { } F(out var q); return q;',
      ["CS0177 The out parameter 'a' must be assigned to before control leaves the current method «F»@5"],
    ],
    [
      'void F(bool b, out int a) { if (b) return; a = 1; } F(true, out var q); return q;',
      ["CS0177 The out parameter 'a' must be assigned to before control leaves the current method «return;»@35"],
    ],
    ['void F(out int a) { a = a + 1; } F(out var q); return q;', ["CS0269 Use of unassigned out parameter 'a' «a»@24"]],
    ['void F(out int a) => a = 1; F(out var q); return q;', []],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)).toEqual(expected);
  });
});

describe('variables have a value where they are read', () => {
  it.each([
    ['int x; return x;', [unassigned('x', 14)]],
    ['int x; x++; return 1;', [unassigned('x', 7)]],
    ['int x; x = x + 1; return x;', [unassigned('x', 11)]],
    ['int x; var y = x = 3; return x + y;', []],
    ['int a, b; (a, b) = (1, 2); return a + b;', []],
    ['int x; return x + x;', [unassigned('x', 14)]],
    ['int x; object o = 1; if (o != null) x = 1; return x;', [unassigned('x', 50)]],
    ['int x; object o = 1; if (o != null) x = 1; else x = 2; return x;', []],
    ['int x; object o = 1; if (o != null) x = 1; else throw new Exception(); return x;', []],
    ['int x; if (int.TryParse("1", out x)) { } return x;', []],
    ['int x; object o = 1; if (o != null && int.TryParse("1", out x)) return x; return 0;', []],
    ['int x; object o = 1; if (o != null && int.TryParse("1", out x)) return 0; return x;', [unassigned('x', 81)]],
    ['int x; object o = 1; if (o == null || !int.TryParse("1", out x)) return 0; return x;', []],
    ['object o = 1; if (!(o is int i)) return 0; return i;', []],
    ['object o = 1; if (o is int i) return 0; return i;', [unassigned('i', 47)]],
    ['object o = 1; return o is int i && i > 0;', []],
    ['object o = 1; return o is int i || i > 0;', [unassigned('i', 35)]],
    ['object o = 1; return o is int i ? i : 0;', []],
    ['int x; object o = 1; var r = o == null ? (x = 1) : (x = 2); return x;', []],
    ['int x; object o = 1; var r = o == null ? (x = 1) : 2; return x;', [unassigned('x', 61)]],
    ['int x; string s = null; var r = s?.Substring(x = 1); return x;', [unassigned('x', 60)]],
    ['string s = null; int x; var r = s ?? ((x = 1) + "a"); return x;', [unassigned('x', 61)]],
    ['int x; while (true) { x = 2; break; } return x;', []],
    ['int x; object o = 1; while (o != null) { x = 2; break; } return x;', [unassigned('x', 64)]],
    ['int x; do { x = 1; } while (x > 2); return x;', []],
    ['int x; for (int i = 0; i < 2; i++) x = i; return x;', [unassigned('x', 49)]],
    ['int x; foreach (var c in "abc") x = 1; return x;', [unassigned('x', 46)]],
    ['int x; try { x = int.Parse("1"); } catch (Exception) { } return x;', [unassigned('x', 64)]],
    ['int x; try { x = int.Parse("1"); } catch (Exception) { x = 2; } return x;', []],
    ['int x; try { x = int.Parse("1"); } catch (Exception) { return 0; } return x;', []],
    ['int x; try { } finally { x = 1; } return x;', []],
    ['int x; while (true) { try { break; } finally { x = 1; } } return x;', []],
    ['int x; var k = 1; switch (k) { case 1: x = 1; break; default: x = 2; break; } return x;', []],
    ['int x; var k = 1; switch (k) { case 1: x = 1; break; } return x;', [unassigned('x', 62)]],
    ['object o = 1; switch (o) { case int i when i > 0: return i; case string s: return s; } return 0;', []],
    ['int x; var k = 1; switch (k) { case 1: x = 1; goto case 2; case 2: return x; } return 0;', [unassigned('x', 74)]],
    ['int x; goto set; use: return x; set: x = 1; goto use;', []],
    ['int x; goto use; use: return x;', [unassigned('x', 29)]],
    ['int x; Func<int> f = () => x; return f();', [unassigned('x', 27)]],
    ['int x; Func<int> f = () => { int y; y = 1; return y; }; x = f(); return x;', []],
    ['int x; Action f = () => x = 1; f(); return x;', [unassigned('x', 43)]],
    ['int x; void F() { x = 1; } F(); return x;', []],
    ['int x; int F() { return x; } return F();', [unassigned('x', 36, 'F()')]],
    ['int x; int F() { return x; } x = 2; return F();', []],
    ['int x; int F() => G(); int G() => x; return F();', [unassigned('x', 44, 'F()')]],
    ['int F(int n) => n > 0 ? F(n - 1) : 0; return F(3);', []],
    ['(int, int) t; t.Item1 = 1; return t.Item1;', []],
    ['int x; return 1; return x;', [unreachable('return', 17)]],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)).toEqual(expected);
  });

  it('blames nothing on variables when the tree has errors already', () => {
    expect(faultsOf('int x; nothing(out x); return x;').filter((text) => text.startsWith('CS0165'))).toEqual([]);
  });
});

describe('code that cannot run', () => {
  it.each([
    ['return 1; var y = 2; return y;', [unreachable('var', 10)]],
    ['while (true) { } return 1;', [unreachable('return', 17)]],
    ['if (false) { return 1; } return 2;', [unreachable('return', 13)]],
    ['if (true) return 1; else return 2;', [unreachable('return', 25)]],
    ['throw new Exception(); ; return 1;', [unreachable('return', 25)]],
    ['return 1; int F() => 1;', []],
    ['goto end; int x = 1; end: return 1;', [unreachable('int', 10)]],
    ['switch (3) { case 1: return 1; case 3: return 2; default: return 3; }', [unreachable('return', 21), unreachable('return', 58)]],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)).toEqual(expected);
  });
});

describe('switch sections do not run on', () => {
  it.each([
    [
      'var k = 1; switch (k) { case 1: k = 2; case 3: break; } return 1;',
      ["CS0163 Control cannot fall through from one case label ('case 1:') to another «case 1:»@24"],
    ],
    [
      'var k = 1; switch (k) { case 1: break; default: k = 9; } return 1;',
      ["CS8070 Control cannot fall out of switch from final case label ('default:') «default:»@39"],
    ],
    ['var k = 1; switch (k) { case 1: case 2: break; } return 1;', []],
    ['var k = 1; switch (k) { case 1: goto default; default: return 2; }', []],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)).toEqual(expected);
  });
});

describe('hostile input', () => {
  it('walks nested lambdas with jumps backward in time proportional to the text', () => {
    const open = 'Action f@ = () => { again: ; if (1.Equals(2)) goto again; ';
    const depth = 25;
    const text = `${Array.from({ length: depth }, (_, i) => open.replace('@', `${i}`)).join('')}${'};'.repeat(depth)} return 1;`;
    // Time of the processor, not of the clock: other work on the machine is none of its business.
    const before = process.cpuUsage().user;
    faultsOf(text);
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(3000);
  });
});
