/** Distinct, Union, Intersect, Except and their By forms. */
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { type MemberTable, special } from '../../csharp/types/declare.ts';
import type { Type } from '../../csharp/types/type.ts';
import { equalityOf } from '../collections/comparers.ts';
import type { NetComparer } from '../collections/contract.ts';
import { Slots } from '../collections/slots.ts';
import { counted, type Fn, lazy, need, type Sequence, type Source, type Types } from './sequence.ts';

type Comparer = NetComparer | null;

/** A set of keys; `add` says whether the key is new. */
class Keys {
  readonly #slots: Slots;

  constructor(comparer: Comparer, type: Type | undefined) {
    this.#slots = new Slots(equalityOf(comparer, type));
  }
  add(key: unknown): boolean {
    if (this.#slots.find(key) >= 0) return false;
    this.#slots.add(key, undefined);
    return true;
  }
  remove(key: unknown): boolean {
    const slot = this.#slots.find(key);
    if (slot >= 0) this.#slots.remove(slot);
    return slot >= 0;
  }
}

const same: Fn = (item) => item;

function distinct(runtime: Runtime, [element, key]: Types, source: Source, selector: Fn, comparer: Comparer): Sequence {
  const items = counted(runtime, source, element);
  return lazy(runtime, element, function* () {
    const seen = new Keys(comparer, key);
    for (const item of items) if (seen.add(selector(item))) yield item;
  });
}

function union(runtime: Runtime, [element, key]: Types, a: Source, b: Source, selector: Fn, comparer: Comparer): Sequence {
  const sources = [counted(runtime, a, element, 'first'), counted(runtime, b, element, 'second')];
  return lazy(runtime, element, function* () {
    const seen = new Keys(comparer, key);
    for (const source of sources) for (const item of source) if (seen.add(selector(item))) yield item;
  });
}

function except(runtime: Runtime, [element, key]: Types, a: Source, b: Source, selector: Fn, comparer: Comparer): Sequence {
  const items = counted(runtime, a, element, 'first');
  const others = counted(runtime, b, key, 'second');
  return lazy(runtime, element, function* () {
    const seen = new Keys(comparer, key);
    for (const other of others) seen.add(other);
    for (const item of items) if (seen.add(selector(item))) yield item;
  });
}

function intersect(runtime: Runtime, [element, key]: Types, a: Source, b: Source, selector: Fn, comparer: Comparer): Sequence {
  const items = counted(runtime, a, element, 'first');
  const others = counted(runtime, b, key, 'second');
  return lazy(runtime, element, function* () {
    const wanted = new Keys(comparer, key);
    for (const other of others) wanted.add(other);
    for (const item of items) if (wanted.remove(selector(item))) yield item;
  });
}

type Pairing = (runtime: Runtime, types: Types, a: Source, b: Source, selector: Fn, comparer: Comparer) => Sequence;

/** A set operation on items and on keys; `others` is the item type of the second sequence in the By form. */
function pairing(name: string, operation: Pairing, others: 'TSource' | 'TKey'): MemberTable {
  const plain = `static IEnumerable<TSource> ${name}<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second`;
  const by = `static IEnumerable<TSource> ${name}By<TSource, TKey>(this IEnumerable<TSource> first, IEnumerable<${others}> second, Func<TSource, TKey> keySelector`;
  return {
    [`${plain})`]: special((runtime, [t], a: Source, b: Source) => operation(runtime, pair(t), a, b, same, null)),
    [`${plain}, IEqualityComparer<TSource> comparer)`]: special((runtime, [t], a: Source, b: Source, comparer: Comparer) =>
      operation(runtime, pair(t), a, b, same, comparer),
    ),
    [`${by})`]: special((runtime, types, a: Source, b: Source, selector: Fn | null) =>
      operation(runtime, types, a, b, need(selector, 'keySelector'), null),
    ),
    [`${by}, IEqualityComparer<TKey> comparer)`]: special((runtime, types, a: Source, b: Source, selector: Fn | null, comparer: Comparer) =>
      operation(runtime, types, a, b, need(selector, 'keySelector'), comparer),
    ),
  };
}

function pair(type: Type | undefined): Types {
  return type === undefined ? [] : [type, type];
}

export const setMembers: MemberTable = {
  'static IEnumerable<TSource> Distinct<TSource>(this IEnumerable<TSource> source)': special((runtime, [t], source: Source) =>
    distinct(runtime, pair(t), source, same, null),
  ),
  'static IEnumerable<TSource> Distinct<TSource>(this IEnumerable<TSource> source, IEqualityComparer<TSource> comparer)': special(
    (runtime, [t], source: Source, comparer: Comparer) => distinct(runtime, pair(t), source, same, comparer),
  ),
  'static IEnumerable<TSource> DistinctBy<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector)': special(
    (runtime, types, source: Source, selector: Fn | null) => distinct(runtime, types, source, need(selector, 'keySelector'), null),
  ),
  'static IEnumerable<TSource> DistinctBy<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, IEqualityComparer<TKey> comparer)':
    special((runtime, types, source: Source, selector: Fn | null, comparer: Comparer) =>
      distinct(runtime, types, source, need(selector, 'keySelector'), comparer),
    ),
  ...pairing('Union', union, 'TSource'),
  ...pairing('Except', except, 'TKey'),
  ...pairing('Intersect', intersect, 'TKey'),
};
