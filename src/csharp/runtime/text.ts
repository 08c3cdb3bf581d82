/** Object.ToString over all representations: what concatenation, interpolation and Convert.ToString show. */
import type { PlainImplementation } from '../types/declare.ts';
import type { NamedType, Type } from '../types/type.ts';
import { NetException } from './exception.ts';
import { isEnum, nullableElement, primitiveOf } from './type-facts.ts';
import { netTypeName, reflectionNameOf } from './type-name.ts';
import { AnonymousObject, arrayTypeOf, Boxed, DELEGATE_TYPE, isNetObject, TupleValue } from './values.ts';

/** `ToString()` of an object-typed value; null gives the empty text, as concatenation has it. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (value instanceof Boxed) return textOf(value.value, value.type);
  if (value instanceof TupleValue) return tupleText(value);
  if (value instanceof AnonymousObject) return anonymousText(value);
  if (value instanceof NetException) return exceptionText(value);
  if (isNetObject(value)) return value.netToString ? value.netToString() : netTypeName(value.netType);
  return otherText(value);
}

/** `ToString()` of a value in the representation of its static type; null gives the empty text. */
export function textOf(value: unknown, type: Type): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  const inner = nullableElement(type) ?? type;
  if (typeof value === 'object' || typeof value === 'function') return toText(value);
  return primitiveText(value as number | bigint | boolean, inner);
}

/** `System.FormatException: text`, with the inner exceptions behind arrows. */
export function exceptionText(exception: NetException): string {
  const head = exception.message === '' ? exception.typeName : `${exception.typeName}: ${exception.message}`;
  if (!exception.inner) return head;
  return `${head}\n ---> ${exceptionText(exception.inner)}\n   --- End of inner exception stack trace ---`;
}

function primitiveText(value: number | bigint | boolean, type: Type): string {
  switch (primitiveOf(type)) {
    case 'bool':
      return value ? 'True' : 'False';
    case 'char':
      return String.fromCharCode(Number(value));
    case 'double':
    case 'float':
      return declaredText(value, type);
    case undefined:
      return isEnum(type) ? enumText(type, Number(value)) : String(value);
    default:
      return String(value);
  }
}

/** Floating-point text is written by the type's own ToString(), which the library declares. */
function declaredText(value: number | bigint | boolean, type: Type): string {
  if (type.kind !== 'named') return String(value);
  const method = type.definition.membersNamed('ToString').find((m) => m.kind === 'method' && !m.isStatic && m.parameters.length === 0);
  if (method?.kind !== 'method' || typeof method.implementation !== 'function') return String(value);
  const call = method.implementation as PlainImplementation as (receiver: unknown) => unknown;
  return String(call(value));
}

/** An enum value's name, names of its flags joined by commas, or its number. */
export function enumText(type: NamedType, value: number): string {
  const names = type.definition.enumValues;
  if (!names) return String(value);
  for (const [name, known] of names) if (known === value) return name;
  return (type.definition.isFlags && flagsText(names, value)) || String(value);
}

/** Takes the largest values first, as .NET does, and prints them from small to large. */
function flagsText(names: ReadonlyMap<string, number>, value: number): string | undefined {
  const found: string[] = [];
  let rest = value;
  for (const [name, flag] of [...names].sort((a, b) => b[1] - a[1])) {
    if (flag === 0 || (rest & flag) !== flag) continue;
    rest &= ~flag;
    found.unshift(name);
  }
  return rest === 0 && found.length > 0 ? found.join(', ') : undefined;
}

function tupleText(tuple: TupleValue): string {
  const types = tuple.netType.typeArguments;
  const texts = tuple.items.map((item, at) => textOf(item, types[at] ?? tuple.netType));
  return `(${flattenRest(tuple, texts).join(', ')})`;
}

/** The eighth item of a long tuple is a tuple itself; its text continues the list. */
function flattenRest(tuple: TupleValue, texts: string[]): string[] {
  const rest = tuple.items[7];
  if (!(rest instanceof TupleValue)) return texts;
  return [...texts.slice(0, 7), tupleText(rest).slice(1, -1)];
}

function anonymousText(value: AnonymousObject): string {
  const members = value.anonymousType.members.map((m, at) => `${m.name} = ${textOf(value.values[at], m.type)}`);
  return members.length === 0 ? '{ }' : `{ ${members.join(', ')} }`;
}

function otherText(value: unknown): string {
  if (value instanceof Uint8Array) return 'System.Byte[]';
  if (Array.isArray(value)) {
    const type = arrayTypeOf(value);
    return type ? reflectionNameOf(type) : 'System.Object[]';
  }
  if (typeof value === 'function') {
    const type = (value as { [DELEGATE_TYPE]?: NamedType })[DELEGATE_TYPE];
    return type ? reflectionNameOf(type) : 'System.Delegate';
  }
  return typeof value === 'object' && !hasOwnText(value) ? 'System.Object' : String(value);
}

/** The gateway's own objects, whose classes have no names here, have a text only if they bring one. */
function hasOwnText(value: object | null): boolean {
  return value === null || value.toString !== Object.prototype.toString;
}
