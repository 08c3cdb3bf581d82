/** How library code reaches collections of any class: the JavaScript side of ICollection<T>, IList<T>, IDictionary<K, V> and the comparers. */
import type { NetObject } from '../../csharp/runtime/values.ts';
import type { Type } from '../../csharp/types/type.ts';

/** A collection of ours. What is missing cannot be done: the collection is read-only, or has no order. */
export interface CollectionObject extends NetObject, Iterable<unknown> {
  readonly netCount: number;
  netAdd?(item: unknown): void;
  netClear?(): void;
  netContains?(item: unknown): boolean;
  netRemove?(item: unknown): boolean;
}

/** IList<T>: positions are checked by the collection, which throws as .NET does. */
export interface ListObject extends CollectionObject {
  netGet(index: number): unknown;
  netIndexOf(item: unknown): number;
  netSet?(index: number, value: unknown): void;
  netInsert?(index: number, item: unknown): void;
  netRemoveAt?(index: number): void;
}

/** IDictionary<K, V> and IReadOnlyDictionary<K, V>; iterating it gives KeyValuePair instances. */
export interface DictionaryObject extends CollectionObject {
  readonly netKeys: Iterable<unknown>;
  readonly netValues: Iterable<unknown>;
  /** The value in a one-element tuple, undefined for a missing key; throws ArgumentNullException for a null key. */
  netLookup(key: unknown): readonly [unknown] | undefined;
  /** The value itself, undefined for a missing key: a look-up that makes nothing, for dictionaries whose values are never undefined. */
  netFind?(key: unknown): unknown;
  /** What the indexer gives for a missing key instead of KeyNotFoundException, if anything. */
  netMissing?(key: unknown): readonly [unknown] | undefined;
  netSetItem?(key: unknown, value: unknown): void;
  netAddItem?(key: unknown, value: unknown): void;
  netRemoveKey?(key: unknown): boolean;
}

/** An IComparer<T> or IEqualityComparer<T>: values arrive in the representation of T. */
export interface NetComparer extends NetObject {
  /** IComparer<T>.Compare. */
  netCompare?(a: unknown, b: unknown): number;
  /** IEqualityComparer<T>.Equals. */
  netEqual?(a: unknown, b: unknown): boolean;
  /** IEqualityComparer<T>.GetHashCode; equal values have equal hashes. */
  netHash?(value: unknown): number;
  /** A text that is the same for equal values and for no others: lets a dictionary find a key without comparing. */
  netKey?(value: unknown): string;
}

/** A class that is enumerable as more than one T (JObject: tokens, and pairs of name and token). */
export interface ManyFaced {
  /** The items as the wanted element type, or undefined when the plain iteration gives them. */
  netItemsAs(element: Type): Iterable<unknown> | undefined;
}

export function isManyFaced(value: unknown): value is ManyFaced {
  return typeof value === 'object' && value !== null && 'netItemsAs' in value;
}

export function isCollectionObject(value: unknown): value is CollectionObject {
  return typeof value === 'object' && value !== null && 'netCount' in value;
}

export function isListObject(value: unknown): value is ListObject {
  return isCollectionObject(value) && 'netIndexOf' in value;
}

export function isDictionaryObject(value: unknown): value is DictionaryObject {
  return isCollectionObject(value) && 'netLookup' in value;
}

/** A .NET array: tagged JavaScript array, or the bytes of a byte[]. */
export type ArrayValue = unknown[] | Uint8Array;

export function isArrayValue(value: unknown): value is ArrayValue {
  return Array.isArray(value) || value instanceof Uint8Array;
}
