/** What policies are compiled against: the names of the instance, and those of each workspace, with the services behind them. */
import type { Host } from '../host/host.ts';
import { CertificateChecker } from '../identity/certificates/checker.ts';
import type { TokenValidator } from '../identity/token-validator.ts';
import { createTokenValidator } from '../identity/validator.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import { type BackendSnapshot, BackendStates, type Backends, createBackends } from './backend-runtime.ts';
import { findCertificate } from './certificates.ts';
import type { Expressions } from './expressions.ts';
import type { Workspace, WorkspaceSpace } from './model.ts';

/** The services of an engine's policies. */
export interface EnvironmentOptions {
  readonly host: Host;
  readonly tokens?: TokenValidator;
  /** What is not supported is a warning and fails when it is reached. */
  readonly lenient?: boolean;
  /** Nothing is run: named values that have no value here are assumed to have one. */
  readonly assumesValues?: boolean;
  /** Calls inside the gates of limit-concurrency. Default: none; share one between reloads, which calls outlive. */
  readonly gates?: Map<string, number>;
  /** Circuit breakers and turns of pools. Default: none yet; share one between reloads. */
  readonly backendStates?: BackendStates;
}

export class EngineEnvironment {
  readonly instance: PolicyEnvironment;
  /** Those of the instance; the snapshot shows those of workspaces, too. */
  readonly backends: Backends;
  readonly #states: BackendStates;
  /** Those of workspaces, which see their own only. */
  readonly #ownBackends = new Map<WorkspaceSpace, Backends>();
  readonly #host: Host;

  constructor(workspace: Workspace, expressions: Expressions, options: EnvironmentOptions) {
    this.#states = options.backendStates ?? new BackendStates();
    this.#host = options.host;
    const own = createBackends(workspace.backends, options.host, this.#states);
    this.backends = {
      find: (id) => own.find(id),
      has: (id) => own.has(id),
      snapshot: () => [...own.snapshot(), ...this.#spaceSnapshots()],
    };
    this.instance = environmentOf(workspace, expressions, options, this.backends);
  }

  /** The backends that an API's policies see. */
  backendsOf(space: WorkspaceSpace | undefined): Backends {
    return (space && this.#ownBackends.get(space)) ?? this.backends;
  }

  /** Backends of workspaces, under `workspace/backend`. */
  #spaceSnapshots(): BackendSnapshot[] {
    return [...this.#ownBackends].flatMap(([{ id }, backends]) => backends.snapshot().map((one) => ({ ...one, id: `${id}/${one.id}` })));
  }

  /** A workspace sees its own named values, fragments and backends, and none of the instance (gateway-model, section 4). */
  of(space: WorkspaceSpace): PolicyEnvironment {
    const backends = createBackends(space.backends, this.#host, this.#states, space.id);
    this.#ownBackends.set(space, backends);
    return {
      ...this.instance,
      ...valuesOf(space.namedValues),
      fragments: space.fragments,
      services: { ...this.instance.services, backend: (id) => backends.find(id), hasBackend: (id) => backends.has(id) },
    };
  }
}

function valuesOf(all: Workspace['namedValues']): Pick<PolicyEnvironment, 'namedValues' | 'withoutValue'> {
  const namedValues = new Map<string, { value: string; secret: boolean }>();
  const withoutValue = new Set<string>();
  for (const [name, { value, secret }] of all) {
    if (value === undefined) withoutValue.add(name);
    else namedValues.set(name, { value, secret });
  }
  return { namedValues, withoutValue };
}

function environmentOf(workspace: Workspace, expressions: Expressions, options: EnvironmentOptions, backends: Backends): PolicyEnvironment {
  return {
    engine: expressions.engine,
    compileExpression: expressions.compile,
    ...valuesOf(workspace.namedValues),
    assumesValues: options.assumesValues ?? false,
    fragments: workspace.fragments,
    services: {
      backend: (id) => backends.find(id),
      hasBackend: (id) => backends.has(id),
      hasCertificate: (id) =>
        findCertificate(workspace.certificates, id) !== undefined || workspace.exportedCertificates?.has(id.toLowerCase()) === true,
      schema: (id) => workspace.schemas.get(id),
      xmlSchema: (id) => workspace.xmlSchemas.get(id),
      standIns: workspace.local.standIns,
      tokens: options.tokens ?? createTokenValidator({ host: options.host }),
      certificates: new CertificateChecker(),
      gates: options.gates ?? new Map(),
    },
    standalone: false,
    lenient: options.lenient ?? false,
  };
}
