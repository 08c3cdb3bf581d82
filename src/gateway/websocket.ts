/**
 * WebSocket APIs (gateway-model, section 14): the policies of `onHandshake` run on the handshake, which then goes to the
 * backend; once it agrees, bytes pass both ways untouched. Callers come over HTTP/1.1 (RFC 6455) or HTTP/2 (RFC 8441).
 */
import { createHash, randomBytes } from 'node:crypto';
import { type ClientRequest, type IncomingMessage, request as plainRequest, type Server, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Body } from '../exchange/body.ts';
import { tellCall } from '../exchange/call-made.ts';
import type { Backend } from '../exchange/entities.ts';
import type { AnswerReceiver, Exchange, Handshake, MessageChannel, MessageInspector, MessageReceiver } from '../exchange/exchange.ts';
import { authorized, type ForwardOptions, forwardFailure, outgoingRequest } from '../exchange/forward.ts';
import { Headers } from '../exchange/headers.ts';
import { withoutHopByHop, withoutNamed } from '../exchange/hop-by-hop.ts';
import { GatewayResponse } from '../exchange/message.ts';
import { HostError, type OutgoingRequest } from '../host/host.ts';
import { toHostError } from '../host/node-failure.ts';
import { type TlsWorld, tlsOptions } from '../host/node-tls.ts';
import { connectTo, placeOf } from '../host/node-tunnel.ts';
import { MessageSocket, relay } from './websocket-messages.ts';
import { Tunnel } from './websocket-tunnel.ts';

/** Connections at once: what one unit of the service takes. */
const MOST = 5000;

export function asksForWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/** An ordinary answer on a socket that node:http has handed over. */
export function answerOn(socket: Duplex, request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.once('finish', () => {
    if (response.statusCode !== 101) socket.end();
  });
  return response;
}

/**
 * Gives a request for a protocol that is not spoken here (`Upgrade: h2c`) back to the server, without that header: such a
 * request is answered as if it had not asked (RFC 9110, section 7.8).
 */
export function handBack(server: Server, request: IncomingMessage, socket: Duplex, head: Uint8Array): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (!/^(?:upgrade|http2-settings|connection)$/i.test(name)) lines.push(`${name}: ${rawHeaders[at + 1]}`);
  }
  if (/\bclose\b/i.test(request.headers.connection ?? '')) lines.push('Connection: close');
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

/** How connections to backends are opened, and when both sides have been silent for too long. */
export interface WebSocketOptions extends TlsWorld {
  /** Milliseconds without a byte either way after which both are told that it is over; 0 waits for ever. */
  readonly idle: number;
}

/** One that stands, whatever passes through it. */
interface Connection {
  goAway(): void;
  destroy(): void;
}

/** The connections of one gateway. */
export class WebSockets {
  readonly #open = new Set<Connection>();
  readonly #options: WebSocketOptions;

  constructor(options: WebSocketOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#open.size;
  }

  get isFull(): boolean {
    return this.#open.size >= MOST;
  }

  /** The side of a caller who asks by `Upgrade`; `early` is what it has sent behind its head. */
  handshake(socket: Duplex, early: Uint8Array, response: ServerResponse): CallerHandshake {
    return this.#with(new UpgradingCaller(socket, early, response));
  }

  /** The side of a caller who asks by extended CONNECT. */
  connection(stream: ServerHttp2Stream): CallerHandshake {
    return this.#with(new ConnectingCaller(stream));
  }

