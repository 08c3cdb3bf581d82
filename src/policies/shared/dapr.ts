/** Calls to the Dapr sidecar of a self-hosted gateway: plain HTTP on this machine (policies-b, dapr_common). */

import { tellCall } from '../../exchange/call-made.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { forwardFailure, responseOf } from '../../exchange/forward.ts';
import type { GatewayResponse } from '../../exchange/message.ts';
import { PolicyError } from '../../exchange/policy-error.ts';
import { HostError } from '../../host/host.ts';
import type { PolicyElement } from '../compiler.ts';
import { type AttributeDeclaration, optional } from '../definition.ts';
import { setVariable } from './variables.ts';

/** The sidecar's address. */
export const DAPR = { scheme: 'http', host: 'localhost', port: 3500 } as const;

const literal = { expressions: false };

/** The schema has `liquid`, the pages print `Liquid`. */
export const DAPR_ATTRIBUTES: readonly AttributeDeclaration[] = [
  optional('ignore-error', 'boolean', 'Goes on after a failed call.', { ...literal, default: 'false' }),
  optional('response-variable-name', 'string', "Variable that gets the sidecar's response.", literal),
  optional('timeout', 'integer', 'Seconds to wait for the answer.', { default: '5', min: 1, max: 240 }),
  optional('template', 'enum', '`liquid` turns on Liquid.', { ...literal, values: ['liquid'], anyCase: true }),
  optional('content-type', 'enum', 'Type of the content.', { ...literal, values: ['application/json'] }),
];

export interface DaprCall {
  /** Behind `/v1.0/`. */
  readonly path: string;
  readonly body: string | Uint8Array;
  readonly contentType: string | undefined;
}

/** Sends the call and goes to on-error for an answer that is no success, unless errors are ignored. */
export function daprCaller(element: PolicyElement): (call: DaprCall, exchange: Exchange) => Promise<undefined> {
  const ignores = element.literal('ignore-error') === 'true' || element.literal('ignore-error') === '1';
  const variable = element.literal('response-variable-name');
  const timeout = element.number('timeout');
  return async (call, exchange) => {
    const milliseconds = (timeout?.read(exchange) ?? 5) * 1000;
    try {
      const response = await send(call, milliseconds, exchange);
      if (variable !== undefined) setVariable(exchange, variable, response);
      if (response.status < 200 || response.status >= 300) throw statusFailure(response.status);
    } catch (error) {
      if (!ignores || !(error instanceof PolicyError)) throw error;
    }
    return undefined;
  };
}

async function send({ path, body, contentType }: DaprCall, timeoutMilliseconds: number, exchange: Exchange): Promise<GatewayResponse> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const origin = `${DAPR.scheme}://${DAPR.host}:${DAPR.port}`;
  const target = `/v1.0/${path}`;
  const headers = ['Host', `${DAPR.host}:${DAPR.port}`, ...(contentType === undefined ? [] : ['Content-Type', contentType])];
  const told = (status: number | null, error?: unknown) => {
    tellCall(exchange, { method: 'POST', origin, path: target }, status, error);
  };
  try {
    const answer = await exchange.host.send({
      method: 'POST',
      origin,
      path: target,
      headers: [...headers, 'Content-Length', String(bytes.length)],
      body: bytes,
      timeoutMilliseconds,
    });
    const response = responseOf(answer);
    await response.body.buffer(exchange.settings.bodyLimit);
    told(response.status);
    return response;
  } catch (error) {
    told(null, error);
    throw error instanceof HostError ? forwardFailure(error) : error;
  }
}

function statusFailure(status: number): PolicyError {
  return new PolicyError({ reason: 'BackendErrorStatusCode', message: `The Dapr sidecar returned status code ${status}.` });
}

/** Names as they stand in a path; slashes stay, since a topic may have them. */
export function inPath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

/** `template` of an element for another one that holds the content. */
export function withTemplate(content: PolicyElement, element: PolicyElement): PolicyElement {
  const template = element.literal('template');
  return {
    name: content.name,
    xml: content.xml,
    path: content.path,
    has: (attribute) => content.has(attribute),
    literal: (attribute) => (attribute === 'template' ? template : content.literal(attribute)),
    text: (attribute) => content.text(attribute),
    number: (attribute) => content.number(attribute),
    boolean: (attribute) => content.boolean(attribute),
    object: (attribute) => content.object(attribute),
    content: () => content.content(),
    contentObject: () => content.contentObject(),
    children: (name) => content.children(name),
    steps: () => content.steps(),
  };
}
