/** From the exchange's request to an outgoing call and back: what the gateway adds, drops and keeps (gateway-model, section 10). */
import {
  type BodyStream,
  type Expectation,
  HostError,
  type IncomingResponse,
  type OutgoingRequest,
  type PfxCertificate,
} from '../host/host.ts';
import { errorText } from '../source/error-text.ts';
import { Body } from './body.ts';
import { tellCall } from './call-made.ts';
import type { Backend } from './entities.ts';
import type { Exchange } from './exchange.ts';
import { Headers, sameName } from './headers.ts';
import { isHopByHop, trailerNamesToPass, trailersToPass, withoutHopByHop } from './hop-by-hop.ts';
import { type GatewayRequest, GatewayResponse } from './message.ts';
import { PolicyError } from './policy-error.ts';
import { setQuery } from './query.ts';
import { Url } from './url.ts';

/** How forward-request was told to call. */
export interface ForwardOptions {
  readonly timeoutMilliseconds: number;
  readonly followRedirects: boolean;
  readonly httpVersion: '1' | '2' | '2or1';
  /** Keep the request body so that a retry can send it again. */
  readonly bufferRequestBody: boolean;
  /** False hands the response over chunk by chunk. */
  readonly bufferResponse: boolean;
  /** How long the backend may take to ask for a body; undefined: only a body whose caller waits is held back, for a second. */
  readonly continueMilliseconds?: number | undefined;
}

/** .NET's default for a client that expects `100 Continue`, which the service is built on. */
const EXPECTED_BY_CALLER: Expectation = { milliseconds: 1000, isRequired: false };

/** What holds where forward-request says nothing. */
export const FORWARD_DEFAULTS: ForwardOptions = {
  timeoutMilliseconds: 300_000,
  followRedirects: false,
  httpVersion: '1',
  bufferRequestBody: false,
  bufferResponse: true,
};

/** Sends the request through the host and gives the backend's answer. Throws PolicyError when there is none. */
export async function forwardThroughHost(exchange: Exchange, options: ForwardOptions, chosen?: Backend | null): Promise<GatewayResponse> {
  const backend = chosen === undefined ? (exchange.backend?.pick?.(exchange) ?? exchange.backend) : chosen;
  const request = {
    ...outgoingRequest(exchange, options, await authorized(backend, exchange)),
    ...tiesOf(exchange),
    body: sendingOnce(exchange.request.body),
  };
  try {
    const answer = await exchange.host.send(request);
    backend?.report?.(answer.status, new Headers(answer.headers).first('Retry-After'), exchange);
    tellCall(exchange, request, answer.status);
    exchange.response?.body.abandon();
    return responseOf(answer);
  } catch (error) {
    if (!(error instanceof HostError && error.reason === 'aborted')) backend?.report?.(null, undefined, exchange);
    tellCall(exchange, request, null, error);
    throw error instanceof HostError ? forwardFailure(error) : error;
  }
}

/** The caller's end of the call: when it goes the backend's ends, and early answers are for it. */
function tiesOf({ caller }: Exchange): Pick<OutgoingRequest, 'signal' | 'informed'> {
  if (!caller) return NO_TIES;
  const gone = new AbortController();
  if (caller.gone) gone.abort();
  caller.waitsFor = gone;
  return { signal: gone.signal, informed: (status, headers) => caller.inform?.(status, withoutHopByHop(headers)) };
}

const NO_TIES = {} as const;

/** The backend with the token of its managed identity as authorization. */
export async function authorized(backend: Backend | null, { host }: Exchange): Promise<Backend | null> {
  const identity = backend?.credentials?.managedIdentity;
  if (!backend || !identity) return backend;
  try {
    const parameter = await host.identity.accessToken({ resource: identity.resource, clientId: identity.clientId });
    return { ...backend, credentials: { ...backend.credentials, authorization: { scheme: 'Bearer', parameter } } };
  } catch (error) {
    throw new PolicyError({
      reason: 'BackendConnectionFailure',
      message: errorText(error),
      cause: error,
    });
  }
}

/** The backend request that the exchange stands for now. */
export function outgoingRequest(exchange: Exchange, options: ForwardOptions, backend: Backend | null = exchange.backend): OutgoingRequest {
  const { request } = exchange;
  if (backend !== null && backend !== exchange.backend) request.base = Url.parse(backend.url) ?? request.base;
  const headers = forwardedHeaders(exchange);
  const certificate = exchange.clientCertificate ?? backend?.credentials?.certificateId;
  const trailer = announcedTrailers(request);
  return {
    method: request.method,
    origin: request.base.origin,
    path: backend?.credentials?.query ? targetWith(request, backend.credentials.query) : request.target,
    headers: backend?.credentials ? withCredentials(headers, backend.credentials) : headers,
    body: request.body.source,
    timeoutMilliseconds: options.timeoutMilliseconds,
    followRedirects: options.followRedirects,
    httpVersion: options.httpVersion,
    ...(certificate === undefined ? NO_CERTIFICATE : clientCertificate(certificate)),
    tls: backend?.tls,
    proxy: exchange.proxy ?? backend?.proxy,
    expectation: expectation(request, options),
    trailer,
  };
}

