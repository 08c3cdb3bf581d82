/** DateTime and DateTimeOffset to text, in the invariant culture. */
import { formatException, type NetException } from '../../csharp/runtime/exception.ts';
import { type CivilDate, dateOf, MONTHS, WEEKDAYS, weekdayOf } from './calendar.ts';
import { TICKS_PER_MINUTE } from './ticks.ts';
import { quotedText, runLength } from './time-span-format.ts';

/** What a date is printed from: clock ticks, a kind, and for DateTimeOffset its offset in ticks. */
interface Shown {
  readonly ticks: bigint;
  readonly kind: number;
  readonly offset: bigint | undefined;
  readonly date: CivilDate;
}

/** Custom formats behind the standard letters. */
const STANDARD: Readonly<Record<string, string>> = {
  d: 'MM/dd/yyyy',
  D: 'dddd, dd MMMM yyyy',
  f: 'dddd, dd MMMM yyyy HH:mm',
  F: 'dddd, dd MMMM yyyy HH:mm:ss',
  g: 'MM/dd/yyyy HH:mm',
  G: 'MM/dd/yyyy HH:mm:ss',
  m: 'MMMM dd',
  M: 'MMMM dd',
  o: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  O: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  r: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  R: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  s: "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
  t: 'HH:mm',
  T: 'HH:mm:ss',
  u: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
  U: 'dddd, dd MMMM yyyy HH:mm:ss',
  y: 'yyyy MMMM',
  Y: 'yyyy MMMM',
};

/** The custom format that a standard letter stands for; undefined for an unknown letter. */
export function standardPattern(letter: string): string | undefined {
  return Object.hasOwn(STANDARD, letter) ? STANDARD[letter] : undefined;
}

export function badDateFormat(): NetException {
  return formatException('Input string was not in a correct format.');
}

/**
 * Formats clock ticks. `offset` (ticks) makes it a DateTimeOffset; null or empty format means `G`, with the offset behind
 * it for a DateTimeOffset. Throws FormatException.
 */
export function formatDateTime(ticks: bigint, format: string | null | undefined, kind: number, offset?: bigint): string {
  const date = dateOf(ticks);
  if (!format) return custom({ ticks, kind, offset, date }, offset === undefined ? 'MM/dd/yyyy HH:mm:ss' : 'MM/dd/yyyy HH:mm:ss zzz');
  if (format.length > 1) return custom({ ticks, kind, offset, date }, format);
  const pattern = standardPattern(format);
  if (pattern === undefined || (format === 'U' && offset !== undefined)) throw badDateFormat();
  const universal = offset !== undefined && 'rRu'.includes(format) ? ticks - offset : ticks;
  return custom({ ticks: universal, kind, offset, date: universal === ticks ? date : dateOf(universal) }, pattern);
}

function custom(shown: Shown, format: string): string {
  let text = '';
  for (let at = 0; at < format.length; ) {
    const ch = format.charAt(at);
    if (ch === 'F' && text.endsWith('.')) {
      const count = runLength(format, at);
      const piece = part(shown, ch, count);
      text = piece === '' ? text.slice(0, -1) : text + piece;
      at += count;
      continue;
    }
    const [piece, next] = pieceAt(shown, format, at);
    text += piece;
    at = next;
  }
  return text;
}

function pieceAt(shown: Shown, format: string, at: number): [string, number] {
  const ch = format.charAt(at);
  switch (ch) {
    case "'":
    case '"':
      return quotedText(format, at);
    case '\\':
      if (at + 1 >= format.length) throw badDateFormat();
      return [format.charAt(at + 1), at + 2];
    case '%': {
      const next = format.charAt(at + 1);
      if (next === '' || next === '%') throw badDateFormat();
      return [custom(shown, next), at + 2];
    }
    default: {
      if (!'hHmsfFtdMyzKg'.includes(ch)) return [ch, at + 1];
      const count = ch === 'K' ? 1 : runLength(format, at);
      return [part(shown, ch, count), at + count];
    }
  }
}

function clock(ticks: bigint, unit: bigint, modulus: bigint): number {
  return Number((ticks / unit) % modulus);
}

function padded(value: number, count: number): string {
  return value.toString().padStart(Math.min(count, 2), '0');
}

function part(shown: Shown, ch: string, count: number): string {
  const { ticks, date } = shown;
  switch (ch) {
    case 'h':
      return padded(((clock(ticks, 36_000_000_000n, 24n) + 11) % 12) + 1, count);
    case 'H':
      return padded(clock(ticks, 36_000_000_000n, 24n), count);
    case 'm':
      return padded(clock(ticks, 600_000_000n, 60n), count);
    case 's':
      return padded(clock(ticks, 10_000_000n, 60n), count);
    case 'f':
    case 'F':
      return fraction(ticks, ch, count);
    case 't':
      return (clock(ticks, 36_000_000_000n, 24n) < 12 ? 'AM' : 'PM').slice(0, count);
    case 'd':
      return count <= 2 ? padded(date.day, count) : name(WEEKDAYS[weekdayOf(ticks)], count);
    case 'M':
      return count <= 2 ? padded(date.month, count) : name(MONTHS[date.month - 1], count);
    case 'y':
      return count <= 2 ? padded(date.year % 100, count) : date.year.toString().padStart(count, '0');
    case 'z':
      return offsetText(shown.offset ?? 0n, count);
    case 'K':
      return kindText(shown);
    default:
      return 'A.D.';
  }
}

function name(full: string | undefined, count: number): string {
  return count === 3 ? (full ?? '').slice(0, 3) : (full ?? '');
}

function fraction(ticks: bigint, ch: string, count: number): string {
  if (count > 7) throw badDateFormat();
  const digits = clock(ticks, 1n, 10_000_000n).toString().padStart(7, '0').slice(0, count);
  return ch === 'f' ? digits : digits.replace(/0+$/, '');
}

/** `+2`, `+02` or `+02:00`. */
export function offsetText(offset: bigint, count: number): string {
  const minutes = Number((offset < 0n ? -offset : offset) / TICKS_PER_MINUTE);
  const hours = Math.floor(minutes / 60).toString();
  const sign = offset < 0n ? '-' : '+';
  if (count === 1) return sign + hours;
  const text = sign + hours.padStart(2, '0');
  return count === 2 ? text : `${text}:${(minutes % 60).toString().padStart(2, '0')}`;
}

function kindText({ kind, offset }: Shown): string {
  if (offset !== undefined) return offsetText(offset, 3);
  return kind === 1 ? 'Z' : kind === 2 ? '+00:00' : '';
}
