/** `portico fmt` on the collection's documents (see real-documents.test.ts): laid out once and for all, and the same program as before. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { formatPolicy } from '../../src/workspace/format.ts';
import { readDocument } from '../../src/xml/reader.ts';
import type { Value, XmlNode } from '../../src/xml/tree.ts';

const FOLDER = process.env.PORTICO_CORPUS ?? '../shared/corpus';
const { engine, compile } = createExpressions({ anyMember: true });

function valuesOf(node: XmlNode): readonly Value[] {
  if (node.kind === 'element') return [...node.attributes.map(({ value }) => value), ...node.children.flatMap(valuesOf)];
  return node.kind === 'text' || node.kind === 'cdata' ? [node.value] : [];
}

/** The JavaScript that each expression becomes, or the codes of what is wrong with it. */
function programs(nodes: readonly XmlNode[]): readonly string[] {
  return nodes.flatMap(valuesOf).flatMap(({ kind, text }) => {
    if (kind === 'literal') return [];
    const { expression, diagnostics } = compile(text, kind, engine);
    return [expression?.code ?? diagnostics.map(({ code }) => code).join(' ')];
  });
}

describe.skipIf(!existsSync(FOLDER))('a laid out document', () => {
  it.each(['documents', 'extra', 'embedded'])(
    'of %s stays as it is, and means what it meant',
    (folder) => {
      let compared = 0;
      for (const name of readdirSync(join(FOLDER, folder))) {
        const { document, problems } = readDocument(readFileSync(join(FOLDER, folder, name), 'utf8'), name);
        if (problems.some(({ severity }) => severity === 'error')) continue;
        const text = formatPolicy(document);
        const again = readDocument(text, name).document;
        expect(formatPolicy(again), name).toBe(text);
        const [before, after] = [programs(document.nodes), programs(again.nodes)];
        expect(after, name).toEqual(before);
        compared += before.length;
      }
      expect(compared).toBeGreaterThan(0);
    },
    120_000,
  );
});
