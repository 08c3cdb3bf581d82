/** From the representation of a static type to that of `object`, and back. */
import type { Type } from '../types/type.ts';
import { isPrimitiveValue, nullableElement } from './type-facts.ts';
import { Boxed } from './values.ts';

/** Turns a value of static type `type` into its object representation; null stays null. */
export function box(value: unknown, type: Type): unknown {
  if (value === null || value === undefined) return null;
  const inner = nullableElement(type) ?? type;
  return isPrimitiveValue(inner) ? new Boxed(inner, value as number) : value;
}

/** From the object representation to that of a static type; the caller has checked the type. */
export function unbox(value: unknown): unknown {
  return value instanceof Boxed ? value.value : value;
}

/** `box` with the type decided once: for loops over many values of one type. */
export function boxer(type: Type): (value: unknown) => unknown {
  const inner = nullableElement(type) ?? type;
  if (!isPrimitiveValue(inner)) return (value) => value ?? null;
  return (value) => (value === null ? null : new Boxed(inner, value as number));
}
