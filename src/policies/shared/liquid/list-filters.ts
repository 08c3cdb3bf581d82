/** Filters over lists. */
import { sameValue } from './compare.ts';
import type { Filter } from './filters.ts';
import { isList, isObject, itemsOf, type LiquidValue, memberOf, textOf } from './values.ts';

function flattened(value: LiquidValue): LiquidValue[] {
  return isList(value) ? value.flatMap(flattened) : [value];
}

/** Ordinal, ignoring case; numbers by their size. */
function ordered(a: LiquidValue, b: LiquidValue): number {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [x, y] = [textOf(a).toUpperCase(), textOf(b).toUpperCase()];
  return x < y ? -1 : x > y ? 1 : 0;
}

function keyOf(item: LiquidValue, member: LiquidValue): LiquidValue {
  return member === null ? item : (memberOf(item, member) ?? null);
}

/** Texts and numbers are told apart by kind and text, so that long lists stay cheap; others are compared. */
function unique(items: readonly LiquidValue[]): LiquidValue[] {
  const seen = new Set<string>();
  const objects: LiquidValue[] = [];
  return items.filter((item) => {
    if (item !== null && (isList(item) || isObject(item))) {
      if (objects.some((one) => one === item || (isList(one) && isList(item) && sameValue(one, item)))) return false;
      return objects.length < 1000 ? objects.push(item) > 0 : true;
    }
    const key = `${typeof item} ${textOf(item)}`;
    return seen.has(key) ? false : seen.add(key).size > 0;
  });
}

export const listFilters: Readonly<Record<string, Filter>> = {
  Compact: (input) => (input === null ? null : flattened(input).filter((item) => item !== null)),
  First: (input) => (input === null ? null : (itemsOf(input)[0] ?? null)),
  Last: (input) => (input === null ? null : (itemsOf(input).at(-1) ?? null)),
  Join: (input, [glue = ' '], runtime) => {
    if (input === null) return null;
    const parts = (isList(input) ? flattened(input) : [input]).map(textOf);
    runtime.budget.allocate(parts.reduce((sum, part) => sum + part.length + textOf(glue).length, 0));
    return parts.join(textOf(glue));
  },
  Map: (input, [member = null]) => (input === null ? null : itemsOf(input).map((item) => keyOf(item, member))),
  Size: (input) => BigInt(typeof input === 'string' ? input.length : itemsOf(input).length),
  Sort: (input, [member = null]) =>
    input === null ? null : [...itemsOf(input)].sort((a, b) => ordered(keyOf(a, member), keyOf(b, member))),
  Uniq: (input) => (input === null ? null : unique(itemsOf(input))),
};
