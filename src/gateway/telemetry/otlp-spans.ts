/** Our own export of spans: `/v1/traces`. */
import { OtlpQueue } from './otlp-queue.ts';
import type { OtlpHost, OtlpSender } from './otlp-sender.ts';
import { nanoseconds, type OtlpSource, otlpAttributes } from './otlp-values.ts';
import type { Attributes, OpenSpan, SpanMaker, SpanStart } from './spans.ts';
import type { SpanContext } from './trace-context.ts';

const KINDS = { internal: 1, server: 2, client: 3 } as const;

export class OtlpSpans implements SpanMaker {
  readonly #queue: OtlpQueue;
  readonly #host: Pick<OtlpHost, 'randomBytes'>;

  constructor(sender: OtlpSender, { resource, scope }: OtlpSource, host: Pick<OtlpHost, 'randomBytes'>) {
    this.#host = host;
    this.#queue = new OtlpQueue(sender, (spans) => ({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] }));
  }

  start(span: SpanStart): OpenSpan {
    const context: SpanContext = { traceId: span.parent?.traceId ?? this.#hex(16), spanId: this.#hex(8), sampled: true };
    return { context, end: (at, attributes, more = {}) => this.#queue.add(spanOf(span, context, at, attributes, more)) };
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  #hex(bytes: number): string {
    return Buffer.from(this.#host.randomBytes(bytes)).toString('hex');
  }
}

function spanOf(
  span: SpanStart,
  { traceId, spanId }: SpanContext,
  at: number,
  attributes: Attributes,
  more: { readonly name?: string; readonly error?: string },
): unknown {
  return {
    traceId,
    spanId,
    ...(span.parent ? { parentSpanId: span.parent.spanId } : {}),
    ...(span.state === undefined ? {} : { traceState: span.state }),
    name: more.name ?? span.name,
    kind: KINDS[span.kind],
    startTimeUnixNano: nanoseconds(span.startedAt),
    endTimeUnixNano: nanoseconds(at),
    attributes: otlpAttributes({ ...span.attributes, ...attributes }),
    status: more.error === undefined ? {} : { code: 2, message: more.error },
  };
}
