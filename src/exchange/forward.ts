/** From the exchange's request to an outgoing call and back: what the gateway adds, drops and keeps (gateway-model, section 10). */
import { HostError, type IncomingResponse, type OutgoingRequest } from '../host/host.ts';
import { Body } from './body.ts';
import type { Backend } from './entities.ts';
import type { Exchange } from './exchange.ts';
import { Headers } from './headers.ts';
import { GatewayResponse } from './message.ts';
import { PolicyError } from './policy-error.ts';
import { setQuery } from './query.ts';
import { Url } from './url.ts';

export interface ForwardOptions {
  readonly timeoutMilliseconds: number;
  readonly followRedirects: boolean;
  readonly httpVersion: '1' | '2' | '2or1';
  /** Keep the request body so that a retry can send it again. */
  readonly bufferRequestBody: boolean;
  /** False hands the response over chunk by chunk. */
  readonly bufferResponse: boolean;
}

/** RFC 9110, section 7.6.1, and what framing decides anew. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a header (lower case) belongs to one connection and is not sent on. */
export function isHopByHop(lowerName: string): boolean {
  return HOP_BY_HOP.has(lowerName);
}

/** Sends the request through the host and gives the backend's answer. Throws PolicyError when there is none. */
export async function forwardThroughHost(exchange: Exchange, options: ForwardOptions): Promise<GatewayResponse> {
  const backend = exchange.backend?.pick?.() ?? exchange.backend;
  const request = outgoingRequest(exchange, options, backend);
  try {
    const answer = await exchange.host.send(request);
    backend?.report?.(answer.status, new Headers(answer.headers).first('Retry-After'));
    told(exchange, request, answer.status);
    return responseOf(answer);
  } catch (error) {
    backend?.report?.(null, undefined);
    told(exchange, request, null, error);
    throw error instanceof HostError ? forwardFailure(error) : error;
  }
}

function told(exchange: Exchange, request: OutgoingRequest, status: number | null, error?: unknown): void {
  if (!exchange.listener) return;
  const reason = error instanceof Error ? { error: error.message } : {};
  exchange.emit({
    kind: 'call-made',
    step: exchange.current,
    method: request.method,
    url: request.origin + request.path,
    status,
    ...reason,
  });
}

/** The backend request that the exchange stands for now. */
export function outgoingRequest(exchange: Exchange, options: ForwardOptions, backend: Backend | null = exchange.backend): OutgoingRequest {
  const { request } = exchange;
  const url = backendUrl(exchange, backend);
  const headers = forwardedHeaders(exchange, url);
  applyHeaderCredentials(headers, backend);
  return {
    method: request.method,
    origin: url.origin,
    path: url.target,
    headers: headers.toWire(),
    body: request.body.source,
    timeoutMilliseconds: options.timeoutMilliseconds,
    followRedirects: options.followRedirects,
    httpVersion: options.httpVersion,
    ...clientCertificate(exchange, backend),
    ...(backend?.tls === undefined ? {} : { tls: backend.tls }),
  };
}

/** A policy's certificate wins over the backend entity's. */
function clientCertificate(exchange: Exchange, backend: Backend | null): Pick<OutgoingRequest, 'certificateId' | 'pfx'> {
  const certificate = exchange.clientCertificate ?? backend?.credentials?.certificateId;
  if (certificate === undefined) return {};
  return typeof certificate === 'string' ? { certificateId: certificate } : { pfx: certificate };
}

function backendUrl(exchange: Exchange, backend: Backend | null): Url {
  const { request } = exchange;
  if (backend && backend !== exchange.backend) {
    const member = Url.parse(backend.url);
    if (member) request.base = member;
  }
  const url = request.url;
  let query = url.queryString;
  for (const [name, values] of Object.entries(backend?.credentials?.query ?? {})) query = setQuery(query, name, values);
  return query === url.queryString ? url : new Url(url.scheme, url.host, url.port, url.path, query);
}

function forwardedHeaders(exchange: Exchange, url: Url): Headers {
  const { request } = exchange;
  const host = hostHeader(exchange, url);
  const out: string[] = ['Host', host];
  const wire = request.headers.toWire();
  const dropped = connectionTokens(request.headers);
  for (let at = 0; at < wire.length; at += 2) {
    const name = wire[at] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'host' || lower === 'content-length' || lower === 'expect' || HOP_BY_HOP.has(lower) || dropped.has(lower)) continue;
    out.push(name, wire[at + 1] ?? '');
  }
  const headers = new Headers(out);
  if (request.ipAddress !== '') forwardFor(headers, request.ipAddress);
  setLength(headers, request.body, request.headers);
  return headers;
}

/** The caller's Host header names the gateway and stays there; one that a policy wrote goes to the backend. */
function hostHeader(exchange: Exchange, url: Url): string {
  const { headers } = exchange.request;
  return headers.isWritten('Host') ? (headers.first('Host') ?? url.authority) : url.authority;
}

function connectionTokens(headers: Headers): ReadonlySet<string> {
  const connection = headers.joined('Connection');
  return new Set(connection === undefined ? [] : connection.split(',').map((token) => token.trim().toLowerCase()));
}

function forwardFor(headers: Headers, address: string): void {
  const before = headers.joined('X-Forwarded-For');
  headers.set('X-Forwarded-For', [before ? `${before},${address}` : address]);
}

function setLength(headers: Headers, body: Body, original: Headers): void {
  const source = body.source;
  if (source instanceof Uint8Array) headers.set('Content-Length', [String(source.length)]);
  else if (source !== null) keepLength(headers, original);
}

function keepLength(headers: Headers, original: Headers): void {
  const length = original.first('Content-Length');
  if (length !== undefined) headers.set('Content-Length', [length]);
}

function applyHeaderCredentials(headers: Headers, backend: Backend | null): void {
  const credentials = backend?.credentials;
  if (!credentials) return;
  for (const [name, values] of Object.entries(credentials.headers ?? {})) headers.set(name, values);
  if (credentials.authorization)
    headers.set('Authorization', [`${credentials.authorization.scheme} ${credentials.authorization.parameter}`]);
}

/** A host's answer as a response, hop-by-hop headers left out. */
export function responseOf(answer: IncomingResponse): GatewayResponse {
  const raw: string[] = [];
  for (let at = 0; at < answer.headers.length; at += 2) {
    const name = answer.headers[at] ?? '';
    if (!HOP_BY_HOP.has(name.toLowerCase())) raw.push(name, answer.headers[at + 1] ?? '');
  }
  return new GatewayResponse(answer.status, answer.reason, new Headers(raw), new Body(answer.body));
}

/** errors.yaml, built_in_errors: the reasons and observed texts of calls without an answer. */
export function forwardFailure(error: HostError): PolicyError {
  if (error.reason === 'timeout') {
    return new PolicyError({ reason: 'Timeout', message: 'Request to the backend service timed out', cause: error });
  }
  if (error.reason === 'aborted') {
    return new PolicyError({ reason: 'ClientConnectionFailure', message: 'The operation was canceled.', cause: error });
  }
  return new PolicyError({ reason: 'BackendConnectionFailure', message: error.message, cause: error });
}
