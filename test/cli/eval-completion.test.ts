import { describe, expect, it } from 'vitest';
import { completions } from '../../src/cli/eval-completion.ts';
import { Evaluator } from '../../src/cli/eval-run.ts';
import { operandBefore } from '../../src/editor/operand.ts';

const strict = new Evaluator(false);

describe('completion at the prompt', () => {
  it.each([
    ['con', ['context', 'Convert'], 'con'],
    ['', ['context'], ''],
    ['context.Request.He', ['Headers'], 'He'],
    ['context.request.he', [], 'he'],
    ['context.Request.Headers.GetV', ['GetValueOrDefault'], 'GetV'],
    ['1 + context.Request.Url.Query["a,b"].Firs', ['First', 'FirstOrDefault'], 'Firs'],
    ['"a.b".Subs', ['Substring'], 'Subs'],
    ['context.User?.Ema', ['Email'], 'Ema'],
    ['new Uri("http://a").Abs', ['AbsolutePath', 'AbsoluteUri'], 'Abs'],
    ['Math.Ro', ['Round'], 'Ro'],
    ['DayOfWeek.Mo', ['Monday'], 'Mo'],
    ['System.Text.RegularExpressions.Reg', ['Regex', 'RegexMatchTimeoutException', 'RegexOptions', 'RegexParseException'], 'Reg'],
    ['new { a = 1, b = 2 }.', ['Equals', 'GetHashCode', 'GetType', 'ToString', 'a', 'b'], ''],
    ['return .x', [], 'x'],
    ['nothing.x', [], 'x'],
  ])('%s', (line, names, typed) => {
    const [found, part] = completions(line, strict);
    expect(part).toBe(typed);
    expect(found).toEqual(expect.arrayContaining(names as string[]));
    if (names.length === 0) expect(found).toEqual([]);
  });

  it('offers what Azure does not permit only when any member may be used', () => {
    expect(completions('DateTime.Now.ToOA', strict)[0]).toEqual([]);
    expect(completions('DateTime.Now.ToOA', new Evaluator(true))[0]).toEqual(['ToOADate']);
  });
});

describe('the operand before the dot', () => {
  it.each([
    ['1 + a.b', 'a.b'],
    ['f(x, (y))', 'f(x, (y))'],
    ['a["]"].c', 'a["]"].c'],
    ['x == "a b"', '"a b"'],
    ['(string)context.Variables["a"]', '(string)context.Variables["a"]'],
    ['return a', 'a'],
    ['a +', ''],
    [')', ''],
    ['"', '"'],
    ['x = new { a = 1 }', 'new { a = 1 }'],
  ])('%s', (text, operand) => {
    expect(operandBefore(text)).toBe(operand);
  });
});
