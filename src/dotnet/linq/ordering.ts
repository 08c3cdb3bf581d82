/** OrderBy, ThenBy, Order: stable sorts that run when the result is enumerated. */
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, special } from '../../csharp/types/declare.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { orderOf } from '../collections/comparers.ts';
import type { NetComparer } from '../collections/contract.ts';
import { type Compare, comparing } from '../collections/sort.ts';
import { counted, type Fn, gather, need, type Source, type Types } from './sequence.ts';

type Comparer = NetComparer | null;

interface Criterion {
  readonly key: Fn;
  readonly compare: Compare;
  readonly sign: 1 | -1;
}

/** An IOrderedEnumerable<T>; ThenBy adds a criterion to a copy. */
export class OrderedSequence implements NetObject, Iterable<unknown> {
  readonly netType: NamedType;
  readonly #runtime: Runtime;
  readonly #source: Iterable<unknown>;
  readonly #criteria: readonly Criterion[];

  constructor(runtime: Runtime, netType: NamedType, source: Iterable<unknown>, criteria: readonly Criterion[]) {
    this.#runtime = runtime;
    this.netType = netType;
    this.#source = source;
    this.#criteria = criteria;
  }

  refine(criterion: Criterion): OrderedSequence {
    return new OrderedSequence(this.#runtime, this.netType, this.#source, [...this.#criteria, criterion]);
  }

  *[Symbol.iterator](): Generator<unknown> {
    const items = gather(this.#runtime, this.#source, undefined);
    const rows = items.map((item) => ({ item, keys: this.#criteria.map((one) => one.key(item)) }));
    comparing(() => rows.sort((a, b) => this.#compare(a.keys, b.keys)));
    for (const row of rows) yield row.item;
  }

  #compare(a: readonly unknown[], b: readonly unknown[]): number {
    this.#runtime.budget.step();
    for (const [at, criterion] of this.#criteria.entries()) {
      const order = criterion.compare(a[at], b[at]);
      if (order !== 0) return criterion.sign * order;
    }
    return 0;
  }
}

function criterion(selector: Fn | null, comparer: Comparer, type: Type | undefined, sign: 1 | -1): Criterion {
  return { key: need(selector, 'keySelector'), compare: orderOf(comparer, type), sign };
}

function order(runtime: Runtime, element: Type | undefined, source: Source, first: Criterion): OrderedSequence {
  const type = runtime.types.type('System.Linq.IOrderedEnumerable', element ?? runtime.types.type('object'));
  return new OrderedSequence(runtime, type, counted(runtime, source, element), [first]);
}

const same: Fn = (item) => item;

function orderMembers(suffix: '' | 'Descending', sign: 1 | -1): MemberTable {
  const by = `static IOrderedEnumerable<TSource> OrderBy${suffix}<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector`;
  const then = `static IOrderedEnumerable<TSource> ThenBy${suffix}<TSource, TKey>(this IOrderedEnumerable<TSource> source, Func<TSource, TKey> keySelector`;
  const plain = `static IOrderedEnumerable<T> Order${suffix}<T>(this IEnumerable<T> source`;
  const orderBy = (
    runtime: Runtime,
    [element, key]: Types,
    source: Source,
    selector: Fn | null,
    comparer: Comparer = null,
  ): OrderedSequence => order(runtime, element, need(source, 'source'), criterion(selector, comparer, key, sign));
  const thenBy = (_runtime: Runtime, [, key]: Types, source: OrderedSequence | null, selector: Fn | null, comparer: Comparer = null) =>
    need(source, 'source').refine(criterion(selector, comparer, key, sign));
  const orderSelf = (runtime: Runtime, [element]: Types, source: Source, comparer: Comparer = null): OrderedSequence =>
    order(runtime, element, source, criterion(same, comparer, element, sign));
  return {
    [`${by})`]: special(orderBy),
    [`${by}, IComparer<TKey> comparer)`]: special(orderBy),
    [`${then})`]: special(thenBy),
    [`${then}, IComparer<TKey> comparer)`]: special(thenBy),
    [`${plain})`]: special(orderSelf),
    [`${plain}, IComparer<T> comparer)`]: special(orderSelf),
  };
}

export const orderingMembers: MemberTable = { ...orderMembers('', 1), ...orderMembers('Descending', -1) };

export const orderedType = declareType('interface System.Linq.IOrderedEnumerable<out TElement> : IEnumerable<TElement>', 'implied', {
  'IOrderedEnumerable<TElement> CreateOrderedEnumerable<TKey>(Func<TElement, TKey> keySelector, IComparer<TKey> comparer, bool descending)':
    special((_runtime, [, key], source: OrderedSequence, selector: Fn | null, comparer: Comparer, descending: boolean) =>
      source.refine(criterion(selector, comparer, key, descending ? -1 : 1)),
    ),
});
