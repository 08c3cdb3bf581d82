import { argumentNull, argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { Ref } from '../../csharp/runtime/values.ts';
import { declareType, special } from '../../csharp/types/declare.ts';
import type { Type } from '../../csharp/types/type.ts';
import { copyItems, notNull } from './arrays.ts';
import { defaultEquality } from './comparers.ts';
import type { ArrayValue, NetComparer } from './contract.ts';
import { type DictionaryPart, type NetDictionary, newDictionary } from './dictionary.ts';
import { defaultOf, itemsOf } from './elements.ts';
import { enumerate } from './enumerator.ts';
import { pairType } from './key-value-pair.ts';

type Types = readonly Type[];

function create(runtime: Runtime, types: Types, comparer: NetComparer | null = null): NetDictionary {
  const object = runtime.types.type('object');
  return newDictionary(runtime.types, types[0] ?? object, types[1] ?? object, comparer);
}

function sized(runtime: Runtime, types: Types, capacity: number, comparer: NetComparer | null = null): NetDictionary {
  if (capacity < 0) throw argumentOutOfRange('capacity', 'Non-negative number required.');
  return create(runtime, types, comparer);
}

function copyOf(
  runtime: Runtime,
  types: Types,
  source: Iterable<unknown> | null,
  comparer: NetComparer | null,
  parameter: string,
): NetDictionary {
  const dictionary = create(runtime, types, comparer);
  const [key, value] = types;
  const pair = key && value ? pairType(runtime.types, key, value) : undefined;
  for (const item of itemsOf(source, pair, parameter)) {
    runtime.budget.step();
    dictionary.netAdd(item);
  }
  return dictionary;
}

/** Fills an out parameter and says whether there was something. */
export function lookInto(runtime: Runtime, type: Type | undefined, found: readonly [unknown] | undefined, out: Ref): boolean {
  out.value = found === undefined ? defaultOf(runtime, type) : found[0];
  return found !== undefined;
}

function removeWithValue(runtime: Runtime, types: Types, dictionary: NetDictionary, key: unknown, out: Ref): boolean {
  const found = dictionary.netLookup(key);
  if (found !== undefined) dictionary.netRemoveKey(key);
  return lookInto(runtime, types[1], found, out);
}

export const dictionaryTypeList = [
  declareType(
    'class System.Collections.Generic.Dictionary<TKey, TValue> : IDictionary<TKey, TValue>, IReadOnlyDictionary<TKey, TValue>, System.Collections.IDictionary',
    'all',
    {
      'Dictionary()': special((runtime, types) => create(runtime, types)),
      'Dictionary(int capacity)': special((runtime, types, capacity: number) => sized(runtime, types, capacity)),
      'Dictionary(IEqualityComparer<TKey> comparer)': special((runtime, types, comparer: NetComparer | null) =>
        create(runtime, types, comparer),
      ),
      'Dictionary(int capacity, IEqualityComparer<TKey> comparer)': special(
        (runtime, types, capacity: number, comparer: NetComparer | null) => sized(runtime, types, capacity, comparer),
      ),
      'Dictionary(IDictionary<TKey, TValue> dictionary)': special((runtime, types, source: Iterable<unknown> | null) =>
        copyOf(runtime, types, source, null, 'dictionary'),
      ),
      'Dictionary(IDictionary<TKey, TValue> dictionary, IEqualityComparer<TKey> comparer)': special(
        (runtime, types, source: Iterable<unknown> | null, comparer: NetComparer | null) =>
          copyOf(runtime, types, source, comparer, 'dictionary'),
      ),
      'Dictionary(IEnumerable<KeyValuePair<TKey, TValue>> collection)': special((runtime, types, source: Iterable<unknown> | null) =>
        copyOf(runtime, types, source, null, 'collection'),
      ),
      'Dictionary(IEnumerable<KeyValuePair<TKey, TValue>> collection, IEqualityComparer<TKey> comparer)': special(
        (runtime, types, source: Iterable<unknown> | null, comparer: NetComparer | null) =>
          copyOf(runtime, types, source, comparer, 'collection'),
      ),
      'int Count { get; }': (dictionary: NetDictionary) => dictionary.netCount,
      'IEqualityComparer<TKey> Comparer { get; }': special(
        (runtime, [key], dictionary: NetDictionary) => dictionary.comparer ?? defaultEquality(runtime, key),
      ),
      'System.Collections.Generic.Dictionary.KeyCollection<TKey, TValue> Keys { get; }': (dictionary: NetDictionary) => dictionary.netKeys,
      'System.Collections.Generic.Dictionary.ValueCollection<TKey, TValue> Values { get; }': (dictionary: NetDictionary) =>
        dictionary.netValues,
      'TValue this[TKey key] { get; set; }': {
        get: (dictionary: NetDictionary, key: unknown) => dictionary.netGetItem(key),
        set: (dictionary: NetDictionary, key: unknown, value: unknown) => dictionary.netSetItem(key, value),
      },
      'void Add(TKey key, TValue value)': (dictionary: NetDictionary, key: unknown, value: unknown) => dictionary.netAddItem(key, value),
      'bool TryAdd(TKey key, TValue value)': (dictionary: NetDictionary, key: unknown, value: unknown) => dictionary.tryAdd(key, value),
      'void Clear()': (dictionary: NetDictionary) => dictionary.netClear(),
      'bool ContainsKey(TKey key)': (dictionary: NetDictionary, key: unknown) => dictionary.netLookup(key) !== undefined,
      'bool ContainsValue(TValue value)': (dictionary: NetDictionary, value: unknown) => dictionary.containsValue(value),
      'bool Remove(TKey key)': (dictionary: NetDictionary, key: unknown) => dictionary.netRemoveKey(key),
      'bool Remove(TKey key, out TValue value)': special((runtime, types, dictionary: NetDictionary, key: unknown, out: Ref) =>
        removeWithValue(runtime, types, dictionary, key, out),
      ),
      'bool TryGetValue(TKey key, out TValue value)': special((runtime, types, dictionary: NetDictionary, key: unknown, out: Ref) =>
        lookInto(runtime, types[1], dictionary.netLookup(key), out),
      ),
      'int EnsureCapacity(int capacity)': (dictionary: NetDictionary, capacity: number) => Math.max(capacity, dictionary.netCount),
      'void TrimExcess()': () => undefined,
      'void TrimExcess(int capacity)': (dictionary: NetDictionary, capacity: number) => {
        if (capacity < dictionary.netCount) throw argumentOutOfRange('capacity');
      },
      'void OnDeserialization(object sender)': () => undefined,
      'IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()': special((runtime, _types, dictionary: NetDictionary) =>
        enumerate(runtime, dictionary, dictionary.types.pair),
      ),
    },
  ),
  partType('KeyCollection', 'TKey'),
  partType('ValueCollection', 'TValue'),
];

function partType(name: 'KeyCollection' | 'ValueCollection', item: 'TKey' | 'TValue') {
  return declareType(
    `class System.Collections.Generic.Dictionary.${name}<TKey, TValue> : ICollection<${item}>, IReadOnlyCollection<${item}>, System.Collections.ICollection`,
    'implied',
    {
      [`${name}(Dictionary<TKey, TValue> dictionary)`]: (dictionary: NetDictionary | null) => {
        if (dictionary === null) throw argumentNull('dictionary');
        return name === 'KeyCollection' ? dictionary.netKeys : dictionary.netValues;
      },
      'int Count { get; }': (part: DictionaryPart) => part.netCount,
      [`bool Contains(${item} item)`]: (part: DictionaryPart, value: unknown) => part.netContains(value),
      [`void CopyTo(${item}[] array, int index)`]: (part: DictionaryPart, target: ArrayValue | null, at: number) =>
        copyItems([...part], 0, notNull(target), at, part.netCount),
      [`IEnumerator<${item}> GetEnumerator()`]: special((runtime, [key, value], part: DictionaryPart) =>
        enumerate(runtime, part, (part.of === 'key' ? key : value) ?? runtime.types.type('object')),
      ),
    },
    { nestedIn: 'System.Collections.Generic.Dictionary' },
  );
}
