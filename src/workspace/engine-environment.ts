/** What policies are compiled against: the names of the instance, and those of each workspace, with the services behind them. */
import { isDeepStrictEqual } from 'node:util';
import type { Host } from '../host/host.ts';
import { CertificateChecker } from '../identity/certificates/checker.ts';
import type { TokenValidator } from '../identity/token-validator.ts';
import { createTokenValidator } from '../identity/validator.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import { type BackendSnapshot, BackendStates, type Backends, createBackends } from './backend-runtime.ts';
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

/** All of a workspace that policies are compiled against; what else it holds, they see in calls. */
interface Surroundings extends Pick<Workspace, 'namedValues' | 'backends' | 'schemas' | 'xmlSchemas' | 'local' | 'fragments'> {
  readonly certificateIds: ReadonlySet<string>;
  /** Thumbprints, and names of those that the instance has, in lower case. */
  readonly certificateNames: ReadonlySet<string>;
}

/** Environments are those of the engine before where it had the same surroundings: what was compiled in them still holds. */
export class EngineEnvironment {
  readonly instance: PolicyEnvironment;
  /** Those of the instance; the snapshot shows those of workspaces, too. */
  readonly backends: Backends;
  readonly #surroundings: Surroundings;
  readonly #expressions: Expressions;
  readonly #options: EnvironmentOptions;
  readonly #own: Backends;
  /** Those of workspaces, which see their own only. */
  readonly #spaces = new Map<WorkspaceSpace, { readonly environment: PolicyEnvironment; readonly backends: Backends }>();
  #before: EngineEnvironment | undefined;

  constructor(workspace: Workspace, expressions: Expressions, options: EnvironmentOptions, before?: EngineEnvironment) {
    this.#surroundings = surroundingsOf(workspace);
    this.#expressions = expressions;
    this.#options = { ...options, backendStates: options.backendStates ?? new BackendStates() };
    const known = before === undefined || !before.#isSame(this) ? undefined : before;
    this.#before = known;
    this.#own = known ? known.#own : createBackends(this.#surroundings.backends, options.host, this.#options.backendStates);
    this.instance = known ? known.instance : environmentOf(this.#surroundings, expressions, options, this.#own);
    this.backends = {
      find: (id) => this.#own.find(id),
      has: (id) => this.#own.has(id),
      snapshot: () => [...this.#own.snapshot(), ...this.#spaceSnapshots()],
    };
  }

  /** The backends that an API's policies see. */
  backendsOf(space: WorkspaceSpace | undefined): Backends {
    return (space && this.#spaces.get(space)?.backends) ?? this.backends;
  }

  /** A workspace sees its own named values, fragments and backends, and none of the instance (gateway-model, section 4). */
  of(space: WorkspaceSpace): PolicyEnvironment {
    const before = this.#before;
    const known = before && [...before.#spaces].find(([other]) => isSameSpace(space, other));
    const found = known ? known[1] : this.#make(space);
    this.#spaces.set(space, found);
    return found.environment;
  }

  /** All were asked for: the engine before is let go. */
  finish(): void {
    this.#before = undefined;
  }

  /** Backends of workspaces, under `workspace/backend`. */
  #spaceSnapshots(): BackendSnapshot[] {
    return [...this.#spaces].flatMap(([{ id }, { backends }]) => backends.snapshot().map((one) => ({ ...one, id: `${id}/${one.id}` })));
  }

  #make(space: WorkspaceSpace): { readonly environment: PolicyEnvironment; readonly backends: Backends } {
    const backends = createBackends(space.backends, this.#options.host, this.#options.backendStates, space.id);
    const { services } = this.instance;
    const environment = {
      ...this.instance,
      ...valuesOf(space.namedValues),
      fragments: space.fragments,
      services: { ...services, backend: (id: string) => backends.find(id), hasBackend: (id: string) => backends.has(id) },
    };
    return { environment, backends };
  }

  #isSame(other: EngineEnvironment): boolean {
    const isOneInstance = OPTIONS.every((name) => this.#options[name] === other.#options[name]);
    if (!isOneInstance || this.#expressions.engine.types !== other.#expressions.engine.types) return false;
    return isSame(this.#surroundings, other.#surroundings);
  }
}

const OPTIONS = ['host', 'tokens', 'lenient', 'assumesValues', 'gates', 'backendStates'] as const satisfies (keyof EnvironmentOptions)[];

function surroundingsOf(workspace: Workspace): Surroundings {
  const { namedValues, backends, schemas, xmlSchemas, local, fragments, certificates, exportedCertificates = [] } = workspace;
  const thumbprints = Array.from(certificates.values(), ({ info }) => info.thumbprint.toLowerCase());
  const certificateNames = new Set([...thumbprints, ...exportedCertificates]);
  return { namedValues, backends, schemas, xmlSchemas, local, fragments, certificateIds: new Set(certificates.keys()), certificateNames };
}

function isSame({ fragments, ...one }: Surroundings, { fragments: others, ...other }: Surroundings): boolean {
  return isSameDocuments(fragments, others) && isDeepStrictEqual(one, other);
}

function isSameSpace(one: WorkspaceSpace, other: WorkspaceSpace): boolean {
  const isSame = one.id === other.id && isDeepStrictEqual(one.namedValues, other.namedValues);
  return isSame && isDeepStrictEqual(one.backends, other.backends) && isSameDocuments(one.fragments, other.fragments);
}

/** Documents that were read anew may have other places in their files, whatever their texts. */
function isSameDocuments(one: Workspace['fragments'], other: Workspace['fragments']): boolean {
  return one.size === other.size && [...one].every(([id, document]) => other.get(id) === document);
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

function environmentOf(
  workspace: Surroundings,
  expressions: Expressions,
  options: EnvironmentOptions,
  backends: Backends,
): PolicyEnvironment {
  return {
    engine: expressions.engine,
    compileExpression: expressions.compile,
    ...valuesOf(workspace.namedValues),
    assumesValues: options.assumesValues ?? false,
    fragments: workspace.fragments,
    services: {
      backend: (id) => backends.find(id),
      hasBackend: (id) => backends.has(id),
      hasCertificate: (id) => workspace.certificateIds.has(id) || workspace.certificateNames.has(id.toLowerCase()),
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
