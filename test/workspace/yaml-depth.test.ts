/** Which files nest too deeply to be parsed. */
import { expect, it } from 'vitest';
import { isTooDeep } from '../../src/workspace/yaml-depth.ts';

const MANY = 250;

it.each<[string, string, boolean]>([
  ['lists', '['.repeat(MANY), true],
  ['JSON', '{"a": '.repeat(MANY), true],
  ['JSON on lines', '{\n"a":\n'.repeat(MANY), true],
  ['anchors', '&a ['.repeat(MANY), true],
  ['tags behind a key', `a: ${'!!seq ['.repeat(MANY)}`, true],
  ['behind a quoted text', `["]", '}', ${'['.repeat(MANY)}`, true],
  ['words in brackets', '[a '.repeat(MANY), true],
  ['compact lists', '- '.repeat(MANY), true],
  ['brackets that close', '[{}],\n'.repeat(MANY), false],
  ['patterns', 'pattern: ^[^[]+$\n'.repeat(MANY), false],
  ['quoted patterns', `pattern: '^[^[]+{'\nother: "[\\"{"\n`.repeat(MANY), false],
  ['patterns inside of brackets', '- { pattern: \'^[^[]+$\', other: "[[" }\n'.repeat(MANY), false],
  ['texts with brackets', 'description: see [1 and {2\n'.repeat(MANY), false],
  ['quotes that are apostrophes', "description: it's [one\n".repeat(MANY), false],
])('%s', (_, text, expected) => expect(isTooDeep(text)).toBe(expected));

it('takes time in proportion to the text', () => {
  const started = performance.now();
  for (const text of ['"', "'", '\\"', '&', ' ', 'a: "']) isTooDeep(text.repeat(1_000_000));
  expect(performance.now() - started).toBeLessThan(2_000);
});
