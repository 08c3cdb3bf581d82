/** From node:http's request to a call, and from the exchange's response back to the wire. */
import { Body, type BodySource } from '../exchange/body.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { Headers, sameName } from '../exchange/headers.ts';
import { reasonPhrase } from '../exchange/message.ts';
import { defaultPort, resolvedUrl, splitTarget, Url, withoutDotSegments } from '../exchange/url.ts';
import type { BodyStream } from '../host/host.ts';
import { writable } from '../host/node-writable.ts';
import { addTrailers, type Sink, UpstreamBody } from './upstream-body.ts';

/** The part of http.IncomingMessage that a call needs; HTTP/2 streams come in the same shape. */
export interface CallerRequest extends BodyStream {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** `1.1`, `2.0`. */
  readonly httpVersion: string;
  readonly rawHeaders: string[];
  readonly headers: {
    readonly host?: string | undefined;
    readonly 'content-length'?: string | undefined;
    readonly 'transfer-encoding'?: string | undefined;
  };
  readonly socket: { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean };
}

/** What says that a body is wanted. */
export interface ContinuingResponse {
  shouldKeepAlive: boolean;
  readonly headersSent: boolean;
  writeContinue(): void;
}

/** A request that waits for `100 Continue` before it sends its body: it gets one when somebody reads (RFC 9110, section 10.1.1). */
export class ContinuedRequest implements CallerRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly httpVersion: string;
  readonly rawHeaders: string[];
  readonly headers: CallerRequest['headers'];
  readonly socket: CallerRequest['socket'];
  readonly #request: CallerRequest;
  readonly #response: ContinuingResponse;
  readonly #keepsAlive: boolean;

  constructor(request: CallerRequest, response: ContinuingResponse) {
    this.method = request.method;
    this.url = request.url;
    this.httpVersion = request.httpVersion;
    this.rawHeaders = request.rawHeaders;
    this.headers = request.headers;
    this.socket = request.socket;
    this.#request = request;
    this.#response = response;
    this.#keepsAlive = response.shouldKeepAlive;
    // Answered without a body, nobody knows whether the caller still sends it.
    response.shouldKeepAlive = false;
  }

  get rawTrailers(): readonly string[] | undefined {
    return this.#request.rawTrailers;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    // An answer that has begun leaves no room: what stands behind its head would be its body.
    if (!this.#response.headersSent) {
      this.#response.shouldKeepAlive = this.#keepsAlive;
      this.#response.writeContinue();
    }
    return this.#request[Symbol.asyncIterator]();
  }
}

/** Two Host headers: node:http takes the first and hides the other. */
export function namesTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 4 && sameName(name, 'host')) hosts += 1;
  }
  return hosts > 1;
}

/** The part of http.ServerResponse that answering needs. */
export interface CallerResponse extends Sink {
  readonly statusCode: number;
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  shouldKeepAlive: boolean;
  /** An answer before the final one. Absent: node:http has none for fields of all kinds, and it is written to `socket`. */
  writeInformation?(status: number, headers: readonly string[]): void;
  readonly req?: { readonly httpVersionMinor: number };
  readonly socket?: { write(text: string, encoding: 'latin1'): unknown } | null;
  writeHead(status: number, headers?: Record<string, string>): this;
  writeHead(status: number, reason: string, headers: string[]): this;
  end(chunk?: Uint8Array | string): unknown;
  on(event: 'close', listener: () => void): unknown;
  once(event: 'drain' | 'close', listener: () => void): unknown;
  off(event: 'drain' | 'close', listener: () => void): unknown;
}

/** What the caller asked for: scheme and host as seen by the gateway, path and query as written. */
export function urlOf(request: CallerRequest): Url | undefined {
  const target = request.url ?? '/';
  const scheme = request.socket.encrypted ? 'https' : 'http';
  if (!target.startsWith('/')) return absoluteUrl(target);
  const { path, query } = splitTarget(target);
  const { host, port } = authorityOf(request.headers.host ?? '', scheme);
  return new Url(scheme, host, port, withoutDotSegments(path), query);
}

/** RFC 9112, section 3.2.2: what a target says of the host wins over the Host header. */
function absoluteUrl(target: string): Url | undefined {
  const url = Url.parse(target);
  return url && resolvedUrl(url);
}

