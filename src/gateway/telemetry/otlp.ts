/** Our own export of spans: OTLP over HTTP in JSON (opentelemetry-proto, `/v1/traces`), in batches, bounded, dropped when nobody takes them. */
import { type Host, HostError } from '../../host/host.ts';
import type { Attributes, OpenSpan, SpanMaker, SpanStart } from './spans.ts';
import type { SpanContext } from './trace-context.ts';

/** Spans that wait for a collector; later ones are dropped. */
const MOST_WAITING = 4096;
const BATCH = 512;
/** Milliseconds. */
const PERIOD = 2000;
const TIMEOUT = 5000;
/** Milliseconds between two complaints about a collector that takes nothing. */
const QUIET = 60_000;

const KINDS = { internal: 1, server: 2, client: 3 } as const;

export interface OtlpOptions {
  /** Base URL of the collector, or the whole URL that ends in `/v1/traces`. */
  readonly url: string;
  readonly serviceName: string;
  readonly host: Pick<Host, 'send' | 'log' | 'now' | 'randomBytes'>;
}

export class OtlpSpans implements SpanMaker {
  readonly #options: OtlpOptions;
  readonly #target: { readonly origin: string; readonly path: string };
  readonly #resource: unknown;
  #waiting: unknown[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #complainedAt = Number.NEGATIVE_INFINITY;

  constructor(options: OtlpOptions) {
    const url = new URL(options.url);
    const path = url.pathname.replace(/\/+$/, '');
    this.#options = options;
    this.#target = { origin: url.origin, path: `${path.endsWith('/v1/traces') ? path : `${path}/v1/traces`}${url.search}` };
    this.#resource = { attributes: attributesOf({ 'service.name': options.serviceName, 'telemetry.sdk.name': 'portico' }) };
  }

  start(span: SpanStart): OpenSpan {
    const context: SpanContext = { traceId: span.parent?.traceId ?? this.#hex(16), spanId: this.#hex(8), sampled: true };
    return {
      context,
      end: (at, attributes, more = {}) => this.#ended(span, context, at, attributes, more),
    };
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#sending;
    while (this.#waiting.length > 0) await this.#send();
  }

  #hex(bytes: number): string {
    return Buffer.from(this.#options.host.randomBytes(bytes)).toString('hex');
  }

  #ended(
    span: SpanStart,
    { traceId, spanId }: SpanContext,
    at: number,
    attributes: Attributes,
    more: { name?: string; error?: string },
  ): void {
    if (this.#waiting.length >= MOST_WAITING) return this.#complain('spans are dropped: more come than the collector takes');
    this.#waiting.push({
      traceId,
      spanId,
      ...(span.parent ? { parentSpanId: span.parent.spanId } : {}),
      ...(span.state === undefined ? {} : { traceState: span.state }),
      name: more.name ?? span.name,
      kind: KINDS[span.kind],
      startTimeUnixNano: nanoseconds(span.startedAt),
      endTimeUnixNano: nanoseconds(at),
      attributes: attributesOf({ ...span.attributes, ...attributes }),
      status: more.error === undefined ? {} : { code: 2, message: more.error },
    });
    if (this.#waiting.length >= BATCH) this.#sending ??= this.#sendAll();
    else this.#timer ??= setTimeout(() => (this.#sending ??= this.#sendAll()), PERIOD).unref();
  }

  async #sendAll(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    do await this.#send();
    while (this.#waiting.length >= BATCH);
    this.#sending = undefined;
  }

  async #send(): Promise<void> {
    const spans = this.#waiting.slice(0, BATCH);
    this.#waiting = this.#waiting.slice(BATCH);
    if (spans.length === 0) return;
    const message = { resourceSpans: [{ resource: this.#resource, scopeSpans: [{ scope: { name: 'portico' }, spans }] }] };
    const body = Buffer.from(JSON.stringify(message));
    const headers = ['Content-Type', 'application/json', 'Host', new URL(this.#target.origin).host];
    try {
      const answer = await this.#options.host.send({ ...this.#target, method: 'POST', headers, body, timeoutMilliseconds: TIMEOUT });
      answer.body?.cancel?.();
      if (answer.status >= 300) this.#complain(`the collector answered ${answer.status}`);
    } catch (error) {
      this.#complain(error instanceof HostError ? error.message : String(error));
    }
  }

  #complain(reason: string): void {
    const { host } = this.#options;
    if (host.now() - this.#complainedAt < QUIET) return;
    this.#complainedAt = host.now();
    host.log('warn', 'spans were lost', { reason, collector: this.#target.origin });
  }
}

function nanoseconds(milliseconds: number): string {
  const whole = Math.floor(milliseconds);
  return `${whole}${String(Math.floor((milliseconds - whole) * 1e6)).padStart(6, '0')}`;
}

function attributesOf(attributes: Attributes): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: string | number | boolean): unknown {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
