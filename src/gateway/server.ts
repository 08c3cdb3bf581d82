/** The listening side: one node:http server in front of an engine that may be exchanged while calls run. */
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Headers } from '../exchange/headers.ts';
import { Url } from '../exchange/url.ts';
import type { Engine } from '../workspace/engine.ts';
import type { TlsSettings } from '../workspace/model.ts';
import { TRACE_PATH } from './azure-trace/tracing.ts';
import { type CallerRequest, type CallerResponse, ContinuedRequest, namesTwoHosts, urlOf } from './caller.ts';
import { Http2Front } from './http2.ts';
import { listen } from './listen.ts';
import type { ConnectionFigures } from './metrics/state.ts';
import { refusalOfTarget } from './request-target.ts';
import { type CallEnd, type CallServices, ServedCall } from './served-call.ts';
import { SlowCallers } from './slow-callers.ts';
import { StreamMemory } from './stream-memory.ts';
import { TlsListener } from './tls.ts';
import { WebSockets } from './websocket.ts';
import type { CallerHandshake } from './websocket-handshake.ts';
import { answerOn, asksForWebSocket, handBack } from './websocket-upgrade.ts';

export interface GatewayServerOptions extends CallServices {
  readonly engine: Engine;
  readonly tls?: TlsSettings | undefined;
}

/** Probes of the self-hosted gateway ask here (gateway-model, section 16). */
const STATUS_PATH = '/status-0123456789abcdef';

/** Milliseconds in which a connection without a call may still bring one while the gateway stops. */
const SPARE = 500;

/** Header fields that a request may have; short ones hardly count against the limit of bytes. */
const MOST_FIELDS = 1000;

export class GatewayServer implements CallEnd {
  readonly #options: GatewayServerOptions;
  readonly #server: Server;
  readonly #tls: TlsListener | undefined;
  readonly memory = new StreamMemory();
  readonly #sockets: WebSockets;
  readonly #slow: SlowCallers;
  #engine: Engine;
  #running = 0;
  #draining = false;
  #idle: (() => void) | undefined;

