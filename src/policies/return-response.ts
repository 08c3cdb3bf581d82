import { Body } from '../exchange/body.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { GatewayResponse } from '../exchange/message.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, optional, type PolicyDefinition, UNBOUNDED } from './definition.ts';
import { applyBody, BODY_ELEMENT, bodyReader } from './shared/body-element.ts';
import { applyHeader, HEADER_ELEMENT, headerReader } from './shared/header-element.ts';
import { applyStatus, STATUS_ELEMENT, statusReader } from './shared/status-element.ts';
import type { Step } from './step.ts';

/** `<return-response>`: ends the call with an answer of its own; nothing else runs. */
export const returnResponse: PolicyDefinition = {
  name: 'return-response',
  summary: 'Stops the pipeline and answers at once.',
  page: 'return-response-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [optional('response-variable-name', 'string', 'Variable that holds a response of send-request.', { expressions: false })],
  content: 'children',
  children: [
    { ...STATUS_ELEMENT, min: 0, max: 1 },
    { ...HEADER_ELEMENT, min: 0, max: UNBOUNDED },
    { ...BODY_ELEMENT, min: 0, max: 1 },
  ],
  compile: compileReturnResponse,
};

function compileReturnResponse(element: PolicyElement, compiler: PolicyCompiler): Step {
  const variable = element.literal('response-variable-name');
  const statuses = element.children('set-status').map(statusReader);
  const headers = element.children('set-header').map(headerReader);
  const bodies = element.children('set-body').map((child) => bodyReader(child, compiler, 'nothing'));
  const builds = statuses.length + headers.length + bodies.length > 0;
  return (exchange) => {
    // Everything is evaluated before the response changes: children still see the old context.Response.
    const status = statuses.map((read) => read(exchange));
    const changes = headers.map((read) => read(exchange));
    const contents = bodies.map((read) => read(exchange));
    // Many documents keep `existing context variable` of the reference's statement, and answer with the children alone.
    const isNew = variable === undefined || (builds && !exchange.variables.has(variable));
    const response = isNew ? new GatewayResponse() : responseOf(variable, exchange);
    for (const change of status) applyStatus(change, response, exchange);
    for (const change of changes) applyHeader(change, response.headers, 'response', exchange);
    for (const content of contents) applyBody(content, response, 'response', exchange);
    exchange.response = response;
    return 'respond';
  };
}

/** A copy, so that the variable keeps what send-request brought. */
function responseOf(variable: string, exchange: Exchange): GatewayResponse {
  const value = exchange.variables.get(variable);
  if (value instanceof GatewayResponse)
    return new GatewayResponse(value.status, value.reason, value.headers.copy(), new Body(value.body.source));
  throw new PolicyError({ reason: 'ResponseVariableInvalid', message: `The variable '${variable}' does not hold a response.` });
}
