import { expect, test } from 'vitest';
import { queryView } from '../../src/exchange/context/dictionaries.ts';
import { types } from '../support/expressions.ts';

const pairs = (query: string) => [...queryView(types, query)].map(({ key, value }) => [key, [...(value as string[])]]);

test('going through a query gives each name once, as first written, with all its values', () => {
  expect(pairs('?a=1&A=2&b&__proto__=3')).toEqual([
    ['a', ['1', '2']],
    ['b', ['']],
    ['__proto__', ['3']],
  ]);
});

test('a query of very many names is gone through in one pass', () => {
  const query = `?${Array.from({ length: 20_000 }, (_, at) => `k${at}`).join('&')}`;
  const started = performance.now();
  expect(pairs(query)).toHaveLength(20_000);
  expect(queryView(types, query).netValues.netCount).toBe(20_000);
  expect(performance.now() - started).toBeLessThan(2_000);
});
