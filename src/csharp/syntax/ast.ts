/**
 * The syntax tree of a policy expression: immutable plain data. Spans are offsets in the expression's own text
 * (`MappedText` turns them into places in the file). Nodes are told apart by `kind`; the checker keeps its findings
 * in a tree of its own (`check/bound.ts`) and never writes here.
 */
import type { Span } from '../../source/span.ts';

/** An identifier with its place; `@class` has the text `class`. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

interface Node {
  readonly span: Span;
}

// ---------------------------------------------------------------- types

export type TypeSyntax = NamedTypeSyntax | ArrayTypeSyntax | NullableTypeSyntax | TupleTypeSyntax | VarTypeSyntax;

/** `int`, `List<string>`, `System.Net.WebUtility`, `Dictionary<,>` (an omitted argument is undefined). */
export interface NamedTypeSyntax extends Node {
  readonly kind: 'namedType';
  readonly parts: readonly { readonly name: Name; readonly typeArguments?: readonly (TypeSyntax | undefined)[] }[];
  /** True for the C# keywords such as `int` and `string` (and `void`). */
  readonly predefined: boolean;
}
/** `int[]`, `int[,]`: `rank` counts the dimensions of one pair of brackets. `int[][,]` is an array of `int[,]`. */
export interface ArrayTypeSyntax extends Node {
  readonly kind: 'arrayType';
  readonly element: TypeSyntax;
  readonly rank: number;
}
export interface NullableTypeSyntax extends Node {
  readonly kind: 'nullableType';
  readonly element: TypeSyntax;
}
export interface TupleTypeSyntax extends Node {
  readonly kind: 'tupleType';
  readonly elements: readonly { readonly type: TypeSyntax; readonly name?: Name }[];
}
/** `var` where a type may be inferred. */
export interface VarTypeSyntax extends Node {
  readonly kind: 'varType';
}

// ---------------------------------------------------------------- expressions

export type Expression =
  | LiteralExpression
  | InterpolatedString
  | NameExpression
  | PredefinedTypeExpression
  | MemberAccess
  | ConditionalAccess
  | MemberBinding
  | ElementBinding
  | ElementAccess
  | Invocation
  | ObjectCreation
  | ArrayCreation
  | AnonymousObjectCreation
  | Lambda
  | UnaryExpression
  | PostfixExpression
  | BinaryExpression
  | AssignmentExpression
  | ConditionalExpression
  | CastExpression
  | IsExpression
  | AsExpression
  | ParenthesizedExpression
  | TupleExpression
  | DeclarationExpression
  | ThrowExpression
  | TypeOfExpression
  | SizeOfExpression
  | DefaultExpression
  | CheckedExpression
  | QueryExpression
  | ThisExpression
  | RefExpression
  | MissingExpression;

/** `type` is the literal's C# type; `value`: string, char (its code unit as number), number, bigint, boolean, null; decimals keep their text. */
export interface LiteralExpression extends Node {
  readonly kind: 'literal';
  readonly type: 'int' | 'uint' | 'long' | 'ulong' | 'float' | 'double' | 'decimal' | 'string' | 'char' | 'bool' | 'null';
  readonly value: string | number | bigint | boolean | null;
  /** The text as written, without digit separators and suffix. */
  readonly text: string;
}
export interface InterpolatedString extends Node {
  readonly kind: 'interpolatedString';
  readonly parts: readonly (InterpolatedText | Interpolation)[];
}
export interface InterpolatedText extends Node {
  readonly kind: 'text';
  readonly text: string;
}
export interface Interpolation extends Node {
  readonly kind: 'hole';
  readonly expression: Expression;
  readonly alignment?: Expression;
  readonly format?: string;
}
/** `x`, `Foo<int>`. */
export interface NameExpression extends Node {
  readonly kind: 'name';
  readonly name: Name;
  readonly typeArguments?: readonly TypeSyntax[];
}
/** `string` in `string.Join(...)`. */
export interface PredefinedTypeExpression extends Node {
  readonly kind: 'predefinedType';
  readonly name: string;
}
/** `a.B`, `a.B<T>`. */
export interface MemberAccess extends Node {
  readonly kind: 'memberAccess';
  readonly target: Expression;
  readonly name: Name;
  readonly typeArguments?: readonly TypeSyntax[];
}
/** `a?.rest`: `rest` starts at a MemberBinding or ElementBinding, which stands for the non-null value of `target`. */
export interface ConditionalAccess extends Node {
  readonly kind: 'conditionalAccess';
  readonly target: Expression;
  readonly rest: Expression;
}
export interface MemberBinding extends Node {
  readonly kind: 'memberBinding';
  readonly name: Name;
  readonly typeArguments?: readonly TypeSyntax[];
}
export interface ElementBinding extends Node {
  readonly kind: 'elementBinding';
  readonly args: readonly Argument[];
}
export interface ElementAccess extends Node {
  readonly kind: 'elementAccess';
  readonly target: Expression;
  readonly args: readonly Argument[];
}
export interface Argument extends Node {
  readonly name?: Name;
  readonly modifier?: 'ref' | 'out' | 'in';
  readonly expression: Expression;
}
export interface Invocation extends Node {
  readonly kind: 'invocation';
  readonly target: Expression;
  readonly args: readonly Argument[];
}
/** `new T(args) { initializer }`; `args` is undefined where the parentheses are left out. */
export interface ObjectCreation extends Node {
  readonly kind: 'objectCreation';
  readonly type: TypeSyntax;
  readonly args?: readonly Argument[];
  readonly initializer?: ObjectInitializer;
}
/** `{ A = 1, ["k"] = 2 }` or `{ 1, { "k", 2 } }`; both kinds of entry may nest an initializer as value. */
export interface ObjectInitializer extends Node {
  readonly kind: 'initializer';
  readonly entries: readonly InitializerEntry[];
}
export type InitializerEntry =
  | { readonly kind: 'member'; readonly name: Name; readonly value: Expression | ObjectInitializer; readonly span: Span }
  | { readonly kind: 'index'; readonly args: readonly Argument[]; readonly value: Expression | ObjectInitializer; readonly span: Span }
  | { readonly kind: 'element'; readonly values: readonly Expression[]; readonly span: Span };
