/** What a run of tests comes to, for every reporter. */
import { hasFailed, isBroken, type SuiteVerdict } from '../testing/runner.ts';

/** What a run found out beyond pass and fail, as plain data. */
export interface Findings {
  coverage?: object;
  mutation?: object;
  faults?: object;
}

/** Tests, broken suites, and stored outcomes that were written. */
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly broken: number;
  readonly written: number;
}

export function countsOf(outcomes: readonly SuiteVerdict[]): Counts {
  const tests = outcomes.flatMap((outcome) => outcome.tests);
  const failed = tests.filter(hasFailed).length;
  const skipped = tests.filter((test) => test.skipped !== undefined).length;
  return {
    passed: tests.length - failed - skipped,
    failed,
    skipped,
    broken: outcomes.filter(isBroken).length,
    written: tests.reduce((sum, { written = 0 }) => sum + written, 0),
  };
}
