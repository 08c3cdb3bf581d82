/** Hands records to the host's sinks; problems of the delivery never reach the caller (errors.yaml). */
import type { StepInfo } from '../../exchange/events.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { EventRecord, MetricRecord, PublicationRecord, SinkRecord } from '../../host/host.ts';

/** Delivers without waiting; a failure is logged. */
export function deliver(record: MetricRecord | EventRecord | PublicationRecord, step: StepInfo | null, exchange: Exchange): void {
  try {
    const delivered = exchange.host.sinks.record(record, (text) => exchange.mask(text));
    if (delivered instanceof Promise) delivered.catch((error: unknown) => logFailure(record, error, exchange));
  } catch (error) {
    logFailure(record, error, exchange);
  }
  tell(record, step, exchange);
}

function logFailure(record: SinkRecord, error: unknown, exchange: Exchange): void {
  exchange.host.log('warn', 'a record could not be delivered', { kind: record.kind, error: exchange.mask(String(error)) });
}

/** Shows the record in the trace. */
export function tell(record: SinkRecord, step: StepInfo | null, exchange: Exchange): void {
  if (!exchange.listener) return;
  const source = step?.policy ?? record.kind;
  exchange.emit({ kind: 'message', step, source, severity: 'information', message: summaryOf(record) });
}

function summaryOf(record: SinkRecord): string {
  if (record.kind === 'metric') return `${record.namespace}/${record.name} = ${record.value}`;
  if (record.kind === 'event') return `to ${record.logger}: ${record.message}`;
  if (record.kind === 'publication') return `to ${record.api}/${record.field}: ${record.payload}`;
  return `to ${record.entity} ${record.name}: ${record.payload}`;
}
