/** The call that a tool makes of its operation, as if its caller had asked the operation's API. */
import { Body } from '../../exchange/body.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { Headers } from '../../exchange/headers.ts';
import { isHopByHop } from '../../exchange/hop-by-hop.ts';
import { Url } from '../../exchange/url.ts';
import type { Call } from '../call.ts';
import type { Match } from '../router.ts';
import type { ToolRequest } from './arguments.ts';

/** Headers of the conversation with the MCP server, which say nothing about the operation's request. */
const OF_THE_CONVERSATION: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'last-event-id',
  'mcp-protocol-version',
  'mcp-session-id',
  'origin',
]);

export function toolCall({ api, operation }: Match, asked: ToolRequest, outer: Exchange): Call {
  const { request, product, subscription, user, deployment } = outer;
  const { scheme, host, port } = request.originalUrl;
  return {
    method: operation.info.method,
    url: new Url(scheme, host, port, pathOf(api) + asked.path, asked.queryString),
    headers: headersOf(asked, outer),
    body: asked.body === undefined ? new Body() : Body.text(asked.body),
    ipAddress: request.ipAddress,
    certificate: request.certificate,
    requestId: outer.requestId,
    listener: outer.listener,
    tracing: outer.tracing,
    caller: outer.caller,
    host: outer.host,
    given: { skipKey: true, product, subscription, user, deployment },
  };
}

/** What was decided about the caller inside the tool belongs to the call's audit. */
export function takeDecisions(inner: Exchange, outer: Exchange): void {
  if (inner.decisions) outer.decisions = [...(outer.decisions ?? []), ...inner.decisions];
  outer.verifiedClaims ??= inner.verifiedClaims;
}

function pathOf({ info, versioning }: Match['api']): string {
  const base = info.path === '' ? '' : `/${info.path}`;
  const version = versioning?.scheme === 'Segment' && info.version ? `/${info.version}` : '';
  return `${base}${version}${info.isCurrentRevision ? '' : `;rev=${info.revision}`}`;
}

/**
 * The caller's headers go along (secure-mcp-servers, "Forward tokens to the backend"), but for those of the conversation. Its
 * token was made out to the MCP server: it goes along when a policy of the MCP API writes the header.
 */
function headersOf(asked: ToolRequest, { request: { headers } }: Exchange): Headers {
  const own = new Set(asked.headers.map(([name]) => name.toLowerCase()));
  const raw: string[] = [];
  for (const name of headers.names()) {
    const key = name.toLowerCase();
    if (OF_THE_CONVERSATION.has(key) || isHopByHop(name) || own.has(key)) continue;
    if (key === 'authorization' && !headers.isWritten('Authorization')) continue;
    for (const value of headers.all(name)) raw.push(name, value);
  }
  for (const [name, value] of asked.headers) raw.push(name, value);
  if (asked.contentType !== undefined) raw.push('Content-Type', asked.contentType);
  return new Headers(raw);
}
