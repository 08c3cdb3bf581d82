/** The effective policies of a workspace, compiled once: by operation, and by the product whose callers run them. */
import type { Forwarder } from '../exchange/exchange.ts';
import { type CompiledScope, checkDocument, checkFragment, type EffectivePolicy, effectiveOf } from '../pipeline/document.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { CompiledScopes } from './compiled-scopes.ts';
import type { EngineEnvironment } from './engine-environment.ts';
import { syntheticForwarder } from './graphql.ts';
import { ofHandshake } from './handshake-policy.ts';
import { mcpForwarder, type RunTool } from './mcp/server.ts';
import type { Workspace, WorkspaceApi, WorkspaceOperation, WorkspaceProduct } from './model.ts';
import type { Paced } from './paced.ts';
import { productScope, SpaceScopes } from './space-scopes.ts';

export class EffectivePolicies {
  readonly global: CompiledScope;
  /** What runs for calls that match nothing. */
  readonly unmatched: EffectivePolicy;
  readonly problems: Diagnostic[] = [];
  /** By operation, then by product id (empty for none). */
  readonly #byOperation = new Map<WorkspaceOperation, Map<string, EffectivePolicy>>();
  readonly #forwarders = new Map<WorkspaceApi, Forwarder>();

  readonly #environment: EngineEnvironment;
  readonly #scopes: CompiledScopes;

  /** Those of the operations come with `compile`. */
  constructor(workspace: Workspace, environment: EngineEnvironment, scopes: CompiledScopes) {
    this.#environment = environment;
    this.#scopes = scopes;
    this.global = globalScope(workspace, environment.instance, scopes);
    this.unmatched = effectiveOf(this.global);
    this.problems.push(...this.global.diagnostics);
  }

  /** As it runs for callers of a product; empty: of none. */
  of(api: WorkspaceApi, operation: WorkspaceOperation, productId = ''): EffectivePolicy {
    const policy = this.#byOperation.get(operation.like ?? operation)?.get(productId);
    if (!policy) throw new Error(`operation ${api.info.id}/${operation.info.id} has no policy for product "${productId}"`);
    return policy;
  }

  has(operation: WorkspaceOperation, productId: string): boolean {
    return this.#byOperation.get(operation.like ?? operation)?.has(productId) ?? false;
  }

  /** What answers an API in place of a backend: GraphQL with resolvers, MCP with tools. */
  forwarderOf(api: WorkspaceApi): Forwarder | undefined {
    return this.#forwarders.get(api);
  }

  /** Scopes are compiled once and shared between the chains that hold them. */
  *compile({ apis, products: all, idleSpaces = [] }: Workspace, runTool: RunTool): Paced<void> {
    const { problems } = this;
    const spaces = new SpaceScopes(this.global, this.#environment, this.#scopes, problems);
    const products = new Map<WorkspaceProduct, CompiledScope>();
    for (const product of all) products.set(product, productScope(product, spaces, problems));
    for (const api of apis) {
      yield;
      const { scope, environment: own } = spaces.of(api.space);
      const synthetic = syntheticForwarder(api, own, problems);
      if (synthetic) this.#forwarders.set(api, synthetic);
      if (api.tools) this.#forwarders.set(api, mcpForwarder(api, runTool));
      yield* this.#compileApi(api, '', scope, own);
      yield* this.#checkUnrouted(api, own);
      for (const product of productsOf(api, all)) yield* this.#compileApi(api, product.info.id, products.get(product) ?? scope, own);
    }
    for (const space of idleSpaces) spaces.of(space);
    yield* this.#checkFragments(spaces.environments());
  }

  /** Those that nobody includes are documents, too. */
  *#checkFragments(environments: Iterable<PolicyEnvironment>): Paced<void> {
    for (const environment of environments) {
      for (const fragment of environment.fragments.values()) {
        yield;
        this.problems.push(...checkFragment(fragment, environment));
      }
    }
  }

  /** No call runs them, so what has no value here is no fault. */
  *#checkUnrouted({ unrouted = [] }: WorkspaceApi, environment: PolicyEnvironment): Paced<void> {
    for (const document of unrouted) {
      yield;
      this.problems.push(...checkDocument(document, 'operation', { ...environment, assumesValues: true }));
    }
  }

  *#compileApi(api: WorkspaceApi, productId: string, outer: CompiledScope, environment: PolicyEnvironment): Paced<void> {
    const scope = api.policy ? this.#scopes.compile(api.policy, 'api', outer, environment) : outer;
    if (api.policy) this.problems.push(...scope.diagnostics);
    const policyOf = (inner: CompiledScope) => (api.kind === 'websocket' ? ofHandshake(effectiveOf(inner)) : effectiveOf(inner));
    const shared = policyOf(scope);
    for (const operation of api.operations) {
      if (operation.policy) yield;
      const own = operation.policy && this.#scopes.compile(operation.policy, 'operation', scope, environment);
      if (own) this.problems.push(...own.diagnostics);
      this.#remember(operation, productId, own ? policyOf(own) : shared);
    }
  }

  #remember(operation: WorkspaceOperation, productId: string, policy: EffectivePolicy): void {
    let byProduct = this.#byOperation.get(operation);
    if (!byProduct) {
      byProduct = new Map();
      this.#byOperation.set(operation, byProduct);
    }
    byProduct.set(productId, policy);
  }
}

/** Without APIs the document is the policy of the one at `/`, as a lone document is: `<base />` brings what it brings there. */
function globalScope({ globalPolicy, apis }: Workspace, environment: PolicyEnvironment, scopes: CompiledScopes): CompiledScope {
  if (!globalPolicy) return scopes.defaultGlobal(environment);
  const outer = apis.some(({ isImplied }) => isImplied) ? scopes.defaultGlobal(environment) : null;
  return scopes.compile(globalPolicy, 'global', outer, environment);
}

function productsOf(api: WorkspaceApi, products: readonly WorkspaceProduct[]): WorkspaceProduct[] {
  return products.filter(({ apiIds, space }) => apiIds.has(api.info.id) && space === api.space);
}
