/** Constants of C# as JavaScript source. */
import type { BoundLiteral, ConstantValue } from '../check/bound.ts';
import type { PlainImplementation } from '../types/declare.ts';
import { EmitFault, type Program } from './program.ts';

/** A literal in the representation of its type. */
export function emitLiteral(literal: BoundLiteral, program: Program): string {
  return emitConstant(literal.value, program);
}

export function emitConstant(value: ConstantValue, program: Program): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return emitText(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value < 0n ? `(${value}n)` : `${value}n`;
    case 'number':
      return emitNumber(value);
    default:
      return program.constant(makeDecimal(value.decimal, program));
  }
}

/** A string literal that is safe in source: JSON plus the two line separators that JavaScript once took for line ends. */
export function emitText(text: string): string {
  return JSON.stringify(text)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

/** NaN and infinities are names of globals, so they are written as divisions. */
function emitNumber(value: number): string {
  if (Number.isNaN(value)) return '(0/0)';
  if (value === Number.POSITIVE_INFINITY) return '(1/0)';
  if (value === Number.NEGATIVE_INFINITY) return '(-1/0)';
  return value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? '-0' : value})` : String(value);
}

/** System.Decimal's own Parse makes the value, once, when the program is compiled. */
function makeDecimal(text: string, program: Program): unknown {
  const parse = program.types
    .type('decimal')
    .definition.membersNamed('Parse')
    .find((m) => m.kind === 'method' && m.parameters.length === 1);
  if (parse?.kind !== 'method' || typeof parse.implementation !== 'function')
    throw new EmitFault('System.Decimal declares no Parse(string)');
  return (parse.implementation as PlainImplementation as (text: string) => unknown)(withoutExponent(text));
}

/** Behind these many zeros nothing is left of a decimal. */
const DECIMAL_PLACES = 40;

/** `1.5e-3` as `0.0015`: Parse reads no exponents. */
function withoutExponent(text: string): string {
  const match = /^(-?)([0-9]*)\.?([0-9]*)[eE]([-+]?[0-9]+)$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const point = Math.max(whole.length + Number(exponent), -DECIMAL_PLACES);
  const digits = (whole + fraction).padEnd(point, '0');
  if (point > 0) return `${sign}${digits.slice(0, point)}${digits.length > point ? `.${digits.slice(point)}` : ''}`;
  return `${sign}0.${digits.padStart(digits.length - point, '0')}`;
}
