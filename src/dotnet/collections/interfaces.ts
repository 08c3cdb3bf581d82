/** The interfaces of System.Collections and System.Collections.Generic. */
import { notSupported } from '../../csharp/runtime/exception.ts';
import type { Ref } from '../../csharp/runtime/values.ts';
import { declareType, special } from '../../csharp/types/declare.ts';
import { box, isValueType, unbox } from '../core/protocol.ts';
import type { ArrayValue, DictionaryObject } from './contract.ts';
import { lookInto } from './dictionary-type.ts';
import { currentOf, type Enumerator, enumerate, enumerateObjects } from './enumerator.ts';
import type { Collection } from './views.ts';
import * as view from './views.ts';

const generic = [
  declareType('interface System.Collections.Generic.IEnumerable<out T> : System.Collections.IEnumerable', 'all', {
    'IEnumerator<T> GetEnumerator()': special((runtime, [element], source: Iterable<unknown>) =>
      enumerate(runtime, source, element ?? runtime.types.type('object')),
    ),
  }),
  declareType('interface System.Collections.Generic.IEnumerator<out T> : System.Collections.IEnumerator, System.IDisposable', 'all', {
    'T Current { get; }': currentOf,
  }),
  declareType('interface System.Collections.Generic.ICollection<T> : IEnumerable<T>', 'all', {
    'int Count { get; }': view.countOf,
    'bool IsReadOnly { get; }': view.isReadOnly,
    'void Add(T item)': view.add,
    'void Clear()': view.clear,
    'bool Contains(T item)': special((_runtime, [element], collection: Collection, item: unknown) =>
      view.contains(collection, item, element),
    ),
    'void CopyTo(T[] array, int arrayIndex)': view.copyTo,
    'bool Remove(T item)': view.remove,
  }),
  declareType('interface System.Collections.Generic.IList<T> : ICollection<T>', 'all', {
    'T this[int index] { get; set; }': { get: view.itemAt, set: view.setItemAt },
    'int IndexOf(T item)': special((_runtime, [element], collection: Collection, item: unknown) => view.indexOf(collection, item, element)),
    'void Insert(int index, T item)': view.insert,
    'void RemoveAt(int index)': view.removeAt,
  }),
  declareType('interface System.Collections.Generic.IReadOnlyCollection<out T> : IEnumerable<T>', 'all', {
    'int Count { get; }': view.countOf,
  }),
  declareType('interface System.Collections.Generic.IReadOnlyList<out T> : IReadOnlyCollection<T>', 'implied', {
    'T this[int index] { get; }': view.itemAt,
  }),
];

const dictionaries = [
  declareType('interface System.Collections.Generic.IDictionary<TKey, TValue> : ICollection<KeyValuePair<TKey, TValue>>', 'all', {
    'TValue this[TKey key] { get; set; }': {
      get: special((_runtime, [key], dictionary: DictionaryObject, name: unknown) => view.dictionaryItem(dictionary, name, key)),
      set: (dictionary: DictionaryObject, key: unknown, value: unknown) => view.writer(dictionary, 'netSetItem')(key, value),
    },
    'ICollection<TKey> Keys { get; }': (dictionary: DictionaryObject) => dictionary.netKeys,
    'ICollection<TValue> Values { get; }': (dictionary: DictionaryObject) => dictionary.netValues,
    'void Add(TKey key, TValue value)': (dictionary: DictionaryObject, key: unknown, value: unknown) =>
      view.writer(dictionary, 'netAddItem')(key, value),
    'bool ContainsKey(TKey key)': (dictionary: DictionaryObject, key: unknown) => dictionary.netLookup(key) !== undefined,
    'bool Remove(TKey key)': (dictionary: DictionaryObject, key: unknown) => view.writer(dictionary, 'netRemoveKey')(key),
    'bool TryGetValue(TKey key, out TValue value)': special((runtime, [, type], dictionary: DictionaryObject, key: unknown, out: Ref) =>
      lookInto(runtime, type, dictionary.netLookup(key), out),
    ),
  }),
  declareType(
    'interface System.Collections.Generic.IReadOnlyDictionary<TKey, TValue> : IReadOnlyCollection<KeyValuePair<TKey, TValue>>',
    'all',
    {
      'TValue this[TKey key] { get; }': special((_runtime, [key], dictionary: DictionaryObject, name: unknown) =>
        view.dictionaryItem(dictionary, name, key),
      ),
      'IEnumerable<TKey> Keys { get; }': (dictionary: DictionaryObject) => dictionary.netKeys,
      'IEnumerable<TValue> Values { get; }': (dictionary: DictionaryObject) => dictionary.netValues,
      'bool ContainsKey(TKey key)': (dictionary: DictionaryObject, key: unknown) => dictionary.netLookup(key) !== undefined,
      'bool TryGetValue(TKey key, out TValue value)': special((runtime, [, type], dictionary: DictionaryObject, key: unknown, out: Ref) =>
        lookInto(runtime, type, dictionary.netLookup(key), out),
      ),
    },
  ),
];

