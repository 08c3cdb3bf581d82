import type { CompileExpression, ExpressionEngine } from '../csharp/compile.ts';
import type { BudgetLimits } from '../csharp/runtime/budget.ts';
import type { PolicyServices } from '../policies/compiler.ts';
import type { PolicyDocument } from '../xml/tree.ts';

export interface NamedValue {
  readonly value: string;
  /** Kept out of traces. */
  readonly secret: boolean;
}

/** Everything outside of a document that its meaning depends on. */
export interface PolicyEnvironment {
  readonly engine: ExpressionEngine;
  readonly compileExpression: CompileExpression;
  /** By display name. */
  readonly namedValues: ReadonlyMap<string, NamedValue>;
  /** Names that the service has a value for and this machine has none (Key Vault, secrets that were not exported). */
  readonly withoutValue?: ReadonlySet<string>;
  /** Documents are checked and not run: what is without a value is assumed to have a fitting one. */
  readonly assumesValues?: boolean;
  readonly fragments: ReadonlyMap<string, PolicyDocument>;
  readonly services: PolicyServices;
  /** The document is looked at alone: what it names is assumed to exist. */
  readonly standalone: boolean;
  /** What is unknown or not supported is a warning, and fails when it is reached. */
  readonly lenient: boolean;
  /** Bounds of one evaluation; default DEFAULT_LIMITS. */
  readonly limits?: BudgetLimits;
}
