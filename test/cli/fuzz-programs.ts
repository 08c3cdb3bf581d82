/** Programs for the fuzz test: expressions shaped by the grammar, and known texts with their tokens mixed up. */
import fc from 'fast-check';
import { grammarPrograms } from './fuzz-grammar.ts';

const TOKEN = /@?"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'|[A-Za-z_]\w*|\d[\w.]*|[<>=!+\-*/%&|^?]{1,3}|\s+|[^\s\w]/g;

/** Pieces that are put in anywhere: what compilers trip over. */
const PIECES = [
  'null',
  'default',
  '(int?)null',
  'x => x',
  'out var z',
  'new { }',
  'new int[0]',
  'new[] { }',
  'throw new Exception()',
  'typeof(int)',
  'int.MaxValue',
  '-1',
  '0',
  '1e308',
  '2147483648',
  '0.1m',
  '"\\0"',
  '""',
  "'a'",
  '$"{1,2000000000}"',
  '(1, 2)',
  'context',
  'var',
  'is',
  'as',
  'this',
  'await',
  'dynamic',
  'ref',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '<',
  '>',
  ',',
  ';',
  '?',
  ':',
  '=>',
  '??',
  '?.',
  '..',
  '@',
  '#',
  '\\',
  '// c',
  '/*',
  'List<',
  'string',
  'object',
  '.ToString()',
  '.First()',
  '.Length',
  '[0]',
  '[-1]',
  '++',
  '--',
  '+=',
  '= 1',
  'return',
  'goto',
  'checked',
  'PadLeft(int.MaxValue)',
  "new string('a', int.MaxValue)",
  'Enumerable.Repeat(0, int.MaxValue)',
  'nameof(',
  'stackalloc',
  '\u{1F600}',
  '\uD800',
];

/** One change to a list of tokens; positions are fractions, so that they fit any length. */
type Edit = readonly [kind: 'delete' | 'double' | 'swap' | 'insert' | 'replace', at: number, other: number, piece: string];

const edit: fc.Arbitrary<Edit> = fc.tuple(
  fc.constantFrom('delete', 'double', 'swap', 'insert', 'replace'),
  fc.double({ min: 0, max: 0.999, noNaN: true }),
  fc.double({ min: 0, max: 0.999, noNaN: true }),
  fc.constantFrom(...PIECES),
);

function applied(tokens: string[], [kind, at, other, piece]: Edit): string[] {
  const place = Math.floor(at * tokens.length);
  const second = Math.floor(other * tokens.length);
  const [one = '', two = ''] = [tokens[place], tokens[second]];
  switch (kind) {
    case 'delete':
      return tokens.toSpliced(place, 1);
    case 'double':
      return tokens.toSpliced(place, 0, one);
    case 'swap':
      return tokens.with(place, two).with(second, one);
    case 'insert':
      return tokens.toSpliced(place, 0, piece);
    case 'replace':
      return tokens.with(place, piece);
  }
}

function mutated(text: string, edits: readonly Edit[]): string {
  let tokens: string[] = text.match(TOKEN) ?? [text];
  for (const one of edits) if (tokens.length > 0) tokens = applied(tokens, one);
  return tokens.join('');
}

/** Known texts with one to four edits of their tokens; the delimiters stay. */
function mutants(seeds: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 4 })).map(([seed, edits]) => {
    const isBlock = seed.startsWith('@{');
    const inner = mutated(isBlock ? seed.slice(2, -1) : seed, edits);
    return isBlock ? `@{${inner}}` : `@(${inner})`;
  });
}

const LITERALS = [
  '1',
  '0',
  '-1',
  '2.5',
  '1m',
  '3L',
  '7u',
  'true',
  'null',
  '"a"',
  '"12"',
  "'c'",
  '1.5f',
  'int.MinValue',
  'double.NaN',
  'DateTime.MinValue',
];
const OPERATORS = ['+', '-', '*', '/', '%', '==', '!=', '<', '>=', '&&', '||', '&', '|', '^', '<<', '>>', '??'];
const MEMBERS = [
  '.ToString()',
  '.Length',
  '.Count()',
  '.First()',
  '.Select(x => x)',
  '.Where(x => true)',
  '?.GetHashCode()',
  '[0]',
  '.Equals(1)',
  '.GetType()',
  '.ToList()',
  '.Value',
  '.CompareTo(1)',
];
const TYPES = [
  'int',
  'string',
  'object',
  'double',
  'decimal',
  'long?',
  'char',
  'bool',
  'byte',
  'DateTime',
  'JToken',
  'int[]',
  'List<string>',
  'IEnumerable<object>',
];
const FORMATS = ['N2', 'X', 'yyyy', '00.00', 'G', 'P', 'e3', '#;-#;0', '{', '"'];

/** Expressions by the grammar: mostly of the wrong types, which the checker must say, and now and then of the right ones. */
const shaped: fc.Arbitrary<string> = fc
  .letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constantFrom(...LITERALS),
      fc.tuple(tie('expression'), fc.constantFrom(...OPERATORS), tie('expression')).map((parts) => `(${parts.join(' ')})`),
      fc.tuple(tie('expression'), fc.constantFrom(...MEMBERS)).map(([target, member]) => `(${target})${member}`),
      fc.tuple(fc.constantFrom(...TYPES), tie('expression')).map(([type, value]) => `(${type})(${value})`),
      fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      fc.tuple(tie('expression'), fc.constantFrom(...TYPES)).map(([value, type]) => `(${value} is ${type} v)`),
      fc.array(tie('expression'), { maxLength: 3 }).map((items) => `new[] { ${items.join(', ')} }`),
      fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `new { a = ${a}, b = ${b} }`),
      fc.tuple(tie('expression'), fc.constantFrom(...FORMATS)).map(([value, format]) => `string.Format("{0,3:${format}}", ${value})`),
      fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `Math.Max(${a}, ${b})`),
      tie('expression').map((value) => `Convert.ToInt32(${value})`),
      tie('expression').map((value) => `JToken.FromObject(${value})`),
      tie('expression').map((value) => `new Func<object>(() => ${value})()`),
    ),
  }))
  .expression.map((text) => `@(${text})`);

/** Programs for the fuzz test; `seeds` are texts with `@{ }` around blocks and nothing around expressions. */
export function programs(seeds: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof({ arbitrary: mutants(seeds), weight: 3 }, { arbitrary: shaped, weight: 2 }, { arbitrary: grammarPrograms, weight: 4 });
}
