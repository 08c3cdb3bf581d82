/** Runs suites: gateways shared, state fresh for each test, differences collected. */
import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { ExchangeEvent } from '../exchange/events.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { createExpressions, type Expressions } from '../workspace/expressions.ts';
import { remembering } from '../workspace/remembered-expressions.ts';
import { type CaseHooks, type CaseRun, type Guard, runCase, TestTimeout } from './case.ts';
import { PolicyProblems } from './contract.ts';
import type { Coverage } from './coverage/coverage.ts';
import type { Difference } from './difference.ts';
import { Gateways, type KnownFiles } from './gateways.ts';
import type { Subject } from './prepare.ts';
import { SnapshotFile, type SnapshotMode, type StoredText, snapshotDifferences, writeStored } from './snapshots.ts';
import { readSuite, type Suite, type TestCase } from './suite.ts';

export interface RunnerOptions {
  readonly anyMember?: boolean;
  /** Only tests whose name holds this text, or fits this `/pattern/`. */
  readonly filter?: string | undefined;
  /** Makes a listener for each test (the trace printer, coverage). */
  readonly listener?: ((test: TestCase) => (event: ExchangeEvent, exchange: Exchange) => void) | undefined;
  /** Real milliseconds that a test may take. Default 10,000. */
  readonly timeout?: number | undefined;
  /** Stops after so many failed tests. */
  readonly bail?: number | undefined;
  /** Default `new`. */
  readonly snapshots?: SnapshotMode;
  /** Default: made here, each text compiled once. */
  readonly expressions?: Expressions;
  /** Entry of `environments` in portico.yaml. */
  readonly environmentName?: string | undefined;
  /** Counts what the tests reach. */
  readonly coverage?: Coverage | undefined;
  /** Told of everything whose policies were made ready. */
  readonly made?: (subject: Subject) => void;
  /** Suites of runs before (watch mode). */
  readonly suites?: KnownSuites | undefined;
  /** What those read. */
  readonly files?: KnownFiles | undefined;
  /** Only tests for which this holds (watch mode). */
  readonly wanted?: ((path: string, name: string) => boolean) | undefined;
  /** Cuts off tests that never end. */
  readonly guard?: Guard | undefined;
  /** Takes stored outcomes that changed; default: writes them. */
  readonly store?: (stored: StoredText) => void;
}

/** What became of a test, as reports tell it. */
export interface TestVerdict {
  /** Its place among the tests of the suite. */
  readonly index: number;
  readonly name: string;
  readonly line: number;
  readonly milliseconds: number;
  readonly differences: readonly Difference[];
  /** The test could not be run at all. */
  readonly failure: string | undefined;
  /** Why it was not run. */
  readonly skipped?: string | undefined;
  /** Stored outcomes that were written. */
  readonly written?: number;
}

export interface TestOutcome extends TestVerdict {
  readonly test: TestCase;
  readonly run?: CaseRun | undefined;
}

/** What became of a suite, as reports tell it. */
export interface SuiteVerdict {
  readonly suite: string;
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  readonly tests: readonly TestVerdict[];
  /** Errors of the test file or of the policies: the suite is broken. */
  readonly problems: readonly Diagnostic[];
  /** Names of stored outcomes that no test asks for. */
  readonly obsolete: readonly string[];
}

export interface SuiteOutcome extends SuiteVerdict {
  readonly tests: readonly TestOutcome[];
}

export function hasFailed({ differences, failure }: TestVerdict): boolean {
  return differences.length > 0 || failure !== undefined;
}

/** It ran policies, to its author's content. */
export function isPassing(outcome: TestOutcome): boolean {
  return !hasFailed(outcome) && outcome.skipped === undefined && outcome.test.expression === undefined;
}

export function isBroken({ problems, tests }: SuiteVerdict): boolean {
  return problems.some(({ severity }) => severity === 'error') || tests.some(({ failure }) => failure !== undefined);
}

const DEFAULT_TIMEOUT = 10_000;

export class Runner {
  readonly #options: RunnerOptions;
  readonly #fits: (name: string) => boolean;
  readonly gateways: Gateways;

  constructor(options: RunnerOptions = {}) {
    this.#options = options;
    this.#fits = nameFilter(options.filter);
    const rules = { anyMember: options.anyMember ?? false };
    const expressions = options.expressions ?? options.coverage?.expressions(rules) ?? remembering(createExpressions(rules));
    this.gateways = new Gateways({
      expressions,
      environmentName: options.environmentName,
      made: (workspace, subject) => {
        options.coverage?.add(workspace);
        options.made?.(subject);
      },
      guard: options.guard,
      files: options.files,
    });
  }

