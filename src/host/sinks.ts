/** Stand-ins for services that exist in Azure only: they say that they are stand-ins and keep or log what they were given. */
import type { Host, HostSinks, SinkRecord } from './host.ts';

/** Keeps every record in the order of arrival, for tests. */
export function recordingSinks(records: SinkRecord[]): HostSinks {
  return { record: (record) => void records.push(record) };
}

/** Writes one log record for each; texts are masked first. */
export function loggingSinks(log: Host['log']): HostSinks {
  return {
    record: (record, mask) =>
      log('info', `${TARGETS[record.kind]} stands in for Azure's: recorded here, sent nowhere`, fieldsOf(record, mask)),
  };
}

const TARGETS: Readonly<Record<SinkRecord['kind'], string>> = {
  metric: 'a log record of a metric',
  event: 'a log record of an event hub message',
  message: 'a log record of a service bus message',
  publication: 'a log record of a GraphQL event',
};

function fieldsOf(record: SinkRecord, mask: (text: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, masked(value, mask)]));
}

function masked(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, typeof inner === 'string' ? mask(inner) : inner]));
}
