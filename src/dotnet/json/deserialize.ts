/** From tokens to .NET values: ToObject<T> and JsonConvert.DeserializeObject<T>. */
import { defaultOf } from '../../csharp/runtime/defaults.ts';
import { argument, invalidCast, NetException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { newArray } from '../collections/arrays.ts';
import { newDictionary } from '../collections/dictionary.ts';
import { isInstance } from '../collections/elements.ts';
import { newHashSet } from '../collections/hash-set.ts';
import { KeyValuePair } from '../collections/key-value-pair.ts';
import { newList } from '../collections/list.ts';
import { isEnum, isObject, isString, isValueType, nullableElement, primitiveOf } from '../core/protocol.ts';
import { bytesOf, callDeclared, castToken, convertTo, objectOf } from './convert.ts';
import { NetDateTime } from './dates.ts';
import { type Place, readerException, serializationException } from './errors.ts';
import { KIND, kindName } from './kinds.ts';
import { JArray, JObject, type JProperty, type JToken, JValue } from './tokens.ts';
import { scalarText } from './values.ts';

/** The value of a token as a type, in that type's representation. `fromText`: read straight from JSON text, not from a tree. */
export function toObject(runtime: Runtime, token: JToken, type: Type, fromText: boolean): unknown {
  const inner = nullableElement(type) ?? type;
  if (fromText || inner.kind !== 'named') return new Deserializer(runtime, fromText).value(token, type);
  if (isEnum(inner) && token.kind === KIND.String) return enumOf(runtime, token, type, inner);
  return isScalar(inner) ? castToken(runtime, token, type) : new Deserializer(runtime, fromText).value(token, type);
}

/** A tree's own word for text that names no member. */
function enumOf(runtime: Runtime, token: JToken, type: Type, inner: NamedType): unknown {
  try {
    return new Deserializer(runtime, false).value(token, type);
  } catch (error) {
    if (!(error instanceof NetException)) throw error;
    const wrapped = argument(`Could not convert '${token.netToString()}' to ${inner.definition.name}.`);
    throw Object.assign(wrapped, { inner: error });
  }
}

function placeOf(token: JToken): Place {
  return { path: token.path, line: token.line, position: token.position, hasLine: token.line > 0 };
}

const LISTS: ReadonlySet<string> = new Set(
  ['List', 'IList', 'ICollection', 'IEnumerable', 'IReadOnlyList', 'IReadOnlyCollection'].map(
    (name) => `System.Collections.Generic.${name}`,
  ),
);
const SETS: ReadonlySet<string> = new Set(['System.Collections.Generic.HashSet', 'System.Collections.Generic.ISet']);
const DICTIONARIES: ReadonlySet<string> = new Set(
  ['Dictionary', 'IDictionary', 'IReadOnlyDictionary'].map((name) => `System.Collections.Generic.${name}`),
);

class Deserializer {
  readonly #runtime: Runtime;
  readonly #fromText: boolean;

  constructor(runtime: Runtime, fromText: boolean) {
    this.#runtime = runtime;
    this.#fromText = fromText;
  }

  value(token: JToken, type: Type): unknown {
    this.#runtime.budget.step();
    if (isObject(type)) return token instanceof JValue ? objectOf(this.#runtime, token.value) : token;
    if (isInstance(this.#runtime.types, token, type)) return token;
    if (isTokenType(type)) {
      if (token.kind === KIND.Null) return null;
      throw this.#wrongToken(token, type);
    }
    if (token instanceof JValue && token.value === null) return this.#null(token, type);
    const inner = nullableElement(type) ?? type;
    if (inner.kind === 'array') return this.#array(token, inner.element, inner);
    if (inner.kind !== 'named') throw this.#cannotCreate(token, inner);
    return this.#named(token, inner);
  }

  #null(token: JToken, type: Type): unknown {
    if (!isValueType(type) || nullableElement(type) !== undefined) return null;
    throw this.#failed(token, type, invalidCast('Null object cannot be converted to a value type.'));
  }

  #named(token: JToken, type: NamedType): unknown {
    const name = type.definition.fullName;
    const [first, second] = type.typeArguments;
    if (first !== undefined && second !== undefined && DICTIONARIES.has(name)) return this.#dictionary(token, first, second, type);
    if (first !== undefined && LISTS.has(name)) return newList(this.#runtime.types, first, this.#items(token, first, type));
    if (first !== undefined && SETS.has(name)) return this.#set(token, first, type);
    if (name === 'System.Collections.Generic.KeyValuePair') return this.#pair(token, type);
    if (!(token instanceof JValue)) throw isScalar(type) ? this.#unexpected(token, type) : this.#cannotCreate(token, type);
    return this.#scalar(token, type);
  }

  #items(token: JToken, element: Type, type: Type): unknown[] {
    if (!(token instanceof JArray)) throw this.#needs(token, type, 'array');
    return token.children.map((child) => this.value(child, element));
  }

  #array(token: JToken, element: Type, type: Type): unknown {
    if (primitiveOf(element) === 'byte' && token instanceof JValue) return this.#bytes(token, type);
    return newArray(this.#runtime, element, this.#items(token, element, type));
  }

  #bytes(token: JValue, type: Type): unknown {
    try {
      return bytesOf(this.#runtime, token.value);
    } catch (error) {
      throw error instanceof NetException ? this.#failed(token, type, error) : error;
    }
  }

  #set(token: JToken, element: Type, type: Type): unknown {
    const set = newHashSet(this.#runtime.types, element);
    for (const item of this.#items(token, element, type)) set.tryAdd(item);
    return set;
  }

  #dictionary(token: JToken, key: Type, value: Type, type: Type): unknown {
    if (!(token instanceof JObject)) throw this.#needs(token, type, 'object');
    const dictionary = newDictionary(this.#runtime.types, key, value);
    for (const property of token.properties) {
      if (property.value === null) continue;
      dictionary.netSetItem(this.#key(property, key), this.value(property.value, value));
    }
    return dictionary;
  }

  #key(property: JProperty, type: Type): unknown {
    if (isString(type) || isObject(type)) return property.name;
    try {
      return this.#scalar(JValue.text(property.name), (nullableElement(type) ?? type) as NamedType);
    } catch (error) {
      if (!(error instanceof NetException)) throw error;
      const name = this.#runtime.types.reflectionName(type);
      const message = `Could not convert string '${property.name}' to dictionary key type '${name}'. Create a TypeConverter to convert from the string to the key type object.`;
      throw serializationException(message, placeOf(property), error);
    }
  }

  #pair(token: JToken, type: NamedType): unknown {
    if (!(token instanceof JObject)) throw this.#needs(token, type, 'object');
    const member = (name: string, of: Type | undefined): unknown => {
      const value = token.getItem(name) ?? token.getItem(name.toLowerCase());
      if (of === undefined) return null;
      return value === null ? defaultOf(of, this.#runtime) : this.value(value, of);
    };
    const [key, value] = type.typeArguments;
    return new KeyValuePair(type, member('Key', key), member('Value', value));
  }

  #scalar(token: JValue, type: NamedType): unknown {
    if (isString(type)) return this.#text(token);
    if (isEnum(type)) return this.#enum(token, type);
    try {
      return this.#typed(token, type);
    } catch (error) {
      if (!(error instanceof NetException) || error.typeName.startsWith('Newtonsoft.')) throw error;
      throw this.#badScalar(token, type, error);
    }
  }

  /** Text read straight from JSON keeps the form it had; from a tree a date has become a date. */
  #text(token: JValue): string | null {
    if (this.#fromText && token.raw !== undefined) return token.raw;
    if (token.value === null) return null;
    if (token.kind === KIND.Boolean && this.#fromText) return token.value === true ? 'true' : 'false';
    return scalarText(token.value);
  }

  #enum(token: JValue, type: NamedType): unknown {
    if (typeof token.value === 'bigint') return Number(token.value);
    const text = token.netToString();
    if (/^[-+]?\d+$/.test(text)) return Number(text);
    for (const [name, value] of type.definition.enumValues ?? []) if (name.toLowerCase() === text.toLowerCase()) return value;
    throw this.#failed(token, type, null);
  }

  #typed(token: JValue, type: NamedType): unknown {
    const name = type.definition.fullName;
    const kind = primitiveOf(type);
    if (this.#fromText && kind === 'int' && token.kind === KIND.Float)
      throw readerException(`Input string '${token.raw ?? scalarText(token.value ?? '')}' is not a valid integer.`, placeOf(token));
    if (this.#fromText && kind === 'int' && typeof token.value === 'bigint' && BigInt.asIntN(32, token.value) !== token.value)
      throw readerException(`JSON integer ${token.value} is too large or small for an Int32.`, placeOf(token));
    if (this.#fromText && name === 'System.Decimal' && token.raw !== undefined && token.kind !== KIND.Date)
      return callDeclared(this.#runtime, name, 'Parse', ['string', 'NumberStyles'], [token.raw, FLOAT_STYLE]);
    if (kind === 'char' && typeof token.value === 'bigint') return Number(token.value);
    if (name === 'System.DateTimeOffset' && token.raw !== undefined)
      return callDeclared(this.#runtime, name, 'Parse', ['string'], [token.raw]);
    if (isScalar(type)) return castToken(this.#runtime, token, type);
    if (kind !== undefined) return convertTo(this.#runtime, `To${type.definition.name}`, objectOf(this.#runtime, token.value));
    throw this.#failed(token, type, null);
  }

  #badScalar(token: JValue, type: NamedType, error: NetException): NetException {
    const word = READ_AS[type.definition.fullName];
    if (word !== undefined && token.kind === KIND.String)
      return readerException(`Could not convert string to ${word}: ${token.netToString()}.`, placeOf(token));
    return this.#failed(token, type, error);
  }

  #failed(token: JToken, type: Type, inner: NetException | null): NetException {
    const text = token instanceof JValue ? valueText(token) : kindName(token.kind);
    return serializationException(
      `Error converting value ${text} to type '${this.#runtime.types.reflectionName(type)}'.`,
      placeOf(token),
      inner,
    );
  }

  #unexpected(token: JToken, type: NamedType): NetException {
    const start = token instanceof JArray ? ['[', 'StartArray'] : ['{', 'StartObject'];
    if (this.#fromText && READ_AS[type.definition.fullName] !== undefined)
      return readerException(`Unexpected character encountered while parsing value: ${start[0]}.`, placeOf(token));
    const word = READ_AS[type.definition.fullName];
    if (word !== undefined) return readerException(`Error reading ${word}. Unexpected token: ${start[1]}.`, placeOf(token));
    return this.#needs(token, type, token instanceof JArray ? 'object' : 'primitive');
  }

  #wrongToken(token: JToken, type: NamedType): NetException {
    const { types } = this.#runtime;
    const message = `Deserialized JSON type '${token.fullName}' is not compatible with expected type '${types.reflectionName(type)}'.`;
    return serializationException(message, placeOf(token));
  }

  #cannotCreate(token: JToken, type: Type): NetException {
    const name = this.#runtime.types.reflectionName(type);
    return serializationException(
      `Could not create an instance of type ${name}. Type is an interface or abstract class and cannot be instantiated.`,
      placeOf(token),
    );
  }

  /** The reader stands behind the first name of an object, or at its end, before it looks at the type. */
  #placeInside(token: JObject): Place {
    const first = token.properties[0];
    if (first !== undefined) return placeOf(first);
    const place = placeOf(token);
    return this.#fromText ? { ...place, position: place.position + 1 } : place;
  }

  /** JSON of another shape than the type needs. */
  #needs(token: JToken, type: Type, shape: 'array' | 'object' | 'primitive'): NetException {
    if (token instanceof JValue) return this.#failed(token, type, null);
    const is = token instanceof JArray ? ['array', '[1,2,3]'] : ['object', '{"name":"value"}'];
    const wanted =
      shape === 'array'
        ? 'JSON array (e.g. [1,2,3])'
        : shape === 'object'
          ? 'JSON object (e.g. {"name":"value"})'
          : 'JSON primitive value (e.g. string, number, boolean, null)';
    const name = this.#runtime.types.reflectionName(type);
    return serializationException(
      `Cannot deserialize the current JSON ${is[0]} (e.g. ${is[1]}) into type '${name}' because the type requires a ${wanted} to deserialize correctly.\n${repairOf(is[0] ?? '', wanted)}\n`,
      token instanceof JObject ? this.#placeInside(token) : placeOf(token),
    );
  }
}

function repairOf(is: string, wanted: string): string {
  const change = `To fix this error either change the JSON to a ${wanted} or change the deserialized type`;
  if (is === 'array')
    return `${change} to an array or a type that implements a collection interface (e.g. ICollection, IList) like List<T> that can be deserialized from a JSON array. JsonArrayAttribute can also be added to the type to force it to deserialize from a JSON array.`;
  return `${change} so that it is a normal .NET type (e.g. not a primitive type like integer, not a collection type like an array or List<T>) that can be deserialized from a JSON object. JsonObjectAttribute can also be added to the type to force it to deserialize from a JSON object.`;
}

/** NumberStyles.Float. */
const FLOAT_STYLE = 167;

/** Types that the reader has a method of its own for, and what its errors call them. */
const READ_AS: Readonly<Record<string, string>> = {
  'System.Int32': 'integer',
  'System.Double': 'double',
  'System.Decimal': 'decimal',
  'System.Boolean': 'boolean',
  'System.DateTime': 'DateTime',
  'System.DateTimeOffset': 'DateTimeOffset',
  'System.String': 'string',
};

const STRUCTS: ReadonlySet<string> = new Set(
  ['Decimal', 'DateTime', 'DateTimeOffset', 'Guid', 'TimeSpan', 'Uri', 'String'].map((name) => `System.${name}`),
);

function isScalar(type: NamedType): boolean {
  return primitiveOf(type) !== undefined || STRUCTS.has(type.definition.fullName);
}

/** Whether values of the type are tokens themselves. */
export function isTokenType(type: Type): type is NamedType {
  return type.kind === 'named' && type.definition.namespace === 'Newtonsoft.Json.Linq';
}

function valueText(token: JValue): string {
  if (token.value === null) return '{null}';
  if (token.value instanceof NetDateTime) return scalarText(token.value);
  return typeof token.value === 'string' ? `"${token.value}"` : scalarText(token.value);
}
