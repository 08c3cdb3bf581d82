/** Operators that give one item or a yes or no: First, Single, ElementAt, Any, All, Contains, Count, Aggregate … */
import { argumentOutOfRange, overflow } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { Ref } from '../../csharp/runtime/values.ts';
import { type MemberTable, special } from '../../csharp/types/declare.ts';
import { equalityOf } from '../collections/comparers.ts';
import { isArrayValue, isCollectionObject, isListObject, isManyFaced, type NetComparer } from '../collections/contract.ts';
import { defaultOf } from '../collections/elements.ts';
import { badIndex, moreThanOneElement, moreThanOneMatch, noElements, noMatch } from '../collections/errors.ts';
import { itemAt, knownCount } from '../collections/views.ts';
import { counted, type Fn, need, type Source, type Test, type Types, visitEach } from './sequence.ts';

type Found = readonly [unknown] | undefined;
type Finder = (runtime: Runtime, types: Types, source: Source, predicate: Test | null) => Found;

function first(runtime: Runtime, [element]: Types, source: Source, predicate: Test | null): Found {
  let found: Found;
  visitEach(runtime, source, element, (item) => {
    if (predicate !== null && !predicate(item)) return false;
    found = [item];
    return true;
  });
  return found;
}

function last(runtime: Runtime, [element]: Types, source: Source, predicate: Test | null): Found {
  let found: Found;
  visitEach(runtime, source, element, (item) => {
    if (predicate === null || predicate(item)) found = [item];
    return false;
  });
  return found;
}

function single(runtime: Runtime, [element]: Types, source: Source, predicate: Test | null): Found {
  let found: Found;
  visitEach(runtime, source, element, (item) => {
    if (predicate !== null && !predicate(item)) return false;
    if (found !== undefined) throw predicate === null ? moreThanOneElement() : moreThanOneMatch();
    found = [item];
    return false;
  });
  return found;
}

/** First, FirstOrDefault and their kin, which differ in how they find and in what missing means. */
function finders(name: string, find: Finder): MemberTable {
  const header = (suffix: string, parameters: string): string =>
    `static TSource ${name}${suffix}<TSource>(this IEnumerable<TSource> source${parameters})`;
  return {
    [header('', '')]: special((runtime, types, source: Source) => orThrow(find(runtime, types, source, null), noElements)),
    [header('', ', Func<TSource, bool> predicate')]: special((runtime, types, source: Source, predicate: Test | null) =>
      orThrow(find(runtime, types, need(source, 'source'), need(predicate, 'predicate')), noMatch),
    ),
    [header('OrDefault', '')]: special((runtime, types, source: Source) => orDefault(runtime, types, find(runtime, types, source, null))),
    [header('OrDefault', ', Func<TSource, bool> predicate')]: special((runtime, types, source: Source, predicate: Test | null) =>
      orDefault(runtime, types, find(runtime, types, need(source, 'source'), need(predicate, 'predicate'))),
    ),
    [header('OrDefault', ', TSource defaultValue')]: special((runtime, types, source: Source, value: unknown) =>
      orValue(find(runtime, types, source, null), value),
    ),
    [header('OrDefault', ', Func<TSource, bool> predicate, TSource defaultValue')]: special(
      (runtime, types, source: Source, predicate: Test | null, value: unknown) =>
        orValue(find(runtime, types, need(source, 'source'), need(predicate, 'predicate')), value),
    ),
  };
}

function orThrow(found: Found, fault: () => Error): unknown {
  if (found === undefined) throw fault();
  return found[0];
}
function orDefault(runtime: Runtime, [element]: Types, found: Found): unknown {
  return found === undefined ? defaultOf(runtime, element) : found[0];
}
function orValue(found: Found, value: unknown): unknown {
  return found === undefined ? value : found[0];
}

function elementAt(runtime: Runtime, [element]: Types, source: Source, index: number): Found {
  const given = need(source, 'source');
  const count = knownCount(given);
  if ((isArrayValue(given) || isListObject(given)) && count !== undefined)
    return index < 0 || index >= count ? undefined : [itemAt(given, index)];
  let at = 0;
  if (index >= 0) for (const item of counted(runtime, given, element)) if (at++ === index) return [item];
  return undefined;
}

function elementAtOrThrow(runtime: Runtime, types: Types, source: Source, index: number): unknown {
  const found = elementAt(runtime, types, source, index);
  if (found !== undefined) return found[0];
  throw isArrayValue(source) || isListObject(source) ? badIndex() : argumentOutOfRange('index');
}

function count(runtime: Runtime, [element]: Types, source: Source, predicate: Test | null): number {
  const known = predicate === null && !isManyFaced(source) ? knownCount(source) : undefined;
  if (known !== undefined) return known;
  let total = 0;
  visitEach(runtime, source, element, (item) => {
    if (predicate === null || predicate(item)) total += 1;
    return false;
  });
  if (total > 2147483647) throw overflow();
  return total;
}

function any(runtime: Runtime, [element]: Types, source: Source, predicate: Test | null): boolean {
  return visitEach(runtime, source, element, (item) => predicate === null || predicate(item));
}

