import { argumentNull, type NetException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { Ref } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, special } from '../../csharp/types/declare.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { equalsOf } from '../core/protocol.ts';
import { copyItems, newArray, notNull } from './arrays.ts';
import type { ArrayValue, CollectionObject } from './contract.ts';
import { defaultOf, itemsOf } from './elements.ts';
import { enumerate } from './enumerator.ts';
import { collectionModified, negative, queueEmpty, stackEmpty } from './errors.ts';

type Source = Iterable<unknown> | null;

/** What Queue<T> and Stack<T> share: `next` is the position that Peek looks at. */
abstract class Line implements CollectionObject {
  readonly netType: NamedType;
  protected items: unknown[] = [];
  protected version = 0;

  constructor(netType: NamedType) {
    this.netType = netType;
  }

  abstract get netCount(): number;
  abstract push(item: unknown): void;
  /** The next item in a one-element tuple, taken out when `remove` is set; undefined when there is none. */
  abstract next(remove: boolean): readonly [unknown] | undefined;
  abstract empty(): NetException;
  abstract ordered(): unknown[];

  netClear(): void {
    this.items = [];
    this.version += 1;
  }
  netContains(item: unknown): boolean {
    const equals = equalsOf(this.netType.typeArguments[0]);
    return this.ordered().some((one) => equals(one, item));
  }
  *[Symbol.iterator](): Generator<unknown> {
    const version = this.version;
    for (const item of this.ordered()) {
      if (version !== this.version) throw collectionModified();
      yield item;
    }
    if (version !== this.version) throw collectionModified();
  }
}

/** `Queue<T>`; taken items leave a gap that is cleared when it is the larger half. */
class NetQueue extends Line {
  #head = 0;

  get netCount(): number {
    return this.items.length - this.#head;
  }
  push(item: unknown): void {
    this.items.push(item);
    this.version += 1;
  }
  next(remove: boolean): readonly [unknown] | undefined {
    if (this.netCount === 0) return undefined;
    const item = this.items[this.#head];
    if (remove) this.#drop();
    return [item];
  }
  #drop(): void {
    this.items[this.#head] = undefined;
    this.#head += 1;
    this.version += 1;
    if (this.#head * 2 <= this.items.length) return;
    this.items = this.items.slice(this.#head);
    this.#head = 0;
  }
  override netClear(): void {
    super.netClear();
    this.#head = 0;
  }
  empty(): NetException {
    return queueEmpty();
  }
  ordered(): unknown[] {
    return this.items.slice(this.#head);
  }
}

/** `Stack<T>`; enumerated from the top. */
class NetStack extends Line {
  get netCount(): number {
    return this.items.length;
  }
  push(item: unknown): void {
    this.items.push(item);
    this.version += 1;
  }
  next(remove: boolean): readonly [unknown] | undefined {
    if (this.items.length === 0) return undefined;
    const item = this.items.at(-1);
    if (remove) {
      this.items.pop();
      this.version += 1;
    }
    return [item];
  }
  empty(): NetException {
    return stackEmpty();
  }
  ordered(): unknown[] {
    return [...this.items].reverse();
  }
}

function take(line: Line, remove: boolean): unknown {
  const found = line.next(remove);
  if (found === undefined) throw line.empty();
  return found[0];
}

function tryTake(runtime: Runtime, types: readonly Type[], line: Line, out: Ref, remove: boolean): boolean {
  const found = line.next(remove);
  out.value = found === undefined ? defaultOf(runtime, types[0]) : found[0];
  return found !== undefined;
}

function fill(runtime: Runtime, types: readonly Type[], line: Line, source: Source): Line {
  if (source === null) throw argumentNull('collection');
  for (const item of itemsOf(source, types[0], 'collection')) {
    runtime.budget.step();
    line.push(item);
  }
  return line;
}

/** Members that differ in name only. */
function lineMembers(name: 'Queue' | 'Stack', create: (type: NamedType) => Line): MemberTable {
  const make = (runtime: Runtime, types: readonly Type[]): Line =>
    create(runtime.types.type(`System.Collections.Generic.${name}`, types[0] ?? runtime.types.type('object')));
  const [push, pop] = name === 'Queue' ? ['Enqueue', 'Dequeue'] : ['Push', 'Pop'];
  return {
    [`${name}()`]: special((runtime, types) => make(runtime, types)),
    [`${name}(int capacity)`]: special((runtime, types, capacity: number) => {
      if (capacity < 0) throw negative('capacity');
      return make(runtime, types);
    }),
    [`${name}(IEnumerable<T> collection)`]: special((runtime, types, source: Source) => fill(runtime, types, make(runtime, types), source)),
    'int Count { get; }': (line: Line) => line.netCount,
    'void Clear()': (line: Line) => line.netClear(),
    'bool Contains(T item)': (line: Line, item: unknown) => line.netContains(item),
    'void CopyTo(T[] array, int arrayIndex)': (line: Line, target: ArrayValue | null, at: number) =>
      copyItems(line.ordered(), 0, notNull(target), at, line.netCount),
    [`void ${push}(T item)`]: (line: Line, item: unknown) => line.push(item),
    [`T ${pop}()`]: (line: Line) => take(line, true),
    'T Peek()': (line: Line) => take(line, false),
    [`bool Try${pop}(out T result)`]: special((runtime, types, line: Line, out: Ref) => tryTake(runtime, types, line, out, true)),
    'bool TryPeek(out T result)': special((runtime, types, line: Line, out: Ref) => tryTake(runtime, types, line, out, false)),
    'T[] ToArray()': special((runtime, [element], line: Line) => newArray(runtime, element, line.ordered())),
    'int EnsureCapacity(int capacity)': (line: Line, capacity: number) => Math.max(capacity, line.netCount),
    'void TrimExcess()': () => undefined,
    'IEnumerator<T> GetEnumerator()': special((runtime, [element], line: Line) =>
      enumerate(runtime, line, element ?? runtime.types.type('object')),
    ),
  };
}

export const lineTypes = [
  declareType(
    'class System.Collections.Generic.Queue<T> : IReadOnlyCollection<T>, System.Collections.ICollection',
    'all',
    lineMembers('Queue', (type) => new NetQueue(type)),
  ),
  declareType(
    'class System.Collections.Generic.Stack<T> : IReadOnlyCollection<T>, System.Collections.ICollection',
    'all',
    lineMembers('Stack', (type) => new NetStack(type)),
  ),
];
