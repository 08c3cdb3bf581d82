/**
 * Constant folding (C# specification, Constant expressions). Values are in run-time representation: numbers for
 * int and smaller, char and enums, bigint for long and ulong, `{ decimal: text }` for decimal.
 */
import { isEnum, isString, keywordOf } from '../types/kinds.ts';
import type { Type } from '../types/type.ts';
import type { BuiltInOperator, ConstantValue } from './bound.ts';
import { compareDecimals, type DecimalParts, decimalFromText, decimalOperation, decimalText } from './decimals.ts';

interface IntegerKind {
  readonly bits: number;
  readonly signed: boolean;
}

const INTEGERS: Readonly<Record<string, IntegerKind>> = {
  sbyte: { bits: 8, signed: true },
  byte: { bits: 8, signed: false },
  short: { bits: 16, signed: true },
  ushort: { bits: 16, signed: false },
  char: { bits: 16, signed: false },
  int: { bits: 32, signed: true },
  uint: { bits: 32, signed: false },
  long: { bits: 64, signed: true },
  ulong: { bits: 64, signed: false },
};

/** The keyword whose representation a type shares: enums are ints. */
export function constantKind(type: Type): string | undefined {
  return isEnum(type) ? 'int' : keywordOf(type);
}

export function isIntegral(type: Type): boolean {
  const kind = constantKind(type);
  return kind !== undefined && kind in INTEGERS;
}

const isDecimal = (value: ConstantValue): value is { readonly decimal: string } => typeof value === 'object' && value !== null;

function fits(value: bigint, kind: IntegerKind): boolean {
  return (kind.signed ? BigInt.asIntN(kind.bits, value) : BigInt.asUintN(kind.bits, value)) === value;
}

function represent(value: bigint, kind: IntegerKind): number | bigint {
  const wrapped = kind.signed ? BigInt.asIntN(kind.bits, value) : BigInt.asUintN(kind.bits, value);
  return kind.bits === 64 ? wrapped : Number(wrapped);
}

/** `overflow`: the value does not fit; undefined: not a conversion between constants. */
export type Folded = { readonly value: ConstantValue } | 'overflow' | 'division' | undefined;

/** Converts a constant to another primitive type; out-of-range values wrap when `unchecked`. */
export function convertConstant(value: ConstantValue, to: Type, unchecked: boolean): Folded {
  const kind = constantKind(to);
  if (kind === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return kind === 'bool' ? { value } : undefined;
  if (typeof value === 'string') return kind === 'string' ? { value } : undefined;
  if (kind === 'double') return { value: toDouble(value) };
  if (kind === 'float') return { value: Math.fround(toDouble(value)) };
  if (kind === 'decimal') return toDecimal(value);
  const integer = INTEGERS[kind];
  return integer === undefined ? undefined : toInteger(value, integer, unchecked);
}

function toDouble(value: number | bigint | { readonly decimal: string }): number {
  return isDecimal(value) ? Number(value.decimal) : Number(value);
}

function toDecimal(value: number | bigint | { readonly decimal: string }): Folded {
  if (isDecimal(value)) return { value };
  if (typeof value === 'number' && !Number.isInteger(value)) return undefined;
  return { value: { decimal: BigInt(value).toString() } };
}

function toInteger(value: number | bigint | { readonly decimal: string }, kind: IntegerKind, unchecked: boolean): Folded {
  const whole = wholePart(value);
  if (whole === undefined) return unchecked ? undefined : 'overflow';
  if (fits(whole, kind)) return { value: represent(whole, kind) };
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return unchecked ? undefined : 'overflow';
  if (isDecimal(value) || !unchecked) return 'overflow';
  return { value: represent(whole, kind) };
}

function wholePart(value: number | bigint | { readonly decimal: string }): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
  const { digits, scale } = decimalFromText(value.decimal);
  return digits / 10n ** BigInt(scale);
}

