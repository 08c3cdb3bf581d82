/** GroupBy, ToLookup, Join, GroupJoin and the types they make. */
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { declareType, type MemberTable, special } from '../../csharp/types/declare.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { newArray } from '../collections/arrays.ts';
import { equalityOf } from '../collections/comparers.ts';
import type { ListObject, NetComparer } from '../collections/contract.ts';
import { enumerate } from '../collections/enumerator.ts';
import { badIndex } from '../collections/errors.ts';
import { Slots } from '../collections/slots.ts';
import { equalsOf } from '../core/protocol.ts';
import { counted, type Fn, lazy, need, type Source, type Types } from './sequence.ts';

type Comparer = NetComparer | null;

/** An IGrouping<TKey, TElement>. */
export class Grouping implements ListObject {
  readonly netType: NamedType;
  readonly key: unknown;
  readonly items: unknown[] = [];

  constructor(netType: NamedType, key: unknown) {
    this.netType = netType;
    this.key = key;
  }
  get netCount(): number {
    return this.items.length;
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.items[Symbol.iterator]();
  }
  netGet(index: number): unknown {
    if (index < 0 || index >= this.items.length) throw badIndex();
    return this.items[index];
  }
  netIndexOf(item: unknown): number {
    const equals = equalsOf(this.netType.typeArguments[1]);
    return this.items.findIndex((one) => equals(one, item));
  }
}

/** An ILookup<TKey, TElement>: groupings in the order their keys came. */
export class Lookup {
  readonly netType: NamedType;
  readonly groups: Grouping[] = [];
  readonly #slots: Slots;
  readonly #groupType: NamedType;

