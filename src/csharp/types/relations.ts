/** Inheritance: base types, interfaces, members found through them, and which references convert to which types. */
import { isInterface, isObject, isReferenceType, isValueType, tupleElements, underlyingOf } from './kinds.ts';
import { CONSTRUCTOR } from './signature.ts';
import type { FoundMember, TypeTable } from './table.ts';
import type { ArrayType, NamedType, Type } from './type.ts';

/** Interfaces of one-dimensional arrays besides those of System.Array. */
const ARRAY_INTERFACES = [
  'System.Collections.Generic.IList',
  'System.Collections.Generic.ICollection',
  'System.Collections.Generic.IEnumerable',
  'System.Collections.Generic.IReadOnlyList',
  'System.Collections.Generic.IReadOnlyCollection',
];

export class Relations {
  readonly #types: TypeTable;
  readonly #bases = new Map<Type, Type | undefined>();
  readonly #interfaces = new Map<Type, readonly NamedType[]>();
  readonly #found = new Map<Type, Map<string, readonly FoundMember[]>>();
  readonly #assignable = new Map<Type, Map<Type, boolean>>();
  readonly #object: NamedType | undefined;

  constructor(types: TypeTable) {
    this.#types = types;
    const object = types.definition('System.Object', 0);
    this.#object = object === undefined ? undefined : types.construct(object, []);
  }

  baseOf(type: Type): Type | undefined {
    if (type.kind !== 'named') return this.#baseOfUnnamed(type);
    if (!this.#bases.has(type)) this.#bases.set(type, this.#substituted(type.definition.baseType, type));
    return this.#bases.get(type);
  }

  #baseOfUnnamed(type: Type): Type | undefined {
    if (type.kind === 'special') return undefined;
    const array = type.kind === 'array' ? this.#types.definition('System.Array', 0) : undefined;
    return array === undefined ? this.#object : this.#types.construct(array, []);
  }

