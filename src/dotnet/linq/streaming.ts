/** Operators that pass items on one by one: Where, Select, SelectMany, Take, Skip, Concat, Zip … */
import { argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { TupleValue } from '../../csharp/runtime/values.ts';
import { type MemberTable, special } from '../../csharp/types/declare.ts';
import { newArray } from '../collections/arrays.ts';
import { castObject, defaultOf, fromObject, isInstance, objectItems } from '../collections/elements.ts';
import { counted, enumerableType, type Fn, lazy, need, type Source, type Test, type Types, visitEach } from './sequence.ts';

function* passing(items: Iterable<unknown>, test: Test): Generator<unknown> {
  let at = 0;
  for (const item of items) {
    if (test(item, at)) yield item;
    at += 1;
  }
}

function* projected(items: Iterable<unknown>, project: Fn): Generator<unknown> {
  let at = 0;
  for (const item of items) {
    yield project(item, at);
    at += 1;
  }
}

function where(runtime: Runtime, [element]: Types, source: Source, predicate: Test | null) {
  const given = need(source, 'source');
  const test = need(predicate, 'predicate');
  const pull = () => passing(counted(runtime, given, element), test);
  return lazy(runtime, element, pull, (visit) => {
    let at = -1;
    return visitEach(runtime, given, element, (item) => {
      at += 1;
      return test(item, at) && visit(item);
    });
  });
}

function select(runtime: Runtime, [element, result]: Types, source: Source, selector: Fn | null) {
  const given = need(source, 'source');
  const project = need(selector, 'selector');
  const pull = () => projected(counted(runtime, given, element), project);
  return lazy(runtime, result, pull, (visit) => {
    let at = -1;
    return visitEach(runtime, given, element, (item) => {
      at += 1;
      return visit(project(item, at));
    });
  });
}

function selectMany(runtime: Runtime, [element, result]: Types, source: Source, selector: Fn | null) {
  const items = counted(runtime, source, element);
  const project = need(selector, 'selector');
  return lazy(runtime, result, function* () {
    let at = 0;
    for (const item of items) {
      yield* counted(runtime, project(item, at) as Source, result);
      at += 1;
    }
  });
}

function selectManyPairs(runtime: Runtime, [element, inner, result]: Types, source: Source, collection: Fn | null, selector: Fn | null) {
  const items = counted(runtime, source, element);
  const open = need(collection, 'collectionSelector');
  const project = need(selector, 'resultSelector');
  return lazy(runtime, result, function* () {
    let at = 0;
    for (const item of items) {
      for (const part of counted(runtime, open(item, at) as Source, inner)) yield project(item, part);
      at += 1;
    }
  });
}

function take(runtime: Runtime, [element]: Types, source: Source, count: number) {
  const items = counted(runtime, source, element);
  return lazy(runtime, element, function* () {
    if (count <= 0) return;
    let left = count;
    for (const item of items) {
      yield item;
      left -= 1;
      if (left === 0) return;
    }
  });
}

function skip(runtime: Runtime, [element]: Types, source: Source, count: number) {
  const items = counted(runtime, source, element);
  return lazy(runtime, element, function* () {
    let left = count;
    for (const item of items) {
      if (left > 0) left -= 1;
      else yield item;
    }
  });
}

function takeWhile(runtime: Runtime, [element]: Types, source: Source, predicate: Test | null) {
  const items = counted(runtime, source, element);
  const test = need(predicate, 'predicate');
  return lazy(runtime, element, function* () {
    let at = 0;
    for (const item of items) {
      if (!test(item, at)) return;
      yield item;
      at += 1;
    }
  });
}

function skipWhile(runtime: Runtime, [element]: Types, source: Source, predicate: Test | null) {
  const items = counted(runtime, source, element);
  const test = need(predicate, 'predicate');
  return lazy(runtime, element, function* () {
    let at = 0;
    let skipping = true;
    for (const item of items) {
      skipping = skipping && test(item, at);
      if (!skipping) yield item;
      at += 1;
    }
  });
}

function takeLast(runtime: Runtime, [element]: Types, source: Source, count: number) {
  const items = counted(runtime, source, element);
  return lazy(runtime, element, function* () {
    const all = [...items];
    yield* count <= 0 ? [] : all.slice(-count);
  });
}

function skipLast(runtime: Runtime, [element]: Types, source: Source, count: number) {
  const items = counted(runtime, source, element);
  return lazy(runtime, element, function* () {
    const held: unknown[] = [];
    let at = 0;
    for (const item of items) {
      held.push(item);
      if (held.length - at <= Math.max(count, 0)) continue;
      yield held[at];
      at += 1;
    }
  });
}

function concat(runtime: Runtime, [element]: Types, first: Source, second: Source) {
  const left = counted(runtime, first, element, 'first');
  const right = counted(runtime, second, element, 'second');
  return lazy(runtime, element, function* () {
    yield* left;
    yield* right;
  });
}

function append(runtime: Runtime, [element]: Types, source: Source, item: unknown) {
  const items = counted(runtime, source, element);
  return lazy(runtime, element, function* () {
    yield* items;
    yield item;
  });
}

function prepend(runtime: Runtime, [element]: Types, source: Source, item: unknown) {
  const items = counted(runtime, source, element);
  return lazy(runtime, element, function* () {
    yield item;
    yield* items;
  });
}

function defaultIfEmpty(runtime: Runtime, [element]: Types, source: Source, value: unknown) {
  const items = counted(runtime, source, element);
  return lazy(runtime, element, function* () {
    let empty = true;
    for (const item of items) {
      empty = false;
      yield item;
    }
    if (empty) yield value;
  });
}

function reverse(runtime: Runtime, [element]: Types, source: Source) {
  const items = counted(runtime, source, element);
  return lazy(runtime, element, function* () {
    yield* [...items].reverse();
  });
}

function chunk(runtime: Runtime, [element]: Types, source: Source, size: number) {
  const items = counted(runtime, source, element);
  if (size < 1) throw argumentOutOfRange('size');
  const type = runtime.types.array(element ?? runtime.types.type('object'));
  return lazy(runtime, type, function* () {
    let part: unknown[] = [];
    for (const item of items) {
      part.push(item);
      if (part.length < size) continue;
      yield newArray(runtime, element, part);
      part = [];
    }
    if (part.length > 0) yield newArray(runtime, element, part);
  });
}

/** Goes through several sequences side by side until one ends. */
function* together(sources: readonly Iterable<unknown>[]): Generator<unknown[]> {
  const iterators = sources.map((source) => source[Symbol.iterator]());
  try {
    for (;;) {
      const items: unknown[] = [];
      for (const iterator of iterators) {
        const next = iterator.next();
        if (next.done === true) return;
        items.push(next.value);
      }
      yield items;
    }
  } finally {
    for (const iterator of iterators) iterator.return?.();
  }
}

function zip(runtime: Runtime, [first, second, result]: Types, left: Source, right: Source, selector: Fn | null) {
  const sources = [counted(runtime, left, first, 'first'), counted(runtime, right, second, 'second')];
  const project = need(selector, 'resultSelector');
  return lazy(runtime, result, function* () {
    for (const [a, b] of together(sources)) yield project(a, b);
  });
}

function zipTuples(runtime: Runtime, types: Types, ...sources: Source[]) {
  const names = ['first', 'second', 'third'];
  const parts = sources.map((source, at) => counted(runtime, source, types[at], names[at]));
  const tuple = runtime.types.tuple(types);
  return lazy(runtime, tuple, function* () {
    for (const items of together(parts)) yield new TupleValue(tuple, items);
  });
}

function cast(runtime: Runtime, [result]: Types, source: Source) {
  const wanted = enumerableType(runtime, result);
  const { types } = runtime;
  const from = types.typeOf(need(source, 'source'));
  if (from !== null && types.isAssignable(from, wanted)) return source;
  return lazy(runtime, result, function* () {
    for (const item of objectItems(types, source)) yield result === undefined ? item : castObject(types, item, result);
  });
}

function ofType(runtime: Runtime, [result]: Types, source: Source) {
  const { types } = runtime;
  need(source, 'source');
  return lazy(runtime, result, function* () {
    for (const item of objectItems(types, source)) {
      runtime.budget.step();
      if (result !== undefined && isInstance(types, item, result)) yield fromObject(item, result);
    }
  });
}

function range(runtime: Runtime, start: number, count: number) {
  if (count < 0 || start + count - 1 > 2147483647) throw argumentOutOfRange('count');
  return lazy(runtime, runtime.types.type('int'), function* () {
    for (let value = start; value < start + count; value += 1) {
      runtime.budget.step();
      yield value;
    }
  });
}

function repeat(runtime: Runtime, [element]: Types, item: unknown, count: number) {
  if (count < 0) throw argumentOutOfRange('count');
  return lazy(runtime, element, function* () {
    for (let left = count; left > 0; left -= 1) {
      runtime.budget.step();
      yield item;
    }
  });
}

export const streamingMembers: MemberTable = {
  'static IEnumerable<TSource> Where<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)': special(where),
  'static IEnumerable<TSource> Where<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> predicate)': special(where),
  'static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)':
    special(select),
  'static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, int, TResult> selector)':
    special(select),
  'static IEnumerable<TResult> SelectMany<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, IEnumerable<TResult>> selector)':
    special(selectMany),
  'static IEnumerable<TResult> SelectMany<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, int, IEnumerable<TResult>> selector)':
    special(selectMany),
  'static IEnumerable<TResult> SelectMany<TSource, TCollection, TResult>(this IEnumerable<TSource> source, Func<TSource, IEnumerable<TCollection>> collectionSelector, Func<TSource, TCollection, TResult> resultSelector)':
    special(selectManyPairs),
  'static IEnumerable<TResult> SelectMany<TSource, TCollection, TResult>(this IEnumerable<TSource> source, Func<TSource, int, IEnumerable<TCollection>> collectionSelector, Func<TSource, TCollection, TResult> resultSelector)':
    special(selectManyPairs),
  'static IEnumerable<TSource> Take<TSource>(this IEnumerable<TSource> source, int count)': special(take),
  'static IEnumerable<TSource> Skip<TSource>(this IEnumerable<TSource> source, int count)': special(skip),
  'static IEnumerable<TSource> TakeWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)': special(takeWhile),
  'static IEnumerable<TSource> TakeWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> predicate)':
    special(takeWhile),
  'static IEnumerable<TSource> SkipWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)': special(skipWhile),
  'static IEnumerable<TSource> SkipWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> predicate)':
    special(skipWhile),
  'static IEnumerable<TSource> TakeLast<TSource>(this IEnumerable<TSource> source, int count)': special(takeLast),
  'static IEnumerable<TSource> SkipLast<TSource>(this IEnumerable<TSource> source, int count)': special(skipLast),
  'static IEnumerable<TSource> Concat<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second)': special(concat),
  'static IEnumerable<TSource> Append<TSource>(this IEnumerable<TSource> source, TSource element)': special(append),
  'static IEnumerable<TSource> Prepend<TSource>(this IEnumerable<TSource> source, TSource element)': special(prepend),
  'static IEnumerable<TSource> DefaultIfEmpty<TSource>(this IEnumerable<TSource> source)': special((runtime, types, source: Source) =>
    defaultIfEmpty(runtime, types, source, defaultOf(runtime, types[0])),
  ),
  'static IEnumerable<TSource> DefaultIfEmpty<TSource>(this IEnumerable<TSource> source, TSource defaultValue)': special(defaultIfEmpty),
  'static IEnumerable<TSource> Reverse<TSource>(this IEnumerable<TSource> source)': special(reverse),
  'static IEnumerable<TSource[]> Chunk<TSource>(this IEnumerable<TSource> source, int size)': special(chunk),
  'static IEnumerable<TResult> Zip<TFirst, TSecond, TResult>(this IEnumerable<TFirst> first, IEnumerable<TSecond> second, Func<TFirst, TSecond, TResult> resultSelector)':
    special(zip),
  'static IEnumerable<(TFirst First, TSecond Second)> Zip<TFirst, TSecond>(this IEnumerable<TFirst> first, IEnumerable<TSecond> second)':
    special(zipTuples),
  'static IEnumerable<(TFirst First, TSecond Second, TThird Third)> Zip<TFirst, TSecond, TThird>(this IEnumerable<TFirst> first, IEnumerable<TSecond> second, IEnumerable<TThird> third)':
    special(zipTuples),
  'static IEnumerable<TResult> Cast<TResult>(this System.Collections.IEnumerable source)': special(cast),
  'static IEnumerable<TResult> OfType<TResult>(this System.Collections.IEnumerable source)': special(ofType),
  'static IEnumerable<TSource> AsEnumerable<TSource>(this IEnumerable<TSource> source)': (source: Source) => source,
  'static IEnumerable<TResult> Empty<TResult>()': special((runtime, types) => lazy(runtime, types[0], () => [][Symbol.iterator]())),
  'static IEnumerable<int> Range(int start, int count)': special((runtime, _types, start: number, count: number) =>
    range(runtime, start, count),
  ),
  'static IEnumerable<TResult> Repeat<TResult>(TResult element, int count)': special(repeat),
};
