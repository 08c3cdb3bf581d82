/** What runs passing tests again: with changed policies, or with failing calls. */
import { hasFailed, type Runner, type SuiteVerdict } from '../testing/runner.ts';
import type { Findings } from './test-counts.ts';
import type { TestRef } from './test-helper.ts';
import type { TestOptions } from './test-options.ts';
import type { Threads } from './test-shared.ts';

/** What it goes by; `findings` takes what it finds. */
export interface Rerun {
  readonly runner: Runner;
  readonly refs: readonly TestRef[];
  readonly options: TestOptions;
  readonly threads: Threads;
  readonly note: (text: string) => void;
  readonly findings: Findings;
}

/** Everything that passed; expressions alone are left out where tests are read. */
export function passingRefs(outcomes: readonly SuiteVerdict[]): TestRef[] {
  return outcomes.flatMap(({ path, tests }) =>
    tests.filter((test) => !hasFailed(test) && test.skipped === undefined).map(({ index }) => ({ path, index })),
  );
}
