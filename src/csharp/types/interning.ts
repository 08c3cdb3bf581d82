/** Makes each constructed type once, so that equal types are one object. */
import type { AnonymousType, ArrayType, NamedType, SpecialType, Type, TypeDefinition } from './type.ts';

export class Interning {
  readonly #ids = new Map<Type | TypeDefinition, number>();
  readonly #made = new Map<string, Type>();
  readonly #plain = new Map<TypeDefinition, NamedType>();
  /** Types with one argument, met at every call of LINQ: found without building a key. */
  readonly #single = new Map<TypeDefinition, Map<Type, NamedType>>();
  readonly #arrays = new Map<Type, ArrayType>();
  readonly #unnamed = new Map<Type, Type>();

  #id(of: Type | TypeDefinition): number {
    let id = this.#ids.get(of);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(of, id);
    }
    return id;
  }

  #once<T extends Type>(key: string, type: T): T {
    const known = this.#made.get(key);
    if (known !== undefined) return known as T;
    this.#made.set(key, type);
    return type;
  }

  named(definition: TypeDefinition, typeArguments: readonly Type[], tupleNames: NamedType['tupleNames']): NamedType {
    const [first, second] = typeArguments;
    if (first === undefined) return this.#withoutArguments(definition);
    if (second === undefined && tupleNames === undefined) return this.#withOne(definition, first);
    return this.#constructed(definition, typeArguments, tupleNames);
  }

  #withOne(definition: TypeDefinition, argument: Type): NamedType {
    let known = this.#single.get(definition);
    if (known === undefined) {
      known = new Map();
      this.#single.set(definition, known);
    }
    let type = known.get(argument);
    if (type === undefined) {
      type = this.#constructed(definition, [argument], undefined);
      known.set(argument, type);
    }
    return type;
  }

  #withoutArguments(definition: TypeDefinition): NamedType {
    let type = this.#plain.get(definition);
    if (type === undefined) {
      type = { kind: 'named', definition, typeArguments: [] };
      this.#plain.set(definition, type);
    }
    return type;
  }

  #constructed(definition: TypeDefinition, typeArguments: readonly Type[], tupleNames: NamedType['tupleNames']): NamedType {
    const names = tupleNames?.some((name) => name !== undefined) ? tupleNames : undefined;
    const key = `n${this.#id(definition)}<${typeArguments.map((each) => this.#id(each)).join()}>${names?.join() ?? ''}`;
    return this.#once(key, { kind: 'named', definition, typeArguments, ...(names === undefined ? {} : { tupleNames: names }) });
  }

  array(element: Type, rank: number): ArrayType {
    if (rank > 1) return this.#arrayOf(element, rank);
    let type = this.#arrays.get(element);
    if (type === undefined) {
      type = this.#arrayOf(element, 1);
      this.#arrays.set(element, type);
    }
    return type;
  }

  #arrayOf(element: Type, rank: number): ArrayType {
    return this.#once(`a${this.#id(element)},${rank}`, { kind: 'array', element, rank });
  }

  anonymous(members: AnonymousType['members']): AnonymousType {
    const key = `o${members.map((member) => `${member.name}:${this.#id(member.type)}`).join()}`;
    return this.#once(key, { kind: 'anonymous', members });
  }

  special(name: SpecialType['name']): SpecialType {
    return this.#once(`s${name}`, { kind: 'special', name });
  }

  /** Rebuilds a type with `change` applied to its parts; the same object when nothing changes. */
  map(type: Type, change: (part: Type) => Type): Type {
    switch (type.kind) {
      case 'named': {
        if (type.typeArguments.length === 0) return type;
        return this.named(type.definition, type.typeArguments.map(change), type.tupleNames);
      }
      case 'array':
        return this.array(change(type.element), type.rank);
      case 'anonymous':
        return this.anonymous(type.members.map((member) => ({ name: member.name, type: change(member.type) })));
      default:
        return type;
    }
  }

  withoutTupleNames(type: Type): Type {
    let bare = this.#unnamed.get(type);
    if (bare === undefined) {
      const inner = this.map(type, (part) => this.withoutTupleNames(part));
      bare =
        inner.kind === 'named' && inner.tupleNames !== undefined ? this.named(inner.definition, inner.typeArguments, undefined) : inner;
      this.#unnamed.set(type, bare);
    }
    return bare;
  }
}
