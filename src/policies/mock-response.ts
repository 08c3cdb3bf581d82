import { Body } from '../exchange/body.ts';
import type { OperationInfo } from '../exchange/entities.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayResponse, reasonPhrase } from '../exchange/message.ts';
import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition } from './definition.ts';
import type { Step } from './step.ts';

/** `<mock-response>`: answers from the examples or schemas of the operation and ends the call. */
export const mockResponse: PolicyDefinition = {
  name: 'mock-response',
  summary: 'Answers from the samples or schemas of the operation.',
  page: 'mock-response-policy',
  sections: ['inbound', 'outbound', 'on-error'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    optional('status-code', 'integer', 'Response definition to use.', { default: '200', min: 200, max: 599, expressions: false }),
    optional('content-type', 'string', 'Representation to use.', { default: 'first one found', expressions: false }),
    optional('index', 'integer', 'Which example; known to the schema only.', { min: 0, expressions: false, inert: true }),
    optional('enabled', 'boolean', 'Known to the schema only.', { default: 'true', expressions: false }),
  ],
  content: 'empty',
  compile: compileMockResponse,
};

function compileMockResponse(element: PolicyElement): Step {
  const status = Number(element.literal('status-code') ?? '200');
  const contentType = element.literal('content-type');
  if (element.literal('enabled') === 'false') return () => undefined;
  return (exchange) => {
    exchange.response = mocked(exchange.operation, status, contentType);
    return 'respond';
  };
}

function mocked(operation: OperationInfo | null, status: number, contentType: string | undefined): GatewayResponse {
  const found = operation?.responses?.find((response) => response.status === status);
  const wanted = contentType?.toLowerCase();
  const representation = found?.representations.find((one) => wanted === undefined || one.contentType.toLowerCase() === wanted);
  const type = contentType ?? representation?.contentType;
  const headers = new Headers(type === undefined ? [] : ['Content-Type', type]);
  const body = representation?.sample == null ? new Body() : Body.text(representation.sample);
  return new GatewayResponse(status, reasonPhrase(status), headers, body);
}
