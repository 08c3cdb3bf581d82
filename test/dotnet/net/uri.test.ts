import { describe, expect, it } from 'vitest';
import { evaluate } from '../../support/expressions.ts';

describe('Uri and UriBuilder', () => {
  it.each([
    ['new Uri("HTTP://Example.COM:80/a/../b?q=\u00fc#f").AbsoluteUri', 'System.String http://example.com/b?q=%C3%BC#f'],
    ['new Uri("http://h/a%2Fb%7E").ToString()', 'System.String http://h/a%2Fb~'],
    ['new Uri("mailto:a@b.test").Scheme', 'System.String mailto'],
    ['new Uri("http:///x")', 'throws System.UriFormatException: Invalid URI: The hostname could not be parsed.'],
    [
      'new Uri("http://a.test/x", UriKind.Relative)',
      "throws System.UriFormatException: A relative URI cannot be created because the 'uriString' parameter represents an absolute URI.",
    ],
    ['new Uri("http://[::1]:8080/").Host', 'System.String [::1]'],
    ['new Uri("http://a.test/b/c/d").MakeRelativeUri(new Uri("http://a.test/b/e?x=1"))', 'System.Uri ../e?x=1'],
    ['new Uri(new Uri("http://a.test/b/c?x"), "?y").ToString()', 'System.String http://a.test/b/c?y'],
    ['new Uri("http://a.test/b/c").GetComponents(UriComponents.Path, UriFormat.UriEscaped)', 'System.String b/c'],
    ['string.Join(" ", new Uri("http://a.test/b/c%20d/").Segments)', 'System.String / b/ c%20d/'],
    ['Uri.EscapeDataString("a b&\u00fc!*\'()")', 'System.String a%20b%26%C3%BC%21%2A%27%28%29'],
    ['Uri.UnescapeDataString("%E2%82%AC%FF")', 'System.String \u20ac%FF'],
    ['new UriBuilder("https://a.test/x").ToString()', 'System.String https://a.test:443/x'],
    ['Uri.IsWellFormedUriString("a b", UriKind.RelativeOrAbsolute)', 'System.Boolean false'],
    ['new Uri("file:///c:/a b.txt").LocalPath', 'System.String c:\\a b.txt'],
    ['Uri.CheckHostName("a_b..c")', 'System.UriHostNameType Unknown'],
    ['new Uri("http://u:p@a.test/x").GetLeftPart(UriPartial.Path)', 'System.String http://u:p@a.test/x'],
    ['new Uri("ftp://a.test").Port', 'System.Int32 21'],
  ])('%s', (code, outcome) => {
    expect(evaluate(code)).toBe(outcome);
  });
});
