/** Reports of `portico test`, made from one run with everything in it; a few flags on the command line. */

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAIN, reporterNamed } from '../../src/cli/test-reporters.ts';
import { githubReport, jsonReport, junitReport, tapReport } from '../../src/cli/test-reports.ts';
import { Runner, type SuiteOutcome } from '../../src/testing/runner.ts';
import { directoryWith, documentWith, portico } from './support.ts';

const POLICY = documentWith('        <set-header name="X-Who" exists-action="override"><value>ana</value></set-header>');
const SUITE = `suite: who
policies: policy.xml
tests:
  - { name: right, request: GET /, expect: { status: 200 } }
  - name: "wrong # one"
    request: GET /
    expect:
      forwarded: { headers: { x-who: cleo } }
  - { name: later, skip: not yet, request: GET /, expect: {} }
`;

let directory = directoryWith({});
let outcomes: SuiteOutcome[] = [];

beforeAll(async () => {
  directory = directoryWith({
    'policy.xml': POLICY,
    'a.test.yaml': SUITE,
    'broken.test.yaml': 'policies: policy.xml\ntests:\n  - { name: a, request: GET /, expext: {} }\n',
  });
  const runner = new Runner();
  outcomes = [await runner.run(join(directory.path, 'a.test.yaml')), await runner.run(join(directory.path, 'broken.test.yaml'))];
});
afterAll(() => directory.remove());

describe('reports', () => {
  it('pretty: excerpt with a caret, who wrote the value, counts', () => {
    let text = '';
    const reporter = reporterNamed('pretty', (more) => (text += more), PLAIN);
    for (const outcome of outcomes) reporter.suite(outcome);
    reporter.end(outcomes);
    expect(text).toContain('written by set-header at ');
    expect(text).toContain(
      '          8 |       forwarded: { headers: { x-who: cleo } }\n            |                                      ^^^^\n',
    );
    expect(text).toContain('  skip  later not yet\n');
    expect(text).toContain('help: did you mean `expect`?');
    expect(text).toMatch(/\n1 test passed, 1 failed, 1 skipped, 1 suite broken\n$/);
  });

  it('pretty: shows of long lines and values what is around the difference', async () => {
    const far = `${'.'.repeat(600)}X${'.'.repeat(600)}`;
    const path = join(directory.path, 'long.test.yaml');
    const suite = `policies: policy.xml\ntests: [{ name: a, request: GET /, backend: { body: ${far} }, expect: { status: 200, body: ${far.replace('X', 'Y')} } }]\n`;
    writeFileSync(path, suite);
    let text = '';
    const reporter = reporterNamed('pretty', (more) => (text += more), PLAIN);
    reporter.suite(await new Runner().run(path));
    rmSync(path);
    expect(text).toContain(`  expected  …${'.'.repeat(100)}Y${'.'.repeat(299)}… (1201 characters)\n`);
    expect(text).toContain(`  actual    …${'.'.repeat(100)}X${'.'.repeat(299)}… (1201 characters)\n`);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(500);
    expect(text).toMatch(/\n {10}2 \| .{160}\n {12}\| {81}\^{80}\n/);
  });

  it('show control characters as text, and differences of one name under names of their own', () => {
    const difference = { what: 'status', expected: '200', actual: '\u001b[31m5\r', writtenBy: undefined, because: ['no answer'], line: 3 };
    const test = { index: 0, name: 'a', line: 2, milliseconds: 1, differences: [difference, difference], failure: undefined };
    const outcome = { suite: 's', file: 'a.test.yaml', path: '/a.test.yaml', problems: [], obsolete: [], tests: [test] };
    let text = '';
    reporterNamed('pretty', (more) => (text += more), PLAIN).suite(outcome);
    expect(text).toContain('actual    \\u001b[31m5\\r\n');
    expect(githubReport([outcome])).not.toMatch(/[\u001b\r]/);
    const tap = tapReport([outcome]);
    expect([...tap.matchAll(/^ {2}"(.+?)":/gm)].map(([, name]) => name)).toEqual(['at', 'status', 'status (2)']);
    expect(tap).toContain(', because no answer (a.test.yaml:3)');
    expect(junitReport([outcome])).toContain(', because no answer');
  });

  it('json: a summary and every test', () => {
    expect(JSON.parse(jsonReport(outcomes))).toMatchObject({
      summary: { passed: 1, failed: 1, skipped: 1, broken: 1 },
      suites: [
        {
          suite: 'who',
          tests: [
            { name: 'right', passed: true },
            {
              name: 'wrong # one',
              passed: false,
              differences: [{ what: 'forwarded.headers.x-who', expected: 'cleo', actual: 'ana', line: 8 }],
            },
            { name: 'later', passed: false, skipped: 'not yet' },
          ],
        },
        { problems: [expect.stringMatching(/:3: PTC5005 /), expect.any(String)], tests: [] },
      ],
    });
  });

  it('tap: a point a test, YAML blocks, directives escaped', () => {
    const lines = tapReport(outcomes).split('\n');
    expect(lines.slice(0, 4)).toEqual(['TAP version 14', '1..5', 'ok 1 - who > right', 'not ok 2 - who > wrong \\# one']);
    expect(lines).toContain('ok 3 - who > later # SKIP not yet');
    expect(lines.filter((line) => line.startsWith('not ok'))).toHaveLength(3);
    expect(lines.find((line) => line.includes('forwarded.headers.x-who'))).toMatch(
      /^ {2}".*": "expected cleo, actual ana, written by set-header at /,
    );
  });

  it('github: an annotation for each failed test and problem', () => {
    const lines = githubReport(outcomes).trimEnd().split('\n');
    expect(lines[0]).toMatch(
      /^::error file=.*a\.test\.yaml,line=8,title=who%3A wrong # one::forwarded\.headers\.x-who: expected cleo, actual ana$/,
    );
    expect(lines[1]).toMatch(/^::error file=.*broken\.test\.yaml,line=3,title=PTC5005::/);
  });

  it('junit: failures, skips and errors', () => {
    const text = junitReport(outcomes);
    expect(text).toContain('<testsuite name="who" tests="3" failures="1" errors="0" time="');
    expect(text).toMatch(/^<testsuites name="portico test" tests="\d" failures="1" errors="[1-9]" time="[\d.]+">$/m);
    expect(text).toMatch(
      /<failure type="failure" message="forwarded[^"]*">[^<]*a\.test\.yaml:8 forwarded\.headers\.x-who: expected cleo, actual ana, written by set-header at /,
    );
    expect(text).toContain('name="later" time="0.000"><skipped message="not yet"/></testcase>');
  });
});