/** `new int[3]`, `new int[2, 3]`, `new[] { … }`, `new int[] { … }`, `int[] a = { … }` (the last has no type here). */
export interface ArrayCreation extends Node {
  readonly kind: 'arrayCreation';
  /** The type of the whole array where it is written, undefined for `new[]` and bare braces. */
  readonly type?: ArrayTypeSyntax;
  readonly sizes: readonly Expression[];
  readonly rank: number;
  readonly initializer?: ArrayInitializer;
}
export interface ArrayInitializer extends Node {
  readonly kind: 'arrayInitializer';
  readonly values: readonly (Expression | ArrayInitializer)[];
}
export interface AnonymousObjectCreation extends Node {
  readonly kind: 'anonymousObject';
  readonly members: readonly AnonymousMember[];
}
export interface AnonymousMember {
  readonly name?: Name;
  readonly value: Expression;
  readonly span: Span;
  /** The clause `let` that it stands for, whose values have a message of their own. */
  readonly isRangeVariable?: boolean;
}
/** A lambda, or an anonymous method (`delegate (…) { … }`; `parameters` undefined when it has no list). */
export interface Lambda extends Node {
  readonly kind: 'lambda';
  readonly parameters?: readonly LambdaParameter[];
  readonly body: Expression | Block;
  readonly isAsync: boolean;
  readonly arrow: Span;
}
export interface LambdaParameter extends Node {
  readonly name: Name;
  readonly type?: TypeSyntax;
  readonly modifier?: 'ref' | 'out' | 'in';
}
export interface UnaryExpression extends Node {
  readonly kind: 'unary';
  readonly operator: '+' | '-' | '!' | '~' | '++' | '--' | '&' | '*' | '^' | 'await';
  readonly operand: Expression;
  readonly operatorSpan: Span;
}
export interface PostfixExpression extends Node {
  readonly kind: 'postfix';
  readonly operator: '++' | '--';
  readonly operand: Expression;
  readonly operatorSpan: Span;
}
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '<<'
  | '>>'
  | '&'
  | '|'
  | '^'
  | '&&'
  | '||'
  | '??'
  | '=='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>=';
export interface BinaryExpression extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly operatorSpan: Span;
}
export interface AssignmentExpression extends Node {
  readonly kind: 'assignment';
  readonly operator: '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '|=' | '^=' | '<<=' | '>>=';
  readonly target: Expression;
  readonly value: Expression;
  readonly operatorSpan: Span;
}
export interface ConditionalExpression extends Node {
  readonly kind: 'conditional';
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}
export interface CastExpression extends Node {
  readonly kind: 'cast';
  readonly type: TypeSyntax;
  readonly operand: Expression;
}
export interface IsExpression extends Node {
  readonly kind: 'is';
  readonly operand: Expression;
  readonly pattern: Pattern;
}
export interface AsExpression extends Node {
  readonly kind: 'as';
  readonly operand: Expression;
  readonly type: TypeSyntax;
}
export interface ParenthesizedExpression extends Node {
  readonly kind: 'parenthesized';
  readonly expression: Expression;
}
export interface TupleExpression extends Node {
  readonly kind: 'tuple';
  readonly elements: readonly Argument[];
}
/** `out var x`, `(int a, var b) = …`, `var (a, b) = …`. */
export interface DeclarationExpression extends Node {
  readonly kind: 'declaration';
  readonly type: TypeSyntax;
  readonly designation: Designation;
}
export type Designation =
  | { readonly kind: 'variable'; readonly name: Name; readonly span: Span }
  | { readonly kind: 'discard'; readonly span: Span }
  | { readonly kind: 'parts'; readonly parts: readonly Designation[]; readonly span: Span };
