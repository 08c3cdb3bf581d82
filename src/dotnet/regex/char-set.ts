/** Sets of UTF-16 code units, as patterns describe them. */
import { lowerUnit, upperUnit } from '../text/casing.ts';
import { isDigit, isWhiteSpace } from '../text/unicode.ts';
import { UNICODE_BLOCKS } from './blocks.ts';

/** Whether a code unit belongs to a set. */
export type UnitTest = (unit: number) => boolean;

const WORD = /^[\p{L}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]$/u;

/** `\w` by Unicode categories. */
export const isWord: UnitTest = cached((unit) => WORD.test(String.fromCharCode(unit)));
/** `\s`. */
export const isSpace: UnitTest = cached(isWhiteSpace);
/** `\d`: decimal digits of all scripts. */
export const isDecimal: UnitTest = cached(isDigit);

/** `\w`, `\d` and `\s` under RegexOptions.ECMAScript. */
export const isEcmaWord: UnitTest = (unit) =>
  (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57) || unit === 95 || unit === 0x130;
export const isEcmaDigit: UnitTest = (unit) => unit >= 48 && unit <= 57;
export const isEcmaSpace: UnitTest = (unit) => unit === 32 || (unit >= 9 && unit <= 13);

/** What separates words for `\b`: joiners count as word characters. */
export const isBoundaryWord: UnitTest = (unit) => isWord(unit) || unit === 0x200c || unit === 0x200d;

/** Answers for ASCII from a table made once. */
export function cached(test: UnitTest): UnitTest {
  const table = Uint8Array.from({ length: 128 }, (_, unit) => Number(test(unit)));
  return (unit) => (unit < 128 ? table[unit] === 1 : test(unit));
}

export function negate(test: UnitTest): UnitTest {
  return (unit) => !test(unit);
}

/** A set that takes no notice of case. */
export function ignoringCase(test: UnitTest): UnitTest {
  return (unit) => test(unit) || test(lowerUnit(unit)) || test(upperUnit(unit));
}

const CATEGORY = /^(?:[LMNPSZC]|L[ultmo]|M[nce]|N[dlo]|P[cdseifo]|S[mcko]|Z[slp]|C[cfson])$/;

/** The set of `\p{name}`; undefined for an unknown name. */
export function propertyTest(name: string): UnitTest | undefined {
  if (CATEGORY.test(name)) {
    const pattern = new RegExp(`^\\p{${name}}$`, 'u');
    return cached((unit) => pattern.test(String.fromCharCode(unit)));
  }
  const block = name.startsWith('Is') ? UNICODE_BLOCKS.get(name.slice(2)) : undefined;
  return block && ((unit) => unit >= block[0] && unit <= block[1]);
}

/** One element of a bracketed set. */
export interface SetPart {
  readonly first: number;
  readonly last: number;
  readonly test?: UnitTest;
}

/** The test of a bracketed set: its parts, negation, case and what is subtracted. */
export function setTest(parts: readonly SetPart[], negated: boolean, ignoreCase: boolean, subtracted: UnitTest | undefined): UnitTest {
  const plain: UnitTest = (unit) => parts.some((part) => (part.test ? part.test(unit) : unit >= part.first && unit <= part.last));
  const cased = ignoreCase ? ignoringCase(plain) : plain;
  const signed = negated ? negate(cased) : cased;
  return cached(subtracted === undefined ? signed : (unit) => signed(unit) && !subtracted(unit));
}
