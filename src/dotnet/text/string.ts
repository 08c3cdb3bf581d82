import { objectHash } from '../../csharp/runtime/equality.ts';
import { declareType, special } from '../../csharp/types/declare.ts';
import { toLower, toUpper } from './casing.ts';
import { CharEnumeratorValue } from './char-enumerator.ts';
import {
  CULTURE,
  compare,
  compareOrdinal,
  cultureRule,
  endsWith,
  equals,
  ORDINAL,
  ruleOf,
  ruleOfOptions,
  sortKey,
  startsWith,
} from './comparison.ts';
import { formatText } from './formatting.ts';
import { concat, textsOf, textsOfObjects } from './joining.ts';
import { splitByChars, splitByText, splitByTexts, trimWhiteSpace } from './split.ts';
import {
  charArray,
  compareParts,
  comparePartsByCulture,
  compareToObject,
  copyTo,
  indexOfUnit,
  joinObjects,
  joinPart,
  joinSequence,
  joinTexts,
  lastIndexOfUnit,
  NO_LIMIT,
  partOfUnits,
  stringArray,
  type Text,
  trimOne,
  trimSet,
  type Units,
  unitAt,
  unitsToText,
  type Values,
} from './string-members.ts';
import {
  containsText,
  indexOfAny,
  indexOfText,
  insert,
  isNullOrWhiteSpace,
  lastIndexOfAny,
  lastIndexOfText,
  normalize,
  pad,
  remove,
  removeFrom,
  repeated,
  replace,
  replaceByRule,
  replaceLineEnds,
  required,
  substring,
} from './string-parts.ts';

const SPACE = 32;
const FORM_C = 1;

/** A text of the same length: counted, since a loop may keep all of them. */
function cased(map: (text: string) => string) {
  return special(({ budget }, _types, text: string) => {
    budget.allocate(text.length);
    return map(text);
  });
}

