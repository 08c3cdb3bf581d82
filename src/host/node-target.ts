/** Where a request goes and which of its headers go along, whatever client sends it. */
import type { OutgoingProxy, OutgoingRequest, RawHeaders } from './host.ts';
import { proxyToken } from './node-tunnel.ts';
import { withoutHeaders } from './raw-headers.ts';

/** Headers that belong to the connection, not to the message (RFC 9110, section 7.6.1); clients write the framing themselves. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The headers of the message alone. */
export function withoutHopByHop(headers: RawHeaders): string[] {
  return withoutHeaders(headers, HOP_BY_HOP);
}

/** Origin to connect to, target and headers; path and query without characters that no client takes. */
export function targetOf(request: OutgoingRequest): Pick<OutgoingRequest, 'origin' | 'path' | 'headers'> {
  const { origin, path, headers } = isAbsolute(request) ? absoluteForm(request, request.proxy) : request;
  return { origin, path: encodeForbidden(path), headers };
}

/** RFC 9112, section 3.2.2: a proxy gets the whole URL of an http request; for https the dispatcher opens a tunnel. */
function isAbsolute(request: OutgoingRequest): request is OutgoingRequest & { readonly proxy: OutgoingProxy } {
  return request.proxy !== undefined && request.origin.startsWith('http:');
}

function absoluteForm(
  { origin, path, headers }: OutgoingRequest,
  proxy: OutgoingProxy,
): Pick<OutgoingRequest, 'origin' | 'path' | 'headers'> {
  const token = proxyToken(proxy);
  return { origin: proxy.url, path: origin + path, headers: token === undefined ? headers : [...headers, 'Proxy-Authorization', token] };
}

/** Clients refuse blanks and control characters in a path; .NET would have encoded them. */
function encodeForbidden(path: string): string {
  return path.replace(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(character));
}
