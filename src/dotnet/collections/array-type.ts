/** System.Array: static members over arrays, and what every array has. */
import { allocateCells } from '../../csharp/runtime/arrays.ts';
import { ELEMENT_BYTES } from '../../csharp/runtime/budget.ts';
import { argument, argumentNull, argumentOutOfRange, indexOutOfRange, notSupported } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { makeArray, type Ref, type TypeObject } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, special } from '../../csharp/types/declare.ts';
import type { Type } from '../../csharp/types/type.ts';
import { box, equalsOf, unbox } from '../core/protocol.ts';
import { asItems, checkPart, cloneArray, copyArray, copyItems, elementOfArray, lengthsOf, newArray, notNull } from './arrays.ts';
import { orderOf } from './comparers.ts';
import type { ArrayValue, NetComparer } from './contract.ts';
import { castObject, defaultOf } from './elements.ts';
import { enumerateObjects } from './enumerator.ts';
import { badCount, badIndex } from './errors.ts';
import { ReadOnlyList } from './list.ts';
import { binarySearch, type Compare, introSort } from './sort.ts';

type Predicate = ((item: unknown) => boolean) | null;
type MaybeArray = ArrayValue | null;

function required<T>(value: T | null, parameter: string): T {
  if (value === null) throw argumentNull(parameter);
  return value;
}

function findIndex(array: MaybeArray, start: number, count: number | undefined, match: Predicate): number {
  const items = notNull(array);
  const test = required(match, 'match');
  if (start < 0 || start > items.length) throw startIndex();
  const length = count ?? items.length - start;
  if (length < 0 || start > items.length - length) throw badCount();
  for (let at = start; at < start + length; at += 1) if (test(items[at])) return at;
  return -1;
}

function startIndex() {
  return argumentOutOfRange(
    'startIndex',
    'Index was out of range. Must be non-negative and less than or equal to the size of the collection.',
  );
}

function findLastIndex(array: MaybeArray, start: number | undefined, count: number | undefined, match: Predicate): number {
  const items = notNull(array);
  const test = required(match, 'match');
  const from = start ?? items.length - 1;
  const length = count ?? from + 1;
  if (items.length === 0 ? from !== -1 : from < 0 || from >= items.length) throw badIndex('startIndex');
  if (length < 0 || from - length + 1 < 0) throw badCount();
  for (let at = from; at > from - length; at -= 1) if (test(items[at])) return at;
  return -1;
}

function indexOf(array: MaybeArray, value: unknown, start: number, count: number | undefined, element: Type | undefined): number {
  const items = notNull(array);
  if (start < 0 || start > items.length) throw startIndex();
  const length = count ?? items.length - start;
  if (length < 0 || start > items.length - length) throw badCount();
  const equals = equalsOf(element);
  for (let at = start; at < start + length; at += 1) if (equals(items[at], value)) return at;
  return -1;
}

function lastIndexOf(
  array: MaybeArray,
  value: unknown,
  start: number | undefined,
  count: number | undefined,
  element: Type | undefined,
): number {
  const items = notNull(array);
  const from = start ?? items.length - 1;
  const length = count ?? from + 1;
  if (items.length === 0) return -1;
  if (from < 0 || from >= items.length) throw badIndex('startIndex');
  if (length < 0 || from - length + 1 < 0) throw badCount();
  const equals = equalsOf(element);
  for (let at = from; at > from - length; at -= 1) if (equals(items[at], value)) return at;
  return -1;
}

function sort(array: MaybeArray, index: number, length: number | undefined, compare: Compare, companions: MaybeArray = null): void {
  const items = notNull(array);
  const count = length ?? items.length - index;
  checkPart(items, index, count);
  if (companions !== null && companions.length - index < count)
    throw argument(
      'Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.',
    );
  introSort(asItems(items), index, count, compare, companions === null ? null : asItems(companions));
}

function search(array: MaybeArray, index: number, length: number | undefined, value: unknown, compare: Compare): number {
  const items = notNull(array);
  const count = length ?? items.length;
  checkPart(items, index, count);
  return binarySearch(asItems(items), index, count, value, compare);
}

function reverse(array: MaybeArray, index: number, length: number | undefined): void {
  const items = notNull(array);
  const count = length ?? items.length;
  checkPart(items, index, count);
  const reversed = asItems(items);
  for (let left = index, right = index + count - 1; left < right; left += 1, right -= 1) {
    const item = reversed[left];
    reversed[left] = reversed[right];
    reversed[right] = item;
  }
}

