/** The listening side: one node:http server in front of an engine that may be exchanged while calls run. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Body } from '../exchange/body.ts';
import type { Decision } from '../exchange/decision.ts';
import type { ExchangeListener } from '../exchange/events.ts';
import type { CallerLife, Exchange } from '../exchange/exchange.ts';
import type { Headers } from '../exchange/headers.ts';
import type { Url } from '../exchange/url.ts';
import type { CertificateInfo, Host } from '../host/host.ts';
import type { CallReceiver } from '../pipeline/run.ts';
import type { Call, Engine } from '../workspace/engine.ts';
import type { TlsSettings } from '../workspace/model.ts';
import { accessLine, type LineWriter } from './access-log.ts';
import { auditLine } from './audit.ts';
import { addressOf, bodyOf, type CallerRequest, type CallerResponse, discard, headersOf, respond, urlOf } from './caller.ts';
import { Http2Front } from './http2.ts';
import { TlsListener } from './tls.ts';
import { both, type CallWatch, type GatewayWatcher, tap } from './watcher.ts';

export interface GatewayServerOptions {
  readonly host: Host;
  readonly engine: Engine;
  readonly log?: LineWriter;
  /** Told what each call does; costs nothing when absent. */
  readonly listener?: (requestId: string) => ExchangeListener;
  /** Receives a line for each decision about a caller. */
  readonly audit?: LineWriter;
  readonly tls?: TlsSettings | undefined;
  readonly watcher?: GatewayWatcher | undefined;
}

/** Probes of the self-hosted gateway ask here (gateway-model, section 16). */
const STATUS_PATH = '/status-0123456789abcdef';

/** Milliseconds in which a connection without a call may still bring one while the gateway stops. */
const SPARE = 500;

