/**
 * What an expression is before its use decides what becomes of it: most are values, others have no type of their own
 * (lambdas, method groups, `null`, `default`, throw, tuples) or are no expressions at all (types, namespaces).
 */
import type { Span } from '../../source/span.ts';
import type { Lambda } from '../syntax/ast.ts';
import type { FoundMember } from '../types/table.ts';
import type { Method, Type } from '../types/type.ts';
import type { BoundExpression } from './bound.ts';
import type { LambdaBindings } from './lambdas.ts';
import type { LocalFunctionEntry } from './local-functions.ts';

interface TermBase {
  readonly span: Span;
}

export type Term =
  | ValueTerm
  | TypeTerm
  | NamespaceTerm
  | MethodsTerm
  | LocalFunctionTerm
  | LambdaTerm
  | DefaultTerm
  | ThrowTerm
  | TupleTerm;

export interface ValueTerm extends TermBase {
  readonly kind: 'value';
  readonly value: BoundExpression;
  /** Written as a literal, not folded: matters for the wording of failed conversions only. */
  readonly isLiteral?: boolean;
  /** The type of the same name as this variable (the Color Color rule of the C# specification). */
  readonly alsoType?: Type;
}
export interface TypeTerm extends TermBase {
  readonly kind: 'type';
  readonly type: Type;
}
export interface NamespaceTerm extends TermBase {
  readonly kind: 'namespace';
  readonly name: string;
}
/** Methods of one name, not yet called. */
export interface MethodsTerm extends TermBase {
  readonly kind: 'methods';
  readonly name: string;
  readonly nameSpan: Span;
  readonly instance: readonly FoundMember[];
  readonly extensions: readonly Method[];
  readonly receiver: BoundExpression | undefined;
  /** The type the methods were looked up in. */
  readonly on: Type;
  /** Static members may be meant too: a type name, or a variable named as its type. */
  readonly viaType: boolean;
  readonly typeArguments: readonly Type[] | undefined;
}
export interface LocalFunctionTerm extends TermBase {
  readonly kind: 'localFunction';
  readonly function: LocalFunctionEntry;
  readonly typeArguments: readonly Type[] | undefined;
}
export interface LambdaTerm extends TermBase {
  readonly kind: 'lambda';
  readonly syntax: Lambda;
  readonly bindings: LambdaBindings;
}
export interface DefaultTerm extends TermBase {
  readonly kind: 'default';
}
export interface ThrowTerm extends TermBase {
  readonly kind: 'throw';
  readonly value: BoundExpression;
}
export interface TupleTerm extends TermBase {
  readonly kind: 'tuple';
  readonly elements: readonly Term[];
  readonly names: readonly (string | undefined)[];
  /** The tuple type when every element has one. */
  readonly type: Type | null;
}

export function valueTerm(value: BoundExpression): ValueTerm {
  return { kind: 'value', value, span: value.span };
}
