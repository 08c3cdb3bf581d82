/** The built-in integer types, as data. */
import { badNumber, INTEGER_STYLE, type ParseFailure, parseInteger, tooLarge } from './parse-number.ts';

export interface IntegerKind {
  /** `Int32`. */
  readonly name: string;
  readonly keyword: string;
  readonly bits: number;
  readonly min: bigint;
  readonly max: bigint;
  /** Whether values are bigints (long, ulong). */
  readonly wide: boolean;
  /** How overflow messages name it. */
  readonly what: string;
  readonly typeCode: number;
}

function kind(name: string, keyword: string, bits: number, signed: boolean, what: string, typeCode: number): IntegerKind {
  const size = 1n << BigInt(bits);
  const min = signed ? -size / 2n : 0n;
  return { name, keyword, bits, min, max: min + size - 1n, wide: bits === 64, what, typeCode };
}

export const SBYTE = kind('SByte', 'sbyte', 8, true, 'a signed byte', 5);
export const BYTE = kind('Byte', 'byte', 8, false, 'an unsigned byte', 6);
export const INT16 = kind('Int16', 'short', 16, true, 'an Int16', 7);
const UINT16 = kind('UInt16', 'ushort', 16, false, 'a UInt16', 8);
export const INT32 = kind('Int32', 'int', 32, true, 'an Int32', 9);
export const UINT32 = kind('UInt32', 'uint', 32, false, 'a UInt32', 10);
export const INT64 = kind('Int64', 'long', 64, true, 'an Int64', 11);
export const UINT64 = kind('UInt64', 'ulong', 64, false, 'a UInt64', 12);
/** Converts like an integer, though it is none. */
export const CHAR = kind('Char', 'char', 16, false, 'a character', 4);

export const INTEGER_KINDS: readonly IntegerKind[] = [SBYTE, BYTE, INT16, UINT16, INT32, UINT32, INT64, UINT64];

/** A value in the representation of the kind; the caller knows that it is in range. */
export function represent(kind: IntegerKind, value: bigint): number | bigint {
  return kind.wide ? value : Number(value);
}

/** In range or OverflowException with the type's message. */
export function checkedInteger(kind: IntegerKind, value: bigint): number | bigint {
  if (value < kind.min || value > kind.max) throw tooLarge(kind.what);
  return represent(kind, value);
}

/** Wraps around, as an unchecked cast. */
export function wrapInteger(kind: IntegerKind, value: bigint): number | bigint {
  return represent(kind, kind.min < 0n ? BigInt.asIntN(kind.bits, value) : BigInt.asUintN(kind.bits, value));
}

/** Parses text of a NumberStyles; throws FormatException or OverflowException. */
export function integerFromText(kind: IntegerKind, text: string, style = INTEGER_STYLE): number | bigint {
  const value = parsedInteger(kind, text, style);
  if (value === 'format') throw badNumber(text);
  if (value === 'overflow') throw tooLarge(kind.what);
  return value;
}

/** The same without throwing. */
export function parsedInteger(kind: IntegerKind, text: string, style = INTEGER_STYLE): number | bigint | ParseFailure {
  const value = parseInteger(text, style, kind.min, kind.max, kind.bits);
  return typeof value === 'bigint' ? represent(kind, value) : value;
}
