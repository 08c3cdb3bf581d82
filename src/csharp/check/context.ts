import type { Span } from '../../source/span.ts';
import type { ExpressionEngine } from '../compile.ts';
import type { Expression, Lambda, SyntaxFault } from '../syntax/ast.ts';
import { displayType } from '../types/display.ts';
import type { TypeTable } from '../types/table.ts';
import type { NamedType, Type } from '../types/type.ts';
import type { BoundExpression, ConstantValue, LocalSymbol, ReceiverSymbol } from './bound.ts';
import type { Wording } from './faults.ts';
import { Frame } from './frame.ts';
import { ReadsTracker } from './reads.ts';
import { Scope } from './scope.ts';
import type { Semantics } from './semantics.ts';
import type { Term } from './terms.ts';

export type CheckedEngine = ExpressionEngine & { readonly semantics: Semantics };

/** `default` is unchecked at run time, yet constants that overflow are errors (C# specification, checked and unchecked). */
export type OverflowMode = 'default' | 'checked' | 'unchecked';

/** A range variable of a query: the members that lead to it from the lambda's only parameter. */
export interface RangeVariable {
  readonly name: string;
  readonly path: readonly string[];
}

/** Where a deferred piece of binding (a lambda's body) has to go back to. */
export interface Environment {
  readonly scope: Scope;
  readonly frame: Frame;
  readonly overflow: OverflowMode;
  readonly receivers: readonly BoundExpression[];
}

/** Deepest nesting of expressions and statements before the compiler gives up (CS8078); keeps hostile input off the JavaScript stack. */
const DEEPEST = 1000;

/** Thrown past the whole binding when the text nests too deeply; `bindProgram` turns it into CS8078. */
export class TooComplex extends Error {
  readonly span: Span;
  constructor(span: Span) {
    super('too complex');
    this.span = span;
  }
}

/** What all parts of the checker share while one expression is bound. */
export class Binder {
  readonly engine: CheckedEngine;
  readonly types: TypeTable;
  readonly semantics: Semantics;
  readonly reads = new ReadsTracker();
  /** Range variables that a lambda made from a query clause brings along. */
  readonly ranges = new WeakMap<Lambda, readonly RangeVariable[]>();
  /** Expressions bound already (query sources): bound once, used in place. */
  readonly prebound = new WeakMap<Expression, Term>();
  readonly error: Type;
  faults: SyntaxFault[] = [];
  scope: Scope;
  frame: Frame;
  overflow: OverflowMode = 'default';
  /** What member and element bindings of `?.` stand for, innermost last. */
  receivers: readonly BoundExpression[] = [];
  /** Bound copies of generic local functions so far; a bound on what a policy's text can make of itself. */
  copies = 0;
  #depth = 0;
  #names = 0;

  constructor(engine: CheckedEngine, returnType: Type) {
    this.engine = engine;
    this.types = engine.types;
    this.semantics = engine.semantics;
    this.error = engine.types.special('error');
    this.frame = new Frame('program', returnType);
    this.scope = new Scope(undefined, this.frame);
  }

  /** A built-in type by keyword or full name. */
  type(name: string): NamedType {
    return this.types.type(name);
  }

  get void(): Type {
    return this.types.special('void');
  }

  show(type: Type): string {
    return this.types.display(type);
  }

  /** With namespaces, as the compiler writes the two types of a failed conversion. */
  showFully(type: Type): string {
    return displayType(type, true);
  }

  report(span: Span, wording: Wording): void {
    this.faults.push({ ...wording, severity: 'error', span });
  }

  /** The value that stands for something wrong and already reported. */
  wrong(span: Span): BoundExpression {
    return { kind: 'default', type: this.error, span };
  }

  /** Reports and gives the error value. */
  refuse(span: Span, wording: Wording): BoundExpression {
    this.report(span, wording);
    return this.wrong(span);
  }

  literal(value: ConstantValue, type: Type, span: Span): BoundExpression {
    return { kind: 'literal', value, type, span };
  }

  receiver(type: Type): ReceiverSymbol {
    return { id: Symbol('receiver'), type };
  }

  /** A variable of our own in the current scope, for values that a lowering needs twice. */
  helper(type: Type, at: Span): LocalSymbol {
    this.#names += 1;
    const local: LocalSymbol = { name: `<>h${this.#names}`, type, kind: 'local', captured: false, byRef: false, declaredAt: at };
    this.scope.variables.push(local);
    return local;
  }

  /** A name no text can hold, for parameters of lowered queries. */
  freshName(): string {
    this.#names += 1;
    return `<>t${this.#names}`;
  }

  nested<T>(span: Span, work: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new TooComplex(span);
    try {
      return work();
    } finally {
      this.#depth -= 1;
    }
  }

  /** Runs in a new scope inside the present one. */
  inScope<T>(work: (scope: Scope) => T, scope = new Scope(this.scope, this.frame)): T {
    const before = this.scope;
    this.scope = scope;
    try {
      return work(scope);
    } finally {
      this.scope = before;
    }
  }

  withOverflow<T>(mode: OverflowMode, work: () => T): T {
    const before = this.overflow;
    this.overflow = mode;
    try {
      return work();
    } finally {
      this.overflow = before;
    }
  }

  environment(): Environment {
    return { scope: this.scope, frame: this.frame, overflow: this.overflow, receivers: this.receivers };
  }

  /** Goes back to an environment for a deferred piece of work; its faults are given back rather than reported. */
  within<T>(place: Environment, work: () => T): { readonly result: T; readonly faults: readonly SyntaxFault[] } {
    const before = this.environment();
    const faults = this.faults;
    this.faults = [];
    this.#enter(place);
    try {
      const result = work();
      return { result, faults: this.faults };
    } finally {
      this.#enter(before);
      this.faults = faults;
    }
  }

  #enter(place: Environment): void {
    this.scope = place.scope;
    this.frame = place.frame;
    this.overflow = place.overflow;
    this.receivers = place.receivers;
  }
}
