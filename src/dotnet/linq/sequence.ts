/** Lazy sequences: each enumeration starts anew. */
import type { Budget } from '../../csharp/runtime/budget.ts';
import { argumentNull } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { itemsOf } from '../collections/elements.ts';

export type Source = Iterable<unknown> | null;
export type Fn = (...args: unknown[]) => unknown;
export type Test = (...args: unknown[]) => boolean;
export type Types = readonly Type[];

/** Takes an item; true: no more are wanted. */
export type Visit = (item: unknown) => boolean;

/**
 * What an operator of Enumerable returns: an IEnumerable<T> that runs anew on every enumeration. An operator may also say how
 * it hands its items on in one go, which costs no iterator a layer.
 */
export class Sequence implements NetObject, Iterable<unknown> {
  /** Hands on all items until `visit` has enough; whether it had. */
  readonly each: ((visit: Visit) => boolean) | undefined;
  readonly #runtime: Runtime;
  readonly #element: Type | undefined;
  readonly #start: () => Iterator<unknown>;

  constructor(runtime: Runtime, element: Type | undefined, start: () => Iterator<unknown>, each?: (visit: Visit) => boolean) {
    this.#runtime = runtime;
    this.#element = element;
    this.#start = start;
    this.each = each;
  }

  get netType(): NamedType {
    return enumerableType(this.#runtime, this.#element);
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.#start();
  }
}

/** A lazy IEnumerable<element>. */
export function lazy(
  runtime: Runtime,
  element: Type | undefined,
  start: () => Iterator<unknown>,
  each?: (visit: Visit) => boolean,
): Sequence {
  return new Sequence(runtime, element, start, each);
}

export function enumerableType(runtime: Runtime, element: Type | undefined): NamedType {
  return runtime.types.type('System.Collections.Generic.IEnumerable', element ?? runtime.types.type('object'));
}

/** The source as iterable of `element`, each item counted against the budget; ArgumentNullException at once for null. */
export function counted(runtime: Runtime, source: Source, element: Type | undefined, parameter = 'source'): Iterable<unknown> {
  return new Counted(itemsOf(source, element, parameter), runtime.budget);
}

/** A class of its own, since making a generator function costs more than running one. */
class Counted implements Iterable<unknown> {
  readonly #items: Iterable<unknown>;
  readonly #budget: Budget;

  constructor(items: Iterable<unknown>, budget: Budget) {
    this.#items = items;
    this.#budget = budget;
  }

  *[Symbol.iterator](): Generator<unknown> {
    for (const item of this.#items) {
      this.#budget.step();
      yield item;
    }
  }
}

/**
 * Shows the items in the representation of `element` to `visit` until it has enough, each counted against the budget; whether
 * it had. What enumerating `counted` does, without iterators where the source is an array, a list or an operator.
 */
export function visitEach({ budget }: Runtime, source: Source, element: Type | undefined, visit: Visit, parameter = 'source'): boolean {
  const items = itemsOf(source, element, parameter);
  if (Array.isArray(items)) return visitArray(items, budget, visit);
  const step = (item: unknown): boolean => {
    budget.step();
    return visit(item);
  };
  if (items instanceof Sequence && items.each !== undefined) return items.each(step);
  for (const item of items) if (step(item)) return true;
  return false;
}

function visitArray(items: readonly unknown[], budget: Budget, visit: Visit): boolean {
  for (let at = 0; at < items.length; at += 1) {
    budget.step();
    if (visit(items[at])) return true;
  }
  return false;
}

/** An argument that must not be null. */
export function need<T>(value: T | null | undefined, parameter: string): T {
  if (value === null || value === undefined) throw argumentNull(parameter);
  return value;
}

/** All items now. */
export function gather(runtime: Runtime, source: Source, element: Type | undefined, parameter = 'source'): unknown[] {
  const items: unknown[] = [];
  visitEach(
    runtime,
    source,
    element,
    (item) => {
      items.push(item);
      return false;
    },
    parameter,
  );
  return items;
}
