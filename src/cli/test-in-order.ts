/** Test files run one after the other in one thread. */
import { hasFailed, type RunnerOptions, type SuiteVerdict } from '../testing/runner.ts';
import { bailOf, plainOptions, type TestOptions } from './test-options.ts';
import type { Output } from './test-output.ts';

/** Stops where `--bail` says so; each outcome is told as its file ends. */
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

/** Of a run whose steps may be printed. */
export function runnerOptions(options: TestOptions, output: Output): RunnerOptions {
  return { ...plainOptions(options), listener: options.trace ? output.tracer() : undefined };
}
