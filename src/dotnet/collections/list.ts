import type { TypeTable } from '../../csharp/types/table.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { compareOf, equalsOf } from '../core/protocol.ts';
import type { ListObject } from './contract.ts';
import { badIndex, badInsertIndex, badOffsets, collectionModified, negative } from './errors.ts';
import { type Compare, introSort } from './sort.ts';

/** `List<T>`: items in T's representation. `items` may be read freely; write through the methods, which count versions. */
export class NetList implements ListObject {
  readonly netType: NamedType;
  items: unknown[];
  version = 0;
  /** Only what `Capacity` shows. */
  capacity: number;

  constructor(netType: NamedType, items: unknown[] = []) {
    this.netType = netType;
    this.items = items;
    this.capacity = items.length;
  }

  get element(): Type | undefined {
    return this.netType.typeArguments[0];
  }
  get netCount(): number {
    return this.items.length;
  }

  *[Symbol.iterator](): Generator<unknown> {
    const version = this.version;
    for (let at = 0; ; at += 1) {
      if (version !== this.version) throw collectionModified();
      if (at >= this.items.length) return;
      yield this.items[at];
    }
  }

  netGet(index: number): unknown {
    if (index < 0 || index >= this.items.length) throw badIndex();
    return this.items[index];
  }
  netSet(index: number, value: unknown): void {
    if (index < 0 || index >= this.items.length) throw badIndex();
    this.items[index] = value;
    this.version += 1;
  }
  netAdd(item: unknown): void {
    this.items.push(item);
    this.#changed();
  }
  netInsert(index: number, item: unknown): void {
    if (index < 0 || index > this.items.length) throw badInsertIndex();
    this.items.splice(index, 0, item);
    this.#changed();
  }
  insertAll(index: number, items: readonly unknown[]): void {
    if (index < 0 || index > this.items.length) throw badInsertIndex();
    this.items = [...this.items.slice(0, index), ...items, ...this.items.slice(index)];
    this.#changed();
  }
  netRemoveAt(index: number): void {
    if (index < 0 || index >= this.items.length) throw badIndex();
    this.items.splice(index, 1);
    this.version += 1;
  }
  removeRange(index: number, count: number): void {
    this.checkRange(index, count);
    if (count === 0) return;
    this.items.splice(index, count);
    this.version += 1;
  }
  netClear(): void {
    this.items = [];
    this.version += 1;
  }
  netIndexOf(item: unknown): number {
    return this.indexOf(item, 0, this.items.length);
  }
  indexOf(item: unknown, start: number, count: number): number {
    const equals = equalsOf(this.element);
    for (let at = start; at < start + count; at += 1) if (equals(this.items[at], item)) return at;
    return -1;
  }
  lastIndexOf(item: unknown, start: number, count: number): number {
    const equals = equalsOf(this.element);
    for (let at = start; at > start - count; at -= 1) if (equals(this.items[at], item)) return at;
    return -1;
  }
  netContains(item: unknown): boolean {
    return this.netIndexOf(item) >= 0;
  }
  netRemove(item: unknown): boolean {
    const at = this.netIndexOf(item);
    if (at >= 0) this.netRemoveAt(at);
    return at >= 0;
  }
  removeAll(match: (item: unknown) => unknown): number {
    const kept = this.items.filter((item) => match(item) !== true);
    const removed = this.items.length - kept.length;
    if (removed > 0) {
      this.items = kept;
      this.version += 1;
    }
    return removed;
  }
  sort(index: number, count: number, compare: Compare = compareOf(this.element)): void {
    this.checkRange(index, count);
    introSort(this.items, index, count, compare);
    this.version += 1;
  }
  reverse(index: number, count: number): void {
    this.checkRange(index, count);
    this.items.splice(index, count, ...this.items.slice(index, index + count).reverse());
    this.version += 1;
  }
  checkRange(index: number, count: number): void {
    if (index < 0) throw negative('index');
    if (count < 0) throw negative('count');
    if (this.items.length - index < count) throw badOffsets();
  }

  /** Capacity doubles from four, as .NET grows its store. */
  #changed(): void {
    this.version += 1;
    if (this.capacity < this.items.length) this.capacity = Math.max(this.items.length, this.capacity * 2, 4);
  }
}

/** A `List<element>` over the items (not copied). */
export function newList(types: TypeTable, element: Type, items: unknown[] = []): NetList {
  return new NetList(types.type('System.Collections.Generic.List', element), items);
}

/** `ReadOnlyCollection<T>`: a view of a list or an array. */
export class ReadOnlyList implements ListObject {
  readonly netType: NamedType;
  readonly #items: () => ArrayLike<unknown> & Iterable<unknown>;

  constructor(netType: NamedType, items: () => ArrayLike<unknown> & Iterable<unknown>) {
    this.netType = netType;
    this.#items = items;
  }

  get netCount(): number {
    return this.#items().length;
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.#items()[Symbol.iterator]();
  }
  netGet(index: number): unknown {
    if (index < 0 || index >= this.netCount) throw badIndex();
    return this.#items()[index];
  }
  netIndexOf(item: unknown): number {
    const equals = equalsOf(this.netType.typeArguments[0]);
    return Array.from(this.#items()).findIndex((one) => equals(one, item));
  }
  netContains(item: unknown): boolean {
    return this.netIndexOf(item) >= 0;
  }
}
