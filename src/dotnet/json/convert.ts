/** From JSON scalars to .NET values: the rules of JToken's casts, of Value<T>, and of System.Convert behind them. */
import { callImplementation, defaultOf } from '../../csharp/runtime/defaults.ts';
import { argumentNull, invalidCast, overflow } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { Boxed, isNetObject } from '../../csharp/runtime/values.ts';
import type { Type } from '../../csharp/types/type.ts';
import { fromObject, isInstance } from '../collections/elements.ts';
import { isEnum, isString, isValueType, netTypeName, nullableElement, primitiveOf } from '../core/protocol.ts';
import { cannotCast, cannotConvert } from './errors.ts';
import { KIND, kindName } from './kinds.ts';
import { JProperty, type JToken, JValue, type Scalar } from './tokens.ts';
import { scalarText } from './values.ts';
import { base64 } from './writer.ts';

/** A scalar as `object`: integers are long (or ulong), numbers double. */
export function objectOf(runtime: Runtime, value: Scalar): unknown {
  switch (typeof value) {
    case 'bigint':
      return new Boxed(runtime.types.type(BigInt.asIntN(64, value) === value ? 'long' : 'ulong'), value);
    case 'number':
      return new Boxed(runtime.types.type('double'), value);
    case 'boolean':
      return new Boxed(runtime.types.type('bool'), value);
    default:
      return value;
  }
}

/** Calls a declared static method, or a constructor as `.ctor`, by the C# names of its parameter types. */
export function callDeclared(
  runtime: Runtime,
  typeName: string,
  member: string,
  parameters: readonly string[],
  args: readonly unknown[],
): unknown {
  const definition = runtime.types.definition(typeName, 0);
  for (const one of definition?.membersNamed(member) ?? []) {
    if (one.kind !== 'method' && one.kind !== 'constructor') continue;
    if (one.parameters.length !== parameters.length) continue;
    if (one.parameters.every((p, at) => runtime.types.display(p.type) === parameters[at]))
      return callImplementation(one.implementation, runtime, [], args);
  }
  throw new Error(`${typeName}.${member}(${parameters.join(', ')}) is not declared`);
}

/** `Convert.ToInt32(object)` and its kin. */
export function convertTo(runtime: Runtime, method: string, value: unknown): unknown {
  return callDeclared(runtime, 'System.Convert', method, ['object'], [value]);
}

const { Integer, Float, String: Text, Comment, Raw, Boolean: Bool, Date: DateKind, Bytes, Guid, TimeSpan, Uri } = KIND;
const NUMBERS = [Integer, Float, Text, Comment, Raw, Bool];

/** What a cast of a token to a type takes, and what its errors call the type. */
interface Target {
  readonly name: string;
  readonly kinds: readonly number[];
}

const TARGETS: Readonly<Record<string, Target>> = {
  'System.Boolean': { name: 'Boolean', kinds: NUMBERS },
  'System.Int32': { name: 'Int32', kinds: NUMBERS },
  'System.Int64': { name: 'Int64', kinds: NUMBERS },
  'System.Int16': { name: 'Int16', kinds: NUMBERS },
  'System.Byte': { name: 'Byte', kinds: NUMBERS },
  'System.SByte': { name: 'SByte', kinds: NUMBERS },
  'System.UInt16': { name: 'UInt16', kinds: NUMBERS },
  'System.UInt32': { name: 'UInt32', kinds: NUMBERS },
  'System.UInt64': { name: 'UInt64', kinds: NUMBERS },
  'System.Double': { name: 'Double', kinds: NUMBERS },
  'System.Single': { name: 'Single', kinds: NUMBERS },
  'System.Decimal': { name: 'Decimal', kinds: NUMBERS },
  'System.Char': { name: 'Char', kinds: [Integer, Float, Text, Comment, Raw] },
  'System.String': { name: 'String', kinds: [DateKind, Integer, Float, Text, Comment, Raw, Bool, Bytes, Guid, TimeSpan, Uri] },
  'System.DateTime': { name: 'DateTime', kinds: [DateKind, Text, Comment, Raw] },
  'System.DateTimeOffset': { name: 'DateTimeOffset', kinds: [DateKind, Text, Comment, Raw] },
  'System.Guid': { name: 'Guid', kinds: [Text, Comment, Raw, Guid, Bytes] },
  'System.TimeSpan': { name: 'TimeSpan', kinds: [Text, Comment, Raw, TimeSpan] },
  'System.Uri': { name: 'Uri', kinds: [Text, Comment, Raw, Uri] },
  'byte[]': { name: 'byte array', kinds: [Bytes, Text, Comment, Raw, Integer] },
};

