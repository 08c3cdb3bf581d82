import type { Exchange } from '../exchange/exchange.ts';
import type { CounterAnswer } from '../host/host.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { type AttributeDeclaration, type ChildDeclaration, type PolicyDefinition, required, UNBOUNDED } from './definition.ts';
import { ENTITY_NAMES, entityMatcher } from './shared/named-entity.ts';
import { RATE_OUTPUTS, type RateReport, rateReporter } from './shared/rate.ts';
import type { Step, StepResult } from './step.ts';

const LIMITS: readonly AttributeDeclaration[] = [
  required('calls', 'integer', 'Calls allowed in the window.', { min: 1, expressions: false }),
  required('renewal-period', 'integer', 'Window length in seconds.', { min: 1, max: 300, expressions: false }),
];

const NAMED: readonly AttributeDeclaration[] = [...ENTITY_NAMES, ...LIMITS];

const OPERATION: ChildDeclaration = { name: 'operation', min: 0, max: UNBOUNDED, content: 'empty', attributes: NAMED };

/** `<rate-limit>`: caps calls per subscription; without one it does nothing. */
export const rateLimit: PolicyDefinition = {
  name: 'rate-limit',
  summary: 'Caps calls per subscription in a short window.',
  page: 'rate-limit-policy',
  sections: ['inbound'],
  scopes: ['product', 'api', 'operation'],
  differences: { v2: 'counts in a token bucket there, in a sliding window here' },
  cardinality: 'once-per-section',
  attributes: [...LIMITS, ...RATE_OUTPUTS],
  content: 'children',
  children: [{ name: 'api', min: 0, max: UNBOUNDED, content: 'children', attributes: NAMED, children: [OPERATION] }, OPERATION],
  compile: compileRateLimit,
};

/** One of the independent limits: product, API or operation. */
interface Limit {
  readonly calls: number;
  readonly period: number;
  /** The counter's key behind the subscription; undefined when the limit is not about this call. */
  counterOf(exchange: Exchange): string | undefined;
}

function compileRateLimit(element: PolicyElement, compiler: PolicyCompiler): Step {
  const report = rateReporter(element);
  const own = limitOf(element, (exchange) => ownCounter(compiler, exchange));
  const limits = [
    own,
    ...element.children('operation').map((operation) => operationLimit(operation, compiler)),
    ...element.children('api').flatMap((api) => apiLimits(api, compiler)),
  ];
  return (exchange) => {
    const { subscription } = exchange;
    return subscription ? runFrom(limits, 0, subscription.id, report, exchange) : undefined;
  };
}

function limitOf(element: PolicyElement, counterOf: Limit['counterOf']): Limit {
  return { calls: Number(element.literal('calls')), period: Number(element.literal('renewal-period')), counterOf };
}

function ownCounter(compiler: PolicyCompiler, exchange: Exchange): string {
  if (compiler.scope === 'product') return `product:${exchange.product?.id}`;
  return compiler.scope === 'api' ? `api:${exchange.api?.id}` : `operation:${exchange.api?.id}/${exchange.operation?.id}`;
}

function apiLimits(element: PolicyElement, compiler: PolicyCompiler): Limit[] {
  const matches = entityMatcher(element, compiler);
  const own = limitOf(element, ({ api }) => (matches(api) ? `product-api:${api?.id}` : undefined));
  const operations = element.children('operation').map((operation) => operationLimit(operation, compiler));
  return [
    own,
    ...operations.map((limit) => ({
      ...limit,
      counterOf: (exchange: Exchange) => (matches(exchange.api) ? limit.counterOf(exchange) : undefined),
    })),
  ];
}

function operationLimit(element: PolicyElement, compiler: PolicyCompiler): Limit {
  const matches = entityMatcher(element, compiler);
  return limitOf(element, ({ api, operation }) => (matches(operation) ? `product-operation:${api?.id}/${operation?.id}` : undefined));
}

function runFrom(
  limits: readonly Limit[],
  first: number,
  subscription: string,
  report: RateReport,
  exchange: Exchange,
): StepResult | Promise<StepResult> {
  for (let at = first; at < limits.length; at += 1) {
    const limit = limits[at];
    const counter = limit?.counterOf(exchange);
    if (!limit || counter === undefined) continue;
    const answer = exchange.host.counters.take(`rate-limit:${subscription}:${counter}`, 1, limit.calls, limit.period, 'sliding');
    if (answer instanceof Promise) {
      return answer.then((result: CounterAnswer) => {
        report(result, limit.calls, exchange);
        return runFrom(limits, at + 1, subscription, report, exchange);
      });
    }
    report(answer, limit.calls, exchange);
  }
  return undefined;
}
