import type { NetException } from '../../csharp/runtime/exception.ts';
import { isWord } from './char-set.ts';
import { badControl, badHex, endingBackslash, missingControl, parseException, unknownEscape } from './wording.ts';

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, e: 27, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** Walks over a pattern; knows single-character escapes and how to complain. */
export class PatternReader {
  readonly pattern: string;
  at = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  get done(): boolean {
    return this.at >= this.pattern.length;
  }

  peek(ahead = 0): string {
    return this.pattern[this.at + ahead] ?? '';
  }

  next(): string {
    const character = this.peek();
    this.at += 1;
    return character;
  }

  take(text: string): boolean {
    if (!this.pattern.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  fail(problem: string): NetException {
    return parseException(this.pattern, Math.min(this.at, this.pattern.length), problem);
  }

  /** A run of digits as a number; undefined when there is none. */
  number(): number | undefined {
    const digits = /^[0-9]+/.exec(this.pattern.slice(this.at, this.at + 12))?.[0];
    if (digits === undefined) return undefined;
    this.at += digits.length;
    return Number(digits);
  }

  /** A run of word characters. */
  word(): string {
    const from = this.at;
    while (!this.done && isWord(this.pattern.charCodeAt(this.at))) this.at += 1;
    return this.pattern.slice(from, this.at);
  }

  /** The code unit of an escape behind its backslash: control, hexadecimal, octal, or the character itself. */
  escapedUnit(ecma: boolean): number {
    if (this.done) throw this.fail(endingBackslash);
    const character = this.peek();
    if (character >= '0' && character <= '7') return this.#octal(ecma);
    this.at += 1;
    if (character === 'x') return this.#hex(2);
    if (character === 'u') return this.#hex(4);
    if (character === 'c') return this.#control();
    const known = ESCAPES[character];
    if (known !== undefined) return known;
    if (!ecma && isWord(character.charCodeAt(0))) throw this.fail(unknownEscape(character));
    return character.charCodeAt(0);
  }

  #octal(ecma: boolean): number {
    const digits = /^[0-7]{1,3}/.exec(this.pattern.slice(this.at, this.at + 3))?.[0] ?? '0';
    const used = ecma && Number.parseInt(digits, 8) >= 32 ? digits.slice(0, 2) : digits;
    this.at += used.length;
    return Number.parseInt(used, 8) & 0xff;
  }

  #hex(count: number): number {
    const digits = this.pattern.slice(this.at, this.at + count);
    const valid = /^[0-9A-Fa-f]*/.exec(digits)?.[0] ?? '';
    this.at += Math.min(valid.length + (valid.length < digits.length ? 1 : 0), digits.length);
    if (valid.length < count) throw this.fail(badHex);
    return Number.parseInt(digits, 16);
  }

  #control(): number {
    if (this.done) throw this.fail(missingControl);
    const unit = this.next().toUpperCase().charCodeAt(0) - 64;
    if (unit < 0 || unit >= 32) throw this.fail(badControl);
    return unit;
  }
}