export interface ThrowExpression extends Node {
  readonly kind: 'throwExpression';
  readonly value: Expression;
}
export interface TypeOfExpression extends Node {
  readonly kind: 'typeof';
  readonly type: TypeSyntax;
}
export interface SizeOfExpression extends Node {
  readonly kind: 'sizeof';
  readonly type: TypeSyntax;
}
/** `default(T)`, or `default` alone. */
export interface DefaultExpression extends Node {
  readonly kind: 'default';
  readonly type?: TypeSyntax;
}
export interface CheckedExpression extends Node {
  readonly kind: 'checkedExpression';
  readonly checked: boolean;
  readonly expression: Expression;
}
export interface ThisExpression extends Node {
  readonly kind: 'this';
  readonly keyword: 'this' | 'base';
}
/** `ref x` where an expression may stand. */
export interface RefExpression extends Node {
  readonly kind: 'ref';
  readonly expression: Expression;
}
/** Stands where an expression was expected and none was found; the error is reported already. */
export interface MissingExpression extends Node {
  readonly kind: 'missing';
}

// ---------------------------------------------------------------- queries

export interface QueryExpression extends Node {
  readonly kind: 'query';
  readonly from: FromClause;
  readonly body: QueryBody;
}
export interface QueryBody extends Node {
  readonly clauses: readonly QueryClause[];
  readonly end: SelectClause | GroupClause;
  /** `into x …` */
  readonly continuation?: { readonly name: Name; readonly body: QueryBody; readonly span: Span };
}
export type QueryClause = FromClause | LetClause | WhereClause | JoinClause | OrderByClause;
export interface FromClause extends Node {
  readonly kind: 'from';
  readonly type?: TypeSyntax;
  readonly name: Name;
  readonly source: Expression;
}
export interface LetClause extends Node {
  readonly kind: 'let';
  readonly name: Name;
  readonly value: Expression;
}
export interface WhereClause extends Node {
  readonly kind: 'where';
  readonly condition: Expression;
}
export interface JoinClause extends Node {
  readonly kind: 'join';
  readonly type?: TypeSyntax;
  readonly name: Name;
  readonly source: Expression;
  readonly left: Expression;
  readonly right: Expression;
  readonly into?: Name;
}
export interface OrderByClause extends Node {
  readonly kind: 'orderby';
  readonly orderings: readonly { readonly key: Expression; readonly descending: boolean; readonly span: Span }[];
}
export interface SelectClause extends Node {
  readonly kind: 'select';
  readonly value: Expression;
}
export interface GroupClause extends Node {
  readonly kind: 'group';
  readonly value: Expression;
  readonly key: Expression;
}

// ---------------------------------------------------------------- patterns

export type Pattern = TypePattern | DeclarationPattern | ConstantPattern | VarPattern | DiscardPattern;

/** `is T`; where a name may be a type or a constant, the parser gives a TypePattern and the checker decides. */
export interface TypePattern extends Node {
  readonly kind: 'typePattern';
  readonly type: TypeSyntax;
  /** The same text as an expression, where it can be one: `is Foo.Bar`. */
  readonly expression?: Expression;
}
export interface DeclarationPattern extends Node {
  readonly kind: 'declarationPattern';
  readonly type: TypeSyntax;
  readonly designation: Designation;
}
export interface ConstantPattern extends Node {
  readonly kind: 'constantPattern';
  readonly expression: Expression;
}
export interface VarPattern extends Node {
  readonly kind: 'varPattern';
  readonly designation: Designation;
}
export interface DiscardPattern extends Node {
  readonly kind: 'discardPattern';
}

// ---------------------------------------------------------------- statements

export type Statement =
  | Block
  | LocalDeclaration
  | LocalFunction
  | ExpressionStatement
  | EmptyStatement
  | IfStatement
  | WhileStatement
  | DoStatement
  | ForStatement
  | ForEachStatement
  | SwitchStatement
  | BreakStatement
  | ContinueStatement
  | GotoStatement
  | LabeledStatement
  | ReturnStatement
  | ThrowStatement
  | TryStatement
  | UsingStatement
  | LockStatement
  | CheckedStatement
  | YieldStatement;

