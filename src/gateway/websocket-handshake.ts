/** One handshake: what the backend is asked, how long it has, and who then speaks with the caller. */
import { createHash } from 'node:crypto';
import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import type { Socket } from 'node:net';
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
import type { CallerSide } from './websocket-callers.ts';

/** The connection to the backend, and what it has sent behind its head. */
export interface BackendSide {
  readonly socket: Socket;
  readonly early: Uint8Array;
}

/** Who speaks with the caller: a backend, whose caller may be listened to, or the gateway. */
export type OtherEnd =
  | { readonly backend: BackendSide; readonly inspect: MessageInspector | null }
  | { readonly serve: (channel: MessageChannel) => MessageReceiver };

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
      headers: handshakeHeaders(outgoing, key, this.inspect !== null),
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
