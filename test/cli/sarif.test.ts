/** What readers of reports ask of them: code scanning, JUnit, GitLab. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatProblems } from '../../src/cli/output.ts';
import { lintAlone } from '../../src/lint/lint.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { directoryWith } from './support.ts';

const TEXT = `<policies><inbound><base />
<set-method>get</set-method>
<!-- portico-disable-next-line method-case: an old backend -->
<set-method>get</set-method>
<trace source="a"><message>@(context.Request.Headers.GetValueOrDefault("Cookie", ""))</message></trace>
</inbound></policies>`;
const lint = (text: string, name = 'policy fragments/a b.xml') => lintAlone(readDocument(text, name).document, { keepSilenced: true });

interface Run {
  readonly results: readonly Record<string, unknown>[];
  readonly tool: { readonly driver: { readonly rules: readonly Record<string, unknown>[] } };
}
const runOf = (text: string): Run => JSON.parse(formatProblems('sarif', 1, lint(text))).runs[0];

describe('sarif', () => {
  it('describes every rule of a result', () => {
    const { results, tool } = runOf(TEXT);
    for (const { ruleId, ruleIndex } of results) {
      const rule = tool.driver.rules[Number(ruleIndex)];
      expect(rule).toMatchObject({
        id: ruleId,
        name: expect.any(String),
        shortDescription: { text: expect.stringMatching(/\.$/) },
        fullDescription: { text: expect.stringMatching(/\.$/) },
        helpUri: expect.stringMatching(/^https:/),
        help: { text: expect.any(String), markdown: expect.stringContaining('```xml') },
        defaultConfiguration: { level: expect.stringMatching(/^(?:none|note|warning|error)$/) },
        properties: { tags: expect.any(Array), 'problem.severity': expect.any(String) },
      });
    }
    expect(tool.driver.rules.find(({ id }) => id === 'PTL602')).toMatchObject({ properties: { 'security-severity': '6.0' } });
  });

  it('says where, what repairs it, and what is silenced and why', () => {
    const { results } = runOf(TEXT);
    expect(results.filter(({ ruleId }) => ruleId === 'PTL805')).toMatchObject([
      {
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'policy%20fragments/a%20b.xml' },
              region: { startLine: 2, startColumn: 13, endColumn: 16, charOffset: TEXT.indexOf('get'), charLength: 3 },
            },
          },
        ],
        fixes: [{ artifactChanges: [{ replacements: [{ insertedContent: { text: 'GET' } }] }] }],
        suppressions: [],
      },
      { suppressions: [{ kind: 'inSource', justification: 'an old backend' }] },
    ]);
  });

  it('keeps fingerprints when lines move, and tells equal lines apart', () => {
    const prints = (text: string) => runOf(text).results.map((result) => JSON.stringify(result.partialFingerprints));
    expect(prints(TEXT.replace('\n', '\n\n\n'))).toEqual(prints(TEXT));
    expect(new Set(prints(TEXT)).size).toBe(3);
  });
});

describe('code climate', () => {
  it('has a fingerprint of its own for each issue', () => {
    const issues = JSON.parse(formatProblems('codeclimate', 1, lint(TEXT))) as Record<string, unknown>[];
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    expect(issues[0]).toMatchObject({
      type: 'issue',
      categories: ['Bug Risk'],
      severity: 'minor',
      location: { lines: { begin: 2, end: 2 } },
    });
  });
});

const hasXmllint = spawnSync('xmllint', ['--version']).error === undefined;
const directory = directoryWith({});
afterAll(() => directory.remove());

describe('junit', () => {
  it.skipIf(!hasXmllint)('is well-formed, with and without problems', () => {
    for (const problems of [lint(TEXT, 'a"<&>\u0001.xml'), []]) {
      const file = join(directory.path, 'report.xml');
      writeFileSync(file, formatProblems('junit', 1, problems));
      expect(() => execFileSync('xmllint', ['--noout', file])).not.toThrow();
    }
  });

  it('holds a case that passed when nothing was found', () => {
    expect(formatProblems('junit', 2, [])).toContain('<testcase classname="portico" name="2 documents"/>');
  });
});
