/** What a caller would see when what a test relies on fails: each outgoing call, in each way. */
import { type CaseRun, runCase } from './case.ts';
import type { Outgoing, TestResult } from './contract.ts';
import type { Gateways } from './gateways.ts';
import { isPassing, type SuiteOutcome } from './runner.ts';
import { type Answer, EMPTY_OK } from './stubs.ts';
import type { TestCase } from './suite.ts';

export const FAILURES = ['refuse', 'reset', 'timeout', '500', 'truncated'] as const;
export type Failure = (typeof FAILURES)[number] | 'unreachable';

export interface FailureCell {
  readonly failure: Failure;
  /** `503`, `200 cut off`. */
  readonly seen: string;
  /** `context.LastError.Reason` behind an answer that is an error. */
  readonly reason: string | undefined;
  /** Milliseconds on the clock beyond those of the passing test. */
  readonly longer: number;
  /** Something in the gateway is wrong, not in the policies. */
  readonly internal: boolean;
}

/** One call of one test; a failing service goes on failing for the rest of the test. */
export interface FailureRow {
  readonly suite: string;
  readonly test: string;
  readonly outgoing: Pick<Outgoing, 'kind' | 'line'>;
  readonly cells: readonly FailureCell[];
}

/** Different calls of one test that are tried. */
const MOST_CALLS = 50;
const TIMEOUT = 5000;

export async function failureMatrix(outcomes: readonly SuiteOutcome[], gateways: Gateways): Promise<FailureRow[]> {
  const rows: FailureRow[] = [];
  for (const { suite, tests } of outcomes)
    for (const outcome of tests) if (isPassing(outcome)) rows.push(...(await failuresOf(suite, outcome.test, gateways)));
  return rows;
}

interface Asked {
  readonly outgoing: Outgoing;
  readonly step: number;
}

/** A row for each call that a passing test makes. */
export async function failuresOf(suite: string, test: TestCase, gateways: Gateways): Promise<FailureRow[]> {
  const asked = new Map<string, Asked>();
  const gateway = await gateways.of(test);
  const healthy = await runCase(gateway, test, {
    timeout: TIMEOUT,
    guard: gateways.guard,
    outgoing: (outgoing, step) => {
      const key = keyOf(outgoing, step);
      if (!asked.has(key) && !outgoing.line.startsWith('set ')) asked.set(key, { outgoing, step });
      return undefined;
    },
  });
  const rows: FailureRow[] = [];
  for (const one of [...asked.values()].slice(0, MOST_CALLS)) {
    const failures = one.outgoing.kind === 'cache' ? (['unreachable'] as const) : FAILURES;
    const cells: FailureCell[] = [];
    for (const failure of failures) cells.push(await cellOf(test, one, failure, healthy, gateways));
    const { kind, line } = one.outgoing;
    rows.push({ suite, test: test.name, outgoing: { kind, line }, cells });
  }
  return rows;
}

function keyOf({ kind, line }: Outgoing, step: number): string {
  return `${step} ${kind} ${line}`;
}

async function cellOf(test: TestCase, asked: Asked, failure: Failure, healthy: CaseRun, gateways: Gateways): Promise<FailureCell> {
  const { kind, line } = asked.outgoing;
  try {
    const run = await runCase(await gateways.of(test), test, {
      timeout: TIMEOUT,
      guard: gateways.guard,
      outgoing: (outgoing, step) =>
        outgoing.kind === kind && outgoing.line === line && step >= asked.step ? answerOf(failure) : undefined,
    });
    const result = run.results[asked.step];
    const longer = (result?.elapsed ?? 0) - (healthy.results[asked.step]?.elapsed ?? 0);
    return {
      failure,
      ...(result ? seenOf(result) : { seen: 'nothing', reason: undefined }),
      longer,
      internal: result?.error?.reason === 'InternalError',
    };
  } catch (error) {
    gateways.drop(test);
    return { failure, seen: 'none', reason: error instanceof Error ? error.message : String(error), longer: 0, internal: true };
  }
}

function answerOf(failure: Failure): Answer {
  if (failure === '500') return { ...EMPTY_OK, status: 500, reason: 'Internal Server Error' };
  if (failure === 'truncated')
    return { ...EMPTY_OK, headers: ['Content-Type', 'application/json'], body: '{"cut": "off"}', fault: 'truncated' };
  return { ...EMPTY_OK, fault: failure === 'unreachable' ? 'refuse' : failure };
}

function seenOf({ status, aborted, error }: TestResult): Pick<FailureCell, 'seen' | 'reason'> {
  const reason = status < 400 ? undefined : (error?.reason ?? undefined);
  return { seen: aborted ? `${status} cut off` : String(status), reason };
}
