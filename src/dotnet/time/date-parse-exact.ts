/** DateTime.ParseExact: reads a date in exactly the given standard or custom format. */
import { formatException } from '../../csharp/runtime/exception.ts';
import { MONTHS, WEEKDAYS } from './calendar.ts';
import { badDateFormat, standardPattern } from './date-format.ts';
import {
  assembleDate,
  DATE_STYLE,
  type DateFault,
  type DateParts,
  fractionTicks,
  fullYear,
  isFault,
  type ParsedDate,
} from './date-parts.ts';
import { TICKS_PER_HOUR, TICKS_PER_MINUTE } from './ticks.ts';
import { quotedText, runLength } from './time-span-format.ts';

/** Reads `text` in `format`; `keepOffset` (DateTimeOffset) takes `r` and `u` as UTC. Throws FormatException for a bad format. */
export function parseDateExact(text: string, format: string, styles: number, today: bigint, keepOffset: boolean): ParsedDate | DateFault {
  if (format === '') throw formatException("Format specifier '' was invalid.");
  const pattern = format.length === 1 ? standardPattern(format) : format;
  if (pattern === undefined) throw badDateFormat();
  const reader = new ExactReader(text, pattern, styles);
  if (!reader.read()) return { fault: 'format' };
  if (format === 'U' || (keepOffset && format.length === 1 && 'rRu'.includes(format))) reader.setZulu();
  const assembled = assembleDate(reader.parts, styles, today);
  return isFault(assembled) && assembled.fault === 'format' && hasDate(reader.parts) ? { fault: 'calendar' } : assembled;
}

/** Parts that are in the form asked for, but no date of the calendar. */
function hasDate({ year, month, day, hour = 0, afternoon }: DateParts): boolean {
  const hasClock = afternoon === undefined || hour <= (afternoon ? 23 : 12);
  return hasClock && (year !== undefined || month !== undefined || day !== undefined);
}

class ExactReader {
  readonly parts: DateParts = {};
  readonly #text: string;
  readonly #format: string;
  readonly #styles: number;
  #at = 0;

  constructor(text: string, format: string, styles: number) {
    this.#text = text;
    this.#format = format;
    this.#styles = styles;
  }

