/** System.Enum: names, parsing and formatting of enum values. */
import { argument, argumentNull, overflow } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { Boxed, makeArray, type Ref, TypeObject } from '../../csharp/runtime/values.ts';
import { declareType, special } from '../../csharp/types/declare.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { formatOf, isEnum, objectCompare, objectEquals, objectHash, toText } from './protocol.ts';

type Parsed = { readonly value: number } | { readonly failed: 'empty' | 'unknown' | 'overflow' };

/** Names joined by commas, or a number; surrounding white space is allowed. */
function parseEnum(type: NamedType, text: string, ignoreCase: boolean): Parsed {
  const trimmed = text.trim();
  if (trimmed === '') return { failed: 'empty' };
  if (/^[-+]?[0-9]+$/.test(trimmed)) return parseNumber(Number(trimmed));
  let value = 0;
  for (const part of trimmed.split(',')) {
    const known = valueNamed(type, part.trim(), ignoreCase);
    if (known === undefined) return { failed: 'unknown' };
    value |= known;
  }
  return { value };
}

function parseNumber(value: number): Parsed {
  return value >= -2147483648 && value <= 2147483647 ? { value } : { failed: 'overflow' };
}

function valueNamed(type: NamedType, name: string, ignoreCase: boolean): number | undefined {
  const names = type.definition.enumValues;
  const exact = names?.get(name);
  if (exact !== undefined || !ignoreCase || !names) return exact;
  const lower = name.toLowerCase();
  for (const [known, value] of names) if (known.toLowerCase() === lower) return value;
  return undefined;
}

function parseOrThrow(type: NamedType, text: string | null, ignoreCase: boolean): number {
  if (text === null) throw argumentNull('value');
  const parsed = parseEnum(type, text, ignoreCase);
  if ('value' in parsed) return parsed.value;
  if (parsed.failed === 'empty') throw argument('Must specify valid information for parsing in the string.', 'value');
  if (parsed.failed === 'overflow') throw overflow('Value was either too large or too small for an Int32.');
  throw argument(`Requested value '${text}' was not found.`);
}

function enumOf(type: TypeObject | null, parameter = 'enumType'): NamedType {
  if (type === null) throw argumentNull(parameter);
  if (!isEnum(type.of)) throw argument('Type provided must be an Enum.', parameter);
  return type.of;
}

function typeArgument(types: readonly Type[]): NamedType {
  const type = types[0];
  if (!type || !isEnum(type)) throw argument('Type provided must be an Enum.', 'enumType');
  return type;
}

function parse(type: TypeObject | null, text: string | null, ignoreCase = false): Boxed {
  const wanted = enumOf(type);
  return new Boxed(wanted, parseOrThrow(wanted, text, ignoreCase));
}

function parseGeneric(_runtime: Runtime, types: readonly Type[], text: never, ignoreCase?: never): number {
  return parseOrThrow(typeArgument(types), text, ignoreCase ?? false);
}

function tryParse(_runtime: Runtime, types: readonly Type[], text: string | null, ignoreCase: boolean, result: Ref<number>): boolean {
  const parsed = text === null ? undefined : parseEnum(typeArgument(types), text, ignoreCase);
  const found = parsed !== undefined && 'value' in parsed;
  result.value = found ? parsed.value : 0;
  return found;
}

/** `TryParse(Type, …)`: the boxed value, or null. */
function tryParseObject(type: TypeObject | null, text: string | null, ignoreCase: boolean, result: Ref<Boxed | null>): boolean {
  const wanted = enumOf(type);
  const parsed = text === null ? undefined : parseEnum(wanted, text, ignoreCase);
  const found = parsed !== undefined && 'value' in parsed;
  result.value = found ? new Boxed(wanted, parsed.value) : null;
  return found;
}

/** Names and values in the order of unsigned values, as .NET lists them. */
function entries(type: NamedType): (readonly [string, number])[] {
  return [...(type.definition.enumValues ?? [])].sort((a, b) => (a[1] >>> 0) - (b[1] >>> 0));
}

function names(runtime: Runtime, type: NamedType): unknown[] {
  return makeArray(
    runtime.types.array(runtime.types.type('string')),
    entries(type).map(([name]) => name),
  );
}

function values(runtime: Runtime, type: NamedType): unknown[] {
  return makeArray(
    runtime.types.array(type),
    entries(type).map(([, value]) => value),
  );
}

function numberOf(value: unknown): number {
  return value instanceof Boxed ? Number(value.value) : Number.NaN;
}

function isDefined(type: NamedType, value: unknown): boolean {
  if (typeof value === 'string') return type.definition.enumValues?.has(value) ?? false;
  return [...(type.definition.enumValues?.values() ?? [])].includes(numberOf(value));
}

