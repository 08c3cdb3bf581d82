import { describe, expect, test } from 'vitest';
import { compileExpression } from '../../src/csharp/compile.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { environmentOf } from '../policies/runner.ts';
import { compileEffective, type ScopedDocuments } from '../support/effective.ts';

const environment = environmentOf({ name: 'scopes', expect: {} }, compileExpression);

/** `A1` stands for a trace with that source; `base` for itself. */
function section(name: string, content: string): string {
  const policies = content.split(' ').map((word) => (word === 'base' ? '<base />' : `<trace source="${word}">m</trace>`));
  return `<${name}>${content === '' ? '' : policies.join('')}</${name}>`;
}

function documentsOf(texts: Readonly<Record<string, string>>): ScopedDocuments {
  return Object.fromEntries(
    Object.entries(texts).map(([scope, text]) => [scope, readDocument(`<policies>${text}</policies>`, `${scope}.xml`).document]),
  );
}

function order(texts: Readonly<Record<string, string>>, name: 'inbound' | 'outbound' | 'backend' | 'on-error'): string[] {
  const effective = compileEffective(documentsOf(texts), environment);
  expect(effective.diagnostics).toEqual([]);
  return effective.sections[name].map(({ info }) => {
    const text = info.file.text.slice(info.span.start, info.span.end);
    return /source="([^"]*)"/.exec(text)?.[1] ?? info.policy;
  });
}

describe('the worked example of the gateway model', () => {
  const documents = {
    global: section('inbound', 'G1') + section('outbound', 'G9'),
    product: section('inbound', 'base P1') + section('outbound', 'base P9'),
    api: section('inbound', 'A1 base A2') + section('outbound', 'base A9'),
    operation: section('inbound', 'base O1') + section('outbound', 'O9 base'),
  };
  test('inbound', () => expect(order(documents, 'inbound')).toEqual(['A1', 'G1', 'P1', 'A2', 'O1']));
  test('outbound', () => expect(order(documents, 'outbound')).toEqual(['O9', 'G9', 'P9', 'A9']));
  test('backend comes from the default global document', () => expect(order(documents, 'backend')).toEqual(['forward-request']));
  test('without a product its documents are not part of the chain', () => {
    const { product: _, ...rest } = documents;
    expect(order(rest, 'inbound')).toEqual(['A1', 'G1', 'A2', 'O1']);
  });
});

test.each([
  ['a missing section inherits', section('outbound', 'A9'), ['G1']],
  ['an empty section cuts inheritance', section('inbound', ''), []],
  ['a section without base cuts it, too', section('inbound', 'A1'), ['A1']],
  ['base twice runs the outer scope twice', section('inbound', 'base base'), ['G1', 'G1']],
])('%s', (_name, api, wanted) => {
  expect(order({ global: section('inbound', 'G1'), api }, 'inbound')).toEqual(wanted);
});

test('base in the global document does nothing', () => {
  expect(order({ global: section('inbound', 'base G1') }, 'inbound')).toEqual(['G1']);
});

test('a step knows its scope and its place in its own document', () => {
  const effective = compileEffective(documentsOf({ global: section('inbound', 'G1 G2'), api: section('inbound', 'A1 base') }), environment);
  expect(effective.sections.inbound.map(({ info }) => [info.scope, info.path])).toEqual([
    ['api', 'trace[1]'],
    ['global', 'trace[1]'],
    ['global', 'trace[2]'],
  ]);
});
