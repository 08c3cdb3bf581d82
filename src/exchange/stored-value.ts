/**
 * .NET values as plain data and back, for caches: what is stored does not change when a policy later changes the object, and
 * it can leave the process. Each value comes back with its type. A text stands for itself, anything else is a list that
 * begins with a tag; elements of collections keep the representation of their static type.
 */
import { AnonymousObject, arrayTypeOf, Boxed, makeArray, TupleValue } from '../csharp/runtime/values.ts';
import type { TypeTable } from '../csharp/types/table.ts';
import type { NamedType, Type } from '../csharp/types/type.ts';
import { dictionaryTypes, NetDictionary } from '../dotnet/collections/dictionary.ts';
import { KeyValuePair } from '../dotnet/collections/key-value-pair.ts';
import { NetList } from '../dotnet/collections/list.ts';
import { KIND } from '../dotnet/json/kinds.ts';
import { JArray, JObject, JProperty, type JToken, JValue, type Scalar } from '../dotnet/json/tokens.ts';
import { createUri, UriValue } from '../dotnet/net/uri.ts';
import { NetDecimal } from '../dotnet/numbers/decimal.ts';
import { NetGuid } from '../dotnet/numbers/guid.ts';
import { NetDateTime } from '../dotnet/time/date-time.ts';
import { NetDateTimeOffset } from '../dotnet/time/date-time-offset.ts';
import { NetTimeSpan } from '../dotnet/time/time-span.ts';
import { Body } from './body.ts';
import { Headers } from './headers.ts';
import { JwtToken } from './jwt.ts';
import { GatewayResponse } from './message.ts';

/** Plain data that stands for a .NET value. */
export type StoredValue = null | string | number | boolean | Uint8Array | readonly StoredValue[];

/** The value is of a type that is not kept. */
export class NotStorable extends Error {}

/** Plain data for a value; throws NotStorable for what has no lasting form (delegates, lazy sequences, views). A body must be buffered. */
export function storedValue(value: unknown, types: TypeTable): StoredValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0) ? value : ['number', Object.is(value, -0) ? '-0' : String(value)];
  if (typeof value === 'bigint') return ['long', String(value)];
  if (value instanceof Uint8Array) return ['bytes', value.slice()];
  if (Array.isArray(value)) return storedArray(value, types);
  for (const { of, tag, store } of FORMS) if (value instanceof of) return [tag, ...store(value as never, types)];
  throw new NotStorable(nameOf(value, types));
}

/** What `storedValue` was given. Throws for what it did not make. */
export function restoredValue(stored: unknown, types: TypeTable): unknown {
  if (!Array.isArray(stored)) return stored;
  const [tag, ...parts] = stored as [string, ...StoredValue[]];
  switch (tag) {
    case 'number':
      return Number(parts[0]);
    case 'long':
      return BigInt(String(parts[0]));
    case 'bytes':
      return (parts[0] as Uint8Array).slice();
    case 'array':
      return makeArray(types.array(typeFrom(parts[0], types)), restoredAll(parts[1], types));
  }
  const form = FORMS.find((one) => one.tag === tag);
  if (!form) throw new Error(`\`${tag}\` is no stored value`);
  return form.restore(parts, types);
}

/** One class of values. */
interface Form<T> {
  readonly of: abstract new (...args: never[]) => T;
  readonly tag: string;
  store(value: T, types: TypeTable): StoredValue[];
  restore(parts: readonly StoredValue[], types: TypeTable): unknown;
}

/** Keeps `T` between class and functions; the list itself is of any. */
function form<T>(of: Form<T>['of'], tag: string, store: Form<T>['store'], restore: Form<T>['restore']): Form<unknown> {
  return { of, tag, store: store as Form<unknown>['store'], restore };
}