function clear(runtime: Runtime, array: MaybeArray, index: number, length: number | undefined): void {
  const items = notNull(array);
  const count = length ?? items.length;
  if (index < 0 || count < 0 || index > items.length - count) throw indexOutOfRange();
  const zero = defaultOf(runtime, elementOfArray(runtime, items));
  for (let at = index; at < index + count; at += 1) asItems(items)[at] = zero;
}

function fill(array: MaybeArray, value: unknown, start: number, count: number | undefined): void {
  const items = notNull(array);
  if (start < 0 || start > items.length) throw startIndex();
  const length = count ?? items.length - start;
  if (length < 0 || start > items.length - length) throw badCount();
  for (let at = start; at < start + length; at += 1) asItems(items)[at] = value;
}

function resize(runtime: Runtime, element: Type | undefined, ref: Ref<MaybeArray>, size: number): void {
  if (size < 0) throw argumentOutOfRange('newSize', 'Non-negative number required.');
  const old = ref.value === null ? [] : [...ref.value];
  if (ref.value !== null && old.length === size) return;
  allocateCells(runtime.budget, [size]);
  const zero = defaultOf(runtime, element);
  ref.value = newArray(
    runtime,
    element,
    Array.from({ length: size }, (_, at) => (at < old.length ? old[at] : zero)),
  );
}

/** Array.CreateInstance: zeroed, nested for several dimensions. */
function createInstance(runtime: Runtime, type: TypeObject | null, lengths: readonly (number | bigint)[]): ArrayValue {
  const element = required(type, 'elementType').of;
  const sizes = lengths.map(Number);
  for (const size of sizes) if (size < 0) throw argumentOutOfRange('length', 'Non-negative number required.');
  allocateCells(runtime.budget, sizes);
  const zero = defaultOf(runtime, element);
  if (sizes.length === 1) return newArray(runtime, element, new Array(sizes[0] ?? 0).fill(zero));
  return makeArray(runtime.types.array(element, sizes.length), nested(sizes, zero));
}

function nested(sizes: readonly number[], zero: unknown): unknown[] {
  const [size = 0, ...rest] = sizes;
  return Array.from({ length: size }, () => (rest.length === 0 ? zero : nested(rest, zero)));
}

/** The innermost store and index of a position; the number of indexes must be the rank. */
function locate(array: ArrayValue, indexes: readonly (number | bigint)[]): { items: ArrayValue; at: number } {
  if (lengthsOf(array).length !== indexes.length) throw argument('The input array must have the same number of dimensions as the indices.');
  let items: ArrayValue = array;
  for (const index of indexes.slice(0, -1)) {
    const inner = items[Number(index)];
    if (!Array.isArray(inner)) throw indexOutOfRange();
    items = inner;
  }
  const at = Number(indexes.at(-1));
  if (at < 0 || at >= items.length) throw indexOutOfRange();
  return { items, at };
}

function getValue(runtime: Runtime, array: ArrayValue, indexes: readonly (number | bigint)[]): unknown {
  const { items, at } = locate(array, indexes);
  return box(items[at], elementOfArray(runtime, array));
}

function setValue(runtime: Runtime, array: ArrayValue, value: unknown, indexes: readonly (number | bigint)[]): void {
  const { items, at } = locate(array, indexes);
  const element = elementOfArray(runtime, array);
  asItems(items)[at] = value === null ? defaultOf(runtime, element) : castObject(runtime.types, value, element);
}

function lengthOf(array: ArrayValue, dimension: number): number {
  const length = lengthsOf(array)[dimension];
  if (length === undefined) throw indexOutOfRange();
  return length;
}

const total = (array: ArrayValue): number => lengthsOf(array).reduce((product, length) => product * length, 1);
const elementOf = (runtime: Runtime, array: MaybeArray): Type | undefined => (array === null ? undefined : elementOfArray(runtime, array));

