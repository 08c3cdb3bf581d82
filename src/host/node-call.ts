/**
 * One request on node's own clients, HTTP/1.1 or HTTP/2: its time limits, the body that is held back until the service asks
 * for it, and why there was no answer. undici has none of `Expect`, trailers of requests, and whole HTTP/2 streams.
 */
import { type BodyStream, HostError, type IncomingResponse, type OutgoingRequest, type RawHeaders } from './host.ts';
import { toHostError } from './node-failure.ts';
import { type Drained, writable } from './node-writable.ts';

/** The sending side of a stream. */
export interface Outgoing extends Drained {
  write(chunk: Uint8Array): boolean;
  end(chunk?: Uint8Array): unknown;
  destroy(error?: Error): unknown;
  /** Takes the fields behind the body, before its end. */
  addTrailers(raw: RawHeaders): void;
}

/** Runs a request; `begin` gives the call its stream, or throws. */
export function startCall(request: OutgoingRequest, begin: (call: NodeCall) => Promise<void>): Promise<IncomingResponse> {
  return new Promise((resolve, reject) => {
    const call = new NodeCall(request, resolve, reject);
    begin(call).catch((error: unknown) => call.failed(error));
  });
}

export class NodeCall {
  readonly #request: OutgoingRequest;
  readonly #resolve: (answer: IncomingResponse | Promise<IncomingResponse>) => void;
  readonly #reject: (error: HostError) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #aborted = (): void => this.#stop(new HostError('aborted', 'The operation was canceled.'));
  #out: Outgoing | undefined;
  #held: NodeJS.Timeout | undefined;
  #sending = false;
  #answered = false;
  #over = false;

  constructor(
    request: OutgoingRequest,
    resolve: (answer: IncomingResponse | Promise<IncomingResponse>) => void,
    reject: (error: HostError) => void,
  ) {
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.#timedOut(), request.timeoutMilliseconds);
    request.signal?.addEventListener('abort', this.#aborted, { once: true });
    if (request.signal?.aborted) this.#aborted();
  }

  /** Nobody waits any more: a connection that comes now is not for this call. */
  get isOver(): boolean {
    return this.#over;
  }

  /** The head is on its way: the body follows, or waits to be asked for. */
  sendsOn(out: Outgoing): void {
    this.#out = out;
    this.#sending = false;
    if (this.#over) return void out.destroy();
    const { expectation } = this.#request;
    if (expectation === undefined) this.continued();
    else this.#held = setTimeout(() => (expectation.isRequired ? this.#timedOut() : this.continued()), expectation.milliseconds);
  }

  /** The service asks for the body, or has been silent for long enough. */
  continued(): void {
    clearTimeout(this.#held);
    if (this.#sending || this.#answered || !this.#out) return;
    this.#sending = true;
    void sendBody(this.#request.body, this.#out);
  }

  /** An answer before the final one. */
  informed(status: number, headers: RawHeaders): void {
    if (status !== 100 && status !== 101 && !this.#answered) this.#request.informed?.(status, headers);
  }

  /** The answer; gives whether the body was asked for. One that was not will not be sent any more. */
  answered(answer: IncomingResponse): boolean {
    this.#answered = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#held);
    this.#resolve(answer);
    return this.#sending;
  }

  /** Another client does it. */
  handOver(answer: Promise<IncomingResponse>): void {
    this.ended();
    this.#resolve(answer);
  }

  failed(error: unknown): void {
    this.ended();
    this.#reject(toHostError(error));
  }

  /** The stream is closed. */
  ended(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#held);
    this.#request.signal?.removeEventListener('abort', this.#aborted);
  }

  #timedOut(): void {
    this.#stop(new HostError('timeout', 'Request to the backend service timed out'));
  }

  #stop(reason: HostError): void {
    this.failed(reason);
    this.#out?.destroy();
  }
}

async function sendBody(body: OutgoingRequest['body'], out: Outgoing): Promise<void> {
  if (body === null || body instanceof Uint8Array) return void out.end(body ?? undefined);
  try {
    await pour(body, out);
  } catch (error) {
    out.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

async function pour(body: BodyStream, out: Outgoing): Promise<void> {
  for await (const chunk of body) {
    if (out.destroyed) return;
    if (!out.write(chunk)) await writable(out);
  }
  if (out.destroyed) return;
  const { rawTrailers } = body;
  if (rawTrailers && rawTrailers.length > 0) out.addTrailers(rawTrailers);
  out.end();
}
