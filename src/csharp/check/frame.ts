import type { Span } from '../../source/span.ts';
import type { Type } from '../types/type.ts';
import type { BoundExpression } from './bound.ts';
import type { Term } from './terms.ts';

/** A bound `return`; its value is filled in once the return type is known. */
export interface ReturnStatement {
  readonly kind: 'return';
  readonly span: Span;
  value?: BoundExpression;
}
export interface ReturnSite {
  readonly statement: ReturnStatement;
  readonly term: Term | undefined;
}

/** The constructs around a statement that `break`, `continue`, `throw;` and `return` look for. */
export interface Surroundings {
  readonly breakable: boolean;
  readonly continuable: boolean;
  readonly inCatch: boolean;
  readonly inFinally: boolean;
  readonly goto: SwitchTargets | undefined;
}
/** Where `goto case` and `goto default` lead in the innermost switch. */
export interface SwitchTargets {
  readonly governing: Type;
  sectionOf(key: string): number | undefined;
  readonly defaultSection: number | undefined;
}

const NO_SURROUNDINGS: Surroundings = {
  breakable: false,
  continuable: false,
  inCatch: false,
  inFinally: false,
  goto: undefined,
};

/** The function whose body is being bound: the expression itself, a lambda, or a local function. */
export class Frame {
  readonly kind: 'program' | 'lambda' | 'localFunction';
  /** Undefined in a lambda: its delegate decides later. */
  readonly returnType: Type | undefined;
  readonly returns: ReturnSite[] = [];
  /** Element type of an iterator function. */
  readonly yieldType: Type | undefined;
  /** How messages name a local function. */
  readonly name: string;
  /** A local function that returns by reference. */
  readonly returnsRef: boolean;
  surroundings: Surroundings = NO_SURROUNDINGS;

  constructor(kind: Frame['kind'], returnType: Type | undefined, yieldType?: Type, name = 'expression', returnsRef = false) {
    this.kind = kind;
    this.returnType = returnType;
    this.yieldType = yieldType;
    this.name = name;
    this.returnsRef = returnsRef;
  }
}
