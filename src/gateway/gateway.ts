/** A policy directory as a running gateway: load, listen, reload on save, stop. */
import type { ExchangeListener } from '../exchange/events.ts';
import type { Host, HostCertificates } from '../host/host.ts';
import { createNodeHost, type NodeHost, type NodeHostOptions } from '../host/node.ts';
import { nodeCrypto } from '../host/node-crypto.ts';
import { loadUndici } from '../host/node-undici.ts';
import type { Publications } from '../host/publications.ts';
import type { IdentitySnapshot } from '../identity/token-validator.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { errorText } from '../source/error-text.ts';
import { BackendStates } from '../workspace/backend-runtime.ts';
import { certificatesOf } from '../workspace/certificates.ts';
import { creatingEngine, type Engine, type EngineOptions } from '../workspace/engine.ts';
import { createExpressions, type Expressions } from '../workspace/expressions.ts';
import { type LoadOptions, loadingWorkspace } from '../workspace/load.ts';
import type { TlsSettings, Workspace } from '../workspace/model.ts';
import { atOnce, inSlices, type Paced } from '../workspace/paced.ts';
import { ExpressionsInUse, remembering } from '../workspace/remembered-expressions.ts';
import { overriddenTls, type TlsOverride } from '../workspace/tls.ts';
import { type AuditLog, openAudit } from './audit.ts';
import { CurrentTokens } from './current-tokens.ts';
import { createForwarder } from './forwarder.ts';
import type { ConnectionFigures } from './metrics/state.ts';
import { type OperationOptions, Operations } from './operations.ts';
import type { GatewayRecorder } from './recorder.ts';
import { GatewayServer } from './server.ts';
import { openStores, type Stores } from './stores.ts';
import { Upstreams } from './upstream.ts';
import { watchDirectory } from './watch.ts';
import type { GatewayWatcher } from './watcher.ts';
import type { Gathering } from './workers-gather.ts';

export interface GatewayOptions extends LoadOptions, OperationOptions {
  readonly directory: string;
  readonly port?: number;
  readonly host?: string;
  /** Accept members outside Azure's published list. */
  readonly anyMember?: boolean;
  readonly lenient?: boolean;
  readonly listener?: (requestId: string) => ExchangeListener;
  /** Watches whole calls, bodies included: nothing is streamed then. */
  readonly recorder?: GatewayRecorder;
  /** Asked once, with what was loaded first, for somebody who looks on. */
  readonly watcher?: (workspace: Workspace) => Promise<GatewayWatcher | undefined>;
  /** Told after each load what was found; a load with errors is not taken into service. */
  readonly onLoad?: (problems: readonly Diagnostic[], taken: boolean) => void;
  readonly watch?: boolean;
  /** What the command line says about TLS, over portico.yaml. */
  readonly tls?: TlsOverride;
  /** Where audit lines go, over portico.yaml: a file or `stdout`. */
  readonly audit?: string;
}

export interface Gateway {
  readonly port: number;
  readonly address: string;
  /** The address that speaks TLS, when there is one beside the plain one. */
  readonly secureAddress: string | undefined;
  readonly engine: Engine;
  /** Where probes, metrics and traces are asked for, when there is such a listener. */
  readonly opsAddress: string | undefined;
  /** Asks all workers, this process included. */
  readonly workers: Gathering | undefined;
  /** Events of GraphQL fields, for whoever brings them to other processes. */
  readonly publications: Publications | undefined;
  /** Switches the log between `debug` and its level; gives the one that holds now. */
  toggleDebug(): string | undefined;
  /** An engine for another state of the directory that shares stores, providers and connections with this gateway. */
  beside(workspace: Workspace): Engine;
  /** What discovery and the token cache have done so far. */
  identity(): IdentitySnapshot;
  /**
   * Reads the directory again, as it is from now on; the new state is taken when it has no errors. Calls are answered in
   * between. One load runs at a time: those that are asked for while it does are one behind it.
   */
  reload(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Errors in the directory keep a gateway from starting. */
export class LoadFailure extends Error {
  readonly problems: readonly Diagnostic[];

  constructor(problems: readonly Diagnostic[]) {
    super('the policy directory has errors');
    this.problems = problems;
  }
}

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const running = new RunningGateway(options);
  try {
    await running.start();
    return running;
  } catch (error) {
    await running.stop();
    throw error;
  }
}

class RunningGateway implements Gateway {
  readonly #options: GatewayOptions;
  readonly #expressions: Expressions;
  readonly #log: Host['log'] = (level, message, fields) => this.#operations?.note(level, message, fields);
  #operations: Operations | undefined;
  #host: NodeHost | undefined;
  #stores: Stores | undefined;
  readonly #gates = new Map<string, number>();
  readonly #backendStates = new BackendStates();
  #upstreams: Upstreams | undefined;
  #server: GatewayServer | undefined;
  #engine: Engine | undefined;
  #port = 0;
  #address = '';
  #tokens: CurrentTokens | undefined;
  /** The same for all engines, so that one can take over what was compiled for another. */
  #services: Omit<EngineOptions, 'before'> | undefined;
  #loading: Promise<unknown> = Promise.resolve();
  #nextLoad: Promise<boolean> | undefined;
  #isStopping = false;
  #tls: TlsSettings | undefined;
  #audit: AuditLog | undefined;
  #secureAddress: string | undefined;
  #certificates: HostCertificates = { find: () => undefined };
  #unwatch: (() => Promise<void>) | undefined;
  #watcher: GatewayWatcher | undefined;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#expressions = remembering(createExpressions({ anyMember: options.anyMember ?? false }), new ExpressionsInUse());
  }

