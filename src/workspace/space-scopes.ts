/** The scopes that APIs and products stand on: the instance, or the workspace that owns them. */
import type { CompiledScope } from '../pipeline/document.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { CompiledScopes } from './compiled-scopes.ts';
import type { EngineEnvironment } from './engine-environment.ts';
import type { WorkspaceProduct, WorkspaceSpace } from './model.ts';

/** A product's scope lies on that of the instance, or of the workspace that owns it. */
export function productScope(product: WorkspaceProduct, spaces: SpaceScopes, problems: Diagnostic[]): CompiledScope {
  const { scope: outer, environment } = spaces.of(product.space);
  if (!product.policy) return outer;
  const scope = spaces.scopes.compile(product.policy, 'product', outer, environment);
  problems.push(...scope.diagnostics);
  return scope;
}

interface ScopeWithNames {
  readonly scope: CompiledScope;
  readonly environment: PolicyEnvironment;
}

/** The widest scope for what belongs to the instance, and for what belongs to each workspace. */
export class SpaceScopes {
  readonly scopes: CompiledScopes;
  readonly #instance: ScopeWithNames;
  readonly #own = new Map<WorkspaceSpace, ScopeWithNames>();
  readonly #environment: EngineEnvironment;
  readonly #problems: Diagnostic[];

  constructor(global: CompiledScope, environment: EngineEnvironment, scopes: CompiledScopes, problems: Diagnostic[]) {
    this.scopes = scopes;
    this.#instance = { scope: global, environment: environment.instance };
    this.#environment = environment;
    this.#problems = problems;
  }

  /** Those of the instance and of every workspace that was asked for. */
  environments(): PolicyEnvironment[] {
    return [this.#instance, ...this.#own.values()].map(({ environment }) => environment);
  }

  of(space: WorkspaceSpace | undefined): ScopeWithNames {
    if (!space) return this.#instance;
    let found = this.#own.get(space);
    if (!found) {
      const environment = this.#environment.of(space);
      const { scope: outer } = this.#instance;
      const scope = space.policy ? this.scopes.compile(space.policy, 'workspace', outer, environment) : outer;
      if (space.policy) this.#problems.push(...scope.diagnostics);
      found = { scope, environment };
      this.#own.set(space, found);
    }
    return found;
  }
}
