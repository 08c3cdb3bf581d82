/**
 * What every family of the library shares: text, format, equality, hash and order of any value, and boxing. Two forms each:
 * one for object-represented values, one for values in the representation of a static type (`…Of`/`…As` with a type), which
 * collections and LINQ pick once per collection.
 */
import { compareObjects, comparerOf } from '../../csharp/runtime/compare.ts';
import type { Type } from '../../csharp/types/type.ts';
import { CULTURE, compare } from '../text/comparison.ts';

export { box, unbox } from '../../csharp/runtime/box.ts';
export { combine, equalsOf, hashOf, isMapKey, objectEquals, objectHash, referenceEquals } from '../../csharp/runtime/equality.ts';
export { formatOf } from '../../csharp/runtime/format.ts';
export { enumText, exceptionText, textOf, toText } from '../../csharp/runtime/text.ts';
export {
  isEnum,
  isObject,
  isPrimitiveValue,
  isString,
  isValueType,
  nullableElement,
  primitiveOf,
} from '../../csharp/runtime/type-facts.ts';
export { definitionName, netTypeName, reflectionNameOf } from '../../csharp/runtime/type-name.ts';

/** Comparer<T>.Default for values in the representation of `type`: strings by culture. Throws where T has no IComparable. */
export function compareOf(type: Type | undefined): (a: unknown, b: unknown) => number {
  return comparerOf(type, cultureOrder);
}

/** Comparer.Default on object-represented values. */
export function objectCompare(a: unknown, b: unknown): number {
  return compareObjects(a, b, cultureOrder);
}

function cultureOrder(a: string, b: string): number {
  return compare(a, b, CULTURE);
}
