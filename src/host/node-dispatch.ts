/** One call through undici's `dispatch`: paths go out as written, headers keep case, order and repeats. */
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { HostError, type IncomingResponse, type OutgoingRequest, type RawHeaders } from './host.ts';
import { toHostError } from './node-failure.ts';
import { targetOf, withoutHopByHop } from './node-target.ts';
import { headerOf } from './raw-headers.ts';

/** undici's own time limits are too coarse for policies, so one timer per call ends it. */
export function dispatchOnce(dispatcher: Dispatcher, request: OutgoingRequest): Promise<IncomingResponse> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(request, resolve, reject);
    const target = targetOf(request);
    const streams = request.body !== null && !(request.body instanceof Uint8Array);
    const options = {
      origin: target.origin,
      path: target.path,
      method: request.method as Dispatcher.HttpMethod,
      headers: streams ? withLength(target.headers) : withoutHopByHop(target.headers),
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

/** A stream keeps the length that its caller told. */
function withLength(headers: RawHeaders): string[] {
  const kept = withoutHopByHop(headers);
  const length = headerOf(headers, 'content-length');
  if (length !== undefined) kept.push('Content-Length', length);
  return kept;
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
    if (status < 200) {
      this.#request.informed?.(status, textOf(rawHeaders));
      return true;
    }
    clearTimeout(this.#timer);
    const body = new Readable({ read: resume, destroy: (_error, done) => this.#destroyed(done) });
    this.#body = body;
    this.#resolve({ status, reason, headers: textOf(rawHeaders), body: Object.assign(body, { cancel: () => body.destroy() }) });
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.#body?.push(chunk) ?? true;
  }

  onComplete(trailers: Buffer[] | string[] | null): void {
    this.#finish();
    if (this.#body && trailers && trailers.length > 0) Object.assign(this.#body, { rawTrailers: textOf(trailers) });
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

function textOf(raw: readonly (Buffer | string)[]): RawHeaders {
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}
