/** IJEnumerable<T>: sequences of tokens that can be indexed by a key. */
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareType, special } from '../../csharp/types/declare.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { enumerate } from '../collections/enumerator.ts';
import { childOf } from './access.ts';
import { JToken } from './tokens.ts';

/** `JEnumerable<T>`, the only implementation of IJEnumerable<T>. */
export class JEnumerable implements NetObject, Iterable<unknown> {
  readonly netType: NamedType;
  readonly #source: Iterable<unknown>;

  constructor(netType: NamedType, source: Iterable<unknown>) {
    this.netType = netType;
    this.#source = source;
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.#source[Symbol.iterator]();
  }
  netEquals(other: unknown): boolean {
    return other instanceof JEnumerable && other.#source === this.#source;
  }
}

/** Items as JEnumerable<element>; the default element is JToken. `start` runs at each enumeration. */
export function tokens(runtime: Runtime, start: () => Iterable<unknown>, element?: Type): JEnumerable {
  const type = runtime.types.type('Newtonsoft.Json.Linq.JEnumerable', element ?? runtime.types.type('Newtonsoft.Json.Linq.JToken'));
  return new JEnumerable(type, { [Symbol.iterator]: () => start()[Symbol.iterator]() });
}

function indexed(runtime: Runtime, source: Iterable<unknown>, key: unknown): JEnumerable {
  return tokens(runtime, function* () {
    for (const token of source) {
      const child = token instanceof JToken ? childOf(token, key) : null;
      if (child !== null) yield child;
    }
  });
}

export const sequenceTypes = [
  declareType('interface Newtonsoft.Json.Linq.IJEnumerable<out T> : System.Collections.Generic.IEnumerable<T>', 'implied', {
    'IJEnumerable<JToken> this[object key] { get; }': special((runtime, _types, source: Iterable<unknown>, key: unknown) =>
      indexed(runtime, source, key),
    ),
  }),
  declareType('struct Newtonsoft.Json.Linq.JEnumerable<T> : IJEnumerable<T>, System.IEquatable<JEnumerable<T>>', 'implied', {
    'JEnumerable(System.Collections.Generic.IEnumerable<T> enumerable)': special((runtime, [element], source: Iterable<unknown> | null) =>
      tokens(runtime, () => source ?? [], element),
    ),
    'static readonly JEnumerable<T> Empty': special((runtime, [element]) => tokens(runtime, () => [], element)),
    'System.Collections.Generic.IEnumerator<T> GetEnumerator()': special((runtime, [element], source: JEnumerable) =>
      enumerate(runtime, source, element ?? runtime.types.type('object')),
    ),
    'IJEnumerable<JToken> this[object key] { get; }': special((runtime, _types, source: JEnumerable, key: unknown) =>
      indexed(runtime, source, key),
    ),
    'bool Equals(object obj)': (source: JEnumerable, other: unknown) => source.netEquals(other),
    'bool Equals(JEnumerable<T> other)': (source: JEnumerable, other: unknown) => source.netEquals(other),
    'int GetHashCode()': () => 0,
  }),
];