  constructor(netType: NamedType, groupType: NamedType, comparer: Comparer) {
    this.netType = netType;
    this.#groupType = groupType;
    this.#slots = new Slots(equalityOf(comparer, netType.typeArguments[0]));
  }
  get netCount(): number {
    return this.groups.length;
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.groups[Symbol.iterator]();
  }
  find(key: unknown): Grouping | undefined {
    const slot = this.#slots.find(key);
    return slot < 0 ? undefined : (this.#slots.valueAt(slot) as Grouping);
  }
  add(key: unknown, item: unknown): void {
    let group = this.find(key);
    if (group === undefined) {
      group = new Grouping(this.#groupType, key);
      this.groups.push(group);
      this.#slots.add(key, group);
    }
    group.items.push(item);
  }
}

function newLookup(runtime: Runtime, key: Type | undefined, element: Type | undefined, comparer: Comparer): Lookup {
  const { types } = runtime;
  const args = [key ?? types.type('object'), element ?? types.type('object')];
  return new Lookup(types.type('System.Linq.ILookup', ...args), types.type('System.Linq.IGrouping', ...args), comparer);
}

interface Keying {
  readonly source: Type | undefined;
  readonly key: Type | undefined;
  readonly element: Type | undefined;
  readonly keySelector: Fn;
  readonly elementSelector: Fn;
  readonly comparer: Comparer;
}

function fill(runtime: Runtime, items: Iterable<unknown>, keying: Keying): Lookup {
  const lookup = newLookup(runtime, keying.key, keying.element, keying.comparer);
  for (const item of items) lookup.add(keying.keySelector(item), keying.elementSelector(item));
  return lookup;
}

const same: Fn = (item) => item;

/** The parts that the overloads of GroupBy and ToLookup may have, in this order. */
interface Form {
  readonly element: boolean;
  readonly result: boolean;
  readonly comparer: boolean;
}

const FORMS: readonly Form[] = [false, true].flatMap((element) =>
  [false, true].flatMap((result) => [false, true].map((comparer) => ({ element, result, comparer }))),
);

/** Takes the arguments behind the source apart according to the form. */
function keyingOf(form: Form, types: Types, args: readonly unknown[]): { keying: Keying; result: Fn | undefined } {
  const rest = [...args];
  const keySelector = need(rest.shift() as Fn | null, 'keySelector');
  const elementSelector = form.element ? need(rest.shift() as Fn | null, 'elementSelector') : same;
  const result = form.result ? need(rest.shift() as Fn | null, 'resultSelector') : undefined;
  const comparer = form.comparer ? (rest.shift() as Comparer) : null;
  const [source, key, third] = types;
  return { keying: { source, key, element: form.element ? third : source, keySelector, elementSelector, comparer }, result };
}

function groupBy(form: Form) {
  return special((runtime, types, source: Source, ...args: unknown[]) => {
    const items = counted(runtime, source, types[0]);
    const { keying, result } = keyingOf(form, types, args);
    const object = runtime.types.type('object');
    const grouping = runtime.types.type('System.Linq.IGrouping', keying.key ?? object, keying.element ?? object);
    return lazy(runtime, result === undefined ? grouping : types.at(-1), function* () {
      for (const group of fill(runtime, items, keying).groups) yield result === undefined ? group : result(group.key, group);
    });
  });
}

function groupByMembers(): MemberTable {
  const table: Record<string, MemberTable[string]> = {};
  for (const form of FORMS) {
    const element = form.element ? 'TElement' : 'TSource';
    const names = ['TSource', 'TKey', ...(form.element ? ['TElement'] : []), ...(form.result ? ['TResult'] : [])];
    const parameters = [
      'this IEnumerable<TSource> source, Func<TSource, TKey> keySelector',
      ...(form.element ? ['Func<TSource, TElement> elementSelector'] : []),
      ...(form.result ? [`Func<TKey, IEnumerable<${element}>, TResult> resultSelector`] : []),
      ...(form.comparer ? ['IEqualityComparer<TKey> comparer'] : []),
    ];
    const result = form.result ? 'TResult' : `IGrouping<TKey, ${element}>`;
    table[`static IEnumerable<${result}> GroupBy<${names.join(', ')}>(${parameters.join(', ')})`] = groupBy(form);
    if (form.result) continue;
    table[`static ILookup<TKey, ${element}> ToLookup<${names.join(', ')}>(${parameters.join(', ')})`] = special(
      (runtime, types, source: Source, ...args: unknown[]) =>
        fill(runtime, counted(runtime, source, types[0]), keyingOf(form, types, args).keying),
    );
  }
  return table;
}

/** Items of the inner sequence by key; null keys match nothing. */
function inner(
  runtime: Runtime,
  items: Iterable<unknown>,
  type: Type | undefined,
  key: Type | undefined,
  selector: Fn,
  comparer: Comparer,
): Lookup {
  const lookup = newLookup(runtime, key, type, comparer);
  for (const item of items) {
    const value = selector(item);
    if (value !== null) lookup.add(value, item);
  }
  return lookup;
}

/** What Join and GroupJoin share: each outer item with the inner items of its key, made into results by `each`. */
function correlated(
  runtime: Runtime,
  types: Types,
  a: Source,
  b: Source,
  aKey: Fn | null,
  bKey: Fn | null,
  selector: Fn | null,
  comparer: Comparer,
  each: (item: unknown, matches: Grouping | undefined, project: Fn) => Iterable<unknown>,
) {
  const [outerType, innerType, key, result] = types;
  const outer = counted(runtime, a, outerType, 'outer');
  const others = counted(runtime, b, innerType, 'inner');
  const [keyOfOuter, keyOfInner, project] = [
    need(aKey, 'outerKeySelector'),
    need(bKey, 'innerKeySelector'),
    need(selector, 'resultSelector'),
  ];
  return lazy(runtime, result, function* () {
    const lookup = inner(runtime, others, innerType, key, keyOfInner, comparer);
    for (const item of outer) {
      const value = keyOfOuter(item);
      yield* each(item, value === null ? undefined : lookup.find(value), project);
    }
  });
}

type JoinArguments = Parameters<typeof correlated> extends [...infer Rest, unknown] ? Rest : never;

function join(...args: JoinArguments) {
  const [runtime] = args;
  return correlated(...args, function* (item, matches, project) {
    for (const match of matches ?? []) {
      runtime.budget.step();
      yield project(item, match);
    }
  });
}

function groupJoin(...args: JoinArguments) {
  const [runtime, [, innerType]] = args;
  return correlated(...args, (item, matches, project) => [project(item, matches ?? newArray(runtime, innerType, []))]);
}

const JOIN_TYPES = '<TOuter, TInner, TKey, TResult>';
const JOIN_PARAMETERS =
  'this IEnumerable<TOuter> outer, IEnumerable<TInner> inner, Func<TOuter, TKey> outerKeySelector, Func<TInner, TKey> innerKeySelector';

function joinMembers(name: string, matched: string, call: typeof join): MemberTable {
  const head = `static IEnumerable<TResult> ${name}${JOIN_TYPES}(${JOIN_PARAMETERS}, Func<TOuter, ${matched}, TResult> resultSelector`;
  return {
    [`${head})`]: special((runtime, types, a: Source, b: Source, aKey: Fn | null, bKey: Fn | null, selector: Fn | null) =>
      call(runtime, types, a, b, aKey, bKey, selector, null),
    ),
    [`${head}, IEqualityComparer<TKey> comparer)`]: special(call),
  };
}

export const groupingMembers: MemberTable = {
  ...groupByMembers(),
  ...joinMembers('Join', 'TInner', join),
  ...joinMembers('GroupJoin', 'IEnumerable<TInner>', groupJoin),
};

const lookupMembers: MemberTable = {
  'int Count { get; }': (lookup: Lookup) => lookup.netCount,
  'bool Contains(TKey key)': (lookup: Lookup, key: unknown) => lookup.find(key) !== undefined,
  'IEnumerable<TElement> this[TKey key] { get; }': special(
    (runtime, [, element], lookup: Lookup, key: unknown) => lookup.find(key) ?? newArray(runtime, element, []),
  ),
};

export const groupingTypes = [
  declareType('interface System.Linq.IGrouping<out TKey, out TElement> : IEnumerable<TElement>', 'implied', {
    'TKey Key { get; }': (group: Grouping) => group.key,
  }),
  declareType('interface System.Linq.ILookup<TKey, TElement> : IEnumerable<IGrouping<TKey, TElement>>', 'implied', lookupMembers),
  declareType('class System.Linq.Lookup<TKey, TElement> : ILookup<TKey, TElement>', 'implied', {
    ...lookupMembers,
    'IEnumerable<TResult> ApplyResultSelector<TResult>(Func<TKey, IEnumerable<TElement>, TResult> resultSelector)': special(
      (runtime, [, , result], lookup: Lookup, selector: Fn | null) => {
        const project = need(selector, 'resultSelector');
        return lazy(runtime, result, function* () {
          for (const group of lookup.groups) yield project(group.key, group);
        });
      },
    ),
    'IEnumerator<IGrouping<TKey, TElement>> GetEnumerator()': special((runtime, types, lookup: Lookup) =>
      enumerate(runtime, lookup, runtime.types.type('System.Linq.IGrouping', ...types)),
    ),
  }),
];
