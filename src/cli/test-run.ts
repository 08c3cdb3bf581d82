/** One run of tests: files found, suites run, results told, exit code. */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Runner, type RunnerOptions, type SuiteOutcome } from '../testing/runner.ts';
import { tracePrinter } from '../workspace/trace.ts';
import { EXIT, painter, UsageError } from './output.ts';
import type { ReporterChoice, TestOptions } from './test.ts';
import { countsOf, type Findings, PLAIN, type Reporter, reporterNamed } from './test-reporters.ts';

export async function runTests(paths: readonly string[], options: TestOptions, chosen: readonly ReporterChoice[]): Promise<number> {
  const files = filesOf(paths);
  const output = new Output(chosen);
  const coverage = wantsCoverage(options) ? await newCoverage() : undefined;
  const runner = new Runner({ ...runnerOptions(options, output), coverage });
  const outcomes = await runFiles(runner, files, output);
  output.end(outcomes);
  const findings: Findings = {};
  const codes = [exitCode(outcomes)];
  const { note } = output;
  if (coverage) codes.push((await import('./test-coverage.ts')).reportCoverage(coverage, options, note, findings));
  if (options.mutate || options.mutateThreshold !== undefined)
    codes.push(await (await import('./test-mutate.ts')).runMutants(runner, outcomes, options, note, findings));
  if (options.faults) codes.push(await (await import('./test-faults.ts')).runFaults(runner, outcomes, note, findings));
  output.finish(outcomes, findings);
  if (foundNothing(outcomes))
    throw new UsageError(options.filter === undefined ? 'the files hold no tests' : `no test fits \`${options.filter}\``);
  return Math.max(...codes);
}

/** Nor a filter with a slip of the pen nor an empty file may pass for a green run. */
function foundNothing(outcomes: readonly SuiteOutcome[]): boolean {
  return outcomes.every(({ tests, problems }) => tests.length === 0 && problems.length === 0);
}

export function filesOf(paths: readonly string[]): string[] {
  const files = [...new Set(paths.flatMap(testFiles))];
  if (files.length === 0) throw new UsageError(`no file named *.test.yaml under ${paths.join(', ')}`);
  return files;
}

function testFiles(path: string): string[] {
  if (!existsSync(path)) throw new UsageError(`there is no file or directory \`${path}\``);
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.ya?ml$/i.test(name) && !/(?:^|[/\\])node_modules[/\\]/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function wantsCoverage({ coverage, coverageReporter, threshold }: TestOptions): boolean {
  return coverage === true || coverageReporter !== undefined || threshold !== undefined;
}

async function newCoverage() {
  const { Coverage } = await import('../testing/coverage/coverage.ts');
  return new Coverage();
}

export function runnerOptions(options: TestOptions, output: Output): RunnerOptions {
  // In continuous integration nobody looks at what a new outcome holds.
  const snapshots = options.update ? 'all' : process.env.CI ? 'none' : 'new';
  return {
    anyMember: options.anyMember ?? false,
    filter: options.filter,
    environmentName: options.env,
    timeout: options.timeout,
    bail: options.bail === true ? 1 : options.bail,
    snapshots,
    listener: options.trace ? output.tracer() : undefined,
  };
}

export async function runFiles(runner: Pick<Runner, 'run' | 'stopped'>, files: readonly string[], output: Output): Promise<SuiteOutcome[]> {
  const outcomes: SuiteOutcome[] = [];
  for (const file of files) {
    if (runner.stopped) break;
    const outcome = await runner.run(file);
    outcomes.push(outcome);
    output.suite(outcome);
  }
  return outcomes;
}

export function exitCode(outcomes: readonly SuiteOutcome[]): number {
  const { failed, broken } = countsOf(outcomes);
  if (broken > 0) return EXIT.usage;
  return failed > 0 ? EXIT.problems : EXIT.clean;
}

/** Where results go: each reporter to standard output or to its file. */
export class Output {
  readonly #reporters: readonly Reporter[];
  readonly #files: { readonly path: string; text: string }[] = [];
  /** Standard output is for people alone. */
  readonly #isPretty: boolean;

  constructor(chosen: readonly ReporterChoice[]) {
    this.#reporters = chosen.map(({ name, output }) => this.#reporter(name, output));
    this.#isPretty = chosen.every(({ name, output }) => name === 'pretty' || output !== undefined);
  }

  /** Reports for programs stay alone on standard output. */
  get #notes(): NodeJS.WriteStream {
    return this.#isPretty ? process.stdout : process.stderr;
  }

  /** Writes for people. */
  readonly note = (text: string): void => {
    this.#notes.write(text);
  };

  tracer(): RunnerOptions['listener'] {
    const stream = this.#notes;
    return () => tracePrinter((line) => void stream.write(`${line}\n`), 'test', painter(stream));
  }

  suite(outcome: SuiteOutcome): void {
    for (const reporter of this.#reporters) reporter.suite(outcome);
  }

  end(outcomes: readonly SuiteOutcome[]): void {
    for (const reporter of this.#reporters) reporter.end(outcomes);
  }

  /** Reports for programs, and all files. */
  finish(outcomes: readonly SuiteOutcome[], findings: Findings = {}): void {
    for (const reporter of this.#reporters) reporter.finish(outcomes, findings);
    for (const { path, text } of this.#files) writeOut(path, text);
  }

  #reporter(name: ReporterChoice['name'], output: string | undefined): Reporter {
    if (output === undefined) return reporterNamed(name, (text) => void process.stdout.write(text), painter(process.stdout));
    const file = { path: output, text: '' };
    this.#files.push(file);
    return reporterNamed(name, (text) => (file.text += text), PLAIN);
  }
}

export function writeOut(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
