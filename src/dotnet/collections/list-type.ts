import { argumentNull, argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { declareType, special } from '../../csharp/types/declare.ts';
import type { Type } from '../../csharp/types/type.ts';
import { copyItems, newArray } from './arrays.ts';
import { orderOf } from './comparers.ts';
import type { ArrayValue, NetComparer } from './contract.ts';
import { defaultOf, itemsOf } from './elements.ts';
import { enumerate } from './enumerator.ts';
import { badCount, badIndex, collectionModified, negative } from './errors.ts';
import { NetList, newList, ReadOnlyList } from './list.ts';
import { binarySearch, type Compare } from './sort.ts';

type Predicate = ((item: unknown) => boolean) | null;
type Source = Iterable<unknown> | null;

/** Items as an array of their own, counted against the budget. */
function collect(runtime: Runtime, source: Source, element: Type | undefined, parameter: string): unknown[] {
  const items: unknown[] = [];
  for (const item of itemsOf(source, element, parameter)) {
    runtime.budget.step();
    items.push(item);
  }
  return items;
}

function required<T>(value: T | null, parameter: string): T {
  if (value === null) throw argumentNull(parameter);
  return value;
}

function create(runtime: Runtime, element: Type | undefined, items: unknown[] = []): NetList {
  return newList(runtime.types, element ?? runtime.types.type('object'), items);
}

function checkStart(list: NetList, start: number, count: number, parameter = 'startIndex'): void {
  if (start < 0 || start > list.items.length) throw badStart(parameter);
  if (count < 0 || start > list.items.length - count) throw badCount();
}

function badStart(parameter: string) {
  return argumentOutOfRange(
    parameter,
    'Index was out of range. Must be non-negative and less than or equal to the size of the collection.',
  );
}

function findIndex(list: NetList, start: number, count: number, match: Predicate): number {
  const test = required(match, 'match');
  checkStart(list, start, count);
  for (let at = start; at < start + count; at += 1) if (test(list.items[at])) return at;
  return -1;
}

function findLastIndex(list: NetList, start: number, count: number, match: Predicate): number {
  const test = required(match, 'match');
  const empty = list.items.length === 0;
  if (empty ? start !== -1 : start < 0 || start >= list.items.length) throw badIndex('startIndex');
  if (count < 0 || start - count + 1 < 0) throw badCount();
  for (let at = start; at > start - count; at -= 1) if (test(list.items[at])) return at;
  return -1;
}

function indexOf(list: NetList, item: unknown, start: number, count: number): number {
  checkStart(list, start, count, 'index');
  return list.indexOf(item, start, count);
}

function lastIndexOf(list: NetList, item: unknown, start: number, count: number): number {
  if (list.items.length === 0) return -1;
  if (start < 0) throw negative('index');
  if (count < 0) throw negative('count');
  if (start >= list.items.length || count > start + 1) throw badIndex(start >= list.items.length ? 'index' : 'count');
  return list.lastIndexOf(item, start, count);
}

function forEach(list: NetList, action: ((item: unknown) => void) | null): void {
  const call = required(action, 'action');
  const version = list.version;
  for (let at = 0; at < list.items.length; at += 1) {
    if (version !== list.version) break;
    call(list.items[at]);
  }
  if (version !== list.version) throw collectionModified();
}

function setCapacity(list: NetList, value: number): void {
  if (value < list.items.length) throw argumentOutOfRange('value', 'capacity was less than the current size.');
  list.capacity = value;
}

function ensureCapacity(list: NetList, capacity: number): number {
  if (capacity < 0) throw argumentOutOfRange('capacity', `capacity ('${capacity}') must be a non-negative value.`);
  if (list.capacity < capacity) list.capacity = Math.max(capacity, list.capacity * 2, 4);
  return list.capacity;
}

function getRange(runtime: Runtime, list: NetList, index: number, count: number): NetList {
  list.checkRange(index, count);
  runtime.budget.step(count);
  return new NetList(list.netType, list.items.slice(index, index + count));
}

function search(list: NetList, index: number, count: number, item: unknown, comparer: NetComparer | null): number {
  list.checkRange(index, count);
  return binarySearch(list.items, index, count, item, orderOf(comparer, list.element));
}

const queries = {
  'bool Exists(Predicate<T> match)': (list: NetList, match: Predicate) => findIndex(list, 0, list.items.length, match) >= 0,
  'T Find(Predicate<T> match)': special((runtime, [element], list: NetList, match: Predicate) => {
    const at = findIndex(list, 0, list.items.length, match);
    return at < 0 ? defaultOf(runtime, element) : list.items[at];
  }),
  'List<T> FindAll(Predicate<T> match)': (list: NetList, match: Predicate) =>
    new NetList(list.netType, list.items.filter(required(match, 'match'))),
  'int FindIndex(Predicate<T> match)': (list: NetList, match: Predicate) => findIndex(list, 0, list.items.length, match),
  'int FindIndex(int startIndex, Predicate<T> match)': (list: NetList, start: number, match: Predicate) =>
    findIndex(list, start, list.items.length - start, match),
  'int FindIndex(int startIndex, int count, Predicate<T> match)': findIndex,
  'T FindLast(Predicate<T> match)': special((runtime, [element], list: NetList, match: Predicate) => {
    const at = findLastIndex(list, list.items.length - 1, list.items.length, match);
    return at < 0 ? defaultOf(runtime, element) : list.items[at];
  }),
  'int FindLastIndex(Predicate<T> match)': (list: NetList, match: Predicate) =>
    findLastIndex(list, list.items.length - 1, list.items.length, match),
  'int FindLastIndex(int startIndex, Predicate<T> match)': (list: NetList, start: number, match: Predicate) =>
    findLastIndex(list, start, start + 1, match),
  'int FindLastIndex(int startIndex, int count, Predicate<T> match)': findLastIndex,
  'bool TrueForAll(Predicate<T> match)': (list: NetList, match: Predicate) => list.items.every(required(match, 'match')),
  'bool Contains(T item)': (list: NetList, item: unknown) => list.netContains(item),
  'int IndexOf(T item)': (list: NetList, item: unknown) => list.netIndexOf(item),
  'int IndexOf(T item, int index)': (list: NetList, item: unknown, index: number) => indexOf(list, item, index, list.items.length - index),
  'int IndexOf(T item, int index, int count)': indexOf,
  'int LastIndexOf(T item)': (list: NetList, item: unknown) => lastIndexOf(list, item, list.items.length - 1, list.items.length),
  'int LastIndexOf(T item, int index)': (list: NetList, item: unknown, index: number) => lastIndexOf(list, item, index, index + 1),
  'int LastIndexOf(T item, int index, int count)': lastIndexOf,
  'int BinarySearch(T item)': (list: NetList, item: unknown) => search(list, 0, list.items.length, item, null),
  'int BinarySearch(T item, IComparer<T> comparer)': (list: NetList, item: unknown, comparer: NetComparer | null) =>
    search(list, 0, list.items.length, item, comparer),
  'int BinarySearch(int index, int count, T item, IComparer<T> comparer)': (
    list: NetList,
    index: number,
    count: number,
    item: unknown,
    comparer: NetComparer | null,
  ) => search(list, index, count, item, comparer),
};

const copies = {
  'List<TOutput> ConvertAll<TOutput>(Converter<T, TOutput> converter)': special(
    (runtime, [, output], list: NetList, converter: ((item: unknown) => unknown) | null) => {
      const convert = required(converter, 'converter');
      return create(
        runtime,
        output,
        list.items.map((item) => convert(item)),
      );
    },
  ),
  'void CopyTo(T[] array)': (list: NetList, target: ArrayValue | null) =>
    copyItems(list.items, 0, required(target, 'array'), 0, list.items.length),
  'void CopyTo(T[] array, int arrayIndex)': (list: NetList, target: ArrayValue | null, at: number) =>
    copyItems(list.items, 0, required(target, 'array'), at, list.items.length),
  'void CopyTo(int index, T[] array, int arrayIndex, int count)': (
    list: NetList,
    index: number,
    target: ArrayValue | null,
    at: number,
    count: number,
  ) => {
    list.checkRange(index, count);
    copyItems(list.items, index, required(target, 'array'), at, count);
  },
  'List<T> GetRange(int index, int count)': special((runtime, _types, list: NetList, index: number, count: number) =>
    getRange(runtime, list, index, count),
  ),
  'List<T> Slice(int start, int length)': special((runtime, _types, list: NetList, index: number, count: number) =>
    getRange(runtime, list, index, count),
  ),
  'T[] ToArray()': special((runtime, [element], list: NetList) => newArray(runtime, element, [...list.items])),
  'System.Collections.ObjectModel.ReadOnlyCollection<T> AsReadOnly()': special(
    (runtime, types, list: NetList) =>
      new ReadOnlyList(runtime.types.type('System.Collections.ObjectModel.ReadOnlyCollection', ...types), () => list.items),
  ),
  'IEnumerator<T> GetEnumerator()': special((runtime, [element], list: NetList) =>
    enumerate(runtime, list, element ?? runtime.types.type('object')),
  ),
};

const changes = {
  'void Add(T item)': (list: NetList, item: unknown) => list.netAdd(item),
  'void AddRange(IEnumerable<T> collection)': special((runtime, [element], list: NetList, source: Source) =>
    list.insertAll(list.items.length, collect(runtime, source, element, 'collection')),
  ),
  'void Insert(int index, T item)': (list: NetList, index: number, item: unknown) => list.netInsert(index, item),
  'void InsertRange(int index, IEnumerable<T> collection)': special((runtime, [element], list: NetList, index: number, source: Source) =>
    list.insertAll(index, collect(runtime, source, element, 'collection')),
  ),
  'bool Remove(T item)': (list: NetList, item: unknown) => list.netRemove(item),
  'int RemoveAll(Predicate<T> match)': (list: NetList, match: Predicate) => list.removeAll(required(match, 'match')),
  'void RemoveAt(int index)': (list: NetList, index: number) => list.netRemoveAt(index),
  'void RemoveRange(int index, int count)': (list: NetList, index: number, count: number) => list.removeRange(index, count),
  'void Clear()': (list: NetList) => list.netClear(),
  'void ForEach(Action<T> action)': forEach,
  'void Reverse()': (list: NetList) => list.reverse(0, list.items.length),
  'void Reverse(int index, int count)': (list: NetList, index: number, count: number) => list.reverse(index, count),
  'void Sort()': (list: NetList) => list.sort(0, list.items.length),
  'void Sort(IComparer<T> comparer)': (list: NetList, comparer: NetComparer | null) =>
    list.sort(0, list.items.length, orderOf(comparer, list.element)),
  'void Sort(Comparison<T> comparison)': (list: NetList, comparison: Compare | null) =>
    list.sort(0, list.items.length, required(comparison, 'comparison')),
  'void Sort(int index, int count, IComparer<T> comparer)': (list: NetList, index: number, count: number, comparer: NetComparer | null) =>
    list.sort(index, count, orderOf(comparer, list.element)),
};

export const listType = declareType(
  'class System.Collections.Generic.List<T> : IList<T>, IReadOnlyList<T>, System.Collections.IList',
  'all',
  {
    'List()': special((runtime, [element]) => create(runtime, element)),
    'List(int capacity)': special((runtime, [element], capacity: number) => {
      if (capacity < 0) throw negative('capacity');
      const list = create(runtime, element);
      list.capacity = capacity;
      return list;
    }),
    'List(IEnumerable<T> collection)': special((runtime, [element], source: Source) =>
      create(runtime, element, collect(runtime, source, element, 'collection')),
    ),
    'int Count { get; }': (list: NetList) => list.items.length,
    'int Capacity { get; set; }': { get: (list: NetList) => list.capacity, set: setCapacity },
    'T this[int index] { get; set; }': {
      get: (list: NetList, index: number) => list.netGet(index),
      set: (list: NetList, index: number, value: unknown) => list.netSet(index, value),
    },
    'int EnsureCapacity(int capacity)': ensureCapacity,
    'void TrimExcess()': (list: NetList) => {
      list.capacity = list.items.length;
    },
    ...changes,
    ...queries,
    ...copies,
  },
);

export const readOnlyCollectionType = declareType(
  'class System.Collections.ObjectModel.ReadOnlyCollection<T> : IList<T>, IReadOnlyList<T>, System.Collections.IList',
  'implied',
  {
    'ReadOnlyCollection(IList<T> list)': special((runtime, types, source: (ArrayLike<unknown> & Iterable<unknown>) | NetList | null) => {
      const list = required(source, 'list');
      const items = list instanceof NetList ? () => list.items : () => list;
      return new ReadOnlyList(runtime.types.type('System.Collections.ObjectModel.ReadOnlyCollection', ...types), items);
    }),
    'int Count { get; }': (list: ReadOnlyList) => list.netCount,
    'T this[int index] { get; }': (list: ReadOnlyList, index: number) => list.netGet(index),
    'bool Contains(T value)': (list: ReadOnlyList, item: unknown) => list.netContains(item),
    'int IndexOf(T value)': (list: ReadOnlyList, item: unknown) => list.netIndexOf(item),
    'void CopyTo(T[] array, int index)': (list: ReadOnlyList, target: ArrayValue | null, at: number) => {
      const items = [...list];
      copyItems(items, 0, required(target, 'array'), at, items.length);
    },
    'IEnumerator<T> GetEnumerator()': special((runtime, [element], list: ReadOnlyList) =>
      enumerate(runtime, list, element ?? runtime.types.type('object')),
    ),
  },
);
