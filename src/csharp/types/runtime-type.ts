/** The .NET type of a value in object representation. */
import { NetException } from '../runtime/exception.ts';
import { AnonymousObject, arrayTypeOf, Boxed, DELEGATE_TYPE, isNetObject } from '../runtime/values.ts';
import type { TypeDeclaration } from './declare.ts';
import type { TypeTable } from './table.ts';
import type { Type } from './type.ts';

/** Where an exception type that nobody declared hangs in the hierarchy, for those that have a parent other than Exception. */
const EXCEPTION_PARENTS: ReadonlyMap<string, string> = new Map([
  ['System.ArgumentNullException', 'System.ArgumentException'],
  ['System.ArgumentOutOfRangeException', 'System.ArgumentException'],
  ['System.Text.RegularExpressions.RegexParseException', 'System.ArgumentException'],
  ['System.Text.DecoderFallbackException', 'System.ArgumentException'],
  ['System.Text.EncoderFallbackException', 'System.ArgumentException'],
  ['System.Globalization.CultureNotFoundException', 'System.ArgumentException'],
  ['System.DivideByZeroException', 'System.ArithmeticException'],
  ['System.OverflowException', 'System.ArithmeticException'],
  ['System.ObjectDisposedException', 'System.InvalidOperationException'],
  ['System.UriFormatException', 'System.FormatException'],
  ['Newtonsoft.Json.JsonReaderException', 'Newtonsoft.Json.JsonException'],
  ['Newtonsoft.Json.JsonSerializationException', 'Newtonsoft.Json.JsonException'],
  ['Newtonsoft.Json.JsonWriterException', 'Newtonsoft.Json.JsonException'],
]);

/** Null for null; throws for a value that no declaration and no compiled code makes. */
export function runtimeTypeOf(types: TypeTable, value: unknown): Type | null {
  switch (typeof value) {
    case 'string':
      return types.type('string');
    case 'number':
      return types.type(Number.isInteger(value) ? 'int' : 'double');
    case 'bigint':
      return types.type('long');
    case 'boolean':
      return types.type('bool');
    case 'function':
      return delegateTypeOf(types, value);
    default:
      return value === null || value === undefined ? null : objectTypeOf(types, value);
  }
}

function delegateTypeOf(types: TypeTable, value: object): Type {
  const type = (value as { [DELEGATE_TYPE]?: Type })[DELEGATE_TYPE];
  return type ?? types.type('System.Delegate');
}

function objectTypeOf(types: TypeTable, value: unknown): Type {
  if (value instanceof Boxed) return value.type;
  if (value instanceof NetException) return exceptionType(types, value.typeName);
  if (value instanceof AnonymousObject) return value.anonymousType;
  if (Array.isArray(value)) return arrayTypeOf(value) ?? types.array(types.type('object'));
  if (value instanceof AnonymousObject) return value.anonymousType;
  if (value instanceof Uint8Array) return types.array(types.type('byte'));
  if (isNetObject(value)) return declaredType(types, value.netType);
  return types.type('object');
}

/** Tuples carry no element names at run time. */
function declaredType(types: TypeTable, netType: Type | TypeDeclaration): Type {
  return 'kind' in netType ? types.withoutTupleNames(netType) : types.ofDeclaration(netType);
}

function exceptionType(types: TypeTable, fullName: string): Type {
  for (let name: string | undefined = fullName; name !== undefined; name = EXCEPTION_PARENTS.get(name)) {
    const definition = types.definition(name, 0);
    if (definition !== undefined) return types.construct(definition, []);
  }
  return types.type('System.Exception');
}
