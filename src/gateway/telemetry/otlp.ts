/** Our own export to a collector: OTLP over HTTP in JSON (opentelemetry-proto), each signal for itself. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Family, reading } from '../metrics/registry.ts';
import type { Redaction } from '../redaction.ts';
import type { Signal, Telemetering } from './environment.ts';
import { OtlpLogs, type OtlpLogsOptions } from './otlp-logs.ts';
import { OtlpMetrics } from './otlp-metrics.ts';
import { type OtlpHost, OtlpSender } from './otlp-sender.ts';
import { OtlpSpans } from './otlp-spans.ts';
import { type OtlpSource, otlpSource } from './otlp-values.ts';

/** Milliseconds in which a collector may take what is left at the end. */
const LAST_WORDS = 3000;

export interface OtlpOptions {
  readonly telemetering: Telemetering;
  readonly host: OtlpHost;
  readonly redaction: Redaction;
  readonly writes: OtlpLogsOptions['writes'];
}

export class Otlp {
  readonly spans: OtlpSpans | undefined;
  readonly logs: OtlpLogs | undefined;
  readonly #options: OtlpOptions;
  readonly #source: OtlpSource;
  readonly #senders: OtlpSender[] = [];
  #metrics: OtlpMetrics | undefined;

  constructor(options: OtlpOptions) {
    const { host, redaction, writes, telemetering } = options;
    this.#options = options;
    this.#source = otlpSource(telemetering.resource);
    const source = this.#source;
    const traces = this.#sender('traces');
    this.spans = traces && new OtlpSpans(traces, source, host);
    const sender = this.#sender('logs');
    this.logs = sender && new OtlpLogs({ sender, source, now: () => host.now(), redaction, writes });
  }

  /** Reports metrics from now on, where they are wanted. */
  report(read: () => Promise<readonly Family[]>, startedAt: number): void {
    const { host, telemetering } = this.#options;
    const sender = this.#sender('metrics');
    const { interval, temporality } = telemetering;
    if (sender)
      this.#metrics = new OtlpMetrics({ sender, source: this.#source, now: () => host.now(), interval, temporality, startedAt, read });
  }

  /** How much reached the collector, and how much never will. */
  families(): Family[] {
    const each = (figure: 'taken' | 'dropped') => this.#senders.map(({ signal, figures }) => [{ signal }, figures[figure]] as const);
    return [
      reading('portico_telemetry_exported_total', 'counter', 'Spans, log records and metrics that the collector took.', each('taken')),
      reading('portico_telemetry_dropped_total', 'counter', 'Those that were given up.', each('dropped')),
    ];
  }

  /** Sends what waits; a collector that does not answer holds no stop up for long. */
  async close(): Promise<void> {
    const enough = new AbortController();
    const late = delay(LAST_WORDS, undefined, { signal: enough.signal, ref: false }).catch(() => undefined);
    await Promise.race([late, Promise.all([this.#metrics?.close(), this.spans?.close(), this.logs?.close()])]);
    enough.abort();
    for (const sender of this.#senders) sender.stop();
  }

  #sender(signal: Signal): OtlpSender | undefined {
    const { telemetering, host } = this.#options;
    const target = telemetering.targets[signal];
    const sender = target && new OtlpSender(signal, target, host);
    if (sender) this.#senders.push(sender);
    return sender;
  }
}