  /** Tells all that the gateway stops. */
  goAway(): void {
    for (const connection of this.#open) connection.goAway();
  }

  destroy(): void {
    for (const connection of this.#open) connection.destroy();
  }

  #with(caller: CallerSide): CallerHandshake {
    return new CallerHandshake(caller, this.#options, (end) => this.#connect(caller, end));
  }

  #connect(caller: CallerSide, end: OtherEnd): void {
    if ('serve' in end) return this.#listen(caller, end.serve);
    end.backend.socket.setTimeout(0);
    end.backend.socket.setNoDelay(true);
    end.backend.socket.setKeepAlive(true, 30_000);
    if (end.inspect) this.#relay(caller, end.backend, end.inspect);
    else this.#carry(caller, end.backend);
  }

  /** The gateway itself speaks to the caller. */
  #listen(caller: CallerSide, serve: (channel: MessageChannel) => MessageReceiver): void {
    const messages = this.#messages(caller.stream, 'client');
    messages.open(serve(messages), caller.early);
    caller.watchIdle(this.#options.idle, () => messages.goAway());
  }

  /** Messages of the caller are looked at one by one. */
  #relay(caller: CallerSide, backend: BackendSide, inspect: MessageInspector): void {
    const [near, far] = [this.#messages(caller.stream, 'client'), this.#messages(backend.socket, 'server')];
    relay({ messages: near, early: caller.early }, { messages: far, early: backend.early }, inspect);
    caller.watchIdle(this.#options.idle, () => near.goAway());
  }

  #messages(stream: Duplex, other: 'client' | 'server'): MessageSocket {
    const messages = new MessageSocket(stream, other);
    this.#open.add(messages);
    stream.once('close', () => this.#open.delete(messages));
    return messages;
  }

  #carry(caller: CallerSide, backend: BackendSide): void {
    const tunnel = new Tunnel(caller.stream, backend.socket, () => this.#open.delete(tunnel));
    this.#open.add(tunnel);
    tunnel.open({ caller: caller.early, backend: backend.early });
    // What comes from one side goes out at the other: one of both is enough to see that nothing passes.
    caller.watchIdle(this.#options.idle, () => tunnel.goAway());
  }
}

interface BackendSide {
  readonly socket: Socket;
  readonly early: Uint8Array;
}

/** Who speaks with the caller: a backend, whose caller may be listened to, or the gateway. */
type OtherEnd =
  | { readonly backend: BackendSide; readonly inspect: MessageInspector | null }
  | { readonly serve: (channel: MessageChannel) => MessageReceiver };

/** How a caller has asked, and how it is told that the backend agrees. */
interface CallerSide {
  readonly stream: Duplex;
  readonly early: Uint8Array;
  /** The key for the backend; undefined: the caller has sent its own, and looks at the answer itself. */
  readonly key: string | undefined;
  agree(reason: string, headers: readonly string[]): void;
  watchIdle(milliseconds: number, idle: () => void): void;
}

class UpgradingCaller implements CallerSide {
  readonly stream: Socket;
  readonly early: Uint8Array;
  readonly key = undefined;
  readonly #response: ServerResponse;

  constructor(socket: Duplex, early: Uint8Array, response: ServerResponse) {
    this.stream = socket as Socket;
    this.early = early;
    this.#response = response;
  }

  agree(reason: string, headers: readonly string[]): void {
    this.#response.writeHead(101, reason, ['Connection', 'Upgrade', 'Upgrade', 'websocket', ...headers]);
    this.#response.end();
    this.#response.detachSocket(this.stream);
    this.stream.setNoDelay(true);
    this.stream.setKeepAlive(true, 30_000);
  }

  watchIdle(milliseconds: number, idle: () => void): void {
    this.stream.removeAllListeners('timeout');
    this.stream.setTimeout(milliseconds, idle);
  }
}

/** RFC 8441, section 5: a 200 agrees, and neither key nor its answer is sent. */
class ConnectingCaller implements CallerSide {
  readonly stream: ServerHttp2Stream;
  readonly early = new Uint8Array(0);
  readonly key = randomBytes(16).toString('base64');

  constructor(stream: ServerHttp2Stream) {
    this.stream = stream;
  }

  agree(_reason: string, headers: readonly string[]): void {
    const fields: Record<string, string> = {};
    for (let at = 0; at + 1 < headers.length; at += 2) {
      const name = (headers[at] ?? '').toLowerCase();
      if (name !== 'sec-websocket-accept') fields[name] = headers[at + 1] ?? '';
    }
    this.stream.respond({ ':status': 200, ...fields });
  }

  watchIdle(milliseconds: number, idle: () => void): void {
    this.stream.setTimeout(milliseconds, idle);
  }
}

/** One handshake, from the caller's request to two connected sockets. */
export class CallerHandshake implements Handshake {
  readonly #caller: CallerSide;
  readonly #world: TlsWorld;
  readonly #connected: (end: OtherEnd) => void;
  inspect: MessageInspector | null = null;
  #serve: ((channel: MessageChannel) => MessageReceiver) | undefined;
  #backend: BackendSide | undefined;

  constructor(caller: CallerSide, world: TlsWorld, connected: (end: OtherEnd) => void) {
    this.#caller = caller;
    this.#world = world;
    this.#connected = connected;
  }

  /** Asks the backend; its agreement is a 101, its refusal the answer that it gave. */
  begin(exchange: Exchange, options: ForwardOptions, backend: Backend | null, receiver: AnswerReceiver): void {
    this.#ask(exchange, options, backend).then(
      (response) => receiver.answered(response),
      (error: unknown) => receiver.failed(error instanceof HostError ? forwardFailure(error) : error),
    );
  }

  /** Agrees without a backend (RFC 6455, section 4.2.2). */
  accept({ request }: Exchange, protocol: string | undefined, serve: (channel: MessageChannel) => MessageReceiver): GatewayResponse {
    const key = request.headers.first('Sec-WebSocket-Key')?.trim() ?? this.#caller.key;
    if (key === undefined) return new GatewayResponse(400);
    this.#serve = serve;
    const agreed = protocol === undefined ? [] : ['Sec-WebSocket-Protocol', protocol];
    return new GatewayResponse(101, undefined, new Headers(['Sec-WebSocket-Accept', acceptOf(key), ...agreed]));
  }

  /** Connects both sides when backend and policies have agreed; false: the answer is an ordinary one. */
  connect({ status, reason, headers }: GatewayResponse, requestId: string): boolean {
    const backend = this.#backend;
    const end = backend ? { backend, inspect: this.inspect } : this.#serve && { serve: this.#serve };
    if (!end) return false;
    if (status !== 101) {
      backend?.socket.destroy();
      return false;
    }
    this.#caller.agree(reason, [...headers.toWire(), 'Request-Id', requestId]);
    this.#connected(end);
    return true;
  }

  async #ask(exchange: Exchange, options: ForwardOptions, backend: Backend | null): Promise<GatewayResponse> {
    const outgoing = outgoingRequest(exchange, options, await authorized(backend, exchange));
    const attempt = new Attempt(options.timeoutMilliseconds);
    if (exchange.caller) exchange.caller.waitsFor = attempt;
    try {
      const answer = await attempt.until(this.#answer(outgoing, attempt));
      backend?.report?.(answer.status, answer.headers.first('Retry-After'), exchange);
      tellCall(exchange, outgoing, answer.status);
      return answer;
    } catch (error) {
      const failure = toHostError(error);
      if (failure.reason !== 'aborted') backend?.report?.(null, undefined, exchange);
      tellCall(exchange, outgoing, null, failure);
      throw failure;
    } finally {
      attempt.done();
      if (exchange.caller) exchange.caller.waitsFor = null;
    }
  }

  async #answer(outgoing: OutgoingRequest, attempt: Attempt): Promise<GatewayResponse> {
    const place = placeOf(outgoing.origin);
    const tls = place.isSecure ? { tls: await tlsOptions(outgoing, this.#world) } : {};
    const socket = await connectTo(place, { proxy: outgoing.proxy, ...tls });
    if (attempt.isOver) socket.destroy();
    const { key } = this.#caller;
    const asked = plainRequest({
      createConnection: () => socket,
      method: 'GET',
      path: outgoing.path,
      headers: handshakeHeaders(outgoing, key, this.inspect !== null) as unknown as Record<string, string>,
    });
    attempt.asked = asked;
    return new Promise((resolve, reject) => {
      asked.once('upgrade', (answer, upgraded: Socket, early) => {
        this.#backend = { socket: upgraded, early };
        if (key === undefined || answer.headers['sec-websocket-accept'] === acceptOf(key)) return resolve(responseOf(answer, null));
        upgraded.destroy();
        return reject(notAccepted());
      });
      asked.once('response', (answer) => resolve(responseOf(answer, answer)));
      asked.on('error', reject);
      asked.once('close', () => reject(notAccepted()));
      asked.end();
    });
  }
}

/** A backend that is asked, with the time that it has. */
class Attempt {
  asked: ClientRequest | undefined;
  #stop: ((why: HostError) => void) | undefined;
  readonly #timer: NodeJS.Timeout;
  #over = false;

  constructor(milliseconds: number) {
    this.#timer = setTimeout(() => this.#end(new HostError('timeout', 'timeout')), milliseconds);
  }

  get isOver(): boolean {
    return this.#over;
  }

  until<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#stop = reject;
      answer.then(resolve, reject);
    });
  }

