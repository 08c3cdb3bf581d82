import { describe, expect, test } from 'vitest';
import { appendQuery, decodeQuery, queryParts, removeQuery, setQuery } from '../../src/exchange/query.ts';
import { joinPath, Url } from '../../src/exchange/url.ts';

describe('Url.parse', () => {
  test.each([
    ['https://a.test', { scheme: 'https', host: 'a.test', port: 443, path: '', queryString: '' }, 'https://a.test'],
    ['HTTP://a.test:80/x?y=1#z', { scheme: 'http', host: 'a.test', port: 80, path: '/x', queryString: '?y=1' }, 'http://a.test/x?y=1'],
    ['https://u:p@a.test:8443/', { scheme: 'https', host: 'a.test', port: 8443, path: '/', queryString: '' }, 'https://a.test:8443/'],
    ['https://[::1]:81/x', { scheme: 'https', host: '[::1]', port: 81, path: '/x', queryString: '' }, 'https://[::1]:81/x'],
    ['https://a.test?x=a@b/c', { scheme: 'https', host: 'a.test', port: 443, path: '', queryString: '?x=a@b/c' }, 'https://a.test?x=a@b/c'],
  ])('%s', (text, parts, printed) => {
    const url = Url.parse(text);
    expect(url).toMatchObject(parts);
    expect(url?.toString()).toBe(printed);
  });

  test.each(['', '/path', 'a.test/x', '://a', 'https://', 'https://a:port/'])('%s is no absolute URL', (text) => {
    expect(Url.parse(text)).toBeUndefined();
  });
});

test.each([
  ['/svc', '/x', '/svc/x'],
  ['/svc/', '/x', '/svc/x'],
  ['', '/x', '/x'],
  ['/svc', '', '/svc'],
  ['/svc', 'x', '/svc/x'],
])('joinPath(%s, %s)', (base, path, joined) => {
  expect(joinPath(base, path)).toBe(joined);
});

describe('query', () => {
  test('parts are decoded and keep how they were written', () => {
    expect(queryParts('?a=1&b&&c=%20+&%zz=%e4')).toEqual([
      { name: 'a', value: '1', text: 'a=1' },
      { name: 'b', value: '', text: 'b' },
      { name: 'c', value: '  ', text: 'c=%20+' },
      { name: '%zz', value: '%e4', text: '%zz=%e4' },
    ]);
  });

  test.each([
    [setQuery('?a=1&B=2&b=3', 'b', ['x y']), '?a=1&b=x%20y'],
    [setQuery('', 'a', ['1', '2']), '?a=1&a=2'],
    [appendQuery('?a=1', 'a', ['2&']), '?a=1&a=2%26'],
    [removeQuery('?a=1', 'A'), ''],
    [appendQuery('', 'a', ['\ud800']), '?a=%EF%BF%BD'],
  ])('%s', (made, wanted) => {
    expect(made).toBe(wanted);
  });

  test('a broken escape stays as written beside good ones', () => {
    expect(decodeQuery('%41%')).toBe('A%');
  });
});
