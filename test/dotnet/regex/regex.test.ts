import { describe, expect, it } from 'vitest';
import { BudgetExhausted } from '../../../src/csharp/runtime/budget.ts';
import { evaluate, testRuntime } from '../../support/expressions.ts';

describe('Regex', () => {
  it.each([
    ['Regex.Match("2024-05-06", @"(?<y>\\d{4})-(?<m>\\d\\d)").Groups["m"].Value', 'System.String 05'],
    ['Regex.Replace("aXbX", "x", "[$0]", RegexOptions.IgnoreCase)', 'System.String a[X]b[X]'],
    ['Regex.Replace("john smith", @"(?<f>\\w+) (?<l>\\w+)", "${l}, ${f}")', 'System.String smith, john'],
    ['Regex.Match("foobar", "(?<=foo)bar").Index', 'System.Int32 3'],
    ['Regex.IsMatch("aab", "^(a)(?(1)ab|c)$")', 'System.Boolean true'],
    ['string.Join("|", Regex.Split("a, b;c", @"[,;]\\s*"))', 'System.String a|b|c'],
    ['string.Join("|", Regex.Matches("a1b22", @"\\d+").Cast<Match>().Select(m => m.Value))', 'System.String 1|22'],
    ['Regex.Match("abcabc", "c", RegexOptions.RightToLeft).Index', 'System.Int32 5'],
    ['Regex.Match("ab", "a (?# note) b", RegexOptions.IgnorePatternWhitespace).Value', 'System.String ab'],
    ['Regex.IsMatch("x", "[[:x]")', 'System.Boolean true'],
    [
      'new Regex("(?<n")',
      "throws System.Text.RegularExpressions.RegexParseException: Invalid pattern '(?<n' at offset 4. Unrecognized grouping construct.",
    ],
    [
      'new Regex(@"\\2")',
      "throws System.Text.RegularExpressions.RegexParseException: Invalid pattern '\\2' at offset 2. Reference to undefined group number 2.",
    ],
    [
      'new Regex("a{2,1}")',
      "throws System.Text.RegularExpressions.RegexParseException: Invalid pattern 'a{2,1}' at offset 6. Illegal {x,y} with x > y.",
    ],
    [
      'new Regex("[a-\\\\d]")',
      "throws System.Text.RegularExpressions.RegexParseException: Invalid pattern '[a-\\d]' at offset 5. Cannot include class \\d in character range.",
    ],
    [
      'new Regex(@"\\p{Xx}")',
      "throws System.Text.RegularExpressions.RegexParseException: Invalid pattern '\\p{Xx}' at offset 6. Unknown property 'Xx'.",
    ],
    [
      'new Regex("(?(1)a|b|c)(x)")',
      "throws System.Text.RegularExpressions.RegexParseException: Invalid pattern '(?(1)a|b|c)(x)' at offset 11. Too many | in (?()|).",
    ],
    ['Regex.Match("aaa", "a{2}?").Value', 'System.String aa'],
    ['Regex.IsMatch("\u03a9", @"\\p{IsGreek}")', 'System.Boolean true'],
    ['Regex.Match("ab\\ncd", "^cd$", RegexOptions.Multiline).Index', 'System.Int32 3'],
    ['Regex.Match("aab", "(?>a*)ab").Success', 'System.Boolean false'],
    ['Regex.Match("abcd", @"(?<x>a)(?<y-x>bc)").Groups["y"].Value', 'System.String '],
    ['new Regex("b").Split("abcbd", 2).Length', 'System.Int32 2'],
    ['Regex.Match("tel: 12", @"\\G\\d").Success', 'System.Boolean false'],
    ['new Regex("o").Replace("foo boo", m => m.Index.ToString(), 3)', 'System.String f12 b5o'],
  ])('%s', (code, outcome) => {
    expect(evaluate(code)).toBe(outcome);
  });
});

const HOSTILE = 'new string(\'a\', 40) + "b", "^(a+)+$", RegexOptions.None, TimeSpan.FromSeconds(1)';

describe('a match timeout', () => {
  it.each([
    ['Regex.IsMatch("aab", "a+b", RegexOptions.None, TimeSpan.FromMilliseconds(50))', 'System.Boolean true'],
    [
      `Regex.IsMatch(${HOSTILE})`,
      'throws System.Text.RegularExpressions.RegexMatchTimeoutException: The Regex engine has timed out while trying to match a pattern to an input string. This can occur for many reasons, including very large inputs or excessive backtracking caused by nested quantifiers, back-references and other factors.',
    ],
    [`try { return Regex.Match(${HOSTILE}).Value; } catch (RegexMatchTimeoutException) { return "late"; }`, 'System.String late'],
    [
      `try { return Regex.Replace("x", "a", "b") + Regex.Matches(${HOSTILE}).Count; } catch (Exception e) { return e is TimeoutException; }`,
      'System.Boolean true',
    ],
    [
      `try { return Regex.Match(${HOSTILE}).Value; } catch (RegexMatchTimeoutException e) { return e.Pattern + e.MatchTimeout + e.Input.Length; }`,
      'System.String ^(a+)+$00:00:0141',
    ],
    ['new Regex("a", RegexOptions.None, TimeSpan.FromSeconds(2)).MatchTimeout', 'System.TimeSpan 00:00:02'],
    ['new Regex("a").MatchTimeout == Regex.InfiniteMatchTimeout', 'System.Boolean true'],
    ['new Regex("a", RegexOptions.None, Regex.InfiniteMatchTimeout).IsMatch("a")', 'System.Boolean true'],
    [
      'new Regex("a", RegexOptions.None, TimeSpan.Zero)',
      "throws System.ArgumentOutOfRangeException: Specified argument was out of the range of valid values. (Parameter 'matchTimeout')",
    ],
  ])('%s', (code, outcome) => {
    expect(evaluate(code)).toBe(outcome);
  });

  it('does not let a loop that catches it run on for ever', () => {
    expect(() => evaluate(`for (;;) { try { Regex.IsMatch(${HOSTILE}); } catch (Exception) { } }`)).toThrow(BudgetExhausted);
  });
});

describe('a hostile pattern', () => {
  it('ends with the budget of the evaluation', () => {
    const runtime = testRuntime({ steps: 20_000, depth: 100, allocation: 1_000_000 });
    expect(() => evaluate('Regex.IsMatch(new string(\'a\', 40) + "b", "^(a+)+$")', runtime)).toThrow(BudgetExhausted);
  });

  it('does not exhaust the stack on a long text', () => {
    expect(evaluate('Regex.Match(new string(\'a\', 200000), "^(?:a|b)*$").Length')).toBe('System.Int32 200000');
  });

  it('is read once for an engine that keeps patterns', () => {
    const runtime = { ...testRuntime(), patterns: new Map<string, unknown>() };
    evaluate('Regex.IsMatch("a", "a") && Regex.IsMatch("b", "a")', runtime);
    expect([...runtime.patterns.keys()]).toEqual(['a']);
  });
});