function all(runtime: Runtime, [element]: Types, source: Source, predicate: Test | null): boolean {
  const given = need(source, 'source');
  const test = need(predicate, 'predicate');
  return !visitEach(runtime, given, element, (item) => !test(item));
}

function contains(runtime: Runtime, [element]: Types, source: Source, value: unknown, comparer: NetComparer | null): boolean {
  if (comparer === null && isCollectionObject(source) && source.netContains) return source.netContains(value);
  const { equals } = equalityOf(comparer, element);
  return visitEach(runtime, source, element, (item) => equals(item, value));
}

function sequenceEqual(runtime: Runtime, [element]: Types, a: Source, b: Source, comparer: NetComparer | null): boolean {
  const left = counted(runtime, a, element, 'first');
  const right = counted(runtime, b, element, 'second')[Symbol.iterator]();
  const { equals } = equalityOf(comparer, element);
  for (const item of left) {
    const other = right.next();
    if (other.done === true || !equals(item, other.value)) return false;
  }
  return right.next().done === true;
}

function aggregate(runtime: Runtime, [element]: Types, source: Source, func: Fn | null): unknown {
  const items = counted(runtime, source, element);
  const combine = need(func, 'func');
  let result: readonly [unknown] | undefined;
  for (const item of items) result = [result === undefined ? item : combine(result[0], item)];
  return orThrow(result, noElements);
}

function fold(runtime: Runtime, [element]: Types, source: Source, seed: unknown, func: Fn | null): unknown {
  const given = need(source, 'source');
  const combine = need(func, 'func');
  let result = seed;
  visitEach(runtime, given, element, (item) => {
    result = combine(result, item);
    return false;
  });
  return result;
}

function tryCount(runtime: Runtime, _types: Types, source: Source, out: Ref): boolean {
  const known = knownCount(need(source, 'source'));
  runtime.budget.step();
  out.value = known ?? 0;
  return known !== undefined;
}

export const pickingMembers: MemberTable = {
  ...finders('First', first),
  ...finders('Last', last),
  ...finders('Single', single),
  'static TSource ElementAt<TSource>(this IEnumerable<TSource> source, int index)': special(elementAtOrThrow),
  'static TSource ElementAtOrDefault<TSource>(this IEnumerable<TSource> source, int index)': special(
    (runtime, types, source: Source, index: number) => orDefault(runtime, types, elementAt(runtime, types, source, index)),
  ),
  'static bool Any<TSource>(this IEnumerable<TSource> source)': special((runtime, types, source: Source) =>
    any(runtime, types, source, null),
  ),
  'static bool Any<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)': special(
    (runtime, types, source: Source, predicate: Test | null) => any(runtime, types, need(source, 'source'), need(predicate, 'predicate')),
  ),
  'static bool All<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)': special(all),
  'static bool Contains<TSource>(this IEnumerable<TSource> source, TSource value)': special(
    (runtime, types, source: Source, value: unknown) => contains(runtime, types, source, value, null),
  ),
  'static bool Contains<TSource>(this IEnumerable<TSource> source, TSource value, IEqualityComparer<TSource> comparer)': special(contains),
  'static int Count<TSource>(this IEnumerable<TSource> source)': special((runtime, types, source: Source) =>
    count(runtime, types, source, null),
  ),
  'static int Count<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)': special(
    (runtime, types, source: Source, predicate: Test | null) => count(runtime, types, need(source, 'source'), need(predicate, 'predicate')),
  ),
  'static long LongCount<TSource>(this IEnumerable<TSource> source)': special((runtime, types, source: Source) =>
    BigInt(count(runtime, types, source, null)),
  ),
  'static long LongCount<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)': special(
    (runtime, types, source: Source, predicate: Test | null) =>
      BigInt(count(runtime, types, need(source, 'source'), need(predicate, 'predicate'))),
  ),
  'static bool TryGetNonEnumeratedCount<TSource>(this IEnumerable<TSource> source, out int count)': special(tryCount),
  'static bool SequenceEqual<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second)': special(
    (runtime, types, a: Source, b: Source) => sequenceEqual(runtime, types, a, b, null),
  ),
  'static bool SequenceEqual<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second, IEqualityComparer<TSource> comparer)':
    special(sequenceEqual),
  'static TSource Aggregate<TSource>(this IEnumerable<TSource> source, Func<TSource, TSource, TSource> func)': special(aggregate),
  'static TAccumulate Aggregate<TSource, TAccumulate>(this IEnumerable<TSource> source, TAccumulate seed, Func<TAccumulate, TSource, TAccumulate> func)':
    special(fold),
  'static TResult Aggregate<TSource, TAccumulate, TResult>(this IEnumerable<TSource> source, TAccumulate seed, Func<TAccumulate, TSource, TAccumulate> func, Func<TAccumulate, TResult> resultSelector)':
    special((runtime, types, source: Source, seed: unknown, func: Fn | null, result: Fn | null) =>
      need(result, 'resultSelector')(fold(runtime, types, source, seed, func)),
    ),
};
