/** Spans and metrics through `@opentelemetry/api`, an optional peer: the user's SDK decides what becomes of them. */
import type { Attributes as ApiAttributes, Context, Histogram, Span } from '@opentelemetry/api';
import type { MetricRecord } from '../../host/host.ts';
import type { OpenSpan, SpanMaker, SpanStart } from './spans.ts';

type Api = typeof import('@opentelemetry/api');

/** `telemetry: { traces: on }` without the package. */
class OpenTelemetryMissing extends Error {
  override readonly name = 'OpenTelemetryMissing';

  constructor() {
    super('`telemetry: { traces: on }` needs the package `@opentelemetry/api`: npm install @opentelemetry/api');
  }
}

export async function loadOpenTelemetry(): Promise<Api> {
  try {
    const loaded = (await import('@opentelemetry/api')) as Api & { readonly default?: Api };
    return loaded.SpanKind === undefined ? (loaded.default ?? loaded) : loaded;
  } catch {
    throw new OpenTelemetryMissing();
  }
}

/** Instruments that are made for policies; later names share the last. */
const MOST_INSTRUMENTS = 500;

export class ApiSpans implements SpanMaker {
  readonly #api: Api;
  readonly #instruments = new Map<string, Histogram>();

  constructor(api: Api) {
    this.#api = api;
  }

  start(start: SpanStart): OpenSpan {
    const { SpanKind, trace } = this.#api;
    const kind = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL }[start.kind];
    const options = { kind, startTime: start.startedAt, attributes: { ...start.attributes } };
    const span = trace.getTracer('portico').startSpan(start.name, options, this.#contextOf(start));
    return { context: contextOf(span), end: (at, attributes, more) => this.#end(span, at, attributes, more) };
  }

  /** A policy's metric (emit-metric, token metrics). */
  record({ namespace, name, value, dimensions }: MetricRecord): void {
    const key = `${namespace}/${name}`;
    let instrument = this.#instruments.get(key);
    if (!instrument && this.#instruments.size < MOST_INSTRUMENTS) {
      instrument = this.#api.metrics.getMeter('portico').createHistogram(name.replace(/[^\w./-]/g, '_'));
      this.#instruments.set(key, instrument);
    }
    instrument?.record(value, { namespace, ...dimensions });
  }

  async close(): Promise<void> {}

  #contextOf({ parent, state }: SpanStart): Context {
    const { ROOT_CONTEXT, TraceFlags, createTraceState, trace } = this.#api;
    if (!parent) return ROOT_CONTEXT;
    const traceFlags = parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
    const traceState = state === undefined ? {} : { traceState: createTraceState(state) };
    return trace.setSpanContext(ROOT_CONTEXT, {
      traceId: parent.traceId,
      spanId: parent.spanId,
      traceFlags,
      isRemote: true,
      ...traceState,
    });
  }

  #end(span: Span, at: number, attributes: ApiAttributes, more: { readonly name?: string; readonly error?: string } = {}): void {
    if (more.name !== undefined) span.updateName(more.name);
    span.setAttributes(attributes);
    if (more.error !== undefined) span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message: more.error });
    span.end(at);
  }
}

function contextOf(span: Span): OpenSpan['context'] {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return /^0*$/.test(traceId) ? undefined : { traceId, spanId, sampled: (traceFlags & 1) === 1 };
}