const finding: MemberTable = {
  'static bool Exists<T>(T[] array, Predicate<T> match)': (array: MaybeArray, match: Predicate) =>
    findIndex(array, 0, undefined, match) >= 0,
  'static T Find<T>(T[] array, Predicate<T> match)': special((runtime, [element], array: MaybeArray, match: Predicate) => {
    const at = findIndex(array, 0, undefined, match);
    return at < 0 ? defaultOf(runtime, element) : notNull(array)[at];
  }),
  'static T[] FindAll<T>(T[] array, Predicate<T> match)': special((runtime, [element], array: MaybeArray, match: Predicate) =>
    newArray(runtime, element, [...notNull(array)].filter(required(match, 'match'))),
  ),
  'static int FindIndex<T>(T[] array, Predicate<T> match)': (array: MaybeArray, match: Predicate) => findIndex(array, 0, undefined, match),
  'static int FindIndex<T>(T[] array, int startIndex, Predicate<T> match)': (array: MaybeArray, start: number, match: Predicate) =>
    findIndex(array, start, undefined, match),
  'static int FindIndex<T>(T[] array, int startIndex, int count, Predicate<T> match)': findIndex,
  'static T FindLast<T>(T[] array, Predicate<T> match)': special((runtime, [element], array: MaybeArray, match: Predicate) => {
    const at = findLastIndex(array, undefined, undefined, match);
    return at < 0 ? defaultOf(runtime, element) : notNull(array)[at];
  }),
  'static int FindLastIndex<T>(T[] array, Predicate<T> match)': (array: MaybeArray, match: Predicate) =>
    findLastIndex(array, undefined, undefined, match),
  'static int FindLastIndex<T>(T[] array, int startIndex, Predicate<T> match)': (array: MaybeArray, start: number, match: Predicate) =>
    findLastIndex(array, start, undefined, match),
  'static int FindLastIndex<T>(T[] array, int startIndex, int count, Predicate<T> match)': findLastIndex,
  'static bool TrueForAll<T>(T[] array, Predicate<T> match)': (array: MaybeArray, match: Predicate) =>
    [...notNull(array)].every(required(match, 'match')),
  'static void ForEach<T>(T[] array, Action<T> action)': (array: MaybeArray, action: ((item: unknown) => void) | null) => {
    for (const item of notNull(array)) required(action, 'action')(item);
  },
  ...positions('IndexOf', (array, value, start, count, element) => indexOf(array, value, start ?? 0, count, element)),
  ...positions('LastIndexOf', lastIndexOf),
};

type Position = (
  array: MaybeArray,
  value: unknown,
  start: number | undefined,
  count: number | undefined,
  element: Type | undefined,
) => number;

/** IndexOf and LastIndexOf, generic and not. */
function positions(name: string, find: Position): MemberTable {
  const generic = special((_runtime, [element], array: MaybeArray, value: unknown, start?: number, count?: number) =>
    find(array, value, start, count, element),
  );
  const plain = special((runtime, _types, array: MaybeArray, value: unknown, start?: number, count?: number) =>
    find(array, unbox(value), start, count, elementOf(runtime, array)),
  );
  return {
    [`static int ${name}<T>(T[] array, T value)`]: generic,
    [`static int ${name}<T>(T[] array, T value, int startIndex)`]: generic,
    [`static int ${name}<T>(T[] array, T value, int startIndex, int count)`]: generic,
    [`static int ${name}(Array array, object value)`]: plain,
    [`static int ${name}(Array array, object value, int startIndex)`]: plain,
    [`static int ${name}(Array array, object value, int startIndex, int count)`]: plain,
  };
}

/** A non-generic IComparer compares objects. */
function objectOrder(runtime: Runtime, comparer: NetComparer | null, element: Type | undefined): Compare {
  const order = orderOf(comparer, element);
  if (comparer === null || element === undefined) return order;
  const own = 'kind' in comparer.netType ? comparer.netType.typeArguments[0] : undefined;
  const isObjects = own !== undefined && own === runtime.types.type('object');
  return isObjects ? (a, b) => order(box(a, element), box(b, element)) : order;
}

