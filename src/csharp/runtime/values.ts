/**
 * How C# values look in JavaScript. The representation follows the *static* type:
 *
 * | C# static type | JavaScript |
 * | --- | --- |
 * | string | string (never undefined; null is null) |
 * | bool | boolean |
 * | double, float | number (float always `Math.fround`ed) |
 * | sbyte, byte, short, ushort, int, uint | number, always in range |
 * | char | number: the UTF-16 code unit |
 * | long, ulong | bigint, always in range |
 * | enum | number: the underlying value |
 * | decimal, DateTime, TimeSpan, Guid and every other struct | an immutable instance of its own class (a `NetObject`) |
 * | T? of a value type | null, or the representation of T |
 * | T[] | a JavaScript array tagged with its type by `makeArray`; byte[] is a Uint8Array |
 * | delegates | a JavaScript function |
 * | IEnumerable<T> | any JavaScript iterable; elements in the representation of T |
 * | object, dynamic type parameters bound to object, interfaces such as IComparable, System.Enum, System.ValueType | see below |
 * | other classes | an instance of a class that implements `NetObject` |
 *
 * A value type whose representation is a JavaScript primitive becomes a `Boxed` with its type when it turns into `object`
 * (or an interface); strings stay strings; NetObjects stay themselves. So every object-typed value knows its .NET type:
 * `typeOf` in the type table tells it. Collections of T hold T's own representation, hence carry their type.
 */
import type { TypeDeclaration } from '../types/declare.ts';
import type { AnonymousType, ArrayType, NamedType, Type } from '../types/type.ts';

/** A value type instance on the heap: bool, the numbers in JavaScript primitives, char, enums. One object a boxing, as in .NET. */
export class Boxed {
  readonly type: NamedType;
  readonly value: number | bigint | boolean;

  constructor(type: NamedType, value: number | bigint | boolean) {
    this.type = type;
    this.value = value;
  }
}

/**
 * An instance of a .NET class or struct that is not a JavaScript primitive. `netType` is the constructed type for generic
 * classes (given to the constructor by the declaration's `special` implementation), the declaration itself for plain ones.
 * The optional methods are Object's virtual methods; where one is missing .NET's default applies (full type name,
 * reference equality).
 */
export interface NetObject {
  readonly netType: NamedType | TypeDeclaration;
  netToString?(): string;
  netEquals?(other: unknown): boolean;
  netHashCode?(): number;
  /** IComparable; `other` has the same type. Negative, zero, positive. */
  netCompareTo?(other: unknown): number;
  /** IFormattable, used by string.Format and interpolation: an empty or null format means the default; null means the invariant culture. */
  netFormat?(format: string | null, provider?: unknown): string;
}

/** The object that `new { A = 1 }` makes: values in the order of the type's members, each in the representation of its member's type. */
export class AnonymousObject {
  readonly anonymousType: AnonymousType;
  readonly values: readonly unknown[];

  constructor(anonymousType: AnonymousType, values: readonly unknown[]) {
    this.anonymousType = anonymousType;
    this.values = values;
  }
}

/**
 * A value tuple, `System.ValueTuple<…>` with up to eight type arguments: items in the representation of their types. Writing
 * an element writes `items`; the emitter copies the tuple wherever C# copies the struct, so a tuple is never shared by two variables.
 */
export class TupleValue {
  readonly netType: NamedType;
  readonly items: unknown[];

  constructor(netType: NamedType, items: unknown[]) {
    this.netType = netType;
    this.items = items;
  }
}

/** A `System.Type`: what `typeof` and `GetType` give. Two of the same type are equal by `netEquals` and by reference comparison. */
export class TypeObject implements NetObject {
  readonly netType: NamedType;
  readonly of: Type;
  readonly name: string;

  /** `netType` is `System.Type`; `name` the reflection name of `of`. */
  constructor(netType: NamedType, of: Type, name: string) {
    this.netType = netType;
    this.of = of;
    this.name = name;
  }

  netToString(): string {
    return this.name;
  }

  netEquals(other: unknown): boolean {
    return other instanceof TypeObject && other.of === this.of;
  }
}

/** Whether a value is an instance of a .NET class of ours. */
export function isNetObject(value: unknown): value is NetObject {
  return typeof value === 'object' && value !== null && 'netType' in value;
}

/** A variable passed by `out` or `ref`. */
export interface Ref<T = unknown> {
  value: T;
}

const ARRAY_TYPE = Symbol('portico.arrayType');

interface TaggedArray {
  [ARRAY_TYPE]?: ArrayType;
}

/** Tags a JavaScript array as a .NET array of the type and returns it. */
export function makeArray(type: ArrayType, items: unknown[]): unknown[] {
  (items as TaggedArray)[ARRAY_TYPE] = type;
  return items;
}

/** The array type of a tagged array; undefined for an untagged one (byte[] is a Uint8Array and needs no tag). */
export function arrayTypeOf(items: readonly unknown[]): ArrayType | undefined {
  return (items as TaggedArray)[ARRAY_TYPE];
}

/** The .NET type a delegate was created with, for functions that became `object`. */
export const DELEGATE_TYPE = Symbol('portico.delegateType');

export type { Type };
