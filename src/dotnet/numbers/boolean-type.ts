/** System.Boolean. */
import { argumentNull, formatException } from '../../csharp/runtime/exception.ts';
import type { Ref } from '../../csharp/runtime/values.ts';
import { declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { comparisonMembers } from './common-members.ts';

/** Reads `True` or `False` in any case, with white space or NULs around it; undefined otherwise. */
function parseBoolean(text: string): boolean | undefined {
  switch (trimmed(text).toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    default:
      return undefined;
  }
}

/** A text longer than both words can only match after trimming; a loop keeps that linear. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isSpace(text.charAt(start))) start += 1;
  while (end > start && isSpace(text.charAt(end - 1))) end -= 1;
  return end - start > 5 ? '' : text.slice(start, end);
}

function isSpace(ch: string): boolean {
  return ch === '\0' || ch.trim() === '';
}

/** `bool.Parse`; throws ArgumentNullException or FormatException. */
export function booleanFromText(text: string | null): boolean {
  if (text === null) throw argumentNull('value');
  const value = parseBoolean(text);
  if (value === undefined) throw formatException(`String '${text}' was not recognized as a valid Boolean.`);
  return value;
}

export function booleanText(value: boolean): string {
  return value ? 'True' : 'False';
}

export const booleanType: TypeDeclaration = declareType(
  'struct System.Boolean : IComparable, IComparable<bool>, IConvertible, IEquatable<bool>',
  'all',
  {
    ...comparisonMembers('bool', 'Boolean', 3, 'obj'),
    'static readonly string FalseString': () => 'False',
    'static readonly string TrueString': () => 'True',
    'string ToString()': booleanText,
    'string ToString(IFormatProvider provider)': booleanText,
    'static bool Parse(string value)': booleanFromText,
    'static bool TryParse(string value, out bool result)': (value: string | null, result: Ref<boolean>) => {
      const read = value === null ? undefined : parseBoolean(value);
      result.value = read ?? false;
      return read !== undefined;
    },
  },
  { keyword: 'bool' },
);
