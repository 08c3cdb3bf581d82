/**
 * Calls to backends: for each origin a small stack of idle undici clients, one call at a time on each. A stack costs less
 * than undici's Pool, and handing raw headers on less than its response objects (performance notes in docs/speed.md).
 */
import type { Client, Dispatcher } from 'undici';
import { isHopByHop, namedBy, withoutNamed } from '../exchange/hop-by-hop.ts';
import { HostError, type OutgoingRequest, type RawHeaders } from '../host/host.ts';
import { toHostError } from '../host/node-failure.ts';
import { trustOf } from '../host/node-tls.ts';
import { Deadlines, Timed } from './deadlines.ts';
import { UpstreamBody } from './upstream-body.ts';

type Undici = typeof import('undici');

export interface UpstreamAnswer {
  readonly status: number;
  readonly reason: string;
  /** Without those that belong to the connection. */
  readonly headers: RawHeaders;
  readonly body: UpstreamBody;
}

/** Who waits for an answer: exactly one of both is called, once. Neither may throw. */
export interface UpstreamReceiver {
  /** Told before, of each answer before the final one (1xx). */
  informed(status: number, headers: RawHeaders): void;
  answered(answer: UpstreamAnswer): void;
  failed(error: HostError): void;
}

export interface UpstreamOptions {
  readonly undici: Undici;
  /** Connections that one origin may have at once. Default 2048, as one unit of the service. */
  readonly connections?: number;
  readonly trustedRoots?: readonly string[];
}

const NOW = Promise.resolve();

/** One origin with one way of TLS. */
class Origin {
  readonly #idle: Client[] = [];
  readonly #all = new Set<Client>();
  readonly #make: () => Client;
  readonly #most: number;
  #next = 0;

  constructor(make: () => Client, most: number) {
    this.#make = make;
    this.#most = most;
  }

