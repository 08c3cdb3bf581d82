/**
 * A backend's response body on its way: chunks wait here until somebody takes them. Either a policy iterates over it, or
 * the gateway pours it into the caller's socket without another stream in between.
 */

import { trailersToPass } from '../exchange/hop-by-hop.ts';
import type { BodyStream } from '../host/host.ts';

/** Bytes that may wait before the backend is told to pause. */
const HIGH_WATER = 64 * 1024;

const NOTHING = new Uint8Array(0);

/** Where a body is poured: the part of http.ServerResponse that is needed. */
export interface Sink {
  write(chunk: Uint8Array): boolean;
  end(chunk?: Uint8Array): unknown;
  /** Absent: trailers end here. */
  addTrailers?(trailers: readonly [string, string][]): unknown;
  once(event: 'drain', listener: () => void): unknown;
  destroy(error?: Error): unknown;
}

/** The call that brings the body. */
export interface BodyCall {
  /** Asks the backend for more. */
  resume(): void;
  /** Breaks the call off. */
  abort(): void;
}

/** Trailers go on where the framing can carry them (RFC 9110, section 6.5.1). */
export function addTrailers(sink: Sink, raw: readonly string[] | undefined): void {
  const trailers = trailersToPass(raw);
  if (!trailers) return;
  const pairs = Array.from({ length: trailers.length / 2 }, (_, at): [string, string] => [
    trailers[2 * at] ?? '',
    trailers[2 * at + 1] ?? '',
  ]);
  sink.addTrailers?.(pairs);
}

export class UpstreamBody implements BodyStream {
  readonly #call: BodyCall;
  /** The first chunk stands alone: most bodies have no other. */
  #first: Uint8Array | undefined;
  #more: Uint8Array[] | undefined;
  #waiting = 0;
  #paused = false;
  #ended = false;
  /** Name, value, name, value …; undefined when there are none. */
  #trailers: readonly string[] | undefined;
  #failure: Error | undefined;
  #sink: Sink | undefined;
  #wake: (() => void) | undefined;

  constructor(call: BodyCall) {
    this.#call = call;
  }

  /** Its length is the one that the backend gave. */
  get isFramed(): boolean {
    return true;
  }

  /** Name, value, name, value …; there at its end. */
  get rawTrailers(): readonly string[] | undefined {
    return this.#trailers;
  }

  /** The backend has sent all of it, or broken off. */
  get isComplete(): boolean {
    return this.#ended || this.#failure !== undefined;
  }

  /** The backend broke off. */
  get isBroken(): boolean {
    return this.#failure !== undefined;
  }

  /** All of it has gone to whom it was poured. */
  get isDelivered(): boolean {
    return this.#ended && this.#first === undefined && (this.#more === undefined || this.#more.length === 0);
  }

  /** A chunk from the backend; false asks it to pause. */
  push(chunk: Uint8Array): boolean {
    if (this.#sink) return this.#pour(this.#sink, chunk);
    this.#keep(chunk);
    this.#waiting += chunk.length;
    this.#wake?.();
    this.#paused = this.#waiting > HIGH_WATER;
    return !this.#paused;
  }

  end(trailers?: readonly string[]): void {
    this.#ended = true;
    this.#trailers = trailers;
    if (this.#sink) this.#finish(this.#sink);
    this.#wake?.();
  }

  /** The backend broke off: the caller's connection is cut, since its head is out already. */
  fail(error: Error): void {
    this.#failure = error;
    this.#sink?.destroy();
    this.#wake?.();
  }

  cancel(): void {
    if (!this.#ended) this.#call.abort();
  }

  /** The whole body when it has arrived already, in one piece: then head and body can go out together. */
  whole(): Uint8Array | undefined {
    if (!this.#ended || this.#failure || this.#more || this.#trailers) return undefined;
    return this.#first ?? NOTHING;
  }

  /** Sends everything there is and will be to the sink. */
  pourInto(sink: Sink): void {
    if (this.#failure) {
      sink.destroy();
      return;
    }
    let open = true;
    for (let chunk = this.#take(); chunk; chunk = this.#take()) open = sink.write(chunk);
    if (this.#ended) return this.#finish(sink);
    this.#sink = sink;
    if (open) this.#goOn();
    else sink.once('drain', () => this.#goOn());
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    try {
      for (;;) {
        const chunk = this.#take();
        if (chunk) {
          this.#waiting -= chunk.length;
          if (this.#waiting <= HIGH_WATER) this.#goOn();
          yield chunk;
        } else if (this.#failure) throw this.#failure;
        else if (this.#ended) return;
        else await this.#arrival();
      }
    } finally {
      this.cancel();
    }
  }

  #finish(sink: Sink): void {
    addTrailers(sink, this.#trailers);
    sink.end();
  }

  #keep(chunk: Uint8Array): void {
    if (!this.#first && !this.#more) {
      this.#first = chunk;
      return;
    }
    this.#more ??= [];
    this.#more.push(chunk);
  }

  #take(): Uint8Array | undefined {
    const first = this.#first;
    if (!first) return this.#more?.shift();
    this.#first = undefined;
    return first;
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }

  #pour(sink: Sink, chunk: Uint8Array): boolean {
    if (sink.write(chunk)) return true;
    this.#paused = true;
    sink.once('drain', () => this.#goOn());
    return false;
  }

  #goOn(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#call.resume();
  }
}
