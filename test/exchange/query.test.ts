import { describe, expect, it } from 'vitest';
import { appendQuery, queryParts, removeQuery, setQuery, withoutEmptyParts } from '../../src/exchange/query.ts';

describe('a query that is changed', () => {
  it.each([
    ['', 'a', ['1'], '?a=1'],
    ['', 'a', [], ''],
    ['?', 'a', ['1'], '?a=1'],
    ['?b=2', 'a', ['1'], '?b=2&a=1'],
    ['?a=0', 'a', ['1'], '?a=1'],
    ['?b&A=0&c=%20&a=9', 'a', ['1', '2'], '?b&a=1&a=2&c=%20'],
    ['?a=0&b', 'a', [], '?b'],
    ['?a', 'a', [], ''],
    ['?&&b=+&', 'a b', ['x&y'], '?b=+&a%20b=x%26y'],
    ['?%61=0&b', 'a', ['1'], '?a=1&b'],
    ['?=0', '', ['1'], '?=1'],
  ])('%j with %s = %j is %j', (query, name, values, expected) => {
    expect(setQuery(query, name, values)).toBe(expected);
  });

  it.each([
    ['?A=1&b=2&a', 'a', '?b=2'],
    ['?&&', 'a', ''],
    ['', 'a', ''],
  ])('%j without %s is %j', (query, name, expected) => {
    expect(removeQuery(query, name)).toBe(expected);
  });

  it.each([
    ['?a=1&', 'a', ['2'], '?a=1&a=2'],
    ['', 'a', [], ''],
  ])('%j and %s = %j more is %j', (query, name, values, expected) => {
    expect(appendQuery(query, name, values)).toBe(expected);
  });

  it.each(['', '?', '?&', '?a=1', '?a&b=%26', '?a&&b', '?&a', '?a&', 'a=1', '?a==&b?'])(
    '%j loses its empty parts and nothing else',
    (query) => {
      const parts = queryParts(query).map(({ text }) => text);
      expect(withoutEmptyParts(query)).toBe(parts.length === 0 ? '' : `?${parts.join('&')}`);
    },
  );
});