/** System.String: a JavaScript string. */
export const stringType = declareType(
  'class System.String : IComparable, IComparable<string>, IConvertible, IEnumerable<char>, IEnumerable, IEquatable<string>',
  'all',
  {
    'String(char[] value)': unitsToText,
    'String(char[] value, int startIndex, int length)': partOfUnits,
    'String(char c, int count)': special((runtime, _types, c: number, count: number) => repeated(runtime.budget, c, count)),
    'char this[int index] { get; }': unitAt,
    'int Length { get; }': (text: string) => text.length,
    'static readonly string Empty': () => '',
    'static bool operator ==(string a, string b)': (a: Text, b: Text) => a === b,
    'static bool operator !=(string a, string b)': (a: Text, b: Text) => a !== b,
    'object Clone()': (text: string) => text,
    'static int Compare(string strA, string strB)': (a: Text, b: Text) => compare(a, b, CULTURE),
    'static int Compare(string strA, string strB, bool ignoreCase)': (a: Text, b: Text, ignoreCase: boolean) =>
      compare(a, b, cultureRule(ignoreCase)),
    'static int Compare(string strA, string strB, StringComparison comparisonType)': (a: Text, b: Text, type: number) =>
      compare(a, b, ruleOf(type)),
    'static int Compare(string strA, string strB, bool ignoreCase, CultureInfo culture)': (a: Text, b: Text, ignoreCase: boolean) =>
      compare(a, b, cultureRule(ignoreCase)),
    'static int Compare(string strA, string strB, CultureInfo culture, CompareOptions options)': (
      a: Text,
      b: Text,
      _culture: unknown,
      options: number,
    ) => compare(a, b, ruleOfOptions(options)),
    'static int Compare(string strA, int indexA, string strB, int indexB, int length)': (
      a: Text,
      i: number,
      b: Text,
      j: number,
      length: number,
    ) => comparePartsByCulture(a, i, b, j, length, CULTURE),
    'static int Compare(string strA, int indexA, string strB, int indexB, int length, bool ignoreCase)': (
      a: Text,
      i: number,
      b: Text,
      j: number,
      length: number,
      ignoreCase: boolean,
    ) => comparePartsByCulture(a, i, b, j, length, cultureRule(ignoreCase)),
    'static int Compare(string strA, int indexA, string strB, int indexB, int length, bool ignoreCase, CultureInfo culture)': (
      a: Text,
      i: number,
      b: Text,
      j: number,
      length: number,
      ignoreCase: boolean,
    ) => comparePartsByCulture(a, i, b, j, length, cultureRule(ignoreCase)),
    'static int Compare(string strA, int indexA, string strB, int indexB, int length, CultureInfo culture, CompareOptions options)': (
      a: Text,
      i: number,
      b: Text,
      j: number,
      length: number,
      _culture: unknown,
      options: number,
    ) => comparePartsByCulture(a, i, b, j, length, ruleOfOptions(options)),
    'static int Compare(string strA, int indexA, string strB, int indexB, int length, StringComparison comparisonType)': (
      a: Text,
      i: number,
      b: Text,
      j: number,
      length: number,
      type: number,
    ) => compareParts(a, i, b, j, length, ruleOf(type)),
    'static int CompareOrdinal(string strA, string strB)': (a: Text, b: Text) =>
      a === null || b === null ? compare(a, b, ORDINAL) : compareOrdinal(a, b),
    'static int CompareOrdinal(string strA, int indexA, string strB, int indexB, int length)': (
      a: Text,
      i: number,
      b: Text,
      j: number,
      length: number,
    ) => compareParts(a, i, b, j, length, ORDINAL),
    'int CompareTo(string strB)': (text: string, other: Text) => compare(text, other, CULTURE),
    'int CompareTo(object value)': compareToObject,
    'static string Concat(object arg0)': (a: unknown) => textsOfObjects([a])[0],
    'static string Concat(object arg0, object arg1)': special((runtime, _types, ...args: never[]) => concat(runtime, textsOfObjects(args))),
    'static string Concat(object arg0, object arg1, object arg2)': special((runtime, _types, ...args: never[]) =>
      concat(runtime, textsOfObjects(args)),
    ),
    'static string Concat(params object[] args)': special((runtime, _types, args: unknown[]) =>
      concat(runtime, textsOfObjects(required(args, 'args'))),
    ),
    'static string Concat(string str0, string str1)': special((runtime, _types, ...texts: never[]) => concat(runtime, texts)),
    'static string Concat(string str0, string str1, string str2)': special((runtime, _types, ...texts: never[]) => concat(runtime, texts)),
    'static string Concat(string str0, string str1, string str2, string str3)': special((runtime, _types, ...texts: never[]) =>
      concat(runtime, texts),
    ),
    'static string Concat(params string[] values)': special((runtime, _types, texts: Text[]) => concat(runtime, required(texts, 'values'))),
    'static string Concat(IEnumerable<string> values)': special((runtime, _types, values: Values) =>
      joinSequence(runtime, '', values, undefined),
    ),
    'static string Concat<T>(IEnumerable<T> values)': special((runtime, types, values: Values) =>
      concat(runtime, textsOf(runtime, required(values, 'values'), types[0])),
    ),
    'bool Contains(string value)': (text: string, value: Text) => containsText(text, value, ORDINAL),
    'bool Contains(string value, StringComparison comparisonType)': (text: string, value: Text, type: number) =>
      containsText(text, value, ruleOf(type)),
    'bool Contains(char value)': (text: string, unit: number) => text.includes(String.fromCharCode(unit)),
    'bool Contains(char value, StringComparison comparisonType)': (text: string, unit: number, type: number) =>
      containsText(text, String.fromCharCode(unit), ruleOf(type)),
    'static string Copy(string str)': (text: Text) => required(text, 'str'),
    'void CopyTo(int sourceIndex, char[] destination, int destinationIndex, int count)': copyTo,
    'bool EndsWith(string value)': (text: string, value: Text) => endsWith(text, required(value, 'value'), CULTURE),
    'bool EndsWith(string value, StringComparison comparisonType)': (text: string, value: Text, type: number) =>
      endsWith(text, required(value, 'value'), ruleOf(type)),
    'bool EndsWith(string value, bool ignoreCase, CultureInfo culture)': (text: string, value: Text, ignoreCase: boolean) =>
      endsWith(text, required(value, 'value'), cultureRule(ignoreCase)),
    'bool EndsWith(char value)': (text: string, unit: number) => text.charCodeAt(text.length - 1) === unit,
    'bool Equals(object obj)': (text: string, other: unknown) => text === other,
    'bool Equals(string value)': (text: string, other: Text) => text === other,
    'bool Equals(string value, StringComparison comparisonType)': (text: string, other: Text, type: number) =>
      equals(text, other, ruleOf(type)),
    'static bool Equals(string a, string b)': (a: Text, b: Text) => a === b,
    'static bool Equals(string a, string b, StringComparison comparisonType)': (a: Text, b: Text, type: number) =>
      equals(a, b, ruleOf(type)),
    'static string Format(string format, object arg0)': special((runtime, _types, format: Text, ...args: never[]) =>
      formatText(runtime, null, format, args),
    ),
    'static string Format(string format, object arg0, object arg1)': special((runtime, _types, format: Text, ...args: never[]) =>
      formatText(runtime, null, format, args),
    ),
    'static string Format(string format, object arg0, object arg1, object arg2)': special(
      (runtime, _types, format: Text, ...args: never[]) => formatText(runtime, null, format, args),
    ),
    'static string Format(string format, params object[] args)': special((runtime, _types, format: Text, args: unknown[]) =>
      formatText(runtime, null, format, args),
    ),
    'static string Format(IFormatProvider provider, string format, object arg0)': special(
      (runtime, _types, provider: unknown, format: Text, ...args: never[]) => formatText(runtime, provider, format, args),
    ),
    'static string Format(IFormatProvider provider, string format, object arg0, object arg1)': special(
      (runtime, _types, provider: unknown, format: Text, ...args: never[]) => formatText(runtime, provider, format, args),
    ),
    'static string Format(IFormatProvider provider, string format, object arg0, object arg1, object arg2)': special(
      (runtime, _types, provider: unknown, format: Text, ...args: never[]) => formatText(runtime, provider, format, args),
    ),
    'static string Format(IFormatProvider provider, string format, params object[] args)': special(
      (runtime, _types, provider: unknown, format: Text, args: unknown[]) => formatText(runtime, provider, format, args),
    ),
    'CharEnumerator GetEnumerator()': (text: string) => new CharEnumeratorValue(text),
    'int GetHashCode()': (text: string) => objectHash(text),
    'int GetHashCode(StringComparison comparisonType)': (text: string, type: number) => objectHash(sortKey(text, ruleOf(type))),
    'TypeCode GetTypeCode()': () => 18,
    'int IndexOf(char value)': (text: string, unit: number) => text.indexOf(String.fromCharCode(unit)),
    'int IndexOf(char value, int startIndex)': indexOfUnit,
    'int IndexOf(char value, int startIndex, int count)': indexOfUnit,
    'int IndexOf(char value, StringComparison comparisonType)': (text: string, unit: number, type: number) =>
      indexOfText(text, String.fromCharCode(unit), 0, text.length, ruleOf(type)),
    'int IndexOf(string value)': (text: string, value: Text) => indexOfText(text, value, 0, text.length, CULTURE),
    'int IndexOf(string value, int startIndex)': (text: string, value: Text, start: number) =>
      indexOfText(text, value, start, text.length - start, CULTURE),
    'int IndexOf(string value, int startIndex, int count)': (text: string, value: Text, start: number, count: number) =>
      indexOfText(text, value, start, count, CULTURE),
    'int IndexOf(string value, StringComparison comparisonType)': (text: string, value: Text, type: number) =>
      indexOfText(text, value, 0, text.length, ruleOf(type)),
    'int IndexOf(string value, int startIndex, StringComparison comparisonType)': (
      text: string,
      value: Text,
      start: number,
      type: number,
    ) => indexOfText(text, value, start, text.length - start, ruleOf(type)),
    'int IndexOf(string value, int startIndex, int count, StringComparison comparisonType)': (
      text: string,
      value: Text,
      start: number,
      count: number,
      type: number,
    ) => indexOfText(text, value, start, count, ruleOf(type)),
    'int IndexOfAny(char[] anyOf)': indexOfAny,
    'int IndexOfAny(char[] anyOf, int startIndex)': indexOfAny,
    'int IndexOfAny(char[] anyOf, int startIndex, int count)': indexOfAny,
    'string Insert(int startIndex, string value)': special((runtime, _types, text: string, start: number, value: Text) => {
      runtime.budget.allocate(text.length + (value ?? '').length);
      return insert(text, start, value);
    }),
    'static string Intern(string str)': (text: Text) => required(text, 'str'),
    'static string IsInterned(string str)': (text: Text) => required(text, 'str'),
    'bool IsNormalized()': special(({ budget }, _types, text: string) => normalize(budget, text, FORM_C) === text),
    'bool IsNormalized(NormalizationForm normalizationForm)': special(
      ({ budget }, _types, text: string, form: number) => normalize(budget, text, form) === text,
    ),
    'static bool IsNullOrEmpty(string value)': (text: Text) => text === null || text === '',
    'static bool IsNullOrWhiteSpace(string value)': isNullOrWhiteSpace,
    'static string Join(string separator, params string[] value)': special((runtime, _types, separator: Text, value: Text[]) =>
      joinTexts(runtime, separator, value),
    ),
    'static string Join(string separator, params object[] values)': special((runtime, _types, separator: Text, values: unknown[]) =>
      joinObjects(runtime, separator, values),
    ),
    'static string Join(string separator, IEnumerable<string> values)': special((runtime, _types, separator: Text, values: Values) =>
      joinSequence(runtime, separator, values, undefined),
    ),
    'static string Join<T>(string separator, IEnumerable<T> values)': special((runtime, types, separator: Text, values: Values) =>
      joinSequence(runtime, separator, values, types[0]),
    ),
    'static string Join(string separator, string[] value, int startIndex, int count)': special(
      (runtime, _types, separator: Text, value: Text[], start: number, count: number) => joinPart(runtime, separator, value, start, count),
    ),
    'static string Join(char separator, params string[] value)': special((runtime, _types, separator: number, value: Text[]) =>
      joinTexts(runtime, String.fromCharCode(separator), value),
    ),
    'static string Join(char separator, params object[] values)': special((runtime, _types, separator: number, values: unknown[]) =>
      joinObjects(runtime, String.fromCharCode(separator), values),
    ),
    'static string Join<T>(char separator, IEnumerable<T> values)': special((runtime, types, separator: number, values: Values) =>
      joinSequence(runtime, String.fromCharCode(separator), values, types[0]),
    ),
    'static string Join(char separator, string[] value, int startIndex, int count)': special(
      (runtime, _types, separator: number, value: Text[], start: number, count: number) =>
        joinPart(runtime, String.fromCharCode(separator), value, start, count),
    ),
    'int LastIndexOf(char value)': (text: string, unit: number) => text.lastIndexOf(String.fromCharCode(unit)),
    'int LastIndexOf(char value, int startIndex)': lastIndexOfUnit,
    'int LastIndexOf(char value, int startIndex, int count)': lastIndexOfUnit,
    'int LastIndexOf(string value)': (text: string, value: Text) => lastIndexOfText(text, value, text.length - 1, text.length, CULTURE),
    'int LastIndexOf(string value, int startIndex)': (text: string, value: Text, start: number) =>
      lastIndexOfText(text, value, start, start + 1, CULTURE),
    'int LastIndexOf(string value, int startIndex, int count)': (text: string, value: Text, start: number, count: number) =>
      lastIndexOfText(text, value, start, count, CULTURE),
    'int LastIndexOf(string value, StringComparison comparisonType)': (text: string, value: Text, type: number) =>
      lastIndexOfText(text, value, text.length - 1, text.length, ruleOf(type)),
    'int LastIndexOf(string value, int startIndex, StringComparison comparisonType)': (
      text: string,
      value: Text,
      start: number,
      type: number,
    ) => lastIndexOfText(text, value, start, start + 1, ruleOf(type)),
    'int LastIndexOf(string value, int startIndex, int count, StringComparison comparisonType)': (
      text: string,
      value: Text,
      start: number,
      count: number,
      type: number,
    ) => lastIndexOfText(text, value, start, count, ruleOf(type)),
    'int LastIndexOfAny(char[] anyOf)': lastIndexOfAny,
    'int LastIndexOfAny(char[] anyOf, int startIndex)': lastIndexOfAny,
    'int LastIndexOfAny(char[] anyOf, int startIndex, int count)': lastIndexOfAny,
    'string Normalize()': special(({ budget }, _types, text: string) => normalize(budget, text, FORM_C)),
    'string Normalize(NormalizationForm normalizationForm)': special(({ budget }, _types, text: string, form: number) =>
      normalize(budget, text, form),
    ),
    'string PadLeft(int totalWidth)': special((runtime, _types, text: string, width: number) =>
      pad(runtime.budget, text, width, SPACE, true),
    ),
    'string PadLeft(int totalWidth, char paddingChar)': special((runtime, _types, text: string, width: number, unit: number) =>
      pad(runtime.budget, text, width, unit, true),
    ),
    'string PadRight(int totalWidth)': special((runtime, _types, text: string, width: number) =>
      pad(runtime.budget, text, width, SPACE, false),
    ),
    'string PadRight(int totalWidth, char paddingChar)': special((runtime, _types, text: string, width: number, unit: number) =>
      pad(runtime.budget, text, width, unit, false),
    ),
    'string Remove(int startIndex)': removeFrom,
    'string Remove(int startIndex, int count)': remove,
    'string Replace(char oldChar, char newChar)': special(({ budget }, _types, text: string, old: number, unit: number) => {
      budget.allocate(text.length);
      const replacement = String.fromCharCode(unit);
      return text.replaceAll(String.fromCharCode(old), replacement === '$' ? '$$' : replacement);
    }),
    'string Replace(string oldValue, string newValue)': special((runtime, _types, text: string, old: Text, value: Text) =>
      replace(runtime.budget, text, old, value),
    ),
    'string Replace(string oldValue, string newValue, StringComparison comparisonType)': special(
      (runtime, _types, text: string, old: Text, value: Text, type: number) =>
        replaceByRule(runtime.budget, text, old, value, ruleOf(type)),
    ),
    'string Replace(string oldValue, string newValue, bool ignoreCase, CultureInfo culture)': special(
      (runtime, _types, text: string, old: Text, value: Text, ignoreCase: boolean) =>
        replaceByRule(runtime.budget, text, old, value, cultureRule(ignoreCase)),
    ),
    'string ReplaceLineEndings()': (text: string) => replaceLineEnds(text, '\n'),
    'string ReplaceLineEndings(string replacementText)': replaceLineEnds,
    'string[] Split(params char[] separator)': special((runtime, _types, text: string, separators: Units | null) =>
      stringArray(runtime, splitByChars(text, separators, NO_LIMIT, 0, runtime.budget)),
    ),
    'string[] Split(char separator, StringSplitOptions options = StringSplitOptions.None)': special(
      (runtime, _types, text: string, unit: number, options: number) =>
        stringArray(runtime, splitByChars(text, [unit], NO_LIMIT, options, runtime.budget)),
    ),
    'string[] Split(char separator, int count, StringSplitOptions options = StringSplitOptions.None)': special(
      (runtime, _types, text: string, unit: number, count: number, options: number) =>
        stringArray(runtime, splitByChars(text, [unit], count, options, runtime.budget)),
    ),
    'string[] Split(char[] separator, int count)': special((runtime, _types, text: string, separators: Units | null, count: number) =>
      stringArray(runtime, splitByChars(text, separators, count, 0, runtime.budget)),
    ),
    'string[] Split(char[] separator, StringSplitOptions options)': special(
      (runtime, _types, text: string, separators: Units | null, options: number) =>
        stringArray(runtime, splitByChars(text, separators, NO_LIMIT, options, runtime.budget)),
    ),
    'string[] Split(char[] separator, int count, StringSplitOptions options)': special(
      (runtime, _types, text: string, separators: Units | null, count: number, options: number) =>
        stringArray(runtime, splitByChars(text, separators, count, options, runtime.budget)),
    ),
    'string[] Split(string separator, StringSplitOptions options = StringSplitOptions.None)': special(
      (runtime, _types, text: string, separator: Text, options: number) =>
        stringArray(runtime, splitByText(text, separator, NO_LIMIT, options, runtime.budget)),
    ),
    'string[] Split(string separator, int count, StringSplitOptions options = StringSplitOptions.None)': special(
      (runtime, _types, text: string, separator: Text, count: number, options: number) =>
        stringArray(runtime, splitByText(text, separator, count, options, runtime.budget)),
    ),
    'string[] Split(string[] separator, StringSplitOptions options)': special(
      (runtime, _types, text: string, separators: Text[] | null, options: number) =>
        stringArray(runtime, splitByTexts(text, separators, NO_LIMIT, options, runtime.budget)),
    ),
    'string[] Split(string[] separator, int count, StringSplitOptions options)': special(
      (runtime, _types, text: string, separators: Text[] | null, count: number, options: number) =>
        stringArray(runtime, splitByTexts(text, separators, count, options, runtime.budget)),
    ),
    'bool StartsWith(string value)': (text: string, value: Text) => startsWith(text, required(value, 'value'), CULTURE),
    'bool StartsWith(string value, StringComparison comparisonType)': (text: string, value: Text, type: number) =>
      startsWith(text, required(value, 'value'), ruleOf(type)),
    'bool StartsWith(string value, bool ignoreCase, CultureInfo culture)': (text: string, value: Text, ignoreCase: boolean) =>
      startsWith(text, required(value, 'value'), cultureRule(ignoreCase)),
    'bool StartsWith(char value)': (text: string, unit: number) => text.charCodeAt(0) === unit,
    'string Substring(int startIndex)': substring,
    'string Substring(int startIndex, int length)': substring,
    'char[] ToCharArray()': special((runtime, _types, text: string) => charArray(runtime, text, 0, text.length)),
    'char[] ToCharArray(int startIndex, int length)': special((runtime, _types, text: string, start: number, length: number) =>
      charArray(runtime, text, start, length),
    ),
    'string ToLower()': cased(toLower),
    'string ToLower(CultureInfo culture)': cased(toLower),
    'string ToLowerInvariant()': cased(toLower),
    'string ToString()': (text: string) => text,
    'string ToString(IFormatProvider provider)': (text: string) => text,
    'string ToUpper()': cased(toUpper),
    'string ToUpper(CultureInfo culture)': cased(toUpper),
    'string ToUpperInvariant()': cased(toUpper),
    'string Trim()': (text: string) => trimWhiteSpace(text, true, true),
    'string Trim(char trimChar)': (text: string, unit: number) => trimOne(text, unit, true, true),
    'string Trim(params char[] trimChars)': (text: string, units: Units | null) => trimSet(text, units, true, true),
    'string TrimStart()': (text: string) => trimWhiteSpace(text, true, false),
    'string TrimStart(char trimChar)': (text: string, unit: number) => trimOne(text, unit, true, false),
    'string TrimStart(params char[] trimChars)': (text: string, units: Units | null) => trimSet(text, units, true, false),
    'string TrimEnd()': (text: string) => trimWhiteSpace(text, false, true),
    'string TrimEnd(char trimChar)': (text: string, unit: number) => trimOne(text, unit, false, true),
    'string TrimEnd(params char[] trimChars)': (text: string, units: Units | null) => trimSet(text, units, false, true),
  },
  { keyword: 'string', summary: 'Text: a sequence of UTF-16 code units that never changes.' },
);
