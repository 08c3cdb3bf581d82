/** A thread that takes items of a shared run: suites, changes to policies, tests under failures. What it finds is data. */
import { parentPort, workerData } from 'node:worker_threads';
import { SourceFile } from '../source/source-file.ts';
import type { CoverageCounts } from '../testing/coverage/coverage.ts';
import { type FailureRow, failuresOf } from '../testing/failures.ts';
import type { Gateways } from '../testing/gateways.ts';
import type { Trial } from '../testing/mutation/mutation.ts';
import type { Subject } from '../testing/prepare.ts';
import { loadSuite, Runner, type RunnerOptions, type SuiteOutcome, type SuiteVerdict } from '../testing/runner.ts';
import type { StoredText } from '../testing/snapshots.ts';
import type { TestCase } from '../testing/suite.ts';
import { type Slots, slotGuard } from './test-guard.ts';

/** What of the runner's options is data. */
export type HelperOptions = Pick<RunnerOptions, 'anyMember' | 'filter' | 'environmentName' | 'timeout' | 'bail' | 'snapshots'>;

/** A test by its file and its place there. */
export interface TestRef {
  readonly path: string;
  readonly index: number;
}

export type Job =
  | { readonly kind: 'suites'; readonly files: readonly string[]; readonly options: HelperOptions; readonly coverage: boolean }
  | { readonly kind: 'mutants' | 'faults'; readonly tests: readonly TestRef[]; readonly options: HelperOptions };

export interface HelperSetup {
  readonly job: Job;
  readonly next: Int32Array;
  readonly count: number;
  readonly slots: Slots;
  readonly slot: number;
}

export interface Told {
  readonly at: number;
  readonly result: unknown;
}

/** What a run of a suite leads to, before it counts. */
export interface SuiteResult {
  readonly outcome: SuiteVerdict;
  readonly stored: readonly StoredText[];
  readonly made: readonly Subject[];
  readonly counts?: CoverageCounts | undefined;
}

/** A trial without the change, which everybody knows by its number. */
export type TrialResult = Omit<Trial, 'mutant'>;

/** What cannot be told, or goes wrong, is left to the main thread, which tells of it as if there were no helpers. */
export async function help(): Promise<void> {
  const { job, next, count, slots, slot } = workerData as HelperSetup;
  const result = await worker(job, new Runner({ ...job.options, guard: slotGuard(slots, slot) }));
  for (let at = Atomics.add(next, 0, 1); at < count; at = Atomics.add(next, 0, 1)) {
    try {
      const told: Told = { at, result: await result(at) };
      if (told.result !== undefined) parentPort?.postMessage(told);
    } catch {}
  }
}

async function worker(job: Job, runner: Runner): Promise<(at: number) => Promise<unknown>> {
  if (job.kind === 'suites') {
    const suites = await suiteWork(job.options, job.coverage, runner.gateways.guard);
    return async (at) => plainSuite(await suites.run(job.files[at] ?? ''));
  }
  const tests = testsAt(job.tests);
  if (job.kind === 'faults') return (at) => failuresAt(tests, at, runner.gateways);
  const { prepareMutation } = await import('../testing/mutation/mutation.ts');
  const mutation = await prepareMutation(
    tests.map(({ test }) => test),
    runner.gateways,
  );
  return async (at): Promise<TrialResult> => {
    const { fate, reachedBy, killedBy } = await mutation.try(at);
    return { fate, reachedBy, killedBy };
  };
}

/** The same of this thread. */
interface OwnResult extends SuiteResult {
  readonly outcome: SuiteOutcome;
}

export interface SuiteWork {
  readonly runner: Runner;
  run(file: string, bail?: number): Promise<OwnResult>;
}

/** Suites whose stored outcomes and coverage do not count yet. */
export async function suiteWork(options: RunnerOptions, covers: boolean, guard: RunnerOptions['guard']): Promise<SuiteWork> {
  const coverage = covers ? new (await import('../testing/coverage/coverage.ts')).Coverage() : undefined;
  let stored: StoredText[] = [];
  let made: Subject[] = [];
  const runner = new Runner({
    ...options,
    guard,
    coverage,
    store: (one) => void stored.push(one),
    made: (subject) => void made.push(subject),
  });
  return {
    runner,
    run: async (file, bail) => {
      [stored, made] = [[], []];
      const outcome = await runner.run(file, bail);
      return { outcome, stored, made, counts: coverage?.take() };
    },
  };
}

export interface NamedTest {
  readonly suite: string;
  readonly test: TestCase;
}

/** Tests of policies; expressions alone have nothing to change and call nobody. */
export function testsAt(refs: readonly TestRef[]): NamedTest[] {
  const suites = new Map([...new Set(refs.map(({ path }) => path))].map((path) => [path, loadSuite(path, [])]));
  return refs.flatMap(({ path, index }) => {
    const suite = suites.get(path);
    const test = suite?.tests[index];
    return suite && test && !test.expression ? [{ suite: suite.name, test }] : [];
  });
}

/** What becomes of one of the tests when its calls fail. */
export async function failuresAt(tests: readonly NamedTest[], at: number, gateways: Gateways): Promise<FailureRow[]> {
  const found = tests[at];
  return found ? failuresOf(found.suite, found.test, gateways) : [];
}

/** Data alone; undefined where places are those of a file around the file. */
function plainSuite({ outcome, ...result }: OwnResult): SuiteResult | undefined {
  if (filesIn(outcome).some((file) => Object.getPrototypeOf(file) !== SourceFile.prototype)) return undefined;
  return { ...result, outcome: { ...outcome, tests: outcome.tests.map(({ test: _test, run: _run, ...verdict }) => verdict) } };
}

function filesIn({ problems, tests }: SuiteVerdict): SourceFile[] {
  const ofProblems = problems.flatMap(({ file, related = [] }) => [file, ...related.map((one) => one.file)]);
  return [...ofProblems, ...tests.flatMap(({ differences }) => differences.flatMap(({ place }) => place?.file ?? []))];
}

/** Files are files again. */
export function revivedSuite(result: SuiteResult): SuiteResult {
  const known = new Map<SourceFile, SourceFile>();
  const revived = (file: SourceFile): SourceFile => {
    const found = known.get(file) ?? new SourceFile(file.name, file.text);
    known.set(file, found);
    return found;
  };
  const placed = <T extends { readonly file: SourceFile }>(one: T): T => ({ ...one, file: revived(one.file) });
  const { outcome } = result;
  return {
    ...result,
    outcome: {
      ...outcome,
      problems: outcome.problems.map((problem) => ({
        ...placed(problem),
        ...(problem.related ? { related: problem.related.map(placed) } : {}),
      })),
      tests: outcome.tests.map((test) => ({
        ...test,
        differences: test.differences.map((one) => (one.place ? { ...one, place: placed(one.place) } : one)),
      })),
    },
  };
}
