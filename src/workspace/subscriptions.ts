/**
 * GraphQL over WebSocket: only subscriptions are taken (policies-b, graphql_common). Policies of inbound run on the handshake;
 * validate-graphql-request has nothing to look at there and runs on each subscription instead.
 */
import { Body } from '../exchange/body.ts';
import { Exchange, type MessageInspector } from '../exchange/exchange.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayRequest } from '../exchange/message.ts';
import type { EffectivePolicy } from '../pipeline/document.ts';
import { asPolicyError } from '../policies/evaluation.ts';
import { loadGraphql } from '../policies/shared/graphql-library.ts';
import { runSteps, type StepList } from '../policies/step.ts';
import { itemsOf, membersOf, tryJson } from '../source/json.ts';

const CHECKS = 'graphql-subscription-checks';
const VALIDATION = 'validate-graphql-request';

/** Tokens of a document that are read. */
const MOST_TOKENS = 20_000;

/** What runs on the handshake; the validation that stands directly in inbound is kept for what comes later. */
export function subscriptionPolicy(policy: EffectivePolicy, exchange: Exchange): EffectivePolicy {
  const { inbound, ...others } = policy.sections;
  const isCheck = ({ info }: StepList[number]) => info.policy === VALIDATION;
  exchange.memory.set(CHECKS, inbound.filter(isCheck));
  return { ...policy, sections: { ...others, inbound: inbound.filter((step) => !isCheck(step)) } };
}

/** A request of a subscription: what `subscribe` carries. */
export interface SubscriptionRequest {
  readonly query: string;
  readonly operationName?: unknown;
  readonly variables?: unknown;
}

export type Admission = { readonly request: SubscriptionRequest } | { readonly errors: readonly object[] };

/** Whether a subscription may begin, and with which document: fields may have been removed from it. */
export async function admit(payload: unknown, handshake: Exchange): Promise<Admission> {
  const { query, operationName, variables } = membersOf(payload);
  if (typeof query !== 'string') return { errors: [{ message: 'The request has no GraphQL query.' }] };
  const kind = await kindOf(query, operationName);
  if (typeof kind === 'object') return { errors: [kind] };
  if (kind !== 'subscription') return { errors: [{ message: 'Queries and mutations are not accepted over a WebSocket connection.' }] };
  const request = { query, ...(operationName === undefined ? {} : { operationName }), ...(variables === undefined ? {} : { variables }) };
  const checks = (handshake.memory.get(CHECKS) as StepList | undefined) ?? [];
  return checks.length === 0 ? { request } : checked(request, checks, handshake);
}

async function kindOf(query: string, operationName: unknown): Promise<string | object | undefined> {
  const { parse, getOperationAST, GraphQLError } = await loadGraphql();
  try {
    return getOperationAST(parse(query, { maxTokens: MOST_TOKENS }), typeof operationName === 'string' ? operationName : null)?.operation;
  } catch (error) {
    return error instanceof GraphQLError ? error.toJSON() : { message: String(error) };
  }
}

/** The subscription as the POST request that the policy is made for. */
async function checked(request: SubscriptionRequest, checks: StepList, handshake: Exchange): Promise<Admission> {
  const { originalUrl, headers, ipAddress, certificate } = handshake.request;
  const exchange = new Exchange({
    ...handshake,
    request: new GatewayRequest({
      method: 'POST',
      originalUrl,
      base: undefined,
      path: undefined,
      queryString: undefined,
      headers: new Headers([...headers.toWire()]),
      body: Body.text(JSON.stringify(request)),
      ipAddress,
      certificate,
    }),
    response: null,
    requestId: handshake.requestId,
    caller: null,
  });
  exchange.secrets = handshake.secrets;
  try {
    await runSteps(checks, exchange);
    return { request: tryJson(exchange.request.body.text()) as SubscriptionRequest };
  } catch (error) {
    const told = exchange.response && itemsOf(membersOf(tryJson(exchange.response.body.text())).errors);
    if (told && told.length > 0) return { errors: told as readonly object[] };
    handshake.host.log('error', 'a subscription could not be checked', { error: handshake.mask(asPolicyError(error).message) });
    return { errors: [{ message: 'Internal server error' }] };
  }
}

/** Looks into what a caller sends to the service behind a pass-through API, in the protocol of today and the one before. */
export function inspectorOf(handshake: Exchange): MessageInspector {
  return async (text) => {
    const message = tryJson(text);
    const { type, id, payload } = membersOf(message);
    if (message === undefined) return { forward: text };
    // Written anew, so that no service reads a repeated member in another way.
    if (type !== 'subscribe' && type !== 'start') return { forward: JSON.stringify(message) };
    const admission = await admit(payload, handshake);
    if ('request' in admission)
      return { forward: JSON.stringify({ ...membersOf(message), payload: { ...membersOf(payload), ...admission.request } }) };
    return { answer: JSON.stringify({ id, type: 'error', payload: type === 'start' ? admission.errors[0] : admission.errors }) };
  };
}
