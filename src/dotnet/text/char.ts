import { argumentNull, argumentOutOfRange, NetException } from '../../csharp/runtime/exception.ts';
import { Boxed, type Ref } from '../../csharp/runtime/values.ts';
import { constant, declareType } from '../../csharp/types/declare.ts';
import { lowerUnit, upperUnit } from './casing.ts';
import {
  CATEGORY_NUMBERS,
  categoryOf,
  isControl,
  isDigit,
  isHighSurrogate,
  isLetter,
  isLetterOrDigit,
  isLower,
  isLowSurrogate,
  isNumber,
  isPunctuation,
  isSeparator,
  isSurrogate,
  isSymbol,
  isUpper,
  isWhiteSpace,
  numericValue,
} from './unicode.ts';
import { mustBeChar, notOneCharacter } from './wording.ts';

/** The code unit at an index of a string argument. */
function unitIn(text: string | null, index: number): number {
  if (text === null) throw argumentNull('s');
  if (index < 0 || index >= text.length) throw argumentOutOfRange('index');
  return text.charCodeAt(index);
}

/** The code point at an index: a surrogate pair counts as one. */
function pointIn(text: string | null, index: number): number {
  const unit = unitIn(text, index);
  return text?.codePointAt(index) ?? unit;
}

function inText(test: (unit: number) => boolean): (text: string | null, index: number) => boolean {
  return (text, index) => test(unitIn(text, index));
}

function within(unit: number, first: number, last: number): boolean {
  return unit >= first && unit <= last;
}

function isAsciiLetter(unit: number): boolean {
  return within(unit | 32, 97, 122);
}

function isAsciiDigit(unit: number): boolean {
  return within(unit, 48, 57);
}

function isSurrogatePairIn(text: string | null, index: number): boolean {
  return isHighSurrogate(unitIn(text, index)) && isLowSurrogate(text?.charCodeAt(index + 1) ?? 0);
}

function fromUtf32(point: number): string {
  if (point < 0 || point > 0x10ffff || within(point, 0xd800, 0xdfff)) {
    throw argumentOutOfRange(
      'utf32',
      'A valid UTF32 value is between 0x000000 and 0x10ffff, inclusive, and should not include surrogate codepoint values (0x00d800 ~ 0x00dfff).',
    );
  }
  return String.fromCodePoint(point);
}

