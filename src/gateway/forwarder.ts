/** forward-request inside the gateway: the exchange's request to its backend, streamed both ways. */

import { Body } from '../exchange/body.ts';
import { tellCall } from '../exchange/call-made.ts';
import type { Backend } from '../exchange/entities.ts';
import type { AnswerReceiver, Exchange, Forwarder } from '../exchange/exchange.ts';
import {
  announcedTrailers,
  expectation,
  type ForwardOptions,
  forwardFailure,
  forwardThroughHost,
  outgoingRequest,
} from '../exchange/forward.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayResponse } from '../exchange/message.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import { HostError, type OutgoingRequest } from '../host/host.ts';
import type { UpstreamAnswer, UpstreamReceiver, Upstreams } from './upstream.ts';

/**
 * The plain case goes straight through the clients' stacks; redirects, client certificates, proxies, HTTP/2, and bodies that
 * wait for `100 Continue` or have trailers, go through the host, which knows them.
 */
export function createForwarder(upstreams: Upstreams): Forwarder {
  const forward: Forwarder = (exchange, options) =>
    new Promise((resolve, reject) => begin(exchange, options, { answered: resolve, failed: reject }));
  const begin = (exchange: Exchange, options: ForwardOptions, receiver: AnswerReceiver): void => {
    try {
      beginForward(upstreams, exchange, options, receiver);
    } catch (error) {
      receiver.failed(error);
    }
  };
  forward.begin = begin;
  return forward;
}

function beginForward(upstreams: Upstreams, exchange: Exchange, options: ForwardOptions, receiver: AnswerReceiver): void {
  const backend = exchange.backend?.pick?.(exchange) ?? exchange.backend;
  exchange.caller?.watch?.forwarding(exchange);
  if (backend === null && !exchange.request.hasBackend) return receiver.failed(noBackend());
  if (exchange.caller?.handshake) return exchange.caller.handshake.begin(exchange, options, backend, receiver);
  if (speaksWebSocket(exchange, backend)) return receiver.failed(upgradeRequired());
  if (needsHost(exchange, options, backend)) return forwardSlowly(exchange, options, backend, receiver);
  if (!options.bufferRequestBody || exchange.request.body.isBuffered) return send(upstreams, exchange, options, backend, receiver);
  const buffered = Promise.resolve(exchange.request.body.buffer(exchange.settings.bodyLimit));
  whenDone(buffered, () => send(upstreams, exchange, options, backend, receiver), receiver);
}

/** Sent to the address that the caller asked, the call would come back here, again and again. */
function noBackend(): PolicyError {
  return new PolicyError({
    reason: 'BackendConnectionFailure',
    message: 'The API has no backend: name one in its service URL, by set-backend-service, `backend` in portico.yaml, or --backend.',
  });
}

/** A backend of `ws:` or `wss:` takes nothing but handshakes. */
function speaksWebSocket({ backend: chosen, request }: Exchange, backend: Backend | null): boolean {
  const scheme = backend === null || backend === chosen ? request.base.scheme : backend.url.slice(0, backend.url.indexOf(':'));
  return scheme === 'ws' || scheme === 'wss';
}

/** RFC 9110, section 15.5.22: the answer names the protocol to use. */
function upgradeRequired(): PolicyError {
  const message = 'The backend speaks WebSocket: send the request as a WebSocket handshake (Connection: Upgrade, Upgrade: websocket).';
  return new PolicyError({
    reason: 'UpgradeRequired',
    message,
    status: 426,
    clientMessage: message,
    headers: ['Connection', 'Upgrade', 'Upgrade', 'websocket'],
  });
}

/** Through the host. */
function forwardSlowly(exchange: Exchange, options: ForwardOptions, backend: Backend | null, receiver: AnswerReceiver): void {
  const watch = exchange.caller?.watch;
  const started = watch ? performance.now() : 0;
  const answer = forwardThroughHost(exchange, options, backend);
  if (watch) {
    const told = (status: number) => watch.answered(exchange, status, performance.now() - started);
    answer.then(
      ({ status }) => told(status),
      () => told(0),
    );
  }
  whenDone(answer, (response) => receiver.answered(response), receiver);
}

function whenDone<T>(work: Promise<T>, then: (result: T) => void, receiver: AnswerReceiver): void {
  work.then(then).catch((error: unknown) => receiver.failed(error));
}

function needsHost(exchange: Exchange, options: ForwardOptions, backend: Backend | null): boolean {
  if (options.followRedirects || options.httpVersion !== '1' || exchange.proxy !== null) return true;
  if (exchange.clientCertificate !== null || backend?.proxy || needsMore(backend?.credentials)) return true;
  const { request } = exchange;
  return request.body.isPresent && (expectation(request, options) !== undefined || announcedTrailers(request) !== undefined);
}

/** Credentials that take a connection of their own, or a token that is waited for. */
function needsMore(credentials: Backend['credentials']): boolean {
  return credentials !== undefined && (credentials.certificateId !== undefined || credentials.managedIdentity !== undefined);
}

function send(upstreams: Upstreams, exchange: Exchange, options: ForwardOptions, backend: Backend | null, receiver: AnswerReceiver): void {
  const { caller } = exchange;
  if (caller?.gone) return receiver.failed(forwardFailure(new HostError('aborted', 'The operation was canceled.')));
  const request = outgoingRequest(exchange, options, backend);
  const call = upstreams.send(request, new ForwardCall(exchange, request, backend, receiver));
  if (caller) caller.waitsFor = call;
}

/** One call: what comes back becomes the exchange's response, or its failure. */
class ForwardCall implements UpstreamReceiver {
  readonly #exchange: Exchange;
  readonly #request: OutgoingRequest;
  readonly #backend: Backend | null;
  readonly #receiver: AnswerReceiver;
  readonly #started: number;

  constructor(exchange: Exchange, request: OutgoingRequest, backend: Backend | null, receiver: AnswerReceiver) {
    this.#exchange = exchange;
    this.#request = request;
    this.#backend = backend;
    this.#receiver = receiver;
    this.#started = exchange.caller?.watch ? performance.now() : 0;
  }

  informed(status: number, headers: readonly string[]): void {
    this.#exchange.caller?.inform?.(status, headers);
  }

  answered({ status, reason, headers, body }: UpstreamAnswer): void {
    this.#backend?.report?.(status, new Headers(headers).first('Retry-After'), this.#exchange);
    this.#exchange.caller?.watch?.answered(this.#exchange, status, performance.now() - this.#started);
    tellCall(this.#exchange, this.#request, status);
    // A retry has asked again: what it was answered before holds a connection until it is read.
    this.#exchange.response?.body.abandon();
    this.#receiver.answered(new GatewayResponse(status, reason, new Headers(headers), new Body(body)));
  }

  failed(error: HostError): void {
    if (error.reason !== 'aborted') this.#backend?.report?.(null, undefined, this.#exchange);
    this.#exchange.caller?.watch?.answered(this.#exchange, 0, performance.now() - this.#started);
    tellCall(this.#exchange, this.#request, null, error);
    this.#receiver.failed(forwardFailure(error));
  }
}
