/** Scopes that were compiled for an engine. The next one takes over those that would become the same. */
import type { ScopeName } from '../exchange/events.ts';
import { type CompiledScope, compileScope, defaultGlobal } from '../pipeline/document.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import type { PolicyDocument } from '../xml/tree.ts';

/** What a scope was compiled of, and what it became. */
interface Compiled {
  readonly outer: CompiledScope | null;
  readonly environment: PolicyEnvironment;
  readonly scope: CompiledScope;
}

/**
 * A scope depends on its document, on the wider scope and on the environment, and on nothing else: all three are compared as
 * objects, so that whatever was made anew is compiled anew, with everything that stands on it.
 */
export class CompiledScopes {
  readonly #compiled = new Map<PolicyDocument, Compiled[]>();
  readonly #defaults = new Map<PolicyEnvironment, CompiledScope>();
  #before: CompiledScopes | undefined;

  constructor(before: CompiledScopes | undefined) {
    this.#before = before;
  }

  /** As `compileScope`, once for all chains that hold it. */
  compile(document: PolicyDocument, name: ScopeName, outer: CompiledScope | null, environment: PolicyEnvironment): CompiledScope {
    const before = this.#before;
    const known = this.#find(document, name, outer, environment) ?? (before ? before.#find(document, name, outer, environment) : undefined);
    const compiled = known ?? { outer, environment, scope: compileScope(document, name, outer, environment) };
    const all = this.#compiled.get(document);
    if (!all) this.#compiled.set(document, [compiled]);
    else if (!all.includes(compiled)) all.push(compiled);
    return compiled.scope;
  }

  /** The scope chain's start when there is no global document. */
  defaultGlobal(environment: PolicyEnvironment): CompiledScope {
    const before = this.#before;
    const known = this.#defaults.get(environment) ?? (before ? before.#defaults.get(environment) : undefined);
    const scope = known ?? defaultGlobal(environment);
    this.#defaults.set(environment, scope);
    return scope;
  }

  /** All are compiled: those of the engine before are let go. */
  finish(): void {
    this.#before = undefined;
  }

  #find(document: PolicyDocument, name: ScopeName, outer: CompiledScope | null, environment: PolicyEnvironment): Compiled | undefined {
    const all = this.#compiled.get(document);
    return all?.find((one) => one.scope.scope === name && one.outer === outer && one.environment === environment);
  }
}
