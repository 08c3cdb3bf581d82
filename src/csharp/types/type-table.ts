/** The type table of an engine, made of its declarations. */
import type { TypeDeclaration } from './declare.ts';
import type { Definition } from './definition.ts';
import { makeDefinitions } from './definition.ts';
import { displayType, reflectionName } from './display.ts';
import { Interning } from './interning.ts';
import { KEYWORD_TYPES } from './keywords.ts';
import { isError, mentionsTypeParameter } from './kinds.ts';
import { Relations } from './relations.ts';
import { Resolver } from './resolve.ts';
import { runtimeTypeOf } from './runtime-type.ts';
import type { FoundMember, TypeTable } from './table.ts';
import type { AnonymousType, ArrayType, Method, NamedType, SpecialType, Type, TypeDefinition } from './type.ts';

/** Builds the table; throws on a header that cannot be read or a type declared twice. Members are read at first use. */
export function createTypeTable(declarations: readonly TypeDeclaration[]): TypeTable {
  return new Table(declarations);
}

/** Value tuples beyond seven elements nest the rest in an eighth type argument. */
const TUPLE_PART = 7;

class Table implements TypeTable {
  readonly definitions: readonly Definition[];
  readonly #interning = new Interning();
  readonly #byFullName = new Map<string, Definition>();
  readonly #bySimpleName = new Map<string, Definition[]>();
  readonly #byDeclaration = new Map<TypeDeclaration, NamedType>();
  /** Types without arguments by name or keyword: asked for at every call. */
  readonly #plain = new Map<string, NamedType>();
  readonly #namespaces = new Set<string>();
  readonly #extensions = new Map<string, readonly Method[]>();
  #relations: Relations | undefined;

  constructor(declarations: readonly TypeDeclaration[]) {
    this.definitions = makeDefinitions(declarations, new Resolver(this));
    for (const definition of this.definitions) this.#enter(definition);
  }

  #enter(definition: Definition): void {
    const key = nameKey(definition.fullName, definition.typeParameters.length);
    if (this.#byFullName.has(key)) throw new Error(`${definition.fullName} is declared twice`);
    this.#byFullName.set(key, definition);
    const relative = definition.namespace === '' ? definition.fullName : definition.fullName.slice(definition.namespace.length + 1);
    const simple = nameKey(relative, definition.typeParameters.length);
    const same = this.#bySimpleName.get(simple);
    if (same === undefined) this.#bySimpleName.set(simple, [definition]);
    else same.push(definition);
    const parts = definition.namespace === '' ? [] : definition.namespace.split('.');
    parts.forEach((_, index) => {
      this.#namespaces.add(parts.slice(0, index + 1).join('.'));
    });
  }

