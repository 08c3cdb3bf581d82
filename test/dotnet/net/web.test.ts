import { describe, expect, it } from 'vitest';
import { evaluate } from '../../support/expressions.ts';

describe('WebUtility and IPAddress', () => {
  it.each([
    ['System.Net.WebUtility.UrlDecode("a+b%20c%C3%A9%")', 'System.String a b c\u00e9%'],
    ['System.Net.WebUtility.HtmlDecode("&hearts;&#x1F600;&#65;&amp;lt;")', 'System.String \u2665\ud83d\ude00A&lt;'],
    ['System.Net.WebUtility.HtmlEncode("\ud83d\ude00\u00ff\'")', 'System.String &#128512;&#255;&#39;'],
    ['System.Net.IPAddress.Parse("2001:DB8:0:0:1:0:0:1").ToString()', 'System.String 2001:db8::1:0:0:1'],
    ['System.Net.IPAddress.Parse("::ffff:1.2.3.4").ToString()', 'System.String ::ffff:1.2.3.4'],
    ['System.Net.IPAddress.Parse("1.2").ToString()', 'System.String 1.0.0.2'],
    ['System.Net.IPAddress.Parse("01.2.3.08")', 'throws System.FormatException: An invalid IP address was specified.'],
  ])('%s', (code, outcome) => {
    expect(evaluate(code)).toBe(outcome);
  });
});
