import { argument } from '../../csharp/runtime/exception.ts';
import { isAscii, toUpper } from './casing.ts';

/** `System.StringComparison`. Current and invariant culture are the same: the gateway runs with the invariant culture. */
export const COMPARISON = {
  CurrentCulture: 0,
  CurrentCultureIgnoreCase: 1,
  InvariantCulture: 2,
  InvariantCultureIgnoreCase: 3,
  Ordinal: 4,
  OrdinalIgnoreCase: 5,
} as const;

/** How two texts are compared: by code units or by culture, with or without regard to case. */
export interface Rule {
  readonly ordinal: boolean;
  readonly ignoreCase: boolean;
}

export const ORDINAL: Rule = { ordinal: true, ignoreCase: false };
export const ORDINAL_IGNORE_CASE: Rule = { ordinal: true, ignoreCase: true };
export const CULTURE: Rule = { ordinal: false, ignoreCase: false };
export const CULTURE_IGNORE_CASE: Rule = { ordinal: false, ignoreCase: true };

const RULES: readonly Rule[] = [CULTURE, CULTURE_IGNORE_CASE, CULTURE, CULTURE_IGNORE_CASE, ORDINAL, ORDINAL_IGNORE_CASE];

/** The rule of a `StringComparison`; ArgumentException for a value that is none. */
export function ruleOf(comparison: number, parameter = 'comparisonType'): Rule {
  const rule = RULES[comparison];
  if (rule === undefined) throw argument('The string comparison type passed in is currently not supported.', parameter);
  return rule;
}

/** The rule of `CompareOptions`: None 0, IgnoreCase 1, OrdinalIgnoreCase 0x10000000, Ordinal 0x40000000. */
export function ruleOfOptions(options: number): Rule {
  if (options === 0x40000000) return ORDINAL;
  if (options === 0x10000000) return ORDINAL_IGNORE_CASE;
  return (options & 1) !== 0 ? CULTURE_IGNORE_CASE : CULTURE;
}

export function cultureRule(ignoreCase: boolean): Rule {
  return ignoreCase ? CULTURE_IGNORE_CASE : CULTURE;
}

// The root order of the Unicode collation algorithm, as ICU gives it to .NET's invariant culture.
const collator = madeAtFirstUse({});
const collatorIgnoringCase = madeAtFirstUse({ sensitivity: 'accent' });

/** Reading ICU's tables takes several milliseconds of a start; most policies compare nothing by culture. */
function madeAtFirstUse(options: Intl.CollatorOptions): () => Intl.Collator {
  let made: Intl.Collator | undefined;
  return () => {
    made ??= new Intl.Collator('en', options);
    return made;
  };
}

/** Difference of the first differing code units, else of the lengths: what `string.CompareOrdinal` returns. */
export function compareOrdinal(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** `string.Compare` of two texts, null before everything. */
export function compare(a: string | null, b: string | null, rule: Rule): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (rule.ordinal) return rule.ignoreCase ? compareOrdinal(toUpper(a), toUpper(b)) : compareOrdinal(a, b);
  return (rule.ignoreCase ? collatorIgnoringCase() : collator()).compare(a, b);
}

/** `string.Equals` under a rule. */
export function equals(a: string | null, b: string | null, rule: Rule): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (rule.ordinal) return rule.ignoreCase && a.length === b.length && toUpper(a) === toUpper(b);
  return compare(a, b, rule) === 0;
}

/** A text that is the same for all texts equal under the rule: what a hash code is taken of. */
export function sortKey(text: string, rule: Rule): string {
  const cased = rule.ignoreCase ? toUpper(text) : text;
  return rule.ordinal || orderingWork(cased) > MOST_WORK ? cased : cased.normalize('NFD');
}

/** Runs of marks that no writing has; ICU needs the square of their length to put them in order. */
const LONG_RUN = /\p{M}{33,}/gu;
const MARKS_A_STEP = 1000;
const MOST_WORK = 10_000;

/** Steps that normalizing a text is worth; 0 for what people write. */
export function orderingWork(text: string): number {
  let work = 0;
  for (const [run] of text.matchAll(LONG_RUN)) work += Math.ceil(run.length ** 2 / MARKS_A_STEP);
  return work;
}

