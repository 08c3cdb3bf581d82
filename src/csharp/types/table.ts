import type { TypeDeclaration } from './declare.ts';
import type { AnonymousType, ArrayType, Member, Method, NamedType, SpecialType, Type, TypeDefinition } from './type.ts';

/**
 * All types of one engine, by name, and the types made from them (interned). Built once from declarations
 * (`createTypeTable(declarations)`); definitions read their member signatures at first use.
 */
export interface TypeTable {
  /** Every declared type of the simple or full name with so many type parameters, in the namespaces given (and full names always). */
  find(name: string, arity: number, namespaces?: readonly string[]): readonly TypeDefinition[];
  /** The definition of a full name (`System.Collections.Generic.List`), or undefined. */
  definition(fullName: string, arity?: number): TypeDefinition | undefined;
  /** Whether a dotted name is a namespace prefix. */
  isNamespace(name: string): boolean;
  readonly definitions: Iterable<TypeDefinition>;
  /** A plain type by full name or C# keyword; throws on an unknown name (a fault of ours, not the user's). */
  type(fullName: string, ...typeArguments: readonly Type[]): NamedType;
  construct(definition: TypeDefinition, typeArguments: readonly Type[], tupleNames?: readonly (string | undefined)[]): NamedType;
  array(element: Type, rank?: number): ArrayType;
  nullable(element: Type): NamedType;
  tuple(elements: readonly Type[], names?: readonly (string | undefined)[]): NamedType;
  anonymous(members: AnonymousType['members']): AnonymousType;
  special(name: SpecialType['name']): SpecialType;
  /** Replaces type parameters of `definition` (by identity) in a type. */
  substitute(type: Type, from: readonly Type[], to: readonly Type[]): Type;
  /** All extension methods of a name. */
  extensionMethods(name: string): readonly Method[];
  /** The declaration's own type (plain types only): what `netType` of a plain NetObject means. */
  ofDeclaration(declaration: TypeDeclaration): NamedType;
  /** The run-time .NET type of an object-represented value; null has none. */
  typeOf(value: unknown): Type | null;
  /** How most compiler messages write the type: `int`, `List<string>`, `(int a, string b)`, `<anonymous type: int A>`. */
  display(type: Type): string;
  /** With namespaces, as CS0029, CS0030, CS0266 and CS1503 write it: `System.Collections.Generic.List<string>`, `int`. */
  displayQualified(type: Type): string;
  /** How .NET reflection writes it: `System.Collections.Generic.List`1[System.String]` (Type.ToString). */
  reflectionName(type: Type): string;
  /** Base type of a constructed type, type arguments filled in. */
  baseOf(type: Type): Type | undefined;
  /** All interfaces of a constructed type, inherited ones included, type arguments filled in. */
  interfacesOf(type: Type): readonly NamedType[];
  /** The type without the element names of tuples inside it: two types with an identity conversion give the same one. */
  withoutTupleNames(type: Type): Type;
  /** Whether an identity, reference or boxing conversion exists: what `is` and casts from object test at run time. */
  isAssignable(from: Type, to: Type): boolean;
  /** Members of that name, own ones first, then inherited; with the constructed type each was found on. */
  lookup(type: Type, name: string): readonly FoundMember[];
}

/** A member and the constructed type that declares it: substitute `on.typeArguments` for its owner's type parameters. */
export interface FoundMember {
  readonly member: Member;
  readonly on: NamedType;
}
