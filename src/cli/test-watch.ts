/** `portico test --watch`: runs again what a change touches. */
import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { FSWatcher } from 'chokidar';
import { ownOutput } from '../gateway/watch.ts';
import type { KnownFiles } from '../testing/gateways.ts';
import { type KnownSuites, Runner, type SuiteOutcome } from '../testing/runner.ts';
import { createExpressions } from '../workspace/expressions.ts';
import { remembering } from '../workspace/remembered-expressions.ts';
import { filesOf } from './test-files.ts';
import { ThreadGuard } from './test-guard.ts';
import { runFiles, runnerOptions } from './test-in-order.ts';
import type { ReporterChoice, TestOptions } from './test-options.ts';
import { Output } from './test-output.ts';

export async function watchTests(paths: readonly string[], options: TestOptions, chosen: readonly ReporterChoice[]): Promise<number> {
  const watch = new Watch(paths, options, chosen);
  await watch.start();
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void watch.stop().then(() => done(0)));
  });
}

/** Nothing that tests go by, and some of it is written by whoever runs them there. */
const IGNORED = /(?:^|[/\\])(?:\.git|node_modules|coverage)(?:[/\\]|$)|\.(?:log|jsonl|ndjson|pid|swp|tmp)$|~$/;

/** What a test depends on, by the names of documents in diagnostics. */
interface Known {
  readonly outcome: SuiteOutcome;
  /** Absolute paths of everything its policies were read from. */
  readonly sources: ReadonlySet<string>;
  readonly roots: readonly string[];
}

class Watch {
  readonly #paths: readonly string[];
  readonly #options: TestOptions;
  readonly #chosen: readonly ReporterChoice[];
  /** Compiled expressions outlive a run: what did not change is not compiled again. */
  readonly #expressions;
  readonly #known = new Map<string, Known>();
  readonly #suites: KnownSuites = new Map();
  readonly #files: KnownFiles = new Map();
  readonly #guard = new ThreadGuard();
  #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #watcher: FSWatcher | undefined;

  constructor(paths: readonly string[], options: TestOptions, chosen: readonly ReporterChoice[]) {
    this.#paths = paths;
    this.#options = options;
    this.#chosen = chosen;
    this.#expressions = remembering(createExpressions({ anyMember: options.anyMember ?? false }));
  }

  async start(): Promise<void> {
    await this.#run(filesOf(this.#paths), undefined);
    const { watch } = await import('chokidar');
    const roots = [...new Set([...this.#paths.map((path) => resolve(path)), ...[...this.#known.values()].flatMap((one) => one.roots)])];
    const isOutput = ownOutput();
    const reports = new Set(this.#chosen.flatMap(({ output }) => (output === undefined ? [] : [resolve(output)])));
    const watcher = watch(roots, {
      ignoreInitial: true,
      ignored: (path, stats) => IGNORED.test(path) || reports.has(resolve(path)) || isOutput(stats),
    });
    watcher.on('error', () => {});
    watcher.on('all', (_event, path) => this.#touched(resolve(path)));
    this.#watcher = watcher;
    await new Promise<void>((ready) => watcher.once('ready', () => ready()));
    process.stderr.write('waiting for changes\n');
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#watcher?.close();
  }

  /** Several files saved at once are one run. */
  #touched(path: string): void {
    if (path.endsWith('.snap.yaml')) return;
    this.#changed.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#again(), 50);
  }

  async #again(): Promise<void> {
    if (this.#running) return this.#touched([...this.#changed][0] ?? '');
    const changed = this.#changed;
    this.#changed = new Set();
    const files = this.#filesNow();
    const touched = files.filter((file) => this.#isTouched(resolve(file), changed));
    if (touched.length === 0) return;
    process.stderr.write(`\nchanged: ${[...changed].map((path) => relative(process.cwd(), path)).join(', ')}\n\n`);
    await this.#run(touched, changed);
  }

  /** Those that are there now; none are not the end: they may be on their way back, as an editor saves them. */
  #filesNow(): string[] {
    try {
      return filesOf(this.#paths.filter((path) => existsSync(path)));
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      return [];
    }
  }

  #isTouched(file: string, changed: ReadonlySet<string>): boolean {
    const known = this.#known.get(file);
    if (!known || changed.has(file)) return true;
    return [...changed].some(
      (path) => known.sources.has(path) || known.roots.some((root) => path.startsWith(root + sep) && !isTestFile(path)),
    );
  }

  async #run(files: readonly string[], changed: ReadonlySet<string> | undefined): Promise<void> {
    this.#running = true;
    const started = performance.now();
    try {
      const output = new Output(this.#chosen);
      const wanted = changed && ((path: string, name: string) => this.#isWanted(path, name, changed));
      const runner = new Runner({
        ...runnerOptions(this.#options, output),
        expressions: this.#expressions,
        suites: this.#suites,
        files: this.#files,
        wanted,
        guard: this.#guard,
      });
      const outcomes = await runFiles(runner, files, this.#options, output);
      output.end(outcomes);
      output.finish(outcomes);
      for (const outcome of outcomes) this.#remember(outcome, runner);
      const tests = outcomes.reduce((sum, one) => sum + one.tests.length, 0);
      const milliseconds = performance.now() - started;
      process.stderr.write(`${tests} tests in ${milliseconds.toFixed(0)} ms\n`);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    } finally {
      this.#running = false;
    }
  }

  /** A changed policy document concerns the tests whose policies it is among; anything else all tests of the suite. */
  #isWanted(path: string, name: string, changed: ReadonlySet<string>): boolean {
    const known = this.#known.get(path);
    const before = known?.outcome.tests.find((test) => test.name === name);
    if (!before?.run || before.differences.length > 0 || changed.has(path)) return true;
    const { touched } = before.run;
    return [...changed].some((one) => !/\.xml$/i.test(one) || !known?.sources.has(one) || touched.has(relative(process.cwd(), one)));
  }

  #remember(outcome: SuiteOutcome, runner: Runner): void {
    const before = this.#known.get(outcome.path);
    const tests = new Map((before?.outcome.tests ?? []).map((test) => [test.name, test]));
    for (const test of outcome.tests) tests.set(test.name, test);
    const policies = [...new Set(outcome.tests.map(({ test }) => test.policies))].filter((path) => existsSync(path));
    const workspaces = policies.map((path) => runner.gateways.workspace(path));
    this.#watcher?.add(policies);
    this.#known.set(outcome.path, {
      outcome: { ...outcome, tests: [...tests.values()] },
      sources: new Set(workspaces.flatMap(({ files }) => files.map((file) => resolve(file)))),
      roots: policies.length > 0 ? policies : (before?.roots ?? []),
    });
  }
}

function isTestFile(path: string): boolean {
  return /\.test\.ya?ml$/i.test(path);
}