  /** The caller goes. */
  abort(): void {
    this.#end(new HostError('aborted', 'aborted'));
  }

  done(): void {
    clearTimeout(this.#timer);
  }

  #end(why: HostError): void {
    this.#over = true;
    this.#stop?.(why);
    this.asked?.destroy();
  }
}

/** A caller over HTTP/2 sends no key: the gateway's own goes out with the version that it belongs to. */
function handshakeHeaders({ headers }: OutgoingRequest, key: string | undefined, isInspected: boolean): string[] {
  const own = key === undefined ? [] : ['Sec-WebSocket-Version', '13', 'Sec-WebSocket-Key', key];
  // Messages that are looked at must not come packed.
  const dropped = [
    ...(key === undefined ? [] : ['sec-websocket-version', 'sec-websocket-key']),
    ...(isInspected ? ['sec-websocket-extensions'] : []),
  ];
  const kept = dropped.length === 0 ? headers : withoutNamed(headers, new Set(dropped));
  return [...kept, ...own, 'Connection', 'Upgrade', 'Upgrade', 'websocket'];
}

/** RFC 6455, section 1.3. */
function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

function notAccepted(): Error {
  return Object.assign(new Error('no handshake'), { code: 'ECONNRESET' });
}

function responseOf(answer: IncomingMessage, body: IncomingMessage | null): GatewayResponse {
  const headers = new Headers(withoutHopByHop(answer.rawHeaders));
  return new GatewayResponse(answer.statusCode ?? 500, answer.statusMessage ?? '', headers, new Body(body));
}
