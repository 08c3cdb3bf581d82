import type { Exchange } from '../exchange/exchange.ts';
import type { CounterAnswer } from '../host/host.ts';
import type { Input, PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition, required } from './definition.ts';
import { invalidValue } from './evaluation.ts';
import { after } from './shared/after.ts';
import { counterKey } from './shared/counter-key.ts';
import { needed } from './shared/inputs.ts';
import { RATE_OUTPUTS, type RateReport, rateReporter, tryAgain } from './shared/rate.ts';
import { bufferReads, type Step, type StepResult } from './step.ts';

/** The longest window of the reference page, in seconds. */
const LONGEST = 300;

/** `<rate-limit-by-key>`: caps calls per computed key; one counter per key value over all scopes. */
export const rateLimitByKey: PolicyDefinition = {
  name: 'rate-limit-by-key',
  summary: 'Caps calls per computed key in a short window.',
  page: 'rate-limit-by-key-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  differences: { v2: 'counts in a token bucket there, in a sliding window here' },
  gateways: ['classic', 'v2', 'self-hosted', 'workspace'],
  cardinality: 'any',
  attributes: [
    required('calls', 'integer', 'Calls allowed per key and window.', { min: 1 }),
    required('renewal-period', 'integer', 'Window length in seconds.', { min: 1, max: LONGEST }),
    required('counter-key', 'string', 'Key of the counter.'),
    optional('increment-condition', 'boolean', 'Counts the call only when true; an expression is settled after outbound.', { late: true }),
    optional('increment-count', 'integer', 'Step; an expression is settled after outbound.', { default: '1', min: 1, late: true }),
    optional('increment-after-response', 'boolean', 'Counts after the response.', { expressions: false }),
    optional('flexible-retry-window', 'boolean', 'Known to the schema only.', { expressions: false, inert: true }),
    ...RATE_OUTPUTS,
  ],
  content: 'empty',
  compile: compileRateLimitByKey,
};

interface Limit {
  readonly calls: Input<number>;
  readonly period: Input<number>;
  readonly key: Input<string | null>;
  readonly condition: Input<boolean> | undefined;
  readonly count: Input<number> | undefined;
  readonly report: RateReport;
  /** Counting waits for the response: an expression in increment-*, or increment-after-response. */
  readonly late: boolean;
}

function compileRateLimitByKey(element: PolicyElement, compiler: PolicyCompiler): Step {
  const condition = element.boolean('increment-condition');
  const count = element.number('increment-count');
  const limit: Limit = {
    calls: needed(element.number('calls'), 'calls'),
    period: needed(element.number('renewal-period'), 'renewal-period'),
    key: needed(element.text('counter-key'), 'counter-key'),
    condition,
    count,
    report: rateReporter([element], compiler, tryAgain),
    late: condition?.isExpression === true || count?.isExpression === true || element.literal('increment-after-response') === 'true',
  };
  return (exchange) => run(limit, exchange);
}

function run(limit: Limit, exchange: Exchange): StepResult | Promise<StepResult> {
  const calls = limit.calls.read(exchange);
  const period = checkedPeriod(limit.period.read(exchange));
  const key = `rate-limit-by-key:${counterKey(limit.key.read(exchange), exchange)}`;
  return after(count(limit, key, calls, period, exchange), (answer) => {
    limit.report(answer, calls, exchange);
    if (limit.late) exchange.deferred.push((ended) => countLater(limit, key, period, ended));
    return undefined;
  });
}

/** A window of no length would let everything in. */
function checkedPeriod(seconds: number): number {
  if (seconds > 0 && seconds <= LONGEST) return seconds;
  throw invalidValue(`'${seconds}' is not a valid renewal-period.`);
}

/**
 * The classic tiers' sliding window. A call that is counted later is let in as long as the counter has not passed the limit,
 * since its own count is not known: the 429 comes one call later than usual (policies-a, rate-limit-by-key).
 */
function count(limit: Limit, key: string, calls: number, period: number, exchange: Exchange): CounterAnswer | Promise<CounterAnswer> {
  const { counters } = exchange.host;
  if (limit.late)
    return after(counters.peek(key, calls + 1, period, 'sliding'), (answer) => ({
      ...answer,
      remaining: Math.max(0, calls - answer.used),
    }));
  if (limit.condition?.constant === false) return counters.peek(key, calls, period, 'sliding');
  return counters.take(key, limit.count?.constant ?? 1, calls, period, 'sliding');
}

async function countLater(limit: Limit, key: string, period: number, exchange: Exchange): Promise<void> {
  for (const input of [limit.condition, limit.count]) if (input) await bufferReads(input.reads, exchange);
  if (limit.condition && !limit.condition.read(exchange)) return;
  await exchange.host.counters.add(key, limit.count?.read(exchange) ?? 1, period, 'sliding');
}