const FORMS: readonly Form<unknown>[] = [
  form(
    Boxed,
    'boxed',
    ({ type, value }, types) => [typeTo(type, types), storedValue(value, types)],
    ([type, value], types) => new Boxed(typeFrom(type, types) as NamedType, restoredValue(value, types) as number),
  ),
  form(
    JObject,
    'json',
    (token) => [tokenTo(token)],
    ([token], types) => tokenFrom(token, types),
  ),
  form(
    JArray,
    'json',
    (token) => [tokenTo(token)],
    ([token], types) => tokenFrom(token, types),
  ),
  form(
    JValue,
    'json',
    (token) => [tokenTo(token)],
    ([token], types) => tokenFrom(token, types),
  ),
  form(
    JProperty,
    'property',
    ({ name, value }) => [name, tokenTo(value)],
    ([name, value], types) => new JProperty(String(name), tokenFrom(value, types)),
  ),
  form(
    GatewayResponse,
    'response',
    ({ status, reason, headers, body }) => [status, reason, [...headers.toWire()], body.isPresent ? body.bytes() : null],
    ([status, reason, headers, body]) =>
      new GatewayResponse(Number(status), String(reason), new Headers(headers as string[]), new Body(body as Uint8Array | null)),
  ),
  form(
    NetDecimal,
    'decimal',
    ({ coefficient, scale }) => [String(coefficient), scale],
    ([coefficient, scale]) => new NetDecimal(BigInt(String(coefficient)), Number(scale)),
  ),
  form(
    NetDateTime,
    'date',
    ({ ticks, kind }) => [String(ticks), kind],
    ([ticks, kind]) => new NetDateTime(BigInt(String(ticks)), Number(kind)),
  ),
  form(
    NetDateTimeOffset,
    'date-offset',
    ({ ticks, offset }) => [String(ticks), String(offset)],
    ([ticks, offset]) => new NetDateTimeOffset(BigInt(String(ticks)), BigInt(String(offset))),
  ),
  form(
    NetTimeSpan,
    'span',
    ({ ticks }) => [String(ticks)],
    ([ticks]) => new NetTimeSpan(BigInt(String(ticks))),
  ),
  form(
    NetGuid,
    'guid',
    ({ digits }) => [digits],
    ([digits]) => new NetGuid(String(digits)),
  ),
  form(
    UriValue,
    'uri',
    ({ originalString, isAbsolute }) => [originalString, isAbsolute],
    ([text, isAbsolute]) => createUri(String(text), isAbsolute ? ABSOLUTE : RELATIVE),
  ),
  form(
    JwtToken,
    'jwt',
    ({ header, payload }) => [JSON.stringify(header), JSON.stringify(payload)],
    ([header, payload]) => new JwtToken(objectFrom(header), objectFrom(payload)),
  ),
  form(
    NetList,
    'list',
    (list, types) => [typeTo(list.netType, types), storedAll(list, types)],
    ([type, items], types) => new NetList(typeFrom(type, types) as NamedType, restoredAll(items, types)),
  ),
  form(NetDictionary, 'dictionary', storedDictionary, restoredDictionary),
  form(
    KeyValuePair,
    'pair',
    ({ netType, key, value }, types) => [typeTo(netType, types), storedValue(key, types), storedValue(value, types)],
    ([type, key, value], types) =>
      new KeyValuePair(typeFrom(type, types) as NamedType, restoredValue(key, types), restoredValue(value, types)),
  ),
  form(
    TupleValue,
    'tuple',
    ({ netType, items }, types) => [typeTo(netType, types), storedAll(items, types)],
    ([type, items], types) => new TupleValue(typeFrom(type, types) as NamedType, restoredAll(items, types)),
  ),
  form(
    AnonymousObject,
    'anonymous',
    ({ anonymousType: { members }, values }, types) => [
      members.map(({ name, type }) => [name, typeTo(type, types)]),
      storedAll(values, types),
    ],
    ([members, values], types) => {
      const named = (members as StoredValue[][]).map(([name, type]) => ({ name: String(name), type: typeFrom(type, types) }));
      return new AnonymousObject(types.anonymous(named), restoredAll(values, types));
    },
  ),
];

/** Of `UriKind`. */
const ABSOLUTE = 1;
const RELATIVE = 2;

