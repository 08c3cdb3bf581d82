/** Which argument goes to which parameter (C# specification, Corresponding parameters), in normal or expanded form. */
import type { CallArgument } from '../check/semantics.ts';
import type { Parameter } from './type.ts';

/** For each parameter: its argument's index, several in the expanded form of `params`, undefined for its default. */
export type Mapping = readonly (number | readonly number[] | undefined)[];

export type MappingResult =
  | { readonly ok: true; readonly mapping: Mapping }
  | { readonly ok: false; readonly reason: 'tooMany' }
  | { readonly ok: false; readonly reason: 'missing'; readonly parameter: string }
  | { readonly ok: false; readonly reason: 'unknownName' | 'namedTwice' | 'outOfPosition'; readonly argument: number };

export function mapArguments(parameters: readonly Parameter[], args: readonly CallArgument[], expanded: boolean): MappingResult {
  const slots: (number | number[] | undefined)[] = parameters.map(() => undefined);
  const last = parameters.length - 1;
  if (expanded) slots[last] = [];
  let misplaced: number | undefined;
  for (const [index, argument] of args.entries()) {
    const at =
      argument.name === undefined ? positional(index, last, expanded) : parameters.findIndex((each) => each.name === argument.name);
    if (argument.name === undefined && misplaced !== undefined) return { ok: false, reason: 'outOfPosition', argument: misplaced };
    if (at === undefined) return { ok: false, reason: 'tooMany' };
    if (at < 0) return { ok: false, reason: 'unknownName', argument: index };
    if (argument.name !== undefined && at !== index) misplaced ??= index;
    const slot = slots[at];
    if (Array.isArray(slot)) slot.push(index);
    else if (slot !== undefined) return { ok: false, reason: 'namedTwice', argument: index };
    else slots[at] = index;
  }
  const missing = parameters.find((parameter, at) => slots[at] === undefined && !parameter.isOptional);
  return missing === undefined ? { ok: true, mapping: slots } : { ok: false, reason: 'missing', parameter: missing.name };
}

function positional(index: number, last: number, expanded: boolean): number | undefined {
  if (expanded) return Math.min(index, last);
  return index <= last ? index : undefined;
}

/** The parameter of each argument, by argument index. */
export function parameterIndexes(mapping: Mapping, count: number): readonly number[] {
  const indexes: number[] = new Array<number>(count).fill(0);
  for (const [parameter, slot] of mapping.entries())
    for (const argument of Array.isArray(slot) ? slot : slot === undefined ? [] : [slot]) indexes[argument as number] = parameter;
  return indexes;
}
