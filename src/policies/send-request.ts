import type { Exchange } from '../exchange/exchange.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, optional, type PolicyDefinition, required } from './definition.ts';
import { callOut } from './shared/call.ts';
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
      const response = await callOut(request, exchange);
      if (failsOnStatus && response.status >= 400) throw statusFailure(response.status);
      setVariable(exchange, name, response);
    } catch (error) {
      if (!ignores || !(error instanceof PolicyError)) throw error;
      setVariable(exchange, name, null);
    }
    return undefined;
  };
}

function statusFailure(status: number): PolicyError {
  return new PolicyError({ reason: 'BackendErrorStatusCode', message: `The called service returned status code ${status}.` });
}