const sorting: MemberTable = {
  'static void Sort<T>(T[] array)': special((_runtime, [element], array: MaybeArray) => sort(array, 0, undefined, orderOf(null, element))),
  'static void Sort<T>(T[] array, IComparer<T> comparer)': special((_runtime, [element], array: MaybeArray, comparer: NetComparer | null) =>
    sort(array, 0, undefined, orderOf(comparer, element)),
  ),
  'static void Sort<T>(T[] array, Comparison<T> comparison)': (array: MaybeArray, comparison: Compare | null) =>
    sort(notNull(array), 0, undefined, required(comparison, 'comparison')),
  'static void Sort<T>(T[] array, int index, int length)': special(
    (_runtime, [element], array: MaybeArray, index: number, length: number) => sort(array, index, length, orderOf(null, element)),
  ),
  'static void Sort<T>(T[] array, int index, int length, IComparer<T> comparer)': special(
    (_runtime, [element], array: MaybeArray, index: number, length: number, comparer: NetComparer | null) =>
      sort(array, index, length, orderOf(comparer, element)),
  ),
  'static void Sort<TKey, TValue>(TKey[] keys, TValue[] items)': special((_runtime, [key], keys: MaybeArray, items: MaybeArray) =>
    sort(notNull(keys, 'keys'), 0, undefined, orderOf(null, key), items),
  ),
  'static void Sort<TKey, TValue>(TKey[] keys, TValue[] items, IComparer<TKey> comparer)': special(
    (_runtime, [key], keys: MaybeArray, items: MaybeArray, comparer: NetComparer | null) =>
      sort(notNull(keys, 'keys'), 0, undefined, orderOf(comparer, key), items),
  ),
  'static void Sort<TKey, TValue>(TKey[] keys, TValue[] items, int index, int length)': special(
    (_runtime, [key], keys: MaybeArray, items: MaybeArray, index: number, length: number) =>
      sort(notNull(keys, 'keys'), index, length, orderOf(null, key), items),
  ),
  'static void Sort<TKey, TValue>(TKey[] keys, TValue[] items, int index, int length, IComparer<TKey> comparer)': special(
    (_runtime, [key], keys: MaybeArray, items: MaybeArray, index: number, length: number, comparer: NetComparer | null) =>
      sort(notNull(keys, 'keys'), index, length, orderOf(comparer, key), items),
  ),
  'static void Sort(Array array)': special((runtime, _types, array: MaybeArray) =>
    sort(array, 0, undefined, orderOf(null, elementOf(runtime, array))),
  ),
  'static void Sort(Array array, System.Collections.IComparer comparer)': special(
    (runtime, _types, array: MaybeArray, comparer: NetComparer | null) =>
      sort(array, 0, undefined, objectOrder(runtime, comparer, elementOf(runtime, array))),
  ),
  'static void Sort(Array array, int index, int length)': special((runtime, _types, array: MaybeArray, index: number, length: number) =>
    sort(array, index, length, orderOf(null, elementOf(runtime, array))),
  ),
  'static void Sort(Array array, int index, int length, System.Collections.IComparer comparer)': special(
    (runtime, _types, array: MaybeArray, index: number, length: number, comparer: NetComparer | null) =>
      sort(array, index, length, objectOrder(runtime, comparer, elementOf(runtime, array))),
  ),
  'static void Sort(Array keys, Array items)': special((runtime, _types, keys: MaybeArray, items: MaybeArray) =>
    sort(notNull(keys, 'keys'), 0, undefined, orderOf(null, elementOf(runtime, keys)), items),
  ),
  'static void Sort(Array keys, Array items, System.Collections.IComparer comparer)': special(
    (runtime, _types, keys: MaybeArray, items: MaybeArray, comparer: NetComparer | null) =>
      sort(notNull(keys, 'keys'), 0, undefined, objectOrder(runtime, comparer, elementOf(runtime, keys)), items),
  ),
  'static void Sort(Array keys, Array items, int index, int length)': special(
    (runtime, _types, keys: MaybeArray, items: MaybeArray, index: number, length: number) =>
      sort(notNull(keys, 'keys'), index, length, orderOf(null, elementOf(runtime, keys)), items),
  ),
  'static void Sort(Array keys, Array items, int index, int length, System.Collections.IComparer comparer)': special(
    (runtime, _types, keys: MaybeArray, items: MaybeArray, index: number, length: number, comparer: NetComparer | null) =>
      sort(notNull(keys, 'keys'), index, length, objectOrder(runtime, comparer, elementOf(runtime, keys)), items),
  ),
  'static int BinarySearch<T>(T[] array, T value)': special((_runtime, [element], array: MaybeArray, value: unknown) =>
    search(array, 0, undefined, value, orderOf(null, element)),
  ),
  'static int BinarySearch<T>(T[] array, T value, IComparer<T> comparer)': special(
    (_runtime, [element], array: MaybeArray, value: unknown, comparer: NetComparer | null) =>
      search(array, 0, undefined, value, orderOf(comparer, element)),
  ),
  'static int BinarySearch<T>(T[] array, int index, int length, T value)': special(
    (_runtime, [element], array: MaybeArray, index: number, length: number, value: unknown) =>
      search(array, index, length, value, orderOf(null, element)),
  ),
  'static int BinarySearch<T>(T[] array, int index, int length, T value, IComparer<T> comparer)': special(
    (_runtime, [element], array: MaybeArray, index: number, length: number, value: unknown, comparer: NetComparer | null) =>
      search(array, index, length, value, orderOf(comparer, element)),
  ),
  'static int BinarySearch(Array array, object value)': special((runtime, _types, array: MaybeArray, value: unknown) =>
    search(array, 0, undefined, unbox(value), orderOf(null, elementOf(runtime, array))),
  ),
  'static int BinarySearch(Array array, object value, System.Collections.IComparer comparer)': special(
    (runtime, _types, array: MaybeArray, value: unknown, comparer: NetComparer | null) =>
      search(array, 0, undefined, unbox(value), orderOf(comparer, elementOf(runtime, array))),
  ),
  'static int BinarySearch(Array array, int index, int length, object value)': special(
    (runtime, _types, array: MaybeArray, index: number, length: number, value: unknown) =>
      search(array, index, length, unbox(value), orderOf(null, elementOf(runtime, array))),
  ),
  'static int BinarySearch(Array array, int index, int length, object value, System.Collections.IComparer comparer)': special(
    (runtime, _types, array: MaybeArray, index: number, length: number, value: unknown, comparer: NetComparer | null) =>
      search(array, index, length, unbox(value), orderOf(comparer, elementOf(runtime, array))),
  ),
};

