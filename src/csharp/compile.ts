/**
 * The public face of the expression language: text in, a function and all its problems out.
 * The stages behind it: syntax (lex, parse) → check (bind, flow) → emit.
 */
import type { Diagnostic } from '../source/diagnostic.ts';
import type { MappedText } from '../source/mapped-text.ts';
import type { BodyReads } from './check/bound.ts';
import type { Runtime } from './runtime/runtime.ts';
import type { TypeTable } from './types/table.ts';
import type { Type } from './types/type.ts';

/** What stays the same for all expressions of one engine. */
export interface ExpressionEngine {
  readonly types: TypeTable;
  /** Full name of the type of `context`. */
  readonly contextType: string;
  /** Accept members outside Azure's published list. */
  readonly anyMember: boolean;
}

export interface CompiledExpression {
  /** Runs it; the value is in the representation of `returnType`. Throws NetException, or BudgetExhausted. */
  run(runtime: Runtime, context: unknown): unknown;
  readonly returnType: Type;
  /** The static type of what is returned before it became `returnType`; undefined when several returns differ. */
  readonly naturalType: Type | undefined;
  readonly reads: BodyReads;
  /** The JavaScript it became, for debugging and bench. */
  readonly code: string;
}

export interface CompileResult {
  /** Missing when there is an error among the diagnostics. */
  readonly expression?: CompiledExpression;
  readonly diagnostics: readonly Diagnostic[];
}

/** `code` is the C# between the delimiters; `returnType` a C# keyword or full name, default `object`. */
export type CompileExpression = (code: MappedText, kind: 'single' | 'multi', engine: ExpressionEngine, returnType?: string) => CompileResult;
