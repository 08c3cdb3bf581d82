/** Arrays: creation, element access with bounds, several dimensions as arrays of arrays. */
import type { ArrayType, Type } from '../types/type.ts';
import { type Budget, ELEMENT_BYTES } from './budget.ts';
import { isInstance } from './checks.ts';
import { defaultOf, simpleDefault } from './defaults.ts';
import { indexOutOfRange, NetException, nullReference, overflow } from './exception.ts';
import type { Runtime } from './runtime.ts';
import { isObject, primitiveOf } from './type-facts.ts';
import { arrayTypeOf, makeArray } from './values.ts';

type AnyArray = unknown[] | Uint8Array;

/** `a[i]`; NullReferenceException and IndexOutOfRangeException as .NET throws them. */
export function elementAt(array: AnyArray | null, index: number | bigint): unknown {
  if (array === null || array === undefined) throw nullReference();
  const at = Number(index);
  if (at < 0 || at >= array.length) throw indexOutOfRange();
  return array[at];
}

/** `a[i] = value`; gives the value back. */
export function setElement(array: AnyArray | null, index: number | bigint, value: unknown): unknown {
  if (array === null || array === undefined) throw nullReference();
  const at = Number(index);
  if (at < 0 || at >= array.length) throw indexOutOfRange();
  (array as unknown[])[at] = value;
  return value;
}

/** The same for elements of a class or interface: the array may be one of a derived type, which its static type does not tell. */
export function setElementChecked(runtime: Runtime, array: AnyArray | null, index: number | bigint, value: unknown): unknown {
  const element = Array.isArray(array) ? arrayTypeOf(array)?.element : undefined;
  if (element && !isObject(element) && value !== null && !isInstance(runtime, value, element)) {
    throw new NetException('System.ArrayTypeMismatchException', 'Attempted to access an element as a type incompatible with the array.');
  }
  return setElement(array, index, value);
}

/** The row that holds the last dimension: `a[i, j]` is element j of row i. */
export function rowAt(array: AnyArray | null, ...indexes: (number | bigint)[]): AnyArray {
  let row: unknown = array;
  for (const index of indexes) row = elementAt(row as AnyArray | null, index);
  return row as AnyArray;
}

export function arrayLength(array: AnyArray | null): number {
  if (array === null || array === undefined) throw nullReference();
  return array.length;
}

/** An array with given values: bytes for byte[], else the JavaScript array itself, tagged. */
export function arrayOf(type: ArrayType, values: unknown[]): AnyArray {
  return isByteArray(type) ? Uint8Array.from(values as number[]) : makeArray(type, values);
}

/** `new T[n]`, `new T[n, m]`, filled with defaults. */
export function newArray(runtime: Runtime, type: ArrayType, ...sizes: (number | bigint)[]): AnyArray {
  const lengths = sizes.map(Number);
  if (lengths.some((n) => n < 0)) throw overflow();
  allocateCells(runtime.budget, lengths, isByteArray(type) ? 1 : ELEMENT_BYTES);
  if (isByteArray(type)) return new Uint8Array(lengths[0] ?? 0);
  return makeArray(type, filled(runtime, type.element, lengths));
}

/** Counts an array before it is made, rows of several dimensions included: `new int[1000000, 0]` holds no element and a million rows. */
export function allocateCells(budget: Budget, lengths: readonly number[], bytes = ELEMENT_BYTES): void {
  let rows = 1;
  for (const length of lengths) {
    rows *= length;
    budget.allocate(rows * bytes);
  }
}

function filled(runtime: Runtime, element: Type, [first = 0, ...rest]: readonly number[]): unknown[] {
  if (rest.length > 0) return Array.from({ length: first }, () => filled(runtime, element, rest));
  const simple = simpleDefault(element);
  if (simple !== undefined) return new Array(first).fill(simple);
  return Array.from({ length: first }, () => defaultOf(element, runtime));
}

function isByteArray(type: Type): boolean {
  return type.kind === 'array' && type.rank === 1 && primitiveOf(type.element) === 'byte';
}
