/** HTTP/2 to services (RFC 9113): one session for each origin and way of TLS, whole streams with trailers and answers before the final one. */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { IncomingResponse, OutgoingRequest, RawHeaders } from './host.ts';
import { type NodeCall, type Outgoing, startCall } from './node-call.ts';
import { targetOf, withoutHopByHop } from './node-target.ts';
import { type TlsWorld, tlsKey, tlsOptions } from './node-tls.ts';
import { connectTo, placeOf, proxyKey } from './node-tunnel.ts';
import { headerOf } from './raw-headers.ts';

/** Milliseconds after which a session without streams is closed. */
const IDLE = 30_000;

/** Milliseconds for which a service that speaks HTTP/1.1 only is not asked again. */
const REMEMBERED = 300_000;

/** Sessions that are kept. */
const MOST_SESSIONS = 1000;

/** What an origin speaks. */
type Spoken = ClientHttp2Session | 'HTTP/1.1';

export class Http2Client {
  readonly #world: TlsWorld;
  readonly #spoken = new Map<string, Promise<Spoken>>();

  constructor(world: TlsWorld) {
    this.#world = world;
  }

  /** With `2or1`, and without TLS, where nothing is agreed upon, `plainly` takes what the service does not speak HTTP/2 for. */
  send(request: OutgoingRequest, plainly: (request: OutgoingRequest) => Promise<IncomingResponse>): Promise<IncomingResponse> {
    const insists = request.httpVersion === '2';
    if (!insists && request.origin.startsWith('http:')) return plainly(request);
    return startCall(request, async (call) => {
      const spoken = await this.#speak(request);
      if (call.isOver) return;
      if (spoken !== 'HTTP/1.1') ask(call, spoken, request, () => this.#askAgain(call, request));
      else if (insists) throw Object.assign(new Error('no HTTP/2'), { code: 'ERR_HTTP2_UNSUPPORTED_PROTOCOL' });
      else call.handOver(plainly(request));
    });
  }

  /** On another connection, once: the service has said that it has not looked at the request (RFC 9113, section 8.7). */
  #askAgain(call: NodeCall, request: OutgoingRequest): void {
    const asked = this.#speak(request).then((spoken) => {
      if (spoken === 'HTTP/1.1') throw closedEarly();
      if (!call.isOver) ask(call, spoken, request, undefined);
    });
    asked.catch((error: unknown) => call.failed(error));
  }

  close(): void {
    for (const spoken of this.#spoken.values()) closeOne(spoken);
    this.#spoken.clear();
  }

  async #speak(request: OutgoingRequest): Promise<Spoken> {
    const key = `${request.origin} ${tlsKey(request, this.#world)} ${proxyKey(request.proxy)}`;
    const known = this.#spoken.get(key);
    const spoken = await known;
    if (spoken && (spoken === 'HTTP/1.1' || !(spoken.closed || spoken.destroyed))) return spoken;
    // Another call may have begun one meanwhile.
    const begun = this.#spoken.get(key);
    if (begun && begun !== known) return begun;
    const next = this.#open(request);
    this.#remember(key, next);
    return next;
  }

  #remember(key: string, spoken: Promise<Spoken>): void {
    this.#spoken.delete(key);
    this.#spoken.set(key, spoken);
    const forget = (): void => {
      if (this.#spoken.get(key) === spoken) this.#spoken.delete(key);
    };
    spoken.then((one) => {
      if (one === 'HTTP/1.1') setTimeout(forget, REMEMBERED).unref();
      else one.once('close', forget);
    }, forget);
    const [oldest] = this.#spoken;
    if (!oldest || this.#spoken.size <= MOST_SESSIONS) return;
    this.#spoken.delete(oldest[0]);
    closeOne(oldest[1]);
  }

  async #open(request: OutgoingRequest): Promise<Spoken> {
    const place = placeOf(request.origin);
    const protocols = request.httpVersion === '2' ? ['h2'] : ['h2', 'http/1.1'];
    const tls = place.isSecure ? { tls: await tlsOptions(request, this.#world), protocols } : {};
    const socket = await connectTo(place, { proxy: request.proxy, ...tls });
    if (place.isSecure && (socket as TLSSocket).alpnProtocol !== 'h2') {
      socket.destroy();
      return 'HTTP/1.1';
    }
    const session = connect(request.origin, { createConnection: () => socket, settings: { enablePush: false } });
    // Streams hear of it themselves.
    session.on('error', () => {});
    session.setTimeout(IDLE, () => session.close());
    session.once('goaway', () => session.close());
    return session;
  }
}

/** Ends with its streams. */
function closeOne(spoken: Promise<Spoken>): void {
  spoken.then((one) => one === 'HTTP/1.1' || one.close()).catch(() => {});
}

/** `again` asks anew where the service has refused to look; absent when it has been asked twice. */
function ask(call: NodeCall, session: ClientHttp2Session, request: OutgoingRequest, again: (() => void) | undefined): void {
  const { body } = request;
  // Without END_STREAM at the end of its body a request that is broken off cannot look whole.
  const stream = session.request(fieldsOf(request), { endStream: body === null, waitForTrailers: body !== null });
  const trailers: { received: RawHeaders | undefined } = { received: undefined };
  const broken = (error: Error): void => {
    const refused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM && (body === null || body instanceof Uint8Array);
    if (refused && again && !call.isOver) again();
    else call.failed(error);
  };
  stream.once('error', broken);
  stream.on('error', () => {});
  // Of an answered call nobody hears that.
  stream.once('close', () => stream.errored || broken(closedEarly()));
  stream.on('continue', () => call.continued());
  stream.on('headers', (headers, _flags, ...more: unknown[]) => call.informed(Number(headers[':status']), plainFields(more[0])));
  stream.once('trailers', (_headers, _flags, ...more: unknown[]) => {
    trailers.received = plainFields(more[0]);
  });
  stream.once('response', (headers, flags, ...more: unknown[]) => {
    const ends = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    const sends = call.answered({
      status: Number(headers[':status']),
      reason: '',
      headers: plainFields(more[0]),
      body: ends ? null : answerBody(stream, trailers),
    });
    if (ends) stream.resume();
    if (!sends && body !== null) stream.close(constants.NGHTTP2_NO_ERROR);
  });
  if (body !== null) call.sendsOn(outgoing(stream));
}

function closedEarly(): Error {
  return Object.assign(new Error('closed'), { code: 'ECONNRESET' });
}

function answerBody(stream: ClientHttp2Stream, trailers: { received: RawHeaders | undefined }): NonNullable<IncomingResponse['body']> {
  return {
    isFramed: true,
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
    get rawTrailers() {
      return trailers.received;
    },
    cancel: () => stream.close(constants.NGHTTP2_CANCEL),
  };
}

/** Pseudo-headers first; names in lower case; gRPC asks for `te`, by which it sees that trailers will arrive. */
function fieldsOf(request: OutgoingRequest): Record<string, string | string[]> {
  const { origin, path, headers } = targetOf({ ...request, proxy: undefined });
  const { protocol, host } = new URL(origin);
  const fields: Record<string, string | string[]> = {
    ':method': request.method,
    ':scheme': protocol.slice(0, -1),
    ':authority': headerOf(headers, 'host') ?? host,
    ':path': path,
  };
  const own = withoutHopByHop(headers);
  for (let at = 0; at + 1 < own.length; at += 2) addField(fields, own[at] ?? '', own[at + 1] ?? '');
  delete fields.host;
  const length = request.body instanceof Uint8Array ? String(request.body.length) : headerOf(headers, 'content-length');
  if (length !== undefined && request.body !== null) fields['content-length'] = length;
  if (headerOf(headers, 'content-type')?.startsWith('application/grpc')) fields.te = 'trailers';
  if (request.trailer !== undefined) fields.trailer = request.trailer;
  if (request.expectation !== undefined && request.body !== null) fields.expect = '100-continue';
  return fields;
}

function addField(fields: Record<string, string | string[]>, name: string, value: string): void {
  const key = name.toLowerCase();
  const before = Object.hasOwn(fields, key) ? fields[key] : undefined;
  fields[key] = before === undefined ? value : [before, value].flat();
}

/** Without pseudo-headers. */
function plainFields(raw: unknown): RawHeaders {
  if (!Array.isArray(raw)) return [];
  const fields: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) if (!String(raw[at]).startsWith(':')) fields.push(String(raw[at]), String(raw[at + 1]));
  return fields;
}

function outgoing(stream: ClientHttp2Stream): Outgoing {
  let trailers: RawHeaders = [];
  stream.once('wantTrailers', () => stream.sendTrailers(asFields(trailers)));
  return {
    get destroyed() {
      return stream.destroyed || stream.closed;
    },
    write: (chunk) => stream.write(chunk),
    end: (chunk) => (chunk === undefined ? stream.end() : stream.end(chunk)),
    once: (event, listener) => stream.once(event, listener),
    off: (event, listener) => stream.off(event, listener),
    destroy: () => {
      stream.removeAllListeners('wantTrailers');
      stream.close(constants.NGHTTP2_CANCEL);
    },
    addTrailers: (raw) => {
      trailers = raw;
    },
  };
}

function asFields(raw: RawHeaders): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) addField(fields, raw[at] ?? '', raw[at + 1] ?? '');
  return fields;
}
