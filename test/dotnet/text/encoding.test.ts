import { describe, expect, it } from 'vitest';
import { evaluate } from '../../support/expressions.ts';

describe('Encoding and StringComparer', () => {
  it.each([
    ['Encoding.Unicode.GetString(new byte[] { 0x00, 0xD8 })', 'System.String \ufffd'],
    ['Encoding.Latin1.GetBytes("\u0100\u20ac\u00e9")', 'System.Byte[] QT/p'],
    ['Encoding.UTF8.GetBytes("\\uD800")', 'System.Byte[] 77+9'],
    ['Encoding.UTF32.GetString(Encoding.UTF32.GetBytes("\ud83d\ude00"))', 'System.String \ud83d\ude00'],
    [
      'Encoding.GetEncoding(1252)',
      'throws System.NotSupportedException: No data is available for encoding 1252. For information on defining a custom encoding, see the documentation for the Encoding.RegisterProvider method.',
    ],
    ['Encoding.GetEncoding("UTF-16").WebName', 'System.String utf-16'],
    [
      'Encoding.UTF8.GetString(new byte[] { 65, 66, 67 }, 1, 5)',
      "throws System.ArgumentOutOfRangeException: Index and count must refer to a location within the buffer. (Parameter 'bytes')",
    ],
    ['Encoding.ASCII.GetBytes("\ud83d\ude00")', 'System.Byte[] Pz8='],
    ['StringComparer.OrdinalIgnoreCase.Equals("ABC", "abc")', 'System.Boolean true'],
  ])('%s', (code, outcome) => {
    expect(evaluate(code)).toBe(outcome);
  });
});
