/** Lazy sequences that compiled code itself makes: iterators, and strings seen as sequences of characters. */
import type { NamedType } from '../types/type.ts';
import { notSupported } from './exception.ts';
import type { NetObject } from './values.ts';

/** What a local function with `yield` returns: every enumeration runs its body anew. */
export class IteratorSequence implements NetObject, Iterable<unknown> {
  readonly netType: NamedType;
  readonly #start: () => Iterator<unknown>;

  constructor(netType: NamedType, start: () => Iterator<unknown>) {
    this.netType = netType;
    this.#start = start;
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.#start();
  }
}

/** What a local function with `yield` returns when it is declared as IEnumerator: the shape that the library's enumerators have. */
export class IteratorEnumerator implements NetObject {
  readonly netType: NamedType;
  current: unknown = null;
  readonly #iterator: Iterator<unknown>;

  constructor(netType: NamedType, start: () => Iterator<unknown>) {
    this.netType = netType;
    this.#iterator = start();
  }

  moveNext(): boolean {
    const next = this.#iterator.next();
    this.current = next.done === true ? null : next.value;
    return next.done !== true;
  }

  reset(): void {
    throw notSupported('Specified method is not supported.');
  }

  dispose(): void {
    this.#iterator.return?.();
  }

  *[Symbol.iterator](): Generator<unknown> {
    while (this.moveNext()) yield this.current;
  }
}

/** A string as IEnumerable<char>: its UTF-16 code units. */
export class Characters implements NetObject, Iterable<number> {
  readonly netType: NamedType;
  readonly text: string;

  /** `netType` is System.String. */
  constructor(netType: NamedType, text: string) {
    this.netType = netType;
    this.text = text;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let at = 0; at < this.text.length; at += 1) yield this.text.charCodeAt(at);
  }

  netToString(): string {
    return this.text;
  }

  netEquals(other: unknown): boolean {
    return other === this.text || (other instanceof Characters && other.text === this.text);
  }
}

interface ManyFaced {
  netItemsAs?(element: unknown): Iterable<unknown> | undefined;
}

/** The items foreach goes through: a class that is enumerable in several ways is asked for the wanted one. */
export function itemsAs(source: unknown, element: unknown): Iterable<unknown> {
  return (source as ManyFaced).netItemsAs?.(element) ?? (source as Iterable<unknown>);
}

/** Items of a string for foreach. */
export function* charactersOf(text: string): Generator<number> {
  for (let at = 0; at < text.length; at += 1) yield text.charCodeAt(at);
}

/** Items of an array of several dimensions, the last index running fastest. */
export function* flatItems(items: readonly unknown[], rank: number): Generator<unknown> {
  for (const item of items) {
    if (rank > 1) yield* flatItems(item as unknown[], rank - 1);
    else yield item;
  }
}
