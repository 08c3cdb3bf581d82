/** What those who run a gateway see of it: its log, its metrics, its spans, the traces that callers ask for, and the listener for all of these. */
import cluster from 'node:cluster';
import type { Host, HostSinks } from '../host/host.ts';
import type { NodeHost } from '../host/node.ts';
import type { IdentitySnapshot } from '../identity/token-validator.ts';
import type { Engine } from '../workspace/engine.ts';
import type { Workspace } from '../workspace/model.ts';
import {
  DEFAULT_OPS_HOST,
  LOG_LEVELS,
  type LogFormat,
  type LogLevel,
  type OperationSettings,
  type OpsSettings,
} from '../workspace/operations-yaml.ts';
import type { AccessSink, WriteLine } from './access-log.ts';
import { DEBUG_KEY } from './azure-trace/credentials.ts';
import { RequestTracing } from './azure-trace/tracing.ts';
import { type BackendRow, backendRows, joinedBackends } from './backend-health.ts';
import type { GatewayLog } from './logs.ts';
import { type Masks, masksByWorkspace } from './masks.ts';
import { GatewayMetrics } from './metrics/gateway-metrics.ts';
import { addedUp, expose, type Family } from './metrics/registry.ts';
import {
  backendFamilies,
  type ConnectionFigures,
  connectionFamilies,
  identityFamilies,
  processFamilies,
  storeFamilies,
} from './metrics/state.ts';
import { type Operated, OpsServer, opsRoutes, type Readiness } from './ops-server.ts';
import { type Redaction, redaction } from './redaction.ts';
import type { RedisState, Stores } from './stores.ts';
import { Telemetry } from './telemetry/call-spans.ts';
import { type Telemetering, telemetering } from './telemetry/environment.ts';
import type { ApiSpans } from './telemetry/otel-api.ts';
import type { Otlp } from './telemetry/otlp.ts';
import { Gathering } from './workers-gather.ts';

/** What the command line says, over portico.yaml. */
export interface OperationOptions {
  /** Receives the log. Default: none. */
  readonly log?: WriteLine | undefined;
  readonly logLevel?: LogLevel | undefined;
  readonly logFormat?: LogFormat | undefined;
  /** Paints the log for people. */
  readonly colours?: boolean | undefined;
  readonly opsPort?: number | undefined;
  readonly opsHost?: string | undefined;
  /** Variables of the environment, those of OpenTelemetry among them. Default: none. */
  readonly environment?: (name: string) => string | undefined;
}

/** The gateway behind it. */
export interface Running {
  readonly engine: Engine;
  readonly isDraining: boolean;
  identity(): IdentitySnapshot;
  figures(): Promise<ConnectionFigures>;
}

/** What a log needs before there is one. */
interface Parts {
  readonly log: GatewayLog | undefined;
  readonly masks: () => Masks;
}

export class Operations {
  readonly metrics: GatewayMetrics | undefined;
  readonly tracing: RequestTracing | undefined;
  telemetry: Telemetry | undefined;
  readonly #settings: OperationSettings;
  readonly #ops: OpsSettings | undefined;
  readonly #log: GatewayLog | undefined;
  readonly #startedAt = Date.now();
  readonly #telemetering: Telemetering;
  readonly #redaction: Redaction;
  readonly #masks: () => Masks;
  /** The directory was read again and has errors. */
  #isRefused = false;
  #otlp: Otlp | undefined;
  #api: ApiSpans | undefined;
  #redis: RedisState | undefined;
  #server: OpsServer | undefined;
  #address: string | undefined;
  #workers: Gathering | undefined;
  #fileLevel: LogLevel;
  /** The level to go back to after debugging. */
  #calm: LogLevel | undefined;

