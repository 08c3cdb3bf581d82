/** Headers, queries, matched parameters and variables as read-only dictionaries, straight over the exchange's own objects. */
import { makeArray } from '../../csharp/runtime/values.ts';
import type { TypeTable } from '../../csharp/types/table.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import type { CollectionObject, DictionaryObject } from '../../dotnet/collections/contract.ts';
import { KeyValuePair } from '../../dotnet/collections/key-value-pair.ts';
import type { Headers } from '../headers.ts';
import { queryParts } from '../query.ts';
import type { Variables } from '../variables.ts';

/** What a view shows: names in order, and one value a name. */
export interface DictionarySource {
  readonly size: number;
  names(): Iterable<string>;
  /** In the representation of the value type; undefined for a missing name. */
  find(name: string): unknown;
}

const DICTIONARY = 'System.Collections.Generic.Dictionary';

/** A read-only dictionary from string to `valueType`. */
export class DictionaryView implements DictionaryObject {
  readonly source: DictionarySource;
  readonly #types: TypeTable;
  readonly #valueType: Type;

  constructor(types: TypeTable, valueType: Type, source: DictionarySource) {
    this.#types = types;
    this.#valueType = valueType;
    this.source = source;
  }

  get netType(): NamedType {
    return this.#type(DICTIONARY);
  }

  get netCount(): number {
    return this.source.size;
  }

  get netKeys(): CollectionObject {
    return new ViewPart(this.#type(`${DICTIONARY}.KeyCollection`), [...this.source.names()]);
  }

  get netValues(): CollectionObject {
    return new ViewPart(
      this.#type(`${DICTIONARY}.ValueCollection`),
      Array.from(this.source.names(), (name) => this.source.find(name)),
    );
  }

  netLookup(key: unknown): readonly [unknown] | undefined {
    const value = typeof key === 'string' ? this.source.find(key) : undefined;
    return value === undefined ? undefined : [value];
  }

  *[Symbol.iterator](): Generator<KeyValuePair> {
    const pair = this.#type('System.Collections.Generic.KeyValuePair');
    for (const name of this.source.names()) yield new KeyValuePair(pair, name, this.source.find(name));
  }

  #type(name: string): NamedType {
    return this.#types.type(name, this.#types.type('string'), this.#valueType);
  }
}

class ViewPart implements CollectionObject {
  readonly netType: NamedType;
  readonly #items: readonly unknown[];

  constructor(netType: NamedType, items: readonly unknown[]) {
    this.netType = netType;
    this.#items = items;
  }

  get netCount(): number {
    return this.#items.length;
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.#items[Symbol.iterator]();
  }

  netContains(item: unknown): boolean {
    return this.#items.includes(item);
  }
}

/** string[] from texts. */
export function stringArray(types: TypeTable, texts: readonly string[]): unknown[] {
  return makeArray(types.array(types.type('string')), [...texts]);
}

export function headersView(types: TypeTable, headers: Headers): DictionaryView {
  return new DictionaryView(types, types.array(types.type('string')), {
    get size() {
      return headers.names().length;
    },
    names: () => headers.names(),
    find: (name) => (headers.has(name) ? stringArray(types, headers.all(name)) : undefined),
  });
}

/** Query parameters, decoded; names ignore case, the first spelling is shown. */
export function queryView(types: TypeTable, queryString: string): DictionaryView {
  const values = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const { name, value } of queryParts(queryString)) {
    const entry = values.get(name.toLowerCase());
    if (entry) entry.values.push(value);
    else values.set(name.toLowerCase(), { name, values: [value] });
  }
  return new DictionaryView(types, types.array(types.type('string')), {
    size: values.size,
    names: () => Array.from(values.values(), (entry) => entry.name),
    find: (name) => {
      const entry = values.get(name.toLowerCase());
      return entry && stringArray(types, entry.values);
    },
  });
}

/** Template parameters; names ignore case. */
export function parametersView(types: TypeTable, parameters: ReadonlyMap<string, string>): DictionaryView {
  return new DictionaryView(types, types.type('string'), {
    size: parameters.size,
    names: () => parameters.keys(),
    find: (name) => parameters.get(name) ?? findIgnoringCase(parameters, name),
  });
}

function findIgnoringCase(parameters: ReadonlyMap<string, string>, name: string): string | undefined {
  const lower = name.toLowerCase();
  for (const [key, value] of parameters) if (key.toLowerCase() === lower) return value;
  return undefined;
}

/** `context.Variables`; knows its settings, which GetValueOrDefault<T> asks. */
export class VariablesView extends DictionaryView {
  readonly variables: Variables;

  constructor(types: TypeTable, variables: Variables) {
    super(types, types.type('object'), { size: variables.size, names: () => namesOf(variables), find: (name) => variables.get(name) });
    this.variables = variables;
  }

  /** What the indexer gives for a missing name where that is no error. */
  netMissing(): readonly [unknown] | undefined {
    return this.variables.settings.missingVariable === 'null' ? [null] : undefined;
  }
}

function* namesOf(variables: Variables): Generator<string> {
  for (const [name] of variables.entries()) yield name;
}

/** A dictionary over plain pairs: claims, authorization claims. */
export function mapView(types: TypeTable, valueType: Type, values: ReadonlyMap<string, unknown>): DictionaryView {
  return new DictionaryView(types, valueType, { size: values.size, names: () => values.keys(), find: (name) => values.get(name) });
}
