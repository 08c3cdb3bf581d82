/** The listening side: one node:http server in front of an engine that may be exchanged while calls run. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { ExchangeListener } from '../exchange/events.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Host } from '../host/host.ts';
import type { Engine } from '../workspace/engine.ts';
import { accessLine, type LineWriter } from './access-log.ts';
import { addressOf, bodyOf, headersOf, respond, urlOf } from './caller.ts';
import { UpstreamBody } from './upstream-body.ts';

export interface GatewayServerOptions {
  readonly host: Host;
  readonly engine: Engine;
  readonly log?: LineWriter;
  /** Told what each call does; costs nothing when absent. */
  readonly listener?: (requestId: string) => ExchangeListener;
}

/** Probes of the self-hosted gateway ask here (gateway-model, section 16). */
const STATUS_PATH = '/status-0123456789abcdef';

export class GatewayServer {
  readonly #options: GatewayServerOptions;
  readonly #server: Server;
  #engine: Engine;
  #running = 0;
  #draining = false;
  #idle: (() => void) | undefined;

  constructor(options: GatewayServerOptions) {
    const { callerTimeoutSeconds, headLimit } = options.engine.workspace.local;
    this.#options = options;
    this.#engine = options.engine;
    this.#server = createServer({
      maxHeaderSize: headLimit,
      headersTimeout: callerTimeoutSeconds * 1000,
      // A large upload may take long; a caller that stops sending is cut by the idle limit below.
      requestTimeout: 0,
      keepAliveTimeout: 75_000,
      connectionsCheckingInterval: 5_000,
      noDelay: true,
    });
    this.#server.maxHeadersCount = 0;
    this.#server.on('request', (request, response) => this.#handle(request, response));
    this.#server.setTimeout(callerTimeoutSeconds * 1000, (socket: Socket) => cutIdle(socket));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuseBroken(error, socket));
  }

  /** Starts listening and gives the port. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  /** Calls that have begun end with the engine they began with; new ones get the new engine. */
  exchangeEngine(engine: Engine): void {
    this.#engine = engine;
  }

  /** Takes no new calls, waits for those that run, at most so many milliseconds. */
  async stop(milliseconds = 30_000): Promise<void> {
    this.#draining = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const limit = setTimeout(() => this.#server.closeAllConnections(), milliseconds);
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    this.#server.closeIdleConnections();
    await closed;
    clearTimeout(limit);
    this.#options.log?.flush();
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === STATUS_PATH) return void response.writeHead(200, { 'Content-Type': 'text/plain' }).end('OK');
    const url = urlOf(request);
    if (!url) return void response.writeHead(400).end();
    const started = performance.now();
    const requestId = this.#options.host.newGuid();
    this.#begin(response);
    const running = this.#engine.run({
      method: request.method ?? 'GET',
      url,
      headers: headersOf(request),
      body: bodyOf(request),
      ipAddress: addressOf(request),
      requestId,
      listener: this.#options.listener?.(requestId) ?? null,
    });
    const finish = (exchange: Exchange) => this.#finish(exchange, response, requestId, started);
    if (running instanceof Promise) running.then(finish, (error: unknown) => this.#fault(error, response, requestId));
    else finish(running);
  }

  #begin(response: ServerResponse): void {
    this.#running += 1;
    if (this.#draining) response.shouldKeepAlive = false;
    response.once('close', () => {
      this.#running -= 1;
      if (this.#running === 0) this.#idle?.();
    });
  }

  #finish(exchange: Exchange, response: ServerResponse, requestId: string, started: number): void {
    const source = exchange.response?.body.source;
    if (source instanceof UpstreamBody) {
      if (response.destroyed) source.cancel();
      else response.once('close', () => source.cancel());
    }
    try {
      respond(exchange, response, requestId);
    } catch (error) {
      this.#fault(error, response, requestId);
    }
    const { log } = this.#options;
    log?.line(accessLine({ exchange, requestId, milliseconds: performance.now() - started, status: response.statusCode }));
  }

  /** An error of ours, or a response that cannot be written (a header with a line break, say): the generic answer. */
  #fault(error: unknown, response: ServerResponse, requestId: string): void {
    this.#options.host.log('error', 'a call failed inside the gateway', {
      requestId,
      error: error instanceof Error ? error.message : String(error),
    });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const body = `{ "statusCode": 500, "message": "Internal server error", "activityId": "${requestId}" }`;
    response.writeHead(500, { 'Content-Type': 'application/json', 'Request-Id': requestId }).end(body);
  }
}

/** A socket without traffic: cut while its request is still coming in or none is; left alone while the backend works. */
function cutIdle(socket: Socket): void {
  const { _httpMessage: message } = socket as Socket & { _httpMessage?: ServerResponse | null };
  if (message?.req.complete) return;
  socket.destroy();
}

/** Heads that are too long or no HTTP: the status that says so, then the connection is closed. */
function refuseBroken(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