/** Folds a built-in binary operator on two constants already converted to `type`. */
export function foldBinary(operator: BuiltInOperator, type: Type, left: ConstantValue, right: ConstantValue, unchecked: boolean): Folded {
  const kind = constantKind(type);
  if (isString(type) || left === null || right === null) return foldEquality(operator, left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return foldBool(operator, left, right);
  if (kind === 'double' || kind === 'float') return foldFloat(operator, Number(left), Number(right), kind);
  if (isDecimal(left) && isDecimal(right)) return foldDecimal(operator, decimalFromText(left.decimal), decimalFromText(right.decimal));
  const integer = kind === undefined ? undefined : INTEGERS[kind];
  if (integer === undefined || !isNumeric(left) || !isNumeric(right)) return undefined;
  return foldInteger(operator, BigInt(left), BigInt(right), integer, unchecked);
}

const isNumeric = (value: ConstantValue): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

function foldEquality(operator: BuiltInOperator, left: ConstantValue, right: ConstantValue): Folded {
  if (operator === '==') return { value: left === right };
  return operator === '!=' ? { value: left !== right } : undefined;
}

function foldBool(operator: BuiltInOperator, left: boolean, right: boolean): Folded {
  switch (operator) {
    case '&':
      return { value: left && right };
    case '|':
      return { value: left || right };
    case '^':
      return { value: left !== right };
    default:
      return foldEquality(operator, left, right);
  }
}

function foldComparison<T>(operator: BuiltInOperator, left: T, right: T): Folded {
  switch (operator) {
    case '==':
      return { value: left === right };
    case '!=':
      return { value: left !== right };
    case '<':
      return { value: left < right };
    case '>':
      return { value: left > right };
    case '<=':
      return { value: left <= right };
    case '>=':
      return { value: left >= right };
    default:
      return undefined;
  }
}

function foldFloat(operator: BuiltInOperator, left: number, right: number, kind: 'double' | 'float'): Folded {
  const compared = foldComparison(operator, left, right);
  if (compared !== undefined) return compared;
  const value = floatOperation(operator, left, right);
  return value === undefined ? undefined : { value: kind === 'float' ? Math.fround(value) : value };
}

function floatOperation(operator: BuiltInOperator, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    default:
      return undefined;
  }
}

function foldInteger(operator: BuiltInOperator, left: bigint, right: bigint, kind: IntegerKind, unchecked: boolean): Folded {
  const compared = foldComparison(operator, left, right);
  if (compared !== undefined) return compared;
  if ((operator === '/' || operator === '%') && right === 0n) return 'division';
  const value = integerOperation(operator, left, right, kind);
  if (value === undefined) return undefined;
  const mayWrap = unchecked || operator === '<<' || operator === '>>';
  return fits(value, kind) || mayWrap ? { value: represent(value, kind) } : 'overflow';
}

function integerOperation(operator: BuiltInOperator, left: bigint, right: bigint, kind: IntegerKind): bigint | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
      return left << (right & BigInt(kind.bits - 1));
    case '>>':
      return left >> (right & BigInt(kind.bits - 1));
    default:
      return undefined;
  }
}

function foldDecimal(operator: BuiltInOperator, left: DecimalParts, right: DecimalParts): Folded {
  const compared = foldComparison(operator, compareDecimals(left, right), 0);
  if (compared !== undefined) return compared;
  if ((operator === '/' || operator === '%') && right.digits === 0n) return 'division';
  const result = decimalOperation(operator, left, right);
  return result === undefined ? undefined : { value: { decimal: decimalText(result) } };
}

/** Folds a built-in unary operator on a constant of the promoted type. */
export function foldUnary(operator: '+' | '-' | '!' | '~', type: Type, operand: ConstantValue, unchecked: boolean): Folded {
  if (typeof operand === 'boolean') return operator === '!' ? { value: !operand } : undefined;
  if (operator === '+') return { value: operand };
  const kind = constantKind(type);
  if (isDecimal(operand)) return operator === '-' ? { value: negatedDecimal(operand.decimal) } : undefined;
  if (kind === 'double' || kind === 'float') return operator === '-' ? { value: -Number(operand) } : undefined;
  const integer = kind === undefined ? undefined : INTEGERS[kind];
  if (integer === undefined || !isNumeric(operand)) return undefined;
  const value = operator === '-' ? -BigInt(operand) : ~BigInt(operand);
  if (operator === '~') return { value: represent(value, integer) };
  return fits(value, integer) || unchecked ? { value: represent(value, integer) } : 'overflow';
}

function negatedDecimal(text: string): { readonly decimal: string } {
  const { digits, scale } = decimalFromText(text);
  return { decimal: decimalText({ digits: -digits, scale }) };
}

/** How the compiler shows a constant in messages. */
export function constantText(value: ConstantValue, type: Type): string {
  if (value === null) return 'null';
  if (isDecimal(value)) return value.decimal;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return keywordOf(type) === 'char' ? String.fromCharCode(Number(value)) : String(value);
}

/** A key under which equal constants of one type meet: for duplicate case labels. */
export function constantKey(value: ConstantValue): string {
  if (isDecimal(value)) {
    const { digits, scale } = decimalFromText(value.decimal);
    return `decimal:${trimmed(digits, scale)}`;
  }
  return `${typeof value}:${String(value)}`;
}

function trimmed(digits: bigint, scale: number): string {
  let left = digits;
  let places = scale;
  while (places > 0 && left % 10n === 0n) {
    left /= 10n;
    places -= 1;
  }
  return `${left}e-${places}`;
}