  get port(): number {
    return this.#port;
  }

  get address(): string {
    return this.#address;
  }

  get secureAddress(): string | undefined {
    return this.#secureAddress;
  }

  get opsAddress(): string | undefined {
    return this.#operations?.address;
  }

  get workers(): Gathering | undefined {
    return this.#operations?.workers;
  }

  get isDraining(): boolean {
    return this.#server?.isDraining ?? false;
  }

  get publications(): Publications | undefined {
    return this.#host?.publications;
  }

  get engine(): Engine {
    if (!this.#engine) throw new Error('the gateway has not started');
    return this.#engine;
  }

  async figures(): Promise<ConnectionFigures> {
    return (await this.#server?.figures()) ?? { connections: 0, calls: 0, sockets: 0 };
  }

  toggleDebug(): string | undefined {
    return this.#operations?.toggleDebug();
  }

  beside(workspace: Workspace): Engine {
    return atOnce(this.#makeEngine(workspace));
  }

  identity(): IdentitySnapshot {
    if (!this.#tokens) throw new Error('the gateway has not started');
    return this.#tokens.snapshot();
  }

  async start(): Promise<void> {
    const workspace = atOnce(this.#load());
    this.#operations = await Operations.open(this.#options, workspace, () => this.#engine?.workspace ?? workspace);
    this.#tls = this.#readTls(workspace);
    this.#stores = await openStores(workspace.local.stores, this.#log);
    this.#watcher = await this.#options.watcher?.(workspace);
    const stores = this.#operations.stores(this.#watcher?.stores(this.#stores) ?? this.#stores);
    this.#host = await this.#operations.attach(this.#makeHost(workspace, stores, await tokenizerOf(workspace)));
    this.#upstreams = new Upstreams({ undici: await loadUndici(), trustedRoots: workspace.local.trustedRoots });
    const engine = atOnce(this.#makeEngine(workspace));
    this.#tellLoad(engine, !hasErrors(engine.problems));
    if (hasErrors(engine.problems)) throw new LoadFailure(engine.problems);
    this.#take(engine);
    await this.#listen(engine, this.#host);
    await this.#operations.listen(this);
    if (this.#options.watch) this.#unwatch = await watchDirectory(workspace.root, () => void this.reload());
  }

  reload(): Promise<boolean> {
    this.#nextLoad ??= this.#loading.then(() => this.#reloadNow());
    this.#loading = this.#nextLoad.catch(() => undefined);
    return this.#nextLoad;
  }

  async #reloadNow(): Promise<boolean> {
    this.#nextLoad = undefined;
    const engine = await this.#readAgain();
    if (!engine || this.#isStopping) return false;
    const taken = !hasErrors(engine.problems);
    if (taken) {
      this.#take(engine);
      this.#server?.exchangeEngine(engine, this.#renewedTls(engine.workspace));
    }
    this.#tellLoad(engine, taken);
    return taken;
  }

  /** Whatever goes wrong, the state in service stays. */
  async #readAgain(): Promise<Engine | undefined> {
    const isWanted = () => !this.#isStopping;
    try {
      const workspace = await inSlices(this.#load(), isWanted);
      return workspace && (await inSlices(this.#makeEngine(workspace), isWanted));
    } catch (error) {
      this.#log('error', 'the policy directory could not be read again', { reason: errorText(error) });
      return undefined;
    }
  }

  /** What the state in service has of the same files is taken over. */
  #load(): Paced<Workspace> {
    return loadingWorkspace(this.#options.directory, { ...this.#options, before: this.#engine?.workspace.parsed ?? new Map() });
  }

  #take(engine: Engine): void {
    this.#engine = engine;
    this.#tokens?.renew(engine.workspace.local.tokenCache);
  }

  #tellLoad({ problems, workspace }: Engine, taken: boolean): void {
    this.#operations?.loaded(workspace, taken);
    this.#options.onLoad?.(problems, taken);
    this.#watcher?.loaded(problems, taken);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#unwatch?.();
    await this.#server?.stop();
    await this.#options.recorder?.stop?.();
    await this.#audit?.close();
    await this.#operations?.close();
    await this.#upstreams?.close();
    await this.#host?.close();
    await this.#stores?.close();
  }

  #makeHost(workspace: Workspace, { cache, counters }: Stores, countTokens: NodeHostOptions['countTokens']): NodeHost {
    return createNodeHost({
      cache,
      counters,
      certificates: this.#currentCertificates(),
      connections: workspace.connections,
      managedIdentity: workspace.local.managedIdentity,
      trustedRoots: workspace.local.trustedRoots,
      log: this.#log,
      ...(countTokens ? { countTokens } : {}),
    });
  }

  /** Policies see the certificates of the last load that was taken, those of callers' authorities included. */
  #currentCertificates(): HostCertificates {
    const current = () => this.#certificates;
    return {
      find: (id) => current().find(id),
      isTrusted: (certificate, now) => current().isTrusted?.(certificate, now) ?? false,
      get uploaded() {
        return current().uploaded ?? [];
      },
      get authorities() {
        return current().authorities ?? [];
      },
      get revocationLists() {
        return current().revocationLists ?? [];
      },
    };
  }

  #readTls(workspace: Workspace): TlsSettings | undefined {
    const tls = overriddenTls(workspace.local.tls, this.#options.tls);
    this.#certificates = certificatesOf({ ...workspace, local: { ...workspace.local, tls } }, nodeCrypto());
    return tls;
  }

  /** Files that the command line names may be half written: then the certificates in use stay. */
  #renewedTls(workspace: Workspace): TlsSettings | undefined {
    try {
      this.#tls = this.#readTls(workspace);
    } catch (error) {
      this.#log('error', 'TLS files could not be read again', { reason: errorText(error) });
    }
    return this.#tls;
  }

  *#makeEngine(workspace: Workspace): Paced<Engine> {
    this.#services ??= this.#makeServices();
    const engine = yield* creatingEngine(workspace, { ...this.#services, before: this.#engine });
    return this.#options.recorder?.engine(engine) ?? engine;
  }

  #makeServices(): Omit<EngineOptions, 'before'> {
    if (!this.#host || !this.#upstreams) throw new Error('the gateway has not started');
    const { recorder, lenient = false } = this.#options;
    const forwarder = createForwarder(this.#upstreams);
    this.#tokens = new CurrentTokens(this.#host, () => this.#engine?.workspace.local.identity.providers ?? []);
    return {
      host: recorder?.host(this.#host) ?? this.#host,
      tokens: this.#tokens,
      expressions: this.#expressions,
      forwarder: recorder?.forwarder(forwarder) ?? forwarder,
      lenient,
      gates: this.#gates,
      backendStates: this.#backendStates,
    };
  }

  async #listen(engine: Engine, host: NodeHost): Promise<void> {
    const { local } = engine.workspace;
    const { listener } = this.#options;
    const audit = this.#options.audit ?? local.audit;
    this.#audit = audit === undefined ? undefined : await openAudit(audit);
    this.#server = new GatewayServer({
      host,
      engine,
      ...(this.#operations?.log ? { log: this.#operations.log } : {}),
      accesses: this.#operations?.accesses,
      metrics: this.#operations?.metrics,
      telemetry: this.#operations?.telemetry,
      tracing: this.#operations?.tracing,
      ...(this.#audit ? { audit: this.#audit.writer } : {}),
      ...(listener ? { listener } : {}),
      tls: this.#tls,
      watcher: this.#watcher,
    });
    const bind = this.#options.host ?? local.host;
    const { plain, secure } = await this.#server.listen(this.#options.port ?? local.port, bind);
    const addressOf = (scheme: string, port: number) => `${scheme}://${bind.includes(':') ? `[${bind}]` : bind}:${port}`;
    this.#port = plain ?? secure ?? 0;
    this.#address = plain === undefined ? addressOf('https', this.#port) : addressOf('http', plain);
    this.#secureAddress = plain === undefined || secure === undefined ? undefined : addressOf('https', secure);
  }
}

/** The package loads only when it is asked for. */
async function tokenizerOf({ local }: Workspace): Promise<NodeHostOptions['countTokens']> {
  return local.tokenizer && (await import('../host/node-tokenizer.ts')).loadTokenizer(local.tokenizer);
}

function hasErrors(problems: readonly Diagnostic[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}
