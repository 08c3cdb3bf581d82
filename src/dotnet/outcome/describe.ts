/** A computed value as text for people and for recorded outcomes: its .NET type and what it holds. */
import { callImplementation } from '../../csharp/runtime/defaults.ts';
import { NetException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { AnonymousObject, Boxed, isNetObject, TupleValue } from '../../csharp/runtime/values.ts';
import { isNamed } from '../../csharp/types/kinds.ts';
import type { Type } from '../../csharp/types/type.ts';
import { base64 } from '../../host/base64.ts';
import { isArrayValue, isDictionaryObject } from '../collections/contract.ts';
import { elementTypeOf, itemsOf } from '../collections/elements.ts';
import { KeyValuePair } from '../collections/key-value-pair.ts';
import { box, isEnum, netTypeName, primitiveOf, toText } from '../core/protocol.ts';
import { TupleObject } from '../core/tuples.ts';
import { typeText } from './type-text.ts';

export interface Outcome {
  /** Full .NET name, or `null`. */
  readonly type: string;
  readonly value: string | null;
}

/** Deepest nesting of collections that is written out. */
const DEEPEST = 20;

/** Describes an object-represented value. Strings come as they are, collections and plain data as JSON. */
export function describe(value: unknown, runtime: Runtime): Outcome {
  const type = value === null || value === undefined ? null : runtime.types.typeOf(value);
  if (type === null) return { type: 'null', value: null };
  return { type: typeText(type), value: new Describer(runtime).text(value) };
}

class Describer {
  readonly #runtime: Runtime;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** The outermost value. */
  text(value: unknown): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'function') return '';
    return this.#scalar(value) ?? this.#data(value, 0) ?? this.#collection(value, 0) ?? toText(value);
  }

  /** Values with a text of their own; undefined for collections and data objects. */
  #scalar(value: unknown): string | undefined {
    if (value instanceof Boxed) return typeof value.value === 'boolean' ? String(value.value) : toText(value);
    if (value instanceof Uint8Array) return base64(value);
    if (value instanceof NetException) return `${value.typeName}: ${value.message}`;
    if (!isNetObject(value)) return undefined;
    const name = netTypeName(value.netType);
    if (ROUND_TRIP.has(name)) return value.netFormat?.('o') ?? toText(value);
    return this.#markup(value);
  }

  /** JSON tokens and XML nodes write themselves, without added white space. */
  #markup(value: unknown): string | undefined {
    const type = this.#runtime.types.typeOf(value);
    if (type === null) return undefined;
    for (const [base, parameter, plain] of WRITERS) if (this.#isA(type, base)) return this.#write(value, type, parameter, plain);
    return undefined;
  }

  #isA(type: Type, base: string): boolean {
    const definition = this.#runtime.types.definition(base, 0);
    return definition !== undefined && this.#runtime.types.isAssignable(type, this.#runtime.types.type(base));
  }

  #write(value: unknown, type: Type, parameter: string, plain: number): string {
    const found = this.#runtime.types
      .lookup(type, 'ToString')
      .find(({ member }) => member.kind === 'method' && isNamed(member.parameters[0]?.type, parameter));
    if (found?.member.kind !== 'method') return toText(value);
    const rest = found.member.parameters.length > 1 ? [[]] : [];
    return String(callImplementation(found.member.implementation, this.#runtime, [], [value, plain, ...rest]));
  }

  #json(value: unknown, depth: number): string {
    if (value === null || value === undefined) return 'null';
    if (typeof value === 'string') return JSON.stringify(value);
    if (value instanceof Boxed) return boxedJson(value);
    if (depth > DEEPEST) return '"…"';
    return this.#data(value, depth) ?? this.#collection(value, depth) ?? this.#plain(value);
  }

  #plain(value: unknown): string {
    if (typeof value === 'function') return 'null';
    if (isNetObject(value) && netTypeName(value.netType) === 'System.Decimal') return toText(value);
    return JSON.stringify(this.#scalar(value) ?? toText(value));
  }

  /** Objects of named members. */
  #data(value: unknown, depth: number): string | undefined {
    if (value instanceof AnonymousObject) {
      return this.#object(
        value.anonymousType.members.map((m, at) => [m.name, box(value.values[at], m.type)]),
        depth,
      );
    }
    if (value instanceof TupleValue || value instanceof TupleObject) {
      return this.#object(
        value.items.map((item, at) => [at === 7 ? 'Rest' : `Item${at + 1}`, boxedAt(item, value.netType.typeArguments, at)]),
        depth,
      );
    }
    if (value instanceof KeyValuePair) return this.#object(pairMembers(value), depth);
    return this.#isJson(value) ? this.#markup(value) : undefined;
  }

  #isJson(value: unknown): boolean {
    const type = this.#runtime.types.typeOf(value);
    return type !== null && this.#isA(type, JSON_TOKEN);
  }

  #object(members: readonly (readonly [string, unknown])[], depth: number): string {
    return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${this.#json(value, depth + 1)}`).join(',')}}`;
  }

  #collection(value: unknown, depth: number): string | undefined {
    if (isDictionaryObject(value)) return this.#dictionary(value, depth);
    if (value instanceof Uint8Array || !isEnumerable(value) || this.#scalar(value) !== undefined) return undefined;
    const element = elementTypeOf(this.#runtime.types, value);
    const items = this.#items(value, element).map((item) => this.#json(element ? box(item, element) : item, depth + 1));
    return `[${[...this.#groupKey(value, depth), ...items].join(',')}]`;
  }

  #items(value: Iterable<unknown>, element: Type | undefined): unknown[] {
    const items: unknown[] = [];
    const flat = Array.isArray(value) ? value.flat(this.#rank(value) - 1) : value;
    for (const item of isArrayValue(flat) ? flat : itemsOf(flat, element)) {
      this.#runtime.budget.step();
      items.push(item);
    }
    return items;
  }

  #rank(value: unknown): number {
    const type = this.#runtime.types.typeOf(value);
    return type?.kind === 'array' ? type.rank : 1;
  }

  /** A grouping starts with its key. */
  #groupKey(value: unknown, depth: number): string[] {
    const type = this.#runtime.types.typeOf(value);
    if (type?.kind !== 'named' || type.definition.name !== 'IGrouping') return [];
    const found = this.#runtime.types.lookup(type, 'Key')[0];
    if (found?.member.kind !== 'property') return [];
    const key = callImplementation(found.member.getter, this.#runtime, type.typeArguments, [value]);
    return [this.#object([['Key', boxedAt(key, type.typeArguments, 0)]], depth)];
  }

  #dictionary(value: Iterable<unknown>, depth: number): string {
    const pairs = [...value].filter((item): item is KeyValuePair => item instanceof KeyValuePair).map(pairMembers);
    const named = pairs.every(([key]) => typeof key?.[1] === 'string');
    if (!named) return `[${pairs.map((members) => this.#object(members, depth + 1)).join(',')}]`;
    return this.#object(
      pairs.map(([key, item]) => [String(key?.[1]), item?.[1]]),
      depth,
    );
  }
}

