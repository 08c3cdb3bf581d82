/** What both rate limit policies say and answer. */
import type { Exchange } from '../../exchange/exchange.ts';
import { PolicyError } from '../../exchange/policy-error.ts';
import type { CounterAnswer } from '../../host/host.ts';
import type { PolicyCompiler, PolicyElement } from '../compiler.ts';
import { type AttributeDeclaration, optional } from '../definition.ts';
import * as faults from '../faults.ts';
import { valueSpan } from './attribute-span.ts';
import { isHeaderName } from './header-element.ts';
import { boxedInt, setVariable } from './variables.ts';

const literal = { expressions: false };

export const RATE_OUTPUTS: readonly AttributeDeclaration[] = [
  optional('retry-after-header-name', 'string', 'Header that carries the wait in seconds.', { ...literal, default: 'Retry-After' }),
  optional('retry-after-variable-name', 'string', 'Variable that gets the wait in seconds.', literal),
  optional('remaining-calls-header-name', 'string', 'Response header with the calls left in the window.', literal),
  optional('remaining-calls-variable-name', 'string', 'Variable with the calls left.', literal),
  optional('total-calls-header-name', 'string', 'Response header with the value of calls.', literal),
];

/** Shows the counter as the policy asks, and refuses the call when it is spent. */
export type RateReport = (answer: CounterAnswer, calls: number, exchange: Exchange) => void;

/**
 * `elements`: the one that sets the limit, then those around it. The schema lets the outputs stand on rate-limit's api and
 * operation, too: counts are told of the limit that asks for it, the wait is told as outside where a child does not say.
 * `message`: LastError.Message of a wait in seconds.
 */
export function rateReporter(
  elements: readonly [PolicyElement, ...PolicyElement[]],
  compiler: PolicyCompiler,
  message: (wait: number) => string = pageText,
): RateReport {
  const [element] = elements;
  for (const name of HEADERS) checkHeaderName(name, element, compiler);
  const around = (name: string) => elements.find((one) => one.literal(name) !== undefined)?.literal(name);
  const retryHeader = around('retry-after-header-name') ?? 'Retry-After';
  const retryVariable = around('retry-after-variable-name');
  const remainingHeader = element.literal('remaining-calls-header-name');
  const remainingVariable = element.literal('remaining-calls-variable-name');
  const totalHeader = element.literal('total-calls-header-name');
  return (answer, calls, exchange) => {
    if (remainingHeader) exchange.responseHeaders.push(remainingHeader, String(answer.remaining));
    if (totalHeader) exchange.responseHeaders.push(totalHeader, String(calls));
    if (remainingVariable) setVariable(exchange, remainingVariable, boxedInt(exchange, answer.remaining));
    if (answer.allowed) return;
    const wait = Math.max(1, Math.ceil(answer.retryAfterSeconds));
    if (retryVariable) setVariable(exchange, retryVariable, boxedInt(exchange, wait));
    throw exceeded(wait, retryHeader, message(wait));
  };
}

const HEADERS = ['retry-after-header-name', 'remaining-calls-header-name', 'total-calls-header-name'];

function checkHeaderName(attribute: string, element: PolicyElement, compiler: PolicyCompiler): void {
  const name = element.literal(attribute);
  if (name === undefined || name.includes('{{') || isHeaderName(name)) return;
  compiler.report(faults.notHeaderName(attribute, name), valueSpan(element, attribute));
}

/** The error handling page's text for rate-limit; the caller is told how long to wait, too (observed). */
const pageText = (): string => 'Rate limit is exceeded';

export const tryAgain = (wait: number): string => `Rate limit is exceeded. Try again in ${wait} seconds.`;

function exceeded(wait: number, header: string, message: string): PolicyError {
  return new PolicyError({
    reason: 'RateLimitExceeded',
    message,
    status: 429,
    clientMessage: tryAgain(wait),
    headers: [header, String(wait)],
  });
}