function authorityOf(authority: string, scheme: string): { readonly host: string; readonly port: number } {
  const colon = authority.lastIndexOf(':');
  if (colon < 0 || authority.endsWith(']')) return { host: authority, port: defaultPort(scheme) };
  const port = Number(authority.slice(colon + 1));
  return { host: authority.slice(0, colon), port: Number.isInteger(port) && port > 0 && port < 65536 ? port : defaultPort(scheme) };
}

/** Null unless the message has a body by its framing (RFC 9112, section 6). */
export function bodyOf(request: CallerRequest): Body {
  const { headers } = request;
  if (headers['transfer-encoding'] !== undefined) return Body.ofCaller(request);
  const length = headers['content-length'];
  return length === undefined || length === '0' ? new Body() : Body.ofCaller(request);
}

export function headersOf(request: CallerRequest): Headers {
  return new Headers(request.rawHeaders);
}

/** IPv4 addresses of dual-stack sockets come as `::ffff:1.2.3.4`. */
export function addressOf(request: CallerRequest): string {
  const address = request.socket.remoteAddress ?? '';
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

/** Sends the exchange's response; a small answer goes out with its head in one piece, a large one streams. */
export function respond(exchange: Exchange, response: CallerResponse, requestId: string): void {
  const answer = exchange.response;
  if (!answer) return void response.writeHead(500).end();
  const source = answer.body.source;
  const whole = source instanceof UpstreamBody ? source.whole() : (source ?? undefined);
  const trailers = whole instanceof Uint8Array ? answer.body.rawTrailers : undefined;
  const bodiless = isBodiless(exchange);
  const length = bodiless ? undefined : source === null ? 0 : whole instanceof Uint8Array && !trailers ? whole.length : undefined;
  response.writeHead(
    answer.status,
    answer.reason,
    wireHeaders(answer.headers.toWire(), length, requestId, isFramed(source) && !trailers && answer.status !== 204) as string[],
  );
  if (bodiless) {
    answer.body.abandon();
    return void response.end();
  }
  if (source === null) return void response.end();
  if (whole instanceof Uint8Array) return endWhole(whole, trailers, response);
  if (source instanceof UpstreamBody) return source.pourInto(response);
  return void pump(source as BodyStream, response);
}

/** The answer ends with its head, whatever the backend says (RFC 9112, section 6.3). */
export function isBodiless({ request, response }: Exchange): boolean {
  return request.originalMethod === 'HEAD' || response?.status === 204 || response?.status === 304;
}

function isFramed(source: BodySource): boolean {
  return source !== null && !(source instanceof Uint8Array) && source.isFramed === true;
}

/** Fields behind a body that was in memory go out as those of a stream do. */
function endWhole(whole: Uint8Array, trailers: readonly string[] | undefined, response: CallerResponse): void {
  if (!trailers) return void response.end(whole);
  response.write(whole);
  addTrailers(response, trailers);
  response.end();
}

/** Hands on an answer before the final one (RFC 9110, section 15.2), to callers whose protocol knows it. */
export function inform(response: CallerResponse, status: number, headers: readonly string[]): void {
  if (response.headersSent || response.destroyed) return;
  if (response.writeInformation) return response.writeInformation(status, headers);
  if (!response.req || response.req.httpVersionMinor < 1) return;
  let head = `HTTP/1.1 ${status} ${reasonPhrase(status) || 'Information'}\r\n`;
  for (let at = 0; at + 1 < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`;
  response.socket?.write(`${head}\r\n`, 'latin1');
}

/** Nobody takes the response any more. */
export function discard(exchange: Exchange): void {
  exchange.response?.body.abandon();
}

/** The framing is ours: the length where it is known, chunks otherwise. A streamed body keeps the backend's length. */
function wireHeaders(headers: readonly string[], length: number | undefined, requestId: string, streams: boolean): string[] {
  const out: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? '';
    if (name.length === 14 && (length !== undefined || !streams) && sameName(name, 'content-length')) continue;
    out.push(name, headers[at + 1] ?? '');
  }
  if (length !== undefined) out.push('Content-Length', String(length));
  out.push('Request-Id', requestId);
  return out;
}

async function pump(source: BodyStream, response: CallerResponse): Promise<void> {
  try {
    for await (const chunk of source) {
      if (!response.write(chunk)) await writable(response);
      if (response.destroyed) return;
    }
    addTrailers(response, source.rawTrailers);
    response.end();
  } catch {
    response.destroy();
  }
}
