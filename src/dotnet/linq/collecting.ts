/** ToArray, ToList, ToDictionary, ToHashSet. */
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { TupleValue } from '../../csharp/runtime/values.ts';
import { type MemberTable, special } from '../../csharp/types/declare.ts';
import type { Type } from '../../csharp/types/type.ts';
import { newArray } from '../collections/arrays.ts';
import type { NetComparer } from '../collections/contract.ts';
import { type NetDictionary, newDictionary } from '../collections/dictionary.ts';
import { newHashSet } from '../collections/hash-set.ts';
import { type KeyValuePair, pairType } from '../collections/key-value-pair.ts';
import { newList } from '../collections/list.ts';
import { counted, type Fn, gather, need, type Source, type Types, visitEach } from './sequence.ts';

type Comparer = NetComparer | null;

function object(runtime: Runtime, type: Type | undefined): Type {
  return type ?? runtime.types.type('object');
}

function toDictionary(
  runtime: Runtime,
  types: readonly [Type | undefined, Type | undefined, Type | undefined],
  source: Source,
  key: Fn,
  value: Fn,
  comparer: Comparer,
): NetDictionary {
  const [element, keyType, valueType] = types;
  const given = need(source, 'source');
  const dictionary = newDictionary(runtime.types, object(runtime, keyType), object(runtime, valueType), comparer);
  visitEach(runtime, given, element, (item) => {
    dictionary.netAddItem(key(item), value(item));
    return false;
  });
  return dictionary;
}

function fromPairs(runtime: Runtime, [key, value]: Types, source: Source, comparer: Comparer = null): NetDictionary {
  const pair = pairType(runtime.types, object(runtime, key), object(runtime, value));
  return toDictionary(runtime, [pair, key, value], source, keyOfPair, valueOfPair, comparer);
}

function keyOfPair(item: unknown): unknown {
  return item instanceof TupleValue ? item.items[0] : (item as KeyValuePair).key;
}
function valueOfPair(item: unknown): unknown {
  return item instanceof TupleValue ? item.items[1] : (item as KeyValuePair).value;
}

function byKey(runtime: Runtime, [element, key]: Types, source: Source, selector: Fn | null, comparer: Comparer = null): NetDictionary {
  return toDictionary(runtime, [element, key, element], source, need(selector, 'keySelector'), (item) => item, comparer);
}

function byKeyAndElement(runtime: Runtime, types: Types, source: Source, key: Fn | null, value: Fn | null, comparer: Comparer = null) {
  const [element, keyType, valueType] = types;
  return toDictionary(runtime, [element, keyType, valueType], source, need(key, 'keySelector'), need(value, 'elementSelector'), comparer);
}

function toHashSet(runtime: Runtime, [element]: Types, source: Source, comparer: Comparer = null) {
  const set = newHashSet(runtime.types, object(runtime, element), comparer);
  for (const item of counted(runtime, source, element)) set.tryAdd(item);
  return set;
}

const BY_KEY = 'this IEnumerable<TSource> source, Func<TSource, TKey> keySelector';
const BY_BOTH = `${BY_KEY}, Func<TSource, TElement> elementSelector`;
const COMPARER = 'IEqualityComparer<TKey> comparer';

export const collectingMembers: MemberTable = {
  'static TSource[] ToArray<TSource>(this IEnumerable<TSource> source)': special((runtime, [element], source: Source) =>
    newArray(runtime, element, gather(runtime, source, element)),
  ),
  'static List<TSource> ToList<TSource>(this IEnumerable<TSource> source)': special((runtime, [element], source: Source) =>
    newList(runtime.types, object(runtime, element), gather(runtime, source, element)),
  ),
  'static HashSet<TSource> ToHashSet<TSource>(this IEnumerable<TSource> source)': special(toHashSet),
  'static HashSet<TSource> ToHashSet<TSource>(this IEnumerable<TSource> source, IEqualityComparer<TSource> comparer)': special(toHashSet),
  [`static Dictionary<TKey, TSource> ToDictionary<TSource, TKey>(${BY_KEY})`]: special(byKey),
  [`static Dictionary<TKey, TSource> ToDictionary<TSource, TKey>(${BY_KEY}, ${COMPARER})`]: special(byKey),
  [`static Dictionary<TKey, TElement> ToDictionary<TSource, TKey, TElement>(${BY_BOTH})`]: special(byKeyAndElement),
  [`static Dictionary<TKey, TElement> ToDictionary<TSource, TKey, TElement>(${BY_BOTH}, ${COMPARER})`]: special(byKeyAndElement),
  'static Dictionary<TKey, TValue> ToDictionary<TKey, TValue>(this IEnumerable<KeyValuePair<TKey, TValue>> source)': special(fromPairs),
  [`static Dictionary<TKey, TValue> ToDictionary<TKey, TValue>(this IEnumerable<KeyValuePair<TKey, TValue>> source, ${COMPARER})`]:
    special(fromPairs),
  'static Dictionary<TKey, TValue> ToDictionary<TKey, TValue>(this IEnumerable<(TKey Key, TValue Value)> source)': special(fromPairs),
  [`static Dictionary<TKey, TValue> ToDictionary<TKey, TValue>(this IEnumerable<(TKey Key, TValue Value)> source, ${COMPARER})`]:
    special(fromPairs),
};
