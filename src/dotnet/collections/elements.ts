/** Items of any enumerable, their type at run time, and T's default value. */
import { box, unbox } from '../../csharp/runtime/box.ts';
import { defaultOf as defaultOfType } from '../../csharp/runtime/defaults.ts';
import { argumentNull, invalidCast, nullReference } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { isPrimitiveValue, isValueType, nullableElement } from '../../csharp/runtime/type-facts.ts';
import { Boxed } from '../../csharp/runtime/values.ts';
import type { TypeTable } from '../../csharp/types/table.ts';
import type { Type } from '../../csharp/types/type.ts';
import { isManyFaced } from './contract.ts';

const ENUMERABLE = 'System.Collections.Generic.IEnumerable';

/** The items in the representation of `element`; a null source throws ArgumentNullException for the parameter. */
export function itemsOf(source: Iterable<unknown> | null, element: Type | undefined, parameter = 'source'): Iterable<unknown> {
  if (source === null || source === undefined) throw argumentNull(parameter);
  if (element !== undefined && isManyFaced(source)) return source.netItemsAs(element) ?? source;
  return source;
}

/** T of the IEnumerable<T> that a value is at run time; undefined when it is not known. */
export function elementTypeOf(types: TypeTable, source: unknown): Type | undefined {
  if (source instanceof Uint8Array) return types.type('byte');
  const type = typeof source === 'string' ? types.type('string') : types.typeOf(source);
  if (type === null) return undefined;
  if (type.kind === 'array') return type.element;
  const all = type.kind === 'named' ? [type, ...types.interfacesOf(type)] : types.interfacesOf(type);
  return all.find((one) => one.definition.fullName === ENUMERABLE && one.definition.typeParameters.length === 1)?.typeArguments[0];
}

/** The items of a non-generic IEnumerable, as objects. */
export function* objectItems(types: TypeTable, source: Iterable<unknown> | null): Generator<unknown> {
  if (source === null || source === undefined) throw argumentNull('source');
  if (isManyFaced(source)) {
    yield* source;
    return;
  }
  const element = elementTypeOf(types, source);
  for (const item of itemsOf(source, element)) yield element === undefined ? item : box(item, element);
}

/** Whether an object-represented value is a T (null is one where T has null). */
export function isInstance(types: TypeTable, value: unknown, type: Type): boolean {
  if (value === null) return false;
  const actual = types.typeOf(value);
  return actual !== null && types.isAssignable(actual, nullableElement(type) ?? type);
}

/** `(T)value` of an object; throws as the cast does. */
export function castObject(types: TypeTable, value: unknown, type: Type): unknown {
  if (value === null) {
    if (isValueType(type) && nullableElement(type) === undefined) throw nullReference();
    return null;
  }
  if (isInstance(types, value, type)) return fromObject(value, type);
  throw invalidCast();
}

/** From the object representation to that of a type the value is known to have. */
export function fromObject(value: unknown, type: Type): unknown {
  const inner = nullableElement(type) ?? type;
  return value instanceof Boxed && isPrimitiveValue(inner) ? unbox(value) : value;
}

/** `default(T)` in T's representation. */
export function defaultOf(runtime: Runtime, type: Type | undefined): unknown {
  return type === undefined ? null : defaultOfType(type, runtime);
}
