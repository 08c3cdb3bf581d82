import type { Exchange } from '../exchange/exchange.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { type ChildDeclaration, optional, type PolicyDefinition, required, UNBOUNDED } from './definition.ts';
import { ENTITY_NAMES, entityMatcher } from './shared/named-entity.ts';
import { countBytes, QUOTA_LIMITS, type QuotaLimit, quotaCounter, quotaExceeded, quotaLimit, quotaWindow } from './shared/quota.ts';
import type { Step } from './step.ts';

const literal = { expressions: false };

const INNER = [
  ...ENTITY_NAMES,
  ...QUOTA_LIMITS,
  optional('renewal-period', 'integer', 'Window length in seconds.', { ...literal, min: 0, default: "the outer element's" }),
];

const OPERATION: ChildDeclaration = { name: 'operation', min: 0, max: UNBOUNDED, content: 'empty', attributes: INNER };

/** `<quota>`: caps calls and traffic per subscription in long windows; without a subscription it does nothing. */
export const quota: PolicyDefinition = {
  name: 'quota',
  summary: 'Caps calls and traffic per subscription in a long or endless window.',
  page: 'quota-policy',
  sections: ['inbound'],
  scopes: ['product'],
  cardinality: 'once-per-section',
  attributes: [
    ...QUOTA_LIMITS,
    required('renewal-period', 'integer', "Window length in seconds from the subscription's start; 0 never ends.", { ...literal, min: 0 }),
  ],
  content: 'children',
  children: [{ name: 'api', min: 0, max: UNBOUNDED, content: 'children', attributes: INNER, children: [OPERATION] }],
  compile: compileQuota,
};

/** One of the independent limits: product, API or operation. */
interface Limit extends QuotaLimit {
  readonly period: number;
  /** The counter's key behind the subscription; undefined when the limit is not about this call. */
  counterOf(exchange: Exchange): string | undefined;
}

function compileQuota(element: PolicyElement, compiler: PolicyCompiler): Step {
  const period = Number(element.literal('renewal-period'));
  const own: Limit = { ...quotaLimit(element, compiler), period, counterOf: ({ product }) => `product:${product?.id}` };
  const limits = [own, ...element.children('api').flatMap((api) => apiLimits(api, period, compiler))];
  return (exchange) => (exchange.subscription ? enforceAll(limits, exchange) : undefined);
}

async function enforceAll(limits: readonly Limit[], exchange: Exchange): Promise<undefined> {
  for (const limit of limits) await enforce(limit, exchange);
}

function apiLimits(element: PolicyElement, outer: number, compiler: PolicyCompiler): Limit[] {
  const period = periodOf(element, outer);
  const matches = entityMatcher(element, compiler);
  const own: Limit = {
    ...quotaLimit(element, compiler),
    period,
    counterOf: ({ product, api }) => (matches(api) ? `api:${product?.id}/${api?.id}` : undefined),
  };
  return [own, ...element.children('operation').map((operation) => operationLimit(operation, period, matches, compiler))];
}

function operationLimit(
  element: PolicyElement,
  outer: number,
  matchesApi: (api: Exchange['api']) => boolean,
  compiler: PolicyCompiler,
): Limit {
  const matches = entityMatcher(element, compiler);
  return {
    ...quotaLimit(element, compiler),
    period: periodOf(element, outer),
    counterOf: ({ product, api, operation }) =>
      matchesApi(api) && matches(operation) ? `operation:${product?.id}/${api?.id}/${operation?.id}` : undefined,
  };
}

function periodOf(element: PolicyElement, outer: number): number {
  const own = element.literal('renewal-period');
  return own === undefined ? outer : Number(own);
}

/** Bandwidth first: a call that it refuses is not counted. The call that passes the mark is still served. */
async function enforce(limit: Limit, exchange: Exchange): Promise<void> {
  const { host, subscription } = exchange;
  const counter = limit.counterOf(exchange);
  if (counter === undefined || !subscription) return;
  const window = quotaWindow(host.now(), Date.parse(subscription.startDate ?? subscription.createdDate), limit.period);
  const prefix = `quota:${subscription.id}:${counter}`;
  const bandwidth = quotaCounter(prefix, 'bandwidth', window);
  if (limit.bytes !== undefined && !(await host.counters.peek(bandwidth.key, limit.bytes, bandwidth.seconds)).allowed)
    throw quotaExceeded('bandwidth', window);
  const calls = quotaCounter(prefix, 'calls', window);
  if (limit.calls !== undefined && !(await host.counters.take(calls.key, 1, limit.calls, calls.seconds)).allowed)
    throw quotaExceeded('calls', window);
  if (limit.bytes !== undefined) countBytes(exchange, bandwidth);
}
