/** Argument checks and overload variants of System.String's members. */
import { argumentOutOfRange, indexOutOfRange } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { makeArray } from '../../csharp/runtime/values.ts';
import type { Type } from '../../csharp/types/type.ts';
import { CULTURE, compare, type Rule } from './comparison.ts';
import { join, textsOf, textsOfObjects } from './joining.ts';
import { trimUnits, trimWhiteSpace } from './split.ts';
import { required, textOfUnits, unitsOf } from './string-parts.ts';
import { mustBeString, requireAtMost, requireCount, requireElement, requireIndex, requireNonNegative } from './wording.ts';

export type Units = readonly number[];
export type Values = Iterable<unknown>;
export type Text = string | null;

export const NO_LIMIT = 2147483647;

export function stringArray(runtime: Runtime, items: string[]): unknown[] {
  runtime.budget.allocate(items.length * 8);
  return makeArray(runtime.types.array(runtime.types.type('string')), items);
}

export function charArray(runtime: Runtime, text: string, start: number, length: number): unknown[] {
  requireAtMost(start >>> 0, text.length, 'startIndex');
  requireAtMost(start, text.length - length, 'startIndex');
  requireNonNegative(length, 'length');
  runtime.budget.allocate(length);
  return makeArray(runtime.types.array(runtime.types.type('char')), unitsOf(text, start, length));
}

/** Compares parts of two texts, each cut to what is there, ordinally or with a StringComparison. */
export function compareParts(a: Text, indexA: number, b: Text, indexB: number, length: number, rule: Rule): number {
  if (a === null || b === null) return compare(a, b, rule);
  requireNonNegative(length, 'length');
  requireIndex(indexA, a.length, 'indexA');
  requireIndex(indexB, b.length, 'indexB');
  return compare(a.slice(indexA, indexA + length), b.slice(indexB, indexB + length), rule);
}

/** The same by a culture, which words its refusals in terms of its own parameters and finds no length in a null. */
export function comparePartsByCulture(a: Text, indexA: number, b: Text, indexB: number, length: number, rule: Rule): number {
  const lengthA = a === null ? length : Math.min(length, a.length - indexA);
  const lengthB = b === null ? length : Math.min(length, b.length - indexB);
  requireNonNegative(lengthA, 'length1');
  requireNonNegative(lengthB, 'length2');
  requireNonNegative(indexA, 'offset1');
  requireNonNegative(indexB, 'offset2');
  requirePart(a, indexA, lengthA, 'string1');
  requirePart(b, indexB, lengthB, 'string2');
  return compare(a?.slice(indexA, indexA + lengthA) ?? null, b?.slice(indexB, indexB + lengthB) ?? null, rule);
}

function requirePart(text: Text, index: number, length: number, parameter: string): void {
  if (index > (text ?? '').length - length)
    throw argumentOutOfRange(parameter, 'Offset and length must refer to a position in the string.');
}

export function indexOfUnit(text: string, unit: number, startIndex = 0, count = text.length - startIndex): number {
  requireIndex(startIndex, text.length, 'startIndex');
  requireCount(count, text.length - startIndex);
  const index = text.indexOf(String.fromCharCode(unit), startIndex);
  return index >= startIndex + count ? -1 : index;
}

export function lastIndexOfUnit(text: string, unit: number, startIndex = text.length - 1, count = startIndex + 1): number {
  if (text.length === 0) return -1;
  requireElement(startIndex, text.length, 'startIndex');
  requireCount(count, startIndex + 1);
  const index = text.lastIndexOf(String.fromCharCode(unit), startIndex);
  return index > startIndex - count ? index : -1;
}

export function trimSet(text: string, units: Units | null, start: boolean, end: boolean): string {
  if (units === null || units.length === 0) return trimWhiteSpace(text, start, end);
  return trimUnits(text, (unit) => units.includes(unit), start, end);
}

export function trimOne(text: string, unit: number, start: boolean, end: boolean): string {
  return trimUnits(text, (candidate) => candidate === unit, start, end);
}

export function joinPart(runtime: Runtime, separator: Text, value: Text[] | null, startIndex: number, count: number): string {
  const texts = required(value, 'value');
  requireNonNegative(startIndex, 'startIndex');
  requireNonNegative(count, 'count');
  requireAtMost(startIndex, texts.length - count, 'startIndex');
  return join(runtime, separator, texts.slice(startIndex, startIndex + count));
}

export function joinTexts(runtime: Runtime, separator: Text, value: Text[] | null): string {
  return join(runtime, separator, required(value, 'value'));
}

export function joinObjects(runtime: Runtime, separator: Text, values: unknown[] | null): string {
  return join(runtime, separator, textsOfObjects(required(values, 'values')));
}

export function joinSequence(runtime: Runtime, separator: Text, values: Values | null, type: Type | undefined): string {
  return join(runtime, separator, textsOf(runtime, required(values, 'values'), type));
}

export function compareToObject(text: string, value: unknown): number {
  if (value === null) return 1;
  if (typeof value !== 'string') throw mustBeString();
  return compare(text, value, CULTURE);
}

export function unitsToText(value: Units | null): string {
  return value === null ? '' : textOfUnits(value);
}

export function partOfUnits(value: Units | null, startIndex: number, length: number): string {
  const units = required(value, 'value');
  requireNonNegative(startIndex, 'startIndex');
  requireNonNegative(length, 'length');
  requireAtMost(startIndex, units.length - length, 'startIndex');
  return textOfUnits(units, startIndex, startIndex + length);
}

export function copyTo(text: string, sourceIndex: number, destination: number[] | null, destinationIndex: number, count: number): void {
  const target = required(destination, 'destination');
  requireNonNegative(count, 'count');
  requireNonNegative(sourceIndex, 'sourceIndex');
  requireAtMost(count, text.length - sourceIndex, 'sourceIndex');
  requireAtMost(destinationIndex, target.length - count, 'destinationIndex');
  requireNonNegative(destinationIndex, 'destinationIndex');
  for (let i = 0; i < count; i++) target[destinationIndex + i] = text.charCodeAt(sourceIndex + i);
}

/** `this[int]`. */
export function unitAt(text: string, index: number): number {
  if (index < 0 || index >= text.length) throw indexOutOfRange();
  return text.charCodeAt(index);
}
