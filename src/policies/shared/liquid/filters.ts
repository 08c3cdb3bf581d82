/** The filters, by the Pascal case names of DotLiquid's C# mode, compared exactly. */
import { listFilters } from './list-filters.ts';
import { numberFilters } from './number-filters.ts';
import type { LiquidRuntime } from './scope.ts';
import { textFilters } from './text-filters.ts';
import type { LiquidValue } from './values.ts';

export type Filter = (input: LiquidValue, given: readonly LiquidValue[], runtime: LiquidRuntime) => LiquidValue;

const FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ...Object.entries(textFilters),
  ...Object.entries(numberFilters),
  ...Object.entries(listFilters),
]);

/** Undefined for an unknown name, which fails when it is reached. */
export function filterNamed(name: string): Filter | undefined {
  return FILTERS.get(name);
}
