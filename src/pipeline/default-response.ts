/** The answers the gateway writes by itself; spacing is part of the contract (errors.yaml, default_response). */
import { Body } from '../exchange/body.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayResponse, reasonPhrase } from '../exchange/message.ts';
import type { PolicyError } from '../exchange/policy-error.ts';
import { tryJson } from '../source/json.ts';

/** `{ "statusCode": 401, "message": "…" }` */
function errorBody(status: number, message: string, isEscaped = false): string {
  const text = isEscaped && isJsonText(message) ? `"${message}"` : JSON.stringify(message);
  return `{ "statusCode": ${status}, "message": ${text} }`;
}

/** Whether the text may stand between the quotes of a JSON string as it is. */
function isJsonText(text: string): boolean {
  return typeof tryJson(`"${text}"`) === 'string';
}

/** The generic answer to an unexpected failure; the activity is the request's id. */
function internalErrorBody(requestId: string): string {
  return `{ "statusCode": 500, "message": "Internal server error", "activityId": "${requestId}" }`;
}

/** The answer of an error before on-error changes it. */
export function defaultResponse(error: PolicyError, exchange: Exchange): GatewayResponse {
  const { lateClientMessage, clientMessage, messageIsEscaped, headers = [] } = error.details;
  const message = lateClientMessage?.() ?? clientMessage;
  const body = message === undefined ? genericBody(error.status, exchange) : errorBody(error.status, message, messageIsEscaped);
  return new GatewayResponse(
    error.status,
    error.details.statusReason ?? reasonPhrase(error.status),
    new Headers(['Content-Type', 'application/json', ...headers]),
    Body.text(body),
  );
}

function genericBody(status: number, exchange: Exchange): string {
  return status === 500 ? internalErrorBody(exchange.requestId) : errorBody(status, reasonPhrase(status));
}
