/** Unicode facts about a UTF-16 code unit as .NET's `char` and `CharUnicodeInfo` report them. */

/** `System.Globalization.UnicodeCategory` in .NET's order, by the general category's abbreviation. */
export const CATEGORY_NUMBERS = {
  Lu: 0,
  Ll: 1,
  Lt: 2,
  Lm: 3,
  Lo: 4,
  Mn: 5,
  Mc: 6,
  Me: 7,
  Nd: 8,
  Nl: 9,
  No: 10,
  Zs: 11,
  Zl: 12,
  Zp: 13,
  Cc: 14,
  Cf: 15,
  Cs: 16,
  Co: 17,
  Pc: 18,
  Pd: 19,
  Ps: 20,
  Pe: 21,
  Pi: 22,
  Pf: 23,
  Po: 24,
  Sm: 25,
  Sc: 26,
  Sk: 27,
  So: 28,
  Cn: 29,
} as const;

export type CategoryName = keyof typeof CATEGORY_NUMBERS;

/** A test for each general category, most frequent ones first. */
const CATEGORY_TESTS: readonly (readonly [CategoryName, RegExp])[] = [
  ['Ll', /^\p{Ll}$/u],
  ['Lu', /^\p{Lu}$/u],
  ['Lo', /^\p{Lo}$/u],
  ['Nd', /^\p{Nd}$/u],
  ['Zs', /^\p{Zs}$/u],
  ['Po', /^\p{Po}$/u],
  ['So', /^\p{So}$/u],
  ['Sm', /^\p{Sm}$/u],
  ['Mn', /^\p{Mn}$/u],
  ['Lm', /^\p{Lm}$/u],
  ['Lt', /^\p{Lt}$/u],
  ['Mc', /^\p{Mc}$/u],
  ['Me', /^\p{Me}$/u],
  ['Nl', /^\p{Nl}$/u],
  ['No', /^\p{No}$/u],
  ['Zl', /^\p{Zl}$/u],
  ['Zp', /^\p{Zp}$/u],
  ['Cc', /^\p{Cc}$/u],
  ['Cf', /^\p{Cf}$/u],
  ['Cs', /^\p{Cs}$/u],
  ['Co', /^\p{Co}$/u],
  ['Pc', /^\p{Pc}$/u],
  ['Pd', /^\p{Pd}$/u],
  ['Ps', /^\p{Ps}$/u],
  ['Pe', /^\p{Pe}$/u],
  ['Pi', /^\p{Pi}$/u],
  ['Pf', /^\p{Pf}$/u],
  ['Sc', /^\p{Sc}$/u],
  ['Sk', /^\p{Sk}$/u],
];

/** The general category of a code point; of a lone surrogate `Cs`, of an unassigned one `Cn`. */
export function categoryOf(codePoint: number): CategoryName {
  const text = String.fromCodePoint(codePoint);
  return CATEGORY_TESTS.find(([, test]) => test.test(text))?.[0] ?? 'Cn';
}

const LETTER = /^\p{L}$/u;
const LETTER_OR_DIGIT = /^[\p{L}\p{Nd}]$/u;
const NUMBER = /^\p{N}$/u;
const DIGIT = /^\p{Nd}$/u;
const LOWER = /^\p{Ll}$/u;
const UPPER = /^\p{Lu}$/u;
const PUNCTUATION = /^\p{P}$/u;
const SYMBOL = /^\p{S}$/u;
const SEPARATOR = /^\p{Z}$/u;

function tester(pattern: RegExp): (unit: number) => boolean {
  return (unit) => pattern.test(String.fromCharCode(unit));
}

export const isLetter = tester(LETTER);
export const isLetterOrDigit = tester(LETTER_OR_DIGIT);
export const isNumber = tester(NUMBER);
export const isDigit = tester(DIGIT);
export const isLower = tester(LOWER);
export const isUpper = tester(UPPER);
export const isPunctuation = tester(PUNCTUATION);
export const isSymbol = tester(SYMBOL);
export const isSeparator = tester(SEPARATOR);

export function isControl(unit: number): boolean {
  return unit < 0x20 || (unit >= 0x7f && unit < 0xa0);
}

/** White space by the Unicode property, as `char.IsWhiteSpace`: unlike JavaScript's `\s` with U+0085 and without U+FEFF. */
export function isWhiteSpace(unit: number): boolean {
  if (unit === 32 || (unit >= 9 && unit <= 13) || unit === 0x85 || unit === 0xa0) return true;
  return unit >= 0x1680 && (unit === 0x1680 || (unit >= 0x2000 && unit <= 0x200a) || WIDE_SPACES.includes(unit));
}

const WIDE_SPACES: readonly number[] = [0x2028, 0x2029, 0x202f, 0x205f, 0x3000];

export function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

export function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

export function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** Numeric values of characters that are numbers but not decimal digits; the ones of Latin-1 and the number forms. */
const FRACTIONS: Readonly<Record<number, number>> = {
  188: 1 / 4,
  189: 1 / 2,
  190: 3 / 4,
  178: 2,
  179: 3,
  185: 1,
  8528: 1 / 7,
  8529: 1 / 9,
  8530: 1 / 10,
  8531: 1 / 3,
  8532: 2 / 3,
  8533: 1 / 5,
  8534: 2 / 5,
  8535: 3 / 5,
  8536: 4 / 5,
  8537: 1 / 6,
  8538: 5 / 6,
  8539: 1 / 8,
  8540: 3 / 8,
  8541: 5 / 8,
  8542: 7 / 8,
  8543: 1,
  8585: 0,
};
const ROMAN: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 50, 100, 500, 1000];

/** `char.GetNumericValue`: -1 for what is no number. */
export function numericValue(codePoint: number): number {
  const digit = decimalDigit(codePoint);
  if (digit >= 0) return digit;
  if (codePoint >= 0x2160 && codePoint <= 0x217f) return ROMAN[(codePoint - 0x2160) % 16] ?? -1;
  if (codePoint === 0x2070) return 0;
  if ((codePoint >= 0x2074 && codePoint <= 0x2079) || (codePoint >= 0x2080 && codePoint <= 0x2089)) return codePoint & 15;
  if (codePoint >= 0x2460 && codePoint <= 0x2473) return codePoint - 0x245f;
  return FRACTIONS[codePoint] ?? -1;
}

/** The value of a decimal digit of any script, -1 otherwise: the digits of a script stand ten in a row, zero first. */
function decimalDigit(codePoint: number): number {
  if (codePoint < 128) return codePoint >= 48 && codePoint <= 57 ? codePoint - 48 : -1;
  if (!DIGIT.test(String.fromCodePoint(codePoint))) return -1;
  let start = codePoint;
  while (DIGIT.test(String.fromCodePoint(start - 1)) && codePoint - start < 59) start -= 1;
  return (codePoint - start) % 10;
}
