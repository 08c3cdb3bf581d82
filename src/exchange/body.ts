import { concatenated } from '../host/bytes.ts';
import { type BodyStream, HostError, type RawHeaders } from '../host/host.ts';
import { PolicyError } from './policy-error.ts';

/** What a body can be made of. */
export type BodySource = Uint8Array | BodyStream | null;

/** Largest body that is read into memory, in bytes, when nothing else is set: 64 MiB. */
export const DEFAULT_BODY_LIMIT = 64 * 1024 * 1024;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8');

/**
 * A message body: a stream until somebody needs its bytes. Steps that read bodies are buffered by the runner just before
 * they run, so that reading itself is synchronous.
 */
export class Body {
  #source: BodySource;
  /** What the bytes are without their Content-Encoding. */
  #plain: Uint8Array | undefined;
  #consumed = false;
  #replaced = false;
  /** Its stream has gone to a backend, and cannot go again. */
  isSent = false;
  /** Of a stream that was read into memory. */
  #rawTrailers: RawHeaders | undefined;
  /** A stream that breaks off means that the caller has gone. */
  #isCallers = false;

  constructor(source: BodySource = null) {
    this.#source = source;
  }

  /** What a caller sends. */
  static ofCaller(source: BodyStream): Body {
    const body = new Body(source);
    body.#isCallers = true;
    return body;
  }

  static text(text: string): Body {
    return new Body(ENCODER.encode(text));
  }

  /** There is a body, though perhaps an empty one. False after a read that did not preserve it. */
  get isPresent(): boolean {
    return this.#source !== null && !this.#consumed;
  }

  /** The bytes are in memory (or there are none). */
  get isBuffered(): boolean {
    return this.#source === null || this.#source instanceof Uint8Array;
  }

  /** A read without preserveContent took it away. */
  get isConsumed(): boolean {
    return this.#consumed;
  }

  /** A policy gave it new content, so that its length is known anew. */
  get isReplaced(): boolean {
    return this.#replaced;
  }

  /** What is to be sent: bytes, the untouched stream, or nothing. A stream can be taken once only. */
  get source(): BodySource {
    return this.#consumed ? null : this.#source;
  }

  /** The fields behind the body, once it has been read to its end: name, value, name, value …; content of a policy's own has none. */
  get rawTrailers(): RawHeaders | undefined {
    const source = this.source;
    if (source === null) return undefined;
    const trailers = source instanceof Uint8Array ? this.#rawTrailers : source.rawTrailers;
    return trailers && trailers.length > 0 ? trailers : undefined;
  }

  /** Puts something into the stream that watches or changes it on its way; bytes in memory are left alone. */
  pipe(through: (stream: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>): void {
    const source = this.#source;
    if (source !== null && !(source instanceof Uint8Array)) this.#source = new PipedStream(source, through(source));
  }

  /** Reads the stream into memory; does nothing when that is done. Throws a PolicyError (413) above `limit` bytes, a HostError when the stream breaks off. */
  buffer(limit: number = DEFAULT_BODY_LIMIT): void | Promise<void> {
    const source = this.#source;
    if (source === null || source instanceof Uint8Array) return;
    const keep = (bytes: Uint8Array) => {
      this.#source = bytes;
      this.#rawTrailers = source.rawTrailers;
    };
    return collect(source, limit, this.#isCallers).then(keep, (error: unknown) => {
      throw this.#isCallers && !(error instanceof PolicyError) ? new HostError('aborted', 'The operation was canceled.', error) : error;
    });
  }

  /** The bytes; empty when there is no body. The body must be buffered. */
  bytes(): Uint8Array {
    if (this.#source === null || this.#consumed) return new Uint8Array(0);
    if (this.#source instanceof Uint8Array) return this.#source;
    throw new Error('the body is read before it was buffered');
  }

  /** Says what the bytes are without their Content-Encoding; what is sent stays as it is. */
  decoded(plain: Uint8Array): void {
    this.#plain = plain;
  }

  /** Somebody has said what the bytes are without their Content-Encoding. */
  get isDecoded(): boolean {
    return this.#plain !== undefined;
  }

  /** The bytes as policies read them: without a Content-Encoding that was taken off. */
  plain(): Uint8Array {
    return this.#plain === undefined || this.#consumed ? this.bytes() : this.#plain;
  }

  /** The plain bytes as UTF-8 text, without a byte order mark. */
  text(): string {
    return DECODER.decode(this.plain());
  }

  /** The plain bytes; unless `preserveContent`, the body is gone afterwards, as after `As<T>()`. */
  take(preserveContent: boolean): Uint8Array {
    const bytes = this.plain();
    if (!preserveContent) this.#consumed = true;
    return bytes;
  }

  /** Nobody will read it: its sender is not held up any longer. */
  abandon(): void {
    const source = this.#source;
    if (source !== null && !(source instanceof Uint8Array)) source.cancel?.();
  }

  /** Replaces the body; null takes it away. */
  set(content: string | Uint8Array | null): void {
    this.#source = typeof content === 'string' ? ENCODER.encode(content) : content;
    this.#plain = undefined;
    this.#consumed = false;
    this.#replaced = true;
    this.#rawTrailers = undefined;
  }
}

/** What a policy makes of a stream; the fields behind it stay. */
class PipedStream implements BodyStream {
  readonly #from: BodyStream;
  readonly #piped: AsyncIterable<Uint8Array>;

  constructor(from: BodyStream, piped: AsyncIterable<Uint8Array>) {
    this.#from = from;
    this.#piped = piped;
  }

  get rawTrailers(): RawHeaders | undefined {
    return this.#from.rawTrailers;
  }

  cancel(): void {
    this.#from.cancel?.();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this.#piped[Symbol.asyncIterator]();
  }
}

async function collect(stream: AsyncIterable<Uint8Array>, limit: number, isCallers: boolean): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) throw bodyTooLarge(limit, isCallers);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : concatenated(chunks);
}

/** Our own bound. RFC 9110 names status 413 for a caller's body; one of a backend is not the caller's fault. */
function bodyTooLarge(limit: number, isCallers: boolean): PolicyError {
  return new PolicyError({
    reason: 'BodyTooLarge',
    message: `The message body is larger than ${limit} bytes.`,
    ...(isCallers ? { status: 413, clientMessage: 'Request body too large' } : {}),
  });
}
