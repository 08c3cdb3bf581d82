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

/** The page gives the outputs to rate-limit alone, the schema to its children, too. */
const NAMED: readonly AttributeDeclaration[] = [...ENTITY_NAMES, ...LIMITS, ...RATE_OUTPUTS];

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
  readonly report: RateReport;
}

function compileRateLimit(element: PolicyElement, compiler: PolicyCompiler): Step {
  const own = limitOf([element], compiler, (exchange) => ownCounter(compiler, exchange));
  const limits = [
    own,
    ...element.children('operation').map((operation) => operationLimit([operation, element], compiler)),
    ...element.children('api').flatMap((api) => apiLimits([api, element], compiler)),
  ];
  return (exchange) => {
    const { subscription } = exchange;
    return subscription ? runFrom(limits, 0, subscription.id, exchange) : undefined;
  };
}

/** An element that sets a limit, and those around it. */
type Nested = readonly [PolicyElement, ...PolicyElement[]];

function limitOf(elements: Nested, compiler: PolicyCompiler, counterOf: Limit['counterOf']): Limit {
  const [element] = elements;
  const report = rateReporter(elements, compiler);
  return { calls: Number(element.literal('calls')), period: Number(element.literal('renewal-period')), counterOf, report };
}

function ownCounter(compiler: PolicyCompiler, exchange: Exchange): string {
  if (compiler.scope === 'product') return `product:${exchange.product?.id}`;
  return compiler.scope === 'api' ? `api:${exchange.api?.id}` : `operation:${exchange.api?.id}/${exchange.operation?.id}`;
}

function apiLimits(elements: Nested, compiler: PolicyCompiler): Limit[] {
  const [element] = elements;
  const matches = entityMatcher(element, compiler);
  const own = limitOf(elements, compiler, ({ api }) => (matches(api) ? `product-api:${api?.id}` : undefined));
  const operations = element.children('operation').map((operation) => operationLimit([operation, ...elements], compiler));
  return [
    own,
    ...operations.map((limit) => ({
      ...limit,
      counterOf: (exchange: Exchange) => (matches(exchange.api) ? limit.counterOf(exchange) : undefined),
    })),
  ];
}

function operationLimit(elements: Nested, compiler: PolicyCompiler): Limit {
  const matches = entityMatcher(elements[0], compiler);
  return limitOf(elements, compiler, ({ api, operation }) =>
    matches(operation) ? `product-operation:${api?.id}/${operation?.id}` : undefined,
  );
}

function runFrom(limits: readonly Limit[], first: number, subscription: string, exchange: Exchange): StepResult | Promise<StepResult> {
  for (let at = first; at < limits.length; at += 1) {
    const limit = limits[at];
    const counter = limit?.counterOf(exchange);
    if (!limit || counter === undefined) continue;
    const answer = exchange.host.counters.take(`rate-limit:${subscription}:${counter}`, 1, limit.calls, limit.period, 'sliding');
    if (answer instanceof Promise) {
      return answer.then((result: CounterAnswer) => {
        limit.report(result, limit.calls, exchange);
        return runFrom(limits, at + 1, subscription, exchange);
      });
    }
    limit.report(answer, limit.calls, exchange);
  }
  return undefined;
}