const JSON_TOKEN = 'Newtonsoft.Json.Linq.JToken';
const ROUND_TRIP: ReadonlySet<string> = new Set(['System.DateTime', 'System.DateTimeOffset']);

/** Base class, parameter type of its ToString, and the value that means: no white space added. */
const WRITERS: readonly (readonly [string, string, number])[] = [
  [JSON_TOKEN, 'Newtonsoft.Json.Formatting', 0],
  ['System.Xml.Linq.XNode', 'System.Xml.Linq.SaveOptions', 1],
];

function isEnumerable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function boxedAt(item: unknown, types: readonly Type[], at: number): unknown {
  const type = types[at];
  return type ? box(item, type) : item;
}

function pairMembers(pair: KeyValuePair): (readonly [string, unknown])[] {
  const { typeArguments } = pair.netType;
  return [
    ['Key', boxedAt(pair.key, typeArguments, 0)],
    ['Value', boxedAt(pair.value, typeArguments, 1)],
  ];
}

/** Numbers and bools are bare; characters, enums, NaN and infinities are strings. */
function boxedJson(value: Boxed): string {
  const text = toText(value);
  const kind = primitiveOf(value.type);
  if (kind === 'bool') return text.toLowerCase();
  if (kind === 'char' || isEnum(value.type)) return JSON.stringify(text);
  return typeof value.value === 'number' && !Number.isFinite(value.value) ? JSON.stringify(text) : text;
}
