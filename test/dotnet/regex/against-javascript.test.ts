/** Patterns that mean the same in JavaScript must find the same: what the matcher leaves out must not be missed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget } from '../../../src/csharp/runtime/budget.ts';
import { Expression } from '../../../src/dotnet/regex/expression.ts';

/** Sets of ASCII only, since \w and \d mean more in .NET than here. */
const unit = fc.constantFrom('a', 'b', 'c', '1', ' ', '[ab]', '[^a]', '[a-c1]', '[^b ]', '.', '\\.', '-');
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '{1,2}', '{2}', '{0,2}?');

const { pattern } = fc.letrec<{ pattern: string; item: string; solid: string }>((tie) => ({
  // A group that may be empty is not repeated: the two dialects leave such loops differently.
  solid: fc.tuple(unit, tie('pattern')).map(([first, rest]) => `(?:${first}(?:${rest}))`),
  item: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(unit, quantifier).map((parts) => parts.join('')),
    tie('pattern').map((inner) => `(${inner})`),
    fc.tuple(tie('solid'), quantifier).map((parts) => parts.join('')),
    tie('pattern').map((inner) => `(?=${inner})`),
    tie('pattern').map((inner) => `(?!${inner})`),
  ),
  pattern: fc.oneof(
    { maxDepth: 3 },
    fc.array(tie('item'), { minLength: 1, maxLength: 4 }).map((items) => items.join('')),
    fc.tuple(tie('pattern'), tie('pattern')).map((items) => items.join('|')),
  ),
}));

const whole = fc
  .tuple(fc.constantFrom('', '', '^'), pattern, fc.constantFrom('', '', '$'))
  .map(([start, inner, end]) => `${start}(?:${inner})${end}`);
const text = fc.array(fc.constantFrom('a', 'b', 'c', '1', ' ', '.', '-', 'é'), { maxLength: 14 }).map((units) => units.join(''));

test('matches begin and end where JavaScript has them', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(whole, text, (source, input) => {
      const expected = new RegExp(source).exec(input);
      const expression = new Expression(source, 0);
      const found = expression.find(input, 0, new Budget());
      expect(found?.span ?? null, `${source} on ${input}`).toEqual(expected && [expected.index, expected.index + expected[0].length]);
      expect(expression.isMatch(input, 0, new Budget())).toBe(expected !== null);
    }),
    { numRuns: Number(process.env.PORTICO_FUZZ_RUNS ?? 1500), seed: Number(process.env.PORTICO_FUZZ_SEED ?? 20261122) },
  );
});
