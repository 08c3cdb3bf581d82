/** Value tuples: mutable structs that a variable owns. */
import { TupleValue } from '../runtime/values.ts';

export const TUPLE_NAME = 'System.ValueTuple';

/** A copy that shares nothing that can be written. */
export function copyTuple(value: TupleValue | null): TupleValue | null {
  if (value === null || value === undefined) return null;
  return new TupleValue(value.netType, value.items.map(copyItem));
}

function copyItem(item: unknown): unknown {
  return item instanceof TupleValue ? copyTuple(item) : item;
}

/** `Item3` is at index 2, `Rest` at index 7; undefined for other names. */
export function tupleIndex(field: string): number | undefined {
  if (field === 'Rest') return 7;
  const match = /^Item([1-7])$/.exec(field);
  return match ? Number(match[1]) - 1 : undefined;
}
