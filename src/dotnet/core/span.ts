/** System.Span<T> over an array, as far as `stackalloc` and the compiler's own messages need it. */
import { indexOutOfRange, invalidOperation, NetException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { makeArray, type NetObject } from '../../csharp/runtime/values.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { equalsOf } from './protocol.ts';

type Items = unknown[] | Uint8Array;

class SpanValue implements NetObject, Iterable<unknown> {
  readonly netType: NamedType;
  readonly items: Items;
  readonly start: number;
  readonly length: number;

  constructor(netType: NamedType, items: Items, start = 0, length = items.length) {
    this.netType = netType;
    this.items = items;
    this.start = start;
    this.length = length;
  }

  place(index: number): number {
    if (index < 0 || index >= this.length) throw indexOutOfRange();
    return this.start + index;
  }

  slice(start: number, length = this.length - start): SpanValue {
    if (start < 0 || length < 0 || start + length > this.length) throw outOfRange();
    return new SpanValue(this.netType, this.items, this.start + start, length);
  }

  toArray(): Items {
    return this.items.slice(this.start, this.start + this.length);
  }

  /** Sees what the body of a loop writes ahead of it. */
  *[Symbol.iterator](): Iterator<unknown> {
    for (let at = 0; at < this.length; at += 1) yield this.items[this.start + at];
  }
}

function outOfRange(): NetException {
  return new NetException('System.ArgumentOutOfRangeException', 'Specified argument was out of the range of valid values.');
}

function spanOf(runtime: Runtime, types: readonly Type[], items: Items | null): SpanValue {
  return new SpanValue(runtime.types.type('System.Span', ...types), items ?? []);
}

/** A copy as T[]. */
function arrayOf(runtime: Runtime, [element]: readonly Type[], span: SpanValue): Items {
  const items = span.toArray();
  return items instanceof Uint8Array || element === undefined ? items : makeArray(runtime.types.array(element), items);
}

function refuseEquals(): never {
  throw invalidOperation('Equals() on Span and ReadOnlySpan is not supported. Use operator== instead.');
}

export const spanTypes: readonly TypeDeclaration[] = [
  declareType('struct System.Span<T>', 'none', {
    'Span(T[] array)': special(spanOf),
    'static implicit operator Span<T>(T[] array)': special(spanOf),
    'int Length { get; }': (span: SpanValue) => span.length,
    'bool IsEmpty { get; }': (span: SpanValue) => span.length === 0,
    'T this[int index] { get; set; }': {
      get: (span: SpanValue, index: number) => span.items[span.place(index)],
      set: (span: SpanValue, index: number, value: never) => {
        span.items[span.place(index)] = value;
      },
    },
    'void Fill(T value)': (span: SpanValue, value: never) => {
      span.items.fill(value, span.start, span.start + span.length);
    },
    'Span<T> Slice(int start)': (span: SpanValue, start: number) => span.slice(start),
    'Span<T> Slice(int start, int length)': (span: SpanValue, start: number, length: number) => span.slice(start, length),
    'T[] ToArray()': special(arrayOf),
    'bool Equals(object obj)': refuseEquals,
  }),
  declareType('static class System.MemoryExtensions', 'none', {
    'static Span<T> AsSpan<T>(this T[] array)': special(spanOf),
    'static bool Contains<T>(this Span<T> span, T value)': special((_runtime, [element], span: SpanValue, value: unknown) => {
      const equals = equalsOf(element);
      return [...span].some((item) => equals(item, value));
    }),
  }),
];