function nameOf(type: NamedType, value: number): string | null {
  return entries(type).find(([, known]) => known === value)?.[0] ?? null;
}

function hasFlag(self: Boxed, flag: Boxed | null): boolean {
  if (flag === null) throw argumentNull('flag');
  const wanted = numberOf(flag);
  return (numberOf(self) & wanted) === wanted;
}

/** TypeCode of the numbers behind enums. */
const TYPE_CODES: Readonly<Record<string, number>> = { sbyte: 5, byte: 6, short: 7, ushort: 8, int: 9, uint: 10, long: 11, ulong: 12 };

export const enumType = declareType(
  'abstract class System.Enum : ValueType, IComparable, IFormattable, IConvertible',
  ['Parse', 'TryParse', 'ToString'],
  {
    'static object Parse(Type enumType, string value)': parse,
    'static object Parse(Type enumType, string value, bool ignoreCase)': parse,
    'static TEnum Parse<TEnum>(string value)': special(parseGeneric),
    'static TEnum Parse<TEnum>(string value, bool ignoreCase)': special(parseGeneric),
    'static bool TryParse<TEnum>(string value, out TEnum result)': special((runtime: Runtime, types, text: never, result: never) =>
      tryParse(runtime, types, text, false, result),
    ),
    'static bool TryParse<TEnum>(string value, bool ignoreCase, out TEnum result)': special(tryParse as never),
    'static bool TryParse(Type enumType, string value, out object result)': (
      type: TypeObject,
      text: string | null,
      result: Ref<Boxed | null>,
    ) => tryParseObject(type, text, false, result),
    'static bool TryParse(Type enumType, string value, bool ignoreCase, out object result)': tryParseObject,
    'static string[] GetNames(Type enumType)': special((runtime: Runtime, _types, type: never) => names(runtime, enumOf(type))),
    'static string[] GetNames<TEnum>()': special((runtime: Runtime, types) => names(runtime, typeArgument(types))),
    'static Array GetValues(Type enumType)': special((runtime: Runtime, _types, type: never) => values(runtime, enumOf(type))),
    'static TEnum[] GetValues<TEnum>()': special((runtime: Runtime, types) => values(runtime, typeArgument(types))),
    'static string GetName(Type enumType, object value)': (type: TypeObject, value: unknown) => nameOf(enumOf(type), numberOf(value)),
    'static string GetName<TEnum>(TEnum value)': special((_runtime: Runtime, types, value: never) => nameOf(typeArgument(types), value)),
    'static bool IsDefined(Type enumType, object value)': (type: TypeObject, value: unknown) => isDefined(enumOf(type), value),
    'static bool IsDefined<TEnum>(TEnum value)': special(
      (_runtime: Runtime, types, value: never) => nameOf(typeArgument(types), value) !== null,
    ),
    'static object ToObject(Type enumType, int value)': (type: TypeObject, value: number) => new Boxed(enumOf(type), value),
    'static object ToObject(Type enumType, object value)': (type: TypeObject, value: unknown) => new Boxed(enumOf(type), numberOf(value)),
    'static string Format(Type enumType, object value, string format)': (type: TypeObject, value: unknown, format: string) =>
      formatOf(new Boxed(enumOf(type), numberOf(value)), format),
    'static Type GetUnderlyingType(Type enumType)': special((runtime: Runtime, _types, type: never) => {
      const underlying = runtime.types.type(enumOf(type).definition.enumUnderlying ?? 'int');
      return new TypeObject(runtime.types.type('System.Type'), underlying, runtime.types.reflectionName(underlying));
    }),
    'bool HasFlag(Enum flag)': hasFlag,
    'int CompareTo(object target)': special((runtime: Runtime, _types, self: Boxed, target: unknown) => {
      const other = runtime.types.typeOf(target);
      if (other === null || other === self.type) return objectCompare(self, target);
      const name = (type: Type): string => runtime.types.reflectionName(type);
      throw argument(
        `Object must be the same type as the enum. The type passed in was '${name(other)}'; the enum type was '${name(self.type)}'.`,
      );
    }),
    'TypeCode GetTypeCode()': (self: Boxed) => TYPE_CODES[self.type.definition.enumUnderlying ?? 'int'] ?? 9,
    'bool Equals(object obj)': objectEquals,
    'int GetHashCode()': objectHash,
    'string ToString()': toText,
    'string ToString(string format)': formatOf,
    'string ToString(IFormatProvider provider)': (self: unknown) => toText(self),
    'string ToString(string format, IFormatProvider provider)': (self: unknown, format: string | null) => formatOf(self, format),
  },
);
