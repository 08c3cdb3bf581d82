/** Headers, queries, matched parameters and variables as read-only dictionaries, straight over the exchange's own objects. */
import { makeArray } from '../../csharp/runtime/values.ts';
import type { TypeTable } from '../../csharp/types/table.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import type { CollectionObject, DictionaryObject } from '../../dotnet/collections/contract.ts';
import { KeyValuePair } from '../../dotnet/collections/key-value-pair.ts';
import type { Headers } from '../headers.ts';
import { queryParts, queryValues } from '../query.ts';
import type { Variables } from '../variables.ts';

const DICTIONARY = 'System.Collections.Generic.Dictionary';

/** A read-only dictionary from string to the type that `valueType` names: looked at in place, nothing is copied before it is asked for. */
export abstract class DictionaryView implements DictionaryObject {
  protected readonly types: TypeTable;

  constructor(types: TypeTable) {
    this.types = types;
  }

  protected abstract get valueType(): Type;
  abstract get netCount(): number;
  /** In order. */
  abstract names(): Iterable<string>;
  /** In the representation of the value type; undefined for a missing name. */
  abstract find(name: string): unknown;

  get netType(): NamedType {
    return this.#type(DICTIONARY);
  }

  get netKeys(): CollectionObject {
    return new ViewPart(this.#type(`${DICTIONARY}.KeyCollection`), [...this.names()]);
  }

  get netValues(): CollectionObject {
    return new ViewPart(
      this.#type(`${DICTIONARY}.ValueCollection`),
      Array.from(this.entries(), ([, value]) => value),
    );
  }

  /** Names with what `find` gives for them, in order. */
  protected *entries(): Iterable<readonly [name: string, value: unknown]> {
    for (const name of this.names()) yield [name, this.find(name)];
  }

  netFind(key: unknown): unknown {
    return typeof key === 'string' ? this.find(key) : undefined;
  }

  netLookup(key: unknown): readonly [unknown] | undefined {
    const value = typeof key === 'string' ? this.find(key) : undefined;
    return value === undefined ? undefined : [value];
  }

  *[Symbol.iterator](): Generator<KeyValuePair> {
    const pair = this.#type('System.Collections.Generic.KeyValuePair');
    for (const [name, value] of this.entries()) yield new KeyValuePair(pair, name, value);
  }

  #type(name: string): NamedType {
    return this.types.type(name, this.types.type('string'), this.valueType);
  }
}

/** A view whose values are string[]. */
export abstract class ListsView extends DictionaryView {
  protected get valueType(): Type {
    return this.types.array(this.types.type('string'));
  }

  find(name: string): unknown[] | undefined {
    const values = this.texts(name);
    return values && stringArray(this.types, values);
  }

  /** The values; undefined for a missing name. */
  abstract texts(name: string): readonly string[] | undefined;

  /** All values of a name joined by commas, no blank; undefined for a missing name. */
  joined(name: string): string | undefined {
    return this.texts(name)?.join(',');
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

class HeadersView extends ListsView {
  readonly #headers: Headers;

  constructor(types: TypeTable, headers: Headers) {
    super(types);
    this.#headers = headers;
  }

  get netCount(): number {
    return this.names().length;
  }

  names(): string[] {
    return this.#headers.names();
  }

  texts(name: string): string[] | undefined {
    return this.#headers.has(name) ? this.#headers.all(name) : undefined;
  }

  override joined(name: string): string | undefined {
    return this.#headers.joined(name);
  }
}

export function headersView(types: TypeTable, headers: Headers): ListsView {
  return new HeadersView(types, headers);
}

/** Query parameters, decoded; names ignore case, the first spelling is shown. */
class QueryView extends ListsView {
  readonly #queryString: string;

  constructor(types: TypeTable, queryString: string) {
    super(types);
    this.#queryString = queryString;
  }

  get netCount(): number {
    return this.names().length;
  }

  names(): string[] {
    return [...this.#parameters().values()].map(({ name }) => name);
  }

  /** In one pass: to look each name up would read the whole query for each. */
  protected override *entries(): Iterable<readonly [name: string, values: unknown]> {
    for (const { name, values } of this.#parameters().values()) yield [name, stringArray(this.types, values)];
  }

  #parameters(): ReadonlyMap<string, { readonly name: string; readonly values: string[] }> {
    const parameters = new Map<string, { readonly name: string; readonly values: string[] }>();
    for (const { name, value } of queryParts(this.#queryString)) {
      const lower = name.toLowerCase();
      const known = parameters.get(lower);
      if (known) known.values.push(value);
      else parameters.set(lower, { name, values: [value] });
    }
    return parameters;
  }

  texts(name: string): string[] | undefined {
    const values = queryValues(this.#queryString, name);
    return values.length === 0 ? undefined : values;
  }
}

export function queryView(types: TypeTable, queryString: string): ListsView {
  return new QueryView(types, queryString);
}

/** A dictionary over plain pairs: claims, authorization claims. */
class MapView extends DictionaryView {
  protected readonly valueType: Type;
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(types: TypeTable, valueType: Type, values: ReadonlyMap<string, unknown>) {
    super(types);
    this.valueType = valueType;
    this.#values = values;
  }

  get netCount(): number {
    return this.#values.size;
  }

  names(): Iterable<string> {
    return this.#values.keys();
  }

  find(name: string): unknown {
    return this.#values.get(name);
  }
}

export function mapView(types: TypeTable, valueType: Type, values: ReadonlyMap<string, unknown>): DictionaryView {
  return new MapView(types, valueType, values);
}

/** Template parameters; names ignore case. */
class ParametersView extends MapView {
  readonly #parameters: ReadonlyMap<string, string>;

  constructor(types: TypeTable, parameters: ReadonlyMap<string, string>) {
    super(types, types.type('string'), parameters);
    this.#parameters = parameters;
  }

  override find(name: string): string | undefined {
    return this.#parameters.get(name) ?? findIgnoringCase(this.#parameters, name);
  }
}

export function parametersView(types: TypeTable, parameters: ReadonlyMap<string, string>): DictionaryView {
  return new ParametersView(types, parameters);
}

/** The value of the first name that differs in case at most. */
export function findIgnoringCase(parameters: ReadonlyMap<string, string>, name: string): string | undefined {
  const lower = name.toLowerCase();
  for (const [key, value] of parameters) if (key.toLowerCase() === lower) return value;
  return undefined;
}

/** `context.Variables`; knows its settings, which GetValueOrDefault<T> asks. */
export class VariablesView extends DictionaryView {
  readonly variables: Variables;

  constructor(types: TypeTable, variables: Variables) {
    super(types);
    this.variables = variables;
  }

  protected get valueType(): Type {
    return this.types.type('object');
  }

  get netCount(): number {
    return this.variables.size;
  }

  names(): Iterable<string> {
    return Array.from(this.variables.entries(), ([name]) => name);
  }

  find(name: string): unknown {
    return this.variables.get(name);
  }

  /** What the indexer gives for a missing name where that is no error. */
  netMissing(): readonly [unknown] | undefined {
    return this.variables.settings.missingVariable === 'null' ? [null] : undefined;
  }
}
