/** `portico test`: runs `*.test.yaml` files, offline. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { Paint } from '../source/render.ts';
import { type DiagnosticRow, diagnosticRow, renderDiagnostic } from '../source/render.ts';
import { Runner, type SuiteOutcome, type TestOutcome } from '../testing/runner.ts';
import { tracePrinter } from '../workspace/trace.ts';
import { count, EXIT, painter, UsageError, xml } from './output.ts';

const REPORTERS = ['pretty', 'json', 'junit'] as const;

interface TestOptions {
  readonly filter?: string;
  readonly reporter: (typeof REPORTERS)[number];
  readonly trace?: boolean;
  readonly anyMember?: boolean;
}

export function register(program: Command): void {
  program
    .command('test [path...]')
    .description('run the *.test.yaml files of policies, offline')
    .option('--filter <text>', 'only tests whose name holds the text')
    .addOption(new Option('--reporter <reporter>', 'how results are printed').choices(REPORTERS).default('pretty'))
    .option('--trace', 'print every step of every call')
    .option('--any-member', "accept .NET members outside Azure's published list")
    .addHelpText('after', '\nExit code: 0 all passed, 1 an expectation failed, 2 a suite is broken or wrong use.')
    .action(async (paths: string[], options: TestOptions) => {
      process.exitCode = await runTests(paths.length > 0 ? paths : ['.'], options);
    });
}

async function runTests(paths: readonly string[], options: TestOptions): Promise<number> {
  const files = paths.flatMap(testFiles);
  if (files.length === 0) throw new UsageError(`no file named *.test.yaml under ${paths.join(', ')}`);
  const paint = painter(process.stdout);
  // Reports for programs stay alone on standard output.
  const traceTo = options.reporter === 'pretty' ? process.stdout : process.stderr;
  const listener = options.trace ? () => tracePrinter((line) => void traceTo.write(`${line}\n`), 'test', painter(traceTo)) : undefined;
  const runner = new Runner({
    anyMember: options.anyMember ?? false,
    ...(options.filter === undefined ? {} : { filter: options.filter }),
    ...(listener ? { listener } : {}),
  });
  const outcomes: SuiteOutcome[] = [];
  for (const file of files) {
    const outcome = await runner.run(file);
    outcomes.push(outcome);
    if (options.reporter === 'pretty') process.stdout.write(prettySuite(outcome, paint));
  }
  process.stdout.write(closing(options.reporter, outcomes, paint));
  if (outcomes.some(isBroken)) return EXIT.usage;
  return outcomes.some(({ tests }) => tests.some(failed)) ? EXIT.problems : EXIT.clean;
}

function testFiles(path: string): string[] {
  if (!existsSync(path)) throw new UsageError(`there is no file or directory \`${path}\``);
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.ya?ml$/i.test(name) && !/(?:^|[/\\])node_modules[/\\]/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function failed({ differences, failure }: TestOutcome): boolean {
  return differences.length > 0 || failure !== undefined;
}

function isBroken({ problems, tests }: SuiteOutcome): boolean {
  return problems.some(({ severity }) => severity === 'error') || tests.some(({ failure }) => failure !== undefined);
}

function prettySuite({ suite, file, tests, problems }: SuiteOutcome, paint: Paint): string {
  const lines = [`${paint('bold', suite)} ${paint('dim', file)}`];
  for (const test of tests) lines.push(...prettyTest(test, file, paint));
  for (const problem of problems) lines.push(renderDiagnostic(problem, paint));
  return `${lines.join('\n')}\n\n`;
}

function prettyTest(test: TestOutcome, file: string, paint: Paint): string[] {
  const time = paint('dim', `${test.milliseconds.toFixed(0)} ms`);
  if (!failed(test)) return [`  ok    ${test.name} ${time}`];
  const lines = [`  ${paint('red', 'FAIL')}  ${test.name} ${time}`];
  if (test.failure !== undefined) lines.push(`        ${test.failure}`);
  for (const { what, expected, actual, writtenBy, line } of test.differences) {
    lines.push(`        ${paint('bold', what)} (${file}:${line})`);
    lines.push(`          expected  ${expected}`);
    lines.push(`          actual    ${actual}`);
    if (writtenBy !== undefined) lines.push(`          written by ${writtenBy}`);
  }
  return lines;
}

function closing(reporter: TestOptions['reporter'], outcomes: readonly SuiteOutcome[], paint: Paint): string {
  if (reporter === 'json') return `${JSON.stringify({ suites: outcomes.map(jsonSuite) })}\n`;
  if (reporter === 'junit') return junit(outcomes);
  const tests = outcomes.flatMap((outcome) => outcome.tests);
  const failures = tests.filter(failed).length;
  const broken = outcomes.filter(isBroken).length;
  const text = `${count(tests.length - failures, 'test')} passed, ${failures} failed${broken > 0 ? `, ${count(broken, 'suite')} broken` : ''}\n`;
  return failures + broken > 0 ? paint('red', text) : text;
}

function jsonSuite({ suite, file, tests, problems }: SuiteOutcome): object {
  const problemTexts = problems.map(
    (problem) => `${problem.file.name}:${problem.file.positionAt(problem.span.start).line}: ${problem.code} ${problem.message}`,
  );
  return { suite, file, problems: problemTexts, tests: tests.map((test) => ({ ...test, passed: !failed(test) })) };
}

function junit(outcomes: readonly SuiteOutcome[]): string {
  const suites = outcomes.map(({ suite, file, tests, problems }) => {
    const errors = problems.filter(({ severity }) => severity === 'error').map(diagnosticRow);
    const cases = [...tests.map((test) => junitCase(test, file)), ...errors.map(junitError)].join('');
    const counts = `tests="${tests.length + errors.length}" failures="${tests.filter(failed).length}" errors="${errors.length}"`;
    return `  <testsuite name="${xml(suite)}" ${counts}>\n${cases}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="portico test">\n${suites.join('')}</testsuites>\n`;
}

/** What keeps a suite from running is a case in error. */
function junitError({ file, line, column, code, message }: DiagnosticRow): string {
  const name = `${code} ${line}:${column}`;
  return `    <testcase classname="${xml(file)}" name="${xml(name)}"><error type="${code}" message="${xml(message)}"/></testcase>\n`;
}

function junitCase(test: TestOutcome, file: string): string {
  const open = `    <testcase classname="${xml(file)}" name="${xml(test.name)}" time="${(test.milliseconds / 1000).toFixed(3)}"`;
  if (!failed(test)) return `${open}/>\n`;
  const text =
    test.failure ?? test.differences.map(({ what, expected, actual }) => `${what}: expected ${expected}, actual ${actual}`).join('; ');
  return `${open}><failure message="${xml(text)}"/></testcase>\n`;
}
