/** What both rate limit policies say and answer. */
import type { Exchange } from '../../exchange/exchange.ts';
import { PolicyError } from '../../exchange/policy-error.ts';
import type { CounterAnswer } from '../../host/host.ts';
import type { PolicyElement } from '../compiler.ts';
import { type AttributeDeclaration, optional } from '../definition.ts';
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

export function rateReporter(element: PolicyElement): RateReport {
  const retryHeader = element.literal('retry-after-header-name') ?? 'Retry-After';
  const retryVariable = element.literal('retry-after-variable-name');
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
    throw exceeded(wait, retryHeader);
  };
}

/** errors.yaml: observed body with the wait in it; LastError has the page's text. */
function exceeded(wait: number, header: string): PolicyError {
  return new PolicyError({
    reason: 'RateLimitExceeded',
    message: 'Rate limit is exceeded',
    status: 429,
    clientMessage: `Rate limit is exceeded. Try again in ${wait} seconds.`,
    headers: [header, String(wait)],
  });
}
