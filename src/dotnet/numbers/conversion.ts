/** System.Convert's conversions between object-represented values of the convertible types. */
import { argumentNull, formatException, invalidCast, type NetException, overflow } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { Boxed } from '../../csharp/runtime/values.ts';
import { NetDateTime } from '../time/date-time.ts';
import { parseDateTime } from '../time/date-time-type.ts';
import { booleanFromText, booleanText } from './boolean-type.ts';
import {
  decimalFromFloating,
  decimalFromInteger,
  decimalToDouble,
  NetDecimal,
  parseDecimal,
  roundDecimal,
  truncateDecimal,
} from './decimal.ts';
import { roundEven } from './float-math.ts';
import { formatFloating } from './format-number.ts';
import { CHAR, checkedInteger, INT32, INTEGER_KINDS, type IntegerKind, integerFromText } from './kinds.ts';
import { badNumber, FLOAT_STYLE, NUMBER_STYLE, parseFloating, tooLarge } from './parse-number.ts';

/** The types that Convert knows, under their .NET names. */
export type ConvertibleName = 'Boolean' | 'Char' | 'Single' | 'Double' | 'Decimal' | 'DateTime' | 'String' | 'Object' | IntegerKind['name'];

/** A value with the name of its type: `{ name: 'Int32', value: 5 }`. */
export interface Typed {
  readonly name: ConvertibleName;
  readonly value: unknown;
}

const INTEGERS: ReadonlyMap<string, IntegerKind> = new Map(INTEGER_KINDS.map((kind) => [kind.name, kind]));

/** `Invalid cast from 'Char' to 'Boolean'.` */
function badCast(from: string, to: string): NetException {
  return invalidCast(`Invalid cast from '${from}' to '${to}'.`);
}

/** The type name of an object-represented value that is IConvertible (enums count as their number); undefined for others. */
export function typeName(value: unknown): ConvertibleName | undefined {
  if (typeof value === 'string') return 'String';
  if (value instanceof NetDecimal) return 'Decimal';
  if (value instanceof NetDateTime) return 'DateTime';
  return value instanceof Boxed ? boxedName(value) : undefined;
}

/** An object-represented value with its type's name. Throws InvalidCastException for what is not IConvertible. */
export function typedOf(runtime: Runtime, value: unknown): Typed {
  const name = typeName(value);
  if (name !== undefined) return { name, value: value instanceof Boxed ? value.value : value };
  const type = runtime.types.typeOf(value);
  const shown = type === null ? 'System.Object' : runtime.types.reflectionName(type);
  throw invalidCast(`Unable to cast object of type '${shown}' to type 'System.IConvertible'.`);
}

function boxedName({ type }: Boxed): ConvertibleName {
  return type.definition.typeKind === 'enum' ? 'Int32' : type.definition.name;
}

/** To an integer type or char. */
export function toInteger(kind: IntegerKind, { name, value }: Typed): number | bigint {
  if (kind === CHAR && !INTEGERS.has(name) && name !== 'Char' && name !== 'String') throw badCast(name, 'Char');
  switch (name) {
    case 'Boolean':
      return kind.wide ? BigInt(value === true) : Number(value);
    case 'Single':
    case 'Double':
      return checkedInteger(kind, wholeOf(kind, value as number));
    case 'Decimal':
      return checkedInteger(kind, truncateDecimal(roundDecimal(value as NetDecimal, 0, 0)));
    case 'DateTime':
      throw badCast('DateTime', kind.name);
    case 'String':
      return kind === CHAR
        ? characterOf(value as string | null)
        : value === null
          ? checkedInteger(kind, 0n)
          : integerFromText(kind, value as string);
    default:
      return checkedInteger(kind, BigInt(value as number | bigint));
  }
}

/** Small integer types are reached by way of Int32, whose message a large number gets; 64 bits have arithmetic's own. */
function wholeOf(kind: IntegerKind, value: number): bigint {
  const rounded = roundEven(value);
  const through = kind.bits < 32 ? INT32 : kind;
  if (rounded >= Number(through.min) && rounded <= Number(through.max) && !(kind.wide && rounded >= Number(kind.max)))
    return BigInt(rounded);
  throw kind.wide ? overflow() : tooLarge(through.what);
}

function characterOf(text: string | null): number {
  if (text === null) throw argumentNull('value');
  if (text.length !== 1) throw formatException('String must be exactly one character long.');
  return text.charCodeAt(0);
}

export function toBoolean({ name, value }: Typed): boolean {
  switch (name) {
    case 'Boolean':
      return value === true;
    case 'String':
      return value === null ? false : booleanFromText(value as string);
    case 'Char':
    case 'DateTime':
      throw badCast(name, 'Boolean');
    case 'Decimal':
      return (value as NetDecimal).coefficient !== 0n;
    default:
      return Number(value) !== 0;
  }
}

export function toFloating(single: boolean, { name, value }: Typed): number {
  const narrow = single ? Math.fround : (x: number) => x;
  switch (name) {
    case 'Char':
    case 'DateTime':
      throw badCast(name, single ? 'Single' : 'Double');
    case 'String':
      return value === null ? 0 : floatingFromText(value as string, single);
    case 'Decimal':
      return narrow(decimalToDouble(value as NetDecimal));
    default:
      return narrow(Number(value));
  }
}

function floatingFromText(text: string, single: boolean): number {
  const value = parseFloating(text, FLOAT_STYLE, single);
  if (value === undefined) throw badNumber(text);
  return value;
}

export function toDecimal({ name, value }: Typed): NetDecimal {
  switch (name) {
    case 'Char':
    case 'DateTime':
      throw badCast(name, 'Decimal');
    case 'String':
      return value === null ? decimalFromInteger(0) : decimalOfText(value as string);
    case 'Single':
    case 'Double':
      return decimalFromFloating(value as number, name === 'Single');
    case 'Decimal':
      return value as NetDecimal;
    default:
      return decimalFromInteger(typeof value === 'bigint' ? value : Number(value));
  }
}

function decimalOfText(text: string): NetDecimal {
  const value = parseDecimal(text, NUMBER_STYLE);
  if (value === 'format') throw badNumber(text);
  if (value === 'overflow') throw tooLarge('a Decimal');
  return value;
}

export function toDateTime(runtime: Runtime, { name, value }: Typed): NetDateTime {
  if (name === 'DateTime') return value as NetDateTime;
  if (name !== 'String') throw badCast(name, 'DateTime');
  return value === null ? new NetDateTime(0n) : parseDateTime(runtime, value as string);
}

/** ToString in the invariant culture; null stays null. */
export function toText({ name, value }: Typed): string | null {
  switch (name) {
    case 'String':
      return value as string | null;
    case 'Boolean':
      return booleanText(value === true);
    case 'Char':
      return String.fromCharCode(value as number);
    case 'Single':
    case 'Double':
      return formatFloating(value as number, name === 'Single');
    case 'Decimal':
    case 'DateTime':
      return (value as NetDecimal | NetDateTime).netToString();
    default:
      return String(value);
  }
}
