/** Convert.ToString(value, base) and Convert.ToInt32(text, base) for bases 2, 8, 10 and 16. */
import { argument, argumentOutOfRange, formatException } from '../../csharp/runtime/exception.ts';
import { type IntegerKind, integerFromText, represent } from './kinds.ts';
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
  if (text === '')
    throw argumentOutOfRange('startIndex', 'Index was out of range. Must be non-negative and less than the size of the collection.');
  if (base === 10) return decimalDigits(kind, text);
  if (text.startsWith('-')) throw argument('String cannot contain a minus sign if the base is not 10.');
  const digits = text.replace(/^\+/, '').replace(base === 16 ? /^0[xX]/ : /^$/, '');
  const valid = base === 16 ? /^[0-9a-fA-F]+/ : base === 8 ? /^[0-7]+/ : /^[01]+/;
  const found = valid.exec(digits)?.[0] ?? '';
  if (found === '') throw formatException('Could not find any recognizable digits.');
  if (found.length < digits.length) throw formatException('Additional non-parsable characters are at the end of the string.');
  const significant = found.replace(/^0+/, '');
  if (significant.length > kind.bits) throw tooLarge(kind.what);
  const value = BigInt(`${base === 16 ? '0x' : base === 8 ? '0o' : '0b'}${significant || '0'}`);
  if (value >> BigInt(kind.bits) !== 0n) throw tooLarge(kind.what);
  return represent(kind, kind.min < 0n ? BigInt.asIntN(kind.bits, value) : value);
}

function decimalDigits(kind: IntegerKind, text: string): number | bigint {
  if (kind.min === 0n && text.startsWith('-')) throw tooLarge(kind.what);
  const match = /^[+-]?\d+/.exec(text);
  if (!match) throw formatException('Could not find any recognizable digits.');
  if (match[0].length < text.length) throw formatException('Additional non-parsable characters are at the end of the string.');
  return integerFromText(kind, text);
}
