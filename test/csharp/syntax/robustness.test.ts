import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../src/csharp/syntax/parser.ts';
import type { Placed } from '../../../src/csharp/syntax/walk.ts';
import { childrenOf } from '../../../src/csharp/syntax/walk.ts';

/** Texts of the kind that published policies hold. */
const SEEDS: readonly (readonly ['single' | 'multi', string])[] = [
  [
    'single',
    'context.Request.Headers.GetValueOrDefault("Authorization", "").Split(\' \').Last().AsJwt()?.Claims["roles"].Contains("admin") ?? false',
  ],
  [
    'single',
    '((IResponse)context.Variables["response"]).Body.As<JObject>(preserveContent: true)["items"].Select(t => (string)t["id"]).ToArray()',
  ],
  [
    'single',
    '$"{context.Request.Url.Path,-10:x}{(a ? "b" : $@"c{d}""")}" + (from x in y where x > 1 group x by x % 2 into g select new { g.Key })',
  ],
  [
    'multi',
    'var body = context.Request.Body.As<string>();\n// text\nif (body == null || body.Length > 1_000) { return new JObject(new JProperty("a", 0x1F)).ToString(); }\nreturn body;',
  ],
  [
    'multi',
    'int n = 0; foreach (var (k, v) in pairs) { switch (v) { case int i when i > 0: n += i; goto default; case string s: break; default: continue; } } try { lock (n) { n--; } } catch (Exception e) when (e.Message != null) { throw; } finally { } return n;',
  ],
  [
    'multi',
    'int F<T>(ref T a, params int[] rest) => rest[0]; Func<int, int> g = delegate (int x) { return x; }; var (p, q) = (1, g(2)); return @"a""b" + \'\\n\' + p;',
  ],
];
const PIECES = [
  ...'(){}[]<>?:;,."\'@$#\\=!&|^+-*/% \n',
  '=>',
  'is ',
  'as ',
  'new ',
  'int ',
  'var ',
  'case ',
  'from ',
  'throw ',
  '$"{',
  '/*',
  '..',
  'await ',
];

const mutation = fc.record({
  at: fc.nat(400),
  remove: fc.nat(6),
  insert: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })),
});

function mutate(text: string, changes: readonly { readonly at: number; readonly remove: number; readonly insert: string }[]): string {
  return changes.reduce((now, { at, remove, insert }) => {
    const place = at % (now.length + 1);
    return now.slice(0, place) + insert + now.slice(place + remove);
  }, text);
}

/** Every node lies in the text and inside its parent. */
function expectNested(root: Placed, length: number): void {
  const waiting: { readonly node: Placed; readonly start: number; readonly end: number }[] = [{ node: root, start: 0, end: length }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { span } = next.node;
    if (span.start < next.start || span.end > next.end || span.end < span.start) {
      expect.fail(`${next.node.kind} ${span.start}-${span.end} leaves ${next.start}-${next.end}`);
    }
    for (const node of childrenOf(next.node)) waiting.push({ node, ...span });
  }
}

describe('whatever the text', () => {
  it('gives a tree whose places are nested and faults in the order of the text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SEEDS), fc.array(mutation, { maxLength: 4 }), ([kind, seed], changes) => {
        const text = mutate(seed, changes);
        const { root, errors } = parseExpression(text, kind);
        expectNested(root, text.length);
        const starts = errors.map(({ span }) => span.start);
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
        for (const { span } of errors) expect(span.start >= 0 && span.end <= text.length && span.start <= span.end).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  // Found by the property above.
  it.each(['new [] rest) => a', 'new [] '])('keeps what is missing inside of what lacks it: %s', (text) => {
    const { root, errors } = parseExpression(text, 'multi');
    expect(errors).not.toEqual([]);
    expectNested(root, text.length);
  });

  it('accepts the seeds', () => {
    for (const [kind, text] of SEEDS) expect(parseExpression(text, kind).errors).toEqual([]);
  });
});

const MANY = 10_000;
const DEEP: readonly (readonly [string, string])[] = [
  ['parentheses', '('.repeat(MANY)],
  ['calls', 'f('.repeat(MANY)],
  ['generics', 'a<'.repeat(MANY)],
  ['casts', `${'(a)'.repeat(MANY)}1`],
  ['prefixes', `${'!'.repeat(MANY)}a`],
  ['lambdas', `${'x=>'.repeat(MANY)}1`],
  ['tuples', '(a,'.repeat(MANY)],
  ['conditionals', `${'a?b:'.repeat(MANY)}c`],
  ['sums', `1${'+1'.repeat(MANY)}`],
  ['members', `a${'.b'.repeat(MANY)}`],
  ['null checks', 'a?.b'.repeat(MANY)],
  ['strings in strings', '$"{'.repeat(MANY)],
  ['objects', 'new A{'.repeat(MANY)],
  ['blocks', '{'.repeat(MANY)],
  ['ifs', 'if(a)'.repeat(MANY)],
  ['else ifs', `${'if(a)b();else '.repeat(MANY)}c();`],
  ['queries', 'from x in '.repeat(MANY)],
  ['array types', `int${'[]'.repeat(MANY)} x;`],
  ['type arguments', `${'List<'.repeat(MANY)}int${'>'.repeat(MANY)} x;`],
  ['labels', 'a:'.repeat(MANY)],
  ['conditions', '#if\n'.repeat(MANY)],
];

describe('deep and long texts', () => {
  it.each(DEEP)('neither hang nor overflow: %s', (_, text) => {
    // Time of the processor, not of the clock: other work on the machine is none of its business.
    const before = process.cpuUsage().user;
    for (const kind of ['single', 'multi'] as const) expect(parseExpression(text, kind).errors.length).toBeGreaterThan(0);
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(2000);
  });

  it('says CS8078 where nesting is too deep', () => {
    const { errors } = parseExpression(`${'('.repeat(2000)}1${')'.repeat(2000)}`, 'single');
    expect(errors.map(({ code, message }) => `${code} ${message}`)).toEqual(['CS8078 An expression is too long or complex to compile']);
  });

  it('reads what a person would nest', () => {
    expect(parseExpression(`${'('.repeat(60)}1${')'.repeat(60)}`, 'single').errors).toEqual([]);
    expect(parseExpression(`"a"${' + "b"'.repeat(400)}`, 'single').errors).toEqual([]);
  });
});
