/**
 * WebSocket APIs (gateway-model, section 14): the policies of `onHandshake` run on the handshake, which then goes to the
 * backend; once it agrees, bytes pass both ways untouched.
 */
import { type ClientRequest, type IncomingMessage, request as plainRequest, type Server, ServerResponse } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Body } from '../exchange/body.ts';
import { tellCall } from '../exchange/call-made.ts';
import type { Backend } from '../exchange/entities.ts';
import type { AnswerReceiver, Exchange, Handshake } from '../exchange/exchange.ts';
import { type ForwardOptions, forwardFailure, outgoingRequest } from '../exchange/forward.ts';
import { Headers } from '../exchange/headers.ts';
import { withoutHopByHop } from '../exchange/hop-by-hop.ts';
import { GatewayResponse } from '../exchange/message.ts';
import { HostError, type OutgoingRequest } from '../host/host.ts';
import { toHostError } from '../host/node-failure.ts';
import { trustOf } from '../host/node-tls.ts';
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

/** The connections of one gateway. */
export class WebSockets {
  readonly #open = new Set<Tunnel>();
  readonly #trustedRoots: readonly string[];

  constructor(trustedRoots: readonly string[]) {
    this.#trustedRoots = trustedRoots;
  }

  get count(): number {
    return this.#open.size;
  }

  get isFull(): boolean {
    return this.#open.size >= MOST;
  }

  /** The caller's side of a handshake; `early` is what it has sent behind its head. */
  handshake(socket: Duplex, early: Uint8Array, response: ServerResponse): CallerHandshake {
    return new CallerHandshake(socket, early, response, this.#trustedRoots, this.#open);
  }

  /** Tells all that the gateway stops. */
  goAway(): void {
    for (const tunnel of this.#open) tunnel.goAway();
  }

  destroy(): void {
    for (const tunnel of this.#open) tunnel.destroy();
  }
}

/** One handshake, from the caller's request to two connected sockets. */
export class CallerHandshake implements Handshake {
  readonly #socket: Duplex;
  readonly #early: Uint8Array;
  readonly #response: ServerResponse;
  readonly #trustedRoots: readonly string[];
  readonly #open: Set<Tunnel>;
  #backend: { readonly socket: Duplex; readonly early: Uint8Array } | undefined;

  constructor(socket: Duplex, early: Uint8Array, response: ServerResponse, trustedRoots: readonly string[], open: Set<Tunnel>) {
    this.#socket = socket;
    this.#early = early;
    this.#response = response;
    this.#trustedRoots = trustedRoots;
    this.#open = open;
  }

  /** Asks the backend; its agreement is a 101, its refusal the answer that it gave. */
  begin(exchange: Exchange, options: ForwardOptions, backend: Backend | null, receiver: AnswerReceiver): void {
    const outgoing = outgoingRequest(exchange, options, backend);
    const { caller } = exchange;
    const asked = this.#ask(outgoing);
    const timer = setTimeout(() => asked.destroy(new HostError('timeout', 'timeout')), options.timeoutMilliseconds);
    const done = () => {
      clearTimeout(timer);
      if (caller) caller.waitsFor = null;
    };
    if (caller) caller.waitsFor = { abort: () => asked.destroy(new HostError('aborted', 'aborted')) };
    const answered = (response: GatewayResponse): void => {
      done();
      backend?.report?.(response.status, response.headers.first('Retry-After'), exchange);
      tellCall(exchange, outgoing, response.status);
      receiver.answered(response);
    };
    asked.once('upgrade', (answer, socket, early) => {
      this.#backend = { socket, early };
      answered(responseOf(answer, null));
    });
    asked.once('response', (answer) => answered(responseOf(answer, answer)));
    asked.once('error', (error) => {
      done();
      const failure = error instanceof HostError ? error : toHostError(error);
      if (failure.reason !== 'aborted') backend?.report?.(null, undefined, exchange);
      tellCall(exchange, outgoing, null, failure);
      receiver.failed(forwardFailure(failure));
    });
    asked.end();
  }

  /** Connects both sides when backend and policies have agreed; false: the answer is an ordinary one. */
  connect({ status, reason, headers }: GatewayResponse, requestId: string): boolean {
    const backend = this.#backend;
    if (!backend) return false;
    if (status !== 101) {
      backend.socket.destroy();
      return false;
    }
    const names = ['Connection', 'Upgrade', 'Upgrade', 'websocket', ...headers.toWire(), 'Request-Id', requestId];
    this.#response.writeHead(101, reason, names);
    this.#response.end();
    this.#response.detachSocket(this.#socket as Socket);
    this.#carry(backend);
    return true;
  }

  #carry(backend: { readonly socket: Duplex; readonly early: Uint8Array }): void {
    const tunnel = new Tunnel(this.#socket, backend.socket, () => this.#open.delete(tunnel));
    for (const socket of [this.#socket, backend.socket] as Socket[]) {
      socket.setTimeout(0);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 30_000);
    }
    this.#open.add(tunnel);
    tunnel.open({ caller: this.#early, backend: backend.early });
  }

  #ask({ origin, path, headers, tls }: OutgoingRequest): ClientRequest {
    const url = new URL(origin.replace(/^ws/i, 'http'));
    const options = {
      agent: false as const,
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
      method: 'GET',
      path,
      headers: [...headers, 'Connection', 'Upgrade', 'Upgrade', 'websocket'] as unknown as Record<string, string>,
    };
    if (url.protocol !== 'https:') return plainRequest(options);
    return secureRequest({
      ...options,
      servername: url.hostname,
      rejectUnauthorized: tls?.validateChain ?? true,
      ...(tls?.validateName === false ? { checkServerIdentity: () => undefined } : {}),
      ...trustOf(this.#trustedRoots),
    });
  }
}

function responseOf(answer: IncomingMessage, body: IncomingMessage | null): GatewayResponse {
  const headers = new Headers(withoutHopByHop(answer.rawHeaders));
  return new GatewayResponse(answer.statusCode ?? 500, answer.statusMessage ?? '', headers, new Body(body));
}