/**
 * Whether the body waits for `100 Continue`; undefined: it goes out at once. An expectation needs a body, and one of the
 * caller does not wait for ever, since old servers never answer it (RFC 9110, section 10.1.1). `continue-timeout` ends in a
 * timeout error, says its page.
 */
export function expectation({ body, headers }: GatewayRequest, { continueMilliseconds }: ForwardOptions): Expectation | undefined {
  const { source } = body;
  if (source === null || (source instanceof Uint8Array && source.length === 0)) return undefined;
  if (continueMilliseconds !== undefined) return { milliseconds: continueMilliseconds, isRequired: true };
  return headers.first('Expect')?.trim().toLowerCase() === '100-continue' ? EXPECTED_BY_CALLER : undefined;
}

/** The fields that a caller announces behind a body that streams; those of a body in memory were left behind. */
export function announcedTrailers({ body, headers }: GatewayRequest): string | undefined {
  return body.isBuffered ? undefined : trailerNamesToPass(headers.joined('Trailer'));
}

/** A body that streams once: what looks whole and is empty would be worse than a failure. Bytes go out as often as one likes. */
export function sendingOnce(body: Body): OutgoingRequest['body'] {
  const { source } = body;
  if (source === null || source instanceof Uint8Array) return source;
  const stream: BodyStream = {
    get rawTrailers() {
      return trailersToPass(source.rawTrailers);
    },
    [Symbol.asyncIterator]: () => {
      if (body.isSent) throw new HostError('closed', 'The request body has been sent already; `buffer-request-body` keeps it.');
      body.isSent = true;
      return source[Symbol.asyncIterator]();
    },
  };
  return stream;
}

const NO_CERTIFICATE = {} as const;

/** A policy's certificate wins over the backend entity's. */
function clientCertificate(certificate: string | PfxCertificate): Pick<OutgoingRequest, 'certificateId' | 'pfx'> {
  return typeof certificate === 'string' ? { certificateId: certificate } : { pfx: certificate };
}

/** The target with the query parameters of a backend entity's credentials. */
function targetWith({ url }: GatewayRequest, parameters: Readonly<Record<string, readonly string[]>>): string {
  let query = url.queryString;
  for (const [name, values] of Object.entries(parameters)) query = setQuery(query, name, values);
  return query === url.queryString ? url.target : new Url(url.scheme, url.host, url.port, url.path, query).target;
}

/** One pass over the caller's headers: Host first, framing and connection headers left out, X-Forwarded-For grown. */
function forwardedHeaders(exchange: Exchange): string[] {
  const { request } = exchange;
  const source = request.body.source;
  const streams = source !== null && !(source instanceof Uint8Array);
  const wire = request.headers.toWire();
  const dropped = connectionTokens(request.headers);
  const out: string[] = ['Host', hostHeader(request)];
  let forwardedFor = '';
  for (let at = 0; at < wire.length; at += 2) {
    const name = wire[at] ?? '';
    const value = wire[at + 1] ?? '';
    if (isReplaced(name, streams) || isHopByHop(name)) continue;
    if (name.length === 15 && sameName(name, 'x-forwarded-for')) forwardedFor = forwardedFor === '' ? value : `${forwardedFor},${value}`;
    else if (dropped === undefined || !dropped.has(name.toLowerCase()) || request.headers.isWritten(name)) out.push(name, value);
  }
  const address =
    request.ipAddress === '' ? forwardedFor : forwardedFor === '' ? request.ipAddress : `${forwardedFor},${request.ipAddress}`;
  if (address !== '') out.push('X-Forwarded-For', address);
  if (source instanceof Uint8Array) out.push('Content-Length', String(source.length));
  return out;
}

/** Host and Expect never go on as they came; the length only when a stream keeps it. */
function isReplaced(name: string, streams: boolean): boolean {
  switch (name.length) {
    case 4:
      return sameName(name, 'host');
    case 6:
      return sameName(name, 'expect');
    case 14:
      return !streams && sameName(name, 'content-length');
    default:
      return false;
  }
}

/** The caller's Host header names the gateway and stays there; one that a policy wrote goes to the backend. */
function hostHeader({ headers, base }: GatewayRequest): string {
  return headers.isWritten('Host') ? (headers.first('Host') ?? base.authority) : base.authority;
}

/** Headers that the caller's Connection header names, which takes away its own and not a policy's; most calls have none but `keep-alive`. */
function connectionTokens(headers: Headers): ReadonlySet<string> | undefined {
  const connection = headers.joined('Connection');
  if (connection === undefined || sameName(connection, 'keep-alive')) return undefined;
  return new Set(connection.split(',').map((token) => token.trim().toLowerCase()));
}

function withCredentials(raw: readonly string[], credentials: NonNullable<Backend['credentials']>): readonly string[] {
  const headers = new Headers(raw);
  for (const [name, values] of Object.entries(credentials.headers ?? {})) headers.set(name, values);
  const { authorization } = credentials;
  if (authorization) headers.set('Authorization', [`${authorization.scheme} ${authorization.parameter}`]);
  return headers.toWire();
}

/** A host's answer as a response, hop-by-hop headers left out. */
export function responseOf(answer: IncomingResponse): GatewayResponse {
  return new GatewayResponse(answer.status, answer.reason, new Headers(withoutHopByHop(answer.headers)), new Body(answer.body));
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
