/** Sets of UTF-16 code units, as patterns describe them. */
import { lowerUnit, upperUnit } from '../text/casing.ts';
import { isDigit, isWhiteSpace } from '../text/unicode.ts';
import { UNICODE_BLOCKS } from './blocks.ts';

/** Whether a code unit belongs to a set. */
export interface UnitTest {
  (unit: number): boolean;
  /** The answers for ASCII, 1 for yes. */
  readonly ascii?: Uint8Array;
  /** Nothing beyond ASCII belongs to it. */
  readonly asciiOnly?: boolean;
}

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
export const isEcmaDigit: UnitTest = cached((unit) => unit >= 48 && unit <= 57, true);
export const isEcmaSpace: UnitTest = cached((unit) => unit === 32 || (unit >= 9 && unit <= 13), true);

/** `.`, and `.` where it takes line ends, too. */
export const isAnything: UnitTest = cached(() => true);
export const isNoLineEnd: UnitTest = cached((unit) => unit !== 10);

/** What separates words for `\b`: joiners count as word characters. */
export const isBoundaryWord: UnitTest = (unit) => isWord(unit) || unit === 0x200c || unit === 0x200d;

/** Answers for ASCII from a table made once. */
export function cached(test: UnitTest, asciiOnly = false): UnitTest {
  if (test.ascii !== undefined) return test;
  const ascii = new Uint8Array(128);
  for (let unit = 0; unit < 128; unit += 1) if (test(unit)) ascii[unit] = 1;
  return Object.assign((unit: number) => (unit < 128 ? ascii[unit] === 1 : test(unit)), { ascii, asciiOnly });
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

/** Whether a unit belongs to one of the parts; its table is filled range by range, since patterns have many sets. */
function anyPart(parts: readonly SetPart[]): UnitTest {
  const ascii = new Uint8Array(128);
  for (const { first, last, test } of parts) {
    if (test === undefined) ascii.fill(1, first, last + 1);
    else for (let unit = 0; unit < 128; unit += 1) if (ascii[unit] === 0 && test(unit)) ascii[unit] = 1;
  }
  const beyond = (unit: number) => parts.some((part) => (part.test ? part.test(unit) : unit >= part.first && unit <= part.last));
  return Object.assign((unit: number) => (unit < 128 ? ascii[unit] === 1 : beyond(unit)), { ascii });
}

/** The test of a bracketed set: its parts, negation, case and what is subtracted. */
export function setTest(parts: readonly SetPart[], negated: boolean, ignoreCase: boolean, subtracted: UnitTest | undefined): UnitTest {
  const plain = anyPart(parts);
  const cased = ignoreCase ? ignoringCase(plain) : plain;
  const signed = negated ? negate(cased) : cased;
  const asciiOnly = !negated && !ignoreCase && parts.every((part) => part.test === undefined && part.last < 128);
  const whole: UnitTest = subtracted === undefined ? (unit) => signed(unit) : (unit) => signed(unit) && !subtracted(unit);
  return cached(whole, asciiOnly);
}

/** Whether no code unit belongs to both sets; false when that cannot be told cheaply. */
export function apart(a: UnitTest, b: UnitTest): boolean {
  if ((a === isSpace && (b === isWord || b === isDecimal)) || (b === isSpace && (a === isWord || a === isDecimal))) return true;
  const { ascii } = a;
  if (ascii === undefined || b.ascii === undefined || !(a.asciiOnly === true || b.asciiOnly === true)) return false;
  return b.ascii.every((is, unit) => is === 0 || ascii[unit] === 0);
}