// Characters that culture rules ignore or combine with their neighbours; without them culture and code units agree.
const COMBINING = /[\0-\x08\x0e-\x1f\x7f\xad\p{M}\u200b-\u200f\u2060\ufeff]/u;

/** Where `value` is found, and how long the part is that it equals. */
export interface Found {
  readonly index: number;
  readonly length: number;
}

/** First match at or after `start` and before `end`; undefined when there is none. */
export function findFirst(text: string, value: string, start: number, end: number, rule: Rule): Found | undefined {
  if (value === '') return { index: start, length: 0 };
  if (needsCollation(text, value, rule)) return collate(text, value, start, end, rule, 1);
  const [where, what] = folded(text, value, rule);
  const index = where.indexOf(what, start);
  return index < 0 || index + what.length > end ? undefined : { index, length: what.length };
}

/** All matches in order, none overlapping; the casing is folded once, so the scan is linear. */
export function* findAll(text: string, value: string, rule: Rule): Iterable<Found> {
  if (needsCollation(text, value, rule)) {
    yield* collateAll(text, value, rule);
    return;
  }
  const [where, what] = folded(text, value, rule);
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + what.length)) yield { index: at, length: what.length };
}

function* collateAll(text: string, value: string, rule: Rule): Iterable<Found> {
  let from = 0;
  for (;;) {
    const found = collate(text, value, from, text.length, rule, 1);
    if (found === undefined || found.length === 0) return;
    yield found;
    from = found.index + found.length;
  }
}

/** Last match that lies between `start` and `end`. */
export function findLast(text: string, value: string, start: number, end: number, rule: Rule): Found | undefined {
  if (value === '') return { index: end, length: 0 };
  if (needsCollation(text, value, rule)) return collate(text, value, start, end, rule, -1);
  if (value.length > end - start) return undefined;
  const [where, what] = folded(text, value, rule);
  const index = where.lastIndexOf(what, end - what.length);
  return index < start ? undefined : { index, length: what.length };
}

/** `StartsWith` under a rule. */
export function startsWith(text: string, value: string, rule: Rule): boolean {
  if (value === '') return true;
  if (needsCollation(text, value, rule)) return matchAt(text, value, 0, text.length, rule) !== undefined;
  return equals(text.slice(0, value.length), value, rule.ignoreCase ? ORDINAL_IGNORE_CASE : ORDINAL);
}

/** `EndsWith` under a rule. */
export function endsWith(text: string, value: string, rule: Rule): boolean {
  if (value === '') return true;
  if (!needsCollation(text, value, rule)) {
    return (
      value.length <= text.length && equals(text.slice(text.length - value.length), value, rule.ignoreCase ? ORDINAL_IGNORE_CASE : ORDINAL)
    );
  }
  for (let from = Math.max(0, text.length - windowLength(value)); from <= text.length; from++) {
    if (equals(text.slice(from), value, rule)) return true;
  }
  return false;
}

function needsCollation(text: string, value: string, rule: Rule): boolean {
  if (rule.ordinal) return false;
  if (isAscii(text) && isAscii(value) && !value.includes('\0')) return false;
  if (value.length > LONGEST_COLLATED) return false;
  return COMBINING.test(value) || COMBINING.test(text);
}

function folded(text: string, value: string, rule: Rule): [string, string] {
  return rule.ignoreCase ? [toUpper(text), toUpper(value)] : [text, value];
}

// A longer text is looked for by code units, so that a hostile pair of texts stays cheap.
const LONGEST_COLLATED = 64;

// A part that equals `value` by culture may be longer than it (decomposed accents, ignored characters); the window keeps the scan linear.
function windowLength(value: string): number {
  return value.length * 3 + 4;
}

function matchAt(text: string, value: string, from: number, end: number, rule: Rule): Found | undefined {
  const last = Math.min(end, from + windowLength(value));
  for (let to = from; to <= last; to++) {
    if (equals(text.slice(from, to), value, rule)) return { index: from, length: to - from };
  }
  return undefined;
}

function collate(text: string, value: string, start: number, end: number, rule: Rule, direction: 1 | -1): Found | undefined {
  for (let i = direction === 1 ? start : end; i >= start && i <= end; i += direction) {
    const found = matchAt(text, value, i, end, rule);
    if (found !== undefined) return found;
  }
  return undefined;
}
