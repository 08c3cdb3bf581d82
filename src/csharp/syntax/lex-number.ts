/** Numeric literals (ECMA-334, 6.4.5.3 and 6.4.5.4): digit separators, hexadecimal, binary, suffixes, the type of an integer by size. */
import type { Wording } from './faults.ts';
import { floatOutOfRange, integerTooLarge, invalidNumber } from './faults.ts';
import type { LiteralValue } from './token.ts';

export interface ScannedNumber {
  readonly end: number;
  readonly literal: LiteralValue;
  readonly fault?: Wording;
}

const NUMBER =
  /(?:0[xX](?<hex>[0-9a-fA-F_]*)|0[bB](?<binary>[01_]*)|(?<whole>\d[\d_]*)?(?<fraction>\.\d[\d_]*)?(?<exponent>[eE][+-]?\d[\d_]*)?)(?<suffix>[uU][lL]?|[lL][uU]?|(?:[fFdDmM]))?/y;

/** Reads the number that starts at `start`. */
export function scanNumber(text: string, start: number): ScannedNumber {
  NUMBER.lastIndex = start;
  const match = NUMBER.exec(text);
  const groups = match?.groups ?? {};
  const end = start + (match?.[0].length ?? 1);
  const suffix = (groups.suffix ?? '').toLowerCase();
  if (groups.hex !== undefined) return integer(end, `0x${digits(groups.hex)}`, suffix, groups.hex);
  if (groups.binary !== undefined) return integer(end, `0b${digits(groups.binary)}`, suffix, groups.binary);
  const plain = digits((groups.whole ?? '') + (groups.fraction ?? '') + (groups.exponent ?? ''));
  const isReal = groups.fraction !== undefined || groups.exponent !== undefined || /[fdm]/.test(suffix);
  return isReal ? real(end, plain, suffix) : integer(end, plain, suffix, groups.whole ?? '');
}

function digits(written: string): string {
  return written.replaceAll('_', '');
}

function integer(end: number, text: string, suffix: string, written: string): ScannedNumber {
  const digitsOnly = /^0[xb]$/i.test(text) ? '0' : text;
  const value = BigInt(digitsOnly);
  const bad = digitsOnly !== text || written.endsWith('_');
  const type = integerType(value, suffix);
  if (type === undefined) return { end, literal: { type: 'int', value: 0, text }, fault: integerTooLarge() };
  const literal: LiteralValue = { type, value: type === 'long' || type === 'ulong' ? value : Number(value), text };
  return bad ? { end, literal, fault: invalidNumber() } : { end, literal };
}

function integerType(value: bigint, suffix: string): 'int' | 'uint' | 'long' | 'ulong' | undefined {
  const unsigned = suffix.includes('u');
  const long = suffix.includes('l');
  if (!unsigned && !long && value <= 0x7fffffffn) return 'int';
  if (!long && value <= 0xffffffffn) return 'uint';
  if (!unsigned && value <= 0x7fffffffffffffffn) return 'long';
  return value <= 0xffffffffffffffffn ? 'ulong' : undefined;
}

function real(end: number, text: string, suffix: string): ScannedNumber {
  if (suffix === 'm') return decimal(end, text);
  const type = suffix === 'f' ? 'float' : 'double';
  const value = suffix === 'f' ? Math.fround(Number(text)) : Number(text);
  const literal: LiteralValue = { type, value, text };
  return Number.isFinite(value) ? { end, literal } : { end, literal, fault: floatOutOfRange(type) };
}

const DECIMAL_MAXIMUM = 2n ** 96n - 1n;

function decimal(end: number, text: string): ScannedNumber {
  const literal: LiteralValue = { type: 'decimal', value: text, text };
  return fitsDecimal(text) ? { end, literal } : { end, literal, fault: floatOutOfRange('decimal') };
}

function fitsDecimal(text: string): boolean {
  if (/e/i.test(text)) return Number(text) <= Number(DECIMAL_MAXIMUM);
  return BigInt(text.split('.')[0] || '0') <= DECIMAL_MAXIMUM;
}