  take(): Client {
    for (let client = this.#idle.pop(); client; client = this.#idle.pop()) if (!client.destroyed && !client.closed) return client;
    if (this.#all.size < this.#most) return this.#add();
    // All are busy: calls queue up, evenly.
    const clients = [...this.#all];
    this.#next = (this.#next + 1) % clients.length;
    return clients[this.#next] ?? this.#add();
  }

  give(client: Client): void {
    if (client.destroyed || (this.#all.size >= this.#most && this.#idle.includes(client))) return;
    this.#idle.push(client);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((client) => client.close().catch(() => client.destroy())));
  }

  #add(): Client {
    const client = this.#make();
    this.#all.add(client);
    return client;
  }
}

export class Upstreams {
  readonly #options: UpstreamOptions;
  readonly #origins = new Map<string, Origin>();
  readonly deadlines = new Deadlines();
  readonly #heads: UpstreamCall[] = [];
  readonly #tellAll = (): void => {
    for (let call = this.#heads.pop(); call; call = this.#heads.pop()) call.tell();
  };

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  /** Sends a request; the receiver is told once status and headers are there, or why they never will be. */
  send(request: OutgoingRequest, receiver: UpstreamReceiver): UpstreamCall {
    const origin = this.#origin(request);
    const client = origin.take();
    const call = new UpstreamCall(this, origin, client, receiver);
    this.deadlines.start(call, request.timeoutMilliseconds);
    try {
      client.dispatch(dispatchOptions(request), call);
    } catch (error) {
      call.onError(error as Error);
    }
    return call;
  }

  /** Tells the receiver when what the socket has brought is read: then a small body is whole, and nobody runs inside the parser. */
  tellSoon(call: UpstreamCall): void {
    this.#heads.push(call);
    if (this.#heads.length === 1) NOW.then(this.#tellAll);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#origins.values()].map((origin) => origin.close()));
    this.#origins.clear();
  }

  #origin(request: OutgoingRequest): Origin {
    const key =
      request.tls === undefined
        ? request.origin
        : `${request.origin} ${request.tls.validateChain ?? true} ${request.tls.validateName ?? true}`;
    let origin = this.#origins.get(key);
    if (!origin) {
      origin = new Origin(() => this.#client(request), this.#options.connections ?? 2048);
      this.#origins.set(key, origin);
    }
    return origin;
  }

  #client({ origin, tls }: OutgoingRequest): Client {
    const roots = this.#options.trustedRoots;
    return new this.#options.undici.Client(origin, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 30_000,
      connect: {
        timeout: 10_000,
        rejectUnauthorized: tls?.validateChain ?? true,
        ...(tls?.validateName === false ? { checkServerIdentity: () => undefined } : {}),
        ...trustOf(roots),
      },
    });
  }
}

function dispatchOptions(request: OutgoingRequest): Dispatcher.DispatchOptions {
  return {
    path: needsEncoding(request.path) ? encodePath(request.path) : request.path,
    method: request.method as Dispatcher.HttpMethod,
    headers: request.headers as string[],
    body: request.body as Dispatcher.DispatchOptions['body'],
  };
}

/** Blanks and control characters, which undici refuses and .NET would have encoded; others stay as the caller wrote them. */
function needsEncoding(path: string): boolean {
  return /[^\x21-\x7e]/.test(path);
}

function encodePath(path: string): string {
  return path.replace(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(/^[\ud800-\udfff]$/.test(character) ? '\uFFFD' : character));
}

/** One call in undici's handler interface that gets raw headers. */
export class UpstreamCall extends Timed {
  readonly #upstreams: Upstreams;
  readonly #origin: Origin;
  readonly #client: Client;
  readonly #receiver: UpstreamReceiver;
  #abort: ((error?: Error) => void) | undefined;
  #resume: (() => void) | undefined;
  #answer: UpstreamAnswer | undefined;
  #failed = false;
  #released = false;
  #over: 'timeout' | 'aborted' | undefined;

  constructor(upstreams: Upstreams, origin: Origin, client: Client, receiver: UpstreamReceiver) {
    super();
    this.#upstreams = upstreams;
    this.#origin = origin;
    this.#client = client;
    this.#receiver = receiver;
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.#over) abort();
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void, reason: string): boolean {
    if (this.#failed) return true;
    if (status < 200) {
      this.#receiver.informed(status, headersOf(rawHeaders));
      return true;
    }
    this.#upstreams.deadlines.stop(this);
    this.#resume = resume;
    this.#answer = { status, reason, headers: headersOf(rawHeaders), body: new UpstreamBody(this) };
    this.#upstreams.tellSoon(this);
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.#answer?.body.push(chunk) ?? true;
  }

  onComplete(trailers: Buffer[] | string[] | null): void {
    this.#release();
    this.#answer?.body.end(trailers && trailers.length > 0 ? trailers.map(String) : undefined);
  }

  onError(error: Error): void {
    this.#upstreams.deadlines.stop(this);
    this.#release();
    if (this.#answer) this.#answer.body.fail(this.#failure(error));
    else this.#fail(error);
  }

  /** Hands the answer over. */
  tell(): void {
    if (this.#answer && !this.#failed) this.#receiver.answered(this.#answer);
  }

  expire(): void {
    this.#stop('timeout');
  }

  /** Breaks the call off unless it is over; the receiver is told so unless it has its answer. */
  abort(): void {
    if (this.#released) return;
    this.#upstreams.deadlines.stop(this);
    this.#stop('aborted');
  }

  /** Asks the backend for more of the body. */
  resume(): void {
    this.#resume?.();
  }

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#origin.give(this.#client);
  }

  #stop(why: 'timeout' | 'aborted'): void {
    this.#over ??= why;
    this.#abort?.();
    if (!this.#answer) this.#fail(undefined);
  }

  #fail(error: Error | undefined): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#receiver.failed(this.#failure(error));
  }

  #failure(error: Error | undefined): HostError {
    if (this.#over === 'timeout') return new HostError('timeout', 'Request to the backend service timed out', error);
    if (this.#over === 'aborted') return new HostError('aborted', 'The operation was canceled.', error);
    return toHostError(error);
  }
}

/** Names and values as text, connection headers left out (RFC 9110, section 7.6.1). */
function headersOf(raw: readonly Buffer[]): string[] {
  const headers: string[] = [];
  let named: ReadonlySet<string> | undefined;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] as Buffer).toString('latin1');
    if (!isHopByHop(name)) headers.push(name, (raw[at + 1] as Buffer).toString('latin1'));
    else if (name.length === 10) named = namedBy((raw[at + 1] as Buffer).toString('latin1'), named);
  }
  return named ? withoutNamed(headers, named) : headers;
}
