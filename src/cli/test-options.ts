/** What `portico test` was told, for everybody who runs tests. */
import type { HelperOptions } from './test-helper.ts';
import type { ReporterName } from './test-reporters.ts';

/** Values of `--coverage-reporter`. */
export const COVERAGE_REPORTERS = ['text', 'lcov', 'html', 'json'] as const;
export type CoverageReporterName = (typeof COVERAGE_REPORTERS)[number];

/** A reporter with the file it writes to; undefined: standard output. */
export interface ReporterChoice {
  readonly name: ReporterName;
  output: string | undefined;
}

/** The flags as commander gives them. */
export interface TestOptions {
  readonly filter?: string;
  readonly trace?: boolean;
  readonly anyMember?: boolean;
  /** Entry of `environments` in portico.yaml. */
  readonly env?: string;
  readonly watch?: boolean;
  /** Most threads. */
  readonly jobs?: number | undefined;
  readonly update?: boolean;
  /** True without a number: the first failure. */
  readonly bail?: number | true;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly coverage?: boolean;
  readonly coverageReporter?: readonly CoverageReporterName[];
  readonly coverageDir: string;
  readonly threshold?: number;
  readonly mutate?: boolean;
  readonly mutateThreshold?: number;
  readonly faults?: boolean;
  readonly against?: string;
  readonly import?: string;
  readonly out?: string;
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

/** Failures after which a run stops; undefined: it does not. */
export function bailOf({ bail }: TestOptions): number | undefined {
  return bail === true ? 1 : bail;
}

/** Whether any of its flags asks for coverage. */
export function wantsCoverage({ coverage, coverageReporter, threshold }: TestOptions): boolean {
  return coverage === true || coverageReporter !== undefined || threshold !== undefined;
}
