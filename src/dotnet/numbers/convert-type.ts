/** System.Convert: conversions, bases, Base64 and hexadecimal. */
import { isInstance } from '../../csharp/runtime/checks.ts';
import { callImplementation } from '../../csharp/runtime/defaults.ts';
import { argumentNull, invalidCast } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { toText as objectText } from '../../csharp/runtime/text.ts';
import { isValueType } from '../../csharp/runtime/type-facts.ts';
import { Boxed, isNetObject, type NetObject, type TypeObject } from '../../csharp/runtime/values.ts';
import { declareType, type Implementation, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { Operator } from '../../csharp/types/type.ts';
import type { Typed } from './conversion.ts';
import * as conversion from './conversion.ts';
import { fromBase, toBase } from './convert-base.ts';
import { base64Members, hexMembers } from './convert-bytes.ts';
import { BYTE, CHAR, INT16, INT32, INT64, INTEGER_KINDS } from './kinds.ts';

/** A source or target of conversion: its .NET name and its name in signatures. */
interface Side {
  readonly name: string;
  readonly keyword: string;
}

const SCALARS: readonly Side[] = [
  { name: 'Boolean', keyword: 'bool' },
  CHAR,
  ...INTEGER_KINDS,
  { name: 'Single', keyword: 'float' },
  { name: 'Double', keyword: 'double' },
  { name: 'Decimal', keyword: 'decimal' },
  { name: 'DateTime', keyword: 'DateTime' },
];
const SOURCES: readonly Side[] = [...SCALARS, { name: 'String', keyword: 'string' }];

/** Converts to a type by .NET name; undefined when Convert has none of that name. */
function convertTo(runtime: Runtime, target: string, value: Typed): unknown {
  const kind = [CHAR, ...INTEGER_KINDS].find((each) => each.name === target);
  if (kind) return conversion.toInteger(kind, value);
  switch (target) {
    case 'Boolean':
      return conversion.toBoolean(value);
    case 'Single':
    case 'Double':
      return conversion.toFloating(target === 'Single', value);
    case 'Decimal':
      return conversion.toDecimal(value);
    case 'DateTime':
      return conversion.toDateTime(runtime, value);
    default:
      return conversion.toText(value);
  }
}

function scalarMembers(): MemberTable {
  const members: Record<string, Implementation> = {};
  for (const target of SCALARS) {
    const head = `static ${target.keyword} To${target.name}`;
    for (const source of SOURCES) members[`${head}(${source.keyword} value)`] = converting(target.name, source.name);
    members[`${head}(string value, IFormatProvider provider)`] = converting(target.name, 'String');
    members[`${head}(object value)`] = convertingObject(target.name);
    members[`${head}(object value, IFormatProvider provider)`] = convertingObject(target.name);
  }
  for (const source of SOURCES) {
    members[`static string ToString(${source.keyword} value)`] = converting('String', source.name);
    members[`static string ToString(${source.keyword} value, IFormatProvider provider)`] = converting('String', source.name);
  }
  return members;
}

function converting(target: string, source: string): Implementation {
  return special((runtime, _types, value: unknown) => convertTo(runtime, target, { name: source, value }));
}

function convertingObject(target: string): Implementation {
  // A null is the type's zero, as a null text is, which alone among the targets Char refuses.
  const ofNull: Typed = target === 'Char' ? { name: 'Int32', value: 0 } : { name: 'String', value: null };
  return special((runtime, _types, value: unknown) => {
    const cast = ownCast(runtime, value, target);
    if (cast) return callImplementation(cast.implementation, runtime, [], [value]);
    return convertTo(runtime, target, value === null ? ofNull : conversion.typedOf(runtime, value));
  });
}

/** IConvertible of a class, which among those permitted only JValue has: its casts, down to what they say of a JSON null. */
function ownCast(runtime: Runtime, value: unknown, target: string): Operator | undefined {
  if (!isNetObject(value) || conversion.typeName(value) !== undefined) return undefined;
  const { types } = runtime;
  if (!isInstance(runtime, value, types.type('System.IConvertible'))) return undefined;
  const wanted = types.type(`System.${target}`);
  for (let type = types.typeOf(value); type?.kind === 'named'; type = type.definition.baseType ?? null)
    for (const one of type.definition.membersNamed('op_Explicit')) if (one.kind === 'operator' && one.returnType === wanted) return one;
  return undefined;
}

/** An object's text: its own ToString whatever it is; null gives the empty text. */
const objectToString = (value: unknown): string => objectText(value);

/** Target by TypeCode, in its order. */
const CODES: readonly (string | undefined)[] = [
  ...['Empty', 'Object', 'DBNull', 'Boolean', 'Char', 'SByte', 'Byte', 'Int16', 'UInt16', 'Int32', 'UInt32', 'Int64', 'UInt64'],
  ...['Single', 'Double', 'Decimal', 'DateTime', undefined, 'String'],
];

function changeType(runtime: Runtime, value: unknown, type: TypeObject | null): unknown {
  if (type === null) throw argumentNull('conversionType');
  if (value === null) {
    if (isValueType(type.of)) throw invalidCast('Null object cannot be converted to a value type.');
    return null;
  }
  if (runtime.types.typeOf(value) === type.of) return value;
  return changed(runtime, value, type.name.replace(/^System\./, ''), type.name);
}

function changed(runtime: Runtime, value: unknown, target: string, fullName: string): unknown {
  if (conversion.typeName(value) === undefined) {
    const own = runtime.types.typeOf(value);
    if (own !== null && target === 'Object') return value;
    const cast = ownCast(runtime, value, target);
    if (cast) return boxed(runtime, callImplementation(cast.implementation, runtime, [], [value]), fullName);
    throw invalidCast('Object must implement IConvertible.');
  }
  if (target === 'Object') return value;
  if (target === 'String') return objectToString(value);
  if (!SCALARS.some((each) => each.name === target)) {
    const from = runtime.types.typeOf(value);
    throw invalidCast(`Invalid cast from '${from === null ? 'null' : runtime.types.reflectionName(from)}' to '${fullName}'.`);
  }
  return boxed(runtime, convertTo(runtime, target, conversion.typedOf(runtime, value)), fullName);
}

function boxed(runtime: Runtime, value: unknown, fullName: string): unknown {
  return isNetObject(value) || typeof value === 'string' ? value : new Boxed(runtime.types.type(fullName), value as number);
}

function changeByCode(runtime: Runtime, value: unknown, code: number): unknown {
  const target = CODES[code] ?? 'Empty';
  if (value === null && (target === 'Empty' || target === 'String' || target === 'Object')) return null;
  if (value === null) throw invalidCast('Null object cannot be converted to a value type.');
  return changed(runtime, value, target, `System.${target}`);
}

/** TypeCode of an object-represented value. */
function typeCodeOf(value: unknown): number {
  if (value === null) return 0;
  if (value instanceof NetDBNull) return 2;
  return Math.max(1, CODES.indexOf(conversion.typeName(value) ?? 'Object'));
}

function baseMembers(): MemberTable {
  const members: Record<string, Implementation> = {};
  for (const kind of [BYTE, INT16, INT32, INT64])
    members[`static string ToString(${kind.keyword} value, int toBase)`] = (value: number | bigint, base: number) =>
      toBase(kind, value, base);
  for (const kind of INTEGER_KINDS)
    members[`static ${kind.keyword} To${kind.name}(string value, int fromBase)`] = (value: string | null, base: number) =>
      fromBase(kind, value, base);
  return members;
}

/** The members of System.IConvertible, on object-represented values. */
export function convertibleMembers(): MemberTable {
  const members: Record<string, Implementation> = {
    'TypeCode GetTypeCode()': typeCodeOf,
    'string ToString(IFormatProvider provider)': objectToString,
    'object ToType(Type conversionType, IFormatProvider provider)': special((runtime, _types, value: unknown, type: TypeObject | null) =>
      changeType(runtime, value, type),
    ),
  };
  for (const { name, keyword } of SCALARS) members[`${keyword} To${name}(IFormatProvider provider)`] = convertingObject(name);
  return members;
}

/** The one value of System.DBNull, which no expression can come by except through `Convert.DBNull`. */
class NetDBNull implements NetObject {
  get netType(): TypeDeclaration {
    return dbNullType;
  }
  netToString(): string {
    return '';
  }
  netEquals(other: unknown): boolean {
    return other instanceof NetDBNull;
  }
}

export const dbNullType: TypeDeclaration = declareType('class System.DBNull', 'none', {});

export const convertType: TypeDeclaration = declareType('static class System.Convert', 'all', {
  ...scalarMembers(),
  ...baseMembers(),
  ...base64Members(),
  ...hexMembers(),
  'static string ToString(object value)': objectToString,
  'static string ToString(object value, IFormatProvider provider)': objectToString,
  'static object ChangeType(object value, Type conversionType)': special((runtime, _types, value: unknown, type: TypeObject | null) =>
    changeType(runtime, value, type),
  ),
  'static object ChangeType(object value, Type conversionType, IFormatProvider provider)': special(
    (runtime, _types, value: unknown, type: TypeObject | null) => changeType(runtime, value, type),
  ),
  'static object ChangeType(object value, TypeCode typeCode)': special((runtime, _types, value: unknown, code: number) =>
    changeByCode(runtime, value, code),
  ),
  'static object ChangeType(object value, TypeCode typeCode, IFormatProvider provider)': special(
    (runtime, _types, value: unknown, code: number) => changeByCode(runtime, value, code),
  ),
  'static TypeCode GetTypeCode(object value)': typeCodeOf,
  'static readonly object DBNull': () => new NetDBNull(),
  'static bool IsDBNull(object value)': (value: unknown) => value instanceof NetDBNull,
});
