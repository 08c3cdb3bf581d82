/** Null checks, casts and type tests that compiled code makes. */
import type { NamedType, Type } from '../types/type.ts';
import { invalidCast, invalidOperation, NetException, nullReference } from './exception.ts';
import type { Runtime } from './runtime.ts';
import { Characters } from './sequence.ts';
import { isEnum, nullableElement } from './type-facts.ts';
import { Boxed, DELEGATE_TYPE, TupleValue } from './values.ts';

/** The receiver of a member access. */
export function notNull<T>(value: T): T {
  if (value === null || value === undefined) throw nullReference();
  return value;
}

/** Gives `value` back after checking a receiver that was evaluated earlier: C# checks it once the arguments are there. */
export function checkedReceiver<T>(value: T, receiver: unknown): T {
  if (receiver === null || receiver === undefined) throw nullReference();
  return value;
}

/** `Nullable<T>.Value`. */
export function nullableValue<T>(value: T | null): T {
  if (value === null || value === undefined) throw invalidOperation('Nullable object must have a value.');
  return value;
}

export function raise(exception: unknown): never {
  throw exception instanceof NetException ? exception : nullReference();
}

/** Whether an object-represented value is an instance of the type; never for null. */
export function isInstance(runtime: Runtime, value: unknown, type: Type): boolean {
  if (value === null || value === undefined) return false;
  if (value instanceof Boxed && value.type === type) return true;
  const actual = runtime.types.typeOf(value);
  return actual !== null && runtime.types.isAssignable(actual, nullableElement(type) ?? type);
}

/** `(T)value` for reference types. */
export function castReference(runtime: Runtime, value: unknown, type: Type): unknown {
  if (value === null || value === undefined) return null;
  if (!isInstance(runtime, value, type)) throw invalidCast();
  return asReference(value, type, runtime);
}

export function castString(value: unknown): string | null {
  if (typeof value === 'string' || value === null) return value;
  if (value instanceof Characters) return value.text;
  throw invalidCast();
}

/** `value as T`. */
export function asInstance(runtime: Runtime, value: unknown, type: Type): unknown {
  if (!isInstance(runtime, value, type)) return null;
  return value instanceof Boxed && unwraps(type) ? value.value : asReference(value, type, runtime);
}

/** From object to a value type or nullable: the exact type only (an enum and its underlying type count as one). */
export function unboxTo(runtime: Runtime, value: unknown, type: NamedType): unknown {
  const wanted = nullableElement(type);
  if (value === null || value === undefined) {
    if (wanted) return null;
    throw nullReference();
  }
  return unboxExact(runtime, value, (wanted ?? type) as NamedType);
}

function unboxExact(runtime: Runtime, value: unknown, type: NamedType): unknown {
  if (value instanceof Boxed) {
    if (value.type === type || underlying(value.type) === underlying(type)) return value.value;
    throw invalidCast();
  }
  if (value instanceof TupleValue && runtime.types.isAssignable(value.netType, type)) return value;
  if (runtime.types.typeOf(value) === type) return value;
  throw invalidCast();
}

function underlying(type: NamedType): string {
  const { definition } = type;
  return isEnum(type) ? (definition.enumUnderlying ?? 'int') : (definition.keyword ?? definition.fullName);
}

/** Value types come out of their box; interfaces and object keep it. */
function unwraps(type: Type): boolean {
  const inner = nullableElement(type) ?? type;
  return inner.kind === 'named' && (inner.definition.typeKind === 'struct' || inner.definition.typeKind === 'enum');
}

/** A string that becomes a sequence of characters changes its representation. */
function asReference(value: unknown, type: Type, runtime: Runtime): unknown {
  if (typeof value === 'string' && isCharacterSequence(type)) return new Characters(runtime.types.type('string'), value);
  return value instanceof Characters && !isCharacterSequence(type) ? value.text : value;
}

export function isCharacterSequence(type: Type): boolean {
  return type.kind === 'named' && (type.definition.name === 'IEnumerable' || type.definition.name === 'IReadOnlyCollection');
}

/** A string converted to IEnumerable or IEnumerable<char>. */
export function toCharacters(runtime: Runtime, text: string | null): Characters | null {
  return text === null ? null : new Characters(runtime.types.type('string'), text);
}

/** A delegate that becomes object remembers the type it had. */
export function tagDelegate(value: unknown, type: Type): unknown {
  if (typeof value === 'function') {
    const tagged = value as { [DELEGATE_TYPE]?: Type };
    tagged[DELEGATE_TYPE] ??= type;
  }
  return value;
}
