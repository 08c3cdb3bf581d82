/**
 * What the checker makes of a syntax tree: every name resolved, every conversion written out, every overload picked,
 * queries and foreach lowered to calls. The emitter turns it into JavaScript without deciding anything about C#.
 * `type` is the static type of an expression, which also fixes its representation (runtime/values.ts).
 */
import type { Span } from '../../source/span.ts';
import type { AnonymousType, ArrayType, Constructor, Field, Indexer, Method, NamedType, Operator, Property, Type } from '../types/type.ts';

interface BoundBase {
  readonly span: Span;
  readonly type: Type;
}

export type BoundExpression =
  | BoundLiteral
  | BoundLocal
  | BoundContext
  | BoundTypeOf
  | BoundCall
  | BoundInvoke
  | BoundLocalFunctionCall
  | BoundProperty
  | BoundIndexer
  | BoundField
  | BoundArrayElement
  | BoundArrayLength
  | BoundAnonymousMember
  | BoundNew
  | BoundNewArray
  | BoundNewAnonymous
  | BoundTuple
  | BoundLambda
  | BoundMethodGroup
  | BoundConversion
  | BoundUnary
  | BoundBinary
  | BoundLogical
  | BoundUserOperator
  | BoundConcat
  | BoundInterpolated
  | BoundConditional
  | BoundCoalesce
  | BoundConditionalAccess
  | BoundReceiver
  | BoundAssign
  | BoundCompoundAssign
  | BoundIncrement
  | BoundDeconstruct
  | BoundIs
  | BoundAs
  | BoundThrowExpression
  | BoundDefault
  | BoundOutVariable
  | BoundDiscard
  | BoundSequence
  | BoundReferenceOf
  | BoundTarget;

/** A variable: local, parameter, range variable, pattern variable. Identity is the object. */
export interface LocalSymbol {
  readonly name: string;
  readonly type: Type;
  readonly kind: 'local' | 'parameter' | 'const' | 'foreach' | 'using';
  /** Assigned inside a lambda or local function that captures it, or captured at all: loops then need a fresh one a round. */
  captured: boolean;
  /** Declared `ref`/`out` parameter of a local function or lambda: its value is a `Ref`. */
  readonly byRef: boolean;
  /** How a parameter of a local function or lambda is passed; flow analysis asks that `out` ones get a value. */
  readonly modifier?: 'ref' | 'out' | 'in';
  readonly declaredAt: Span;
}

/** A constant of the type, folded; `value` in run-time representation (decimal: its text, as `{ decimal: '1.20' }`). */
export interface BoundLiteral extends BoundBase {
  readonly kind: 'literal';
  readonly value: ConstantValue;
}
export type ConstantValue = string | number | bigint | boolean | null | { readonly decimal: string };

export interface BoundLocal extends BoundBase {
  readonly kind: 'local';
  readonly local: LocalSymbol;
}
/** The `context` parameter. */
export interface BoundContext extends BoundBase {
  readonly kind: 'context';
}
export interface BoundTypeOf extends BoundBase {
  readonly kind: 'typeOf';
  readonly of: Type;
}

/** One argument in parameter order; conversions to the parameter's type are written out. */
export type BoundArgument =
  | { readonly kind: 'value'; readonly value: BoundExpression }
  /** `ref x`, `out x`, `in x`: a place (local, array element, field) or an out variable or a discard. */
  | { readonly kind: 'reference'; readonly modifier: 'ref' | 'out' | 'in'; readonly place: BoundExpression };

/** Order in which the arguments are evaluated when named arguments change it: indexes into `args`. */
export type EvaluationOrder = readonly number[] | undefined;

