/** One run of tests: files found, suites run, results told, exit code. */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Coverage } from '../testing/coverage/coverage.ts';
import { loadSubject } from '../testing/prepare.ts';
import { hasFailed, type Runner, type RunnerOptions, type SuiteVerdict } from '../testing/runner.ts';
import { writeStored } from '../testing/snapshots.ts';
import { tracePrinter } from '../workspace/trace.ts';
import { EXIT, painter, UsageError } from './output.ts';
import type { ReporterChoice, TestOptions } from './test.ts';
import { MOST_THREADS, ThreadGuard } from './test-guard.ts';
import { type HelperOptions, type Job, revivedSuite, type SuiteResult, type SuiteWork, suiteWork, type TestRef } from './test-helper.ts';
import { countsOf, type Findings, PLAIN, type Reporter, reporterNamed } from './test-reporters.ts';
import { runShared, type SharedWork, type Threads } from './test-shared.ts';

export async function runTests(paths: readonly string[], options: TestOptions, chosen: readonly ReporterChoice[]): Promise<number> {
  const files = filesOf(paths);
  const output = new Output(chosen);
  const threads = threadsOf(options);
  const covers = wantsCoverage(options);
  const suites = new SuitesRun(await suiteWork(runnerOptions(options, output), covers, threads.guard), files, options, output);
  if (covers) suites.coverage = await newCoverage();
  await runShared(suites, threads);
  const { outcomes, runner } = suites;
  output.end(outcomes);
  const findings: Findings = {};
  const codes = [exitCode(outcomes)];
  const { note } = output;
  if (suites.coverage) codes.push((await import('./test-coverage.ts')).reportCoverage(suites.coverage, options, note, findings));
  const rerun: Rerun = { runner, refs: passingRefs(outcomes), options, threads, note, findings };
  if (options.mutate || options.mutateThreshold !== undefined) codes.push(await (await import('./test-mutate.ts')).runMutants(rerun));
  if (options.faults) codes.push(await (await import('./test-faults.ts')).runFaults(rerun));
  output.finish(outcomes, findings);
  if (foundNothing(outcomes))
    throw new UsageError(options.filter === undefined ? 'the files hold no tests' : `no test fits \`${options.filter}\``);
  return Math.max(...codes);
}

/** What runs tests again goes by. */
export interface Rerun {
  readonly runner: Runner;
  readonly refs: readonly TestRef[];
  readonly options: TestOptions;
  readonly threads: Threads;
  readonly note: (text: string) => void;
  readonly findings: Findings;
}

/** Everything that passed; expressions alone are left out where tests are read. */
function passingRefs(outcomes: readonly SuiteVerdict[]): TestRef[] {
  return outcomes.flatMap(({ path, tests }) =>
    tests.filter((test) => !hasFailed(test) && test.skipped === undefined).map(({ index }) => ({ path, index })),
  );
}

/** Steps that are printed would mix: a trace is made by one thread. */
function threadsOf({ jobs, trace }: TestOptions): Threads {
  const count = trace ? 1 : Math.min(jobs ?? availableParallelism(), MOST_THREADS);
  return { count, atOnce: jobs !== undefined, guard: new ThreadGuard() };
}

/** Suites as shared work: each counts in the order of files, as if there were one thread. */
class SuitesRun implements SharedWork<SuiteResult> {
  readonly count: number;
  readonly job: Job;
  readonly outcomes: SuiteVerdict[] = [];
  coverage: Coverage | undefined;
  readonly #work: SuiteWork;
  readonly #files: readonly string[];
  readonly #bail: number;
  readonly #output: Output;
  #failed = 0;

  constructor(work: SuiteWork, files: readonly string[], options: TestOptions, output: Output) {
    this.#work = work;
    this.#files = files;
    this.#bail = bailOf(options) ?? Number.POSITIVE_INFINITY;
    this.#output = output;
    this.count = files.length;
    this.job = { kind: 'suites', files, options: plainOptions(options), coverage: wantsCoverage(options) };
  }

