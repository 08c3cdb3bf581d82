/** Reads numbers as .NET's Parse does: NumberStyles, invariant symbols, exact messages. */
import { argument, formatException, type NetException, overflow } from '../../csharp/runtime/exception.ts';
import { trimZeros } from './number-buffer.ts';

/** Bits of System.Globalization.NumberStyles. */
export const STYLE = {
  leadingWhite: 1,
  trailingWhite: 2,
  leadingSign: 4,
  trailingSign: 8,
  parentheses: 16,
  decimalPoint: 32,
  thousands: 64,
  exponent: 128,
  currency: 256,
  hex: 512,
  binary: 1024,
} as const;
export const INTEGER_STYLE = 7;
export const NUMBER_STYLE = 111;
/** What double and float accept without a style: Float and thousands. */
export const FLOAT_STYLE = 167 | STYLE.thousands;

/** A number as read: `digits` (leading zeros dropped, trailing ones kept) times ten to the power of `scale` - digits.length. */
export interface ParsedNumber {
  readonly digits: string;
  readonly scale: number;
  readonly negative: boolean;
}

export type ParseFailure = 'format' | 'overflow';

/** `The input string 'abc' was not in a correct format.` */
export function badNumber(text: string): NetException {
  return formatException(`The input string '${text}' was not in a correct format.`);
}

/** `Value was either too large or too small for an Int32.`; `what` is `an Int32`. */
export function tooLarge(what: string): NetException {
  return overflow(`Value was either too large or too small for ${what}.`);
}

/** Refuses undefined style bits and, where `integer` is false, hexadecimal. Throws ArgumentException. */
export function checkStyle(style: number, integer: boolean): void {
  if ((style & ~0x7ff) !== 0) throw argument('An undefined NumberStyles value is being used.', 'style');
  const special = style & (STYLE.hex | STYLE.binary);
  if (special === 0) return;
  if (!integer) throw argument('The number style AllowHexSpecifier is not supported on floating point data types.', 'style');
  if ((style & ~(special | 3)) === 0 && special !== (STYLE.hex | STYLE.binary)) return;
  throw argument(
    'With the AllowHexSpecifier or AllowBinarySpecifier bit set in the enum bit field, the only other valid bits that can be combined into the enum value must be AllowLeadingWhite and AllowTrailingWhite.',
    'style',
  );
}

/** Reads an integer between `min` and `max` (both inclusive). */
export function parseInteger(text: string, style: number, min: bigint, max: bigint, bits: number): bigint | ParseFailure {
  if ((style & (STYLE.hex | STYLE.binary)) !== 0) return parseBits(text, style, min < 0n, bits);
  const number = readNumber(text, style);
  if (!number) return 'format';
  const digits = trimZeros(number.digits);
  if (digits.length > number.scale && digits !== '') return 'overflow';
  if (number.scale > 20) return digits === '' ? 0n : 'overflow';
  const magnitude = digits === '' ? 0n : BigInt(digits.padEnd(number.scale, '0'));
  const value = number.negative ? -magnitude : magnitude;
  return value < min || value > max ? 'overflow' : value;
}

function parseBits(text: string, style: number, signed: boolean, bits: number): bigint | ParseFailure {
  const hex = (style & STYLE.hex) !== 0;
  const inner = withoutWhite(text, style);
  if (!(hex ? /^[0-9A-Fa-f]+$/ : /^[01]+$/).test(inner)) return 'format';
  const digits = trimLeadingZeros(inner);
  if (digits.length > (hex ? bits / 4 : bits)) return 'overflow';
  const value = BigInt(`${hex ? '0x' : '0b'}${digits || '0'}`);
  return signed ? BigInt.asIntN(bits, value) : value;
}

function withoutWhite(text: string, style: number): string {
  let [start, end] = [0, text.length];
  while (end > start && text.charCodeAt(end - 1) === 0) end -= 1;
  if ((style & STYLE.trailingWhite) !== 0) while (end > start && isWhite(text, end - 1)) end -= 1;
  if ((style & STYLE.leadingWhite) !== 0) while (start < end && isWhite(text, start)) start += 1;
  return text.slice(start, end);
}

function trimLeadingZeros(digits: string): string {
  let start = 0;
  while (digits.charCodeAt(start) === 48) start += 1;
  return digits.slice(start);
}

/** Reads a double or float; too large a number is infinite. */
export function parseFloating(text: string, style: number, single: boolean): number | undefined {
  const number = readNumber(text, style);
  if (!number) return parseSymbol(text);
  const literal = `${number.digits || '0'}e${number.digits === '' ? 0 : number.scale - number.digits.length}`;
  const value = single ? nearestSingle(Number(literal), number) : Number(literal);
  return number.negative ? -value : value;
}

/** Rounding to double and then to float can be off when the double lies halfway between two floats: look at the digits then. */
function nearestSingle(value: number, number: ParsedNumber): number {
  const single = Math.fround(value);
  if (single === value || !Number.isFinite(single) || number.digits.length > 400) return single;
  const other = 2 * value - single;
  if (Math.fround(other) !== other) return single;
  const side = compareDigits(number, value);
  if (side === 0) return single;
  return side > 0 ? Math.max(single, other) : Math.min(single, other);
}

