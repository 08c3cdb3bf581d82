/** TimeSpan to text: c, g, G and custom formats. */
import { formatException, type NetException } from '../../csharp/runtime/exception.ts';

/** The parts of a span's magnitude. */
interface Parts {
  readonly negative: boolean;
  readonly days: bigint;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  /** Ticks under a second, as seven digits. */
  readonly fraction: string;
}

function partsOf(ticks: bigint): Parts {
  const size = ticks < 0n ? -ticks : ticks;
  const part = (unit: bigint, modulus: bigint) => Number((size / unit) % modulus);
  return {
    negative: ticks < 0n,
    days: size / 864_000_000_000n,
    hours: part(36_000_000_000n, 24n),
    minutes: part(600_000_000n, 60n),
    seconds: part(10_000_000n, 60n),
    fraction: part(1n, 10_000_000n).toString().padStart(7, '0'),
  };
}

export function badFormat(): NetException {
  return formatException('Input string was not in a correct format.');
}

const two = (value: number): string => value.toString().padStart(2, '0');

/** Formats a span of ticks; null or empty means `c`. Throws FormatException. */
export function formatTimeSpan(ticks: bigint, format: string | null | undefined): string {
  const parts = partsOf(ticks);
  switch (format || 'c') {
    case 'c':
    case 't':
    case 'T':
      return constant(parts);
    case 'g':
      return generalShort(parts);
    case 'G':
      return generalLong(parts);
    default:
      if (format?.length === 1) throw badFormat();
      return custom(parts, format ?? '');
  }
}

function constant(p: Parts): string {
  const days = p.days === 0n ? '' : `${p.days}.`;
  const fraction = p.fraction === '0000000' ? '' : `.${p.fraction}`;
  return `${p.negative ? '-' : ''}${days}${two(p.hours)}:${two(p.minutes)}:${two(p.seconds)}${fraction}`;
}

function generalShort(p: Parts): string {
  const days = p.days === 0n ? '' : `${p.days}:`;
  const digits = p.fraction.replace(/0+$/, '');
  return `${p.negative ? '-' : ''}${days}${p.hours}:${two(p.minutes)}:${two(p.seconds)}${digits === '' ? '' : `.${digits}`}`;
}

function generalLong(p: Parts): string {
  return `${p.negative ? '-' : ''}${p.days}:${two(p.hours)}:${two(p.minutes)}:${two(p.seconds)}.${p.fraction}`;
}

/** A custom format never shows the sign. */
function custom(parts: Parts, format: string): string {
  let text = '';
  for (let at = 0; at < format.length; ) {
    const [piece, next] = customPiece(parts, format, at);
    text += piece;
    at = next;
  }
  return text;
}

const PADDED = new Set(['d', 'h', 'm', 's', 'f', 'F']);

function customPiece(parts: Parts, format: string, at: number): [string, number] {
  const ch = format.charAt(at);
  if (ch === "'" || ch === '"') return quotedText(format, at);
  if (ch === '\\') {
    if (at + 1 >= format.length) throw badFormat();
    return [format.charAt(at + 1), at + 2];
  }
  if (ch === '%') {
    const next = format.charAt(at + 1);
    if (next === '' || next === '%') throw badFormat();
    return [customPart(parts, next, 1), at + 2];
  }
  if (!PADDED.has(ch)) throw badFormat();
  const count = runLength(format, at);
  return [customPart(parts, ch, count), at + count];
}

function customPart(p: Parts, ch: string, count: number): string {
  const limit = ch === 'd' ? 8 : ch === 'f' || ch === 'F' ? 7 : 2;
  if (count > limit) throw badFormat();
  const padded = (value: bigint | number) => value.toString().padStart(count, '0');
  switch (ch) {
    case 'd':
      return padded(p.days);
    case 'h':
      return padded(p.hours);
    case 'm':
      return padded(p.minutes);
    case 's':
      return padded(p.seconds);
    case 'f':
      return p.fraction.slice(0, count);
    case 'F':
      return p.fraction.slice(0, count).replace(/0+$/, '');
    default:
      throw badFormat();
  }
}

/** How often the character at `at` repeats. */
export function runLength(format: string, at: number): number {
  let end = at + 1;
  while (end < format.length && format.charAt(end) === format.charAt(at)) end += 1;
  return end - at;
}

/**
 * The text between quotes at `at`, backslashes escaping, and the place behind it. Throws FormatException
 * `Cannot find a matching quote character for the character '''.`
 */
export function quotedText(format: string, at: number): [string, number] {
  const quote = format.charAt(at);
  let text = '';
  for (let i = at + 1; i < format.length; i += 1) {
    const ch = format.charAt(i);
    if (ch === quote) return [text, i + 1];
    if (ch === '\\') i += 1;
    if (i >= format.length) throw badFormat();
    text += format.charAt(i);
  }
  throw formatException(`Cannot find a matching quote character for the character '${quote}'.`);
}
