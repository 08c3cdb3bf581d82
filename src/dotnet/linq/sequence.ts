/** Lazy sequences: each enumeration starts anew. */
import { argumentNull } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { itemsOf } from '../collections/elements.ts';

export type Source = Iterable<unknown> | null;
export type Fn = (...args: unknown[]) => unknown;
export type Test = (...args: unknown[]) => boolean;
export type Types = readonly Type[];

/** What an operator of Enumerable returns: an IEnumerable<T> that runs its generator on every enumeration. */
export class Sequence implements NetObject, Iterable<unknown> {
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

/** A lazy IEnumerable<element>. */
export function lazy(runtime: Runtime, element: Type | undefined, start: () => Iterator<unknown>): Sequence {
  return new Sequence(enumerableType(runtime, element), start);
}

export function enumerableType(runtime: Runtime, element: Type | undefined): NamedType {
  return runtime.types.type('System.Collections.Generic.IEnumerable', element ?? runtime.types.type('object'));
}

/** The source as iterable of `element`, each item counted against the budget; ArgumentNullException at once for null. */
export function counted(runtime: Runtime, source: Source, element: Type | undefined, parameter = 'source'): Iterable<unknown> {
  const items = itemsOf(source, element, parameter);
  const { budget } = runtime;
  return {
    *[Symbol.iterator]() {
      for (const item of items) {
        budget.step();
        yield item;
      }
    },
  };
}

/** An argument that must not be null. */
export function need<T>(value: T | null | undefined, parameter: string): T {
  if (value === null || value === undefined) throw argumentNull(parameter);
  return value;
}

/** All items now. */
export function gather(runtime: Runtime, source: Source, element: Type | undefined, parameter = 'source'): unknown[] {
  const items: unknown[] = [];
  for (const item of itemsOf(source, element, parameter)) {
    runtime.budget.step();
    items.push(item);
  }
  return items;
}