/** Whether the number as written is below (-1), at or above a double that it was rounded to. */
function compareDigits(number: ParsedNumber, value: number): number {
  const power = number.scale - number.digits.length;
  const [mantissa, exponent] = splitDouble(value);
  const left = BigInt(number.digits) * 10n ** BigInt(Math.max(power, 0)) * 2n ** BigInt(Math.max(-exponent, 0));
  const right = mantissa * 2n ** BigInt(Math.max(exponent, 0)) * 10n ** BigInt(Math.max(-power, 0));
  return left < right ? -1 : left > right ? 1 : 0;
}

function splitDouble(value: number): [bigint, number] {
  let [mantissa, exponent] = [value, 0];
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent -= 1;
  }
  return [BigInt(mantissa), exponent];
}

/** `Infinity`, `-Infinity` and `NaN`, in any case. */
function parseSymbol(text: string): number | undefined {
  switch (text.trim().toLowerCase()) {
    case 'infinity':
    case '+infinity':
      return Number.POSITIVE_INFINITY;
    case '-infinity':
      return Number.NEGATIVE_INFINITY;
    case 'nan':
    case '+nan':
    case '-nan':
      return Number.NaN;
    default:
      return undefined;
  }
}

/** Space and tab to carriage return: what number parsing skips. */
function isWhite(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || (code >= 9 && code <= 13);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** Reads a decimal number of the given style; undefined when the text is not one. Linear in the text. */
export function readNumber(text: string, style: number): ParsedNumber | undefined {
  return new NumberReader(text, style).read();
}

class NumberReader {
  readonly #text: string;
  readonly #style: number;
  #at = 0;
  #sign = false;
  #negative = false;
  #open = false;
  #currency = false;
  #scale = 0;

  constructor(text: string, style: number) {
    this.#text = text;
    this.#style = style;
  }

  read(): ParsedNumber | undefined {
    this.#skipLeading();
    const digits = this.#readDigits();
    if (digits === undefined) return undefined;
    this.#readExponent();
    this.#skipTrailing();
    if (this.#open || !this.#onlyNulls()) return undefined;
    return { digits, scale: digits === '' ? Math.min(this.#scale, 0) : this.#scale, negative: this.#negative };
  }

  #allows(bit: number): boolean {
    return (this.#style & bit) !== 0;
  }

  #skipLeading(): void {
    for (; this.#at < this.#text.length; this.#at += 1) {
      const white = isWhite(this.#text, this.#at) && this.#allows(STYLE.leadingWhite) && (!this.#sign || this.#currency);
      if (!white && !this.#readSign(STYLE.leadingSign) && !this.#readOpening() && !this.#readCurrency()) return;
    }
  }

  #readSign(bit: number): boolean {
    const ch = this.#text.charAt(this.#at);
    if (!this.#allows(bit) || this.#sign || (ch !== '+' && ch !== '-')) return false;
    this.#sign = true;
    this.#negative = ch !== '+';
    return true;
  }

  #readOpening(): boolean {
    if (!this.#allows(STYLE.parentheses) || this.#sign || this.#text.charAt(this.#at) !== '(') return false;
    this.#sign = this.#open = this.#negative = true;
    return true;
  }

  #readCurrency(): boolean {
    if (!this.#allows(STYLE.currency) || this.#currency || this.#text.charAt(this.#at) !== '¤') return false;
    this.#currency = true;
    return true;
  }

  #readDigits(): string | undefined {
    let [any, point, start] = [false, false, -1];
    let digits = '';
    const flush = (end: number): void => {
      if (start >= 0) digits += this.#text.slice(start, end);
      start = -1;
    };
    for (; this.#at < this.#text.length; this.#at += 1) {
      if (isDigit(this.#text, this.#at)) {
        any = true;
        const significant = digits !== '' || start >= 0 || this.#text.charCodeAt(this.#at) !== 48;
        if (significant && start < 0) start = this.#at;
        if (significant !== point) this.#scale += point ? -1 : 1;
      } else if (this.#text.charAt(this.#at) === '.' && this.#allows(STYLE.decimalPoint) && !point) {
        flush(this.#at);
        point = true;
      } else if (this.#text.charAt(this.#at) === ',' && this.#allows(STYLE.thousands) && any && !point) flush(this.#at);
      else break;
    }
    flush(this.#at);
    return any ? digits : undefined;
  }

  #readExponent(): void {
    const ch = this.#text.charAt(this.#at);
    if (!this.#allows(STYLE.exponent) || (ch !== 'e' && ch !== 'E')) return;
    const sign = this.#text.charAt(this.#at + 1);
    let at = this.#at + (sign === '+' || sign === '-' ? 2 : 1);
    if (!isDigit(this.#text, at)) return;
    let exponent = 0;
    for (; isDigit(this.#text, at); at += 1) exponent = Math.min(exponent * 10 + this.#text.charCodeAt(at) - 48, 999_999_999);
    this.#scale += sign === '-' ? -exponent : exponent;
    this.#at = at;
  }

  #skipTrailing(): void {
    for (; this.#at < this.#text.length; this.#at += 1) {
      const white = isWhite(this.#text, this.#at) && this.#allows(STYLE.trailingWhite);
      if (!white && !this.#readSign(STYLE.trailingSign) && !this.#readClosing() && !this.#readCurrency()) return;
    }
  }

  #readClosing(): boolean {
    if (!this.#open || this.#text.charAt(this.#at) !== ')') return false;
    this.#open = false;
    return true;
  }

  /** Trailing NUL characters are part of no number, yet .NET lets them pass. */
  #onlyNulls(): boolean {
    while (this.#at < this.#text.length && this.#text.charCodeAt(this.#at) === 0) this.#at += 1;
    return this.#at === this.#text.length;
  }
}