/** A library method. Extension methods are static: their receiver is the first argument. `typeArguments` are the method's own. */
export interface BoundCall extends BoundBase {
  readonly kind: 'call';
  readonly method: Method;
  /** The constructed type the method was found on: its arguments come first in `types` of a special implementation. */
  readonly on: NamedType;
  readonly typeArguments: readonly Type[];
  readonly receiver?: BoundExpression;
  readonly args: readonly BoundArgument[];
  readonly order: EvaluationOrder;
  /**
   * The receiver's representation is that of `on` (for a value type receiver of an inherited method such as
   * `Object.ToString` the checker wraps the receiver in a boxing conversion).
   */
}
/** A call of a delegate value. */
export interface BoundInvoke extends BoundBase {
  readonly kind: 'invoke';
  readonly target: BoundExpression;
  readonly args: readonly BoundArgument[];
  readonly order: EvaluationOrder;
}
export interface BoundLocalFunctionCall extends BoundBase {
  readonly kind: 'localCall';
  readonly function: LocalFunctionSymbol;
  readonly args: readonly BoundArgument[];
  readonly order: EvaluationOrder;
}
export interface LocalFunctionSymbol {
  readonly name: string;
  readonly typeParameters: readonly Type[];
  readonly parameters: readonly LocalSymbol[];
  readonly returnType: Type;
  /** Set once the body is checked. */
  body: BoundBlock | undefined;
  readonly isIterator: boolean;
  /** Gives a reference (`Ref`) to a place instead of a value; `readonly` ones cannot be written through. */
  readonly returnsRef?: 'ref' | 'readonly';
}
/** A reference to a place, as `return ref` gives it: an object whose `value` reads and writes the place. */
export interface BoundReferenceOf extends BoundBase {
  readonly kind: 'referenceOf';
  readonly place: BoundExpression;
}
/** The place behind a reference. */
export interface BoundTarget extends BoundBase {
  readonly kind: 'target';
  readonly reference: BoundExpression;
  readonly isReadonly: boolean;
}
export interface BoundProperty extends BoundBase {
  readonly kind: 'property';
  readonly property: Property;
  readonly on: NamedType;
  readonly receiver?: BoundExpression;
}
export interface BoundIndexer extends BoundBase {
  readonly kind: 'indexer';
  readonly indexer: Indexer;
  readonly on: NamedType;
  readonly receiver: BoundExpression;
  readonly args: readonly BoundArgument[];
}
/** A static readonly field, or a field of a value tuple (constants are literals). */
export interface BoundField extends BoundBase {
  readonly kind: 'field';
  readonly field: Field;
  readonly on: NamedType;
  readonly receiver?: BoundExpression;
}
export interface BoundArrayElement extends BoundBase {
  readonly kind: 'arrayElement';
  readonly array: BoundExpression;
  /** int, uint, long or ulong each, one a dimension. */
  readonly indexes: readonly BoundExpression[];
}
/** `Length` of a one-dimensional array. */
export interface BoundArrayLength extends BoundBase {
  readonly kind: 'arrayLength';
  readonly array: BoundExpression;
}
export interface BoundAnonymousMember extends BoundBase {
  readonly kind: 'anonymousMember';
  readonly receiver: BoundExpression;
  readonly name: string;
}
export interface BoundNew extends BoundBase {
  readonly kind: 'new';
  readonly type: NamedType;
  /** Undefined for the parameterless constructor of a struct: its default value. */
  readonly constructorMember: Constructor | undefined;
  readonly args: readonly BoundArgument[];
  readonly order: EvaluationOrder;
  /** Initializer steps in order; each works on the new object through `receiver`. */
  readonly initializers: readonly BoundInitializer[];
  /** What `BoundReceiver` nodes inside `initializers` stand for. */
  readonly receiver: ReceiverSymbol;
}
/** An assignment, a call of Add, or a nested initializer on a member. */
export type BoundInitializer =
  | { readonly kind: 'step'; readonly expression: BoundExpression }
  | {
      readonly kind: 'nested';
      readonly target: BoundExpression;
      readonly receiver: ReceiverSymbol;
      readonly initializers: readonly BoundInitializer[];
    };

/** A value evaluated once and named: the object under construction, the non-null value of `?.`. */
export interface ReceiverSymbol {
  readonly id: symbol;
  readonly type: Type;
}
export interface BoundReceiver extends BoundBase {
  readonly kind: 'receiver';
  readonly symbol: ReceiverSymbol;
}
export interface BoundNewArray extends BoundBase {
  readonly kind: 'newArray';
  readonly type: ArrayType;
  readonly sizes: readonly BoundExpression[];
  /** Nested for several dimensions; undefined when only sizes are given. */
  readonly values?: BoundArrayValues;
}
export type BoundArrayValues = readonly (BoundExpression | { readonly kind: 'row'; readonly values: BoundArrayValues })[];
export interface BoundNewAnonymous extends BoundBase {
  readonly kind: 'newAnonymous';
  readonly type: AnonymousType;
  /** In the order of the type's members. */
  readonly values: readonly BoundExpression[];
}
export interface BoundTuple extends BoundBase {
  readonly kind: 'tuple';
  readonly type: NamedType;
  readonly values: readonly BoundExpression[];
}
/** A lambda, anonymous method or local function turned into a delegate of `type`. */
export interface BoundLambda extends BoundBase {
  readonly kind: 'lambda';
  readonly parameters: readonly LocalSymbol[];
  readonly body: BoundBlock | BoundExpression;
  readonly returnType: Type;
  /** The `=>`, or the word `delegate`: where a missing return is reported. */
  readonly arrow?: Span;
}
/** `list.ForEach(sb.Append)`: a method turned into a delegate; `adapter` is the same written as a lambda. */
export interface BoundMethodGroup extends BoundBase {
  readonly kind: 'methodGroup';
  /** Evaluated once, when the delegate is made. */
  readonly receiver?: { readonly symbol: ReceiverSymbol; readonly value: BoundExpression };
  readonly adapter: BoundLambda;
}