function pairToUtf32(high: number, low: number): number {
  if (!isHighSurrogate(high)) {
    throw argumentOutOfRange('highSurrogate', 'A valid high surrogate character is between 0xd800 and 0xdbff, inclusive.');
  }
  if (!isLowSurrogate(low)) {
    throw argumentOutOfRange('lowSurrogate', 'A valid low surrogate character is between 0xdc00 and 0xdfff, inclusive.');
  }
  return (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
}

function textToUtf32(text: string | null, index: number): number {
  const unit = unitIn(text, index);
  if (!isSurrogate(unit)) return unit;
  if (isSurrogatePairIn(text, index)) return pointIn(text, index);
  const found = isHighSurrogate(unit)
    ? 'a high surrogate char without a following low surrogate'
    : 'a low surrogate char without a preceding high surrogate';
  throw new NetException(
    'System.ArgumentException',
    `Found ${found} at index: ${index}. The input may not be in this encoding, or may not contain valid Unicode (UTF-16) characters. (Parameter 's')`,
  );
}

function parse(text: string | null): number {
  if (text === null) throw argumentNull('s');
  if (text.length !== 1) throw notOneCharacter();
  return text.charCodeAt(0);
}

function tryParse(text: string | null, result: Ref<number>): boolean {
  const fits = text !== null && text.length === 1;
  result.value = fits ? text.charCodeAt(0) : 0;
  return fits;
}

function compareToObject(unit: number, value: unknown): number {
  if (value === null) return 1;
  if (!isBoxedChar(value)) throw mustBeChar();
  return unit - Number(value.value);
}

function isBoxedChar(value: unknown): value is Boxed {
  return value instanceof Boxed && value.type.definition.fullName === 'System.Char';
}

/** System.Char: a UTF-16 code unit. */
export const charType = declareType(
  'struct System.Char : IComparable, IComparable<char>, IConvertible, IEquatable<char>, IFormattable',
  'all',
  {
    'const char MaxValue': constant(0xffff),
    'const char MinValue': constant(0),
    'int CompareTo(char value)': (unit: number, other: number) => unit - other,
    'int CompareTo(object value)': compareToObject,
    'static string ConvertFromUtf32(int utf32)': fromUtf32,
    'static int ConvertToUtf32(char highSurrogate, char lowSurrogate)': pairToUtf32,
    'static int ConvertToUtf32(string s, int index)': textToUtf32,
    'bool Equals(char obj)': (unit: number, other: number) => unit === other,
    'bool Equals(object obj)': (unit: number, other: unknown) => isBoxedChar(other) && other.value === unit,
    'int GetHashCode()': (unit: number) => unit | (unit << 16),
    'static double GetNumericValue(char c)': numericValue,
    'static double GetNumericValue(string s, int index)': (text: string | null, index: number) => numericValue(pointIn(text, index)),
    'TypeCode GetTypeCode()': () => 4,
    'static UnicodeCategory GetUnicodeCategory(char c)': (unit: number) => CATEGORY_NUMBERS[categoryOf(unit)],
    'static UnicodeCategory GetUnicodeCategory(string s, int index)': (text: string | null, index: number) =>
      CATEGORY_NUMBERS[categoryOf(pointIn(text, index))],
    'static bool IsAscii(char c)': (unit: number) => unit < 128,
    'static bool IsAsciiDigit(char c)': isAsciiDigit,
    'static bool IsAsciiHexDigit(char c)': (unit: number) => isAsciiDigit(unit) || within(unit | 32, 97, 102),
    'static bool IsAsciiHexDigitLower(char c)': (unit: number) => isAsciiDigit(unit) || within(unit, 97, 102),
    'static bool IsAsciiHexDigitUpper(char c)': (unit: number) => isAsciiDigit(unit) || within(unit, 65, 70),
    'static bool IsAsciiLetter(char c)': isAsciiLetter,
    'static bool IsAsciiLetterLower(char c)': (unit: number) => within(unit, 97, 122),
    'static bool IsAsciiLetterOrDigit(char c)': (unit: number) => isAsciiLetter(unit) || isAsciiDigit(unit),
    'static bool IsAsciiLetterUpper(char c)': (unit: number) => within(unit, 65, 90),
    'static bool IsBetween(char c, char minInclusive, char maxInclusive)': within,
    'static bool IsControl(char c)': isControl,
    'static bool IsControl(string s, int index)': inText(isControl),
    'static bool IsDigit(char c)': isDigit,
    'static bool IsDigit(string s, int index)': inText(isDigit),
    'static bool IsHighSurrogate(char c)': isHighSurrogate,
    'static bool IsHighSurrogate(string s, int index)': inText(isHighSurrogate),
    'static bool IsLetter(char c)': isLetter,
    'static bool IsLetter(string s, int index)': inText(isLetter),
    'static bool IsLetterOrDigit(char c)': isLetterOrDigit,
    'static bool IsLetterOrDigit(string s, int index)': inText(isLetterOrDigit),
    'static bool IsLowSurrogate(char c)': isLowSurrogate,
    'static bool IsLowSurrogate(string s, int index)': inText(isLowSurrogate),
    'static bool IsLower(char c)': isLower,
    'static bool IsLower(string s, int index)': inText(isLower),
    'static bool IsNumber(char c)': isNumber,
    'static bool IsNumber(string s, int index)': inText(isNumber),
    'static bool IsPunctuation(char c)': isPunctuation,
    'static bool IsPunctuation(string s, int index)': inText(isPunctuation),
    'static bool IsSeparator(char c)': isSeparator,
    'static bool IsSeparator(string s, int index)': inText(isSeparator),
    'static bool IsSurrogate(char c)': isSurrogate,
    'static bool IsSurrogate(string s, int index)': inText(isSurrogate),
    'static bool IsSurrogatePair(char highSurrogate, char lowSurrogate)': (high: number, low: number) =>
      isHighSurrogate(high) && isLowSurrogate(low),
    'static bool IsSurrogatePair(string s, int index)': isSurrogatePairIn,
    'static bool IsSymbol(char c)': isSymbol,
    'static bool IsSymbol(string s, int index)': inText(isSymbol),
    'static bool IsUpper(char c)': isUpper,
    'static bool IsUpper(string s, int index)': inText(isUpper),
    'static bool IsWhiteSpace(char c)': isWhiteSpace,
    'static bool IsWhiteSpace(string s, int index)': inText(isWhiteSpace),
    'static char Parse(string s)': parse,
    'static char ToLower(char c)': lowerUnit,
    'static char ToLower(char c, CultureInfo culture)': (unit: number) => lowerUnit(unit),
    'static char ToLowerInvariant(char c)': lowerUnit,
    'string ToString()': (unit: number) => String.fromCharCode(unit),
    'string ToString(IFormatProvider provider)': (unit: number) => String.fromCharCode(unit),
    'static string ToString(char c)': (unit: number) => String.fromCharCode(unit),
    'static char ToUpper(char c)': upperUnit,
    'static char ToUpper(char c, CultureInfo culture)': (unit: number) => upperUnit(unit),
    'static char ToUpperInvariant(char c)': upperUnit,
    'static bool TryParse(string s, out char result)': tryParse,
  },
  { keyword: 'char', summary: 'One UTF-16 code unit.' },
);