  constructor(options: GatewayServerOptions) {
    const { callerTimeoutSeconds, headLimit, callerRate, trustedRoots, webSocketIdleSeconds } = options.engine.workspace.local;
    this.#sockets = new WebSockets({ trustedRoots, certificates: options.host.certificates, idle: webSocketIdleSeconds * 1000 });
    this.#slow = new SlowCallers(callerRate, (socket, message, sends) => this.#cutSlow(socket, message, sends));
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
    this.#server.on('request', (request, response) => {
      // HTTP/0.9 has no headers: who speaks it today wants to be misunderstood. HTTP/2 is not spoken in lines.
      if (request.httpVersionMajor !== 1) this.#answerBare(response, request.httpVersionMajor < 1 ? 400 : 505);
      else this.#handle(request, response);
    });
    this.#server.setTimeout(callerTimeoutSeconds * 1000, (socket: Socket) => this.#cutIdle(socket));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => this.#refuseBroken(error, socket));
    this.#server.on('checkContinue', (request, response) => this.#handle(new ContinuedRequest(request, response), response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.on('connect', (_request, socket) => this.#refuse(socket as Socket, 405));
    this.#server.on('connection', (socket) => this.#slow.add(socket));
    this.#tls = options.tls && this.#tlsListener(options.tls, callerTimeoutSeconds * 1000, headLimit);
  }

  /**
   * Starts listening and gives the ports: the plain one, the one that speaks TLS. TLS takes the only port unless it has one
   * of its own.
   */
  async listen(port: number, host: string): Promise<{ readonly plain: number | undefined; readonly secure: number | undefined }> {
    const own = this.#options.tls?.port;
    const plain = this.#tls && own === undefined ? undefined : await listen(this.#server, port, host);
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
      http2: settings.http2
        ? new Http2Front({ headLimit, idle, handle, connect: (request, response, stream) => this.#connect(request, response, stream) })
        : undefined,
    });
  }

  get isDraining(): boolean {
    return this.#draining;
  }

  /** What metrics show of now. */
  figures(): Promise<ConnectionFigures> {
    return new Promise((resolve) =>
      this.#server.getConnections((_error, connections = 0) =>
        resolve({ connections, calls: this.#running, sockets: this.#sockets.count }),
      ),
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
    this.#sockets.goAway();
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
    this.#slow.stop();
    this.#sockets.destroy();
    this.#server.closeAllConnections();
    this.#tls?.destroy();
  }

  #handle(request: CallerRequest, response: CallerResponse): void {
    if (request.url === STATUS_PATH) return this.#answerStatus(response);
    if (request.url?.startsWith(TRACE_PATH) && this.#options.tracing) return void this.#answerTrace(request.url, response);
    const url = urlOf(request);
    const refusal = url ? this.#refusalOf(request) : 400;
    if (!url || refusal !== undefined) return this.#answerBare(response, refusal ?? 400);
    this.#start(new ServedCall(this.#options, this, request, response, url), request, response);
  }

  #start(call: ServedCall, request: CallerRequest, response: CallerResponse): void {
    this.#running += 1;
    if (this.#tls) call.certificate = this.#tls.certificateOf(request.socket);
    response.on('close', () => call.closed());
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

  async #answerTrace(url: string, response: CallerResponse): Promise<void> {
    const found = await this.#options.tracing?.onGateway(url).catch(() => undefined);
    if (found === undefined) response.writeHead(404, { 'Content-Length': '0' }).end();
    else response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(found);
  }

  /** What node:http lets through and must not become a call. */
  #refusalOf(request: CallerRequest): number | undefined {
    if ((request.url?.length ?? 0) > this.#engine.workspace.local.urlLimit) return 414;
    if (request.rawHeaders.length > 2 * MOST_FIELDS) return 431;
    // RFC 9112, section 3.2: whoever stands in front may have looked at the other one.
    return namesTwoHosts(request.rawHeaders) ? 400 : refusalOfTarget(request);
  }

  #answerBare(response: CallerResponse, status: number): void {
    this.#options.metrics?.refused(status);
    response.shouldKeepAlive = false;
    response.writeHead(status, { 'Content-Length': '0' }).end();
  }

  /** A WebSocket API gets the handshake; anything else is answered as if the protocol had not been asked for. */
  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const url = asksForWebSocket(request) ? webSocketUrl(request) : undefined;
    if (!url || !this.#isWebSocket(request, url)) return handBack(this.#server, request, socket, head);
    const response = answerOn(socket, request);
    this.#shake(request, response, url, () => this.#sockets.handshake(socket, head, response));
  }

  /** The same over HTTP/2, where a request that is not for a WebSocket API cannot be taken for an ordinary one. */
  #connect(request: CallerRequest, response: CallerResponse, stream: ServerHttp2Stream): void {
    const url = webSocketUrl(request);
    if (!url || !this.#isWebSocket(request, url)) return this.#answerBare(response, 501);
    this.#shake(request, response, url, () => this.#sockets.connection(stream));
  }

  #shake(request: CallerRequest, response: CallerResponse, url: Url, handshake: () => CallerHandshake): void {
    const refusal = this.#draining || this.#sockets.isFull ? 503 : this.#refusalOf(request);
    if (refusal !== undefined) return this.#answerBare(response, refusal);
    const call = new ServedCall(this.#options, this, request, response, url);
    call.handshake = handshake();
    this.#start(call, request, response);
  }

  #isWebSocket({ method = 'GET', rawHeaders }: CallerRequest, url: Url): boolean {
    const header = (name: string) => new Headers(rawHeaders).first(name);
    // As for ordinary calls: TLS may end in front of this gateway, where an API of `wss` is reached by `ws`.
    const scheme = this.#engine.workspace.local.checkProtocols ? { scheme: url.scheme } : {};
    const match = this.#engine.router.match({ method, path: url.path, query: url.queryString, header, ...scheme });
    // GraphQL has its subscriptions there.
    return match?.api.kind === 'websocket' || match?.api.kind === 'graphql';
  }

  closed(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#idle?.();
  }

  /** A socket without traffic: cut while its request is still coming in or none is; left alone while the backend works. */
  #cutIdle(socket: Socket): void {
    const { _httpMessage: message } = socket as Socket & { _httpMessage?: ServerResponse | null };
    if (message?.req.complete) return;
    if (message ? !message.headersSent : isInHead(socket)) this.#refuse(socket, 408);
    else socket.destroy();
  }

  /** A body that comes too slowly is told so, unless the answer has begun; an answer that is taken too slowly cannot be. */
  #cutSlow(socket: Socket, message: ServerResponse, sends: boolean): void {
    this.#options.host.log('info', 'a caller that is too slow was cut off', { callerIpAddress: socket.remoteAddress, sends });
    if (sends && !message.headersSent) this.#refuse(socket, 408);
    else socket.destroy();
  }

  /** Heads that are too long or no HTTP: the status that says so, then the connection is closed. */
  #refuseBroken(error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }, socket: Socket): void {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const { _httpMessage: message } = socket as Socket & { _httpMessage?: ServerResponse | null };
    // What is broken is the body of a call that is being answered already.
    if (message?.headersSent) return void socket.destroy();
    this.#refuse(socket, statusOfBroken(error));
  }

  #refuse(socket: Socket, status: number): void {
    this.#options.metrics?.refused(status);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    // Whoever goes on sending is not listened to.
    setTimeout(() => socket.destroy(), LAST_WORDS).unref();
  }
}

function webSocketUrl(request: CallerRequest): Url | undefined {
  const plain = urlOf(request);
  return plain && new Url(plain.scheme === 'https' ? 'wss' : 'ws', plain.host, plain.port, plain.path, plain.queryString);
}

/** A head has begun and not ended. An idle connection gets no 408, which its next request would take for its answer. */
function isInHead(socket: Socket): boolean {
  const { parser } = socket as Socket & { readonly parser?: { duration?(): number } | null };
  return socket.bytesRead > 0 && (parser?.duration?.() ?? 0) > 0;
}

/** Milliseconds in which a caller that is refused may take the answer. */
const LAST_WORDS = 1000;

function statusOfBroken({ code, rawPacket }: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }): number {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  if (code !== 'HPE_HEADER_OVERFLOW') return 400;
  // A packet without a line's end belongs to a target that has none.
  return rawPacket?.includes('\n') === false ? 414 : 431;
}
