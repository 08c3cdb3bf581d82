/** What inference knows of a method's type parameters so far: exact, lower and upper bounds, and how one is fixed. */
import type { Conversions } from './conversions.ts';
import { isReferenceType, tupleElements, underlyingOf } from './kinds.ts';
import type { NamedType, Type, TypeParameter } from './type.ts';

interface BoundSet {
  readonly exact: Set<Type>;
  readonly lower: Set<Type>;
  readonly upper: Set<Type>;
}
type Direction = keyof BoundSet;

const ARRAY_INTERFACES: ReadonlySet<string> = new Set(
  ['IEnumerable', 'ICollection', 'IList', 'IReadOnlyCollection', 'IReadOnlyList'].map((name) => `System.Collections.Generic.${name}`),
);

export class Bounds {
  readonly #conversions: Conversions;
  readonly #sets = new Map<Type, BoundSet>();
  readonly fixed = new Map<Type, Type>();
  readonly open: Set<Type>;

  constructor(conversions: Conversions, parameters: readonly TypeParameter[]) {
    this.#conversions = conversions;
    this.open = new Set(parameters);
    for (const parameter of parameters) this.#sets.set(parameter, { exact: new Set(), lower: new Set(), upper: new Set() });
  }

  has(parameter: Type): boolean {
    const set = this.#sets.get(parameter);
    return set !== undefined && set.exact.size + set.lower.size + set.upper.size > 0;
  }

  /** The type with what is fixed filled in. */
  filled(type: Type): Type {
    return this.#conversions.types.substitute(type, [...this.fixed.keys()], [...this.fixed.values()]);
  }

  exact(from: Type, to: Type): void {
    this.#infer(from, to, 'exact');
  }

  lower(from: Type, to: Type): void {
    this.#infer(from, to, 'lower');
  }

  #infer(from: Type, to: Type, direction: Direction): void {
    const set = this.#sets.get(to);
    if (set !== undefined) {
      if (this.open.has(to)) set[direction].add(from);
      return;
    }
    if (to.kind === 'array') this.#inferArray(from, to.element, to.rank, direction);
    else if (to.kind === 'named' && to.typeArguments.length > 0) this.#inferNamed(from, to, direction);
  }

  #inferArray(from: Type, element: Type, rank: number, direction: Direction): void {
    if (from.kind !== 'array' || from.rank !== rank) return;
    this.#infer(from.element, element, isReferenceType(from.element) ? direction : 'exact');
  }

  #inferNamed(from: Type, to: NamedType, direction: Direction): void {
    const [bareFrom, bareTo] = [underlyingOf(from), underlyingOf(to)];
    if (bareTo !== undefined) {
      if (bareFrom !== undefined) this.#infer(bareFrom, bareTo, direction);
      return;
    }
    const [partsFrom, partsTo] = [tupleElements(from), tupleElements(to)];
    if (partsFrom !== undefined && partsTo !== undefined) this.#inferEach(partsFrom, partsTo, () => direction);
    else if (from.kind === 'array' && from.rank === 1 && direction === 'lower') this.#inferFromArray(from.element, to);
    else this.#inferConstructed(from, to, direction);
  }

  #inferEach(from: readonly Type[], to: readonly Type[], direction: (index: number) => Direction): void {
    if (from.length !== to.length) return;
    for (const [index, type] of from.entries()) {
      const target = to[index];
      if (target !== undefined) this.#infer(type, target, direction(index));
    }
  }

  #inferFromArray(element: Type, to: NamedType): void {
    const [target] = to.typeArguments;
    if (target !== undefined && ARRAY_INTERFACES.has(to.definition.fullName))
      this.#infer(element, target, isReferenceType(element) ? 'lower' : 'exact');
  }

  #inferConstructed(from: Type, to: NamedType, direction: Direction): void {
    const source = direction === 'lower' ? this.#constructionOf(from, to) : sameDefinition(from, to);
    if (source === undefined) return;
    this.#inferEach(source.typeArguments, to.typeArguments, (index) => this.#argumentDirection(source, to, index, direction));
  }

  #argumentDirection(source: NamedType, to: NamedType, index: number, direction: Direction): Direction {
    const argument = source.typeArguments[index];
    const variance = to.definition.variance[index];
    if (direction === 'exact' || variance === undefined || argument === undefined || !isReferenceType(argument)) return 'exact';
    if (variance === 'out') return direction;
    return direction === 'lower' ? 'upper' : 'lower';
  }

  /** The one construction of the definition among the type, its bases and its interfaces; none when there are several. */
  #constructionOf(from: Type, to: NamedType): NamedType | undefined {
    const { types } = this.#conversions;
    for (let at: Type | undefined = from; at !== undefined; at = types.baseOf(at)) {
      const same = sameDefinition(at, to);
      if (same !== undefined) return same;
    }
    const found = types.interfacesOf(from).filter((each) => each.definition === to.definition);
    return found.length === 1 ? found[0] : undefined;
  }

  /** Fixes a type parameter to the best of its bounds; false when there is none. */
  fix(parameter: Type): boolean {
    const set = this.#sets.get(parameter);
    const best = set === undefined ? undefined : this.#best(set);
    if (best === undefined) return false;
    this.open.delete(parameter);
    this.fixed.set(parameter, best);
    return true;
  }

  #best(set: BoundSet): Type | undefined {
    const all = new Set([...set.exact, ...set.lower, ...set.upper]);
    const candidates = [...all].filter(
      (type) =>
        every(set.exact, (bound) => this.#conversions.isIdentity(bound, type)) &&
        every(set.lower, (bound) => this.#converts(bound, type)) &&
        every(set.upper, (bound) => this.#converts(type, bound)),
    );
    return candidates.find((type) => candidates.every((other) => this.#converts(other, type)));
  }

  #converts(from: Type, to: Type): boolean {
    return this.#conversions.implicitType(from, to) !== undefined;
  }
}

function every(set: ReadonlySet<Type>, holds: (type: Type) => boolean): boolean {
  for (const type of set) if (!holds(type)) return false;
  return true;
}

function sameDefinition(from: Type, to: NamedType): NamedType | undefined {
  return from.kind === 'named' && from.definition === to.definition ? from : undefined;
}
