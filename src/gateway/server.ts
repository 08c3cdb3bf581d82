/** The listening side: one node:http server in front of an engine that may be exchanged while calls run. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../workspace/engine.ts';
import type { TlsSettings } from '../workspace/model.ts';
import { TRACE_PATH } from './azure-trace/tracing.ts';
import { type CallerRequest, type CallerResponse, urlOf } from './caller.ts';
import { Http2Front } from './http2.ts';
import type { ConnectionFigures } from './metrics/state.ts';
import { type CallServices, ServedCall } from './served-call.ts';
import { TlsListener } from './tls.ts';

export interface GatewayServerOptions extends CallServices {
  readonly engine: Engine;
  readonly tls?: TlsSettings | undefined;
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

  get isDraining(): boolean {
    return this.#draining;
  }

  /** What metrics show of now. */
  figures(): Promise<ConnectionFigures> {
    return new Promise((resolve) =>
      this.#server.getConnections((_error, connections = 0) => resolve({ connections, calls: this.#running, sockets: 0 })),
    );
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
    this.#options.log?.writer.flush();
  }

  async #allDone(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  #cutAll(): void {
    this.#server.closeAllConnections();
    this.#tls?.destroy();
  }

  #handle(request: CallerRequest, response: CallerResponse): void {
    if (request.url === STATUS_PATH) return this.#answerStatus(response);
    if (request.url?.startsWith(TRACE_PATH) && this.#answerTrace(request.url, response)) return;
    const url = urlOf(request);
    if (!url) return void response.writeHead(400).end();
    this.#running += 1;
    if (this.#draining) response.shouldKeepAlive = false;
    const call = new ServedCall(this.#options, request, response, url);
    if (this.#tls) call.certificate = this.#tls.certificateOf(request.socket);
    response.on('close', () => this.#closed(call));
    try {
      this.#engine.start(call, call);
    } catch (error) {
      call.faulted(error);
    }
  }

  /** Draining, it tells load balancers to send no more. */
  #answerStatus(response: CallerResponse): void {
    const [status, text] = this.#draining ? [503, 'stopping'] : [200, 'OK'];
    response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
  }

  #answerTrace(url: string, response: CallerResponse): boolean {
    const found = this.#options.tracing?.onGateway(url);
    if (found === undefined) return false;
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(found);
    return true;
  }

  #closed(call: ServedCall): void {
    call.closed();
    this.#running -= 1;
    if (this.#running === 0) this.#idle?.();
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
