/**
 * The .NET types that the checker reasons about and that values carry at run time. Types are interned by the
 * `TypeTable`: two equal types are one object, so `===` compares them.
 */
import type { Implementation } from './declare.ts';

export type Type = NamedType | ArrayType | TypeParameter | AnonymousType | SpecialType;

/** A class, struct, interface, enum or delegate, with its type arguments filled in (none for a plain type). */
export interface NamedType {
  readonly kind: 'named';
  readonly definition: TypeDefinition;
  readonly typeArguments: readonly Type[];
  /** Element names of a value tuple type such as `(int id, string name)`; part of the type, ignored by conversions. */
  readonly tupleNames?: readonly (string | undefined)[];
}
export interface ArrayType {
  readonly kind: 'array';
  readonly element: Type;
  readonly rank: number;
}
export interface TypeParameter {
  readonly kind: 'typeParameter';
  readonly name: string;
  /** Constraint as written: `class`, `struct`, or type names; undefined when there is none. */
  readonly constraint?: string;
}
/** The type of `new { A = 1 }`; two with the same names and types in the same order are one type. */
export interface AnonymousType {
  readonly kind: 'anonymous';
  readonly members: readonly { readonly name: string; readonly type: Type }[];
}
/** `void`; `null` (the type of the null literal); `error` (already reported: converts to and from everything silently). */
export interface SpecialType {
  readonly kind: 'special';
  readonly name: 'void' | 'null' | 'error';
}

export type TypeKind = 'class' | 'static class' | 'struct' | 'interface' | 'enum' | 'delegate';

/** What a type declaration says, read lazily from its signatures. */
export interface TypeDefinition {
  /** Simple name without arity: `Dictionary`. */
  readonly name: string;
  /** `System.Collections.Generic`; empty for APIM's own types. */
  readonly namespace: string;
  /** `System.Collections.Generic.Dictionary`. */
  readonly fullName: string;
  readonly containing?: TypeDefinition;
  readonly typeKind: TypeKind;
  readonly typeParameters: readonly TypeParameter[];
  /** Variance by position: `in`, `out` or nothing. */
  readonly variance: readonly ('in' | 'out' | undefined)[];
  /** The C# keyword, for messages: `int` for System.Int32. */
  readonly keyword?: string;
  readonly isAbstract: boolean;
  /** Nothing can derive from it: marked `sealed`, or no class at all. */
  readonly isSealed: boolean;
  /** Base class with type parameters unsubstituted; undefined for System.Object, interfaces and static classes. */
  readonly baseType: NamedType | undefined;
  readonly interfaces: readonly NamedType[];
  /** Own members (not inherited ones), unsubstituted. */
  readonly members: readonly Member[];
  membersNamed(name: string): readonly Member[];
  /** For enums: names and values. */
  readonly enumValues?: ReadonlyMap<string, number>;
  /** For enums: the keyword of the underlying type; `int` when the header names none. */
  readonly enumUnderlying?: string;
  readonly isFlags: boolean;
  /** For delegates: the signature of Invoke. */
  readonly invoke?: Method;
  /** Whether Azure's published list holds the type, and which of its members. */
  readonly listed: Listed;
}

/** `all`: type and members; a list: the type, and only those member names; `implied`: not in the list but needed by what is; `none`: refused. */
export type Listed = 'all' | 'implied' | 'none' | readonly string[];

export type Member = Method | Property | Indexer | Field | Constructor | Operator;

export interface Parameter {
  readonly name: string;
  readonly type: Type;
  readonly modifier?: 'ref' | 'out' | 'in';
  readonly isParams: boolean;
  /** Present on optional parameters: the constant in run-time representation (null for a reference or `default`). */
  readonly defaultValue?: unknown;
  readonly isOptional: boolean;
}

interface MemberBase {
  /** As written; `.ctor` for constructors, `this[]` for indexers, the .NET name (`op_Addition`) for operators. */
  readonly name: string;
  readonly owner: TypeDefinition;
  readonly isStatic: boolean;
  /** Signature as declared, for docs and completion. */
  readonly signature: string;
}
export interface Method extends MemberBase {
  readonly kind: 'method';
  readonly isExtension: boolean;
  readonly typeParameters: readonly TypeParameter[];
  readonly parameters: readonly Parameter[];
  readonly returnType: Type;
  readonly implementation: Implementation;
}
export interface Property extends MemberBase {
  readonly kind: 'property';
  readonly type: Type;
  readonly getter?: Implementation;
  readonly setter?: Implementation;
}
export interface Indexer extends MemberBase {
  readonly kind: 'indexer';
  readonly parameters: readonly Parameter[];
  readonly type: Type;
  readonly getter?: Implementation;
  readonly setter?: Implementation;
}
/** A constant (`const`, folded by the checker), an enum member, or a static readonly field (`getter`). */
export interface Field extends MemberBase {
  readonly kind: 'field';
  readonly type: Type;
  readonly isConst: boolean;
  /** For constants: the value in run-time representation. */
  readonly value?: unknown;
  readonly getter?: Implementation;
  /** Only the fields of value tuples can be written. */
  readonly setter?: Implementation;
}
export interface Constructor extends MemberBase {
  readonly kind: 'constructor';
  readonly parameters: readonly Parameter[];
  readonly implementation: Implementation;
}
/** A user-defined operator under its .NET name: `op_Addition`, `op_Implicit`, `op_Explicit`, `op_Equality` … */
export interface Operator extends MemberBase {
  readonly kind: 'operator';
  readonly parameters: readonly Parameter[];
  readonly returnType: Type;
  readonly implementation: Implementation;
}