/**
 * How a value changes its type. The emitter acts by kind and the two types:
 * - identity, reference: nothing (up-casts; string to IEnumerable<char> makes an iterable of code units)
 * - boxing / unboxing: to and from the object representation (unboxing checks the exact type, null throws NullReferenceException)
 * - explicitReference: a run-time type check, InvalidCastException if it fails
 * - numeric: between primitive numeric types, char, enums, decimal (checked or not; implicit ones never fail)
 * - nullableWrap T to T?; nullableUnwrap T? to T (null throws InvalidOperationException); lifted: `inner` under T?
 * - null: the null literal to a reference or nullable type
 * - user: a user-defined operator with conversions before and after
 * - tuple: element by element; - throw: of a throw expression; - delegate: none needed
 */
export type ConversionKind =
  | 'identity'
  | 'reference'
  | 'boxing'
  | 'unboxing'
  | 'explicitReference'
  | 'numeric'
  | 'nullableWrap'
  | 'nullableUnwrap'
  | 'lifted'
  | 'null'
  | 'user'
  | 'tuple';

export interface BoundConversion extends BoundBase {
  readonly kind: 'conversion';
  readonly conversion: ConversionKind;
  readonly operand: BoundExpression;
  readonly checked: boolean;
  /** kind `user`: the operator and the constructed type that declares it. */
  readonly operator?: Operator;
  readonly on?: NamedType;
  /** kinds `lifted` and `tuple`: the conversion of the inner value(s), written on a BoundReceiver. */
  readonly inner?: readonly { readonly receiver: ReceiverSymbol; readonly value: BoundExpression }[];
}
/** Built-in unary operator on the promoted type (`type` equals the operand's, but for lifted ones it is T? both ways). */
export interface BoundUnary extends BoundBase {
  readonly kind: 'unary';
  readonly operator: '+' | '-' | '!' | '~';
  readonly operand: BoundExpression;
  readonly checked: boolean;
  readonly lifted: boolean;
}
export type BuiltInOperator = '+' | '-' | '*' | '/' | '%' | '<<' | '>>' | '&' | '|' | '^' | '==' | '!=' | '<' | '>' | '<=' | '>=';
/**
 * Built-in binary operator. `operandType` is the promoted type both operands have been converted to (shift counts are
 * int): int, uint, long, ulong, float, double, decimal is a user operator; bool; an enum; string (== and != only);
 * object for reference equality. `lifted`: operands are `operandType?`; arithmetic gives T?, comparison bool,
 * `&` and `|` on bool? are three-valued.
 */