  #substituted(base: NamedType | undefined, type: NamedType): Type | undefined {
    return base === undefined ? undefined : this.#types.substitute(base, type.definition.typeParameters, type.typeArguments);
  }

  interfacesOf(type: Type): readonly NamedType[] {
    let found = this.#interfaces.get(type);
    if (found === undefined) {
      found = this.#collectInterfaces(type);
      this.#interfaces.set(type, found);
    }
    return found;
  }

  #collectInterfaces(type: Type): readonly NamedType[] {
    const all = new Set<NamedType>();
    for (const own of this.#ownInterfaces(type)) {
      all.add(own);
      for (const inherited of this.interfacesOf(own)) all.add(inherited);
    }
    const base = this.baseOf(type);
    if (base !== undefined) for (const inherited of this.interfacesOf(base)) all.add(inherited);
    return [...all];
  }

  #ownInterfaces(type: Type): readonly NamedType[] {
    if (type.kind === 'array') return type.rank === 1 ? this.#arrayInterfaces(type) : [];
    if (type.kind !== 'named' || underlyingOf(type) !== undefined) return [];
    return type.definition.interfaces.flatMap((each) => {
      const made = this.#substituted(each, type);
      return made?.kind === 'named' ? [made] : [];
    });
  }

  #arrayInterfaces(type: ArrayType): readonly NamedType[] {
    return ARRAY_INTERFACES.flatMap((name) => {
      const definition = this.#types.definition(name, 1);
      return definition === undefined ? [] : [this.#types.construct(definition, [type.element])];
    });
  }

  lookup(type: Type, name: string): readonly FoundMember[] {
    let names = this.#found.get(type);
    if (names === undefined) {
      names = new Map();
      this.#found.set(type, names);
    }
    let found = names.get(name);
    if (found === undefined) {
      found = this.#search(type, name);
      names.set(name, found);
    }
    return found;
  }

  #search(type: Type, name: string): readonly FoundMember[] {
    const wanted = tupleItem(type, name) ?? name;
    const order = this.searchOrder(type);
    const owners = name === CONSTRUCTOR ? order.slice(0, 1) : order;
    return owners.flatMap((on) => on.definition.membersNamed(wanted).map((member) => ({ member, on })));
  }

  /** The types whose members a type has, nearest first. Constructors are not inherited. */
  searchOrder(type: Type): readonly NamedType[] {
    const order: NamedType[] = [];
    for (let at: Type | undefined = type; at !== undefined; at = this.baseOf(at)) if (at.kind === 'named') order.push(at);
    if (isInterface(type)) order.push(...this.interfacesOf(type), ...(this.#object === undefined ? [] : [this.#object]));
    return order;
  }

  /** Identity, reference or boxing conversion; `from` and `to` without tuple names. Remembered: programs ask at run time. */
  isAssignable(from: Type, to: Type): boolean {
    if (from === to || isObject(to)) return true;
    let known = this.#assignable.get(from);
    if (known === undefined) {
      known = new Map();
      this.#assignable.set(from, known);
    }
    let answer = known.get(to);
    if (answer === undefined) {
      answer = this.#decideAssignable(from, to);
      known.set(to, answer);
    }
    return answer;
  }

  #decideAssignable(from: Type, to: Type): boolean {
    const underlying = underlyingOf(to);
    if (underlying !== undefined) return from === underlying;
    const boxed = underlyingOf(from);
    return boxed === undefined ? this.inherits(from, to) : this.isAssignable(boxed, to);
  }

  /** Whether `to` is a base class or interface of `from`, with variance and array covariance. */
  inherits(from: Type, to: Type): boolean {
    if (from === to) return true;
    if (from.kind === 'array' && to.kind === 'array') return from.rank === to.rank && this.#isReference(from.element, to.element);
    if (to.kind !== 'named') return false;
    if (to.definition.typeKind === 'interface') return this.#implements(from, to);
    if (to.definition.typeKind === 'delegate') return this.#varies(from, to);
    for (let base = this.baseOf(from); base !== undefined; base = this.baseOf(base)) if (base === to) return true;
    return false;
  }

  #implements(from: Type, to: NamedType): boolean {
    if (this.#varies(from, to) || this.interfacesOf(from).some((each) => this.#varies(each, to))) return true;
    return from.kind === 'array' && from.rank === 1 && this.#arrayImplements(from, to);
  }

  /** `string[]` is an `IList<object>`: array covariance reaches the interfaces that arrays implement. */
  #arrayImplements(from: ArrayType, to: NamedType): boolean {
    const [element] = to.typeArguments;
    if (element === undefined || !ARRAY_INTERFACES.includes(to.definition.fullName)) return false;
    return this.#isReference(from.element, element);
  }

  #varies(from: Type, to: NamedType): boolean {
    if (from === to) return true;
    if (from.kind !== 'named' || from.definition !== to.definition || to.typeArguments.length === 0) return false;
    return to.typeArguments.every((argument, index) => {
      const given = from.typeArguments[index];
      return given !== undefined && this.#argumentVaries(given, argument, to.definition.variance[index]);
    });
  }

  #argumentVaries(given: Type, wanted: Type, variance: 'in' | 'out' | undefined): boolean {
    if (given === wanted) return true;
    if (variance === 'out') return this.#isReference(given, wanted);
    return variance === 'in' && this.#isReference(wanted, given);
  }

  #isReference(from: Type, to: Type): boolean {
    if (from === to) return true;
    return isReferenceType(from) && !isValueType(to) && this.isAssignable(from, to);
  }
}

/** The real member behind a tuple element's name: `Item2` for `b` of `(int a, string b)`. */
function tupleItem(type: Type, name: string): string | undefined {
  if (type.kind !== 'named' || type.tupleNames === undefined || tupleElements(type) === undefined) return undefined;
  const index = type.tupleNames.indexOf(name);
  return index < 0 ? undefined : `Item${index + 1}`;
}
