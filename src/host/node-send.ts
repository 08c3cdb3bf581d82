/**
 * Outgoing HTTP for policies (send-request, discovery documents, data sources) through undici's `dispatch`: paths go
 * out as written, headers keep case, order and repeats. The gateway's forwarding of calls has a shorter way of its own.
 */
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { HostError, type IncomingResponse, type OutgoingProxy, type OutgoingRequest, type RawHeaders } from './host.ts';

/** Finds the dispatcher for a request; asynchronous so that undici loads at the first call only. */
export type DispatcherFor = (request: OutgoingRequest) => Promise<Dispatcher>;

/** Headers that belong to the connection, not to the message (RFC 9110, section 7.6.1); undici writes the framing itself. */
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

/** Headers that must not follow a redirect to another origin. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'host', 'proxy-authorization']);

/** Most redirects that are followed. */
const MOST_REDIRECTS = 10;

/** Sends a request and resolves with status and headers; fails with a HostError. */
export async function sendThrough(dispatcherFor: DispatcherFor, request: OutgoingRequest): Promise<IncomingResponse> {
  let current = request;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await sendOnce(await dispatcherFor(current), current);
    const next = request.followRedirects && redirects < MOST_REDIRECTS ? redirectOf(current, answer) : undefined;
    if (!next) return answer;
    answer.body?.cancel?.();
    current = next;
  }
}

function redirectOf(request: OutgoingRequest, answer: IncomingResponse): OutgoingRequest | undefined {
  if (![301, 302, 303, 307, 308].includes(answer.status)) return undefined;
  const location = headerOf(answer.headers, 'location');
  const replayable = request.body === null || request.body instanceof Uint8Array;
  if (location === undefined || !replayable || !URL.canParse(location, request.origin + request.path)) return undefined;
  const url = new URL(location, request.origin + request.path);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  const keeps = answer.status === 307 || answer.status === 308 || request.method === 'GET' || request.method === 'HEAD';
  const sameOrigin = url.origin === new URL(request.origin).origin;
  return {
    ...request,
    origin: url.origin,
    path: url.pathname + url.search,
    method: keeps ? request.method : 'GET',
    body: keeps ? request.body : null,
    headers: sameOrigin ? request.headers : withoutHeaders(request.headers, CREDENTIALS),
  };
}

function headerOf(headers: RawHeaders, name: string): string | undefined {
  for (let at = 0; at + 1 < headers.length; at += 2) if (headers[at]?.toLowerCase() === name) return headers[at + 1];
  return undefined;
}

function withoutHeaders(headers: RawHeaders, names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    if (!names.has(name.toLowerCase())) kept.push(name, headers[at + 1] ?? '');
  }
  return kept;
}

/** undici's own time limits are too coarse for policies, so one timer per call ends it. */
function sendOnce(dispatcher: Dispatcher, request: OutgoingRequest): Promise<IncomingResponse> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(request, resolve, reject);
    const target = isAbsolute(request) ? absoluteForm(request, request.proxy) : request;
    const options = {
      origin: target.origin,
      path: encodeForbidden(target.path),
      method: request.method as Dispatcher.HttpMethod,
      headers: withoutHeaders(target.headers, HOP_BY_HOP),
      body: request.body === null || request.body instanceof Uint8Array ? request.body : Readable.from(request.body),
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    try {
      dispatcher.dispatch(options, exchange);
    } catch (error) {
      exchange.onError(error as Error);
    }
  });
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

/** The value of Proxy-Authorization; undefined without a user name. */
export function proxyToken({ username, password }: OutgoingProxy): string | undefined {
  return username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
}

/** undici refuses blanks and control characters in a path; .NET would have encoded them. */
function encodeForbidden(path: string): string {
  return path.replace(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(character));
}

/** One call: undici's handler interface that hands raw headers on without parsing them. */
class Exchange {
  readonly #request: OutgoingRequest;
  readonly #resolve: (answer: IncomingResponse) => void;
  readonly #reject: (error: HostError) => void;
  readonly #timer: NodeJS.Timeout;
  #abort: ((error?: Error) => void) | undefined;
  #body: Readable | undefined;
  #timedOut = false;
  #onCallerAbort: (() => void) | undefined;

  constructor(request: OutgoingRequest, resolve: (answer: IncomingResponse) => void, reject: (error: HostError) => void) {
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.#onTimeout(), request.timeoutMilliseconds);
    if (request.signal) {
      this.#onCallerAbort = () => this.#stop();
      request.signal.addEventListener('abort', this.#onCallerAbort, { once: true });
    }
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.#timedOut || this.#request.signal?.aborted) abort();
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void, reason: string): boolean {
    if (status < 200) return true;
    clearTimeout(this.#timer);
    const body = new Readable({ read: resume, destroy: (_error, done) => this.#destroyed(done) });
    this.#body = body;
    const headers = rawHeaders.map((part) => part.toString('latin1'));
    this.#resolve({ status, reason, headers, body: Object.assign(body, { cancel: () => body.destroy() }) });
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.#body?.push(chunk) ?? true;
  }

  onComplete(): void {
    this.#finish();
    this.#body?.push(null);
  }

  onError(error: Error): void {
    this.#finish();
    const failure = this.#failure(error);
    if (this.#body) this.#body.destroy(failure);
    else this.#reject(failure);
  }

  onUpgrade(): void {
    this.#stop();
  }

  #onTimeout(): void {
    this.#timedOut = true;
    this.#stop();
    this.#reject(this.#failure(undefined));
  }

  #destroyed(done: (error?: Error | null) => void): void {
    if (!this.#body?.readableEnded) this.#stop();
    done();
  }

  #stop(): void {
    this.#abort?.(new Error('aborted'));
  }

  #finish(): void {
    clearTimeout(this.#timer);
    if (this.#onCallerAbort) this.#request.signal?.removeEventListener('abort', this.#onCallerAbort);
  }

  #failure(error: Error | undefined): HostError {
    if (this.#timedOut) return new HostError('timeout', 'Request to the backend service timed out', error);
    if (this.#request.signal?.aborted) return new HostError('aborted', 'The operation was canceled.', error);
    return toHostError(error);
  }
}

/** System error codes that mean no connection came about. */
const NO_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'EADDRNOTAVAIL',
]);

/** Codes that say no more than the sentence does, which is the one that Azure's gateway logs. */
const CONNECTION_CLOSED: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** What a failure of the connection means to the caller of `send`. */
export function toHostError(error: unknown): HostError {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const reason = typeof code === 'string' && NO_CONNECTION.has(code) ? 'connect' : 'closed';
  const text = reason === 'connect' ? 'Unable to connect to the remote server' : 'Underlying transport connection was unexpectedly closed.';
  const says = typeof message === 'string' && !(typeof code === 'string' && CONNECTION_CLOSED.has(code));
  return new HostError(reason, says ? `${text} (${String(code ?? message)})` : text, error);
}
