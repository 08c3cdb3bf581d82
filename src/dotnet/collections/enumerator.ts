import { invalidOperation } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { defaultOf, itemsOf, objectItems } from './elements.ts';

/** An IEnumerator<T>. Iterating it goes on from where it stands, which is how foreach over it works. */
export class Enumerator implements NetObject {
  readonly netType: NamedType;
  current: unknown;
  readonly #source: Iterable<unknown>;
  readonly #initial: unknown;
  #iterator: Iterator<unknown>;

  constructor(netType: NamedType, source: Iterable<unknown>, initial: unknown) {
    this.netType = netType;
    this.current = initial;
    this.#initial = initial;
    this.#source = source;
    this.#iterator = source[Symbol.iterator]();
  }

  moveNext(): boolean {
    const next = this.#iterator.next();
    this.current = next.done === true ? this.#initial : next.value;
    return next.done !== true;
  }

  reset(): void {
    this.current = this.#initial;
    this.#iterator = this.#source[Symbol.iterator]();
  }

  dispose(): void {
    this.#iterator.return?.();
  }

  *[Symbol.iterator](): Generator<unknown> {
    while (this.moveNext()) yield this.current;
  }
}

/** An array's, which refuses to tell an item before the first and after the last. */
export class ArrayEnumerator extends Enumerator {
  #state: 'before' | 'on' | 'after' = 'before';

  override moveNext(): boolean {
    const moved = super.moveNext();
    this.#state = moved ? 'on' : 'after';
    return moved;
  }

  override reset(): void {
    super.reset();
    this.#state = 'before';
  }

  /** The current item. Throws InvalidOperationException where there is none. */
  item(): unknown {
    if (this.#state === 'on') return this.current;
    throw invalidOperation(this.#state === 'before' ? 'Enumeration has not started. Call MoveNext.' : 'Enumeration already finished.');
  }
}

/** `Current` of any enumerator. */
export function currentOf(enumerator: Enumerator): unknown {
  return enumerator instanceof ArrayEnumerator ? enumerator.item() : enumerator.current;
}

/** `source.GetEnumerator()` for an IEnumerable<element>. */
export function enumerate(runtime: Runtime, source: Iterable<unknown>, element: Type): Enumerator {
  const type = runtime.types.type('System.Collections.Generic.IEnumerator', element);
  const items = itemsOf(source, element);
  const Kind = isArray(runtime, items) ? ArrayEnumerator : Enumerator;
  return new Kind(type, items, defaultOf(runtime, element));
}

/** The same for a bare IEnumerable. */
export function enumerateObjects(runtime: Runtime, source: Iterable<unknown>): Enumerator {
  const items = { [Symbol.iterator]: () => objectItems(runtime.types, source) };
  const Kind = isArray(runtime, source) ? ArrayEnumerator : Enumerator;
  return new Kind(runtime.types.type('System.Collections.Generic.IEnumerator', runtime.types.type('object')), items, null);
}

function isArray(runtime: Runtime, source: unknown): boolean {
  return runtime.types.typeOf(source)?.kind === 'array';
}
