/**
 * HTTP/2 callers through the same path as HTTP/1.1 ones: a stream's request and response in the shape that node:http
 * gives (RFC 9113, section 8). What HTTP/1.1 says by framing is said by its headers here.
 */
import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { CallerRequest, CallerResponse } from './caller.ts';

export interface Http2Options {
  /** Bytes of a request's head. */
  readonly headLimit: number;
  /** Milliseconds after which a session without streams is closed, and one whose request does not come in is cut. */
  readonly idle: number;
  readonly handle: (request: CallerRequest, response: CallerResponse) => void;
  /** A WebSocket handshake (RFC 8441). */
  readonly connect: (request: CallerRequest, response: CallerResponse, stream: ServerHttp2Stream) => void;
}

/** Streams that one caller may have open at once. */
const MOST_STREAMS = 250;
/** Header fields that a request may have. */
const MOST_FIELDS = 1000;

/** A server that listens nowhere: sockets come from the TLS listener. */
export class Http2Front {
  readonly #options: Http2Options;
  readonly #server: Http2Server;
  readonly #sessions = new Map<ServerHttp2Session, TLSSocket>();
  #arriving: TLSSocket | undefined;

  constructor(options: Http2Options) {
    this.#options = options;
    this.#server = createServer({
      settings: {
        maxConcurrentStreams: MOST_STREAMS,
        maxHeaderListSize: options.headLimit,
        enablePush: false,
        enableConnectProtocol: true,
      },
      maxHeaderListPairs: MOST_FIELDS,
    });
    this.#server.on('session', (session) => this.#begun(session));
    this.#server.on('sessionError', () => {});
    this.#server.on('stream', (stream, headers, _flags, ...more: unknown[]) => this.#asked(stream, headers, more[0] as string[]));
  }

  accept(socket: TLSSocket): void {
    this.#arriving = socket;
    this.#server.emit('connection', socket);
    this.#arriving = undefined;
  }

  /** Sessions end with their running streams. */
  close(): void {
    for (const session of this.#sessions.keys()) session.close();
  }

  /** Breaks off what is still open. */
  destroy(): void {
    for (const session of this.#sessions.keys()) session.destroy();
  }

  /** A session shows a stand-in for its socket only; the one that arrives is kept beside it. */
  #begun(session: ServerHttp2Session): void {
    if (this.#arriving) this.#sessions.set(session, this.#arriving);
    session.once('close', () => this.#sessions.delete(session));
    session.on('error', () => {});
    session.setTimeout(this.#options.idle, () => session.close());
  }

  #asked(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: readonly string[]): void {
    // A broken stream is told by its 'close', as a broken connection is.
    stream.on('error', () => {});
    const method = String(headers[':method'] ?? '');
    const socket = stream.session && this.#sessions.get(stream.session as ServerHttp2Session);
    if (method === 'CONNECT') return this.#connect(stream, headers[':protocol'], rawHeaders, socket ?? NO_SOCKET);
    stream.setTimeout(this.#options.idle, () => cutIdle(stream));
    const expects = headers.expect?.toLowerCase() === '100-continue';
    this.#options.handle(new Http2Request(stream, method, rawHeaders, socket ?? NO_SOCKET, expects), new Http2Response(stream));
  }

  /** Tunnels are not opened, but for WebSockets, whose handshake is a GET to policies and backends. */
  #connect(stream: ServerHttp2Stream, protocol: unknown, rawHeaders: readonly string[], socket: CallerRequest['socket']): void {
    if (protocol !== 'websocket') return stream.respond({ ':status': protocol === undefined ? 405 : 501 }, { endStream: true });
    const request = new Http2Request(stream, 'GET', rawHeaders, socket, false);
    this.#options.connect(request.withoutBody(), new Http2Response(stream), stream);
  }
}

/**
 * A stream without traffic: cut while its request does not come in, or its answer is not taken; left alone while the backend
 * works, or both sides of a stream that has been answered keep silent.
 */
function cutIdle(stream: ServerHttp2Stream): void {
  if (stream.writableLength > 0) return stream.close(constants.NGHTTP2_CANCEL);
  if (stream.headersSent || !isSending(stream)) return;
  stream.respond({ ':status': 408 }, { endStream: true });
  stream.close(constants.NGHTTP2_NO_ERROR);
}

/** Its body is still to come, and somebody waits for it. */
function isSending(stream: ServerHttp2Stream): boolean {
  if (stream.endAfterHeaders || stream.readableEnded || stream.readableLength > 0) return false;
  return stream.readableFlowing === true || stream.listenerCount('readable') > 0;
}

const NO_SOCKET = { remoteAddress: undefined, encrypted: true };

class Http2Request implements CallerRequest {
  readonly method: string;
  readonly url: string;
  readonly httpVersion = '2.0';
  readonly rawHeaders: string[];
  readonly headers: CallerRequest['headers'];
  readonly socket: CallerRequest['socket'];
  rawTrailers: readonly string[] | undefined;
  readonly #stream: ServerHttp2Stream;
  /** It waits for `100 Continue`. */
  readonly #expects: boolean;

  constructor(stream: ServerHttp2Stream, method: string, rawHeaders: readonly string[], socket: CallerRequest['socket'], expects: boolean) {
    const { path, authority, names } = plainHeaders(rawHeaders);
    const length = fieldOf(names, 'content-length');
    const streams = !stream.endAfterHeaders && length === undefined;
    this.method = method;
    this.url = path;
    this.rawHeaders = names;
    this.headers = {
      host: authority,
      'content-length': stream.endAfterHeaders ? undefined : length,
      'transfer-encoding': streams ? 'chunked' : undefined,
    };
    this.socket = socket;
    this.#stream = stream;
    this.#expects = expects;
    if (streams || fieldOf(names, 'trailer') !== undefined)
      stream.once('trailers', (_headers, _flags, ...more: unknown[]) => {
        this.rawTrailers = more[0] as string[];
      });
  }

  /** What comes behind the head is no body. */
  withoutBody(): CallerRequest {
    const { method, url, httpVersion, rawHeaders, headers, socket } = this;
    const nothing = async function* (): AsyncGenerator<Uint8Array> {};
    return { method, url, httpVersion, rawHeaders, headers: { host: headers.host }, socket, [Symbol.asyncIterator]: nothing };
  }

  /** Somebody reads: a caller that waits to be asked is asked. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    if (this.#expects && !this.#stream.headersSent && !this.#stream.destroyed) this.#stream.additionalHeaders({ ':status': 100 });
    return this.#stream[Symbol.asyncIterator]();
  }
}

/** Pseudo-headers become target and Host; cookies that were cut into several fields become one again (section 8.2.3). */
function plainHeaders(raw: readonly string[]): { path: string; authority: string; names: string[] } {
  const found = { path: '/', authority: '', names: [] as string[] };
  const cookies: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]];
    if (name === ':path') found.path = value;
    else if (name === ':authority') found.authority = value;
    else if (name === 'cookie') cookies.push(value);
    else if (!name.startsWith(':')) found.names.push(name, value);
  }
  const host = fieldOf(found.names, 'host');
  if (host === undefined) found.names.unshift('Host', found.authority);
  else found.authority ||= host;
  if (cookies.length > 0) found.names.push('cookie', cookies.join('; '));
  return found;
}

