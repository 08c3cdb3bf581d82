/**
 * What is sent to a collector, and where: portico.yaml, and for what it leaves open the variables of the OpenTelemetry
 * specification ("Environment Variable Specification", "OpenTelemetry Protocol Exporter").
 */
import { decodeOrKeep } from '../../exchange/query.ts';
import type { TelemetrySettings, Temporality } from '../../workspace/operations-yaml.ts';

export type Signal = 'traces' | 'metrics' | 'logs';

export interface OtlpTarget {
  /** With its path. */
  readonly url: URL;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Milliseconds. */
  readonly timeout: number;
  readonly gzip: boolean;
}

export interface Sampling {
  /** A caller's decision holds. */
  readonly followsCaller: boolean;
  /** Share of the others that are recorded: 0 to 1. */
  readonly share: number;
}

export interface Telemetering {
  readonly targets: Readonly<Partial<Record<Signal, OtlpTarget>>>;
  /** Milliseconds between two reports of metrics. */
  readonly interval: number;
  readonly temporality: Temporality;
  readonly sampling: Sampling;
  /** Attributes of the process that sends. */
  readonly resource: Readonly<Record<string, string | number>>;
  /** Variables that say what cannot be followed. */
  readonly warnings: readonly string[];
}

/** Gives a variable; an empty one is none (specification, "Parsing empty value"). */
type Variables = (name: string) => string | undefined;

const DEFAULT_ENDPOINT = 'http://localhost:4318';
const TIMEOUT = 10_000;
const INTERVAL = 60_000;

export function telemetering(settings: TelemetrySettings, environment: Variables): Telemetering {
  const variable: Variables = (name) => environment(name)?.trim() || undefined;
  const warnings: string[] = [];
  const isOff = variable('OTEL_SDK_DISABLED')?.toLowerCase() === 'true';
  const target = (signal: Signal): OtlpTarget | undefined => (isOff ? undefined : targetOf(signal, settings, variable, warnings));
  const [traces, metrics, logs] = [target('traces'), target('metrics'), target('logs')];
  return {
    targets: { ...(traces ? { traces } : {}), ...(metrics ? { metrics } : {}), ...(logs ? { logs } : {}) },
    interval: settings.metricsInterval ?? positive(variable('OTEL_METRIC_EXPORT_INTERVAL')) ?? INTERVAL,
    temporality: settings.temporality ?? temporalityOf(variable('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE')),
    sampling: samplingOf(settings, variable, warnings),
    resource: resourceOf(settings, variable, warnings),
    warnings: traces || metrics || logs ? warnings : [],
  };
}

function targetOf(signal: Signal, settings: TelemetrySettings, variable: Variables, warnings: string[]): OtlpTarget | undefined {
  const upper = signal.toUpperCase();
  const specific = (name: string) => variable(`OTEL_EXPORTER_OTLP_${upper}_${name}`) ?? variable(`OTEL_EXPORTER_OTLP_${name}`);
  if (!isWanted(signal, settings, variable)) return undefined;
  const url = settings.otlp === undefined ? urlFromVariables(signal, variable, warnings) : signalUrl(settings.otlp, signal);
  const protocol = specific('PROTOCOL') ?? 'http/json';
  if (protocol === 'grpc') warnings.push(`OTLP goes out over HTTP, not gRPC: name the collector's HTTP port (4318), not ${url?.origin}`);
  const given = settings.headers.length > 0 ? settings.headers : headersOf(specific('HEADERS'), warnings);
  const timeout = positive(specific('TIMEOUT')) ?? TIMEOUT;
  return url && { url, headers: given, timeout, gzip: specific('COMPRESSION') === 'gzip' };
}

/** A collector in portico.yaml gets spans, and what else is switched on there; one of the variables gets all. */
function isWanted(signal: Signal, settings: TelemetrySettings, variable: Variables): boolean {
  const said = signal === 'traces' ? undefined : settings[signal];
  if (said !== undefined) return said;
  const exporters = variable(`OTEL_${signal.toUpperCase()}_EXPORTER`)?.split(',');
  if (exporters) return exporters.some((name) => name.trim() === 'otlp');
  if (settings.otlp !== undefined) return signal === 'traces';
  return [`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`, 'OTEL_EXPORTER_OTLP_ENDPOINT'].some(
    (name) => variable(name) !== undefined,
  );
}

