import { describe, expect, it } from 'vitest';
import { formatProblems } from '../../src/cli/output.ts';
import type { Diagnostic } from '../../src/source/diagnostic.ts';
import { SourceFile } from '../../src/source/source-file.ts';
import { readDocument } from '../../src/xml/reader.ts';

const PROBLEM: Diagnostic = {
  code: 'PTC9999',
  severity: 'warning',
  file: new SourceFile('a,b:100%.xml', 'one\ntwo'),
  span: { start: 4, end: 7 },
  message: 'a "quoted" <name> & 100%\nwith\u0001 \ud800 control',
};

describe('the summary', () => {
  it('counts hints where there are some', () => {
    const told = formatProblems('pretty', 2, [PROBLEM, { ...PROBLEM, severity: 'info' }]);
    expect(told).toMatch(/\n2 documents checked: 0 errors, 1 warning, 1 info\n$/);
    expect(formatProblems('pretty', 1, [PROBLEM])).toMatch(/\n1 document checked: 0 errors, 1 warning\n$/);
  });
});

describe('problems with hostile text', () => {
  it('stay one workflow command on GitHub', () => {
    expect(formatProblems('github', 1, [PROBLEM])).toBe(
      '::warning file=a%2Cb%3A100%25.xml,line=2,col=1,title=PTC9999::a "quoted" <name> & 100%25%0Awith\u0001 \ud800 control\n',
    );
  });

  it('bring what to write instead, in the same command', () => {
    expect(formatProblems('github', 1, [{ ...PROBLEM, message: 'wrong', help: 'write `a`\nor 5%' }])).toMatch(
      /^::warning [^:]*::wrong%0Ahelp: write `a`%0Aor 5%25\n$/,
    );
  });

  it('stay well-formed in JUnit reports', () => {
    const report = formatProblems('junit', 1, [PROBLEM]);
    expect(report).toContain('message="a &quot;quoted&quot; &lt;name&gt; &amp; 100%&#10;with\ufffd \ufffd control"');
    expect(readDocument(report.replace(/^<\?xml[^>]*>\s*/, '').replaceAll('testsuites', 'policies'), 'report').problems).toEqual([]);
  });

  it('survive JSON and SARIF', () => {
    expect(JSON.parse(formatProblems('json', 1, [PROBLEM]))).toMatchObject({
      problems: [{ message: PROBLEM.message, line: 2, endColumn: 4 }],
    });
    expect(JSON.parse(formatProblems('sarif', 1, [PROBLEM]))).toMatchObject({ runs: [{ results: [{ level: 'warning' }] }] });
  });
});
