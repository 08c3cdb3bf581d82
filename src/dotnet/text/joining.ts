/** Joining and concatenating any values, with the budget counting what they make. */
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { textOf, toText } from '../../csharp/runtime/text.ts';
import type { Type } from '../../csharp/types/type.ts';

/** The texts of object-represented values. */
export function textsOfObjects(values: Iterable<unknown>): string[] {
  return Array.from(values, toText);
}

/** The texts of values in the representation of `type`; counts a step for each, since a sequence may never end. */
export function textsOf(runtime: Runtime, values: Iterable<unknown>, type: Type | undefined): string[] {
  const texts: string[] = [];
  for (const value of values) {
    runtime.budget.step();
    texts.push(type === undefined ? toText(value) : textOf(value, type));
  }
  return texts;
}

/** `string.Join`: null elements and a null separator count as empty. */
export function join(runtime: Runtime, separator: string | null, texts: readonly (string | null)[]): string {
  let size = (separator ?? '').length * texts.length;
  for (const text of texts) size += text?.length ?? 0;
  runtime.budget.allocate(size);
  return texts.map((text) => text ?? '').join(separator ?? '');
}

/** `string.Concat` of texts, null as empty. */
export function concat(runtime: Runtime, texts: readonly (string | null)[]): string {
  return join(runtime, '', texts);
}
