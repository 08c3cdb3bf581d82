/** Results of tests for programs: JSON, JUnit, TAP, GitHub's workflow commands. */
import { type DiagnosticRow, diagnosticRow } from '../source/render.ts';
import { hasFailed, type SuiteVerdict, type TestVerdict } from '../testing/runner.ts';
import { visible } from './control-characters.ts';
import { withHelp, xml } from './output.ts';
import { countsOf, type Findings } from './test-counts.ts';

export function jsonReport(outcomes: readonly SuiteVerdict[], findings: Findings = {}): string {
  const { passed, failed, skipped, broken } = countsOf(outcomes);
  return `${JSON.stringify({ summary: { passed, failed, skipped, broken }, suites: outcomes.map(jsonSuite), ...findings })}\n`;
}

function jsonSuite({ suite, file, tests, problems }: SuiteVerdict): object {
  const problemTexts = problems.map(
    (problem) => `${problem.file.name}:${problem.file.positionAt(problem.span.start).line}: ${problem.code} ${problem.message}`,
  );
  return { suite, file, problems: problemTexts, tests: tests.map(jsonTest) };
}

function jsonTest(test: TestVerdict): object {
  const { name, line, milliseconds, failure, skipped } = test;
  const differences = test.differences.map(({ what, expected, actual, writtenBy, because, line: at }) => ({
    what,
    expected,
    actual,
    writtenBy,
    because,
    line: at,
  }));
  const isSkipped = skipped === undefined ? {} : { skipped };
  return { name, line, milliseconds, passed: !hasFailed(test) && skipped === undefined, differences, failure, ...isSkipped };
}