  get #related(): Relations {
    this.#relations ??= new Relations(this);
    return this.#relations;
  }

  find(name: string, arity: number, namespaces?: readonly string[]): readonly TypeDefinition[] {
    const keyword = KEYWORD_TYPES[name];
    const full = this.#byFullName.get(nameKey(keyword ?? name, arity));
    const simple = this.#bySimpleName.get(nameKey(name, arity)) ?? [];
    const inScope = simple.filter((each) => namespaces === undefined || each.namespace === '' || namespaces.includes(each.namespace));
    return full === undefined || inScope.includes(full) ? inScope : [full, ...inScope];
  }

  definition(fullName: string, arity?: number): TypeDefinition | undefined {
    if (arity !== undefined) return this.#byFullName.get(nameKey(fullName, arity));
    for (let count = 0; count <= MAX_ARITY; count += 1) {
      const found = this.#byFullName.get(nameKey(fullName, count));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  isNamespace(name: string): boolean {
    return this.#namespaces.has(name);
  }

  type(fullName: string, ...typeArguments: readonly Type[]): NamedType {
    if (typeArguments.length > 0) return this.#made(fullName, typeArguments);
    let plain = this.#plain.get(fullName);
    if (plain === undefined) {
      plain = this.#made(fullName, typeArguments);
      this.#plain.set(fullName, plain);
    }
    return plain;
  }

  #made(fullName: string, typeArguments: readonly Type[]): NamedType {
    const definition = this.#byFullName.get(nameKey(KEYWORD_TYPES[fullName] ?? fullName, typeArguments.length));
    if (definition === undefined) throw new Error(`the type ${fullName} is not declared`);
    return this.construct(definition, typeArguments);
  }

  construct(definition: TypeDefinition, typeArguments: readonly Type[], tupleNames?: readonly (string | undefined)[]): NamedType {
    return this.#interning.named(definition, typeArguments, tupleNames);
  }

  array(element: Type, rank = 1): ArrayType {
    return this.#interning.array(element, rank);
  }

  nullable(element: Type): NamedType {
    return this.type('System.Nullable', element);
  }

  tuple(elements: readonly Type[], names?: readonly (string | undefined)[]): NamedType {
    const own = elements.slice(0, TUPLE_PART);
    const rest = elements.length > TUPLE_PART ? [this.tuple(elements.slice(TUPLE_PART))] : [];
    return this.construct(this.type('System.ValueTuple', ...own, ...rest).definition, [...own, ...rest], names);
  }

  anonymous(members: AnonymousType['members']): AnonymousType {
    return this.#interning.anonymous(members);
  }

  special(name: SpecialType['name']): SpecialType {
    return this.#interning.special(name);
  }

  substitute(type: Type, from: readonly Type[], to: readonly Type[]): Type {
    if (from.length === 0 || !mentionsTypeParameter(type)) return type;
    const index = from.indexOf(type);
    if (index >= 0) return to[index] ?? type;
    return this.#interning.map(type, (part) => this.substitute(part, from, to));
  }

  withoutTupleNames(type: Type): Type {
    return this.#interning.withoutTupleNames(type);
  }

  extensionMethods(name: string): readonly Method[] {
    let found = this.#extensions.get(name);
    if (found === undefined) {
      found = this.definitions.flatMap((definition) => extensionsOf(definition, name));
      this.#extensions.set(name, found);
    }
    return found;
  }

  ofDeclaration(declaration: TypeDeclaration): NamedType {
    if (this.#byDeclaration.size === 0)
      for (const each of this.definitions) this.#byDeclaration.set(each.declaration, this.construct(each, each.typeParameters));
    const type = this.#byDeclaration.get(declaration);
    if (type === undefined) throw new Error(`${declaration.header} is not in this table`);
    return type;
  }

  typeOf(value: unknown): Type | null {
    return runtimeTypeOf(this, value);
  }

  display(type: Type): string {
    return displayType(type, false);
  }

  displayQualified(type: Type): string {
    return displayType(type, true);
  }

  reflectionName(type: Type): string {
    return reflectionName(type);
  }

  baseOf(type: Type): Type | undefined {
    return this.#related.baseOf(type);
  }

  interfacesOf(type: Type): readonly NamedType[] {
    return this.#related.interfacesOf(type);
  }

  isAssignable(from: Type, to: Type): boolean {
    if (from === to || isError(from) || isError(to)) return true;
    return this.#related.isAssignable(this.withoutTupleNames(from), this.withoutTupleNames(to));
  }

  lookup(type: Type, name: string): readonly FoundMember[] {
    return this.#related.lookup(type, name);
  }
}

const MAX_ARITY = 17;

function nameKey(name: string, arity: number): string {
  return arity === 0 ? name : `${name}\`${arity}`;
}

function extensionsOf(definition: Definition, name: string): readonly Method[] {
  if (definition.typeKind !== 'static class') return [];
  return definition.membersNamed(name).filter((member): member is Method => member.kind === 'method' && member.isExtension);
}

/** Reads every signature of the table; throws the first fault with the name of its declaration. */
export function verifyTable(table: TypeTable): void {
  for (const definition of table.definitions) {
    const plain = table.construct(definition, definition.typeParameters);
    table.interfacesOf(plain);
    void definition.invoke;
    if (definition.members.some((member) => member.name === '')) throw new Error(`${definition.fullName}: a member without a name`);
  }
}
