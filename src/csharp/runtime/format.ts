/** IFormattable over all representations: what `{0:N2}` and `$"{x:yyyy}"` call. */
import type { Method, Parameter, Type } from '../types/type.ts';
import { formatException } from './exception.ts';
import { enumText, textOf, toText } from './text.ts';
import { isEnum, isString, nullableElement } from './type-facts.ts';
import { Boxed, isNetObject } from './values.ts';

/**
 * `ToString(format, provider)` where the object is IFormattable, else `ToString()`. A null or empty format means the default;
 * a null provider the invariant culture. Throws FormatException for a format the type does not know.
 */
export function formatOf(value: unknown, format: string | null, provider: unknown = null): string {
  if (value instanceof Boxed) return formatAs(value.value, value.type, format, provider);
  if (isNetObject(value) && value.netFormat) return value.netFormat(format, provider);
  return toText(value);
}

/** The same for a value in the representation of its static type. */
export function formatAs(value: unknown, type: Type, format: string | null, provider: unknown = null): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  const inner = nullableElement(type) ?? type;
  if (typeof value === 'object' || typeof value === 'function') return formatOf(value, format, provider);
  if (isEnum(inner)) return formatEnum(Number(value), inner, format);
  const method = formatter(inner);
  return method ? String(method(value, format, provider)) : textOf(value, inner);
}

type Formatter = (value: unknown, format: string | null, provider: unknown) => unknown;

/** The primitive's declared `ToString(string, IFormatProvider)`, or `ToString(string)`. */
function formatter(type: Type): Formatter | undefined {
  if (type.kind !== 'named') return undefined;
  const methods = type.definition.membersNamed('ToString').filter((m): m is Method => m.kind === 'method' && !m.isStatic);
  const formatted = methods.filter((m) => takesFormat(m.parameters)).sort((a, b) => b.parameters.length - a.parameters.length)[0];
  return typeof formatted?.implementation === 'function' ? (formatted.implementation as unknown as Formatter) : undefined;
}

function takesFormat(parameters: readonly Parameter[]): boolean {
  const first = parameters[0];
  return first !== undefined && isString(first.type);
}

/** Enum.ToString(format): G, D, X or F in either case. */
function formatEnum(value: number, type: Type, format: string | null): string {
  if (!isEnum(type)) return String(value);
  switch ((format ?? '').toUpperCase()) {
    case '':
    case 'G':
    case 'F':
      return enumText(type, value);
    case 'D':
      return String(value);
    case 'X':
      return (value >>> 0).toString(16).toUpperCase().padStart(8, '0');
    default:
      throw formatException('Format string can be only "G", "g", "X", "x", "F", "f", "D" or "d".');
  }
}
