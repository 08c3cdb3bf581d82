/** Each rule carries a document that it reports and a repaired one; both are true. */
import { describe, expect, it } from 'vitest';
import { type LintDiagnostic, lintAlone, lintWorkspace } from '../../src/lint/lint.ts';
import type { LintRule } from '../../src/lint/model.ts';
import { LINT_RULES } from '../../src/lint/registry.ts';
import { checkDocument } from '../../src/pipeline/document.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { lintWorkspaceOf } from './support.ts';

const ONLY = new Map(LINT_RULES.map(({ code }) => [code, 'off' as const]));

function found(rule: LintRule, text: string): LintDiagnostic[] {
  const severities = new Map([...ONLY, [rule.code, rule.severity]]);
  const { document } = readDocument(text, 'policy.xml');
  const alone = lintAlone(document, { severities });
  return rule.operation ? [...alone, ...lintWorkspace(lintWorkspaceOf(text), { severities })] : alone;
}

const expressions = createExpressions();

/** Snippets are documents that Azure would accept, apart from what the snippet leaves open. */
function errors(text: string): string[] {
  const read = readDocument(text, 'policy.xml');
  const environment = {
    engine: expressions.engine,
    compileExpression: expressions.compile,
    namedValues: new Map(),
    fragments: new Map(),
    services: { backend: () => undefined, hasBackend: () => true, hasCertificate: () => true, tokens: undefined, gates: new Map() },
    standalone: true,
    lenient: false,
  };
  const problems = [...read.problems, ...checkDocument(read.document, undefined, environment)];
  return problems.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code} ${message}`);
}

describe.each(LINT_RULES.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
  it('reports the bad snippet, at a place, and says what to write', () => {
    const [first] = found(rule, rule.bad);
    expect(first).toMatchObject({ code: rule.code, rule: rule.name, severity: rule.severity });
    expect(first?.message).not.toMatch(/\.$/);
    expect(first?.help).not.toBe('');
    expect(first?.span.end).toBeGreaterThan(first?.span.start ?? 0);
  });

  it('is silent about the repaired one', () => {
    expect(found(rule, rule.good).map(({ message }) => message)).toEqual([]);
  });

  it('shows snippets that are no errors anyway', () => {
    expect({ bad: errors(rule.bad), good: errors(rule.good) }).toEqual({ bad: [], good: [] });
  });

  it('may be silenced', () => {
    const silenced = `<!-- portico-disable-next-line ${rule.name}: on purpose -->\n${rule.bad.replaceAll('\n', ' ')}`;
    const { document, problems } = readDocument(silenced, 'policy.xml');
    expect(problems).toEqual([]);
    if (!rule.bad.includes('\n')) expect(lintAlone(document).filter(({ code }) => code === rule.code)).toEqual([]);
  });
});

describe('the rules together', () => {
  it('are forty or more, with codes and names of their own', () => {
    expect(LINT_RULES.length).toBeGreaterThanOrEqual(40);
    expect(new Set(LINT_RULES.map(({ code }) => code)).size).toBe(LINT_RULES.length);
    expect(new Set(LINT_RULES.map(({ name }) => name)).size).toBe(LINT_RULES.length);
  });
});
