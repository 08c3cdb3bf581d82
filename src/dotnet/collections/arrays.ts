/** What Array's members do, over both representations of arrays: tagged JavaScript arrays and the bytes of byte[]. */
import { ELEMENT_BYTES } from '../../csharp/runtime/budget.ts';
import { argument, argumentNull, NetException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { primitiveOf } from '../../csharp/runtime/type-facts.ts';
import { arrayTypeOf, makeArray } from '../../csharp/runtime/values.ts';
import type { Type } from '../../csharp/types/type.ts';
import type { ArrayValue } from './contract.ts';
import { badOffsets, destinationTooShort, negative } from './errors.ts';
import type { Items } from './sort.ts';

/** An element[] of the items; they are taken over, not copied (but for bytes). */
export function newArray(runtime: Runtime, element: Type | undefined, items: unknown[]): ArrayValue {
  const type = element ?? runtime.types.type('object');
  const isBytes = primitiveOf(type) === 'byte';
  runtime.budget.allocate(isBytes ? items.length : items.length * ELEMENT_BYTES);
  if (isBytes) return Uint8Array.from(items as number[]);
  return makeArray(runtime.types.array(type), items);
}

/** The element type of an array at run time. */
export function elementOfArray(runtime: Runtime, array: ArrayValue): Type {
  if (array instanceof Uint8Array) return runtime.types.type('byte');
  return arrayTypeOf(array)?.element ?? runtime.types.type('object');
}

/** An array as an indexable store; bytes are numbers in both directions. */
export function asItems(array: ArrayValue): Items {
  return array as Items;
}

export function notNull(array: ArrayValue | null, parameter = 'array'): ArrayValue {
  if (array === null) throw argumentNull(parameter);
  return array;
}

/** A copy of the same type and length. */
export function cloneArray(array: ArrayValue): ArrayValue {
  if (array instanceof Uint8Array) return array.slice();
  const type = arrayTypeOf(array);
  return type === undefined ? [...array] : makeArray(type, [...array]);
}

/** `CopyTo`: the target must have room behind `at`. */
export function copyItems(source: ArrayLike<unknown>, from: number, target: ArrayValue, at: number, count: number): void {
  if (at < 0) throw negative('destinationIndex');
  if (at + count > target.length) throw destinationTooShort();
  moveItems(source, from, target, at, count);
}

/** `Array.Copy` with .NET's checks, in its order. */
export function copyArray(source: ArrayValue | null, from: number, target: ArrayValue | null, at: number, count: number): void {
  const input = notNull(source, 'sourceArray');
  const output = notNull(target, 'destinationArray');
  if (count < 0) throw negative('length');
  if (from < 0) throw negative('sourceIndex');
  if (at < 0) throw negative('destinationIndex');
  if (from + count > input.length)
    throw argument("Source array was not long enough. Check the source index, length, and the array's lower bounds.", 'sourceArray');
  if (at + count > output.length) throw destinationTooShort();
  checkTypes(input, output);
  moveItems(input, from, output, at, count);
}

function checkTypes(source: ArrayValue, target: ArrayValue): void {
  const [from, to] = [valueElement(source), valueElement(target)];
  if (from !== to && from !== undefined && to !== undefined && !widens(from, to))
    throw new NetException('System.ArrayTypeMismatchException', 'Source array type cannot be assigned to destination array type.');
}

function valueElement(array: ArrayValue): string | undefined {
  if (array instanceof Uint8Array) return 'byte';
  const element = arrayTypeOf(array)?.element;
  return element === undefined ? undefined : primitiveOf(element);
}

const WIDER: Readonly<Record<string, readonly string[]>> = {
  byte: ['short', 'ushort', 'int', 'uint', 'float', 'double', 'char'],
  sbyte: ['short', 'int', 'float', 'double'],
  short: ['int', 'float', 'double'],
  ushort: ['int', 'uint', 'float', 'double', 'char'],
  char: ['ushort', 'int', 'uint', 'float', 'double'],
  int: ['float', 'double'],
  uint: ['float', 'double'],
  float: ['double'],
};

/** Array.Copy widens primitives; 64-bit integers change representation and are refused here as a mismatch. */
function widens(from: string, to: string): boolean {
  return WIDER[from]?.includes(to) ?? false;
}

function moveItems(source: ArrayLike<unknown>, from: number, target: ArrayValue, at: number, count: number): void {
  const items = Array.prototype.slice.call(source, from, from + count) as unknown[];
  const output = asItems(target);
  for (let i = 0; i < count; i += 1) output[at + i] = items[i];
}

/** `index` and `length` of a part, as Sort, Reverse and BinarySearch check them. */
export function checkPart(array: ArrayValue, index: number, length: number): void {
  if (index < 0) throw negative('index');
  if (length < 0) throw negative('length');
  if (array.length - index < length) throw badOffsets();
}

/** Rank and lengths; an array of several dimensions is nested JavaScript arrays, the outermost tagged. */
export function lengthsOf(array: ArrayValue): readonly number[] {
  const rank = array instanceof Uint8Array ? 1 : (arrayTypeOf(array)?.rank ?? 1);
  const lengths = [array.length];
  let level: unknown = array;
  for (let i = 1; i < rank; i += 1) {
    level = Array.isArray(level) ? level[0] : undefined;
    lengths.push(Array.isArray(level) || level instanceof Uint8Array ? level.length : 0);
  }
  return lengths;
}