  get runner(): Runner {
    return this.#work.runner;
  }

  here(at: number): Promise<SuiteResult> {
    return this.#work.run(this.#files[at] ?? '');
  }

  revived(told: unknown): SuiteResult {
    return revivedSuite(told as SuiteResult);
  }

  async done(first: SuiteResult): Promise<boolean> {
    const result = await this.#upToBail(first);
    const { outcome, stored, made, counts } = result;
    for (const one of stored) writeStored(one);
    for (const subject of made) this.coverage?.add(loadSubject({ ...subject, loaded: this.runner.gateways.workspace(subject.policies) }));
    if (counts) this.coverage?.merge(counts);
    this.outcomes.push(outcome);
    this.#failed += outcome.tests.filter(hasFailed).length;
    this.#output.suite(outcome);
    return this.#failed < this.#bail;
  }

  /** A suite knows nothing of failures before it: where it goes beyond what is left, it is run again to the right end. */
  async #upToBail(result: SuiteResult): Promise<SuiteResult> {
    const failed = result.outcome.tests.filter(hasFailed).length;
    if (this.#failed === 0 || failed === 0 || this.#failed + failed < this.#bail) return result;
    return this.#work.run(this.#files[this.outcomes.length] ?? '', this.#bail - this.#failed);
  }
}

/** Nor a filter with a slip of the pen nor an empty file may pass for a green run. */
function foundNothing(outcomes: readonly SuiteVerdict[]): boolean {
  return outcomes.every(({ tests, problems }) => tests.length === 0 && problems.length === 0);
}

export function filesOf(paths: readonly string[]): string[] {
  const files = [...new Map(paths.flatMap(testFiles).map((file) => [resolve(file), file])).values()];
  if (files.length === 0) throw new UsageError(`no file named *.test.yaml under ${paths.join(', ')}`);
  return files;
}

function testFiles(path: string): string[] {
  if (!existsSync(path)) throw new UsageError(`there is no file or directory \`${path}\``);
  if (statSync(path).isFile()) {
    if (!/\.(?:ya?ml|json)$/i.test(path)) throw new UsageError(`\`${path}\` is no test file: tests stand in files named *.test.yaml`);
    return [path];
  }
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
  return { ...plainOptions(options), listener: options.trace ? output.tracer() : undefined };
}

/** What other threads can be told. */
export function plainOptions(options: TestOptions): HelperOptions {
  // In continuous integration nobody looks at what a new outcome holds.
  const snapshots = options.update ? 'all' : process.env.CI ? 'none' : 'new';
  return {
    anyMember: options.anyMember ?? false,
    filter: options.filter,
    environmentName: options.env,
    timeout: options.timeout,
    bail: bailOf(options),
    snapshots,
  };
}

function bailOf({ bail }: TestOptions): number | undefined {
  return bail === true ? 1 : bail;
}

/** One file after the other. */
export async function runFiles<Outcome extends SuiteVerdict>(
  runner: { run(path: string, bail?: number): Promise<Outcome> },
  files: readonly string[],
  options: TestOptions,
  output: Output,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let left = bailOf(options) ?? Number.POSITIVE_INFINITY;
  for (const file of files) {
    if (left <= 0) break;
    const outcome = await runner.run(file, left);
    left -= outcome.tests.filter(hasFailed).length;
    outcomes.push(outcome);
    output.suite(outcome);
  }
  return outcomes;
}

export function exitCode(outcomes: readonly SuiteVerdict[]): number {
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

  suite(outcome: SuiteVerdict): void {
    for (const reporter of this.#reporters) reporter.suite(outcome);
  }

  end(outcomes: readonly SuiteVerdict[]): void {
    for (const reporter of this.#reporters) reporter.end(outcomes);
  }

  /** Reports for programs, and all files. */
  finish(outcomes: readonly SuiteVerdict[], findings: Findings = {}): void {
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
