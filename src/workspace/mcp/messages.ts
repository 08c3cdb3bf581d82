/** Messages of JSON-RPC 2.0 as MCP uses them: what came, and answers in their exact form. */
import { isJsonObject, type Members } from '../../source/json.ts';

export type MessageId = string | number;

export type Message =
  | { readonly kind: 'request'; readonly id: MessageId; readonly method: string; readonly params: unknown }
  /** Nothing answers these: notifications, and answers to questions that nobody asked here. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'invalid'; readonly id: MessageId | null; readonly reason: string };

/** JSON-RPC 2.0, section 5.1; -32000 is the one that servers of MCP use for trouble with the transport. */
export const CODES = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  transport: -32000,
};

/** Ends a request with an error answer. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export function messageOf(value: unknown): Message {
  if (!isJsonObject(value)) return { kind: 'invalid', id: null, reason: 'a message is an object' };
  const id = typeof value.id === 'string' || Number.isInteger(value.id) ? (value.id as MessageId) : null;
  if (value.jsonrpc !== '2.0') return { kind: 'invalid', id, reason: '`jsonrpc` must be "2.0"' };
  if (typeof value.method !== 'string')
    return isAnswer(value) ? { kind: 'silent' } : { kind: 'invalid', id, reason: '`method` must be a string' };
  if (value.params !== undefined && (typeof value.params !== 'object' || value.params === null))
    return { kind: 'invalid', id, reason: '`params` must be an object' };
  if (!('id' in value)) return { kind: 'silent' };
  // MCP is narrower than JSON-RPC: null is no id.
  if (id === null) return { kind: 'invalid', id, reason: '`id` must be a string or an integer' };
  return { kind: 'request', id, method: value.method, params: value.params };
}

function isAnswer(value: Members): boolean {
  return 'id' in value && ('result' in value || isJsonObject(value.error));
}

export function resultOf(id: MessageId, result: Members): Members {
  return { jsonrpc: '2.0', id, result };
}

export function errorOf(id: MessageId | null, { code, message, data }: RpcError): Members {
  return { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } };
}
