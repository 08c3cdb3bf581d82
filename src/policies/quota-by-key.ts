import type { Exchange } from '../exchange/exchange.ts';
import type { Input, PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition, required } from './definition.ts';
import * as faults from './faults.ts';
import { valueSpan } from './shared/attribute-span.ts';
import { counterKey } from './shared/counter-key.ts';
import { needed } from './shared/inputs.ts';
import { countBytes, QUOTA_LIMITS, type QuotaLimit, quotaCounter, quotaExceeded, quotaLimit, quotaWindow } from './shared/quota.ts';
import { bufferReads, type Step } from './step.ts';

/** `<quota-by-key>`: caps calls and traffic per computed key in long windows; a request counts once for a key. */
export const quotaByKey: PolicyDefinition = {
  name: 'quota-by-key',
  summary: 'Caps calls and traffic per computed key in a long or endless window.',
  page: 'quota-by-key-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  gateways: ['classic', 'v2', 'self-hosted', 'workspace'],
  cardinality: 'any',
  attributes: [
    ...QUOTA_LIMITS,
    required('counter-key', 'string', 'Key of the counter.'),
    required('renewal-period', 'integer', 'Window length in seconds, at least 300; 0 never ends.', { expressions: false, min: 0 }),
    optional('increment-condition', 'boolean', 'Counts the call only when true; an expression is settled after outbound.', { late: true }),
    optional('increment-count', 'integer', 'Step; an expression is settled after outbound.', { default: '1', min: 1, late: true }),
    optional('first-period-start', 'string', 'Start of the first window, `yyyy-MM-ddTHH:mm:ssZ`.', {
      expressions: false,
      default: '0001-01-01T00:00:00Z',
    }),
  ],
  content: 'empty',
  compile: compileQuotaByKey,
};

interface Limit extends QuotaLimit {
  readonly period: number;
  /** Milliseconds since 1970. */
  readonly anchor: number;
  readonly key: Input<string | null>;
  readonly condition: Input<boolean> | undefined;
  readonly count: Input<number> | undefined;
  /** Counting waits for the response. */
  readonly late: boolean;
}

/** Shortest window of the reference page. */
const SHORTEST = 300;

function compileQuotaByKey(element: PolicyElement, compiler: PolicyCompiler): Step {
  const condition = element.boolean('increment-condition');
  const count = element.number('increment-count');
  const limit: Limit = {
    ...quotaLimit(element, compiler),
    period: periodOf(element, compiler),
    anchor: anchorOf(element, compiler),
    key: needed(element.text('counter-key'), 'counter-key'),
    condition,
    count,
    late: condition?.isExpression === true || count?.isExpression === true,
  };
  return async (exchange) => {
    await enforce(limit, exchange);
    return undefined;
  };
}

function periodOf(element: PolicyElement, compiler: PolicyCompiler): number {
  const period = Number(element.literal('renewal-period'));
  if (period > 0 && period < SHORTEST) compiler.report(faults.shortQuotaPeriod(String(period)), valueSpan(element, 'renewal-period'));
  return period;
}

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?$/;

function anchorOf(element: PolicyElement, compiler: PolicyCompiler): number {
  const text = element.literal('first-period-start') ?? '0001-01-01T00:00:00Z';
  const anchor = DATE.test(text) ? Date.parse(text.endsWith('Z') ? text : `${text}Z`) : Number.NaN;
  // JavaScript takes February 31 for March 3.
  if (!Number.isNaN(anchor) && new Date(anchor).toISOString().slice(0, 10) === text.slice(0, 10)) return anchor;
  compiler.report(faults.notDate('first-period-start', text), valueSpan(element, 'first-period-start'));
  return 0;
}

async function enforce(limit: Limit, exchange: Exchange): Promise<void> {
  const { counters } = exchange.host;
  const window = quotaWindow(exchange.host.now(), limit.anchor, limit.period);
  const prefix = `quota-by-key:${counterKey(limit.key.read(exchange), exchange)}:${limit.period}:${limit.anchor}`;
  const bandwidth = quotaCounter(prefix, 'bandwidth', window);
  if (limit.bytes !== undefined && !(await counters.peek(bandwidth.key, limit.bytes, bandwidth.seconds)).allowed)
    throw quotaExceeded('bandwidth', window);
  if (limit.calls !== undefined && !(await countCall(limit, limit.calls, prefix, window, exchange))) throw quotaExceeded('calls', window);
  if (limit.bytes !== undefined && firstUse(bandwidth.key, exchange)) countBytes(exchange, bandwidth);
}

/** Counts now, or after the response when the step is an expression; false when the quota is spent. */
async function countCall(
  limit: Limit,
  calls: number,
  prefix: string,
  window: ReturnType<typeof quotaWindow>,
  exchange: Exchange,
): Promise<boolean> {
  const { counters } = exchange.host;
  const { key, seconds } = quotaCounter(prefix, 'calls', window);
  const isOff = limit.condition?.constant === false;
  // A policy before this one has counted the call already: its own place counts, not what others have added since.
  const place = exchange.memory.get(key);
  if (typeof place === 'number' && !isOff) return place <= calls;
  const answer =
    limit.late || isOff ? await counters.peek(key, calls, seconds) : await counters.take(key, limit.count?.constant ?? 1, calls, seconds);
  if (!answer.allowed || isOff) return answer.allowed;
  exchange.memory.set(key, limit.late ? answer.used + 1 : answer.used);
  if (limit.late) exchange.deferred.push((ended) => countLater(limit, key, seconds, ended));
  return true;
}

/** One increment a request for a key, however many policies use it. */
function firstUse(key: string, exchange: Exchange): boolean {
  if (exchange.memory.has(key)) return false;
  exchange.memory.set(key, true);
  return true;
}

async function countLater(limit: Limit, key: string, seconds: number, exchange: Exchange): Promise<void> {
  for (const input of [limit.condition, limit.count]) if (input) await bufferReads(input.reads, exchange);
  if (limit.condition && !limit.condition.read(exchange)) return;
  await exchange.host.counters.add(key, limit.count?.read(exchange) ?? 1, seconds);
}
