/** Finding, cutting and changing strings: what stands behind the members of System.String. */
import type { Budget } from '../../csharp/runtime/budget.ts';
import { argumentNull, argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import { findAll, findFirst, findLast, orderingWork, type Rule } from './comparison.ts';
import { isOneOf } from './split.ts';
import { isWhiteSpace } from './unicode.ts';
import { emptyValue, requireAtMost, requireCount, requireElement, requireIndex, requireNonNegative } from './wording.ts';

/** A string argument that may not be null. */
export function required<T>(value: T | null, parameter: string): T {
  if (value === null) throw argumentNull(parameter);
  return value;
}

export function substring(text: string, startIndex: number, length: number = text.length - startIndex): string {
  if (startIndex >= 0 && length >= 0 && startIndex + length <= text.length) return text.slice(startIndex, startIndex + length);
  requireNonNegative(startIndex, 'startIndex');
  if (startIndex > text.length) throw argumentOutOfRange('startIndex', 'startIndex cannot be larger than length of string.');
  requireNonNegative(length, 'length');
  throw argumentOutOfRange('length', 'Index and length must refer to a location within the string.');
}

export function insert(text: string, startIndex: number, value: string | null): string {
  const added = required(value, 'value');
  requireAtMost(startIndex >>> 0, text.length, 'startIndex');
  return text.slice(0, startIndex) + added + text.slice(startIndex);
}

export function removeFrom(text: string, startIndex: number): string {
  requireNonNegative(startIndex, 'startIndex');
  if (startIndex > text.length) throw argumentOutOfRange('startIndex', 'startIndex cannot be larger than length of string.');
  return text.slice(0, startIndex);
}

export function remove(text: string, startIndex: number, count: number): string {
  requireNonNegative(startIndex, 'startIndex');
  requireNonNegative(count, 'count');
  if (count > text.length - startIndex) throw argumentOutOfRange('count', 'Index and count must refer to a location within the string.');
  return text.slice(0, startIndex) + text.slice(startIndex + count);
}

export function pad(budget: Budget, text: string, totalWidth: number, unit: number, left: boolean): string {
  requireNonNegative(totalWidth, 'totalWidth');
  if (totalWidth <= text.length) return text;
  budget.allocate(totalWidth);
  const padding = String.fromCharCode(unit).repeat(totalWidth - text.length);
  return left ? padding + text : text + padding;
}

export function repeated(budget: Budget, unit: number, count: number): string {
  requireNonNegative(count, 'count');
  budget.allocate(count);
  return String.fromCharCode(unit).repeat(count);
}

/** UTF-16 code units to text, in parts that fit a call. */
export function textOfUnits(units: ArrayLike<number>, start = 0, end = units.length): string {
  let text = '';
  for (let i = start; i < end; i += 8192) {
    text += String.fromCharCode(...Array.prototype.slice.call(units, i, Math.min(end, i + 8192)));
  }
  return text;
}

export function unitsOf(text: string, start = 0, length = text.length): number[] {
  return Array.from({ length }, (_, i) => text.charCodeAt(start + i));
}

export function indexOfText(text: string, value: string | null, startIndex: number, count: number, rule: Rule): number {
  const wanted = required(value, 'value');
  requireIndex(startIndex, text.length, 'startIndex');
  requireCount(count, text.length - startIndex);
  return findFirst(text, wanted, startIndex, startIndex + count, rule)?.index ?? -1;
}

export function lastIndexOfText(text: string, value: string | null, startIndex: number, count: number, rule: Rule): number {
  const wanted = required(value, 'value');
  if (text.length === 0 && (startIndex === -1 || startIndex === 0)) return wanted === '' ? 0 : -1;
  requireIndex(startIndex, text.length, 'startIndex');
  // A start behind the last character means the whole text.
  const behind = startIndex === text.length;
  const start = behind ? startIndex - 1 : startIndex;
  const length = behind && count > 0 ? count - 1 : count;
  requireCount(length, start + 1);
  return findLast(text, wanted, start - length + 1, start + 1, rule)?.index ?? -1;
}

export function indexOfAny(text: string, anyOf: readonly number[] | null, startIndex = 0, count = text.length - startIndex): number {
  const wanted = isOneOf(required(anyOf, 'anyOf'));
  requireIndex(startIndex, text.length, 'startIndex');
  requireCount(count, text.length - startIndex);
  for (let i = startIndex; i < startIndex + count; i++) if (wanted(text.charCodeAt(i))) return i;
  return -1;
}

export function lastIndexOfAny(
  text: string,
  anyOf: readonly number[] | null,
  startIndex = text.length - 1,
  count = startIndex + 1,
): number {
  const wanted = isOneOf(required(anyOf, 'anyOf'));
  if (text.length === 0) return -1;
  requireElement(startIndex, text.length, 'startIndex');
  requireCount(count, startIndex + 1);
  for (let i = startIndex; i > startIndex - count; i--) if (wanted(text.charCodeAt(i))) return i;
  return -1;
}

export function replace(budget: Budget, text: string, oldValue: string | null, newValue: string | null): string {
  const old = required(oldValue, 'oldValue');
  if (old === '') throw emptyValue('oldValue');
  if (!text.includes(old)) return text;
  const parts = text.split(old);
  budget.allocate(text.length + (parts.length - 1) * (newValue ?? '').length);
  return parts.join(newValue ?? '');
}

/** `Replace` under a comparison rule: every found part gives way, whatever its length. */
export function replaceByRule(budget: Budget, text: string, oldValue: string | null, newValue: string | null, rule: Rule): string {
  const old = required(oldValue, 'oldValue');
  if (old === '') throw emptyValue('oldValue');
  const parts: string[] = [];
  let from = 0;
  for (const found of findAll(text, old, rule)) {
    budget.step();
    budget.allocate(found.length + (newValue ?? '').length);
    parts.push(text.slice(from, found.index), newValue ?? '');
    from = found.index + found.length;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(from);
}

export function isNullOrWhiteSpace(text: string | null): boolean {
  if (text === null) return true;
  for (let i = 0; i < text.length; i++) if (!isWhiteSpace(text.charCodeAt(i))) return false;
  return true;
}

export function containsText(text: string, value: string | null, rule: Rule): boolean {
  return findFirst(text, required(value, 'value'), 0, text.length, rule) !== undefined;
}

const LINE_ENDS = /\r\n|[\n\r\f\u0085\u2028\u2029]/g;

/** `ReplaceLineEndings`: every line end of Unicode. */
export function replaceLineEnds(text: string, replacement: string | null): string {
  const end = required(replacement, 'replacementText');
  return text.replace(LINE_ENDS, () => end);
}

const FORMS: Readonly<Record<number, 'NFC' | 'NFD' | 'NFKC' | 'NFKD'>> = { 1: 'NFC', 2: 'NFD', 5: 'NFKC', 6: 'NFKD' };

/** `Normalize(form)` by the number of `NormalizationForm`. Putting a run of marks in order takes the square of its length. */
export function normalize(budget: Budget, text: string, form: number): string {
  budget.allocate(text.length);
  budget.step(orderingWork(text));
  return text.normalize(FORMS[form] ?? 'NFC');
}
