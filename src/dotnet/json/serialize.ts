/** From .NET values to tokens: what JsonConvert.SerializeObject and FromObject write. */
import { callImplementation } from '../../csharp/runtime/defaults.ts';
import { argument, NetException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { isEnum, nullableElement } from '../../csharp/runtime/type-facts.ts';
import { AnonymousObject, arrayTypeOf, Boxed, isNetObject, type NetObject, TupleValue } from '../../csharp/runtime/values.ts';
import type { ArrayType, NamedType, Property, Type } from '../../csharp/types/type.ts';
import { isDictionaryObject } from '../collections/contract.ts';
import { objectItems } from '../collections/elements.ts';
import { KeyValuePair } from '../collections/key-value-pair.ts';
import { box, enumText, netTypeName, textOf } from '../core/protocol.ts';
import { isoText, NetDateTime } from './dates.ts';
import { serializationException } from './errors.ts';
import { kindName } from './kinds.ts';
import { JArray, JObject, JToken, JValue } from './tokens.ts';
import { kindOf, simplified } from './values.ts';

/** The settings that decide what is written. */
export interface SerializeOptions {
  /** NullValueHandling.Ignore. */
  readonly ignoreNulls?: boolean;
  /** DefaultValueHandling.Ignore. */
  readonly ignoreDefaults?: boolean;
  /** Property names start lower-case (CamelCasePropertyNamesContractResolver). */
  readonly camelCase?: boolean;
}

/** The writer has no lines, and its container path is not followed. */
const ROOT = { path: '', line: 0, position: 0, hasLine: false };

/** Nesting that the serializer follows; .NET would end with a stack overflow far behind it. */
const DEEPEST = 400;

/** The token of an object-represented value. */
export function toJToken(runtime: Runtime, value: unknown, options: SerializeOptions = {}): JToken {
  return new Serializer(runtime, options).token(value);
}

class Serializer {
  readonly #runtime: Runtime;
  readonly #options: SerializeOptions;
  readonly #open: unknown[] = [];

  constructor(runtime: Runtime, options: SerializeOptions) {
    this.#runtime = runtime;
    this.#options = options;
  }

  token(value: unknown): JToken {
    this.#runtime.budget.step();
    if (value === null || value === undefined) return JValue.null();
    if (value instanceof JToken) return value;
    if (value instanceof Boxed && isEnum(value.type)) return new JValue(BigInt(value.value), kindOf(0n));
    const scalar = scalarOf(value);
    return scalar ?? this.#nested(value as object);
  }

  #nested(value: object): JToken {
    if (this.#open.includes(value) || this.#open.length > DEEPEST) throw this.#loop(value);
    this.#open.push(value);
    const token = this.#structure(value);
    this.#open.pop();
    return token;
  }

  #loop(value: object): NetException {
    const type = this.#runtime.types.typeOf(value);
    const name = type === null ? 'null' : this.#runtime.types.reflectionName(type);
    return serializationException(`Self referencing loop detected with type '${name}'.`, ROOT);
  }

  #structure(value: object): JToken {
    if (value instanceof AnonymousObject)
      return this.#object(value.anonymousType.members.map(({ name, type }, at) => [name, box(value.values[at], type)]));
    if (value instanceof TupleValue)
      return this.#object(value.items.map((item, at) => [`Item${at + 1}`, boxAs(item, value.netType.typeArguments[at])]));
    if (value instanceof KeyValuePair) return this.#pair(value);
    if (isDictionaryObject(value)) return this.#dictionary(value);
    if (value instanceof NetException) return this.#exception(value);
    if (Array.isArray(value)) return this.#rows(value, arrayTypeOf(value));
    if (Symbol.iterator in value) return this.#array(value as Iterable<unknown>);
    return this.#properties(value as NetObject);
  }

  #pair(pair: KeyValuePair): JObject {
    const [key, value] = pair.netType.typeArguments;
    return this.#object([
      ['Key', boxAs(pair.key, key)],
      ['Value', boxAs(pair.value, value)],
    ]);
  }

  #object(members: readonly (readonly [string, unknown])[]): JObject {
    const object = new JObject();
    for (const [name, value] of members) {
      if (this.#omits(value)) continue;
      const written = this.#options.camelCase === true ? camelCase(name) : name;
      object.setProperty(written, this.#child(value));
    }
    return object;
  }

  #omits(value: unknown): boolean {
    if (value === null || value === undefined) return this.#options.ignoreNulls === true || this.#options.ignoreDefaults === true;
    if (this.#options.ignoreDefaults !== true || !(value instanceof Boxed)) return false;
    return value.value === 0 || value.value === 0n || value.value === false;
  }

  /** Tokens keep their place in the tree they come from. */
  #child(value: unknown): JToken {
    const token = this.token(value);
    return token.parent === null ? token : token.clone();
  }

  #dictionary(dictionary: Iterable<unknown>): JObject {
    const object = new JObject();
    for (const pair of dictionary) {
      if (!(pair instanceof KeyValuePair)) continue;
      const [keyType, valueType] = pair.netType.typeArguments;
      object.setProperty(keyText(pair.key, keyType), this.#child(boxAs(pair.value, valueType)));
    }
    return object;
  }

  #array(items: Iterable<unknown>): JArray {
    const array = new JArray();
    for (const item of objectItems(this.#runtime.types, items)) array.append(this.#child(item));
    return array;
  }

  /** An array; one of several dimensions is an array of arrays. */
  #rows(items: readonly unknown[], type: ArrayType | undefined, rank: number = type?.rank ?? 1): JArray {
    const array = new JArray();
    for (const item of items) {
      if (rank > 1) array.append(this.#rows(item as unknown[], type, rank - 1));
      else array.append(this.#child(boxAs(item, type?.element)));
    }
    return array;
  }

  #exception(exception: NetException): JObject {
    return this.#object([
      ['ClassName', exception.typeName],
      ['Message', exception.message],
      ['InnerException', exception.inner],
    ]);
  }

  /** Any other object: its public readable properties, those of base classes behind its own. */
  #properties(value: NetObject): JToken {
    const { types } = this.#runtime;
    const members: [string, unknown][] = [];
    for (let type = types.typeOf(value) ?? undefined; type?.kind === 'named'; type = types.baseOf(type)) {
      for (const property of readable(type)) {
        if (members.some(([name]) => name === property.name)) continue;
        const result = callImplementation(property.getter, this.#runtime, type.typeArguments, [value]);
        members.push([property.name, boxAs(result, types.substitute(property.type, type.definition.typeParameters, type.typeArguments))]);
      }
    }
    return this.#object(members);
  }
}

