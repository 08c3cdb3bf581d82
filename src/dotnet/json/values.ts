/** What a JValue may hold: kinds, text, order and hash of scalars. */
import { argument } from '../../csharp/runtime/exception.ts';
import { formatOf } from '../../csharp/runtime/format.ts';
import { Boxed, isNetObject } from '../../csharp/runtime/values.ts';
import { isEnum, netTypeName, objectCompare, objectEquals, objectHash, primitiveOf, textOf, toText } from '../core/protocol.ts';
import { compareDecimals, decimalFromInteger, decimalToDouble, NetDecimal } from '../numbers/decimal.ts';
import { formatFloating, formatInteger } from '../numbers/format-number.ts';
import { compare as compareTexts, ORDINAL } from '../text/comparison.ts';
import { KIND } from './kinds.ts';
import type { Scalar } from './tokens.ts';

/** Kinds of the value types that are objects of ours, by type name. */
const OBJECT_KINDS: Readonly<Record<string, number>> = {
  'System.Decimal': KIND.Float,
  'System.DateTime': KIND.Date,
  'System.DateTimeOffset': KIND.Date,
  'System.Guid': KIND.Guid,
  'System.TimeSpan': KIND.TimeSpan,
  'System.Uri': KIND.Uri,
};

/** The JTokenType of a value; ArgumentException for an object that JSON has no scalar for. */
export function kindOf(value: Scalar): number {
  switch (typeof value) {
    case 'string':
      return KIND.String;
    case 'bigint':
      return KIND.Integer;
    case 'number':
      return KIND.Float;
    case 'boolean':
      return KIND.Boolean;
    default:
      return value === null ? KIND.Null : objectKind(value);
  }
}

function objectKind(value: Exclude<Scalar, string | bigint | number | boolean | null>): number {
  if (value instanceof Uint8Array) return KIND.Bytes;
  if (value instanceof Boxed) return isEnum(value.type) ? KIND.Integer : KIND.Float;
  const name = netTypeName(value.netType);
  const kind = OBJECT_KINDS[name];
  if (kind === undefined) throw argument(`Could not determine JSON object type for type ${name}.`);
  return kind;
}

/** The scalar of an object-represented value: boxed integers become 64 bit, boxed doubles and bools their own value. */
export function simplified(content: unknown): Scalar {
  if (content === null || content === undefined) return null;
  if (content instanceof Boxed) return unboxed(content);
  if (typeof content === 'string' || content instanceof Uint8Array || isNetObject(content)) return content;
  if (typeof content === 'bigint' || typeof content === 'number' || typeof content === 'boolean') return content;
  throw argument(`Could not determine JSON object type for type ${toText(content)}.`);
}

function unboxed(boxed: Boxed): Scalar {
  if (isEnum(boxed.type)) return boxed;
  switch (primitiveOf(boxed.type)) {
    case 'bool':
    case 'double':
      return boxed.value;
    case 'float':
      return boxed;
    case 'char':
      return String.fromCharCode(Number(boxed.value));
    default:
      return BigInt(boxed.value);
  }
}

/** `ToString()` of the value. */
export function scalarText(value: Exclude<Scalar, null>): string {
  switch (typeof value) {
    case 'number':
      return formatFloating(value, false);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'bigint':
      return String(value);
    default:
      if (value instanceof Boxed) return textOf(value.value, value.type);
      return toText(value);
  }
}

/** `ToString(format)` of the value where it is IFormattable, else its text. */
export function formattedScalar(value: Exclude<Scalar, null>, format: string | null): string {
  if (typeof value === 'number') return formatFloating(value, false, format);
  if (typeof value === 'bigint') return formatInteger(value, 64, format);
  return typeof value === 'object' ? formatOf(value, format) : scalarText(value);
}

/** A number as JavaScript's own; NaN for what is none. */
export function asNumber(value: Scalar): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (value instanceof Boxed) return Number(value.value);
  if (value instanceof NetDecimal) return decimalToDouble(value);
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

/** JValue.Compare: values of one kind, or a value that is read as that kind. Null comes first. */
export function compareValues(kind: number, a: Scalar, b: Scalar): number {
  if (a === b) return 0;
  if (b === null) return 1;
  if (a === null) return -1;
  switch (kind) {
    case KIND.Integer:
      return compareIntegers(a, b);
    case KIND.Float:
      return compareNumbers(a, b);
    case KIND.Comment:
    case KIND.String:
    case KIND.Raw:
      return compareTexts(scalarText(a), scalarText(b), ORDINAL);
    case KIND.Boolean:
      return Number(a === true) - Number(b === true);
    case KIND.Bytes:
      return compareBytes(a, b);
    default:
      return compareOthers(a, b);
  }
}

function compareIntegers(a: Scalar, b: Scalar): number {
  const [x, y] = [integerOf(a), integerOf(b)];
  if (x === undefined || y === undefined) return compareNumbers(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

function integerOf(value: Scalar): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return value instanceof Boxed && typeof value.value !== 'number' ? BigInt(value.value) : undefined;
}

/** As decimals where one is a decimal, else as doubles, equal within rounding (MathUtils.ApproxEquals). */
function compareNumbers(a: Scalar, b: Scalar): number {
  if (a instanceof NetDecimal && (b instanceof NetDecimal || typeof b === 'bigint'))
    return compareDecimals(a, b instanceof NetDecimal ? b : decimalFromInteger(b));
  const [x, y] = [asNumber(a), asNumber(b)];
  const closeness = (Math.abs(x) + Math.abs(y) + 10) * 2.220446049250313e-16;
  if (Math.abs(x - y) < closeness) return 0;
  return x < y ? -1 : 1;
}

function compareBytes(a: Scalar, b: Scalar): number {
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) throw argument('Object must be of type byte[].');
  const at = a.findIndex((byte, index) => byte !== b[index]);
  if (at < 0) return a.length - b.length;
  return (a[at] ?? 0) - (b[at] ?? -1);
}

function compareOthers(a: Scalar, b: Scalar): number {
  if (isNetObject(a) && isNetObject(b) && a.netCompareTo && netTypeName(a.netType) === netTypeName(b.netType)) return a.netCompareTo(b);
  if (objectEquals(a, b)) return 0;
  return typeof a === 'string' && typeof b === 'string'
    ? objectCompare(a, b)
    : compareTexts(scalarText(a as string), scalarText(b as string), ORDINAL);
}

export function valuesHash(value: Scalar): number {
  if (typeof value === 'bigint') return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value) | 0;
  return objectHash(value);
}
