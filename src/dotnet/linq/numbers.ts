/** Sum, Average, Min and Max for each type they are declared for. */
import { overflow } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { isValueType, nullableElement } from '../../csharp/runtime/type-facts.ts';
import { type MemberTable, special } from '../../csharp/types/declare.ts';
import type { Type } from '../../csharp/types/type.ts';
import { orderOf } from '../collections/comparers.ts';
import type { NetComparer } from '../collections/contract.ts';
import { noElements } from '../collections/errors.ts';
import type { Compare } from '../collections/sort.ts';
import { addDecimals, decimalFromInteger, divideDecimals, type NetDecimal } from '../numbers/decimal.ts';
import { counted, type Fn, need, type Source } from './sequence.ts';

/** How a numeric type is added up. Sums are kept wider than the type where .NET does so. */
interface Adder {
  readonly keyword: string;
  /** Result type of Average. */
  readonly mean: string;
  sum(values: Iterable<unknown>): unknown;
  average(values: Iterable<unknown>): unknown;
}

function sumInt(values: Iterable<unknown>): number {
  let sum = 0;
  for (const value of values as Iterable<number>) {
    sum += value;
    if (sum > 2147483647 || sum < -2147483648) throw overflow();
  }
  return sum;
}

function sumLong(values: Iterable<unknown>): bigint {
  let sum = 0n;
  for (const value of values as Iterable<bigint>) {
    sum += value;
    if (BigInt.asIntN(64, sum) !== sum) throw overflow();
  }
  return sum;
}

function sumDouble(values: Iterable<unknown>): number {
  let sum = 0;
  for (const value of values as Iterable<number>) sum += value;
  return sum;
}

function sumDecimal(values: Iterable<unknown>): NetDecimal {
  let sum = decimalFromInteger(0);
  for (const value of values as Iterable<NetDecimal>) sum = addDecimals(sum, value);
  return sum;
}

/** Sum and count in one pass; an empty sequence has no average. */
function averageBy<T>(
  values: Iterable<unknown>,
  sum: (values: Iterable<unknown>) => T,
  divide: (sum: T, count: number) => unknown,
): unknown {
  let count = 0;
  const total = sum(
    (function* () {
      for (const value of values) {
        count += 1;
        yield value;
      }
    })(),
  );
  if (count === 0) throw noElements();
  return divide(total, count);
}

const asLong = (values: Iterable<unknown>): bigint =>
  sumLong(
    (function* () {
      for (const value of values as Iterable<number>) yield BigInt(value);
    })(),
  );

const ADDERS: readonly Adder[] = [
  { keyword: 'int', mean: 'double', sum: sumInt, average: (values) => averageBy(values, asLong, (sum, count) => Number(sum) / count) },
  { keyword: 'long', mean: 'double', sum: sumLong, average: (values) => averageBy(values, sumLong, (sum, count) => Number(sum) / count) },
  {
    keyword: 'float',
    mean: 'float',
    sum: (values) => Math.fround(sumDouble(values)),
    average: (values) => averageBy(values, sumDouble, (sum, count) => Math.fround(sum / count)),
  },
  { keyword: 'double', mean: 'double', sum: sumDouble, average: (values) => averageBy(values, sumDouble, (sum, count) => sum / count) },
  {
    keyword: 'decimal',
    mean: 'decimal',
    sum: sumDecimal,
    average: (values) => averageBy(values, sumDecimal, (sum, count) => divideDecimals(sum, decimalFromInteger(count))),
  },
];

function* present(values: Iterable<unknown>): Generator<unknown> {
  for (const value of values) if (value !== null) yield value;
}

/** Average over nullable values: null when there is none. */
function averageOrNull(values: Iterable<unknown>, average: (values: Iterable<unknown>) => unknown): unknown {
  const all = [...present(values)];
  return all.length === 0 ? null : average(all);
}

function* mapped(items: Iterable<unknown>, selector: Fn): Generator<unknown> {
  for (const item of items) yield selector(item);
}

/** The least (sign 1) or greatest (sign -1) value, nulls left out; undefined when there is none. */
function extreme(values: Iterable<unknown>, compare: Compare, sign: 1 | -1): readonly [unknown] | undefined {
  let best: readonly [unknown] | undefined;
  for (const value of values) if (value !== null && (best === undefined || sign * compare(value, best[0]) < 0)) best = [value];
  return best;
}

