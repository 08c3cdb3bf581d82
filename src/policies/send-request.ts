import type { Exchange } from '../exchange/exchange.ts';
import { forwardFailure, responseOf } from '../exchange/forward.ts';
import type { GatewayResponse } from '../exchange/message.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import { HostError, type OutgoingRequest } from '../host/host.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, optional, type PolicyDefinition, required } from './definition.ts';
import { needed } from './shared/inputs.ts';
import { OUTGOING_ATTRIBUTES, OUTGOING_CHILDREN, outgoingBuilder } from './shared/outgoing.ts';
import { setVariable } from './shared/variables.ts';
import type { Step } from './step.ts';

/** `<send-request>`: calls a URL and keeps the response in a variable. Error statuses are results, not failures. */
export const sendRequest: PolicyDefinition = {
  name: 'send-request',
  summary: 'Calls a URL and keeps the response in a variable.',
  page: 'send-request-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    ...OUTGOING_ATTRIBUTES,
    required('response-variable-name', 'string', 'Variable that receives the response.'),
    optional('timeout-ms', 'integer', 'Milliseconds to wait for the answer.', { min: 0 }),
    optional('ignore-error', 'boolean', 'Errors give a null variable.', { default: 'false', expressions: false }),
    optional('buffer-response', 'boolean', 'Known to the schema only; answers are always read as a whole.', {
      expressions: false,
      inert: true,
    }),
    optional('fail-on-error-status-code', 'boolean', 'Status 400 to 599 counts as error.', { default: 'false', expressions: false }),
  ],
  content: 'children',
  children: OUTGOING_CHILDREN,
  compile: compileSendRequest,
};

const DEFAULT_TIMEOUT = 60_000;

function compileSendRequest(element: PolicyElement, compiler: PolicyCompiler): Step {
  const variable = needed(element.text('response-variable-name'), 'response-variable-name');
  const seconds = element.number('timeout');
  const milliseconds = element.number('timeout-ms');
  const ignores = element.literal('ignore-error') === 'true';
  const failsOnStatus = element.literal('fail-on-error-status-code') === 'true';
  const timeout = (exchange: Exchange) => milliseconds?.read(exchange) ?? (seconds ? seconds.read(exchange) * 1000 : DEFAULT_TIMEOUT);
  const build = outgoingBuilder(element, compiler, timeout);
  return async (exchange) => {
    const name = variable.read(exchange) ?? '';
    const request = await build(exchange);
    try {
      const response = await call(request, exchange);
      if (failsOnStatus && response.status >= 400) throw statusFailure(response.status);
      setVariable(exchange, name, response);
    } catch (error) {
      if (!ignores || !(error instanceof PolicyError)) throw error;
      setVariable(exchange, name, null);
    }
    return undefined;
  };
}

/** The answer with its body in memory: expressions read it synchronously, whenever they like. */
async function call(request: OutgoingRequest, exchange: Exchange): Promise<GatewayResponse> {
  try {
    const response = responseOf(await exchange.host.send(request));
    await response.body.buffer(exchange.settings.bodyLimit);
    told(exchange, request, response.status);
    return response;
  } catch (error) {
    told(exchange, request, null, error);
    throw error instanceof HostError ? forwardFailure(error) : error;
  }
}

function told(exchange: Exchange, request: OutgoingRequest, status: number | null, error?: unknown): void {
  if (!exchange.listener) return;
  const reason = error instanceof Error ? { error: error.message } : {};
  exchange.emit({
    kind: 'call-made',
    step: exchange.current,
    method: request.method,
    url: request.origin + request.path,
    status,
    ...reason,
  });
}

function statusFailure(status: number): PolicyError {
  return new PolicyError({ reason: 'BackendErrorStatusCode', message: `The called service returned status code ${status}.` });
}
