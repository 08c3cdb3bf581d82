/** Text to TimeSpan: `[-][d.]hh:mm[:ss[.fffffff]]` and what else TimeSpan.Parse takes, and exact formats. */
import { formatException, type NetException } from '../../csharp/runtime/exception.ts';
import { MAX_SPAN, MIN_SPAN, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND } from './ticks.ts';
import { badFormat, quotedText, runLength } from './time-span-format.ts';

/** `digits`: the text lacks what a custom format asks for. */
export type SpanFailure = 'format' | 'overflow' | 'digits';

/** The longest text that could be a span: anything longer is refused before it is scanned. */
const LONGEST = 4096;

const DAYS_ONLY = /^(-?)(\d+)$/;
const CLOCK = /^(-?)(?:(\d+)([.:]))??(\d+):(\d+)(?::(\d+)?(?:\.(\d+))?)?$/;
const FIVE = /^(-?)(\d+):(\d+):(\d+):(\d+)(?:\.(\d+))?$/;
const POINT = /^(-?)(\d+)\.(\d+):(\d+)$/;

/** Reads a span as TimeSpan.Parse does in the invariant culture; gives ticks. */
export function parseTimeSpan(text: string): bigint | SpanFailure {
  if (text.length > LONGEST) return 'format';
  const trimmed = text.trim();
  const days = DAYS_ONLY.exec(trimmed);
  if (days) return assemble(days[1], days[2], '0', '0', '0', '');
  const five = FIVE.exec(trimmed);
  if (five) return assemble(five[1], five[2], five[3], five[4], five[5], five[6]);
  const point = POINT.exec(trimmed);
  if (point) return assemble(point[1], point[2], point[3], point[4], '0', '');
  const clock = CLOCK.exec(trimmed);
  return clock ? fromClock(clock) : 'format';
}

/** `d:h:m` cannot be told from `h:m:s`, so three parts with colons are the latter; with a point the first part is days. */
function fromClock([, sign, first, separator, second, third, fourth, fraction]: RegExpExecArray): bigint | SpanFailure {
  if (first === undefined) return assemble(sign, '0', second, third, fourth ?? '0', fraction);
  if (separator === '.') return assemble(sign, first, second, third, fourth ?? '0', fraction);
  return fourth === undefined
    ? assemble(sign, '0', first, second, third, fraction)
    : assemble(sign, first, second, third, fourth, fraction);
}

function assemble(
  sign: string | undefined,
  days: string | undefined,
  hours: string | undefined,
  minutes: string | undefined,
  seconds: string | undefined,
  fraction: string | undefined,
): bigint | SpanFailure {
  const numbers = [days, hours, minutes, seconds].map((part) => Number(part ?? '0'));
  const [d = 0, h = 0, m = 0, s = 0] = numbers;
  const tooMany = [days, hours, minutes, seconds].some((part) => (part ?? '').replace(/^0+/, '').length > 8);
  if (tooMany || d > 10_675_199 || h > 23 || m > 59 || s > 59 || (fraction ?? '').length > 7) return 'overflow';
  const rest = BigInt((fraction ?? '').padEnd(7, '0'));
  return signedTicks(sign === '-', BigInt(d), BigInt(h), BigInt(m), BigInt(s), rest);
}

function signedTicks(negative: boolean, d: bigint, h: bigint, m: bigint, s: bigint, rest: bigint): bigint | SpanFailure {
  const size = d * TICKS_PER_DAY + h * TICKS_PER_HOUR + m * TICKS_PER_MINUTE + s * TICKS_PER_SECOND + rest;
  const ticks = negative ? -size : size;
  return ticks > MAX_SPAN || ticks < MIN_SPAN ? 'overflow' : ticks;
}

/** Reads a span in exactly the given format (c, g, G or custom); `negative` is TimeSpanStyles.AssumeNegative. */
export function parseTimeSpanExact(text: string, format: string, negative: boolean): bigint | SpanFailure {
  if (format.length !== 1) return parseCustom(text, format, negative);
  switch (format) {
    case 'c':
    case 't':
    case 'T':
      return /^\s*-?(?:\d+\.)?\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d{1,7})?)?\s*$|^\s*-?\d+\s*$/.test(text.slice(0, LONGEST))
        ? parseTimeSpan(text)
        : 'format';
    case 'g':
      return /^\s*-?(?:\d+:)?\d+:\d+/.test(text.slice(0, LONGEST)) || DAYS_ONLY.test(text.slice(0, LONGEST).trim())
        ? parseTimeSpan(text)
        : 'format';
    case 'G':
      return /^\s*-?\d+:\d{1,2}:\d{1,2}:\d{1,2}\.\d{1,7}\s*$/.test(text.slice(0, LONGEST)) ? parseTimeSpan(text) : 'format';
    default:
      throw badSpecifier(format);
  }
}

function badSpecifier(format: string): NetException {
  return formatException(`Format specifier '${format}' was invalid.`);
}

function parseCustom(text: string, format: string, negative: boolean): bigint | SpanFailure {
  if (format === '') throw badSpecifier('');
  const found = new Map<string, bigint>();
  let at = 0;
  for (let place = 0; place < format.length; ) {
    const ch = format.charAt(place);
    if (ch === "'" || ch === '"' || ch === '\\') {
      const [literal, next] = ch === '\\' ? escaped(format, place) : quotedText(format, place);
      if (!text.startsWith(literal, at)) return 'digits';
      at += literal.length;
      place = next;
      continue;
    }
    const letter = ch === '%' ? format.charAt(place + 1) : ch;
    const count = ch === '%' ? 1 : runLength(format, place);
    const digits = readDigits(text, at, letter, count);
    if (digits === undefined || found.has(letter.toLowerCase())) return 'digits';
    found.set(letter.toLowerCase(), BigInt(letter.toLowerCase() === 'f' ? digits.padEnd(7, '0') : digits || '0'));
    at += digits.length;
    place += ch === '%' ? 2 : count;
  }
  return at === text.length ? customTicks(found, negative) : 'format';
}

function customTicks(found: ReadonlyMap<string, bigint>, negative: boolean): bigint | SpanFailure {
  const part = (letter: string): bigint => found.get(letter) ?? 0n;
  if (part('h') > 23n || part('m') > 59n || part('s') > 59n) return 'overflow';
  return signedTicks(negative, part('d'), part('h'), part('m'), part('s'), part('f'));
}

function escaped(format: string, at: number): [string, number] {
  if (at + 1 >= format.length) throw badFormat();
  return [format.charAt(at + 1), at + 2];
}

/** One letter alone takes one digit or two (days: up to eight); a run takes exactly as many; `F` as many as there are. */
function readDigits(text: string, at: number, letter: string, count: number): string | undefined {
  if (!'dhmsfF'.includes(letter) || letter === '' || count > (letter === 'd' ? 8 : letter.toLowerCase() === 'f' ? 7 : 2)) throw badFormat();
  const most = letter.toLowerCase() === 'f' || count > 1 ? (letter === 'd' ? 8 : count) : letter === 'd' ? 8 : 2;
  const least = letter === 'F' ? 0 : count;
  let end = at;
  while (end < text.length && end - at < most && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end += 1;
  return end - at < least ? undefined : text.slice(at, end);
}
