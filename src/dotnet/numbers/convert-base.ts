/** Convert.ToString(value, base) and Convert.ToInt32(text, base) for bases 2, 8, 10 and 16. */
import { argument, argumentOutOfRange, formatException, overflow } from '../../csharp/runtime/exception.ts';
import { checkedInteger, INT32, INT64, type IntegerKind, represent, UINT32, UINT64 } from './kinds.ts';
import { tooLarge } from './parse-number.ts';

function checkBase(base: number): void {
  if (base !== 2 && base !== 8 && base !== 10 && base !== 16) throw argument('Invalid Base.');
}

/** Negative numbers show their two's complement, except in base 10. */
export function toBase(kind: IntegerKind, value: number | bigint, base: number): string {
  checkBase(base);
  return base === 10 ? String(value) : BigInt.asUintN(kind.bits, BigInt(value)).toString(base);
}

/** Reads digits of a base; null is 0. Throws as .NET does for signs, stray characters and overflow. */
export function fromBase(kind: IntegerKind, text: string | null, base: number): number | bigint {
  checkBase(base);
  if (text === null) return represent(kind, 0n);
  // .NET hands its text to the constructor that takes the name of a parameter.
  if (text === '') throw argumentOutOfRange('Index was out of range. Must be non-negative and less than the size of the collection.');
  const negative = text.startsWith('-');
  if (negative && base !== 10) throw argument('String cannot contain a minus sign if the base is not 10.');
  if (negative && kind.min === 0n) throw overflow('The string was being parsed as an unsigned number and could not have a negative sign.');
  const value = readDigits(kind, text.replace(/^[+-]/, '').replace(base === 16 ? /^0[xX]/ : /^$/, ''), base, negative);
  if (base === 10) return checkedInteger(kind, negative ? -value : value);
  if (value >> BigInt(kind.bits) !== 0n) throw tooLarge(kind.what);
  return represent(kind, kind.min < 0n ? BigInt.asIntN(kind.bits, value) : value);
}

const DIGITS: Readonly<Record<number, RegExp>> = { 2: /^[01]+/, 8: /^[0-7]+/, 10: /^[0-9]+/, 16: /^[0-9a-fA-F]+/ };
const PREFIXES: Readonly<Record<number, string>> = { 2: '0b', 8: '0o', 10: '', 16: '0x' };

/** Numbers are read into 32 or 64 bits first, whatever they become; an overflow of those comes before stray characters. */
function readDigits({ bits, min }: IntegerKind, text: string, base: number, negative: boolean): bigint {
  const found = DIGITS[base]?.exec(text)?.[0] ?? '';
  const significant = found.replace(/^0+/, '');
  const signed = base === 10 && min < 0n;
  const reader = bits === 64 ? (signed ? INT64 : UINT64) : signed ? INT32 : UINT32;
  const value = significant.length > 64 ? reader.max + 2n : BigInt(`${PREFIXES[base] ?? ''}${significant || '0'}`);
  if (value > reader.max + (negative ? 1n : 0n)) throw tooLarge(reader.what);
  if (found === '') throw formatException('Could not find any recognizable digits.');
  if (found.length < text.length) throw formatException('Additional non-parsable characters are at the end of the string.');
  return value;
}
