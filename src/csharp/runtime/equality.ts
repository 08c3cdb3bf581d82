/** Object.Equals, GetHashCode and reference equality over all representations, and EqualityComparer<T>.Default. */
import type { Type } from '../types/type.ts';
import { isPrimitiveValue, isString, nullableElement } from './type-facts.ts';
import { netTypeName } from './type-name.ts';
import { AnonymousObject, Boxed, isNetObject, TupleValue } from './values.ts';

/** `object.Equals(a, b)`: values of unlike types are never equal, strings by text, NaN equals NaN. */
export function objectEquals(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof Boxed) return b instanceof Boxed && a.type === b.type && sameValue(a.value, b.value);
  if (a instanceof TupleValue) return b instanceof TupleValue && tuplesEqual(a, b);
  if (a instanceof AnonymousObject) return b instanceof AnonymousObject && anonymousEqual(a, b);
  return isNetObject(a) && a.netEquals?.(b) === true;
}

/** `object.ReferenceEquals`, with strings compared by text (they have no identity here) and types by what they name. */
export function referenceEquals(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return isNetObject(a) && isNetObject(b) && netTypeName(a.netType) === 'System.Type' && a.netEquals?.(b) === true;
}

/** A stable hash; equal objects have equal hashes. Numbers, characters and bool have .NET's own. */
export function objectHash(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === 'string') return stringHash(value);
  if (value instanceof Boxed) return boxedHash(value);
  if (value instanceof TupleValue) return combine(value.items.map((item, at) => hashOf(value.netType.typeArguments[at])(item)));
  if (value instanceof AnonymousObject) return combine(value.values.map((item, at) => hashOf(value.anonymousType.members[at]?.type)(item)));
  if (isNetObject(value) && value.netHashCode) return value.netHashCode();
  return 1;
}

/** EqualityComparer<T>.Default for values in the representation of `type`. */
export function equalsOf(type: Type | undefined): (a: unknown, b: unknown) => boolean {
  const inner = type && (nullableElement(type) ?? type);
  return inner && (isPrimitiveValue(inner) || isString(inner)) ? sameValue : objectEquals;
}

/** The hash that goes with `equalsOf`. */
export function hashOf(type: Type | undefined): (value: unknown) => number {
  const inner = type && (nullableElement(type) ?? type);
  return inner && isPrimitiveValue(inner) ? primitiveHash : objectHash;
}

/**
 * Whether values of the type may serve as keys of a JavaScript Map or Set as they are, with the meaning of `equalsOf`
 * (text, numbers, characters, enums, their nullable forms).
 */
export function isMapKey(type: Type): boolean {
  const inner = nullableElement(type) ?? type;
  return isPrimitiveValue(inner) || isString(inner);
}

/** Mixes hashes in order. */
export function combine(hashes: readonly number[]): number {
  let hash = 17;
  for (const one of hashes) hash = (Math.imul(hash, 31) + one) | 0;
  return hash;
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'number' && typeof b === 'number' && Number.isNaN(a) && Number.isNaN(b));
}

function tuplesEqual(a: TupleValue, b: TupleValue): boolean {
  const types = a.netType.typeArguments;
  return sameArguments(types, b.netType.typeArguments) && a.items.every((item, at) => equalsOf(types[at])(item, b.items[at]));
}

/** Element names take no part in a tuple's identity, so types are compared by their arguments. */
function sameArguments(a: readonly Type[], b: readonly Type[]): boolean {
  return a.length === b.length && a.every((type, at) => type === b[at] || (type.kind === 'named' && type.definition.name === 'ValueTuple'));
}

function anonymousEqual(a: AnonymousObject, b: AnonymousObject): boolean {
  if (a.anonymousType !== b.anonymousType) return false;
  return a.values.every((item, at) => equalsOf(a.anonymousType.members[at]?.type)(item, b.values[at]));
}

function boxedHash({ type, value }: Boxed): number {
  switch (type.definition.fullName) {
    case 'System.Double':
      return floatingHash(Number(value), false);
    case 'System.Single':
      return floatingHash(Number(value), true);
    case 'System.Char':
      return (Number(value) << 16) | Number(value);
    default:
      return primitiveHash(value);
  }
}

/** Double.GetHashCode, or Single's: the bits, with both zeros alike and all NaNs alike. */
export function floatingHash(value: number, single: boolean): number {
  const view = new DataView(new ArrayBuffer(8));
  const plain = value === 0 ? 0 : value;
  if (single) view.setFloat32(4, plain);
  else view.setFloat64(0, plain);
  const bits = view.getInt32(0) ^ view.getInt32(4);
  return Number.isNaN(value) ? bits & (single ? 0x7f800000 : 0x7ff00000) : bits;
}

function primitiveHash(value: unknown): number {
  switch (typeof value) {
    case 'boolean':
      return value ? 1 : 0;
    case 'bigint':
      return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
    case 'number':
      return Number.isInteger(value) ? value | 0 : stringHash(String(value));
    default:
      return 0;
  }
}

/** Characters that count for a hash: a text of megabytes takes no longer than one of a page. */
const MOST_HASHED = 4096;

/** Not .NET's (which differs from run to run), but the same every time. */
function stringHash(text: string): number {
  const stride = Math.ceil(text.length / MOST_HASHED);
  let hash = 5381;
  for (let at = 0; at < text.length; at += stride) hash = (Math.imul(hash, 33) + text.charCodeAt(at)) | 0;
  return hash;
}
