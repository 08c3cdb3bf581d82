/**
 * The spans of one call: itself, its sections, each call to a service; the backend gets the id of the span of its own call
 * (W3C Trace Context). Attribute names are those of OpenTelemetry's conventions for HTTP.
 */
import type { ExchangeEvent, ExchangeListener } from '../../exchange/events.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Headers } from '../../exchange/headers.ts';
import type { Host } from '../../host/host.ts';
import type { Sampling } from './environment.ts';
import type { Attributes, OpenSpan, SpanMaker } from './spans.ts';
import { readTraceparent, type SpanContext, writeTraceparent } from './trace-context.ts';

export class Telemetry {
  readonly #maker: SpanMaker;
  readonly #host: Pick<Host, 'now' | 'random'>;
  readonly #sampling: Sampling;

  constructor(maker: SpanMaker, host: Pick<Host, 'now' | 'random'>, sampling: Sampling) {
    this.#maker = maker;
    this.#host = host;
    this.#sampling = sampling;
  }

  /** Null when the caller, or chance, has decided that the call is not recorded; its `traceparent` then goes on as it came. */
  begin(method: string, headers: Headers): CallSpans | null {
    const parent = readTraceparent(headers.first('traceparent'));
    if (!this.#isRecorded(parent)) return null;
    const state = parent ? headers.joined('tracestate') : undefined;
    const root = this.#maker.start({ name: method, kind: 'server', parent, state, startedAt: this.#host.now() });
    return new CallSpans(this.#maker, this.#host, root);
  }

  close(): Promise<void> {
    return this.#maker.close();
  }

  /** Of a trace that goes on all processes that judge by its id decide the same (W3C Trace Context 2, "Random Trace ID Flag"). */
  #isRecorded(parent: SpanContext | undefined): boolean {
    const { followsCaller, share } = this.#sampling;
    if (!parent) return this.#host.random() < share;
    if (followsCaller) return parent.sampled;
    return Number.parseInt(parent.traceId.slice(-13), 16) / 2 ** 52 >= 1 - share;
  }
}

export class CallSpans {
  readonly listener: ExchangeListener = (event, exchange) => this.#told(event, exchange);
  readonly #maker: SpanMaker;
  readonly #host: Pick<Host, 'now'>;
  readonly #root: OpenSpan;
  #section: OpenSpan | undefined;
  #forward: OpenSpan | undefined;
  /** When the step that runs began: a call that it made began then, at most. */
  #stepAt = 0;

  constructor(maker: SpanMaker, host: Pick<Host, 'now'>, root: OpenSpan) {
    this.#maker = maker;
    this.#host = host;
    this.#root = root;
  }

  /** Of the call itself; undefined while no SDK takes spans. */
  get context(): SpanContext | undefined {
    return this.#root.context;
  }

  /** The request is about to go to its backend. */
  forwarding(exchange: Exchange): void {
    this.#forward = this.#client(exchange.request.method, this.#host.now());
    const { context } = this.#forward;
    if (context) exchange.request.headers.set('traceparent', [writeTraceparent(context)]);
  }

  end(exchange: Exchange | undefined, status: number): void {
    const now = this.#host.now();
    this.#forward?.end(now, {}, { error: 'no answer' });
    this.#section?.end(now, {});
    const attributes = { 'http.response.status_code': status, ...(exchange ? attributesOf(exchange) : {}) };
    const route = exchange && routeOf(exchange);
    const error = status >= 500 ? (exchange?.lastError?.reason ?? String(status)) : undefined;
    const more = {
      ...(route === undefined ? {} : { name: `${exchange?.request.originalMethod} ${route}` }),
      ...(error === undefined ? {} : { error }),
    };
    this.#root.end(now, error === undefined ? attributes : { ...attributes, 'error.type': error }, more);
  }

  #told(event: ExchangeEvent, exchange: Exchange): void {
    if (event.kind === 'step-started') this.#stepAt = this.#host.now();
    else if (event.kind === 'section-started') this.#sectionBegins(event.section);
    else if (event.kind === 'call-made') this.#called(event, exchange);
  }

  /** A section that fails is not told to have finished. */
  #sectionBegins(name: string): void {
    const now = this.#host.now();
    this.#section?.end(now, {});
    this.#section = this.#maker.start({ name, kind: 'internal', parent: this.#root.context, startedAt: now });
  }

  #called({ method, url, status, error, step }: Extract<ExchangeEvent, { kind: 'call-made' }>, exchange: Exchange): void {
    const span = this.#forward ?? this.#client(method, this.#stepAt);
    this.#forward = undefined;
    const failure = error ?? (status !== null && status >= 500 ? String(status) : undefined);
    const backend = exchange.forwardedTo ?? exchange.backend?.id;
    const attributes: Attributes = {
      'http.request.method': method,
      'url.full': exchange.mask(withoutQuery(url)),
      'server.address': hostOf(url),
      ...(status === null ? {} : { 'http.response.status_code': status }),
      ...(step === null ? {} : { 'portico.policy': step.policy }),
      ...(step?.policy === 'forward-request' && backend !== undefined ? { 'apim.backend.id': backend } : {}),
    };
    span.end(this.#host.now(), attributes, failure === undefined ? {} : { error: failure });
  }

  #client(name: string, startedAt: number): OpenSpan {
    const parent: SpanContext | undefined = this.#section?.context ?? this.#root.context;
    return this.#maker.start({ name, kind: 'client', parent, startedAt });
  }
}

function attributesOf(exchange: Exchange): Attributes {
  const { request, api, operation, product, requestId } = exchange;
  const { scheme, host, path } = request.originalUrl;
  const route = routeOf(exchange);
  return {
    'http.request.method': request.originalMethod,
    'url.scheme': scheme,
    'url.path': exchange.mask(path),
    ...(route === undefined ? {} : { 'http.route': route }),
    'server.address': host,
    'client.address': request.ipAddress,
    'apim.request.id': requestId,
    ...(api ? { 'apim.api.id': api.id } : {}),
    ...(operation ? { 'apim.operation.id': operation.id } : {}),
    ...(product ? { 'apim.product.id': product.id } : {}),
  };
}

/** Low in variety, as names of spans must be. */
function routeOf({ api, operation }: Exchange): string | undefined {
  if (!api || !operation) return undefined;
  return `${api.path === '' ? '' : `/${api.path.replace(/^\//, '')}`}${operation.urlTemplate.replace(/\?.*$/, '')}`;
}

function withoutQuery(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
}

function hostOf(url: string): string {
  return /^[a-z]+:\/\/([^/:?]+)/i.exec(url)?.[1] ?? '';
}
