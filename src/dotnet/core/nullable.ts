/** System.Nullable<T>: null, or the value itself. */
import { nullableValue } from '../../csharp/runtime/checks.ts';
import { defaultOf } from '../../csharp/runtime/defaults.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { TypeObject } from '../../csharp/runtime/values.ts';
import { declareType, special } from '../../csharp/types/declare.ts';
import type { Type } from '../../csharp/types/type.ts';
import { box, compareOf, equalsOf, hashOf, nullableElement, objectEquals, textOf } from './protocol.ts';
import { typeObject } from './type.ts';

function elementOf(types: readonly Type[]): Type {
  const type = types[0];
  if (!type) throw new Error('Nullable without a type argument');
  return type;
}

export const nullableType = declareType('struct System.Nullable<T>', 'all', {
  'Nullable(T value)': (value: unknown) => value,
  'bool HasValue { get; }': (self: unknown) => self !== null,
  'T Value { get; }': nullableValue,
  'T GetValueOrDefault()': special((runtime: Runtime, types, self: never) => self ?? defaultOf(elementOf(types), runtime)),
  'T GetValueOrDefault(T defaultValue)': (self: unknown, fallback: unknown) => self ?? fallback,
  'bool Equals(object other)': special((_runtime: Runtime, types, self: never, other: never) =>
    objectEquals(box(self, elementOf(types)), other),
  ),
  'int GetHashCode()': special((_runtime: Runtime, types, self: never) => (self === null ? 0 : hashOf(types[0])(self))),
  'string ToString()': special((_runtime: Runtime, types, self: never) => textOf(self, elementOf(types))),
});

export const nullableStatics = declareType('static class System.Nullable', 'all', {
  'static int Compare<T>(T? n1, T? n2)': special((_runtime: Runtime, types, a: never, b: never) => {
    if (a === null || b === null) return Number(a !== null) - Number(b !== null);
    return compareOf(types[0])(a, b);
  }),
  'static bool Equals<T>(T? n1, T? n2)': special((_runtime: Runtime, types, a: never, b: never) => equalsOf(types[0])(a, b)),
  'static Type GetUnderlyingType(Type nullableType)': special((runtime: Runtime, _types, type: never) => {
    const element = nullableElement((type as TypeObject).of);
    return element ? typeObject(runtime.types, element) : null;
  }),
});
