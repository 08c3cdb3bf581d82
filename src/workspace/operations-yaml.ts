/** `ops`, `log` and `telemetry` of portico.yaml: what those who run the gateway see of it (docs/operations.md). */
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';

/** A listener beside the gateway's, for probes, metrics, log levels and traces. */
export interface OpsSettings {
  readonly port: number;
  readonly host: string;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LogSettings {
  readonly level: LogLevel;
  readonly format: LogFormat;
}

/** Who gets a trace for `Ocp-Apim-Trace: true`: subscriptions that may trace, everybody, nobody. */
const TRACERS = ['allowed', 'always', 'off'] as const;
export type Tracers = (typeof TRACERS)[number];

export interface TelemetrySettings {
  /** Spans through the installed OpenTelemetry API. */
  readonly traces: boolean;
  /** Where spans go as OTLP over HTTP in JSON; the collector's base URL. */
  readonly otlp: string | undefined;
  /** Share of calls without a caller's decision that are recorded: 0 to 1. */
  readonly sample: number;
  readonly serviceName: string;
  readonly requestTraces: Tracers;
}

export interface OperationSettings {
  readonly ops: OpsSettings | undefined;
  readonly log: LogSettings;
  readonly telemetry: TelemetrySettings;
}

export const DEFAULT_OPERATIONS: OperationSettings = {
  ops: undefined,
  log: { level: 'info', format: 'json' },
  telemetry: { traces: false, otlp: undefined, sample: 1, serviceName: 'portico', requestTraces: 'allowed' },
};

export const DEFAULT_OPS_HOST = '127.0.0.1';

export function readOperations(root: Entry): OperationSettings {
  return { ops: readOps(root.get('ops')), log: readLog(root.get('log')), telemetry: readTelemetry(root.get('telemetry')) };
}

/** A port, or a mapping with one. */
function readOps(entry: Entry): OpsSettings | undefined {
  if (!entry.exists) return undefined;
  if (!entry.isMapping) return opsAt(entry, DEFAULT_OPS_HOST);
  entry.onlyMembers(['port', 'host']);
  if (!entry.get('port').exists) entry.report(faults.missingEntry('port'));
  return opsAt(entry.get('port'), entry.get('host').text() ?? DEFAULT_OPS_HOST);
}

function opsAt(entry: Entry, host: string): OpsSettings | undefined {
  const port = entry.number();
  if (port === undefined) return undefined;
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return { port, host };
  entry.report(faults.wrongType(entry.name, 'a port from 0 to 65535'));
  return undefined;
}

function readLog(entry: Entry): LogSettings {
  entry.onlyMembers(['level', 'format']);
  const { level, format } = DEFAULT_OPERATIONS.log;
  return { level: entry.get('level').choice(LOG_LEVELS) ?? level, format: entry.get('format').choice(LOG_FORMATS) ?? format };
}

function readTelemetry(entry: Entry): TelemetrySettings {
  entry.onlyMembers(['traces', 'otlp', 'sample', 'service-name', 'request-traces']);
  const normal = DEFAULT_OPERATIONS.telemetry;
  return {
    traces: entry.get('traces').choice(['on', 'off', 'true', 'false']) === undefined ? normal.traces : isOn(entry.get('traces').text()),
    otlp: collectorUrl(entry.get('otlp')),
    sample: share(entry.get('sample')) ?? normal.sample,
    serviceName: entry.get('service-name').text() ?? normal.serviceName,
    requestTraces: entry.get('request-traces').choice(TRACERS) ?? normal.requestTraces,
  };
}

function isOn(text: string | undefined): boolean {
  return text === 'on' || text === 'true';
}

function collectorUrl(entry: Entry): string | undefined {
  const text = entry.text();
  if (text === undefined) return undefined;
  if (/^https?:\/\/[^/\s]/.test(text) && URL.canParse(text)) return text;
  entry.report(faults.badUrl(entry.name, text));
  return undefined;
}

function share(entry: Entry): number | undefined {
  const value = entry.number();
  if (value === undefined || (value >= 0 && value <= 1)) return value;
  entry.report(faults.wrongType(entry.name, 'a share from 0 to 1'));
  return undefined;
}
