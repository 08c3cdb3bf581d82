/** Members that all numeric structs share. */

import { floatingHash } from '../../csharp/runtime/equality.ts';
import { argument, argumentNull } from '../../csharp/runtime/exception.ts';
import { Boxed, type Ref } from '../../csharp/runtime/values.ts';
import type { MemberTable } from '../../csharp/types/declare.ts';

type Primitive = number | bigint | boolean;

/** Whether an object-represented value is a boxed instance of the type (`System.Int32`). */
function isBoxed(value: unknown, fullName: string): value is Boxed {
  return value instanceof Boxed && value.type.definition.fullName === fullName;
}

/** `Object must be of type Int32.` */
export function wrongType(name: string): Error {
  return argument(`Object must be of type ${name}.`);
}

/** The order of .NET's CompareTo: NaN first. */
function comparePrimitive(a: Primitive, b: Primitive): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
}

/** CompareTo, Equals, GetHashCode and GetTypeCode of a struct whose values are JavaScript primitives. */
export function comparisonMembers(keyword: string, name: string, typeCode: number, objectName = 'value'): MemberTable {
  const fullName = `System.${name}`;
  return {
    [`int CompareTo(object ${objectName})`]: (self: Primitive, other: unknown) => {
      if (other === null) return 1;
      if (!isBoxed(other, fullName)) throw wrongType(name);
      return comparePrimitive(self, other.value);
    },
    [`int CompareTo(${keyword} value)`]: comparePrimitive,
    'bool Equals(object obj)': (self: Primitive, other: unknown) => isBoxed(other, fullName) && comparePrimitive(self, other.value) === 0,
    [`bool Equals(${keyword} obj)`]: (self: Primitive, other: Primitive) => comparePrimitive(self, other) === 0,
    'int GetHashCode()': hashOf(keyword),
    'TypeCode GetTypeCode()': () => typeCode,
  };
}

/** .NET's own hashes. */
function hashOf(keyword: string): (self: Primitive) => number {
  if (keyword === 'double' || keyword === 'float') return (self) => floatingHash(Number(self), keyword === 'float');
  return (self) => (typeof self === 'bigint' ? Number(BigInt.asIntN(32, self ^ (self >> 32n))) : Number(self) | 0);
}

/** The four ToString overloads; the provider does not matter: everything is invariant. */
export function formatMembers(format: (self: never, format?: string | null) => string): MemberTable {
  return {
    'string ToString()': (self: never) => format(self),
    'string ToString(string format)': format,
    'string ToString(IFormatProvider provider)': (self: never) => format(self),
    'string ToString(string format, IFormatProvider provider)': (self: never, text: string | null) => format(self, text),
  };
}

/** How a type reads text: throwing, and giving undefined on failure. */
export interface Parsing {
  readonly keyword: string;
  readonly standardStyle: number;
  parse(text: string, style: number): unknown;
  tryParse(text: string, style: number): unknown;
  readonly zero: () => unknown;
  checkStyle(style: number): void;
}

/** The Parse and TryParse overloads of a numeric struct. */
export function parseMembers(parsing: Parsing): MemberTable {
  const { keyword, standardStyle } = parsing;
  const parse = (text: string | null, style = standardStyle): unknown => {
    if (text === null) throw argumentNull('s');
    return parsing.parse(text, style);
  };
  const styled = (text: string | null, style: number): unknown => {
    parsing.checkStyle(style);
    return parse(text, style);
  };
  const attempt = (text: string | null, style: number, result: Ref): boolean => {
    const value = text === null ? undefined : parsing.tryParse(text, style);
    result.value = value ?? parsing.zero();
    return value !== undefined;
  };
  return {
    [`static ${keyword} Parse(string s)`]: (s: string | null) => parse(s),
    [`static ${keyword} Parse(string s, IFormatProvider provider)`]: (s: string | null) => parse(s),
    [`static ${keyword} Parse(string s, NumberStyles style)`]: styled,
    [`static ${keyword} Parse(string s, NumberStyles style, IFormatProvider provider)`]: styled,
    [`static bool TryParse(string s, out ${keyword} result)`]: (s: string | null, result: Ref) => attempt(s, standardStyle, result),
    [`static bool TryParse(string s, IFormatProvider provider, out ${keyword} result)`]: (s: string | null, _: unknown, result: Ref) =>
      attempt(s, standardStyle, result),
    [`static bool TryParse(string s, NumberStyles style, IFormatProvider provider, out ${keyword} result)`]: (
      s: string | null,
      style: number,
      _: unknown,
      result: Ref,
    ) => {
      parsing.checkStyle(style);
      return attempt(s, style, result);
    },
  };
}

/** The interfaces of a numeric struct, for its header. */
export function numericInterfaces(keyword: string): string {
  return `IComparable, IComparable<${keyword}>, IConvertible, IEquatable<${keyword}>, IFormattable`;
}
