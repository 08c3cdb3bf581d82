/** Compiles and runs expressions outside of any gateway, each within two seconds. */
import { createContext, Script } from 'node:vm';
import { compileExpression, type ExpressionEngine } from '../csharp/compile.ts';
import { box } from '../csharp/runtime/box.ts';
import { Budget } from '../csharp/runtime/budget.ts';
import { NetException } from '../csharp/runtime/exception.ts';
import { createSemantics } from '../csharp/types/create-semantics.ts';
import { fullDisplay } from '../csharp/types/display.ts';
import type { TypeTable } from '../csharp/types/table.ts';
import type { Type } from '../csharp/types/type.ts';
import { createTypeTable } from '../csharp/types/type-table.ts';
import { libraryDeclarations } from '../dotnet/index.ts';
import { describe, type Outcome } from '../dotnet/outcome/describe.ts';
import { CONTEXT_TYPE_NAME, contextDeclarations } from '../exchange/context/index.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { MappedText } from '../source/mapped-text.ts';
import { exchangeOf, type Fixture } from './eval-fixtures.ts';

/** One line of a batch. */
export interface EvalCase {
  readonly id: string;
  readonly kind: 'single' | 'multi';
  readonly fixture: string;
  /** With its delimiters. */
  readonly expr: string;
  /** Keyword of the type that the position wants; default object. */
  readonly returns?: string;
}

export type EvalResult =
  | { readonly kind: 'value'; readonly outcome: Outcome }
  | { readonly kind: 'threw'; readonly exception: NetException }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  /** A fault of ours, or an exhausted budget. */
  | { readonly kind: 'failed'; readonly why: string };

/** Longest run of one expression. */
const TIME_LIMIT_MS = 2000;

export class Evaluator {
  readonly types: TypeTable;
  readonly #engine: ExpressionEngine;
  readonly #watched = new Watched();

  /** Whether members outside Azure's list are accepted. */
  readonly anyMember: boolean;

  constructor(anyMember: boolean) {
    this.anyMember = anyMember;
    this.types = createTypeTable([...libraryDeclarations(), ...contextDeclarations()]);
    this.#engine = { types: this.types, contextType: CONTEXT_TYPE_NAME, anyMember, semantics: createSemantics(this.types) };
  }

  /** Evaluates C# with or without delimiters; without them it is one expression. */
  evaluate(expression: string, exchange: Exchange, returns?: string): EvalResult {
    const { code, kind } = withoutDelimiters(expression);
    try {
      const { expression: compiled, diagnostics } = compileExpression(MappedText.of(code), kind, this.#engine, returns);
      if (!compiled) return { kind: 'refused', diagnostics };
      const runtime = { host: exchange.host, types: this.types, budget: new Budget() };
      const run = () => describe(box(compiled.run(runtime, exchange), compiled.returnType), runtime);
      return { kind: 'value', outcome: asSequence(this.#watched.run(run), compiled.naturalType) };
    } catch (error) {
      if (error instanceof NetException) return { kind: 'threw', exception: error };
      return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
    }
  }

  /** The type that an expression has before it runs; undefined when it does not compile. */
  staticType(code: string): Type | undefined {
    return compileExpression(MappedText.of(code), 'single', this.#engine).expression?.naturalType;
  }

  /** The outcome of a batch case, as recorded outcomes are written. */
  answer(one: EvalCase | undefined, fixtures: ReadonlyMap<string, Fixture>): { id: string | null; outcome: object } {
    if (!one) return { id: null, outcome: { internal: 'the line is no JSON object' } };
    const fixture = fixtures.get(one.fixture);
    if (!fixture) return { id: one.id, outcome: { internal: `no fixture \`${one.fixture}\`` } };
    try {
      return { id: one.id, outcome: outcomeOf(this.evaluate(one.expr, exchangeOf(fixture, this.types), one.returns)) };
    } catch (error) {
      return { id: one.id, outcome: { internal: error instanceof Error ? error.message : String(error) } };
    }
  }
}

/** As recorded outcomes are written. */
export function outcomeOf(result: EvalResult): object {
  switch (result.kind) {
    case 'value':
      return { ok: true, ...result.outcome };
    case 'threw':
      return { throws: thrown(result.exception) };
    case 'refused':
      return { compileError: refused(result.diagnostics) };
    case 'failed':
      return { internal: result.why };
  }
}

/** What is only known as a sequence is shown as one: which class stands behind it is the library's business. */
function asSequence(outcome: Outcome, type: Type | undefined): Outcome {
  const isSequence = type?.kind === 'named' && type.definition.fullName === 'System.Collections.Generic.IEnumerable';
  return isSequence && outcome.type.endsWith('[]') ? { ...outcome, type: fullDisplay(type) } : outcome;
}

function thrown({ typeName, message, inner }: NetException): object {
  return { type: typeName, message, ...(inner ? { inner: { type: inner.typeName, message: inner.message } } : {}) };
}

/** The first error by position, and all codes when there are several. */
function refused(diagnostics: readonly Diagnostic[]): object {
  const errors = diagnostics.filter((one) => one.severity === 'error').sort((a, b) => a.span.start - b.span.start);
  const first = errors[0];
  if (!first) return { code: 'PTC', message: '' };
  const codes = [...new Set(errors.map((one) => one.code))];
  const { line, column } = first.file.positionAt(first.span.start);
  return { code: first.code, message: first.message, line, column, ...(codes.length > 1 ? { codes } : {}) };
}

function withoutDelimiters(text: string): { code: string; kind: 'single' | 'multi' } {
  const trimmed = text.trim();
  if (trimmed.startsWith('@(') && trimmed.endsWith(')')) return { code: trimmed.slice(2, -1), kind: 'single' };
  if (trimmed.startsWith('@{') && trimmed.endsWith('}')) return { code: trimmed.slice(2, -1), kind: 'multi' };
  return { code: text, kind: 'single' };
}

/** Runs functions under V8's watchdog, which also ends loops inside the library that no budget counts. */
class Watched {
  readonly #slot: { call: () => void } = { call: () => undefined };
  readonly #context = createContext(this.#slot);
  readonly #script = new Script('call()');

  run<T>(work: () => T): T {
    let result: { value: T } | { error: unknown } | undefined;
    this.#slot.call = () => {
      result = attempt(work);
    };
    this.#script.runInContext(this.#context, { timeout: TIME_LIMIT_MS });
    if (!result) throw new Error('the expression gave no result');
    if ('error' in result) throw result.error;
    return result.value;
  }
}

/** Errors stay inside: one that crossed into the watched context would be taken for its own. */
function attempt<T>(work: () => T): { value: T } | { error: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}