/** The key into TARGETS. */
function targetName(type: Type): string {
  if (type.kind === 'array') return 'byte[]';
  return type.kind === 'named' ? type.definition.fullName : '';
}

/** An explicit cast of a token, `(int)token`, `(int?)token`, `(string)token`. */
export function castToken(runtime: Runtime, token: JToken | null, type: Type): unknown {
  const inner = nullableElement(type) ?? type;
  const takesNull = inner !== type || !isValueType(type);
  const target = TARGETS[targetName(inner)];
  if (target === undefined) throw cannotConvert('JToken', targetName(inner));
  if (token === null) {
    if (takesNull) return null;
    throw argumentNull('value');
  }
  const value = token instanceof JProperty ? token.value : token;
  const isEmpty = value instanceof JValue && (value.kind === KIND.Null || value.kind === KIND.Undefined);
  if (!(value instanceof JValue) || !(target.kinds.includes(value.kind) || (takesNull && isEmpty)))
    throw cannotConvert(kindName(value?.kind ?? KIND.Null), target.name);
  return value.value === null && takesNull ? null : castScalar(runtime, value.value, inner, target.name);
}

function castScalar(runtime: Runtime, value: Scalar, type: Type, name: string): unknown {
  if (name === 'String') return stringOf(runtime, value);
  if (isBigInteger(value)) return fromBigInteger(runtime, value, name);
  if (name === 'byte array') return bytesOf(runtime, value);
  const usual = usualNumber(value, name);
  if (usual !== undefined) return usual;
  const object = objectOf(runtime, value);
  if (isInstance(runtime.types, object, type)) return fromObject(object, type);
  return parsed(runtime, object, name);
}

/** What most casts do, without the way over System.Convert: numbers that fit as they are. */
function usualNumber(value: Scalar, name: string): unknown {
  if (typeof value === 'number') return name === 'Double' ? value : undefined;
  if (typeof value !== 'bigint') return undefined;
  if (name === 'Double') return Number(value);
  return name === 'Int32' && BigInt.asIntN(32, value) === value ? Number(value) : undefined;
}

function parsed(runtime: Runtime, value: unknown, name: string): unknown {
  switch (name) {
    case 'Guid':
      if (value instanceof Uint8Array) return callDeclared(runtime, 'System.Guid', '.ctor', ['byte[]'], [value]);
      return callDeclared(runtime, 'System.Guid', '.ctor', ['string'], [scalarText(value as string)]);
    case 'TimeSpan':
      return callDeclared(runtime, 'System.TimeSpan', 'Parse', ['string'], [scalarText(value as string)]);
    case 'Uri':
      return callDeclared(runtime, 'System.Uri', '.ctor', ['string'], [scalarText(value as string)]);
    case 'DateTimeOffset':
      return toOffset(runtime, value);
    case 'DateTime':
      if (isNetObject(value) && netTypeName(value.netType) === 'System.DateTimeOffset') return dateTimeOfOffset(runtime, value);
      return convertTo(runtime, 'ToDateTime', value);
    default:
      return convertTo(runtime, `To${name}`, value);
  }
}

function toOffset(runtime: Runtime, value: unknown): unknown {
  if (typeof value === 'string') return callDeclared(runtime, 'System.DateTimeOffset', 'Parse', ['string'], [value]);
  return callDeclared(runtime, 'System.DateTimeOffset', '.ctor', ['DateTime'], [value]);
}

