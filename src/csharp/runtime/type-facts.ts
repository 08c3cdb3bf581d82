/** Small questions about types that representation depends on (runtime/values.ts). */
import type { NamedType, Type } from '../types/type.ts';

/** How values of a primitive value type look in JavaScript. */
export type PrimitiveKind =
  | 'bool'
  | 'char'
  | 'sbyte'
  | 'byte'
  | 'short'
  | 'ushort'
  | 'int'
  | 'uint'
  | 'long'
  | 'ulong'
  | 'float'
  | 'double';

const PRIMITIVES: ReadonlyMap<string, PrimitiveKind> = new Map([
  ['System.Boolean', 'bool'],
  ['System.Char', 'char'],
  ['System.SByte', 'sbyte'],
  ['System.Byte', 'byte'],
  ['System.Int16', 'short'],
  ['System.UInt16', 'ushort'],
  ['System.Int32', 'int'],
  ['System.UInt32', 'uint'],
  ['System.Int64', 'long'],
  ['System.UInt64', 'ulong'],
  ['System.Single', 'float'],
  ['System.Double', 'double'],
]);

/** The primitive kind of a type, undefined for enums and everything else. */
export function primitiveOf(type: Type): PrimitiveKind | undefined {
  return type.kind === 'named' ? PRIMITIVES.get(type.definition.fullName) : undefined;
}

export function isEnum(type: Type): type is NamedType {
  return type.kind === 'named' && type.definition.typeKind === 'enum';
}

export function isString(type: Type): boolean {
  return type.kind === 'named' && type.definition.fullName === 'System.String';
}

export function isObject(type: Type): boolean {
  return type.kind === 'named' && type.definition.fullName === 'System.Object';
}

/** A struct or enum, Nullable<T> included. */
export function isValueType(type: Type): type is NamedType {
  return type.kind === 'named' && (type.definition.typeKind === 'struct' || type.definition.typeKind === 'enum');
}

/** T of `T?`, or undefined. */
export function nullableElement(type: Type): Type | undefined {
  if (type.kind !== 'named' || type.definition.fullName !== 'System.Nullable') return undefined;
  return type.typeArguments[0];
}

/** Value types whose representation is a JavaScript primitive: these are `Boxed` when they become objects. */
export function isPrimitiveValue(type: Type): type is NamedType {
  return isEnum(type) || primitiveOf(type) !== undefined;
}
