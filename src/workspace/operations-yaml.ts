/** `ops`, `log` and `telemetry` of portico.yaml: what those who run the gateway see of it (docs/operations.md). */
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import { portOf } from './numbers.ts';

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

/** What portico.yaml says; the rest is for the environment's variables to say. */
export interface TelemetrySettings {
  /** Spans through the installed OpenTelemetry API. */
  readonly traces: boolean;
  /** Where spans go as OTLP over HTTP in JSON; the collector's base URL. */
  readonly otlp: string | undefined;
  /** Sent along to the collector. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Whether metrics go there, too. */
  readonly metrics: boolean | undefined;
  /** Milliseconds between two reports of metrics. */
  readonly metricsInterval: number | undefined;
  readonly temporality: Temporality | undefined;
  /** Whether the log goes there, too. */
  readonly logs: boolean | undefined;
  /** Share of calls without a caller's decision that are recorded: 0 to 1. */
  readonly sample: number | undefined;
  readonly serviceName: string | undefined;
  readonly requestTraces: Tracers;
}

/** Whether a report counts from the start or from the report before. */
export type Temporality = (typeof TEMPORALITIES)[number];
const TEMPORALITIES = ['cumulative', 'delta'] as const;

export interface OperationSettings {
  readonly ops: OpsSettings | undefined;
  readonly log: LogSettings;
  readonly telemetry: TelemetrySettings;
}

export const DEFAULT_OPERATIONS: OperationSettings = {
  ops: undefined,
  log: { level: 'info', format: 'json' },
  telemetry: {
    traces: false,
    otlp: undefined,
    headers: [],
    metrics: undefined,
    metricsInterval: undefined,
    temporality: undefined,
    logs: undefined,
    sample: undefined,
    serviceName: undefined,
    requestTraces: 'allowed',
  },
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
  const port = portOf(entry);
  return port === undefined ? undefined : { port, host };
}

function readLog(entry: Entry): LogSettings {
  entry.onlyMembers(['level', 'format']);
  const { level, format } = DEFAULT_OPERATIONS.log;
  return { level: entry.get('level').choice(LOG_LEVELS) ?? level, format: entry.get('format').choice(LOG_FORMATS) ?? format };
}

function readTelemetry(entry: Entry): TelemetrySettings {
  entry.onlyMembers(['traces', 'otlp', 'headers', 'metrics', 'logs', 'sample', 'service-name', 'request-traces']);
  const normal = DEFAULT_OPERATIONS.telemetry;
  const metrics = entry.get('metrics');
  if (metrics.isMapping) metrics.onlyMembers(['interval-ms', 'temporality']);
  return {
    traces: readSwitch(entry.get('traces')) ?? normal.traces,
    otlp: collectorUrl(entry.get('otlp')),
    headers: readHeaders(entry.get('headers')),
    metrics: metrics.isMapping ? true : readSwitch(metrics),
    metricsInterval: readInterval(metrics.get('interval-ms')),
    temporality: metrics.get('temporality').choice(TEMPORALITIES),
    logs: readSwitch(entry.get('logs')),
    sample: share(entry.get('sample')),
    serviceName: entry.get('service-name').text(),
    requestTraces: entry.get('request-traces').choice(TRACERS) ?? normal.requestTraces,
  };
}

function readSwitch(entry: Entry): boolean | undefined {
  const chosen = entry.choice(['on', 'off', 'true', 'false']);
  return chosen === undefined ? undefined : chosen === 'on' || chosen === 'true';
}

/** Names and values that may stand on a wire. */
function readHeaders(entry: Entry): [string, string][] {
  return entry.members().flatMap(([name, value]): [string, string][] => {
    const text = value.text();
    if (text === undefined) return [];
    if (/^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[^\r\n\0]*$/.test(text)) return [[name, text]];
    value.report(faults.wrongType(value.name, 'a header in one line'));
    return [];
  });
}

function readInterval(entry: Entry): number | undefined {
  const value = entry.number();
  if (value === undefined || (Number.isInteger(value) && value >= 100 && value <= 86_400_000)) return value;
  entry.report(faults.wrongType(entry.name, 'a whole number of milliseconds from 100'));
  return undefined;
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
