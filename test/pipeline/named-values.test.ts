import { describe, expect, test } from 'vitest';
import { compileExpression } from '../../src/csharp/compile.ts';
import { checkDocument } from '../../src/pipeline/document.ts';
import { namedValueReferences } from '../../src/pipeline/named-values.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { environmentOf, observed, type PolicyCase, runCase } from '../policies/runner.ts';

describe('references', () => {
  test.each([
    ['{{a}}', ['a']],
    ['x{{ a.b-c_1 }}y{{d}}', ['a.b-c_1', 'd']],
    ['{{1,"a"},{2,"b"}}', []],
    ['{{{a}}}', ['a']],
    ['{{a', []],
    ['{{}}', []],
    [`{{${'a'.repeat(257)}}}`, []],
  ])('%s', (text, names) => {
    expect(namedValueReferences(text).map((reference) => reference.name)).toEqual(names);
  });

  test('many opening braces are read in linear time', () => {
    const started = performance.now();
    namedValueReferences('{{ '.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

const CASES: readonly PolicyCase[] = [
  {
    name: 'part of a literal, and inside a string of an expression',
    inbound:
      '<set-header name="X"><value>a-{{v}}-b</value></set-header><set-header name="Y"><value>@("{{v}}".ToUpper())</value></set-header>',
    'named-values': { v: 'val' },
    expect: { sent: [{ headers: { X: 'a-val-b', Y: 'VAL' } }] },
  },
  {
    name: 'a whole expression, and code inside one',
    inbound: '<set-header name="X"><value>{{e}}</value></set-header><set-header name="Y"><value>@({{n}} + 1)</value></set-header>',
    'named-values': { e: '@(1 + 1)', n: '41' },
    expect: { sent: [{ headers: { X: '2', Y: '42' } }] },
  },
  {
    name: 'a number where a literal is checked',
    inbound: '<rate-limit-by-key calls="{{calls}}" renewal-period="60" counter-key="k" />',
    'named-values': { calls: 'many' },
    expect: { problems: ['1:46 PTC1016 `many` is not a whole number, which `calls` needs'] },
  },
  {
    name: 'markup in a value changes no structure',
    inbound: '<return-response><set-body>{{m}}</set-body></return-response>',
    'named-values': { m: '<a>&amp;</a>{{v}}' },
    expect: { body: '<a>&amp;</a>{{v}}' },
  },
  {
    name: 'an unknown name is refused at its place',
    inbound: '<set-variable name="x" value="a {{valeu}}" />',
    'named-values': { value: '1' },
    expect: { problems: ['1:52 PTC1021 the named value `valeu` does not exist'] },
  },
];

test.each(CASES)('$name', async (one) => {
  expect(observed(one, await runCase(one, compileExpression))).toEqual({ problems: [], ...one.expect });
});

test('an error behind a named value points at its own place', async () => {
  const one: PolicyCase = {
    name: 'position',
    inbound: '<set-variable name="x" value="@("{{v}}" + nope)" />',
    'named-values': { v: 'a much longer text than its name' },
    expect: { problems: ["1:62 CS0103 The name 'nope' does not exist in the current context"] },
  };
  expect(observed(one, await runCase(one, compileExpression))).toEqual(one.expect);
});

test('secrets do not reach listeners', async () => {
  const one: PolicyCase = {
    name: 'secret',
    inbound: '<set-header name="X"><value>key {{s}}</value></set-header><trace source="t"><message>{{s}}</message></trace>',
    'named-values': { s: { value: 'hunter2', secret: true } },
    expect: { sent: [{ headers: { X: 'key hunter2' } }] },
  };
  const outcome = await runCase(one, compileExpression);
  expect(observed(one, outcome)).toEqual({ problems: [], ...one.expect });
  const told = outcome.events.flatMap((event) => (event.kind === 'value-written' || event.kind === 'message' ? [event] : []));
  expect(told.map((event) => (event.kind === 'message' ? event.message : event.after))).toEqual(['key ****', '****']);
});

test.each([
  '<set-variable name="x" value="{{nope}}" />',
  '<retry condition="@({{flag}})" count="{{count}}" interval="{{i}}" />',
  '<set-variable name="x" value="@("{{nope}}".Length + {{n}})" />',
  '<include-fragment fragment-id="nope" />',
  '<set-backend-service backend-id="nope" />',
])('alone, %s is assumed to be right', (policy) => {
  const environment = { ...environmentOf({ name: 'alone', expect: {} }, compileExpression), standalone: true };
  const { document } = readDocument(`<policies><inbound>${policy}</inbound></policies>`, 'alone.xml');
  expect(checkDocument(document, undefined, environment)).toEqual([]);
});