const plain = [
  declareType('interface System.Collections.IEnumerable', 'implied', {
    'System.Collections.IEnumerator GetEnumerator()': special((runtime, _types, source: Iterable<unknown>) =>
      enumerateObjects(runtime, source),
    ),
  }),
  declareType('interface System.Collections.IEnumerator', 'implied', {
    'object Current { get; }': (enumerator: Enumerator) => {
      const element = enumerator.netType.typeArguments[0];
      const current = currentOf(enumerator);
      return element === undefined ? current : box(current, element);
    },
    'bool MoveNext()': (enumerator: Enumerator) => enumerator.moveNext(),
    'void Reset()': (enumerator: Enumerator) => enumerator.reset(),
  }),
  declareType('interface System.Collections.ICollection : System.Collections.IEnumerable', 'implied', {
    'int Count { get; }': view.countOf,
    'bool IsSynchronized { get; }': () => false,
    'object SyncRoot { get; }': (collection: Collection) => collection,
    'void CopyTo(Array array, int index)': (collection: Collection, target: ArrayValue | null, at: number) =>
      view.copyTo(collection, target, at),
  }),
  declareType('interface System.Collections.IList : System.Collections.ICollection', 'implied', {
    'object this[int index] { get; set; }': {
      get: special((runtime, _types, list: Collection, index: number) => view.asObject(runtime, list, view.itemAt(list, index))),
      set: special((runtime, _types, list: Collection, index: number, value: unknown) =>
        view.setItemAt(list, index, view.asItem(runtime, list, value)),
      ),
    },
    'bool IsFixedSize { get; }': view.isReadOnly,
    'bool IsReadOnly { get; }': (list: Collection) => !Array.isArray(list) && !(list instanceof Uint8Array) && view.isReadOnly(list),
    'int Add(object value)': special((runtime, _types, list: Collection, value: unknown) => {
      view.add(list, view.asItem(runtime, list, value));
      return view.countOf(list) - 1;
    }),
    'void Clear()': view.clear,
    'bool Contains(object value)': special((runtime, _types, list: Collection, value: unknown) =>
      view.contains(list, view.asItem(runtime, list, value), undefined),
    ),
    'int IndexOf(object value)': special((runtime, _types, list: Collection, value: unknown) =>
      view.indexOf(list, view.asItem(runtime, list, value), undefined),
    ),
    'void Insert(int index, object value)': special((runtime, _types, list: Collection, index: number, value: unknown) =>
      view.insert(list, index, view.asItem(runtime, list, value)),
    ),
    'void Remove(object value)': special((runtime, _types, list: Collection, value: unknown) => {
      view.remove(list, view.asItem(runtime, list, value));
    }),
    'void RemoveAt(int index)': view.removeAt,
  }),
  declareType('interface System.Collections.IDictionary : System.Collections.ICollection', 'implied', {
    'object this[object key] { get; set; }': {
      get: special((_runtime, _types, dictionary: DictionaryObject, key: unknown) => {
        const found = dictionary.netLookup(asPart(dictionary, 0, key));
        const type = 'kind' in dictionary.netType ? dictionary.netType.typeArguments[1] : undefined;
        return found === undefined ? null : type === undefined ? found[0] : box(found[0], type);
      }),
      set: (dictionary: DictionaryObject, key: unknown, value: unknown) =>
        changeable(dictionary).netSetItem?.(asPart(dictionary, 0, key), asPart(dictionary, 1, value)),
    },
    'bool IsFixedSize { get; }': (dictionary: DictionaryObject) => dictionary.netSetItem === undefined,
    'bool IsReadOnly { get; }': (dictionary: DictionaryObject) => dictionary.netSetItem === undefined,
    'void Add(object key, object value)': (dictionary: DictionaryObject, key: unknown, value: unknown) =>
      changeable(dictionary).netAddItem?.(asPart(dictionary, 0, key), asPart(dictionary, 1, value)),
    'void Remove(object key)': (dictionary: DictionaryObject, key: unknown) =>
      void changeable(dictionary).netRemoveKey?.(asPart(dictionary, 0, key)),
    'bool Contains(object key)': (dictionary: DictionaryObject, key: unknown) =>
      dictionary.netLookup(asPart(dictionary, 0, key)) !== undefined,
    'System.Collections.ICollection Keys { get; }': (dictionary: DictionaryObject) => dictionary.netKeys,
    'System.Collections.ICollection Values { get; }': (dictionary: DictionaryObject) => dictionary.netValues,
  }),
];

/** A key or value given as an object, in the representation of the dictionary's own type. */
function asPart(dictionary: DictionaryObject, index: 0 | 1, value: unknown): unknown {
  const type = 'kind' in dictionary.netType ? dictionary.netType.typeArguments[index] : undefined;
  return type !== undefined && isValueType(type) ? unbox(value) : value;
}

function changeable(dictionary: DictionaryObject): DictionaryObject {
  if (dictionary.netSetItem === undefined) throw notSupported('Collection is read-only.');
  return dictionary;
}

export const interfaceTypes = [...generic, ...dictionaries, ...plain];
