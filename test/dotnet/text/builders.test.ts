import { describe, expect, it } from 'vitest';
import { evaluate } from '../../support/expressions.ts';

describe('StringBuilder, StringReader, StringWriter', () => {
  it.each([
    ['new StringBuilder("abc").Insert(1, 42).Append(2.5m).ToString()', 'System.String a42bc2.5'],
    ['new StringBuilder("aXbX").Replace("X", "--").Remove(0, 1).ToString()', 'System.String --b--'],
    ['new StringBuilder().AppendJoin(", ", new[] { 1, 2 }).ToString()', 'System.String 1, 2'],
    [
      'new StringBuilder("abc").ToString(1, 9)',
      "throws System.ArgumentOutOfRangeException: Index was out of range. Must be non-negative and less than or equal to the size of the collection. (Parameter 'length')",
    ],
    [
      "new StringBuilder().Append('x', -1)",
      "throws System.ArgumentOutOfRangeException: repeatCount ('-1') must be a non-negative value. (Parameter 'repeatCount')\nActual value was -1.",
    ],
    ['new StringReader("a\\r\\nb").ReadLine()', 'System.String a'],
    ['var w = new StringWriter(); w.Write("{0}:{1}", 1, "b"); w.WriteLine(true); return w.ToString();', 'System.String 1:bTrue\n'],
  ])('%s', (code, outcome) => {
    expect(evaluate(code)).toBe(outcome);
  });
});
