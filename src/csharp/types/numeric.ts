/** The numeric types by keyword, and the conversions between them (C# specification, Implicit and explicit numeric conversions). */
import type { ConstantValue } from '../check/bound.ts';

const WIDER: Readonly<Record<string, readonly string[]>> = {
  sbyte: ['short', 'int', 'long', 'float', 'double', 'decimal'],
  byte: ['short', 'ushort', 'int', 'uint', 'long', 'ulong', 'float', 'double', 'decimal'],
  short: ['int', 'long', 'float', 'double', 'decimal'],
  ushort: ['int', 'uint', 'long', 'ulong', 'float', 'double', 'decimal'],
  int: ['long', 'float', 'double', 'decimal'],
  uint: ['long', 'ulong', 'float', 'double', 'decimal'],
  long: ['float', 'double', 'decimal'],
  ulong: ['float', 'double', 'decimal'],
  char: ['ushort', 'int', 'uint', 'long', 'ulong', 'float', 'double', 'decimal'],
  float: ['double'],
  double: [],
  decimal: [],
};

const RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  sbyte: [-128n, 127n],
  byte: [0n, 255n],
  short: [-32768n, 32767n],
  ushort: [0n, 65535n],
  int: [-2147483648n, 2147483647n],
  uint: [0n, 4294967295n],
  long: [-9223372036854775808n, 9223372036854775807n],
  ulong: [0n, 18446744073709551615n],
  char: [0n, 65535n],
};

/** What an int constant in range also converts to (not char: that needs a cast). */
const CONSTANT_TARGETS: ReadonlySet<string> = new Set(['sbyte', 'byte', 'short', 'ushort', 'uint', 'ulong']);
const SIGNED: ReadonlySet<string> = new Set(['sbyte', 'short', 'int', 'long']);
const UNSIGNED: ReadonlySet<string> = new Set(['byte', 'ushort', 'uint', 'ulong']);

export function isNumeric(keyword: string | undefined): keyword is string {
  return keyword !== undefined && Object.hasOwn(WIDER, keyword);
}

/** The integral types, char included. */
export function isIntegral(keyword: string | undefined): keyword is string {
  return keyword !== undefined && Object.hasOwn(RANGES, keyword);
}

export function isSigned(keyword: string | undefined): boolean {
  return keyword !== undefined && SIGNED.has(keyword);
}

export function isUnsigned(keyword: string | undefined): boolean {
  return keyword !== undefined && UNSIGNED.has(keyword);
}

export function widens(from: string, to: string): boolean {
  return WIDER[from]?.includes(to) ?? false;
}

/** Whether a constant of the integral type `from` converts implicitly to `to` because its value fits. */
export function constantFits(value: ConstantValue, from: string, to: string): boolean {
  const number = integerOf(value);
  if (number === undefined) return false;
  if (from === 'int') return CONSTANT_TARGETS.has(to) && inRange(number, to);
  return from === 'long' && to === 'ulong' && number >= 0n;
}

function inRange(value: bigint, keyword: string): boolean {
  const range = RANGES[keyword];
  return range !== undefined && value >= range[0] && value <= range[1];
}

/** An integral constant as a bigint; undefined for anything else. */
export function integerOf(value: ConstantValue | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined;
}