const copying: MemberTable = {
  'object Clone()': special((runtime, _types, array: ArrayValue) => {
    runtime.budget.allocate(array instanceof Uint8Array ? array.length : array.length * ELEMENT_BYTES);
    return cloneArray(array);
  }),
  'void CopyTo(Array array, int index)': (array: ArrayValue, target: MaybeArray, at: number) =>
    copyItems(array, 0, notNull(target), at, array.length),
  'void CopyTo(Array array, long index)': (array: ArrayValue, target: MaybeArray, at: bigint) =>
    copyItems(array, 0, notNull(target), Number(at), array.length),
  'static void Copy(Array sourceArray, Array destinationArray, int length)': (source: MaybeArray, target: MaybeArray, length: number) =>
    copyArray(source, 0, target, 0, length),
  'static void Copy(Array sourceArray, Array destinationArray, long length)': (source: MaybeArray, target: MaybeArray, length: bigint) =>
    copyArray(source, 0, target, 0, Number(length)),
  'static void Copy(Array sourceArray, int sourceIndex, Array destinationArray, int destinationIndex, int length)': copyArray,
  'static void Copy(Array sourceArray, long sourceIndex, Array destinationArray, long destinationIndex, long length)': (
    source: MaybeArray,
    from: bigint,
    target: MaybeArray,
    at: bigint,
    length: bigint,
  ) => copyArray(source, Number(from), target, Number(at), Number(length)),
  'static void ConstrainedCopy(Array sourceArray, int sourceIndex, Array destinationArray, int destinationIndex, int length)': copyArray,
  'static TOutput[] ConvertAll<TInput, TOutput>(TInput[] array, Converter<TInput, TOutput> converter)': special(
    (runtime, [, output], array: MaybeArray, converter: ((item: unknown) => unknown) | null) => {
      const convert = required(converter, 'converter');
      return newArray(
        runtime,
        output,
        Array.from(notNull(array), (item) => convert(item)),
      );
    },
  ),
  'static void Resize<T>(ref T[] array, int newSize)': special((runtime, [element], ref: Ref<MaybeArray>, size: number) =>
    resize(runtime, element, ref, size),
  ),
  'static T[] Empty<T>()': special((runtime, [element]) => newArray(runtime, element, [])),
  'static System.Collections.ObjectModel.ReadOnlyCollection<T> AsReadOnly<T>(T[] array)': special((runtime, types, array: MaybeArray) => {
    const items = notNull(array);
    return new ReadOnlyList(runtime.types.type('System.Collections.ObjectModel.ReadOnlyCollection', ...types), () => items);
  }),
  'static void Fill<T>(T[] array, T value)': (array: MaybeArray, value: unknown) => fill(array, value, 0, undefined),
  'static void Fill<T>(T[] array, T value, int startIndex, int count)': fill,
  'static void Clear(Array array)': special((runtime, _types, array: MaybeArray) => clear(runtime, array, 0, undefined)),
  'static void Clear(Array array, int index, int length)': special((runtime, _types, array: MaybeArray, index: number, length: number) =>
    clear(runtime, array, index, length),
  ),
  'static void Reverse<T>(T[] array)': (array: MaybeArray) => reverse(array, 0, undefined),
  'static void Reverse<T>(T[] array, int index, int length)': reverse,
  'static void Reverse(Array array)': (array: MaybeArray) => reverse(array, 0, undefined),
  'static void Reverse(Array array, int index, int length)': reverse,
  'static Array CreateInstance(Type elementType, int length)': special((runtime, _types, type: TypeObject | null, a: number) =>
    createInstance(runtime, type, [a]),
  ),
  'static Array CreateInstance(Type elementType, int length1, int length2)': special(
    (runtime, _types, type: TypeObject | null, a: number, b: number) => createInstance(runtime, type, [a, b]),
  ),
  'static Array CreateInstance(Type elementType, int length1, int length2, int length3)': special(
    (runtime, _types, type: TypeObject | null, a: number, b: number, c: number) => createInstance(runtime, type, [a, b, c]),
  ),
  'static Array CreateInstance(Type elementType, params int[] lengths)': special(
    (runtime, _types, type: TypeObject | null, lengths: number[] | null) => createInstance(runtime, type, required(lengths, 'lengths')),
  ),
  'static Array CreateInstance(Type elementType, params long[] lengths)': special(
    (runtime, _types, type: TypeObject | null, lengths: bigint[] | null) => createInstance(runtime, type, required(lengths, 'lengths')),
  ),
  'static Array CreateInstance(Type elementType, int[] lengths, int[] lowerBounds)': special(
    (runtime, _types, type: TypeObject | null, lengths: number[] | null, bounds: number[] | null) => {
      if (required(bounds, 'lowerBounds').some((bound) => bound !== 0))
        throw notSupported('Arrays with lower bounds other than zero are not supported.');
      return createInstance(runtime, type, required(lengths, 'lengths'));
    },
  ),
};

