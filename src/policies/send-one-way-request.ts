import { tellCall } from '../exchange/call-made.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { OutgoingRequest } from '../host/host.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition } from './definition.ts';
import { OUTGOING_ATTRIBUTES, OUTGOING_CHILDREN, outgoingBuilder } from './shared/outgoing.ts';
import type { Step } from './step.ts';

/** `<send-one-way-request>`: calls a URL without waiting; its values are computed first and may still fail the call. */
export const sendOneWayRequest: PolicyDefinition = {
  name: 'send-one-way-request',
  summary: 'Calls a URL without waiting for the answer.',
  page: 'send-one-way-request-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  gateways: ['classic', 'v2', 'consumption', 'self-hosted'],
  cardinality: 'any',
  attributes: OUTGOING_ATTRIBUTES,
  content: 'children',
  children: OUTGOING_CHILDREN,
  compile: compileOneWay,
};

function compileOneWay(element: PolicyElement, compiler: PolicyCompiler): Step {
  const seconds = element.number('timeout');
  const build = outgoingBuilder(element, compiler, (exchange) => (seconds?.read(exchange) ?? 60) * 1000);
  return async (exchange) => {
    void deliver(await build(exchange), exchange);
    return undefined;
  };
}

/** Problems of the delivery never reach the caller; they are logged. */
async function deliver(request: OutgoingRequest, exchange: Exchange): Promise<void> {
  try {
    const answer = await exchange.host.send(request);
    answer.body?.cancel?.();
    tellCall(exchange, request, answer.status, undefined, null);
  } catch (error) {
    exchange.host.log('warn', 'send-one-way-request failed', { url: request.origin + request.path, error: String(error) });
  }
}