function fieldOf(names: readonly string[], name: string): string | undefined {
  const at = names.findIndex((one, index) => index % 2 === 0 && one === name);
  return at < 0 ? undefined : names[at + 1];
}

/** Fields that belong to an HTTP/1.1 connection and make an HTTP/2 message malformed (section 8.2.2). */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

class Http2Response implements CallerResponse {
  statusCode = 200;
  shouldKeepAlive = true;
  readonly #stream: ServerHttp2Stream;
  /** The head, until it is known whether anything follows it: one without a body ends its stream (gRPC's trailers alone). */
  #head: Record<string, string | string[] | number> | undefined;
  #trailers: readonly [string, string][] = [];

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream;
  }

  get headersSent(): boolean {
    return this.#head !== undefined || this.#stream.headersSent;
  }

  get destroyed(): boolean {
    return this.#stream.destroyed;
  }

  /** HTTP/2 has no reason phrase. */
  writeHead(status: number, second?: string | Readonly<Record<string, string>>, third: readonly string[] = []): this {
    const names = typeof second === 'object' ? Object.entries(second).flat() : third;
    this.statusCode = status;
    this.#head = { ':status': status, ...fieldsOf(names) };
    // A stream whose first byte takes its time is told at once that it begins.
    process.nextTick(() => this.#begin({ waitForTrailers: true }));
    return this;
  }

  write(chunk: Uint8Array): boolean {
    this.#begin({ waitForTrailers: true });
    return this.#stream.write(chunk);
  }

  end(chunk?: Uint8Array | string): unknown {
    if (chunk === undefined) this.#begin({ endStream: this.#trailers.length === 0, waitForTrailers: this.#trailers.length > 0 });
    else this.#begin({});
    return chunk === undefined ? this.#stream.end() : this.#stream.end(chunk);
  }

  addTrailers(trailers: readonly [string, string][]): void {
    this.#trailers = trailers;
  }

  writeInformation(status: number, headers: readonly string[]): void {
    if (!this.#stream.closed) this.#stream.additionalHeaders({ ':status': status, ...fieldsOf(headers) });
  }

  #begin(options: { readonly endStream?: boolean; readonly waitForTrailers?: boolean }): void {
    const head = this.#head;
    if (!head || this.#stream.headersSent || this.#stream.destroyed || this.#stream.closed) return;
    this.#stream.respond(head, options);
    if (options.waitForTrailers) this.#stream.once('wantTrailers', () => this.#stream.sendTrailers(fieldsOf(this.#trailers.flat())));
  }

  on(event: 'close', listener: () => void): unknown {
    return this.#stream.on(event, listener);
  }

  once(event: 'drain' | 'close', listener: () => void): unknown {
    return this.#stream.once(event, listener);
  }

  off(event: 'drain' | 'close', listener: () => void): unknown {
    return this.#stream.off(event, listener);
  }

  /** The caller must not take a part for the whole: no trailers, which would end it. */
  destroy(): unknown {
    this.#stream.removeAllListeners('wantTrailers');
    return this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }
}

function fieldsOf(names: readonly string[]): Record<string, string | string[]> {
  const fields = Object.create(null) as Record<string, string | string[]>;
  for (let at = 0; at + 1 < names.length; at += 2) {
    const name = (names[at] ?? '').toLowerCase();
    const value = names[at + 1] ?? '';
    const before = fields[name];
    if (CONNECTION_FIELDS.has(name)) continue;
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}