  private constructor(options: OperationOptions, { local }: Workspace, workspace: () => Workspace, parts: Parts) {
    const { log, masks } = parts;
    this.#settings = local.operations;
    this.#telemetering = telemetering(local.operations.telemetry, options.environment ?? (() => undefined));
    this.#masks = masks;
    this.#redaction = redaction(masks);
    this.#ops = opsSettings(options, local.operations.ops);
    this.#log = log;
    this.#fileLevel = local.operations.log.level;
    this.metrics = this.#ops || this.#telemetering.targets.metrics ? new GatewayMetrics() : undefined;
    const isOff = local.operations.telemetry.requestTraces === 'off';
    const key = cluster.isWorker ? process.env[DEBUG_KEY] : undefined;
    this.tracing = isOff ? undefined : new RequestTracing(Date.now, workspace, () => this.#address, key);
  }

  /** `workspace` gives the one in service. */
  static async open(options: OperationOptions, first: Workspace, workspace: () => Workspace): Promise<Operations> {
    const { log } = first.local.operations;
    const settings = { level: options.logLevel ?? log.level, format: options.logFormat ?? log.format };
    const masks = masksByWorkspace(workspace);
    const opened =
      options.log && (await (await import('./logs.ts')).openLog(options.log, settings, redaction(masks), options.colours ?? false));
    return new Operations(options, first, workspace, { log: opened, masks });
  }

  /** Where the listener is; undefined when there is none. */
  get address(): string | undefined {
    return this.#address;
  }

  /** All workers, this one included; undefined before `listen`. */
  get workers(): Gathering | undefined {
    return this.#workers;
  }

  get log(): GatewayLog | undefined {
    return this.#log;
  }

  /** Hears of each answer, besides the log. */
  get accesses(): AccessSink | undefined {
    return this.#otlp?.logs;
  }

  /** Writes to the log, wherever it goes. */
  note(...[level, message, fields = {}]: Parameters<Host['log']>): void {
    this.#log?.log(level, message, fields);
    this.#otlp?.logs?.note(level, message, fields);
  }

  /** Stores that are counted. */
  stores(stores: Stores): Stores {
    this.#redis = stores.redis;
    return this.metrics ? { ...stores, cache: this.metrics.cache(stores.cache) } : stores;
  }

  /** Opens the way for spans, and gives the host whose metrics are shown. Throws OpenTelemetryMissing. */
  async attach(host: NodeHost): Promise<NodeHost> {
    if (this.#settings.telemetry.traces) {
      const { ApiSpans, loadOpenTelemetry } = await import('./telemetry/otel-api.ts');
      this.#api = new ApiSpans(await loadOpenTelemetry());
    }
    const { targets, sampling, warnings } = this.#telemetering;
    // Workers have one environment: it is said once.
    if ((cluster.worker?.id ?? 1) === 1) for (const warning of warnings) host.log('warn', warning);
    if (Object.keys(targets).length > 0) this.#otlp = await this.#openOtlp(host);
    const maker = this.#otlp?.spans ?? this.#api;
    this.telemetry = maker && new Telemetry(maker, host, sampling);
    return this.metrics || this.#api ? { ...host, sinks: this.#sinks(host.sinks) } : host;
  }

  async #openOtlp(host: NodeHost): Promise<Otlp> {
    const { Otlp } = await import('./telemetry/otlp.ts');
    const least = () => LOG_LEVELS.indexOf(this.#log?.level ?? this.#fileLevel);
    const writes = (level: LogLevel) => LOG_LEVELS.indexOf(level) >= least();
    return new Otlp({ telemetering: this.#telemetering, host, redaction: this.#redaction, writes });
  }

  /** Starts the listener, when there shall be one. */
  async listen(running: Running): Promise<void> {
    this.#otlp?.report(() => this.#families(running), this.#startedAt);
    // A question reaches one worker; it answers for all of them.
    const workers = new Gathering((what) => this.#answerWorker(what, running), cluster.isWorker);
    this.#workers = workers;
    if (cluster.isWorker) this.tracing?.askOthers(async (id) => (await workers.ask(`trace ${id}`)).find((found) => found !== null));
    if (!this.#ops) return;
    const operated: Operated = {
      readiness: () => readinessOf(running, this.#redis, this.#isRefused),
      backends: async () => joinedBackends((await workers.ask('backends')) as BackendRow[][]),
      metrics: async () => expose(addedUp((await workers.ask('metrics')) as Family[][])),
      logLevel: () => this.#log?.level,
      setLogLevel: async (level) => void (await workers.ask(`loglevel ${level}`)),
    };
    this.#server = new OpsServer([...opsRoutes(operated), ...(this.tracing?.routes() ?? [])]);
    this.#address = await this.#server.listen(this.#ops);
  }

  /** A load was judged; a level that portico.yaml changed takes effect. */
  loaded(workspace: Workspace, taken: boolean): void {
    this.metrics?.loaded(taken);
    this.#isRefused = !taken;
    const { level } = workspace.local.operations.log;
    if (!taken || level === this.#fileLevel) return;
    this.#fileLevel = level;
    this.#log?.setLevel(level);
  }

  /** Between `debug` and what it was. Gives the level that holds now; undefined without a log. */
  toggleDebug(): LogLevel | undefined {
    if (!this.#log) return undefined;
    const next = this.#log.level === 'debug' ? (this.#calm ?? 'info') : 'debug';
    this.#calm = this.#log.level;
    this.#log.setLevel(next);
    return next;
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await (this.#otlp ?? this.telemetry)?.close();
    this.#log?.writer.flush();
  }

  /** `metrics`, `backends`, `trace <id>` or `loglevel <level>`. */
  #answerWorker(question: string, running: Running): unknown {
    const [what, about = ''] = question.split(' ');
    if (what === 'metrics') return this.#families(running);
    if (what === 'backends') return backendRows(running.engine.backends.snapshot(), this.#masks());
    if (what === 'trace') return this.tracing?.store.find(about) ?? null;
    if (what === 'loglevel') this.#log?.setLevel(about as LogLevel);
    return null;
  }

  async #families(running: Running): Promise<Family[]> {
    return [
      ...(this.metrics?.families() ?? []),
      ...connectionFamilies(await running.figures()),
      ...backendFamilies(running.engine.backends.snapshot()),
      ...identityFamilies(running.identity()),
      ...(this.#otlp?.families() ?? []),
      ...(this.#redis ? storeFamilies(this.#redis.isUp) : []),
      ...processFamilies(this.#startedAt),
    ];
  }

  #sinks(inner: HostSinks): HostSinks {
    const counted = this.metrics?.sinks(inner) ?? inner;
    const api = this.#api;
    if (!api) return counted;
    return {
      record: (record, mask) => {
        if (record.kind === 'metric') api.record({ ...record, dimensions: masked(record.dimensions, mask) });
        return counted.record(record, mask);
      },
    };
  }
}

function masked(dimensions: Readonly<Record<string, string>>, mask: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(dimensions).map(([name, text]) => [name, mask(text)]));
}

function opsSettings({ opsPort, opsHost }: OperationOptions, file: OpsSettings | undefined): OpsSettings | undefined {
  const port = opsPort ?? file?.port;
  return port === undefined ? undefined : { port, host: opsHost ?? file?.host ?? DEFAULT_OPS_HOST };
}

/**
 * A provider without keys is said and does not take the gateway out: most calls may need no token. Neither does a Redis server
 * that is away, unless portico.yaml requires it: limits go on in each process.
 */
function readinessOf(running: Running, redis: RedisState | undefined, isRefused: boolean): Readiness {
  const { isDraining } = running;
  const without = running.identity().providers.filter(({ keys, failures }) => keys === 0 && failures > 0);
  const discovery = without.length === 0 ? 'ok' : `no keys from ${without.map(({ url }) => url).join(', ')}`;
  const store = redis && { redis: redis.isUp ? 'ok' : 'away: limits count in this process alone' };
  // What is in service is whole; only the files are not.
  const policies = isRefused ? 'the last good state: the files have errors' : 'loaded';
  const ready = !isDraining && (!redis?.isRequired || redis.isUp);
  return { ready, checks: { policies, draining: isDraining ? 'yes' : 'no', discovery, ...store } };
}