/** The URL of a signal is taken as it is, the common one gets the signal's path. */
function urlFromVariables(signal: Signal, variable: Variables, warnings: string[]): URL | undefined {
  const own = variable(`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`);
  const text = own ?? variable('OTEL_EXPORTER_OTLP_ENDPOINT') ?? DEFAULT_ENDPOINT;
  if (!/^https?:\/\/[^/\s]/.test(text) || !URL.canParse(text)) {
    warnings.push(`no ${signal} go out: \`${text}\` is not the URL of a collector`);
    return undefined;
  }
  return own === undefined ? signalUrl(text, signal) : new URL(own);
}

/** A whole URL of one signal leads to the others. */
function signalUrl(base: string, signal: Signal): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/v1\/(?:traces|metrics|logs)$/, '')}/v1/${signal}`;
  return url;
}

function headersOf(text: string | undefined, warnings: string[]): [string, string][] {
  return pairsOf(text, 'OTEL_EXPORTER_OTLP_HEADERS', warnings).filter(([, value]) => /^[^\r\n\0]*$/.test(value));
}

/** `a=1,b=2`, values percent-encoded (W3C Baggage). */
function pairsOf(text: string | undefined, name: string, warnings: string[]): [string, string][] {
  return (text ?? '').split(',').flatMap((part): [string, string][] => {
    const [, key, value] = /^\s*([\w!#$%&'*+.^`|~/-]+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (key !== undefined && value !== undefined) return [[key, decodeOrKeep(value)]];
    if (part.trim() !== '') warnings.push(`a part of ${name} is no name with a value and is left out`);
    return [];
  });
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isInteger(value) && value > 0 ? value : undefined;
}

/** `lowmemory` is delta for all that counts up here. */
function temporalityOf(text: string | undefined): Temporality {
  return /^(?:delta|lowmemory)$/i.test(text ?? '') ? 'delta' : 'cumulative';
}

const SAMPLERS: Readonly<Record<string, (share: number) => Sampling>> = {
  always_on: () => ({ followsCaller: false, share: 1 }),
  always_off: () => ({ followsCaller: false, share: 0 }),
  traceidratio: (share) => ({ followsCaller: false, share }),
  parentbased_always_on: () => ({ followsCaller: true, share: 1 }),
  parentbased_always_off: () => ({ followsCaller: true, share: 0 }),
  parentbased_traceidratio: (share) => ({ followsCaller: true, share }),
};

function samplingOf({ sample }: TelemetrySettings, variable: Variables, warnings: string[]): Sampling {
  const name = variable('OTEL_TRACES_SAMPLER') ?? 'parentbased_always_on';
  const sampler = Object.hasOwn(SAMPLERS, name) ? SAMPLERS[name] : undefined;
  if (sample !== undefined) return { followsCaller: true, share: sample };
  if (!sampler) {
    warnings.push(`OTEL_TRACES_SAMPLER is not followed: \`${name}\` is none of ${Object.keys(SAMPLERS).join(', ')}`);
    return { followsCaller: true, share: 1 };
  }
  const share = Number(variable('OTEL_TRACES_SAMPLER_ARG') ?? 1);
  return sampler(share >= 0 && share <= 1 ? share : 1);
}

function resourceOf({ serviceName }: TelemetrySettings, variable: Variables, warnings: string[]): Record<string, string | number> {
  const given = Object.fromEntries(pairsOf(variable('OTEL_RESOURCE_ATTRIBUTES'), 'OTEL_RESOURCE_ATTRIBUTES', warnings));
  const name = serviceName ?? variable('OTEL_SERVICE_NAME') ?? given['service.name'] ?? 'portico';
  return {
    'process.pid': process.pid,
    ...given,
    'service.name': name,
    'telemetry.sdk.name': 'portico',
    'telemetry.sdk.language': 'nodejs',
  };
}
