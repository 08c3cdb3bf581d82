import type { Budget } from '../../csharp/runtime/budget.ts';
import { isWhiteSpace } from './unicode.ts';
import { illegalEnumValue, requireNonNegative } from './wording.ts';

const REMOVE_EMPTY = 1;
const TRIM = 2;
/** What a part costs in the array of parts, as the budget counts. */
const BYTES_A_PART = 32;
/** Texts below this length are cut by the engine itself where the plain rules allow. */
const SHORT = 10_000;

/** Trims white space as .NET knows it from the sides asked for. */
export function trimWhiteSpace(text: string, start: boolean, end: boolean): string {
  const isTight = isPlain(text.charCodeAt(0)) && isPlain(text.charCodeAt(text.length - 1));
  return isTight ? text : trimUnits(text, isWhiteSpace, start, end);
}

/** A visible ASCII character: most texts begin and end with one. */
function isPlain(unit: number): boolean {
  return unit > 32 && unit < 127;
}

/** Trims the units that pass the test. */
export function trimUnits(text: string, test: (unit: number) => boolean, start: boolean, end: boolean): string {
  let from = 0;
  let to = text.length;
  if (start) while (from < to && test(text.charCodeAt(from))) from += 1;
  if (end) while (to > from && test(text.charCodeAt(to - 1))) to -= 1;
  return from === 0 && to === text.length ? text : text.slice(from, to);
}

/** Where separators stand: positions and lengths, in order. */
interface Separators {
  readonly at: readonly number[];
  readonly lengths: readonly number[];
}

/** `Split` by any of the characters; by white space when there are none. */
export function splitByChars(
  text: string,
  separators: readonly number[] | null,
  count: number,
  options: number,
  budget?: Budget,
): string[] {
  checkArguments(count, options);
  const only = separators?.length === 1 ? separators[0] : undefined;
  if (only !== undefined && options === 0 && count > text.length && text.length < SHORT) {
    budget?.allocate(text.length);
    return text.split(String.fromCharCode(only));
  }
  const wanted = separators === null || separators.length === 0 ? isWhiteSpace : isOneOf(separators);
  return text.length === 0 || count <= 1 ? whole(text, count, options) : cut(text, findUnits(text, wanted, budget), count, options);
}

/** `Split` by any of the texts; by white space when there are none. Empty texts separate nothing. */
export function splitByTexts(
  text: string,
  separators: readonly (string | null)[] | null,
  count: number,
  options: number,
  budget?: Budget,
): string[] {
  if (separators === null || separators.length === 0) return splitByChars(text, null, count, options, budget);
  checkArguments(count, options);
  const texts = separators.filter((separator): separator is string => separator !== null && separator !== '');
  return text.length === 0 || count <= 1 ? whole(text, count, options) : cut(text, findTexts(text, texts, budget), count, options);
}

/** `Split` by one text; null or empty leaves the text whole. */
export function splitByText(text: string, separator: string | null, count: number, options: number, budget?: Budget): string[] {
  return splitByTexts(text, [separator ?? ''], count, options, budget);
}

function checkArguments(count: number, options: number): void {
  requireNonNegative(count, 'count');
  if ((options & ~(REMOVE_EMPTY | TRIM)) !== 0) throw illegalEnumValue(options, 'options');
}

/** Whether a code unit is one of those, at the same cost however many they are. */
export function isOneOf(units: readonly number[]): (unit: number) => boolean {
  const only = units[0];
  if (units.length === 1) return (unit) => unit === only;
  const set = new Set(units);
  return (unit) => set.has(unit);
}

function findUnits(text: string, test: (unit: number) => boolean, budget: Budget | undefined): Separators {
  const at: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (!test(text.charCodeAt(i))) continue;
    budget?.allocate(BYTES_A_PART);
    at.push(i);
  }
  return { at, lengths: at.map(() => 1) };
}

function findTexts(text: string, separators: readonly string[], budget: Budget | undefined): Separators {
  const at: number[] = [];
  const lengths: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const separator = separators.find((candidate) => text.startsWith(candidate, i));
    if (separator === undefined) continue;
    budget?.allocate(BYTES_A_PART);
    at.push(i);
    lengths.push(separator.length);
    i += separator.length - 1;
  }
  return { at, lengths };
}

function whole(text: string, count: number, options: number): string[] {
  if (count === 0) return [];
  const part = trimmed(text, options);
  return part === '' && (options & REMOVE_EMPTY) !== 0 ? [] : [part];
}

function trimmed(part: string, options: number): string {
  return (options & TRIM) === 0 ? part : trimWhiteSpace(part, true, true);
}

function cut(text: string, separators: Separators, count: number, options: number): string[] {
  const removeEmpty = (options & REMOVE_EMPTY) !== 0;
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < separators.at.length; i++) {
    const at = separators.at[i] ?? 0;
    const part = trimmed(text.slice(from, at), options);
    // The last part takes the rest of the text; before it, empty parts are still skipped.
    if (parts.length === count - 1 && !(removeEmpty && part === '')) break;
    if (!removeEmpty || part !== '') parts.push(part);
    from = at + (separators.lengths[i] ?? 1);
  }
  const last = trimmed(text.slice(from), options);
  if (!removeEmpty || last !== '') parts.push(last);
  return parts;
}