export interface Block extends Node {
  readonly kind: 'block';
  readonly statements: readonly Statement[];
}
export interface LocalDeclaration extends Node {
  readonly kind: 'localDeclaration';
  readonly type: TypeSyntax;
  readonly isConst: boolean;
  /** `ref int x = ref y;` */
  readonly isRef?: true;
  /** `ref readonly int x = ref y;` */
  readonly isReadonly?: true;
  readonly declarators: readonly Declarator[];
}
export interface Declarator extends Node {
  readonly name: Name;
  readonly initializer?: Expression;
}
export interface LocalFunction extends Node {
  readonly kind: 'localFunction';
  readonly name: Name;
  readonly typeParameters: readonly Name[];
  readonly returnType: TypeSyntax;
  /** `ref int F()`. */
  readonly returnsRef?: 'ref' | 'readonly';
  readonly parameters: readonly FunctionParameter[];
  readonly body: Block | Expression;
  readonly modifiers: readonly Name[];
}
export interface FunctionParameter extends Node {
  readonly name: Name;
  readonly type: TypeSyntax;
  readonly modifier?: 'ref' | 'out' | 'in' | 'params';
  readonly defaultValue?: Expression;
}
export interface ExpressionStatement extends Node {
  readonly kind: 'expressionStatement';
  readonly expression: Expression;
}
export interface EmptyStatement extends Node {
  readonly kind: 'empty';
}
export interface IfStatement extends Node {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly whenTrue: Statement;
  readonly whenFalse?: Statement;
}
export interface WhileStatement extends Node {
  readonly kind: 'while';
  readonly condition: Expression;
  readonly body: Statement;
}
export interface DoStatement extends Node {
  readonly kind: 'do';
  readonly body: Statement;
  readonly condition: Expression;
}
export interface ForStatement extends Node {
  readonly kind: 'for';
  readonly declaration?: LocalDeclaration;
  readonly initializers: readonly Expression[];
  readonly condition?: Expression;
  readonly incrementors: readonly Expression[];
  readonly body: Statement;
}
/** `foreach (T x in s)`, `foreach (var (a, b) in s)`. */
export interface ForEachStatement extends Node {
  readonly kind: 'forEach';
  readonly type: TypeSyntax;
  readonly designation: Designation;
  readonly source: Expression;
  readonly body: Statement;
}
export interface SwitchStatement extends Node {
  readonly kind: 'switch';
  readonly value: Expression;
  readonly sections: readonly SwitchSection[];
}
export interface SwitchSection extends Node {
  readonly labels: readonly SwitchLabel[];
  readonly statements: readonly Statement[];
}
export type SwitchLabel =
  | { readonly kind: 'case'; readonly pattern: Pattern; readonly when?: Expression; readonly span: Span }
  | { readonly kind: 'default'; readonly span: Span };
export interface BreakStatement extends Node {
  readonly kind: 'break';
}
export interface ContinueStatement extends Node {
  readonly kind: 'continue';
}
export interface GotoStatement extends Node {
  readonly kind: 'goto';
  readonly target:
    | { readonly kind: 'label'; readonly name: Name }
    | { readonly kind: 'case'; readonly value: Expression }
    | { readonly kind: 'default' };
}
export interface LabeledStatement extends Node {
  readonly kind: 'labeled';
  readonly label: Name;
  readonly statement: Statement;
}
export interface ReturnStatement extends Node {
  readonly kind: 'return';
  readonly value?: Expression;
}
export interface ThrowStatement extends Node {
  readonly kind: 'throw';
  readonly value?: Expression;
}
export interface TryStatement extends Node {
  readonly kind: 'try';
  readonly body: Block;
  readonly catches: readonly CatchClause[];
  readonly finally?: Block;
}
export interface CatchClause extends Node {
  readonly type?: TypeSyntax;
  readonly name?: Name;
  readonly filter?: Expression;
  readonly body: Block;
}
export interface UsingStatement extends Node {
  readonly kind: 'using';
  readonly declaration?: LocalDeclaration;
  readonly expression?: Expression;
  readonly body: Statement;
}
export interface LockStatement extends Node {
  readonly kind: 'lock';
  readonly value: Expression;
  readonly body: Statement;
}
export interface CheckedStatement extends Node {
  readonly kind: 'checkedStatement';
  readonly checked: boolean;
  readonly body: Block;
}
export interface YieldStatement extends Node {
  readonly kind: 'yield';
  /** Undefined for `yield break`. */
  readonly value?: Expression;
}

/** What the parser gives back for one policy expression: `@( expression )` or `@{ block }`. */
export interface SyntaxTree {
  /** What was parsed; spans are offsets in it. */
  readonly text: string;
  readonly kind: 'single' | 'multi';
  readonly root: Expression | Block;
  /** Syntax errors, in the order of the text. */
  readonly errors: readonly SyntaxFault[];
}

/** An error of lexer, parser, checker or flow analysis, placed in the expression's own text; `code` is the compiler's `CSxxxx`. */
export interface SyntaxFault {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly span: Span;
  readonly help?: string;
}