export interface BoundBinary extends BoundBase {
  readonly kind: 'binary';
  readonly operator: BuiltInOperator;
  readonly operandType: Type;
  readonly left: BoundExpression;
  readonly right: BoundExpression;
  readonly checked: boolean;
  readonly lifted: boolean;
}
/** `&&`, `||` on bool. */
export interface BoundLogical extends BoundBase {
  readonly kind: 'logical';
  readonly operator: '&&' | '||';
  readonly left: BoundExpression;
  readonly right: BoundExpression;
}
/** A user-defined unary or binary operator (decimal, DateTime, TimeSpan, string-like types, JToken …). */
export interface BoundUserOperator extends BoundBase {
  readonly kind: 'userOperator';
  readonly operator: Operator;
  readonly on: NamedType;
  readonly args: readonly BoundExpression[];
  readonly lifted: boolean;
}
/** String `+`, flattened: each part is string- or object-typed or a value type; null gives nothing. */
export interface BoundConcat extends BoundBase {
  readonly kind: 'concat';
  readonly parts: readonly BoundExpression[];
}
export interface BoundInterpolated extends BoundBase {
  readonly kind: 'interpolated';
  readonly parts: readonly (string | { readonly value: BoundExpression; readonly alignment?: number; readonly format?: string })[];
}
export interface BoundConditional extends BoundBase {
  readonly kind: 'conditional';
  readonly condition: BoundExpression;
  readonly whenTrue: BoundExpression;
  readonly whenFalse: BoundExpression;
}
/** `a ?? b`: `left` as evaluated once; `converted` is the non-null value of `left` turned into `type` (on the receiver). */
export interface BoundCoalesce extends BoundBase {
  readonly kind: 'coalesce';
  readonly left: BoundExpression;
  readonly receiver: ReceiverSymbol;
  readonly converted: BoundExpression;
  readonly right: BoundExpression;
}
/** `a?.b`: null when the target is null, otherwise `whenNotNull`, which uses the receiver. A void access has type void. */
export interface BoundConditionalAccess extends BoundBase {
  readonly kind: 'conditionalAccess';
  readonly target: BoundExpression;
  readonly receiver: ReceiverSymbol;
  readonly whenNotNull: BoundExpression;
}
/** Anything that can stand on the left of `=`: local, property, indexer, field, array element, discard. */
export type BoundPlace = BoundExpression;
export interface BoundAssign extends BoundBase {
  readonly kind: 'assign';
  readonly target: BoundPlace;
  readonly value: BoundExpression;
}
/** `x op= v`: the target is evaluated once; `value` computes the new value from `receiver` (the old one). */
export interface BoundCompoundAssign extends BoundBase {
  readonly kind: 'compoundAssign';
  readonly target: BoundPlace;
  readonly receiver: ReceiverSymbol;
  readonly value: BoundExpression;
}
/** `x++` and the like: `value` computes the new value from `receiver`; a postfix form gives the old one. */
export interface BoundIncrement extends BoundBase {
  readonly kind: 'increment';
  readonly postfix: boolean;
  readonly target: BoundPlace;
  readonly receiver: ReceiverSymbol;
  readonly value: BoundExpression;
}
/** `(a, b) = value`: `parts` give, for each target in order, the element on the receiver. */
export interface BoundDeconstruct extends BoundBase {
  readonly kind: 'deconstruct';
  readonly value: BoundExpression;
  readonly receiver: ReceiverSymbol;
  /** Runs first where a Deconstruct method fills out variables. */
  readonly prepare?: BoundExpression;
  readonly assignments: readonly { readonly target: BoundPlace; readonly value: BoundExpression }[];
}
export interface BoundIs extends BoundBase {
  readonly kind: 'is';
  readonly operand: BoundExpression;
  readonly pattern: BoundPattern;
}
export type BoundPattern =
  /** `operandType` is the static type of the value that is tested. */
  | { readonly kind: 'type'; readonly type: Type; readonly operandType: Type; readonly local?: LocalSymbol }
  /** Equality with a constant: null, or of a type the operand may hold. */
  | { readonly kind: 'constant'; readonly value: BoundLiteral; readonly operandType: Type }
  | { readonly kind: 'var'; readonly local?: LocalSymbol }
  | { readonly kind: 'discard' };
export interface BoundAs extends BoundBase {
  readonly kind: 'as';
  readonly operand: BoundExpression;
}
export interface BoundThrowExpression extends BoundBase {
  readonly kind: 'throwExpression';
  readonly value: BoundExpression;
}
/** The default value of the type. */
export interface BoundDefault extends BoundBase {
  readonly kind: 'default';
}
/** `out var x`: declares the local in the enclosing scope. */
export interface BoundOutVariable extends BoundBase {
  readonly kind: 'outVariable';
  readonly local: LocalSymbol;
}
export interface BoundDiscard extends BoundBase {
  readonly kind: 'discard';
}
/** Evaluates `first` for its effect, then gives `value`. */
export interface BoundSequence extends BoundBase {
  readonly kind: 'sequence';
  readonly first: readonly BoundExpression[];
  readonly value: BoundExpression;
}

// ---------------------------------------------------------------- statements

