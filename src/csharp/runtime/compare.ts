/** Comparer<T>.Default over all representations. */
import type { Type } from '../types/type.ts';
import { argument } from './exception.ts';
import { isPrimitiveValue, isString, nullableElement } from './type-facts.ts';
import { Boxed, isNetObject, TupleValue } from './values.ts';

/** How strings are ordered; the library of strings gives the culture-aware order, the runtime itself knows none. */
export type StringOrder = (a: string, b: string) => number;

/**
 * Comparer<T>.Default for values in the representation of `type`: null first, numbers by value with NaN first, strings by
 * `order`, other objects by IComparable. Throws ArgumentException for objects without it; sorts wrap that.
 */
export function comparerOf(type: Type | undefined, order: StringOrder): (a: unknown, b: unknown) => number {
  const inner = type && (nullableElement(type) ?? type);
  if (inner && isPrimitiveValue(inner)) return comparePrimitives;
  return inner && isString(inner) ? nullsFirst((a, b) => order(a as string, b as string)) : (a, b) => compareObjects(a, b, order);
}

/** Comparer.Default on object-represented values. */
export function compareObjects(a: unknown, b: unknown, order: StringOrder): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (typeof a === 'string') return typeof b === 'string' ? order(a, b) : mismatch('String');
  if (a instanceof Boxed) return compareBoxed(a, b);
  if (a instanceof TupleValue && b instanceof TupleValue) return compareTuples(a, b, order);
  if (isNetObject(a) && a.netCompareTo) return a.netCompareTo(b);
  if (isComparable(b)) return -compareObjects(b, a, order);
  throw argument('At least one object must implement IComparable.');
}

function isComparable(value: unknown): boolean {
  return typeof value === 'string' || value instanceof Boxed || (isNetObject(value) && value.netCompareTo !== undefined);
}

/** Numbers, characters, bools and enums; null first, NaN before every number. */
function comparePrimitives(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if ((a as number) < (b as number)) return -1;
  if ((a as number) > (b as number)) return 1;
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
}

function nullsFirst(compare: (a: unknown, b: unknown) => number): (a: unknown, b: unknown) => number {
  return (a, b) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
    return compare(a, b);
  };
}

function compareBoxed(a: Boxed, b: unknown): number {
  if (!(b instanceof Boxed) || b.type !== a.type) return mismatch(a.type.definition.name);
  return comparePrimitives(a.value, b.value);
}

function compareTuples(a: TupleValue, b: TupleValue, order: StringOrder): number {
  for (const [at, item] of a.items.entries()) {
    const result = comparerOf(a.netType.typeArguments[at], order)(item, b.items[at]);
    if (result !== 0) return result;
  }
  return 0;
}

function mismatch(typeName: string): never {
  throw argument(`Object must be of type ${typeName}.`);
}