function extremeOf(values: Iterable<unknown>, type: Type | undefined, comparer: NetComparer | null, sign: 1 | -1): unknown {
  const best = extreme(values, orderOf(comparer, type), sign);
  if (best !== undefined) return best[0];
  if (type !== undefined && isValueType(type) && nullableElement(type) === undefined) throw noElements();
  return null;
}

function extremeBy(
  runtime: Runtime,
  [element, key]: readonly Type[],
  source: Source,
  selector: Fn | null,
  comparer: NetComparer | null,
  sign: 1 | -1,
): unknown {
  const items = counted(runtime, source, element);
  const select = need(selector, 'keySelector');
  const compare = orderOf(comparer, key);
  let best: { item: unknown; key: unknown } | undefined;
  for (const item of items) {
    const value = select(item);
    if (best === undefined || (value !== null && (best.key === null || sign * compare(value, best.key) < 0))) best = { item, key: value };
  }
  if (best !== undefined) return best.item;
  if (element !== undefined && isValueType(element) && nullableElement(element) === undefined) throw noElements();
  return null;
}

/** Both forms, over the values themselves and over what a selector makes of them. */
function both(
  table: Record<string, MemberTable[string]>,
  name: string,
  result: string,
  of: string,
  calculate: (values: Iterable<unknown>, runtime: Runtime) => unknown,
): void {
  table[`static ${result} ${name}(this IEnumerable<${of}> source)`] = special((runtime, _types, source: Source) =>
    calculate(counted(runtime, source, undefined), runtime),
  );
  table[`static ${result} ${name}<TSource>(this IEnumerable<TSource> source, Func<TSource, ${of}> selector)`] = special(
    (runtime, [element], source: Source, selector: Fn | null) =>
      calculate(mapped(counted(runtime, source, element), need(selector, 'selector')), runtime),
  );
}

function numericMembers(): MemberTable {
  const table: Record<string, MemberTable[string]> = {};
  for (const { keyword, mean, sum, average } of ADDERS) {
    both(table, 'Sum', keyword, keyword, sum);
    both(table, 'Sum', `${keyword}?`, `${keyword}?`, (values) => sum(present(values)));
    both(table, 'Average', mean, keyword, average);
    both(table, 'Average', `${mean}?`, `${keyword}?`, (values) => averageOrNull(values, average));
    for (const [name, sign] of [
      ['Min', 1],
      ['Max', -1],
    ] as const) {
      both(table, name, keyword, keyword, (values, runtime) => extremeOf(values, runtime.types.type(keyword), null, sign));
      both(table, name, `${keyword}?`, `${keyword}?`, (values, runtime) =>
        extremeOf(values, runtime.types.nullable(runtime.types.type(keyword)), null, sign),
      );
    }
  }
  return table;
}

function extremeMembers(name: 'Min' | 'Max', sign: 1 | -1): MemberTable {
  return {
    [`static TSource ${name}<TSource>(this IEnumerable<TSource> source)`]: special((runtime, [element], source: Source) =>
      extremeOf(counted(runtime, source, element), element, null, sign),
    ),
    [`static TSource ${name}<TSource>(this IEnumerable<TSource> source, IComparer<TSource> comparer)`]: special(
      (runtime, [element], source: Source, comparer: NetComparer | null) =>
        extremeOf(counted(runtime, source, element), element, comparer, sign),
    ),
    [`static TResult ${name}<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)`]: special(
      (runtime, [element, result], source: Source, selector: Fn | null) =>
        extremeOf(mapped(counted(runtime, source, element), need(selector, 'selector')), result, null, sign),
    ),
    [`static TSource ${name}By<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector)`]: special(
      (runtime, types, source: Source, selector: Fn | null) => extremeBy(runtime, types, source, selector, null, sign),
    ),
    [`static TSource ${name}By<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, IComparer<TKey> comparer)`]:
      special((runtime, types, source: Source, selector: Fn | null, comparer: NetComparer | null) =>
        extremeBy(runtime, types, source, selector, comparer, sign),
      ),
  };
}

export const numberMembers: MemberTable = { ...numericMembers(), ...extremeMembers('Min', 1), ...extremeMembers('Max', -1) };
