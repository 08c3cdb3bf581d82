/** The log as OTLP: `/v1/logs`. A line about a call carries the ids of its span. */
import type { Host } from '../../host/host.ts';
import { type AccessRecord, accessFields, accessLevel } from '../access-log.ts';
import type { Redaction } from '../redaction.ts';
import { OtlpQueue } from './otlp-queue.ts';
import type { OtlpSender } from './otlp-sender.ts';
import { nanoseconds, type OtlpSource, otlpAttributes } from './otlp-values.ts';
import type { SpanContext } from './trace-context.ts';

type Level = Parameters<Host['log']>[0];

/** OpenTelemetry's numbers (log data model, "Field: SeverityNumber"). */
const SEVERITIES: Readonly<Record<Level, number>> = { trace: 1, debug: 5, info: 9, warn: 13, error: 17 };

export interface OtlpLogsOptions {
  readonly sender: OtlpSender;
  readonly source: OtlpSource;
  readonly now: () => number;
  readonly redaction: Redaction;
  /** Whether records of a level are wanted now. */
  readonly writes: (level: Level) => boolean;
}

export class OtlpLogs {
  readonly #options: OtlpLogsOptions;
  readonly #queue: OtlpQueue;

  constructor(options: OtlpLogsOptions) {
    const { resource, scope } = options.source;
    this.#options = options;
    this.#queue = new OtlpQueue(options.sender, (logRecords) => ({ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }] }));
  }

  note(level: Level, message: string, fields: Readonly<Record<string, unknown>>): void {
    const { redaction, writes, now } = this.#options;
    if (writes(level)) this.#queue.add(recordOf(now(), level, redaction.text(message), redaction.fields(fields)));
  }

  answered(record: AccessRecord): void {
    const { redaction, writes } = this.#options;
    if (!writes(accessLevel(record))) return;
    const { level, msg: _msg, time: _time, traceId: _trace, spanId: _span, ...fields } = accessFields(record, redaction);
    const { exchange, milliseconds, status, span } = record;
    const at = exchange.timestamp + milliseconds;
    const text = `${exchange.request.originalMethod} ${exchange.request.originalUrl.path} ${status}`;
    this.#queue.add(recordOf(at, level, redaction.text(text), redaction.fields(fields), span));
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}

function recordOf(at: number, level: Level, text: string, fields: Readonly<Record<string, unknown>>, span?: SpanContext): unknown {
  return {
    timeUnixNano: nanoseconds(at),
    observedTimeUnixNano: nanoseconds(at),
    severityNumber: SEVERITIES[level],
    severityText: level.toUpperCase(),
    body: { stringValue: text },
    attributes: otlpAttributes(fields),
    ...(span ? { traceId: span.traceId, spanId: span.spanId, flags: span.sampled ? 1 : 0 } : {}),
  };
}
