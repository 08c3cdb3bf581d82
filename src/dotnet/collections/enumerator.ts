import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { defaultOf, itemsOf } from './elements.ts';

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

/** `source.GetEnumerator()` for an IEnumerable<element>. */
export function enumerate(runtime: Runtime, source: Iterable<unknown>, element: Type): Enumerator {
  const type = runtime.types.type('System.Collections.Generic.IEnumerator', element);
  return new Enumerator(type, itemsOf(source, element), defaultOf(runtime, element));
}
