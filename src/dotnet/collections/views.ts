/** Collection interfaces over whatever stands behind them: a class of ours, an array, or bytes. */
import { argumentNull } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { Type } from '../../csharp/types/type.ts';
import { box, equalsOf, unbox } from '../core/protocol.ts';
import { asItems, copyItems, notNull } from './arrays.ts';
import {
  type ArrayValue,
  type CollectionObject,
  type DictionaryObject,
  isArrayValue,
  isCollectionObject,
  isDictionaryObject,
  isListObject,
} from './contract.ts';
import { DictionaryPart, missingKey } from './dictionary.ts';
import { castObject, elementTypeOf } from './elements.ts';
import { badIndex, derivedSet, fixedSize, readOnly } from './errors.ts';

/** Anything that a collection interface may hold. */
export type Collection = ArrayValue | CollectionObject;

export function countOf(collection: Collection): number {
  return isArrayValue(collection) ? collection.length : collection.netCount;
}

/** Number of items without enumerating, undefined when it is not known. */
export function knownCount(source: unknown): number | undefined {
  if (isArrayValue(source)) return source.length;
  return isCollectionObject(source) ? source.netCount : undefined;
}

/** The exception of a collection that cannot be changed. */
function refusal(collection: Collection) {
  if (isArrayValue(collection)) return fixedSize();
  return collection instanceof DictionaryPart ? derivedSet(collection.of) : readOnly();
}

export function isReadOnly(collection: Collection): boolean {
  return isArrayValue(collection) || collection.netClear === undefined;
}

export function add(collection: Collection, item: unknown): void {
  if (isArrayValue(collection) || collection.netAdd === undefined) throw refusal(collection);
  collection.netAdd(item);
}

export function clear(collection: Collection): void {
  if (isArrayValue(collection) || collection.netClear === undefined) throw refusal(collection);
  collection.netClear();
}

export function remove(collection: Collection, item: unknown): boolean {
  if (isArrayValue(collection) || collection.netRemove === undefined) throw refusal(collection);
  return collection.netRemove(item);
}

export function contains(collection: Collection, item: unknown, element: Type | undefined): boolean {
  if (!isArrayValue(collection) && collection.netContains) return collection.netContains(item);
  const equals = equalsOf(element);
  for (const one of collection) if (equals(one, item)) return true;
  return false;
}

export function copyTo(collection: Collection, target: ArrayValue | null, at: number): void {
  const items = [...collection];
  copyItems(items, 0, notNull(target), at, items.length);
}

export function itemAt(collection: Collection, index: number): unknown {
  if (isListObject(collection)) return collection.netGet(index);
  const array = collection as ArrayValue;
  if (index < 0 || index >= array.length) throw badIndex();
  return array[index];
}

export function setItemAt(collection: Collection, index: number, value: unknown): void {
  if (isListObject(collection)) {
    if (collection.netSet === undefined) throw readOnly();
    collection.netSet(index, value);
    return;
  }
  const array = collection as ArrayValue;
  if (index < 0 || index >= array.length) throw badIndex();
  asItems(array)[index] = value;
}

export function indexOf(collection: Collection, item: unknown, element: Type | undefined): number {
  if (isListObject(collection)) return collection.netIndexOf(item);
  const equals = equalsOf(element);
  return [...collection].findIndex((one) => equals(one, item));
}

export function insert(collection: Collection, index: number, item: unknown): void {
  if (!isListObject(collection) || collection.netInsert === undefined) throw refusal(collection);
  collection.netInsert(index, item);
}

export function removeAt(collection: Collection, index: number): void {
  if (!isListObject(collection) || collection.netRemoveAt === undefined) throw refusal(collection);
  collection.netRemoveAt(index);
}

/** An object argument of a non-generic interface in the representation of the collection's items. */
export function asItem(runtime: Runtime, collection: Collection, value: unknown): unknown {
  const element = elementTypeOf(runtime.types, collection);
  return element === undefined ? unbox(value) : castObject(runtime.types, value, element);
}

/** An item as `object`. */
export function asObject(runtime: Runtime, collection: Collection, item: unknown): unknown {
  const element = elementTypeOf(runtime.types, collection);
  return element === undefined ? item : box(item, element);
}

/** `dictionary[key]`; KeyNotFoundException for a missing one. */
export function dictionaryItem(dictionary: DictionaryObject, key: unknown, type: Type | undefined): unknown {
  if (key === null) throw argumentNull('key');
  const value = dictionary.netFind?.(key);
  if (value !== undefined) return value;
  const found = dictionary.netLookup(key) ?? dictionary.netMissing?.(key);
  if (found === undefined) throw missingKey(key, type);
  return found[0];
}

/** The writers of a dictionary, or NotSupportedException. */
export function writer<K extends 'netSetItem' | 'netAddItem' | 'netRemoveKey'>(
  dictionary: DictionaryObject,
  name: K,
): NonNullable<DictionaryObject[K]> {
  const method = dictionary[name];
  if (!isDictionaryObject(dictionary) || method === undefined) throw readOnly();
  return method.bind(dictionary) as NonNullable<DictionaryObject[K]>;
}
