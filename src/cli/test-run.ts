/** One run of tests: files found, suites run, results told, exit code. */
import { availableParallelism } from 'node:os';
import type { Coverage } from '../testing/coverage/coverage.ts';
import { loadSubject } from '../testing/prepare.ts';
import { hasFailed, type Runner, type SuiteVerdict } from '../testing/runner.ts';
import { writeStored } from '../testing/snapshots.ts';
import { UsageError } from './output.ts';
import type { Findings } from './test-counts.ts';
import { filesOf } from './test-files.ts';
import { MOST_THREADS, ThreadGuard } from './test-guard.ts';
import { type Job, revivedSuite, type SuiteResult, type SuiteWork, suiteWork } from './test-helper.ts';
import { runnerOptions } from './test-in-order.ts';
import { bailOf, plainOptions, type ReporterChoice, type TestOptions, wantsCoverage } from './test-options.ts';
import { exitCode, Output } from './test-output.ts';
import { passingRefs, type Rerun } from './test-rerun.ts';
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

async function newCoverage() {
  const { Coverage } = await import('../testing/coverage/coverage.ts');
  return new Coverage();
}
