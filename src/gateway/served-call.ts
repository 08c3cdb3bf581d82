/** One request from its head to its answer: what the engine is asked, who is told the end, and whether the caller is still there. */
import type { Body } from '../exchange/body.ts';
import type { Decision } from '../exchange/decision.ts';
import type { ExchangeListener } from '../exchange/events.ts';
import type { CallerLife, Exchange, ForwardWatch } from '../exchange/exchange.ts';
import type { Headers } from '../exchange/headers.ts';
import { reasonPhrase } from '../exchange/message.ts';
import type { LastError } from '../exchange/policy-error.ts';
import type { Url } from '../exchange/url.ts';
import type { CertificateInfo, Host } from '../host/host.ts';
import type { CallReceiver } from '../pipeline/run.ts';
import type { Call } from '../workspace/call.ts';
import type { AccessRecord, AccessSink, BackendAnswer, LineWriter } from './access-log.ts';
import { auditLine } from './audit.ts';
import type { TraceRecorder } from './azure-trace/document.ts';
import type { RequestTracing } from './azure-trace/tracing.ts';
import { addressOf, bodyOf, type CallerRequest, type CallerResponse, discard, headersOf, inform, isBodiless, respond } from './caller.ts';
import type { GatewayLog } from './logs.ts';
import type { GatewayMetrics } from './metrics/gateway-metrics.ts';
import type { StreamMemory } from './stream-memory.ts';
import type { CallSpans, Telemetry } from './telemetry/call-spans.ts';
import { UpstreamBody } from './upstream-body.ts';
import { both, type CallWatch, type GatewayWatcher, tap } from './watcher.ts';
import type { CallerHandshake } from './websocket-handshake.ts';

/** Who is told about calls; each is absent unless somebody wants to know. */
export interface CallServices {
  readonly host: Host;
  readonly log?: Pick<GatewayLog, 'writer' | 'answered'>;
  /** Hears of each answer, besides the log. */
  readonly accesses?: AccessSink | undefined;
  /** Told what each call does. */
  readonly listener?: (requestId: string) => ExchangeListener;
  /** Receives a line for each decision about a caller. */
  readonly audit?: LineWriter;
  readonly watcher?: GatewayWatcher | undefined;
  readonly metrics?: GatewayMetrics | undefined;
  readonly telemetry?: Telemetry | undefined;
  /** Traces that callers ask for by header. */
  readonly tracing?: RequestTracing | undefined;
}

/** The connection's end of a call. */
export interface CallEnd {
  /** The gateway stops: this answer is the last one on its connection. */
  readonly isDraining: boolean;
  /** Watches the memory of large bodies. */
  readonly memory: StreamMemory;
  /** The answer is out, or the connection has broken or become one of another kind. */
  closed(): void;
}

export class ServedCall implements Call, CallReceiver, CallerLife {
  readonly method: string;
  readonly url: Url;
  readonly headers: Headers;
  readonly body: Body;
  readonly ipAddress: string;
  readonly requestId: string;
  listener: ExchangeListener | null = null;
  /** What the caller showed in its TLS handshake. */
  certificate: CertificateInfo | null = null;
  gone = false;
  waitsFor: { abort(): void } | null = null;
  watch: ForwardWatch | null = null;
  handshake: CallerHandshake | null = null;
  admitted: ((exchange: Exchange) => void) | null = null;
  readonly #services: CallServices;
  readonly #end: CallEnd;
  /** Called at the end of a call whose bodies are large. */
  #streamed: (() => void) | undefined;
  readonly #response: CallerResponse;
  readonly #started: number;
  readonly #httpVersion: string;
  #informed = 0;
  #watcher: CallWatch | undefined;
  #spans: CallSpans | null = null;
  #trace: TraceRecorder | undefined;
  /** Set once the answer is ready, for those who want to know how long the caller takes for it. */
  #answered: { readonly exchange: Exchange; readonly at: number } | undefined;
  /** What the last backend answered. */
  #backend: BackendAnswer | undefined;
  /** Of an answer whose body still comes: told once that is over. */
  #streams: AccessRecord | undefined;

