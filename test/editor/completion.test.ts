import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { completionsAt } from '../../src/editor/completion.ts';
import { hoverAt } from '../../src/editor/hover.ts';
import { ALONE, usesOf } from '../../src/editor/navigation.ts';
import { isNameFor } from '../../src/editor/rename.ts';
import { testLenses } from '../../src/editor/test-lenses.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { readDocument } from '../../src/xml/reader.ts';

const { engine } = createExpressions();

/** `|` marks the place. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  const { document } = readDocument(marked.slice(0, offset) + marked.slice(offset + 1), 'policy.xml');
  return { document, offset };
}

function labels(marked: string): string[] {
  const { document, offset } = at(marked);
  return completionsAt(document, offset, { engine, workspace: undefined }).map(({ label }) => label);
}

const variable = (code: string) => `<policies><inbound><set-variable name="a" value="${code}" /></inbound></policies>`;

describe('completion', () => {
  it.each([
    ['roots', '<|', ['policies', 'fragment'], ['inbound']],
    ['sections', '<policies>\n  <|', ['inbound', 'on-error'], ['set-header']],
    ['policies of the section', '<policies><inbound><|', ['set-header', 'validate-jwt', 'base'], ['cache-store', 'when']],
    ['policies of another section', '<policies><outbound><set-|', ['set-header', 'cache-store'], ['validate-jwt']],
    ['declared children', '<policies><inbound><choose><|</choose></inbound></policies>', ['when', 'otherwise'], ['set-header']],
    ['policies inside of a branch', '<policies><inbound><choose><when condition="@(true)"><|', ['set-header'], ['cache-store']],
    ['the open element', '<policies><inbound><choose></|', ['choose'], []],
    ['attributes that are not there yet', '<policies><inbound><set-header name="a" |', ['exists-action'], ['name']],
    [
      'values of an attribute',
      '<policies><inbound><set-header exists-action="|" name="a"><value>1</value></set-header></inbound></policies>',
      ['override', 'delete'],
      [],
    ],
    ['members of context', variable('@(context.|)'), ['Request', 'Variables'], ['Equal']],
    ['members in a chain', variable('@(context.Request.He|aders)'), ['Headers', 'Url'], []],
    ['members of a local', variable('@{ var x = context.Request.Url; x.|\n return 1; }'), ['Host', 'Query'], ['Request']],
    [
      'members of a lambda parameter',
      variable('@{ var list = new List<string>(); return list.Where(s => s.|).Count(); }'),
      ['StartsWith', 'Length'],
      ['Add'],
    ],
    ['static members', variable('@(DateTime.|)'), ['UtcNow', 'Parse'], ['AddDays']],
    ['types and context', variable('@(c|)'), ['context', 'Guid', 'string'], ['File']],
    ['an expression that is not closed', '<policies><inbound><set-variable name="a" value="@(context.Request.|', ['Headers'], []],
    ['nothing in a string', variable('@("context.|")'), [], ['Request']],
    ['nothing in text', '<policies><inbound>|</inbound></policies>', [], ['set-header']],
  ])('offers %s', (_, marked, wanted, unwanted) => {
    const offered = labels(marked);
    expect(offered).toEqual(expect.arrayContaining(wanted));
    for (const label of unwanted) expect(offered).not.toContain(label);
  });

  it('inserts what an element needs', () => {
    const { document, offset } = at('<policies><inbound><|');
    const snippet = (name: string) =>
      completionsAt(document, offset, { engine, workspace: undefined }).find(({ label }) => label === name)?.snippet;
    expect(snippet('set-variable')).toBe('set-variable name="$1" value="$2" />$0');
    expect(snippet('choose')).toBe('choose>\n\t<when condition="$1">$2</when>\n</choose>$0');
  });
});

describe('hover', () => {
  const hover = (marked: string) => {
    const { document, offset } = at(marked);
    return hoverAt(document, offset, engine, undefined)?.text ?? '';
  };
  it.each([
    [
      'a policy',
      '<policies><inbound><set-he|ader name="a"><value>1</value></set-header></inbound></policies>',
      'Sets, adds to or removes an HTTP header.',
    ],
    [
      'an attribute',
      '<policies><inbound><set-header name="a" exists-act|ion="skip"><value>1</value></set-header></inbound></policies>',
      'one of override, skip, append, delete',
    ],
    ['a member', variable('@(context.Request.Hea|ders.Count)'), 'IReadOnlyDictionary<string, string[]> Headers { get; }'],
    ['a local', variable('@{ var number = 5; return num|ber; }'), 'int number'],
    ['a named value', '<policies><inbound><set-method>{{na|me}}</set-method></inbound></policies>', 'named value `name`'],
    ['nothing', '<policies><inbound> | </inbound></policies>', ''],
  ])('tells about %s', (_, marked, text) => {
    expect(hover(marked)).toContain(text);
  });
});

describe('variables', () => {
  it('are found where they are set and read', () => {
    const text = variable('@((string)context.Variables["b"] + context.Variables.GetValueOrDefault("a", ""))');
    const { document } = readDocument(text, 'policy.xml');
    expect(usesOf({ kind: 'variable', name: 'a' }, document, ALONE).map(({ span }) => text.slice(span.start - 1, span.end + 1))).toEqual([
      '"a"',
      '"a"',
    ]);
    expect(usesOf({ kind: 'variable', name: 'b' }, document, ALONE)).toHaveLength(1);
  });

  it('have names without quotes and markup', () => {
    expect(['user', 'user id', 'a"b', '', 'a<b', '{{x}}'].map((name) => isNameFor('variable', name))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('lenses', () => {
  it('stand at the list and at each test', () => {
    const text =
      'suite: a\ntests:\n  - name: one\n    steps:\n      - name: inner\n  - name: "two, quoted"\n  - { name: three, request: GET / }\n';
    expect(testLenses(text).map(({ title, test }) => test ?? title)).toEqual(['Run all tests', 'one', 'two, quoted', 'three']);
  });
});

describe('a document that is being written', () => {
  it('is answered wherever it ends', () => {
    const text = readFileSync('test/workspace/format/orders.in.xml', 'utf8');
    for (let end = 0; end <= text.length; end += 3) {
      const { document } = readDocument(text.slice(0, end), 'policy.xml');
      expect(() => {
        completionsAt(document, end, { engine, workspace: undefined });
        hoverAt(document, end, engine, undefined);
      }).not.toThrow();
    }
  });
});
