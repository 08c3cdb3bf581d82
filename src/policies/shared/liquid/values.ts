/** Values as Liquid templates see them: what is bound from bodies, variables and messages, and how each is written. */
import { NetDateTime } from '../../../dotnet/json/dates.ts';
import { decimalFromFloating, decimalFromInteger, decimalFromText, NetDecimal } from '../../../dotnet/numbers/decimal.ts';
import { formatFloating } from '../../../dotnet/numbers/format-number.ts';
import { liquidError } from './errors.ts';

/** Integers are bigint, doubles number. */
export type LiquidValue =
  | null
  | string
  | boolean
  | bigint
  | number
  | NetDecimal
  | NetDateTime
  | readonly LiquidValue[]
  | LiquidObject
  | EmptyWord;

/** Something with members: a JSON object, an XML element, headers, `context`. */
export interface LiquidObject {
  readonly isLiquidObject: true;
  /** Undefined when there is no such member. */
  member(name: string): LiquidValue | undefined;
  /** What a loop walks over. */
  items(): readonly LiquidValue[];
  /** How it is written. */
  text(): string;
}

/** `blank` and `empty`, which equal every text and list without content. */
export class EmptyWord {}
export const EMPTY_WORD = new EmptyWord();

export function isObject(value: LiquidValue): value is LiquidObject {
  return typeof value === 'object' && value !== null && 'isLiquidObject' in value;
}

export function isList(value: LiquidValue): value is readonly LiquidValue[] {
  return Array.isArray(value);
}

/** Members by name, in order; a loop gives pairs with Key and Value. */
export class Members implements LiquidObject {
  readonly isLiquidObject = true;
  readonly #names: () => readonly string[];
  readonly #read: (name: string) => LiquidValue | undefined;

  constructor(names: () => readonly string[], read: (name: string) => LiquidValue | undefined) {
    this.#names = names;
    this.#read = read;
  }

  /** From functions by name. */
  static of(members: Readonly<Record<string, () => LiquidValue>>): Members {
    const table = new Map(Object.entries(members));
    return new Members(
      () => [...table.keys()],
      (name) => table.get(name)?.(),
    );
  }

  member(name: string): LiquidValue | undefined {
    return this.#read(name);
  }

  items(): readonly LiquidValue[] {
    return this.#names().map((name) => new Pair(name, () => this.#read(name) ?? null));
  }

  text(): string {
    return '';
  }
}

/** One of them in a loop, by the names of .NET's pair or by position. */
class Pair extends Members {
  constructor(name: string, value: () => LiquidValue) {
    super(
      () => ['Key', 'Value'],
      (member) => (member === 'Key' || member === '0' ? name : member === 'Value' || member === '1' ? value() : undefined),
    );
  }
}

/** The text that `{{ }}` writes: booleans in lower case, decimals without zeros at the end, lists joined, nil nothing. */
export function textOf(value: LiquidValue): string {
  if (value === null || value instanceof EmptyWord) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatFloating(value, false);
  if (value instanceof NetDecimal) return withoutZeros(value.netToString());
  if (value instanceof NetDateTime) return value.netToString();
  if (isList(value)) return value.map(textOf).join('');
  return isObject(value) ? value.text() : String(value);
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export function isNumber(value: LiquidValue): value is bigint | number | NetDecimal {
  return typeof value === 'bigint' || typeof value === 'number' || value instanceof NetDecimal;
}

/** The value as decimal; undefined for what holds no number. */
export function decimalOf(value: LiquidValue): NetDecimal | undefined {
  if (value instanceof NetDecimal) return value;
  if (typeof value === 'bigint') return decimalFromInteger(value);
  if (typeof value === 'number') return Number.isFinite(value) ? decimalFromFloating(value, false) : undefined;
  const text = typeof value === 'string' ? value.trim() : isObject(value) ? value.text().trim() : '';
  return /^[+-]?\d{1,28}(?:\.\d{1,28})?$/.test(text) ? decimalFromText(text) : undefined;
}

/** A whole number for positions and counts, as Convert.ToInt32 gives it: nil is 0; throws for what is none. */
export function integerOf(value: LiquidValue): number {
  if (value === null) return 0;
  const number = decimalOf(value);
  if (number === undefined) throw liquidError(`'${textOf(value)}' is not a number`);
  return Number(number.coefficient / 10n ** BigInt(number.scale));
}

/** Everything but nil and false. */
export function isTrue(value: LiquidValue): boolean {
  return value !== null && value !== false;
}

/** The items that filters and loops walk over; nil has none. */
export function itemsOf(value: LiquidValue): readonly LiquidValue[] {
  if (isList(value)) return value;
  if (typeof value === 'string') return [...value];
  return value !== null && isObject(value) ? value.items() : [];
}

/** What stands behind a dot or in brackets; undefined when there is nothing. */
export function memberOf(value: LiquidValue, name: LiquidValue): LiquidValue | undefined {
  if (isList(value)) return listMember(value, name);
  if (isObject(value)) return value.member(textOf(name)) ?? countMember(value, textOf(name));
  return typeof value === 'string' && name === 'size' ? BigInt(value.length) : undefined;
}

function listMember(list: readonly LiquidValue[], name: LiquidValue): LiquidValue | undefined {
  if (typeof name === 'bigint') return list.at(Number(name)) ?? null;
  if (name === 'size') return BigInt(list.length);
  if (name === 'first') return list[0] ?? null;
  return name === 'last' ? (list.at(-1) ?? null) : undefined;
}

function countMember(value: LiquidObject, name: string): LiquidValue | undefined {
  if (name === 'size') return BigInt(value.items().length);
  if (name === 'first') return value.items()[0] ?? null;
  return name === 'last' ? (value.items().at(-1) ?? null) : undefined;
}
