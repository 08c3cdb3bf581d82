/** Where the results of tests go, and what they come to. */
import type { RunnerOptions, SuiteVerdict } from '../testing/runner.ts';
import { tracePrinter } from '../workspace/trace.ts';
import { EXIT, painter } from './output.ts';
import { countsOf, type Findings } from './test-counts.ts';
import type { ReporterChoice } from './test-options.ts';
import { PLAIN, type Reporter, reporterNamed } from './test-reporters.ts';
import { writeOut } from './write-out.ts';

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

/** 2 for broken suites, 1 for failed tests. */
export function exitCode(outcomes: readonly SuiteVerdict[]): number {
  const { failed, broken } = countsOf(outcomes);
  if (broken > 0) return EXIT.usage;
  return failed > 0 ? EXIT.problems : EXIT.clean;
}
