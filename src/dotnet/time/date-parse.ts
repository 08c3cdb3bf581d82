/**
 * DateTime.Parse: reads dates and times in any of the forms that the invariant culture knows (ISO 8601, `MM/dd/yyyy`, month
 * names, RFC 1123, AM and PM, offsets), in one pass over the words, numbers and separators of the text.
 */
import { MONTHS, WEEKDAYS } from './calendar.ts';
import { assembleDate, type DateFault, type DateParts, fractionTicks, fullYear, type ParsedDate } from './date-parts.ts';
import { TICKS_PER_HOUR, TICKS_PER_MINUTE } from './ticks.ts';

interface Token {
  readonly kind: 'number' | 'word' | 'mark';
  readonly text: string;
  readonly at: number;
}

/** No date is written with more pieces than this. */
const MOST_TOKENS = 64;
const TOKEN = /[ \t\n\v\f\r\u00a0]*(?:(\d+)|([A-Za-z]+\.?)|(\S))/;

/** Reads a date; `today` gives what the text leaves out. */
export function parseDate(text: string, styles: number, today: bigint): ParsedDate | DateFault {
  const tokens = tokensOf(text);
  if (tokens === undefined || tokens.length === 0) return { fault: 'format' };
  const reader = new DateReader(tokens);
  const fault = reader.read();
  return fault ?? assembleDate(reader.parts, styles, today);
}

function tokensOf(text: string): Token[] | undefined {
  const trimmed = trimEnd(text);
  const tokens: Token[] = [];
  const scanner = new RegExp(TOKEN, 'y');
  while (scanner.lastIndex < trimmed.length) {
    const match = scanner.exec(trimmed);
    if (!match || tokens.length >= MOST_TOKENS) return undefined;
    const value = match[1] ?? match[2] ?? match[3] ?? '';
    const kind = match[1] !== undefined ? 'number' : match[2] !== undefined ? 'word' : 'mark';
    tokens.push({ kind, text: value, at: match.index + match[0].length - value.length });
  }
  return tokens;
}