function dateTimeOfOffset(runtime: Runtime, value: unknown): unknown {
  const property = runtime.types.definition('System.DateTimeOffset', 0)?.membersNamed('DateTime')[0];
  return property?.kind === 'property' && property.getter ? callImplementation(property.getter, runtime, [], [value]) : value;
}

function isBigInteger(value: Scalar): value is bigint {
  return typeof value === 'bigint' && BigInt.asIntN(64, value) !== value && BigInt.asUintN(64, value) !== value;
}

function fromBigInteger(runtime: Runtime, value: bigint, name: string): unknown {
  if (name === 'Double') return Number(value);
  if (name === 'Single') return Math.fround(Number(value));
  if (name === 'Boolean') return true;
  if (name === 'Decimal') return callDeclared(runtime, 'System.Decimal', 'Parse', ['string'], [String(value)]);
  throw overflow(`Value was either too large or too small for ${/^[AEIOU]/.test(name) && name !== 'UInt64' ? 'an' : 'a'} ${name}.`);
}

/** `Convert.ToString(value, InvariantCulture)`; bytes become base64. */
function stringOf(_runtime: Runtime, value: Scalar): string | null {
  if (value === null) return null;
  return value instanceof Uint8Array ? base64(value) : scalarText(value);
}

export function bytesOf(runtime: Runtime, value: Scalar): unknown {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return callDeclared(runtime, 'System.Convert', 'FromBase64String', ['string'], [value]);
  throw cannotConvert(kindName(KIND.Integer), 'byte array');
}

/** `Value<U>` and `Values<U>`: the token itself where it is a U, else its value changed to U (Convert.ChangeType). */
export function convertToken(runtime: Runtime, token: JToken | null, type: Type): unknown {
  if (token === null) return defaultOf(type, runtime);
  const { types } = runtime;
  const isFormattable =
    type.kind === 'named' && (type.definition.fullName === 'System.IComparable' || type.definition.fullName === 'System.IFormattable');
  if (!isFormattable && isInstance(types, token, type)) return token;
  if (!(token instanceof JValue)) throw cannotCast(token.fullName, 'Newtonsoft.Json.Linq.JToken');
  const object = objectOf(runtime, token.value);
  if (object !== null && isInstance(types, object, type)) return fromObject(object, type);
  return changeType(runtime, token.value, type);
}

/** `Convert.ChangeType(value, type, InvariantCulture)`. */
function changeType(runtime: Runtime, value: Scalar, type: Type): unknown {
  const inner = nullableElement(type) ?? type;
  if (value === null) {
    if (inner !== type || !isValueType(type)) return null;
    throw invalidCast('Null object cannot be converted to a value type.');
  }
  if (isString(inner)) return value instanceof Uint8Array ? badChange(runtime, value, inner) : scalarText(value);
  const name = inner.kind === 'named' ? inner.definition.fullName : '';
  const isConvertible = !isEnum(inner) && (primitiveOf(inner) !== undefined || name === 'System.Decimal' || name === 'System.DateTime');
  if (!isConvertible || value instanceof Uint8Array) return badChange(runtime, value, inner);
  return convertTo(runtime, `To${name.slice(name.lastIndexOf('.') + 1)}`, objectOf(runtime, value));
}

function badChange(runtime: Runtime, value: Scalar, type: Type): never {
  const object = objectOf(runtime, value);
  const from = runtime.types.typeOf(object);
  const name = from === null ? 'null' : runtime.types.reflectionName(from);
  const plain = ['System.Guid', 'System.TimeSpan', 'System.Uri', 'System.DateTimeOffset', 'System.Byte[]'].includes(name);
  throw invalidCast(
    plain ? 'Object must implement IConvertible.' : `Invalid cast from '${name}' to '${runtime.types.reflectionName(type)}'.`,
  );
}
