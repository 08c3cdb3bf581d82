import { describe, expect, it } from 'vitest';
import { evaluate } from '../../support/expressions.ts';

describe('Char', () => {
  it.each([
    ["char.GetUnicodeCategory('_')", 'System.Globalization.UnicodeCategory ConnectorPunctuation'],
    ['char.IsLetterOrDigit("\u00e9", 0)', 'System.Boolean true'],
    ["char.ToUpperInvariant('\u0131')", 'System.Char \u0131'],
    ["char.GetNumericValue('\u2167')", 'System.Double 8'],
    [
      'char.ConvertFromUtf32(0xD800)',
      "throws System.ArgumentOutOfRangeException: A valid UTF32 value is between 0x000000 and 0x10ffff, inclusive, and should not include surrogate codepoint values (0x00d800 ~ 0x00dfff). (Parameter 'utf32')",
    ],
    ["char.IsPunctuation('-')", 'System.Boolean true'],
    ['char.Parse("")', 'throws System.FormatException: String must be exactly one character long.'],
    ["char.IsWhiteSpace('\\u0085')", 'System.Boolean true'],
    ["char.IsSymbol('\u20ac')", 'System.Boolean true'],
  ])('%s', (code, outcome) => {
    expect(evaluate(code)).toBe(outcome);
  });
});