export function junitReport(outcomes: readonly SuiteVerdict[]): string {
  const suites = outcomes.map((outcome) => {
    const { suite, file, tests, problems } = outcome;
    const errors = problems.filter(({ severity }) => severity === 'error').map(diagnosticRow);
    const cases = [...tests.map((test) => junitCase(test, file)), ...errors.map(junitError)].join('');
    const skipped = tests.filter((test) => test.skipped !== undefined).length;
    const skips = skipped > 0 ? ` skipped="${skipped}"` : '';
    return `  <testsuite name="${xml(suite)}" ${junitCounts([outcome])}${skips} file="${xml(file)}">\n${cases}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="portico test" ${junitCounts(outcomes)}>\n${suites.join('')}</testsuites>\n`;
}

/** A test that could not run at all is an error, one whose expectations do not hold a failure. */
function junitCounts(outcomes: readonly SuiteVerdict[]): string {
  const tests = outcomes.flatMap((outcome) => outcome.tests);
  const broken = outcomes.flatMap(({ problems }) => problems.filter(({ severity }) => severity === 'error')).length;
  const errors = tests.filter(({ failure }) => failure !== undefined).length;
  const failures = tests.filter(hasFailed).length - errors;
  const seconds = tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
  return `tests="${tests.length + broken}" failures="${failures}" errors="${errors + broken}" time="${seconds.toFixed(3)}"`;
}

/** What keeps a suite from running is a case in error. */
function junitError({ file, line, column, code, message }: DiagnosticRow): string {
  const name = `${code} ${line}:${column}`;
  return `    <testcase classname="${xml(file)}" name="${xml(name)}"><error type="${code}" message="${xml(message)}"/></testcase>\n`;
}

function junitCase(test: TestVerdict, file: string): string {
  const open = `    <testcase classname="${xml(file)}" name="${xml(test.name)}" time="${(test.milliseconds / 1000).toFixed(3)}"`;
  if (test.skipped !== undefined) return `${open}><skipped message="${xml(test.skipped)}"/></testcase>\n`;
  if (!hasFailed(test)) return `${open}/>\n`;
  const kind = test.failure === undefined ? 'failure' : 'error';
  const text = failureText(test);
  return `${open}><${kind} type="${test.differences[0]?.what === 'time' ? 'timeout' : kind}" message="${xml(text)}">${xml(failureLines(test, file))}</${kind}></testcase>\n`;
}

function failureText({ failure, differences }: TestVerdict): string {
  const shown = differences.map(
    ({ what, expected, actual, because }) => `${what}: expected ${expected}, actual ${actual}${because ? ` (${because.join('; ')})` : ''}`,
  );
  return failure ?? shown.join('; ');
}

/** A difference a line, with its place; where collectors show more than the message. */
function failureLines(test: TestVerdict, file: string): string {
  const rows = test.differences.map(
    ({ what, expected, actual, writtenBy, because, line }) =>
      `${file}:${line} ${what}: expected ${expected}, actual ${actual}${writerText(writtenBy)}${becauseText(because)}`,
  );
  return test.failure === undefined ? rows.join('\n') : `${file}:${test.line} ${test.failure}`;
}

function writerText(writtenBy: string | undefined): string {
  return writtenBy === undefined ? '' : `, written by ${writtenBy}`;
}

function becauseText(because: readonly string[] = []): string {
  return because.length === 0 ? '' : `, because ${because.join('; ')}`;
}

/** TAP 14; YAML blocks hold what differed. */
export function tapReport(outcomes: readonly SuiteVerdict[]): string {
  const points = outcomes.flatMap((outcome) => [
    ...outcome.tests.map((test) => (number: number) => tapTest(outcome, test, number)),
    ...outcome.problems
      .filter(({ severity }) => severity === 'error')
      .map(diagnosticRow)
      .map(
        (row) => (number: number) =>
          `not ok ${number} - ${tapText(`${outcome.suite} > ${row.code}`)}\n${tapBlock([
            ['message', row.message],
            ['at', `${row.file}:${row.line}`],
          ])}`,
      ),
  ]);
  return `TAP version 14\n1..${points.length}\n${points.map((point, at) => point(at + 1)).join('')}`;
}

function tapTest({ suite, file }: SuiteVerdict, test: TestVerdict, number: number): string {
  const title = `${number} - ${tapText(`${suite} > ${test.name}`)}`;
  if (test.skipped !== undefined) return `ok ${title} # SKIP ${tapText(test.skipped)}\n`;
  if (!hasFailed(test)) return `ok ${title}\n`;
  const rows = test.differences.map(({ what, expected, actual, writtenBy, because, line }): [string, string] => [
    what,
    `expected ${expected}, actual ${actual}${writerText(writtenBy)}${becauseText(because)} (${file}:${line})`,
  ]);
  return `not ok ${title}\n${tapBlock([['at', `${file}:${test.line}`], ...(test.failure === undefined ? [] : [['message', test.failure] as [string, string]]), ...rows])}`;
}

/** `#` begins a directive. */
function tapText(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replaceAll('\\', '\\\\')
    .replaceAll('#', '\\#');
}

/** A mapping of YAML has each name once; steps of a timeline may differ in the same. */
function tapBlock(rows: readonly (readonly [string, string])[]): string {
  const seen = new Map<string, number>();
  const unique = rows.map(([name, value]): [string, string] => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return [count === 1 ? name : `${name} (${count})`, value];
  });
  return `  ---\n${unique.map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}\n`).join('')}  ...\n`;
}

/** GitHub's workflow commands; `%`, CR and LF are escaped as it asks. */
export function githubReport(outcomes: readonly SuiteVerdict[]): string {
  return outcomes
    .flatMap(({ suite, file, tests, problems }) => [
      ...tests.filter(hasFailed).map((test) => {
        const line = test.differences[0]?.line ?? test.line;
        return githubLine('error', file, line, `${suite}: ${test.name}`, failureText(test));
      }),
      ...problems
        .map(diagnosticRow)
        .map((row) => githubLine(row.severity === 'info' ? 'notice' : row.severity, row.file, row.line, row.code, withHelp(row))),
    ])
    .join('');
}

function githubLine(kind: string, file: string, line: number, title: string, message: string): string {
  const clean = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string) => clean(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${kind} file=${property(file)},line=${line},title=${property(title)}::${clean(visible(message))}\n`;
}
