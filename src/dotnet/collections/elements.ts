/** Items of any enumerable, their type at run time, and T's default value. */
import { box, unbox } from '../../csharp/runtime/box.ts';
import { argumentNull, invalidCast } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { isEnum, isValueType, nullableElement, primitiveOf } from '../../csharp/runtime/type-facts.ts';
import { Boxed, TupleValue } from '../../csharp/runtime/values.ts';
import type { TypeTable } from '../../csharp/types/table.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { isManyFaced } from './contract.ts';
import { KeyValuePair } from './key-value-pair.ts';

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
    if (isValueType(type) && nullableElement(type) === undefined) throw nullCast();
    return null;
  }
  if (isInstance(types, value, type)) return fromObject(value, type);
  const from = types.typeOf(value);
  throw invalidCast(
    `Unable to cast object of type '${from === null ? 'null' : types.reflectionName(from)}' to type '${types.reflectionName(type)}'.`,
  );
}

/** From the object representation to that of a type the value is known to have. */
export function fromObject(value: unknown, type: Type): unknown {
  const inner = nullableElement(type) ?? type;
  return value instanceof Boxed && (primitiveOf(inner) !== undefined || isEnum(inner)) ? unbox(value) : value;
}

function nullCast() {
  return invalidCast('Null object cannot be converted to a value type.');
}

/** Structs of the library that are NetObjects: the static field that holds the value with all bits zero. */
const ZERO_FIELDS: Readonly<Record<string, string>> = {
  'System.Decimal': 'Zero',
  'System.TimeSpan': 'Zero',
  'System.Guid': 'Empty',
  'System.DateTime': 'MinValue',
  'System.DateTimeOffset': 'MinValue',
};

/** `default(T)` in T's representation. */
export function defaultOf(runtime: Runtime, type: Type | undefined): unknown {
  if (type === undefined || !isValueType(type) || nullableElement(type) !== undefined) return null;
  if (isEnum(type)) return 0;
  switch (primitiveOf(type)) {
    case undefined:
      return defaultStruct(runtime, type);
    case 'bool':
      return false;
    case 'long':
    case 'ulong':
      return 0n;
    default:
      return 0;
  }
}

function defaultStruct(runtime: Runtime, type: NamedType): unknown {
  const name = type.definition.fullName;
  const inner = (): unknown[] => type.typeArguments.map((one) => defaultOf(runtime, one));
  if (name === 'System.ValueTuple') return new TupleValue(type, inner());
  if (name === 'System.Collections.Generic.KeyValuePair') {
    const [key, value] = inner();
    return new KeyValuePair(type, key, value);
  }
  const field = type.definition.membersNamed(ZERO_FIELDS[name] ?? '').find((one) => one.kind === 'field');
  if (field?.kind !== 'field') return null;
  return field.getter === undefined ? field.value : callGetter(runtime, field.getter);
}

function callGetter(runtime: Runtime, getter: NonNullable<unknown>): unknown {
  if (typeof getter === 'function') return (getter as () => unknown)();
  return (getter as { call(runtime: Runtime, types: readonly Type[]): unknown }).call(runtime, []);
}
