/** The parts of the page that need no browser. */
import { describe, expect, it } from 'vitest';
import type { CallSummary } from '../../../src/gateway/console/call-rows.ts';
import { expressionPieces } from '../../../web/console/expressions.ts';
import { matches } from '../../../web/console/filter.ts';
import { bytes, distance, milliseconds, pathOf, pretty } from '../../../web/console/format.ts';

const CALL: CallSummary = {
  id: 'c866',
  time: 0,
  method: 'POST',
  url: 'http://127.0.0.1:8080/orders/7?expand=lines',
  state: 'failed',
  status: 401,
  duration: 3,
  api: 'orders',
  operation: 'get-order',
  product: null,
  subscription: null,
  backend: null,
  error: { source: 'validate-jwt', reason: 'TokenNotPresent', message: 'JWT not present.', section: 'inbound', path: null },
};

describe('the filter of requests', () => {
  it.each([
    ['', true],
    ['  ', true],
    ['orders', true],
    ['ORDERS get-order', true],
    ['orders nothing', false],
    ['status:401', true],
    ['status:4', true],
    ['status:4xx', true],
    ['status:5xx', false],
    ['method:post', true],
    ['method:get', false],
    ['api:orders', true],
    ['path:/orders/7', true],
    ['path:8080', false],
    ['error:jwt', true],
    ['id:c8', true],
    ['-orders', false],
    ['-status:4xx', false],
    ['-status:5xx', true],
    ['-', true],
    ['expand:lines', false],
    ['?expand=lines', true],
  ])('%j', (filter, expected) => expect(matches(CALL, filter)).toBe(expected));
});

describe('C# in a policy document', () => {
  const shown = (text: string) => expressionPieces(text).map(({ from, to, kind }) => `${kind} ${text.slice(from, to)}`);
  it.each([
    ['<value>plain me@(x) (y)</value>', []],
    ['<value>@(a(b))</value>', ['code @(a(b))']],
    ['<when condition="@(x["a"] == "b)")">', ['code @(x["a"] == "b)")', 'string "a"', 'string "b)"']],
    ['<set-body>@{ return "}"; /* } */ }</set-body>', ['code @{ return "}"; /* } */ }', 'string "}"', 'comment /* } */']],
    ["<a b='@('(')' />", ["code @('(')", "string '('"]],
    ['<a b="@(never" />', ['code @(never" />']],
    ['mail@example.org {a}', []],
  ])('%s', (text, expected) => expect(shown(text)).toEqual(expected));

  it('is found in one pass', () => {
    const started = performance.now();
    expressionPieces('">@('.repeat(50_000));
    expressionPieces(`>@(${'('.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('figures', () => {
  it.each([
    [milliseconds(0.123), '0.12 ms'],
    [milliseconds(12.34), '12.3 ms'],
    [milliseconds(1234), '1234 ms'],
    [milliseconds(12_345), '12.3 s'],
    [bytes(10), '10 B'],
    [bytes(2048), '2.0 KiB'],
    [distance(0, 3000), '3 s ago'],
    [distance(600_000, 0), 'in 10 min'],
    [pathOf('https://a.b/c?d'), '/c?d'],
    [pathOf('https://a.b'), '/'],
    [pretty('{"a":1}'), '{\n  "a": 1\n}'],
    [pretty('{"a":'), '{"a":'],
  ])('%s', (given, expected) => expect(given).toBe(expected));
});
