/** Every policy has an example document, and each is accepted alone. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../src/pipeline/document.ts';
import type { PolicyEnvironment } from '../../src/pipeline/environment.ts';
import { isKnownPolicy, POLICIES } from '../../src/policies/registry.ts';
import { diagnosticRow } from '../../src/source/render.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { examplePath } from '../../tools/docs/policies.ts';

const expressions = createExpressions();

const environment: PolicyEnvironment = {
  engine: expressions.engine,
  compileExpression: expressions.compile,
  namedValues: new Map(),
  fragments: new Map(),
  services: { backend: () => undefined, hasBackend: () => true, hasCertificate: () => true, tokens: undefined, gates: new Map() },
  standalone: true,
  lenient: false,
};

describe('examples of policies', () => {
  it('are about policies that API Management knows', () => {
    const names = readdirSync('docs/examples').map((name) => name.replace(/\.xml$/, ''));
    expect(names.filter((name) => !isKnownPolicy(name))).toEqual([]);
  });

  it.each(POLICIES.map(({ name }) => name))('%s: the example is accepted and uses the policy', (name) => {
    const text = readFileSync(examplePath(name), 'utf8');
    const { document, problems } = readDocument(text, examplePath(name));
    expect([...problems, ...checkDocument(document, undefined, environment)].map(diagnosticRow)).toEqual([]);
    expect(text).toContain(`<${name}`);
  });
});