export type BoundStatement =
  | BoundBlock
  | { readonly kind: 'declare'; readonly span: Span; readonly local: LocalSymbol; readonly value?: BoundExpression }
  | { readonly kind: 'localFunction'; readonly span: Span; readonly function: LocalFunctionSymbol }
  | { readonly kind: 'expression'; readonly span: Span; readonly expression: BoundExpression }
  | {
      readonly kind: 'if';
      readonly span: Span;
      readonly condition: BoundExpression;
      readonly whenTrue: BoundStatement;
      readonly whenFalse?: BoundStatement;
    }
  | { readonly kind: 'while'; readonly span: Span; readonly condition: BoundExpression; readonly body: BoundStatement }
  | { readonly kind: 'do'; readonly span: Span; readonly body: BoundStatement; readonly condition: BoundExpression }
  | BoundFor
  | BoundForEach
  | BoundSwitch
  | { readonly kind: 'break'; readonly span: Span }
  | { readonly kind: 'continue'; readonly span: Span }
  | { readonly kind: 'goto'; readonly span: Span; readonly target: GotoTarget }
  | { readonly kind: 'label'; readonly span: Span; readonly label: string; readonly statement: BoundStatement }
  | { readonly kind: 'return'; readonly span: Span; readonly value?: BoundExpression }
  | { readonly kind: 'throw'; readonly span: Span; readonly value?: BoundExpression }
  | BoundTry
  | {
      readonly kind: 'using';
      readonly span: Span;
      readonly resources: readonly BoundStatement[];
      readonly locals: readonly LocalSymbol[];
      readonly expression?: BoundExpression;
      readonly body: BoundStatement;
    }
  | { readonly kind: 'yield'; readonly span: Span; readonly value?: BoundExpression };

/** `goto case` and `goto default` name the section of the innermost switch by index. */
export type GotoTarget = { readonly kind: 'label'; readonly label: string } | { readonly kind: 'section'; readonly index: number };

export interface BoundBlock {
  readonly kind: 'block';
  readonly span: Span;
  readonly statements: readonly BoundStatement[];
  /** Pattern and out variables whose scope is this block. */
  readonly locals: readonly LocalSymbol[];
}
export interface BoundFor {
  readonly kind: 'for';
  readonly span: Span;
  readonly initializers: readonly BoundStatement[];
  readonly condition?: BoundExpression;
  readonly incrementors: readonly BoundExpression[];
  readonly body: BoundStatement;
  readonly locals: readonly LocalSymbol[];
}
/** `source` is an iterable, an array, or a string; `element` turns one item (the receiver) into the loop variable's type. */
export interface BoundForEach {
  readonly kind: 'forEach';
  readonly span: Span;
  readonly source: BoundExpression;
  readonly itemType: Type;
  readonly receiver: ReceiverSymbol;
  /** Assigned at the start of each round: one for a plain loop variable, several for a deconstruction. */
  readonly assignments: readonly { readonly local: LocalSymbol; readonly value: BoundExpression }[];
  readonly body: BoundStatement;
}
/** Sections are tried in order of their labels; the default section comes last wherever it stands. */
export interface BoundSwitch {
  readonly kind: 'switch';
  readonly span: Span;
  readonly value: BoundExpression;
  readonly sections: readonly BoundSwitchSection[];
}
export interface BoundSwitchSection {
  readonly labels: readonly { readonly pattern: BoundPattern; readonly when?: BoundExpression }[];
  readonly isDefault: boolean;
  /** The last label as written, `case 1:`; where falling through is reported. */
  readonly lastLabel?: Span;
  readonly locals: readonly LocalSymbol[];
  readonly statements: readonly BoundStatement[];
}
export interface BoundTry {
  readonly kind: 'try';
  readonly span: Span;
  readonly body: BoundBlock;
  readonly catches: readonly {
    /** Undefined catches everything. */
    readonly type: NamedType | undefined;
    readonly local?: LocalSymbol;
    readonly filter?: BoundExpression;
    readonly body: BoundBlock;
  }[];
  readonly finally?: BoundBlock;
}

/** A checked expression: `@(…)` as a block with one return. */
export interface BoundProgram {
  readonly body: BoundBlock;
  /** What `return` values are converted to: `object` unless a position wants another type. */
  readonly returnType: Type;
  /** The static type before that conversion when all returns agree (docs, eval), else undefined. */
  readonly naturalType: Type | undefined;
  /** Which message bodies the program reads; the pipeline buffers those before it runs. */
  readonly reads: BodyReads;
}
export interface BodyReads {
  readonly request: boolean;
  readonly response: boolean;
}
