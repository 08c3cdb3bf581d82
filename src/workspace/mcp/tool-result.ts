/** An operation's answer as the result of a tool call. */
import type { Exchange } from '../../exchange/exchange.ts';
import { GatewayResponse } from '../../exchange/message.ts';
import { decodedBody } from '../../policies/shared/decoded-body.ts';
import { isJsonObject, type Members, tryJson } from '../../source/json.ts';
import { isJsonType } from './arguments.ts';

/** The body as content; an object also as data. A status from 400 on is an error that the model is to see. */
export async function toolResult(exchange: Exchange): Promise<Members> {
  const response = exchange.response ?? new GatewayResponse();
  await response.body.buffer(exchange.settings.bodyLimit);
  const type = response.headers.first('Content-Type') ?? '';
  const error = response.status >= 400 ? { isError: true } : {};
  const decoded = await decodedBody(response, exchange.settings.bodyLimit, exchange.host);
  const bytes = 'bytes' in decoded ? decoded.bytes : response.body.bytes();
  if (bytes.length > 0 && !isText(type, bytes)) return { content: [binary(bytes, type, exchange)], ...error };
  const text = bytes.length === 0 ? `${response.status} ${response.reason}`.trim() : new TextDecoder().decode(bytes);
  const data = isJsonType(type) ? tryJson(text) : undefined;
  return { content: [{ type: 'text', text }], ...(isJsonObject(data) ? { structuredContent: data } : {}), ...error };
}

/** By its media type; without one, by whether it is UTF-8. */
function isText(type: string, bytes: Uint8Array): boolean {
  if (/^text\/|[/+](?:json|xml|yaml|x-www-form-urlencoded|javascript|graphql)\b/i.test(type)) return true;
  if (type !== '') return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function binary(bytes: Uint8Array, type: string, { request }: Exchange): Members {
  const mimeType = type.split(';')[0]?.trim() || 'application/octet-stream';
  const data = Buffer.from(bytes).toString('base64');
  if (/^image\//i.test(mimeType)) return { type: 'image', data, mimeType };
  if (/^audio\//i.test(mimeType)) return { type: 'audio', data, mimeType };
  return { type: 'resource', resource: { uri: request.originalUrl.toString(), mimeType, blob: data } };
}
