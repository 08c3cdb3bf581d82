import { argumentNull } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { Ref } from '../../csharp/runtime/values.ts';
import { declareType, special } from '../../csharp/types/declare.ts';
import type { TypeTable } from '../../csharp/types/table.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { copyItems, notNull } from './arrays.ts';
import { defaultEquality, equalityOf } from './comparers.ts';
import type { ArrayValue, CollectionObject, NetComparer } from './contract.ts';
import { defaultOf, itemsOf } from './elements.ts';
import { enumerate } from './enumerator.ts';
import { collectionModified, negative } from './errors.ts';
import { Slots } from './slots.ts';

type Source = Iterable<unknown> | null;

/** `HashSet<T>`. */
export class NetHashSet implements CollectionObject {
  readonly netType: NamedType;
  readonly comparer: NetComparer | null;
  slots: Slots;

  constructor(netType: NamedType, comparer: NetComparer | null = null) {
    this.netType = netType;
    this.comparer = comparer;
    this.slots = this.#emptySlots();
  }

  #emptySlots(): Slots {
    return new Slots(equalityOf(this.comparer, this.netType.typeArguments[0]));
  }
  get netCount(): number {
    return this.slots.count;
  }
  *[Symbol.iterator](): Generator<unknown> {
    const version = this.slots.version;
    for (let slot = -1; ; ) {
      if (version !== this.slots.version) throw collectionModified();
      slot = this.slots.next(slot + 1);
      if (slot < 0) return;
      yield this.slots.keyAt(slot);
    }
  }
  tryAdd(item: unknown): boolean {
    if (this.slots.find(item) >= 0) return false;
    this.slots.add(item, undefined);
    return true;
  }
  netAdd(item: unknown): void {
    this.tryAdd(item);
  }
  netClear(): void {
    this.slots.clear();
  }
  netContains(item: unknown): boolean {
    return this.slots.find(item) >= 0;
  }
  netRemove(item: unknown): boolean {
    const slot = this.slots.find(item);
    if (slot >= 0) this.slots.remove(slot);
    return slot >= 0;
  }
  /** The other items as a set of this one's equality. */
  distinct(runtime: Runtime, other: Source): NetHashSet {
    const set = new NetHashSet(this.netType, this.comparer);
    for (const item of itemsOf(other, this.netType.typeArguments[0], 'other')) {
      runtime.budget.step();
      set.tryAdd(item);
    }
    return set;
  }
}

/** An empty HashSet<element>. */
export function newHashSet(types: TypeTable, element: Type, comparer: NetComparer | null = null): NetHashSet {
  return new NetHashSet(types.type('System.Collections.Generic.HashSet', element), comparer);
}

function create(runtime: Runtime, types: readonly Type[], comparer: NetComparer | null = null): NetHashSet {
  return newHashSet(runtime.types, types[0] ?? runtime.types.type('object'), comparer);
}

function filled(runtime: Runtime, types: readonly Type[], source: Source, comparer: NetComparer | null = null): NetHashSet {
  if (source === null) throw argumentNull('collection');
  return create(runtime, types, comparer).distinct(runtime, source);
}

function sized(runtime: Runtime, types: readonly Type[], capacity: number, comparer: NetComparer | null = null): NetHashSet {
  if (capacity < 0) throw negative('capacity');
  return create(runtime, types, comparer);
}

function removeWhere(set: NetHashSet, match: ((item: unknown) => boolean) | null): number {
  if (match === null) throw argumentNull('match');
  const doomed = [...set].filter((item) => match(item));
  for (const item of doomed) set.netRemove(item);
  return doomed.length;
}

function intersect(runtime: Runtime, set: NetHashSet, other: Source): void {
  const kept = set.distinct(runtime, other);
  removeWhere(set, (item) => !kept.netContains(item));
}

function exceptWith(runtime: Runtime, set: NetHashSet, other: Source): void {
  for (const item of [...set.distinct(runtime, other)]) set.netRemove(item);
}

function symmetricExcept(runtime: Runtime, set: NetHashSet, other: Source): void {
  for (const item of [...set.distinct(runtime, other)]) if (!set.netRemove(item)) set.tryAdd(item);
}

const containsAll = (set: NetHashSet, items: NetHashSet): boolean => [...items].every((item) => set.netContains(item));

function isSubset(runtime: Runtime, set: NetHashSet, other: Source, proper: boolean): boolean {
  const all = set.distinct(runtime, other);
  return containsAll(all, set) && (!proper || all.netCount > set.netCount);
}

function isSuperset(runtime: Runtime, set: NetHashSet, other: Source, proper: boolean): boolean {
  const all = set.distinct(runtime, other);
  return containsAll(set, all) && (!proper || set.netCount > all.netCount);
}

function setEquals(runtime: Runtime, set: NetHashSet, other: Source): boolean {
  const all = set.distinct(runtime, other);
  return all.netCount === set.netCount && containsAll(set, all);
}

function union(runtime: Runtime, set: NetHashSet, other: Source): void {
  for (const item of [...set.distinct(runtime, other)]) set.tryAdd(item);
}

function tryGetValue(runtime: Runtime, types: readonly Type[], set: NetHashSet, wanted: unknown, out: Ref): boolean {
  const slot = set.slots.find(wanted);
  out.value = slot < 0 ? defaultOf(runtime, types[0]) : set.slots.keyAt(slot);
  return slot >= 0;
}

function copyTo(set: NetHashSet, target: ArrayValue | null, at = 0, count = set.netCount): void {
  copyItems([...set].slice(0, count), 0, notNull(target), at, Math.min(count, set.netCount));
}

