import { describe, expect, it } from 'vitest';
import { evaluate } from '../../support/expressions.ts';

describe('String', () => {
  it.each([
    [
      '"Hello".Substring(9)',
      "throws System.ArgumentOutOfRangeException: startIndex cannot be larger than length of string. (Parameter 'startIndex')",
    ],
    ['"Hello".Substring(1, 3)', 'System.String ell'],
    [
      '"Hello".Remove(3, 9)',
      "throws System.ArgumentOutOfRangeException: Index and count must refer to a location within the string. (Parameter 'count')",
    ],
    ['"Hello".LastIndexOf("l", 2)', 'System.Int32 2'],
    ['"Hello".LastIndexOf("")', 'System.Int32 5'],
    ['"a-b-c".Replace("-", "--")', 'System.String a--b--c'],
    ['"ABCabc".Replace("b", "_", StringComparison.OrdinalIgnoreCase)', 'System.String A_Ca_c'],
    [
      'string.Join("|", "a,,b, ,c".Split(new[] { \',\' }, 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))',
      'System.String a|b|c',
    ],
    ['string.Join("|", "a::b:c".Split("::"))', 'System.String a|b:c'],
    ['string.Compare("a", "B")', 'System.Int32 -1'],
    ['string.Compare("a", "B", StringComparison.Ordinal)', 'System.Int32 31'],
    ['string.CompareOrdinal("apple", "apx")', 'System.Int32 -8'],
    ['"stra\u00dfe".ToUpper()', 'System.String STRA\u00dfE'],
    ['"\u0391\u03a3".ToLower()', 'System.String \u03b1\u03c3'],
    ['"abc".PadLeft(5, \'*\')', 'System.String **abc'],
    ['string.Concat(new object[] { 1, null, true })', 'System.String 1True'],
    ['"a\\u0301b".IndexOf("b")', 'System.Int32 2'],
    [
      '"x".IndexOf("x", 2)',
      "throws System.ArgumentOutOfRangeException: Index was out of range. Must be non-negative and less than or equal to the size of the collection. (Parameter 'startIndex')",
    ],
    ['string.Join(",", new List<int> { 1, 2 })', 'System.String 1,2'],
    ["new string('x', 3)", 'System.String xxx'],
    ['"\\u00a0 x\\u2003".Trim()', 'System.String x'],
    ['"abc".StartsWith("AB", true, null)', 'System.Boolean true'],
    ['"a\\r\\nb\\u2028c".ReplaceLineEndings("|")', 'System.String a|b|c'],
  ])('%s', (code, outcome) => {
    expect(evaluate(code)).toBe(outcome);
  });
});
