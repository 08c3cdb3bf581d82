/**
 * Calls to backends: for each origin a small stack of idle undici clients, one call at a time on each. A stack costs less
 * than undici's Pool, and handing raw headers on less than its response objects (performance notes in docs/speed.md).
 */
import type { Client, Dispatcher } from 'undici';
import { HostError, type OutgoingRequest, type RawHeaders } from '../host/host.ts';
import { toHostError } from '../host/node-send.ts';
import { UpstreamBody } from './upstream-body.ts';

type Undici = typeof import('undici');

export interface UpstreamAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: RawHeaders;
  readonly body: UpstreamBody;
}

export interface UpstreamOptions {
  readonly undici: Undici;
  /** Connections that one origin may have at once. Default 2048, as one unit of the service. */
  readonly connections?: number;
  readonly trustedRoots?: readonly string[];
}

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
    if (!client.destroyed && !this.#idle.includes(client)) this.#idle.push(client);
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

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  /** Sends a request; resolves when status and headers are there. Fails with a HostError. */
  send(request: OutgoingRequest): Promise<UpstreamAnswer> {
    const origin = this.#origin(request);
    const client = origin.take();
    return new Promise((resolve, reject) => {
      const call = new UpstreamCall(request, resolve, reject, () => origin.give(client));
      try {
        client.dispatch(dispatchOptions(request), call);
      } catch (error) {
        call.onError(error as Error);
      }
    });
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
        ...(roots && roots.length > 0 ? { ca: [...roots] } : {}),
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
class UpstreamCall {
  readonly #resolve: (answer: UpstreamAnswer) => void;
  readonly #reject: (error: HostError) => void;
  readonly #release: () => void;
  readonly #timer: NodeJS.Timeout;
  #abort: ((error?: Error) => void) | undefined;
  #body: UpstreamBody | undefined;
  #over: 'timeout' | 'aborted' | undefined;

  constructor(
    request: OutgoingRequest,
    resolve: (answer: UpstreamAnswer) => void,
    reject: (error: HostError) => void,
    release: () => void,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#release = release;
    this.#timer = setTimeout(() => this.#stop('timeout'), request.timeoutMilliseconds);
    request.signal?.addEventListener('abort', () => this.#stop('aborted'), { once: true });
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.#over) abort();
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void, reason: string): boolean {
    if (status < 200) return true;
    clearTimeout(this.#timer);
    const headers: string[] = new Array(rawHeaders.length);
    for (let at = 0; at < rawHeaders.length; at += 1) headers[at] = (rawHeaders[at] as Buffer).toString('latin1');
    this.#body = new UpstreamBody(resume, () => this.#abort?.());
    this.#resolve({ status, reason, headers, body: this.#body });
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.#body?.push(chunk) ?? true;
  }

  onComplete(): void {
    this.#release();
    this.#body?.end();
  }

  onError(error: Error): void {
    clearTimeout(this.#timer);
    this.#release();
    const failure = this.#failure(error);
    if (this.#body) this.#body.fail(failure);
    else this.#reject(failure);
  }

  #stop(why: 'timeout' | 'aborted'): void {
    this.#over = why;
    this.#abort?.();
    if (!this.#body) this.#reject(this.#failure(undefined));
  }

  #failure(error: Error | undefined): HostError {
    if (this.#over === 'timeout') return new HostError('timeout', 'Request to the backend service timed out', error);
    if (this.#over === 'aborted') return new HostError('aborted', 'The operation was canceled.', error);
    return toHostError(error);
  }
}