function readable(type: NamedType): readonly Property[] {
  return type.definition.members.filter((one): one is Property => one.kind === 'property' && !one.isStatic && one.getter !== undefined);
}

function boxAs(value: unknown, type: Type | undefined): unknown {
  return type === undefined ? value : box(value, type);
}

function scalarOf(value: unknown): JValue | undefined {
  const isPlain = typeof value !== 'object' || value instanceof Boxed || value instanceof Uint8Array;
  if (isPlain) return typeof value === 'function' ? undefined : JValue.of(value);
  return isNetObject(value) && SCALARS.has(netTypeName(value.netType)) ? JValue.of(simplified(value)) : undefined;
}

const SCALARS: ReadonlySet<string> = new Set([
  'System.Decimal',
  'System.DateTime',
  'System.DateTimeOffset',
  'System.Guid',
  'System.TimeSpan',
  'System.Uri',
]);

/** How a dictionary's key becomes a name. */
function keyText(key: unknown, type: Type | undefined): string {
  if (key instanceof NetDateTime) return isoText(key);
  if (type === undefined) return String(key);
  const inner = nullableElement(type) ?? type;
  return isEnum(inner) ? enumText(inner, Number(key)) : textOf(key, type);
}

function camelCase(name: string): string {
  const upper = /^\p{Lu}+/u.exec(name)?.[0] ?? '';
  const count = upper.length > 1 && upper.length < name.length ? upper.length - 1 : upper.length;
  return name.slice(0, count).toLowerCase() + name.slice(count);
}

/** `JObject.FromObject` and `JArray.FromObject`: the token must be of the class. */
export function tokenFrom(runtime: Runtime, value: unknown, className: 'JToken' | 'JObject' | 'JArray'): JToken {
  const token = toJToken(runtime, value);
  const copy = token === value ? token.clone() : token;
  if (className === 'JToken' || copy.className === className) return copy;
  throw argument(`Object serialized to ${kindName(copy.kind)}. ${className} instance expected.`);
}
