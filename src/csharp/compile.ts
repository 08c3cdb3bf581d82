/**
 * The public face of the expression language: text in, a function and all its problems out.
 * The stages behind it: syntax (lex, parse) → check (bind, flow) → emit.
 */
import type { Diagnostic } from '../source/diagnostic.ts';
import type { MappedText } from '../source/mapped-text.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import { bindProgram } from './check/binder.ts';
import type { BodyReads, BoundProgram, LocalSymbol } from './check/bound.ts';
import { moreFaults } from './check/faults.ts';
import type { Semantics } from './check/semantics.ts';
import { emitProgram } from './emit/emit.ts';
import type { EmitWatchers, StopAt } from './emit/program.ts';
import type { Runtime } from './runtime/runtime.ts';
import type { SyntaxFault, SyntaxTree } from './syntax/ast.ts';
import { parseExpression } from './syntax/parser.ts';
import { createSemantics } from './types/create-semantics.ts';
import type { TypeTable } from './types/table.ts';
import type { Type } from './types/type.ts';

/** What stays the same for all expressions of one engine. */
export interface ExpressionEngine {
  readonly types: TypeTable;
  /** Full name of the type of `context`. */
  readonly contextType: string;
  /** Accept members outside Azure's published list. */
  readonly anyMember: boolean;
  /** Full names of members beyond that list that are accepted all the same: `System.Uri..ctor`. */
  readonly allowed?: ReadonlySet<string>;
  /** The rules over `types`; made for each expression when missing, so engines that compile many should keep one. */
  readonly semantics?: Semantics;
  /** Counts the ways that expressions take, for coverage; absent: the code has no probes. */
  readonly probes?: BranchProbes;
  /** Stops before every statement, for a debugger; absent: the code never stops. */
  readonly stops?: StatementStops;
}

/** A debugger's hold on expressions that run. */
export interface StatementStops {
  /** Gives a statement its number. */
  declare(file: SourceFile, statement: Span, locals: readonly LocalSymbol[]): number;
  readonly at: StopAt;
}

/** Counts the ways through `&&`, `||`, `?:`, `??` and `if`, and statements, by their places in files. */
export interface BranchProbes {
  /** Gives a way its number; `kind` says of what it is a way: `&& right`, `?: true` …; `statement`. */
  declare(file: SourceFile, way: Span, kind: string): number;
  readonly hit: (number: number) => void;
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

export type CompileExpression = (
  code: MappedText,
  kind: 'single' | 'multi',
  engine: ExpressionEngine,
  returnType?: string,
) => CompileResult;

/**
 * Compiles one policy expression. `code` is the C# between the delimiters; `returnType` a C# keyword or full name, default
 * `object`. Problems of the policy come back as diagnostics; only a fault of ours throws.
 */
export const compileExpression: CompileExpression = (code, kind, engine, returnType = 'object') => {
  const tree = parseExpression(code.text, kind);
  const { program, faults } = check(tree, engine, returnType);
  const diagnostics = placed(bounded(inTextOrder([...tree.errors, ...faults])), code);
  if (program === undefined || diagnostics.some((one) => one.severity === 'error')) return { diagnostics };
  return { expression: emitted(program, engine, code), diagnostics };
};

/** As in the C# compiler, what the parser could make out is checked even where the syntax is wrong. */
function check(tree: SyntaxTree, engine: ExpressionEngine, returnType: string): { program?: BoundProgram; faults: readonly SyntaxFault[] } {
  const semantics = engine.semantics ?? createSemantics(engine.types);
  return bindProgram(tree, { ...engine, semantics }, engine.types.type(returnType));
}

/** CS0161 and CS1624 belong to the method around the text and come first; at one place the earlier stage speaks first. */
function inTextOrder(faults: readonly SyntaxFault[]): readonly SyntaxFault[] {
  const isAbout = (wanted: string) => (one: SyntaxFault) => one.code === wanted && one.span.end === 0;
  const [misses, yields] = [isAbout('CS0161'), isAbout('CS1624')];
  const position = (one: SyntaxFault) => (misses(one) || yields(one) ? -1 : one.span.start);
  // An iterator need not return.
  const told = faults.some(yields) ? faults.filter((one) => !misses(one)) : faults;
  return withoutRepeats([...told].sort((a, b) => position(a) - position(b)));
}

/** What two stages say about one place is said once. */
function withoutRepeats(faults: readonly SyntaxFault[]): readonly SyntaxFault[] {
  const said = new Set<string>();
  return faults.filter(({ code, message, span }) => {
    const key = `${code} ${span.start} ${message}`;
    return !said.has(key) && said.add(key);
  });
}

/** Nobody reads more; a text of nothing but faults must not make a report many times its size. */
const MOST_FAULTS = 100;

function bounded(faults: readonly SyntaxFault[]): readonly SyntaxFault[] {
  const first = faults[MOST_FAULTS];
  if (first === undefined) return faults;
  const rest = faults.length - MOST_FAULTS;
  return [...faults.slice(0, MOST_FAULTS), { ...moreFaults(rest), severity: 'error', span: first.span }];
}

function emitted(program: BoundProgram, { types, probes, stops }: ExpressionEngine, text: MappedText): CompiledExpression {
  const watchers: EmitWatchers = {
    probes: probes && { hit: probes.hit, declare: (way, kind) => probes.declare(text.file, text.sourceSpan(way), kind) },
    stops: stops && { at: stops.at, declare: (statement, locals) => stops.declare(text.file, text.sourceSpan(statement), locals) },
  };
  const { run, code } = emitProgram(program, types, watchers);
  return { run, code, returnType: program.returnType, naturalType: program.naturalType, reads: program.reads };
}

function placed(faults: readonly SyntaxFault[], code: MappedText): Diagnostic[] {
  return faults.map(({ span, ...fault }) => ({ ...fault, file: code.file, span: code.sourceSpan(span) }));
}
