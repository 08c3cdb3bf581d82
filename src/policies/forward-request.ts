import type { AnswerReceiver, Exchange } from '../exchange/exchange.ts';
import { FORWARD_DEFAULTS, type ForwardOptions, forwardThroughHost } from '../exchange/forward.ts';
import type { GatewayResponse } from '../exchange/message.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import type { Input, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition } from './definition.ts';
import { timeLimit } from './shared/time-limit.ts';
import type { Step } from './step.ts';

/** `<forward-request>`: sends the request to the backend and takes its answer as context.Response. */
export const forwardRequest: PolicyDefinition = {
  name: 'forward-request',
  summary: 'Sends the request to the backend.',
  page: 'forward-request-policy',
  sections: ['backend'],
  scopes: ALL_SCOPES,
  cardinality: 'once-per-section',
  attributes: [
    optional('timeout', 'integer', 'Seconds to wait for the response headers.', { default: '300', min: 0 }),
    optional('timeout-ms', 'integer', 'The same in milliseconds.', { min: 0 }),
    optional(
      'continue-timeout',
      'integer',
      'Sends a body with `Expect: 100-continue`; a backend that does not ask for it within so many seconds has timed out.',
      { min: 0 },
    ),
    optional('http-version', 'enum', 'Protocol to the backend.', {
      values: ['1', '2or1', '2'],
      default: '1',
      expressions: false,
      gateways: ['self-hosted', 'v2'],
    }),
    optional('follow-redirects', 'boolean', 'Follows 3xx in the gateway.', { default: 'false' }),
    optional('buffer-request-body', 'boolean', 'Keeps the body so that retry can send it again.', { default: 'false', expressions: false }),
    optional('buffer-response', 'boolean', '`false` hands over each chunk at once.', { default: 'true', expressions: false }),
    optional('fail-on-error-status-code', 'boolean', 'Backend status 400 to 599 is an error.', { default: 'false', expressions: false }),
  ],
  oneOf: [{ names: ['timeout', 'timeout-ms'], required: false }],
  content: 'empty',
  compile: compileForwardRequest,
};

function compileForwardRequest(element: PolicyElement): Step {
  const options = forwardOptions(element);
  const failOnError = isTrue(element.literal('fail-on-error-status-code'));
  const run: Step = async (exchange) => {
    const chosen = options(exchange);
    if (chosen.bufferRequestBody) await exchange.request.body.buffer(exchange.settings.bodyLimit);
    exchange.response = await (exchange.forwarder ?? forwardThroughHost)(exchange, chosen);
    if (failOnError && exchange.response.status >= 400) throw errorStatus(exchange.response);
    return undefined;
  };
  // What still has work to do around the call takes the way of promises.
  if (!failOnError && !isTrue(element.literal('buffer-request-body')))
    run.begin = (exchange, receiver) => beginForward(exchange, options(exchange), receiver);
  return run;
}

function beginForward(exchange: Exchange, options: ForwardOptions, receiver: AnswerReceiver): void {
  const { forwarder } = exchange;
  if (forwarder?.begin) return forwarder.begin(exchange, options, receiver);
  (forwarder ?? forwardThroughHost)(exchange, options).then(
    (response) => receiver.answered(response),
    (error: unknown) => receiver.failed(error),
  );
}

function isTrue(literal: string | undefined): boolean {
  return literal === 'true' || literal === '1';
}

function httpVersion(literal: string | undefined): ForwardOptions['httpVersion'] {
  return literal === '2' || literal === '2or1' ? literal : '1';
}

function forwardOptions(element: PolicyElement): (exchange: Exchange) => ForwardOptions {
  const seconds = element.number('timeout');
  const milliseconds = element.number('timeout-ms');
  const follow = element.boolean('follow-redirects');
  const toContinue = element.number('continue-timeout');
  const fixed = {
    httpVersion: httpVersion(element.literal('http-version')),
    bufferRequestBody: isTrue(element.literal('buffer-request-body')),
    bufferResponse: !element.has('buffer-response') || isTrue(element.literal('buffer-response')),
  };
  const read = (exchange: Exchange | null): ForwardOptions => ({
    ...fixed,
    timeoutMilliseconds: timeLimit(
      inputValue(milliseconds, exchange) ?? (inputValue(seconds, exchange) ?? FORWARD_DEFAULTS.timeoutMilliseconds / 1000) * 1000,
    ),
    followRedirects: inputValue(follow, exchange) ?? false,
    continueMilliseconds: inSeconds(inputValue(toContinue, exchange)),
  });
  if ([milliseconds, seconds, follow, toContinue].some((input) => input?.isExpression)) return read;
  const constant = read(null);
  return () => constant;
}

function inSeconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1000;
}

function inputValue<T>(input: Input<T> | undefined, exchange: Exchange | null): T | undefined {
  return exchange ? input?.read(exchange) : input?.constant;
}

/** errors.yaml: only the jump to on-error is documented; the backend's response stays context.Response. */
function errorStatus(response: GatewayResponse): PolicyError {
  return new PolicyError({
    reason: 'BackendErrorStatusCode',
    message: `The backend service returned status code ${response.status}.`,
    status: response.status,
    keepResponse: true,
  });
}