  read(): boolean {
    if ((this.#styles & DATE_STYLE.leadingWhite) !== 0) this.#skipWhite();
    for (let place = 0; place < this.#format.length; ) {
      if ((this.#styles & DATE_STYLE.innerWhite) !== 0) this.#skipWhite();
      const next = this.#readAt(place);
      if (next === undefined) return false;
      place = next;
    }
    if ((this.#styles & DATE_STYLE.trailingWhite) !== 0) this.#skipWhite();
    return this.#at === this.#text.length;
  }

  setZulu(): void {
    this.parts.offset = 0n;
    this.parts.zulu = true;
  }

  #skipWhite(): void {
    while (this.#at < this.#text.length && this.#text.charAt(this.#at).trim() === '') this.#at += 1;
  }

  /** Reads what the format asks for at `place`; the next place, or undefined when the text does not have it. */
  #readAt(place: number): number | undefined {
    const ch = this.#format.charAt(place);
    if (ch === "'" || ch === '"') {
      const [literal, next] = quotedText(this.#format, place);
      return this.#take(literal) ? next : undefined;
    }
    if (ch === '\\') {
      if (place + 1 >= this.#format.length) throw badDateFormat();
      return this.#take(this.#format.charAt(place + 1)) ? place + 2 : undefined;
    }
    if (ch === '%') {
      const next = this.#format.charAt(place + 1);
      if (next === '' || next === '%') throw badDateFormat();
      return this.#readPart(next, 1) ? place + 2 : undefined;
    }
    if (ch === '.' && this.#format.charAt(place + 1) === 'F' && this.#text.charAt(this.#at) !== '.')
      return place + 1 + runLength(this.#format, place + 1);
    if (!'hHmsfFtdMyzKgZ'.includes(ch)) return this.#takeLiteral(ch) ? place + 1 : undefined;
    const count = ch === 'K' || ch === 'Z' ? 1 : runLength(this.#format, place);
    return this.#readPart(ch, count) ? place + count : undefined;
  }

  #take(literal: string): boolean {
    if (!this.#text.startsWith(literal, this.#at)) return false;
    this.#at += literal.length;
    return true;
  }

  /** Blanks in the format are skipped already where the styles allow white space inside. */
  #takeLiteral(ch: string): boolean {
    return this.#take(ch) || (ch === ' ' && (this.#styles & DATE_STYLE.innerWhite) !== 0);
  }

  #readPart(letter: string, count: number): boolean {
    switch (letter) {
      case 'h':
      case 'H':
        return this.#set('hour', this.#digits(count < 2 ? 1 : 2, 2));
      case 'm':
        return this.#set('minute', this.#digits(count < 2 ? 1 : 2, 2));
      case 's':
        return this.#set('second', this.#digits(count < 2 ? 1 : 2, 2));
      case 'f':
      case 'F':
        return this.#fraction(letter === 'F' ? 0 : count, count);
      case 't':
        return this.#meridiem(count);
      case 'y':
        return this.#year(count);
      case 'M':
        return count <= 2 ? this.#set('month', this.#digits(count, 2)) : this.#name('month', MONTHS, count);
      case 'd':
        return count <= 2 ? this.#set('day', this.#digits(count, 2)) : this.#name('weekday', WEEKDAYS, count);
      case 'z':
        return this.#offset(count);
      case 'K':
        return this.#zulu() || !/[+-]/.test(this.#text.charAt(this.#at)) || this.#offset(3);
      case 'Z':
        return this.#zulu();
      case 'g':
        return this.#take('A.D.') || this.#take('AD');
      default:
        return this.#take(letter);
    }
  }

  /** Between `least` and `most` digits, or undefined. */
  #digits(least: number, most: number): string | undefined {
    let end = this.#at;
    while (end - this.#at < most && this.#text.charCodeAt(end) >= 48 && this.#text.charCodeAt(end) <= 57) end += 1;
    if (end - this.#at < least) return undefined;
    const digits = this.#text.slice(this.#at, end);
    this.#at = end;
    return digits;
  }

  /** A part that the text gives twice must be the same both times. */
  #set(part: 'hour' | 'minute' | 'second' | 'month' | 'day' | 'weekday' | 'year', digits: string | number | undefined): boolean {
    if (digits === undefined) return false;
    const value = Number(digits);
    const known = this.parts[part];
    this.parts[part] = value;
    return known === undefined || known === value;
  }

  #year(count: number): boolean {
    const digits = this.#digits(count === 1 ? 1 : count, count === 1 ? 2 : count);
    if (digits === undefined) return false;
    return this.#set('year', count <= 2 ? fullYear(Number(digits)) : Number(digits));
  }

  #name(part: 'month' | 'weekday', names: readonly string[], count: number): boolean {
    const index = names.findIndex((name) => this.#takeIgnoringCase(count === 3 ? name.slice(0, 3) : name));
    return index >= 0 && this.#set(part, part === 'month' ? index + 1 : index);
  }

  #takeIgnoringCase(word: string): boolean {
    if (this.#text.slice(this.#at, this.#at + word.length).toLowerCase() !== word.toLowerCase()) return false;
    this.#at += word.length;
    return true;
  }

  #fraction(least: number, most: number): boolean {
    if (most > 7) throw badDateFormat();
    const digits = this.#digits(least, most);
    if (digits === undefined) return false;
    this.parts.fraction = fractionTicks(digits);
    return true;
  }

  #meridiem(count: number): boolean {
    const afternoon = /^p/i.test(this.#text.charAt(this.#at));
    if (!this.#takeIgnoringCase((afternoon ? 'PM' : 'AM').slice(0, count))) return false;
    this.parts.afternoon = afternoon;
    return true;
  }

  #zulu(): boolean {
    if (!this.#take('Z') && !this.#take('GMT')) return false;
    this.setZulu();
    return true;
  }

  #offset(count: number): boolean {
    const sign = this.#text.charAt(this.#at);
    if (sign !== '+' && sign !== '-') return false;
    this.#at += 1;
    const hours = this.#digits(count === 1 ? 1 : 2, 2);
    if (hours === undefined) return false;
    if (count > 2) this.#take(':');
    const minutes = count > 2 ? this.#digits(2, 2) : '0';
    if (minutes === undefined || Number(minutes) > 59 || Number(hours) > 14) return false;
    const size = BigInt(hours) * TICKS_PER_HOUR + BigInt(minutes) * TICKS_PER_MINUTE;
    this.parts.offset = sign === '-' ? -size : size;
    return true;
  }
}