/** The members of ISet<T>, which HashSet<T> repeats. */
const setMembers = {
  'void ExceptWith(IEnumerable<T> other)': special((runtime, _types, set: NetHashSet, other: Source) => exceptWith(runtime, set, other)),
  'void IntersectWith(IEnumerable<T> other)': special((runtime, _types, set: NetHashSet, other: Source) => intersect(runtime, set, other)),
  'void SymmetricExceptWith(IEnumerable<T> other)': special((runtime, _types, set: NetHashSet, other: Source) =>
    symmetricExcept(runtime, set, other),
  ),
  'void UnionWith(IEnumerable<T> other)': special((runtime, _types, set: NetHashSet, other: Source) => union(runtime, set, other)),
  'bool IsProperSubsetOf(IEnumerable<T> other)': special((runtime, _types, set: NetHashSet, other: Source) =>
    isSubset(runtime, set, other, true),
  ),
  'bool IsProperSupersetOf(IEnumerable<T> other)': special((runtime, _types, set: NetHashSet, other: Source) =>
    isSuperset(runtime, set, other, true),
  ),
  'bool IsSubsetOf(IEnumerable<T> other)': special((runtime, _types, set: NetHashSet, other: Source) =>
    isSubset(runtime, set, other, false),
  ),
  'bool IsSupersetOf(IEnumerable<T> other)': special((runtime, _types, set: NetHashSet, other: Source) =>
    isSuperset(runtime, set, other, false),
  ),
  'bool Overlaps(IEnumerable<T> other)': special((runtime, _types, set: NetHashSet, other: Source) =>
    [...set.distinct(runtime, other)].some((item) => set.netContains(item)),
  ),
  'bool SetEquals(IEnumerable<T> other)': special((runtime, _types, set: NetHashSet, other: Source) => setEquals(runtime, set, other)),
};

export const setTypes = [
  declareType('interface System.Collections.Generic.ISet<T> : ICollection<T>', 'all', {
    'bool Add(T item)': (set: NetHashSet, item: unknown) => set.tryAdd(item),
    ...setMembers,
  }),
  declareType('class System.Collections.Generic.HashSet<T> : ISet<T>, IReadOnlyCollection<T>', 'all', {
    'HashSet()': special((runtime, types) => create(runtime, types)),
    'HashSet(IEqualityComparer<T> comparer)': special((runtime, types, comparer: NetComparer | null) => create(runtime, types, comparer)),
    'HashSet(int capacity)': special((runtime, types, capacity: number) => sized(runtime, types, capacity)),
    'HashSet(IEnumerable<T> collection)': special((runtime, types, source: Source) => filled(runtime, types, source)),
    'HashSet(IEnumerable<T> collection, IEqualityComparer<T> comparer)': special(
      (runtime, types, source: Source, comparer: NetComparer | null) => filled(runtime, types, source, comparer),
    ),
    'HashSet(int capacity, IEqualityComparer<T> comparer)': special((runtime, types, capacity: number, comparer: NetComparer | null) =>
      sized(runtime, types, capacity, comparer),
    ),
    'int Count { get; }': (set: NetHashSet) => set.netCount,
    'IEqualityComparer<T> Comparer { get; }': special(
      (runtime, [element], set: NetHashSet) => set.comparer ?? defaultEquality(runtime, element),
    ),
    'bool Add(T item)': (set: NetHashSet, item: unknown) => set.tryAdd(item),
    'void Clear()': (set: NetHashSet) => set.netClear(),
    'bool Contains(T item)': (set: NetHashSet, item: unknown) => set.netContains(item),
    'bool Remove(T item)': (set: NetHashSet, item: unknown) => set.netRemove(item),
    'int RemoveWhere(Predicate<T> match)': removeWhere,
    'bool TryGetValue(T equalValue, out T actualValue)': special(tryGetValue),
    'void CopyTo(T[] array)': (set: NetHashSet, target: ArrayValue | null) => copyTo(set, target),
    'void CopyTo(T[] array, int arrayIndex)': (set: NetHashSet, target: ArrayValue | null, at: number) => copyTo(set, target, at),
    'void CopyTo(T[] array, int arrayIndex, int count)': copyTo,
    'int EnsureCapacity(int capacity)': (set: NetHashSet, capacity: number) => Math.max(capacity, set.netCount),
    'void TrimExcess()': () => undefined,
    'void OnDeserialization(object sender)': () => undefined,
    'static IEqualityComparer<HashSet<T>> CreateSetComparer()': special((runtime, [element]) => setComparer(runtime, element)),
    'IEnumerator<T> GetEnumerator()': special((runtime, [element], set: NetHashSet) =>
      enumerate(runtime, set, element ?? runtime.types.type('object')),
    ),
    ...setMembers,
  }),
];

/** Sets are equal when they hold the same items. */
function setComparer(runtime: Runtime, element: Type | undefined): NetComparer {
  const { types } = runtime;
  const set = types.type('System.Collections.Generic.HashSet', element ?? types.type('object'));
  const equality = equalityOf(null, element);
  return {
    netType: types.type('System.Collections.Generic.EqualityComparer', set),
    netEqual: (a, b) => a === b || (a instanceof NetHashSet && b instanceof NetHashSet && setEquals(runtime, a, b)),
    netHash: (value) => (value instanceof NetHashSet ? [...value].reduce<number>((hash, item) => hash ^ equality.hash(item), 0) : 0),
  };
}