export class GatewayServer {
  readonly #options: GatewayServerOptions;
  readonly #server: Server;
  readonly #tls: TlsListener | undefined;
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
    this.#tls = options.tls && this.#tlsListener(options.tls, callerTimeoutSeconds * 1000, headLimit);
  }

  /**
   * Starts listening and gives the ports: the plain one, the one that speaks TLS. TLS takes the only port unless it has one
   * of its own.
   */
  async listen(port: number, host: string): Promise<{ readonly plain: number | undefined; readonly secure: number | undefined }> {
    const own = this.#options.tls?.port;
    const plain = this.#tls && own === undefined ? undefined : await this.#listenPlain(port, host);
    // The server that gets its sockets from the TLS listener keeps track of them as if it listened.
    if (plain === undefined) this.#server.emit('listening');
    return { plain, secure: await this.#tls?.listen(own ?? port, host) };
  }

  #tlsListener(settings: TlsSettings, idle: number, headLimit: number): TlsListener {
    const handle = (request: CallerRequest, response: CallerResponse) => this.#handle(request, response);
    return new TlsListener({
      settings,
      host: this.#options.host,
      handshakeTimeout: idle,
      http1: (socket) => this.#server.emit('connection', socket),
      http2: settings.http2 ? new Http2Front({ headLimit, idle, handle }) : undefined,
    });
  }

  #listenPlain(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  /** Calls that have begun end with the engine they began with; new ones get the new engine. */
  exchangeEngine(engine: Engine, tls?: TlsSettings): void {
    this.#engine = engine;
    if (tls) this.#tls?.renew(tls);
  }

  /** Takes no new calls, waits for those that run, at most so many milliseconds. */
  async stop(milliseconds = 30_000): Promise<void> {
    this.#draining = true;
    const plain = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const closed = Promise.all([plain, this.#tls?.close()]);
    this.#server.closeIdleConnections();
    const limit = setTimeout(() => this.#cutAll(), milliseconds);
    await this.#allDone();
    this.#server.closeIdleConnections();
    // One that has sent nothing yet, such as a browser's spare one, does not count as idle and would stay.
    await Promise.race([closed, delay(SPARE, undefined, { ref: false })]);
    await this.#allDone();
    this.#cutAll();
    await closed;
    clearTimeout(limit);
    this.#options.log?.flush();
  }

  async #allDone(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  #cutAll(): void {
    this.#server.closeAllConnections();
    this.#tls?.destroy();
  }

  #handle(request: CallerRequest, response: CallerResponse): void {
    if (request.url === STATUS_PATH) return void response.writeHead(200, { 'Content-Type': 'text/plain' }).end('OK');
    const url = urlOf(request);
    if (!url) return void response.writeHead(400).end();
    this.#running += 1;
    if (this.#draining) response.shouldKeepAlive = false;
    const { host, log, listener, audit } = this.#options;
    const call = new ServedCall(host, log, request, response, url);
    if (listener) call.listener = listener(call.requestId);
    if (audit) call.audit = audit;
    if (this.#options.watcher) call.show(this.#options.watcher);
    if (this.#tls) call.certificate = this.#tls.certificateOf(request.socket);
    response.on('close', () => this.#closed(call));
    try {
      this.#engine.start(call, call);
    } catch (error) {
      call.faulted(error);
    }
  }

  #closed(call: ServedCall): void {
    call.closed();
    this.#running -= 1;
    if (this.#running === 0) this.#idle?.();
  }
}

/** One request from its head to its answer: what the engine is asked, who is told the end, and whether the caller is still there. */
class ServedCall implements Call, CallReceiver, CallerLife {
  readonly method: string;
  readonly url: Url;
  readonly headers: Headers;
  readonly body: Body;
  readonly ipAddress: string;
  readonly requestId: string;
  listener: ExchangeListener | null = null;
  audit: LineWriter | null = null;
  /** What the caller showed in its TLS handshake. */
  certificate: CertificateInfo | null = null;
  gone = false;
  waitsFor: { abort(): void } | null = null;
  #watch: CallWatch | undefined;
  readonly #host: Host;
  readonly #log: LineWriter | undefined;
  readonly #response: CallerResponse;
  readonly #started: number;

  constructor(host: Host, log: LineWriter | undefined, request: CallerRequest, response: CallerResponse, url: Url) {
    this.method = request.method ?? 'GET';
    this.url = url;
    this.headers = headersOf(request);
    this.body = bodyOf(request);
    this.ipAddress = addressOf(request);
    this.requestId = host.newGuid();
    this.#host = host;
    this.#log = log;
    this.#response = response;
    this.#started = log ? performance.now() : 0;
  }

  get caller(): CallerLife {
    return this;
  }

  /** From here on the watcher sees the call. */
  show(watcher: GatewayWatcher): void {
    const watch = watcher.begins(this, this.requestId);
    this.#watch = watch;
    this.listener = both(this.listener, watch.listener);
    tap(this.#response, (chunk) => watch.sent(chunk));
  }

  /** The response is out, or the connection broke: a backend that is still busy for it is stopped. */
  closed(): void {
    this.gone = true;
    this.#watch?.closed();
    this.waitsFor?.abort();
    this.waitsFor = null;
  }

  finished(exchange: Exchange): void {
    this.#watch?.finished(exchange);
    if (this.gone) discard(exchange);
    else this.#respond(exchange);
    if (this.audit && exchange.decisions) this.#tellDecisions(exchange, exchange.decisions, this.audit);
    this.#log?.line(
      accessLine({
        exchange,
        requestId: this.requestId,
        milliseconds: performance.now() - this.#started,
        status: this.gone ? (exchange.response?.status ?? 500) : this.#response.statusCode,
      }),
    );
  }

  /** An error of ours, or a response that cannot be written (a header with a line break, say): the generic answer. */
  faulted(error: unknown): void {
    const { requestId } = this;
    const text = error instanceof Error ? error.message : String(error);
    this.#host.log('error', 'a call failed inside the gateway', { requestId, error: text });
    this.#watch?.faulted(error);
    if (this.gone) return;
    if (this.#response.headersSent) {
      this.#response.destroy();
      return;
    }
    const body = `{ "statusCode": 500, "message": "Internal server error", "activityId": "${requestId}" }`;
    this.#response.writeHead(500, { 'Content-Type': 'application/json', 'Request-Id': requestId }).end(body);
  }

  #tellDecisions(exchange: Exchange, decisions: readonly Decision[], audit: LineWriter): void {
    for (const decision of decisions) audit.line(auditLine(exchange, decision, this.requestId));
  }

  #respond(exchange: Exchange): void {
    try {
      respond(exchange, this.#response, this.requestId);
    } catch (error) {
      this.faulted(error);
    }
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