function storedArray(items: readonly unknown[], types: TypeTable): StoredValue {
  const type = arrayTypeOf(items);
  if (type?.rank !== 1) throw new NotStorable('an array of several dimensions');
  return ['array', typeTo(type.element, types), storedAll(items, types)];
}

function storedAll(items: Iterable<unknown>, types: TypeTable): StoredValue[] {
  return Array.from(items, (item) => storedValue(item, types));
}

function restoredAll(items: StoredValue | undefined, types: TypeTable): unknown[] {
  return (items as StoredValue[]).map((item) => restoredValue(item, types));
}

/** One with a comparer of its own would come back without it. */
function storedDictionary(dictionary: NetDictionary, types: TypeTable): StoredValue[] {
  if (dictionary.comparer !== null) throw new NotStorable('a dictionary with a comparer');
  const pairs = [...dictionary].flatMap(({ key, value }) => [key, value]);
  return [typeTo(dictionary.netType, types), storedAll(pairs, types)];
}

function restoredDictionary([type, flat]: readonly StoredValue[], types: TypeTable): NetDictionary {
  const [key, value] = (typeFrom(type, types) as NamedType).typeArguments;
  if (!key || !value) throw new Error('a dictionary without its types');
  const dictionary = new NetDictionary(dictionaryTypes(types, key, value));
  const items = restoredAll(flat, types);
  for (let at = 0; at < items.length; at += 2) dictionary.netSetItem(items[at], items[at + 1]);
  return dictionary;
}

/** `[full name, …type arguments]`, `['[]', element]`. */
function typeTo(type: Type, types: TypeTable): StoredValue {
  if (type.kind === 'array') return ['[]', typeTo(type.element, types)];
  if (type.kind !== 'named') throw new NotStorable(types.display(type));
  return [type.definition.fullName, ...type.typeArguments.map((argument) => typeTo(argument, types))];
}

function typeFrom(stored: StoredValue | undefined, types: TypeTable): Type {
  const [name, ...rest] = stored as [string, ...StoredValue[]];
  const args = rest.map((one) => typeFrom(one, types));
  const [first] = args;
  if (name === '[]' && first) return types.array(first);
  const definition = types.definition(name, args.length);
  if (!definition) throw new Error(`there is no type \`${name}\``);
  return types.construct(definition, args);
}

/** `['o', name, token, …]`, `['a', token, …]`, `['v', kind, scalar]`. */
function tokenTo(token: JToken | null): StoredValue {
  if (token === null) return ['v', KIND.Null, null];
  if (token instanceof JObject) return ['o', ...token.properties.flatMap(({ name, value }) => [name, tokenTo(value)])];
  if (token instanceof JArray) return ['a', ...token.children.map(tokenTo)];
  if (token instanceof JValue) return ['v', token.kind, scalarTo(token.value)];
  throw new NotStorable(token.fullName);
}

/** JSON scalars hold no types but their own, so no type table is asked. */
function scalarTo(value: Scalar): StoredValue {
  if (value instanceof Boxed) throw new NotStorable('a JSON value of an enum or a float');
  return storedValue(value, NO_TYPES);
}

const NO_TYPES = {} as TypeTable;

function tokenFrom(stored: StoredValue | undefined, types: TypeTable): JToken {
  const [tag, ...parts] = stored as [string, ...StoredValue[]];
  if (tag === 'v') return new JValue(restoredValue(parts[1], types) as Scalar, Number(parts[0]));
  if (tag === 'a') {
    const array = new JArray();
    for (const part of parts) array.append(tokenFrom(part, types));
    return array;
  }
  const object = new JObject();
  for (let at = 0; at < parts.length; at += 2) object.append(new JProperty(String(parts[at]), tokenFrom(parts[at + 1], types)));
  return object;
}

function objectFrom(text: StoredValue | undefined): Readonly<Record<string, unknown>> {
  return JSON.parse(String(text)) as Record<string, unknown>;
}

function nameOf(value: unknown, types: TypeTable): string {
  const type = types.typeOf(value);
  return type ? types.displayQualified(type) : typeof value;
}