describe('portico test', () => {
  it('writes several reports at once, coverage and its threshold beside them', async () => {
    const { code, out } = await portico(
      [
        'test',
        'a.test.yaml',
        '--reporter',
        'pretty',
        '--reporter',
        'junit',
        '--output',
        'out/junit.xml',
        '--coverage-reporter',
        'text,lcov',
        '--filter',
        '/^right$/',
        '--threshold',
        '100',
      ],
      { cwd: directory.path },
    );
    expect(code).toBe(0);
    expect(out).toMatch(/\n1 test passed, 0 failed\n/);
    expect(out).toMatch(/all files +\| +100% \|/);
    expect(readFileSync(join(directory.path, 'out/junit.xml'), 'utf8')).toContain('<testsuite name="who" tests="1"');
    expect(existsSync(join(directory.path, 'coverage/lcov.info'))).toBe(true);
  });

  it('judges by mutants, and tells what callers see of failures', async () => {
    const run = await portico(['test', 'a.test.yaml', '--filter', 'right', '--mutate-threshold', '100', '--faults'], {
      cwd: directory.path,
    });
    expect(run.code).toBe(1);
    expect(run.out).toContain('drop-policy: without <set-header> (1 test reaches it)');
    expect(run.out).toContain('\n      help: expect what only this policy brings about\n');
    expect(run.out).toMatch(/2 mutants: 0 killed, 2 survived; mutation score 0%/);
    expect(run.out).toMatch(
      /\n {2}backend GET https:\/\/gateway\.test\/ {2}500 +500 +500 \+300s +500 +200 cut off +BackendConnectionFailure, Timeout\n/,
    );
  });

  it('json: holds coverage, mutants and failures too', async () => {
    const args = ['test', 'a.test.yaml', '--filter', 'right', '--coverage', '--mutate', '--faults', '--reporter', 'json'];
    const { code, out, err } = await portico(args, { cwd: directory.path });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      summary: { passed: 1 },
      coverage: { total: { lines: { percent: 100 } }, files: [{ file: 'policy.xml' }] },
      mutation: {
        score: 0,
        survivors: [
          { kind: 'drop-policy', file: 'policy.xml', line: 3, column: 9, help: 'expect what only this policy brings about' },
          { line: 5 },
        ],
      },
      faults: [
        { test: 'right', kind: 'backend', call: 'GET https://gateway.test/', cells: [{ failure: 'refuse', seen: '500' }, {}, {}, {}, {}] },
      ],
    });
    expect(err).toContain('mutation score 0%');
  });

  it.each([
    [['--threshold', '101'], /a number from 0 to 100/],
    [['--watch', '--mutate'], /--mutate does not go with --watch/],
    [['--against', 'http://127.0.0.1:9', '--coverage-reporter', 'lcov'], /--coverage-reporter does not go with --against/],
    [['--filter', '/(/'], /Unterminated group/],
    [['policy.xml'], /`policy\.xml` is no test file: tests stand in files named \*\.test\.yaml/],
    [['--reporter', 'xml'], /Allowed choices are pretty, json, junit, tap, github/],
    [['--coverage-reporter', 'pdf'], /Allowed choices are text, lcov, html, json/],
    [['--timeout', 'soon'], /a duration such as/],
    [['--against', 'nowhere'], /is no URL of a gateway/],
    [['--import', 'nowhere.har'], /there is no file `nowhere\.har`/],
    [['--out', 'a.yaml'], /--out goes with --import/],
  ])('takes %j as wrong use', async (args, message) => {
    const { code, err } = await portico(['test', 'a.test.yaml', ...args], { cwd: directory.path });
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});