  constructor(services: CallServices, end: CallEnd, request: CallerRequest, response: CallerResponse, url: Url) {
    const { host, log, accesses, metrics, telemetry, tracing, listener, watcher } = services;
    this.method = request.method ?? 'GET';
    this.url = url;
    this.headers = headersOf(request);
    this.body = bodyOf(request);
    this.ipAddress = addressOf(request);
    this.requestId = host.newGuid();
    this.#services = services;
    this.#end = end;
    this.#response = response;
    this.#httpVersion = request.httpVersion;
    this.#started = log || metrics || accesses ? performance.now() : 0;
    if (this.body.isPresent && sendsMuch(request)) this.#streamed = end.memory.begin();
    if (listener) this.listener = listener(this.requestId);
    if (watcher) this.#show(watcher);
    if (telemetry) this.#span(telemetry);
    if (log || metrics || accesses || this.#spans) this.watch = this.#forwardWatch(metrics);
    if (tracing?.isAsked(request.rawHeaders)) this.#traceWhenAdmitted(tracing);
  }

  get caller(): CallerLife {
    return this;
  }

  /** The response is out, or the connection broke: a backend that is still busy for it is stopped. */
  closed(): void {
    if (this.gone) return;
    this.gone = true;
    if (this.#streams) this.#transferred(this.#streams);
    this.#streamed?.();
    this.#end.closed();
    this.#watcher?.closed();
    this.waitsFor?.abort();
    this.waitsFor = null;
    this.#trace?.complete();
    if (this.#answered) this.#services.metrics?.sent(this.#answered.exchange, performance.now() - this.#answered.at);
  }

  /** A backend that floods is not helped: what it says before its answer is worth little. */
  inform(status: number, headers: readonly string[]): void {
    this.#informed += 1;
    if (!this.gone && this.#informed <= MOST_INFORMED) inform(this.#response, status, headers);
  }

  finished(exchange: Exchange): void {
    this.#watcher?.finished(exchange);
    this.#trace?.answering();
    const wasGone = this.gone;
    if (wasGone) discard(exchange);
    else this.#respond(exchange);
    if (!this.#streamed && !this.gone && isStreaming(exchange)) this.#streamed = this.#end.memory.begin();
    const { audit, metrics, log, accesses } = this.#services;
    if (audit && exchange.decisions) this.#tellDecisions(exchange, exchange.decisions, audit);
    const status = this.gone ? (exchange.response?.status ?? 500) : this.#response.statusCode;
    this.#spans?.end(exchange, status);
    if (!log && !metrics && !accesses) return;
    const now = performance.now();
    const milliseconds = now - this.#started;
    if (metrics) {
      this.#answered = { exchange, at: now };
      metrics.answered(exchange, status, milliseconds);
    }
    const record = {
      exchange,
      requestId: this.requestId,
      milliseconds,
      status: wasGone ? NOTHING_SENT : status,
      httpVersion: this.#httpVersion,
      backend: this.#backend,
      span: this.#spans?.context,
    };
    if (!this.gone && isStreaming(exchange)) this.#streams = record;
    else this.#tell(record);
  }

  /** The end of an answer that streamed: what breaks off behind the head is told here alone (gateway-model, section 3.1). */
  #transferred(record: AccessRecord): void {
    const { exchange } = record;
    const source = exchange.response?.body.source;
    if (source instanceof UpstreamBody && !source.isDelivered) exchange.lastError = transferError(source.isBroken);
    this.#tell({ ...record, milliseconds: performance.now() - this.#started });
  }

  #tell(record: AccessRecord): void {
    const { log, accesses } = this.#services;
    log?.answered(record);
    accesses?.answered(record);
  }

  /** An error of ours, or a response that cannot be written (a header with a line break, say): the generic answer. */
  faulted(error: unknown): void {
    const { requestId } = this;
    const text = error instanceof Error ? error.message : String(error);
    this.#services.host.log('error', 'a call failed inside the gateway', { requestId, error: text });
    this.#services.metrics?.faulted();
    this.#watcher?.faulted(error);
    this.#spans?.end(undefined, 500);
    this.#spans = null;
    if (this.gone) return;
    if (this.#response.headersSent) {
      this.#response.destroy();
      return;
    }
    const body = `{ "statusCode": 500, "message": "Internal server error", "activityId": "${requestId}" }`;
    // With its phrase: node:http keeps the one that it has just refused, and would refuse it again.
    const headers = ['Content-Type', 'application/json', 'Request-Id', requestId];
    this.#response.writeHead(500, reasonPhrase(500), headers).end(body);
  }

  /** From here on the watcher sees the call. */
  #show(watcher: GatewayWatcher): void {
    const watch = watcher.begins(this, this.requestId);
    this.#watcher = watch;
    this.listener = both(this.listener, watch.listener);
    tap(this.#response, watch);
  }

  #span(telemetry: Telemetry): void {
    this.#spans = telemetry.begin(this.method, this.headers);
    if (this.#spans) this.listener = both(this.listener, this.#spans.listener);
  }

  #traceWhenAdmitted(tracing: RequestTracing): void {
    this.admitted = (exchange) => {
      this.#trace = tracing.begin(exchange);
    };
  }

  #forwardWatch(metrics: GatewayMetrics | undefined): ForwardWatch {
    return {
      forwarding: (exchange) => this.#spans?.forwarding(exchange),
      answered: (exchange, status, milliseconds) => {
        const { method, url } = exchange.request;
        this.#backend = { method, url: url.origin + url.path, status, milliseconds };
        metrics?.backendAnswered(exchange, status, milliseconds);
      },
    };
  }

  #tellDecisions(exchange: Exchange, decisions: readonly Decision[], audit: LineWriter): void {
    for (const decision of decisions) audit.line(auditLine(exchange, decision, this.requestId));
  }

  #respond(exchange: Exchange): void {
    if (this.#end.isDraining) this.#response.shouldKeepAlive = false;
    try {
      if (this.handshake && exchange.response && this.handshake.connect(exchange.response, this.requestId)) this.closed();
      else respond(exchange, this.#response, this.requestId);
    } catch (error) {
      this.faulted(error);
    }
  }
}

/** The status in the log of a call whose caller had gone before its answer (gateway-model, section 3.1). */
const NOTHING_SENT = 0;

function transferError(isBroken: boolean): LastError {
  const [reason, message] = isBroken
    ? ['BackendConnectionFailure', 'Underlying transport connection was unexpectedly closed.']
    : ['ClientConnectionFailure', 'The operation was canceled.'];
  return { source: 'transfer-response', reason, message, scope: null, section: null, path: null, policyId: null };
}

/** Answers before the final one that are handed on. */
const MOST_INFORMED = 20;

/** Bytes of a body from which its memory is watched. */
const LARGE = 1024 * 1024;

function sendsMuch({ headers }: CallerRequest): boolean {
  const length = headers['content-length'];
  return length === undefined || Number(length) > LARGE;
}

/** The answer is still coming from the backend. */
function isStreaming(exchange: Exchange): boolean {
  const source = exchange.response?.body.source;
  return source instanceof UpstreamBody && !source.isComplete && !isBodiless(exchange);
}
