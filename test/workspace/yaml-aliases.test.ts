/** Anchors, aliases and merge keys in YAML files; byte order marks and several documents. */
import { describe, expect, it } from 'vitest';
import { diagnosticRow } from '../../src/source/render.ts';
import { readConfig } from '../../src/workspace/config-file.ts';

function read(text: string) {
  const problems: string[] = [];
  const root = readConfig(text, 'a.yaml', (problem) => {
    const { line, column, code, message } = diagnosticRow(problem);
    problems.push(`${line}:${column} ${code} ${message}`);
  });
  return { root, problems };
}

describe('anchors', () => {
  it.each([
    ['an alias', 'a: &x { n: 1 }\nb: *x\n', { a: { n: 1 }, b: { n: 1 } }],
    ['an alias in a list', 'a: &x [1]\nb: [*x, *x]\n', { a: [1], b: [[1], [1]] }],
    ['an alias of a text', 'a: &x hello\nb: *x\n', { a: 'hello', b: 'hello' }],
    ['the anchor that came last', 'a: &x 1\nb: *x\nc: &x 2\nd: *x\n', { a: 1, b: 1, c: 2, d: 2 }],
    ['a merge key: own members win', 'a: &x { n: 1, m: 2 }\nb: { <<: *x, n: 3 }\n', { a: { n: 1, m: 2 }, b: { m: 2, n: 3 } }],
    [
      'several mappings: the first wins',
      'a: &x { n: 1 }\nc: &y { n: 2, m: 2 }\nb: { <<: [*x, *y] }\n',
      { a: { n: 1 }, c: { n: 2, m: 2 }, b: { n: 1, m: 2 } },
    ],
    ['a byte order mark', '\uFEFFa: 1\nb: 2\n', { a: 1, b: 2 }],
  ])('%s', (_what, text, value) => {
    const { root, problems } = read(text);
    expect([problems, root.plain()]).toEqual([[], value]);
  });

  it('are read as entries', () => {
    const { root } = read('a: &x { n: 1 }\nb: { <<: *x, m: *x }\n');
    expect([root.get('b').get('n').number(), root.get('b').get('m').get('n').number()]).toEqual([1, 1]);
    expect(
      root
        .get('b')
        .members()
        .map(([name]) => name),
    ).toEqual(['n', 'm']);
  });

  it.each([
    ['a cycle', 'given: &g { a: *g }\n', '1:16 PTC5173 `*g` stands for something that holds it'],
    ['a cycle through a merge key', 'given: &g\n  <<: *g\n', '2:7 PTC5173 `*g` stands for something that holds it'],
    ['several documents', 'a: 1\n---\na: 2\n', '2:1 PTC5172 the file holds several YAML documents'],
  ])('%s is an error', (_what, text, problem) => {
    expect(read(text).problems).toEqual([problem]);
  });

  it('are bounded: a few lines cannot stand for billions of entries', () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let at = 1; at < 12; at += 1) lines.push(`a${at}: &a${at} [${Array.from({ length: 10 }, () => `*a${at - 1}`).join(',')}]`);
    const started = performance.now();
    const { problems } = read(lines.join('\n'));
    expect(problems[0]).toMatch(/^\d+:\d+ PTC5174 `\*a4` stands for more than 100,000 entries$/);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
