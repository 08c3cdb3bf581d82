/**
 * WebSocket APIs (gateway-model, section 14): the policies of `onHandshake` run on the handshake, which then goes to the
 * backend; once it agrees, bytes pass both ways untouched. Callers come over HTTP/1.1 (RFC 6455) or HTTP/2 (RFC 8441).
 */
import type { ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { MessageChannel, MessageInspector, MessageReceiver } from '../exchange/exchange.ts';
import type { TlsWorld } from '../host/node-tls.ts';
import { type CallerSide, ConnectingCaller, UpgradingCaller } from './websocket-callers.ts';
import { type BackendSide, CallerHandshake, type OtherEnd } from './websocket-handshake.ts';
import { MessageSocket, relay } from './websocket-messages.ts';
import { Tunnel } from './websocket-tunnel.ts';

/** Connections at once: what one unit of the service takes. */
const MOST = 5000;

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
