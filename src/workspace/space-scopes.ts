/** The scopes that APIs and products stand on: the instance, or the workspace that owns them. */
import { type CompiledScope, compileScope } from '../pipeline/document.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { WorkspaceProduct, WorkspaceSpace } from './model.ts';

/** A product's scope lies on that of the instance, or of the workspace that owns it. */
export function productScope(product: WorkspaceProduct, spaces: SpaceScopes, problems: Diagnostic[]): CompiledScope {
  const { scope: outer, environment } = spaces.of(product.space);
  if (!product.policy) return outer;
  const scope = compileScope(product.policy, 'product', outer, environment);
  problems.push(...scope.diagnostics);
  return scope;
}

interface ScopeWithNames {
  readonly scope: CompiledScope;
  readonly environment: PolicyEnvironment;
}

/** The widest scope for what belongs to the instance, and for what belongs to each workspace. */
export class SpaceScopes {
  readonly #instance: ScopeWithNames;
  readonly #own = new Map<WorkspaceSpace, ScopeWithNames>();
  readonly #environmentOf: (space: WorkspaceSpace) => PolicyEnvironment;
  readonly #problems: Diagnostic[];

  constructor(
    global: CompiledScope,
    environment: PolicyEnvironment,
    environmentOfSpace: (space: WorkspaceSpace) => PolicyEnvironment,
    problems: Diagnostic[],
  ) {
    this.#instance = { scope: global, environment };
    this.#environmentOf = environmentOfSpace;
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
      const environment = this.#environmentOf(space);
      const scope = space.policy ? compileScope(space.policy, 'workspace', this.#instance.scope, environment) : this.#instance.scope;
      if (space.policy) this.#problems.push(...scope.diagnostics);
      found = { scope, environment };
      this.#own.set(space, found);
    }
    return found;
  }
}
