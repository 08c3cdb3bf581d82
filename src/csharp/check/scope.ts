import type { Span } from '../../source/span.ts';
import type { Name } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import type { BoundExpression, BoundLiteral, LocalSymbol } from './bound.ts';
import type { Frame } from './frame.ts';
import type { LocalFunctionEntry } from './local-functions.ts';

/** What a simple name may stand for inside an expression, apart from types. */
export type ScopeEntry =
  | { readonly kind: 'local'; readonly local: LocalSymbol; readonly constant?: BoundLiteral }
  /** Declared further down in the same block: using it now is CS0841. */
  | { readonly kind: 'pending'; readonly at: Span }
  | { readonly kind: 'function'; readonly function: LocalFunctionEntry }
  /** The `context` parameter, or a range variable of a query (a path into a transparent identifier). */
  | { readonly kind: 'alias'; readonly value: BoundExpression };

/** A declaration space: a block, a statement with variables of its own, a lambda or a local function. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly frame: Frame;
  readonly entries = new Map<string, ScopeEntry>();
  readonly typeParameters = new Map<string, Type>();
  readonly labels = new Set<string>();
  /** Out, pattern and helper variables that live as long as this scope. */
  readonly variables: LocalSymbol[] = [];
  /** A section of a switch: its declarations belong to the whole switch block, where other sections find them. */
  readonly isSection: boolean;
  /** In a switch block: variables of one section that another one uses. */
  readonly shared = new Set<LocalSymbol>();

  constructor(parent: Scope | undefined, frame: Frame, isSection = false) {
    this.isSection = isSection;
    this.parent = parent;
    this.frame = frame;
  }

  find(name: string): { readonly entry: ScopeEntry; readonly scope: Scope } | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const entry = scope.entries.get(name);
      if (entry !== undefined) return { entry, scope };
    }
    return undefined;
  }

  findTypeParameter(name: string): Type | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const found = scope.typeParameters.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Labels are seen from everywhere inside the block that holds them, but not from other functions. */
  hasLabel(name: string): boolean {
    for (let scope: Scope | undefined = this; scope !== undefined && scope.frame === this.frame; scope = scope.parent) {
      if (scope.labels.has(name)) return true;
    }
    return false;
  }

  /** Why a name cannot be declared here: `same` scope has it already, an `enclosing` one uses it, or it can (undefined). */
  conflict(name: Name): 'same' | 'enclosing' | undefined {
    const own = this.entries.get(name.text);
    if (own !== undefined && !(own.kind === 'pending' && own.at.start === name.span.start)) return 'same';
    if (this.isSection && this.parent?.entries.has(name.text)) return 'same';
    return this.parent?.find(name.text) === undefined ? undefined : 'enclosing';
  }
}
