/** Values of Terraform expressions: texts with their places, numbers, lists, maps. */
import { tryJson } from '../../source/json.ts';
import { MappedText } from '../../source/mapped-text.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { Fault } from '../faults.ts';
import * as faults from './faults.ts';
import type { HclExpression } from './hcl-tree.ts';
import { textAt } from './texts.ts';

export type HclValue = MappedText | number | boolean | null | readonly HclValue[] | HclMap;
export class HclMap {
  readonly members: ReadonlyMap<string, HclValue>;
  constructor(members: ReadonlyMap<string, HclValue>) {
    this.members = members;
  }
}

/** An expression without a value here; it knows its place. */
export class UnknownValue extends Error {
  readonly fault: Fault;
  readonly file: SourceFile;
  readonly at: number;

  constructor(fault: Fault, file: SourceFile, at: number) {
    super(fault.message);
    this.fault = fault;
    this.file = file;
    this.at = at;
  }
}

export function unknown(fault: Fault, at: Pick<HclExpression, 'file' | 'start'>): never {
  throw new UnknownValue(fault, at.file, at.start);
}

/** Far more than a policy document may be long; texts made of texts grow fast. */
const LONGEST_TEXT = 4 * 1024 * 1024;

/** Refuses to make a text of that length. */
export function checkLength(length: number, at: Pick<HclExpression, 'file' | 'start'>): void {
  if (length > LONGEST_TEXT) unknown(faults.badHcl('the text is longer than 4 MiB'), at);
}

export function arithmetic(operator: string, a: number, b: number): HclValue | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return undefined;
  }
}

export function toText(value: HclValue, at: Pick<HclExpression, 'file' | 'start'>): MappedText {
  if (value instanceof MappedText) return value;
  if (typeof value === 'number' || typeof value === 'boolean') return textAt(at.file, String(value), at.start);
  return unknown(faults.badHcl('a text is expected here'), at);
}

export function number(value: HclValue, at: HclExpression): number {
  const found = typeof value === 'number' ? value : value instanceof MappedText ? Number(value.text) : Number.NaN;
  return Number.isFinite(found) ? found : unknown(faults.badHcl('a number is expected here'), at);
}

export function truth(value: HclValue): boolean {
  return value === true || (value instanceof MappedText && value.text === 'true');
}

export function listOf(value: HclValue): readonly HclValue[] {
  if (Array.isArray(value)) return value as readonly HclValue[];
  return value instanceof HclMap ? [...value.members.values()] : [];
}

export function memberOf(value: HclValue, name: string): HclValue | undefined {
  return value instanceof HclMap ? value.members.get(name) : listOf(value)[Number(name)];
}

/** Keys and values of maps, lists and sets. */
export function entries(value: HclValue): [string | number, HclValue][] {
  if (value instanceof HclMap) return [...value.members];
  return listOf(value).map((item, at) => [at, item]);
}

/** How many values it holds, itself included. */
export function sizeOf(value: HclValue): number {
  return listOf(value).reduce<number>((size, one) => size + sizeOf(one), 1);
}

export function plainOf(value: HclValue): unknown {
  if (value instanceof MappedText) return value.text;
  if (value instanceof HclMap) return Object.fromEntries([...value.members].map(([name, one]) => [name, plainOf(one)]));
  return Array.isArray(value) ? (value as readonly HclValue[]).map(plainOf) : value;
}

export function fromPlain(value: unknown, at: Pick<HclExpression, 'file' | 'start'>): HclValue {
  if (typeof value === 'string') return textAt(at.file, value, at.start);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => fromPlain(item, at));
  return new HclMap(new Map(Object.entries(value ?? {}).map(([name, one]) => [name, fromPlain(one, at)])));
}

export function fromJson(text: string, at: Pick<HclExpression, 'file' | 'start'>): HclValue {
  const value = tryJson(text);
  return value === undefined ? unknown(faults.badHcl('the text is no JSON'), at) : fromPlain(value, at);
}
