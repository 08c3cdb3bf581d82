/** Makes each constructed type once, so that equal types are one object. */
import type { AnonymousType, ArrayType, NamedType, SpecialType, Type, TypeDefinition } from './type.ts';

export class Interning {
  readonly #ids = new Map<Type | TypeDefinition, number>();
  readonly #made = new Map<string, Type>();
  readonly #plain = new Map<TypeDefinition, NamedType>();
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
    return typeArguments.length === 0 ? this.#withoutArguments(definition) : this.#constructed(definition, typeArguments, tupleNames);
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
