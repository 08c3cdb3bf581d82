/** Where a text that YAML takes is no JSON. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonFault } from '../../src/source/json-syntax.ts';

function told(text: string): string | undefined {
  const fault = jsonFault(text);
  return fault && `${fault.span.start} ${fault.trouble} ${fault.text}`;
}

describe('JSON', () => {
  it.each([
    '{}',
    '[]',
    ' {"a": [1, -0.5e+3, true, false, null, "x\\u0022\\n", {}, []]}\r\n',
    '"text"',
    '\uFEFF{"a": 1}',
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ])('%# is taken', (text) => expect(told(text)).toBeUndefined());

  it.each([
    ['{ "a": [url goes here] }', '8 quotes url goes here'],
    ['{ "a": orders }', '7 quotes orders'],
    ["{ 'a': 1 }", "2 quotes 'a'"],
    ['{ a: 1 }', '2 quotes a'],
    ['{ "a": 01 }', '7 quotes 01'],
    ['{ "a": .5 }', '7 quotes .5'],
    ['{ "a": True }', '7 quotes True'],
    ['a: 1\nb: 2', '0 quotes a'],
    ['- a', '0 quotes - a'],
    ['{ "a": 1, }', '8 comma ,'],
    ['[1, 2,\n]', '5 comma ,'],
    ['{ "a": [1], "b": 2,  }', '18 comma ,'],
    ['{ "a": 1 } # why', '11 comment # why'],
    ['{ // why\n "a": 1 }', '2 comment // why'],
    ['{ /* why */ "a": 1 }', '2 comment /* why */ "a": 1 }'],
    ['{ "a": "two\nlines" }', '7 unexpected "'],
    ['{ "a": "\\x" }', '7 unexpected "'],
    ['{ "a" 1 }', '6 unexpected 1'],
    ['{ "a", "b" }', '5 unexpected ,'],
    ['{ "a": 1 "b": 2 }', '9 unexpected "'],
    ['{ "a": 1 ]', '9 unexpected ]'],
    ['{ "a": 1', '8 unexpected '],
    ['{} {}', '3 unexpected {'],
    ['{ : 1 }', '2 unexpected :'],
    ['[,]', '1 unexpected ,'],
    ['', '0 unexpected '],
  ])('%j is not: %s', (text, expected) => expect(told(text)).toBe(expected));

  it('is found behind strings of any length', () => {
    expect(told(`{"a":"${'x'.repeat(20_000_000)}",}`)).toBe('20000007 comma ,');
  });

  it('takes time in proportion to the text', () => {
    const started = performance.now();
    jsonFault(`[${'"a", '.repeat(200_000)}b]`);
    jsonFault(`[${' '.repeat(1_000_000)}b]`);
    jsonFault(`["${'\\"'.repeat(500_000)}`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