/** NULs and white space at the end are not part of a date. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0 || text.charAt(end - 1).trim() === '')) end -= 1;
  return text.slice(0, end);
}

class DateReader {
  readonly parts: DateParts = {};
  readonly #tokens: readonly Token[];
  readonly #numbers: string[] = [];
  /** Where among the numbers the month's name stood. */
  #monthAt = -1;
  #at = 0;
  #timeEnd = -1;
  #marks = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): DateFault | undefined {
    while (this.#at < this.#tokens.length) {
      const fault = this.#readOne();
      if (fault) return fault;
    }
    if (this.#marks > 0) return { fault: 'format' };
    return this.#orderNumbers() ? undefined : { fault: 'format' };
  }

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #isMark(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token?.kind === 'mark' && token.text === text;
  }

  #isNumber(ahead: number): boolean {
    return this.#peek(ahead)?.kind === 'number';
  }

  #readOne(): DateFault | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind === 'number') return this.#readNumber(token);
    if (token?.kind === 'word') return this.#readWord(token);
    return this.#readMark(token?.text ?? '');
  }

  #readNumber(token: Token): DateFault | undefined {
    if (this.#isMark(':', 1) && this.#isNumber(2)) return this.#readTime(token);
    if (isMeridiem(this.#peek(1)?.text)) {
      if (this.parts.hour !== undefined || token.text.length > 2) return { fault: 'format' };
      this.parts.hour = Number(token.text);
      this.#timeEnd = this.#at + 1;
    } else {
      if (token.text.length > 8 || this.#numbers.length >= 3) return { fault: 'format' };
      this.#numbers.push(token.text);
    }
    this.#marks = 0;
    this.#at += 1;
    return undefined;
  }

  #readTime(token: Token): DateFault | undefined {
    if (this.parts.hour !== undefined) return { fault: 'format' };
    const numbers = [token.text, this.#peek(2)?.text ?? ''];
    this.#at += 3;
    if (this.#isMark(':') && this.#isNumber(1)) {
      numbers.push(this.#peek(1)?.text ?? '');
      this.#at += 2;
      if (this.#isMark('.')) {
        if (!this.#isNumber(1)) return { fault: 'format' };
        this.parts.fraction = fractionTicks(this.#peek(1)?.text ?? '');
        this.#at += 2;
      }
    }
    if (numbers.some((number) => number.length > 2)) return { fault: 'format' };
    const [hour, minute, second] = numbers.map(Number);
    Object.assign(this.parts, { hour, minute, second: second ?? 0 });
    this.#timeEnd = this.#at;
    this.#marks = 0;
    return undefined;
  }

  #readWord(token: Token): DateFault | undefined {
    const word = token.text.replace('.', '').toLowerCase();
    if (word === 't' && this.#peek(1) === undefined) return { fault: 'format' };
    if (!this.#takeWord(word)) return { fault: 'word', at: token.at };
    if (token.text.endsWith('.') && !isName(word)) return { fault: 'format' };
    this.#marks = 0;
    this.#at += 1;
    return undefined;
  }

  #takeWord(word: string): boolean {
    if (isMeridiem(word)) return this.#takeMeridiem(word);
    if (word === 'z' || word === 'gmt') return this.#takeZulu();
    if (word === 't') return this.#numbers.length > 0 && this.#isNumber(1);
    if (word === 'ad') return true;
    const month = nameIndex(MONTHS, word);
    if (month >= 0 && this.parts.month === undefined) {
      this.parts.month = month + 1;
      this.#monthAt = this.#numbers.length;
      return true;
    }
    const weekday = nameIndex(WEEKDAYS, word);
    if (weekday < 0 || this.parts.weekday !== undefined) return false;
    this.parts.weekday = weekday;
    return true;
  }

  #takeMeridiem(word: string): boolean {
    if (this.#timeEnd !== this.#at || this.parts.afternoon !== undefined) return false;
    this.parts.afternoon = word.startsWith('p');
    this.#timeEnd = this.#at + 1;
    return true;
  }

  #takeZulu(): boolean {
    if (this.parts.hour === undefined || this.parts.offset !== undefined) return false;
    this.parts.offset = 0n;
    this.parts.zulu = true;
    return true;
  }

  #readMark(mark: string): DateFault | undefined {
    if ((mark === '+' || mark === '-') && this.#timeEnd === this.#at) return this.#readOffset(mark === '-');
    const separates = mark === ',' || ((mark === '/' || mark === '-' || mark === '.') && this.#at > 0);
    this.#marks += mark === ',' ? 0 : 1;
    this.#at += 1;
    return separates && this.#marks <= 1 ? undefined : { fault: 'format' };
  }

  #readOffset(negative: boolean): DateFault | undefined {
    const first = this.#peek(1);
    if (first?.kind !== 'number' || first.text.length > 4 || this.parts.offset !== undefined) return { fault: 'format' };
    let [hours, minutes] = first.text.length > 2 ? [first.text.slice(0, -2), first.text.slice(-2)] : [first.text, '0'];
    this.#at += 2;
    if (first.text.length <= 2 && this.#isMark(':') && this.#isNumber(1)) {
      minutes = this.#peek(1)?.text ?? '0';
      this.#at += 2;
    }
    if (Number(minutes) > 59) return { fault: 'format' };
    if (Number(hours) * 60 + Number(minutes) > 14 * 60) return { fault: 'offset' };
    const size = BigInt(hours) * TICKS_PER_HOUR + BigInt(minutes) * TICKS_PER_MINUTE;
    this.parts.offset = negative ? -size : size;
    return undefined;
  }

  /** Decides which of the bare numbers is year, month and day. */
  #orderNumbers(): boolean {
    const numbers = this.#numbers;
    if (this.parts.month !== undefined) return this.#orderWithName(numbers);
    const [a = '', b = '', c = ''] = numbers;
    if (numbers.length === 0) return this.parts.hour !== undefined;
    if (numbers.length === 3) return a.length > 2 ? this.#set(a, b, c) : this.#set(c, a, b);
    if (numbers.length !== 2) return false;
    if (a.length > 2) return this.#set(a, b, undefined);
    return b.length > 2 ? this.#set(b, a, undefined) : this.#set(undefined, a, b);
  }

  #orderWithName(numbers: readonly string[]): boolean {
    const [a = '', b = ''] = numbers;
    if (numbers.length === 1) {
      // The invariant culture writes `yyyy MMMM`, so that `5 January` is a month of a year, and `January 5` a day.
      return a.length > 2 || this.#monthAt > 0 ? this.#set(a, undefined, undefined) : this.#set(undefined, undefined, a);
    }
    if (numbers.length !== 2) return false;
    return this.#isDay(a) ? this.#set(b, undefined, a) : this.#set(a, undefined, b);
  }

  #isDay(number: string): boolean {
    return number.length <= 2 && Number(number) >= 1 && Number(number) <= 31;
  }

  #set(year: string | undefined, month: string | undefined, day: string | undefined): boolean {
    if (year !== undefined) this.parts.year = year.length <= 2 ? fullYear(Number(year)) : Number(year);
    if (month !== undefined) this.parts.month = Number(month);
    if (day !== undefined) this.parts.day = Number(day);
    return (month ?? '').length <= 2 && (day ?? '').length <= 2;
  }
}

function isMeridiem(word: string | undefined): boolean {
  return word !== undefined && /^[ap]m?$/i.test(word);
}

function isName(word: string): boolean {
  return word === 'ad' || nameIndex(MONTHS, word) >= 0 || nameIndex(WEEKDAYS, word) >= 0;
}

/** Position of a full or three-letter name, in lower case; -1 when there is none. */
function nameIndex(names: readonly string[], word: string): number {
  return names.findIndex((name) => name.toLowerCase() === word || name.slice(0, 3).toLowerCase() === word);
}