/** GetValue and SetValue with one to three indexes, of int or long, or a list of them. */
function accessors(): MemberTable {
  const table: Record<string, MemberTable[string]> = {};
  for (const type of ['int', 'long']) {
    for (const names of [['index'], ['index1', 'index2'], ['index1', 'index2', 'index3']]) {
      const list = names.map((name) => `${type} ${name}`).join(', ');
      table[`object GetValue(${list})`] = special((runtime, _types, array: ArrayValue, ...at: (number | bigint)[]) =>
        getValue(runtime, array, at),
      );
      table[`void SetValue(object value, ${list})`] = special(
        (runtime, _types, array: ArrayValue, value: unknown, ...at: (number | bigint)[]) => setValue(runtime, array, value, at),
      );
    }
    table[`object GetValue(params ${type}[] indices)`] = special((runtime, _types, array: ArrayValue, at: (number | bigint)[] | null) =>
      getValue(runtime, array, required(at, 'indices')),
    );
    table[`void SetValue(object value, params ${type}[] indices)`] = special(
      (runtime, _types, array: ArrayValue, value: unknown, at: (number | bigint)[] | null) =>
        setValue(runtime, array, value, required(at, 'indices')),
    );
  }
  return table;
}

export const arrayType = declareType('abstract class System.Array : System.Collections.IList', 'all', {
  'int Length { get; }': total,
  'long LongLength { get; }': (array: ArrayValue) => BigInt(total(array)),
  'int Rank { get; }': (array: ArrayValue) => lengthsOf(array).length,
  'bool IsFixedSize { get; }': () => true,
  'bool IsReadOnly { get; }': () => false,
  'bool IsSynchronized { get; }': () => false,
  'object SyncRoot { get; }': (array: ArrayValue) => array,
  'static int MaxLength { get; }': () => 0x7fffffc7,
  'int GetLength(int dimension)': lengthOf,
  'long GetLongLength(int dimension)': (array: ArrayValue, dimension: number) => BigInt(lengthOf(array, dimension)),
  'int GetLowerBound(int dimension)': (array: ArrayValue, dimension: number) => lengthOf(array, dimension) * 0,
  'int GetUpperBound(int dimension)': (array: ArrayValue, dimension: number) => lengthOf(array, dimension) - 1,
  'void Initialize()': () => undefined,
  'System.Collections.IEnumerator GetEnumerator()': special((runtime, _types, array: ArrayValue) => enumerateObjects(runtime, array)),
  ...accessors(),
  ...finding,
  ...sorting,
  ...copying,
});