  /** Stops after `bail` failed tests of the suite. */
  async run(path: string, bail = this.#options.bail): Promise<SuiteOutcome> {
    const problems: Diagnostic[] = [];
    const suite = loadSuite(path, problems, this.#options.suites);
    const outcome = (tests: readonly TestOutcome[], obsolete: readonly string[] = []): SuiteOutcome => ({
      suite: suite.name,
      file: suite.file,
      path: suite.path,
      tests,
      problems,
      obsolete,
    });
    const run = new SuiteRun(this, suite, problems, { ...this.#options, bail });
    if (problems.some(({ severity }) => severity === 'error')) return outcome([]);
    return run.run(this.#wanted(suite)).then(({ tests, obsolete }) => outcome(tests, obsolete));
  }

  #wanted({ tests, path }: Suite): TestCase[] {
    return tests.filter(({ name }) => this.#fits(name) && (this.#options.wanted?.(path, name) ?? true));
  }
}

/** Suites by absolute path, for runs that follow each other: a file that is as it was is not read again. */
export type KnownSuites = Map<string, { readonly text: string; readonly suite: Suite; readonly problems: readonly Diagnostic[] }>;

/** Reads a test file; what is wrong with it goes to `problems`. */
export function loadSuite(path: string, problems: Diagnostic[], known?: KnownSuites): Suite {
  const shown = relative(process.cwd(), resolve(path)) || path;
  const text = readFileSync(path, 'utf8');
  const before = known?.get(resolve(path));
  if (before?.text === text) {
    problems.push(...before.problems);
    return before.suite;
  }
  const suite = readSuite(text, shown, resolve(path), (problem) => problems.push(problem));
  known?.set(resolve(path), { text, suite, problems: [...problems] });
  return suite;
}

/** What became of a test that began at this time of `performance.now()`. */
export function outcomeOf(test: TestCase, started: number, more: Partial<TestOutcome>): TestOutcome {
  const { index, name, line } = test;
  return { index, name, line, milliseconds: performance.now() - started, differences: [], failure: undefined, test, ...more };
}

/** Tells whether a name holds the text, or fits the `/pattern/`; without one all do. */
export function nameFilter(filter: string | undefined): (name: string) => boolean {
  if (filter === undefined) return () => true;
  const pattern = /^\/(.+)\/([iu]*)$/.exec(filter);
  if (!pattern) return (name) => name.includes(filter);
  const regex = new RegExp(pattern[1] ?? '', pattern[2]);
  return (name) => regex.test(name);
}

class SuiteRun {
  readonly #runner: Runner;
  readonly #suite: Suite;
  readonly #problems: Diagnostic[];
  readonly #options: RunnerOptions;
  readonly #snapshots: SnapshotFile;

  constructor(runner: Runner, suite: Suite, problems: Diagnostic[], options: RunnerOptions) {
    this.#runner = runner;
    this.#suite = suite;
    this.#problems = problems;
    this.#options = options;
    this.#snapshots = new SnapshotFile(suite.path, (problem) => problems.push(problem));
  }

  async run(wanted: readonly TestCase[]): Promise<{ tests: TestOutcome[]; obsolete: readonly string[] }> {
    const tests: TestOutcome[] = [];
    let failed = 0;
    const { bail = Number.POSITIVE_INFINITY, store = writeStored } = this.#options;
    for (const test of wanted) {
      if (failed >= bail) break;
      try {
        const outcome = await this.#test(test);
        if (hasFailed(outcome)) failed += 1;
        tests.push(outcome);
      } catch (error) {
        if (!(error instanceof PolicyProblems)) throw error;
        this.#problems.push(...placedProblems(error, test));
        if (!test.expression) break;
      }
    }
    const complete = tests.length === this.#suite.tests.length && !tests.some(({ skipped }) => skipped !== undefined);
    const stored = this.#snapshots.changes(complete && this.#options.snapshots === 'all');
    if (stored) store(stored);
    return { tests, obsolete: complete ? this.#snapshots.obsolete : [] };
  }

  async #test(test: TestCase): Promise<TestOutcome> {
    const started = performance.now();
    const outcome = (more: Partial<TestOutcome>) => outcomeOf(test, started, more);
    if (test.skip !== undefined) return outcome({ skipped: test.skip, milliseconds: 0 });
    if (!existsSync(test.policies)) return outcome({ failure: `there is no policy directory or document \`${test.policies}\`` });
    const timeout = test.timeout ?? this.#options.timeout ?? DEFAULT_TIMEOUT;
    try {
      const gateway = await this.#runner.gateways.of(test);
      const run = await runCase(gateway, test, { timeout, listener: this.#listener(test), guard: this.#options.guard });
      const stored = snapshotDifferences(this.#snapshots, test, run.results, this.#options.snapshots ?? 'new');
      return outcome({ differences: [...run.differences, ...stored.differences], written: stored.written, run });
    } catch (error) {
      if (error instanceof PolicyProblems) throw error;
      return this.#notRun(error, test, outcome);
    }
  }

  #listener(test: TestCase): CaseHooks['listener'] {
    const { coverage } = this.#options;
    const own = this.#options.listener?.(test);
    if (!coverage) return own;
    return (event, exchange) => {
      coverage.listen(event);
      own?.(event, exchange);
    };
  }

  /** A test that takes too long has failed; one that names what is not there is broken. */
  #notRun(error: unknown, test: TestCase, outcome: (more: Partial<TestOutcome>) => TestOutcome): TestOutcome {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof TestTimeout)) return outcome({ failure: message });
    this.#runner.gateways.drop(test);
    const { file } = test.entry.context;
    return outcome({
      differences: [
        {
          what: 'time',
          expected: 'an end',
          actual: message,
          writtenBy: undefined,
          line: test.line,
          place: { file, span: test.entry.span },
        },
      ],
    });
  }
}

/** What is wrong with an expression is shown where the test has it. */
function placedProblems({ problems }: PolicyProblems, { expression }: TestCase): Diagnostic[] {
  if (!expression) return [...problems];
  const { file } = expression.context;
  return problems.map((problem) => (problem.file.name === '<test>' ? { ...problem, file, span: expression.span } : problem));
}
