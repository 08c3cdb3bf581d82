import { argumentNull, keyNotFound, type NetException } from '../../csharp/runtime/exception.ts';
import type { TypeTable } from '../../csharp/types/table.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { equalsOf, textOf } from '../core/protocol.ts';
import { equalityOf } from './comparers.ts';
import type { CollectionObject, DictionaryObject, NetComparer } from './contract.ts';
import { collectionModified, duplicateKey } from './errors.ts';
import { KeyValuePair, pairType } from './key-value-pair.ts';
import { Slots } from './slots.ts';

/** The constructed types a dictionary needs to make its pairs, keys and values. */
export interface DictionaryTypes {
  readonly self: NamedType;
  readonly pair: NamedType;
  readonly keys: NamedType;
  readonly values: NamedType;
}

/** `Dictionary<TKey, TValue>`. */
export class NetDictionary implements DictionaryObject {
  readonly netType: NamedType;
  readonly types: DictionaryTypes;
  readonly slots: Slots;
  /** As given to the constructor; null means the default of TKey. */
  readonly comparer: NetComparer | null;

  constructor(types: DictionaryTypes, comparer: NetComparer | null = null) {
    this.netType = types.self;
    this.types = types;
    this.comparer = comparer;
    this.slots = new Slots(equalityOf(comparer, types.self.typeArguments[0]));
  }

  get netCount(): number {
    return this.slots.count;
  }
  get netKeys(): DictionaryPart {
    return new DictionaryPart(this.types.keys, this, 'key');
  }
  get netValues(): DictionaryPart {
    return new DictionaryPart(this.types.values, this, 'value');
  }

  *[Symbol.iterator](): Generator<KeyValuePair> {
    for (const slot of this.walk()) yield new KeyValuePair(this.types.pair, this.slots.keyAt(slot), this.slots.valueAt(slot));
  }

  /** Slots in the order of enumeration; throws when a key was added meanwhile. */
  *walk(): Generator<number> {
    const version = this.slots.version;
    for (let slot = -1; ; ) {
      if (version !== this.slots.version) throw collectionModified();
      slot = this.slots.next(slot + 1);
      if (slot < 0) return;
      yield slot;
    }
  }

  #find(key: unknown): number {
    if (key === null) throw argumentNull('key');
    return this.slots.find(key);
  }
  netLookup(key: unknown): readonly [unknown] | undefined {
    const slot = this.#find(key);
    return slot < 0 ? undefined : [this.slots.valueAt(slot)];
  }
  netGetItem(key: unknown): unknown {
    const slot = this.#find(key);
    if (slot < 0) throw missingKey(key, this.netType.typeArguments[0]);
    return this.slots.valueAt(slot);
  }
  netSetItem(key: unknown, value: unknown): void {
    const slot = this.#find(key);
    if (slot < 0) this.slots.add(key, value);
    else this.slots.setValue(slot, value);
  }
  netAddItem(key: unknown, value: unknown): void {
    if (!this.tryAdd(key, value)) throw duplicateKey(keyText(key, this.netType.typeArguments[0]));
  }
  tryAdd(key: unknown, value: unknown): boolean {
    if (this.#find(key) >= 0) return false;
    this.slots.add(key, value);
    return true;
  }
  netRemoveKey(key: unknown): boolean {
    const slot = this.#find(key);
    if (slot >= 0) this.slots.remove(slot);
    return slot >= 0;
  }
  netClear(): void {
    this.slots.clear();
  }
  netAdd(pair: unknown): void {
    if (pair instanceof KeyValuePair) this.netAddItem(pair.key, pair.value);
  }
  netContains(pair: unknown): boolean {
    if (!(pair instanceof KeyValuePair)) return false;
    const found = this.netLookup(pair.key);
    return found !== undefined && equalsOf(this.netType.typeArguments[1])(found[0], pair.value);
  }
  netRemove(pair: unknown): boolean {
    return pair instanceof KeyValuePair && this.netContains(pair) && this.netRemoveKey(pair.key);
  }
  containsValue(value: unknown): boolean {
    const equals = equalsOf(this.netType.typeArguments[1]);
    for (const slot of this.walk()) if (equals(this.slots.valueAt(slot), value)) return true;
    return false;
  }
}

/** `Dictionary.Keys` or `Values`: a live view. */
export class DictionaryPart implements CollectionObject {
  readonly netType: NamedType;
  readonly of: 'key' | 'value';
  readonly #dictionary: NetDictionary;

  constructor(netType: NamedType, dictionary: NetDictionary, of: 'key' | 'value') {
    this.netType = netType;
    this.of = of;
    this.#dictionary = dictionary;
  }

  get netCount(): number {
    return this.#dictionary.netCount;
  }
  *[Symbol.iterator](): Generator<unknown> {
    const { slots } = this.#dictionary;
    for (const slot of this.#dictionary.walk()) yield this.of === 'key' ? slots.keyAt(slot) : slots.valueAt(slot);
  }
  netContains(item: unknown): boolean {
    if (this.of === 'value') return this.#dictionary.containsValue(item);
    return this.#dictionary.netLookup(item) !== undefined;
  }
}

function keyText(key: unknown, type: Type | undefined): string {
  return type === undefined ? String(key) : textOf(key, type);
}

export function missingKey(key: unknown, type: Type | undefined): NetException {
  return keyNotFound(keyText(key, type));
}

/** The types of a Dictionary<key, value>. */
export function dictionaryTypes(types: TypeTable, key: Type, value: Type): DictionaryTypes {
  const name = 'System.Collections.Generic.Dictionary';
  return {
    self: types.type(name, key, value),
    pair: pairType(types, key, value),
    keys: types.type(`${name}.KeyCollection`, key, value),
    values: types.type(`${name}.ValueCollection`, key, value),
  };
}

/** An empty Dictionary<key, value>. */
export function newDictionary(types: TypeTable, key: Type, value: Type, comparer: NetComparer | null = null): NetDictionary {
  return new NetDictionary(dictionaryTypes(types, key, value), comparer);
}
