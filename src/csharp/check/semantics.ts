/**
 * The rules of C# that are about types alone, apart from any tree: conversions, operator and overload resolution, type
 * inference (C# specification, chapters Conversions and Expressions). The binder asks, the rooms `types/` answers.
 */
import type { FoundMember, TypeTable } from '../types/table.ts';
import type { Constructor, Indexer, Method, NamedType, Operator, Parameter, Type } from '../types/type.ts';
import type { BuiltInOperator, ConstantValue, ConversionKind } from './bound.ts';

/** An expression as overload resolution and conversions see it. `type` is null when it has none of its own (null literal, lambda, method group, `default`, throw). */
export interface Operand {
  readonly type: Type | null;
  /** The folded value when it is a constant expression: constants convert where variables do not. */
  readonly constant?: ConstantValue | undefined;
  readonly form?: 'null' | 'default' | 'throw' | LambdaOperand | MethodGroupOperand | TupleOperand;
}
/** A lambda not yet bound. */
export interface LambdaOperand {
  readonly kind: 'lambda';
  /** Undefined for `delegate { … }`, which fits any list. */
  readonly parameterCount: number | undefined;
  /** Where the lambda writes its parameter types. */
  readonly explicitTypes?: readonly Type[];
  /** Binds the body with these parameter types (results are cached by the binder). */
  bindReturn(parameterTypes: readonly Type[]): LambdaResult;
}
export interface LambdaResult {
  /** The inferred return type; void for a statement body without values or a void call; null when nothing can be inferred (`x => null`, errors). */
  readonly returnType: Type | null;
  /** Returned expressions, to test conversions to a known delegate return type. */
  readonly returns: readonly Operand[];
  /** The body may also serve a delegate that returns void: a block without return values, or an expression that may be a statement. */
  readonly fitsVoid: boolean;
  /** The body cannot serve a delegate that returns a value. */
  readonly fitsValue: boolean;
  readonly hasErrors: boolean;
}
export interface MethodGroupOperand {
  readonly kind: 'methodGroup';
  readonly candidates: readonly Candidate[];
  /** Argument 0 of the candidates that are extension methods. */
  readonly receiver?: Operand;
}
export interface TupleOperand {
  readonly kind: 'tuple';
  readonly elements: readonly Operand[];
  readonly names: readonly (string | undefined)[];
}

/** A conversion found between an operand and a type. */
export interface Conversion {
  readonly kind: ConversionKind;
  readonly isImplicit: boolean;
  /** kind user: the operator, where it was found, and its standard conversions before and after. */
  readonly operator?: Operator;
  readonly on?: NamedType;
  readonly before?: Conversion;
  readonly after?: Conversion;
  /**
   * kind lifted: the conversion of the underlying type. kind tuple: one an element. nullableWrap: of the value before
   * wrapping. nullableUnwrap: of the value after unwrapping. Missing where it would be an identity.
   */
  readonly inner?: readonly Conversion[];
  /** Target of this step. */
  readonly to: Type;
  /** Several user-defined conversions fit and none is best. */
  readonly ambiguous?: boolean;
}

export interface Candidate {
  readonly member: Method | Constructor | Indexer | DelegateInvoke;
  readonly on: NamedType;
  /** Explicit type arguments, when written. */
  readonly typeArguments?: readonly Type[];
  /** An extension method called on a receiver: the receiver is argument 0. */
  readonly asExtension: boolean;
}
export interface DelegateInvoke {
  readonly kind: 'delegate';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returnType: Type;
}

export interface CallArgument {
  readonly operand: Operand;
  readonly name?: string;
  readonly modifier?: 'ref' | 'out' | 'in';
  /** `out var x` and `out _` fit every out parameter. */
  readonly isOutDeclaration?: boolean;
}

/** The chosen overload, or why there is none. */
export type OverloadResult = OverloadSuccess | OverloadFailure;
export interface OverloadSuccess {
  readonly ok: true;
  readonly candidate: Candidate;
  /** The method's own type arguments, inferred or written. */
  readonly typeArguments: readonly Type[];
  /** Parameter types after substitution, in parameter order. */
  readonly parameterTypes: readonly Type[];
  readonly returnType: Type;
  /** For each parameter: index of its argument; `params` in expanded form lists several; undefined takes the default value. */
  readonly mapping: readonly (number | readonly number[] | undefined)[];
  readonly expanded: boolean;
}
export interface OverloadFailure {
  readonly ok: false;
  /** The compiler's code and sentence, with the index of the argument to blame when there is one. */
  readonly code: string;
  readonly message: string;
  readonly argument?: number;
  /** The argument is a lambda and this one of its returned expressions (index into LambdaResult.returns) is to blame. */
  readonly lambdaReturn?: number;
}

/** What a built-in or user-defined operator resolves to; `leftType`/`rightType` are what the operands must be converted to. */
export type OperatorResult =
  | {
      readonly kind: 'builtIn';
      readonly operandType: Type;
      readonly leftType: Type;
      readonly rightType: Type;
      readonly resultType: Type;
      readonly lifted: boolean;
    }
  | { readonly kind: 'concat' }
  | {
      readonly kind: 'user';
      readonly operator: Operator;
      readonly on: NamedType;
      readonly leftType: Type;
      readonly rightType: Type;
      readonly resultType: Type;
      readonly lifted: boolean;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous' };

export interface Semantics {
  readonly types: TypeTable;
  /** The best implicit conversion, or undefined. */
  implicit(from: Operand, to: Type): Conversion | undefined;
  /** Implicit or explicit conversion (a cast), or undefined. */
  explicit(from: Operand, to: Type): Conversion | undefined;
  resolve(candidates: readonly Candidate[], args: readonly CallArgument[]): OverloadResult;
  binary(operator: BuiltInOperator, left: Operand, right: Operand): OperatorResult;
  unary(operator: '+' | '-' | '!' | '~' | '++' | '--', operand: Operand): OperatorResult;
  /** The best common type of several operands (new[], lambda returns), or undefined. Operands without a type have no say: they may not convert. */
  bestCommonType(operands: readonly Operand[]): Type | undefined;
  /** Delegate signature of a type, type arguments filled in; undefined when it is no delegate. */
  delegateOf(type: Type): DelegateInvoke | undefined;
  /** Element type when the type can be enumerated by foreach; undefined otherwise. */
  elementTypeOf(type: Type): Type | undefined;
  members(type: Type, name: string): readonly FoundMember[];
}
