/** Standard numeric format strings (C, E, F, G, N, P, R) on digits, in the invariant culture. */
import { exhausted } from '../../csharp/runtime/budget.ts';
import { formatException, type NetException } from '../../csharp/runtime/exception.ts';
import { type NumberBuffer, roundHalfUp } from './number-buffer.ts';

/** A standard format: its letter as written and its precision, -1 when there is none. */
export interface Specifier {
  readonly letter: string;
  readonly precision: number;
}

/** .NET accepts a billion digits, which no machine should be made to write; more than this many end the expression. */
const LARGEST_PRECISION = 1_000_000;

/** Reads a standard format such as `N2`; undefined means a custom format. A null or empty format is `G`. */
export function specifierOf(format: string | null | undefined): Specifier | undefined {
  if (format === null || format === undefined || format === '') return { letter: 'G', precision: -1 };
  const match = /^([A-Za-z])(\d*)(?:\0|$)/.exec(format);
  if (!match) return undefined;
  const [, letter = 'G', digits = ''] = match;
  if (digits.length > 0 && Number(digits) > 999_999_999) throw badSpecifier();
  const precision = digits === '' ? -1 : Number(digits);
  if (precision > LARGEST_PRECISION) throw exhausted(`${LARGEST_PRECISION} digits of a number`);
  return { letter, precision };
}

function badSpecifier(): NetException {
  return formatException('Format specifier was invalid.');
}

/** Prints digits in a standard format; `G` and `R` want a precision. Throws FormatException for letters that the type does not have. */
export function formatStandard(buffer: NumberBuffer, { letter, precision }: Specifier): string {
  switch (letter.toUpperCase()) {
    case 'C':
      return currency(fixed(buffer, precision, 2));
    case 'E':
      return scientific(round(buffer, (precision < 0 ? 6 : precision) + 1), precision < 0 ? 6 : precision, letter);
    case 'F':
      return signed(fixed(buffer, precision, 2), (b, digits) => fixedText(b, digits, false));
    case 'N':
      return signed(fixed(buffer, precision, 2), (b, digits) => fixedText(b, digits, true));
    case 'P':
      return percent(fixed({ ...buffer, scale: buffer.digits === '' ? 0 : buffer.scale + 2 }, precision, 2));
    case 'G':
    case 'R':
      return general(buffer, precision, letter === 'G' || letter === 'R' ? 'E' : 'e');
    default:
      throw badSpecifier();
  }
}

/** Floating-point digits come rounded already, exactly; rounding them again would break ties the other way. */
function round(buffer: NumberBuffer, count: number): NumberBuffer {
  return buffer.floating ? buffer : roundHalfUp(buffer, count);
}

interface Fixed {
  readonly buffer: NumberBuffer;
  readonly decimals: number;
}

function fixed(buffer: NumberBuffer, precision: number, standard: number): Fixed {
  const decimals = precision < 0 ? standard : precision;
  return { buffer: round(buffer, buffer.scale + decimals), decimals };
}

function signed({ buffer, decimals }: Fixed, text: (buffer: NumberBuffer, decimals: number) => string): string {
  return (buffer.negative ? '-' : '') + text(buffer, decimals);
}

function currency({ buffer, decimals }: Fixed): string {
  const text = `¤${fixedText(buffer, decimals, true)}`;
  return buffer.negative ? `(${text})` : text;
}

function percent({ buffer, decimals }: Fixed): string {
  return `${buffer.negative ? '-' : ''}${fixedText(buffer, decimals, true)} %`;
}

function fixedText({ digits, scale }: NumberBuffer, decimals: number, grouped: boolean): string {
  const whole = scale > 0 ? digits.slice(0, scale).padEnd(scale, '0') : '0';
  const shown = grouped ? groupDigits(whole) : whole;
  if (decimals <= 0) return shown;
  const fraction = ('0'.repeat(Math.min(decimals, Math.max(0, -scale))) + digits.slice(Math.max(0, scale))).slice(0, decimals);
  return `${shown}.${fraction.padEnd(decimals, '0')}`;
}

/** Commas between groups of three. */
function groupDigits(whole: string): string {
  const first = whole.length % 3 || 3;
  let text = whole.slice(0, first);
  for (let at = first; at < whole.length; at += 3) text += `,${whole.slice(at, at + 3)}`;
  return text;
}

function scientific(buffer: NumberBuffer, decimals: number, letter: string): string {
  const first = buffer.digits === '' ? '0' : buffer.digits.slice(0, 1);
  const rest = decimals > 0 ? `.${buffer.digits.slice(1, decimals + 1).padEnd(decimals, '0')}` : '';
  const exponent = buffer.digits === '' ? 0 : buffer.scale - 1;
  return `${buffer.negative ? '-' : ''}${first}${rest}${exponentText(exponent, letter, 3, true)}`;
}

/** `E+005`: letter, sign (plus only when wanted), at least so many digits. */
export function exponentText(exponent: number, letter: string, width: number, plus: boolean): string {
  const sign = exponent < 0 ? '-' : plus ? '+' : '';
  return letter + sign + String(Math.abs(exponent)).padStart(width, '0');
}

function general(buffer: NumberBuffer, precision: number, letter: string): string {
  const rounded = round(buffer, precision);
  const exponential = rounded.scale > precision || rounded.scale < -3;
  return (rounded.negative ? '-' : '') + generalText(rounded, exponential, letter);
}

function generalText({ digits, scale }: NumberBuffer, exponential: boolean, letter: string): string {
  const point = exponential ? 1 : scale;
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  const fraction = point < 0 ? '0'.repeat(-point) + digits : digits.slice(point);
  const text = fraction === '' ? whole : `${whole}.${fraction}`;
  return exponential ? text + exponentText(scale - 1, letter, 2, true) : text;
}
