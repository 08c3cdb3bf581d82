/** Gives the type names in signatures their types. */
import { KEYWORD_TYPES } from './keywords.ts';
import type { NameSegment, TypeName } from './signature.ts';
import type { TypeTable } from './table.ts';
import type { NamedType, SpecialType, Type, TypeDefinition, TypeParameter } from './type.ts';

export class Resolver {
  readonly #types: TypeTable;

  constructor(types: TypeTable) {
    this.#types = types;
  }

  get void(): SpecialType {
    return this.#types.special('void');
  }

  /** The first of the types that is declared. */
  wellKnown(...fullNames: readonly string[]): NamedType | undefined {
    for (const name of fullNames) {
      const definition = this.#types.definition(name, 0);
      if (definition !== undefined) return this.plain(definition);
    }
    return undefined;
  }

  /** A definition as a type: over its own type parameters when it is generic. */
  plain(definition: TypeDefinition): NamedType {
    return this.#types.construct(definition, definition.typeParameters);
  }

  named(name: TypeName, owner: TypeDefinition): NamedType {
    const type = this.resolve(name, owner, []);
    if (type.kind !== 'named') throw new Error(`${owner.fullName}: a base type must be a class or an interface`);
    return type;
  }

  /** The type that a name means inside `owner`, with a method's own type parameters in scope. */
  resolve(name: TypeName, owner: TypeDefinition, own: readonly TypeParameter[]): Type {
    let type = name.tuple === undefined ? this.#segments(name.segments, owner, own) : this.#tuple(name.tuple, owner, own);
    for (const suffix of name.suffixes) {
      if (suffix !== '?') type = this.#types.array(type, suffix);
      else if (isNullableElement(type)) type = this.#types.nullable(type);
    }
    return type;
  }

  #tuple(elements: NonNullable<TypeName['tuple']>, owner: TypeDefinition, own: readonly TypeParameter[]): Type {
    const types = elements.map((element) => this.resolve(element.type, owner, own));
    return this.#types.tuple(
      types,
      elements.map((element) => element.name),
    );
  }

  #segments(segments: readonly NameSegment[], owner: TypeDefinition, own: readonly TypeParameter[]): Type {
    const [first] = segments;
    if (segments.length === 1 && first !== undefined && first.typeArguments.length === 0) {
      const parameter = [...own, ...owner.typeParameters].find((candidate) => candidate.name === first.name);
      if (parameter !== undefined) return parameter;
      if (first.name === 'void') return this.void;
    }
    const name = segments.map((segment) => segment.name).join('.');
    const typeArguments = segments.flatMap((segment) => segment.typeArguments).map((argument) => this.resolve(argument, owner, own));
    return this.#types.construct(this.#definition(name, typeArguments.length, owner), typeArguments);
  }

  #definition(name: string, arity: number, owner: TypeDefinition): TypeDefinition {
    const keyword = KEYWORD_TYPES[name];
    const found = keyword === undefined ? this.#candidates(name, arity, owner) : this.#types.find(keyword, 0);
    const [first] = found;
    if (first === undefined) throw new Error(`${owner.fullName}: the type '${name}'${arityText(arity)} is not declared`);
    if (found.length > 1) throw new Error(`${owner.fullName}: '${name}' may mean ${found.map((each) => each.fullName).join(' or ')}`);
    return first;
  }

  /** Nested types of the owner, then full names, then its own namespace, then all. */
  #candidates(name: string, arity: number, owner: TypeDefinition): readonly TypeDefinition[] {
    const nested = this.#types.definition(`${owner.fullName}.${name}`, arity);
    if (nested !== undefined) return [nested];
    const exact = this.#types.definition(name, arity);
    if (exact !== undefined) return [exact];
    const near = this.#types.find(name, arity, [owner.namespace]).filter((each) => each.namespace === owner.namespace);
    return near.length > 0 ? near : this.#types.find(name, arity);
  }
}

function arityText(arity: number): string {
  return arity === 0 ? '' : ` with ${arity} type parameter${arity === 1 ? '' : 's'}`;
}

/** `string?` is `string`: only value types and type parameters have a nullable form in C# 7. */
function isNullableElement(type: Type): boolean {
  return type.kind === 'typeParameter' || (type.kind === 'named' && ['struct', 'enum'].includes(type.definition.typeKind));
}
