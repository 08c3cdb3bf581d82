/** Custom numeric format strings: `#,##0.00;(#);zero`, sections, literals, percent, scaling, exponents. */
import { type NumberBuffer, roundHalfUp } from './number-buffer.ts';
import { exponentText } from './standard-format.ts';

/** What one section of the format asks for, found in a first pass over it. */
interface Section {
  readonly start: number;
  readonly digitCount: number;
  readonly decimalPosition: number;
  /** Digits that are always shown left of the point, and right of it (negative). */
  readonly firstDigit: number;
  readonly lastDigit: number;
  readonly scientific: boolean;
  readonly grouped: boolean;
  readonly scaleAdjust: number;
}

const EXPONENT_AHEAD = /^(?:0|[+-]0)/;

/** Prints digits in a custom format. */
export function formatCustom(original: NumberBuffer, format: string): string {
  const wanted = original.digits === '' ? 2 : original.negative ? 1 : 0;
  let section = readSection(format, findSection(format, wanted));
  let buffer = adjusted(original, section);
  if (buffer.digits === '' && original.digits !== '') {
    const zero = findSection(format, 2);
    if (zero !== section.start) {
      section = readSection(format, zero);
      buffer = { ...buffer, scale: 0 };
    }
  }
  const text = new SectionWriter(format, section, buffer).write();
  const sign = buffer.negative && section.start === 0 && (buffer.scale !== 0 || text.length > 0);
  return sign ? `-${text}` : text;
}

function adjusted(buffer: NumberBuffer, section: Section): NumberBuffer {
  if (buffer.digits === '') return { ...buffer, scale: 0, negative: buffer.negative && buffer.floating };
  const scaled = { ...buffer, scale: buffer.scale + section.scaleAdjust };
  return roundHalfUp(scaled, section.scientific ? section.digitCount : scaled.scale + section.digitCount - section.decimalPosition);
}

/** Where section 0 (positive), 1 (negative) or 2 (zero) starts; a missing or empty one is the first. */
function findSection(format: string, wanted: number): number {
  let left = wanted;
  for (let at = 0; left > 0 && at < format.length; ) {
    const ch = format.charAt(at);
    at = afterLiteral(format, at);
    if (ch === '\0') return 0;
    if (ch !== ';') continue;
    left -= 1;
    if (left === 0) return at < format.length && format.charAt(at) !== ';' && format.charAt(at) !== '\0' ? at : 0;
  }
  return 0;
}

/** The place after the character at `at`, or after the quoted or escaped text that starts there. */
function afterLiteral(format: string, at: number): number {
  const ch = format.charAt(at);
  if (ch === '\\') return Math.min(at + 2, format.length);
  if (ch !== "'" && ch !== '"') return at + 1;
  const end = format.indexOf(ch, at + 1);
  return end < 0 ? format.length : end + 1;
}

function isEnd(format: string, at: number): boolean {
  return at >= format.length || format.charAt(at) === ';' || format.charAt(at) === '\0';
}

function readSection(format: string, start: number): Section {
  let [digitCount, decimalPosition, first, last, scaleAdjust] = [0, -1, Number.POSITIVE_INFINITY, 0, 0];
  let [thousandsAt, thousandsCount, grouped, scientific] = [-1, 0, false, false];
  for (let at = start; !isEnd(format, at); ) {
    const ch = format.charAt(at);
    const next = afterLiteral(format, at);
    if (ch === '#') digitCount += 1;
    else if (ch === '0') {
      first = Math.min(first, digitCount);
      digitCount += 1;
      last = digitCount;
    } else if (ch === '.') decimalPosition = decimalPosition < 0 ? digitCount : decimalPosition;
    else if (ch === ',' && digitCount > 0 && decimalPosition < 0) {
      if (thousandsAt === digitCount) thousandsCount += 1;
      else {
        grouped ||= thousandsAt >= 0;
        thousandsAt = digitCount;
        thousandsCount = 1;
      }
    } else if (ch === '%') scaleAdjust += 2;
    else if (ch === '‰') scaleAdjust += 3;
    const exponent = isExponent(format, at);
    scientific ||= exponent > 0;
    at = exponent > 0 ? exponent : next;
  }
  if (decimalPosition < 0) decimalPosition = digitCount;
  if (thousandsAt === decimalPosition) scaleAdjust -= thousandsCount * 3;
  else grouped ||= thousandsAt >= 0;
  return {
    start,
    digitCount,
    decimalPosition,
    firstDigit: first < decimalPosition ? decimalPosition - first : 0,
    lastDigit: last > decimalPosition ? decimalPosition - last : 0,
    scientific,
    grouped,
    scaleAdjust,
  };
}

/** The place after `E0`, `e+00` … at `at`, or 0 when there is no exponent. */
function isExponent(format: string, at: number): number {
  const ch = format.charAt(at);
  if ((ch !== 'E' && ch !== 'e') || !EXPONENT_AHEAD.test(format.slice(at + 1, at + 3))) return 0;
  let end = at + 2;
  while (format.charAt(end) === '0') end += 1;
  return end;
}

/** The second pass: writes literals and digits. `position` counts down to the decimal point. */
class SectionWriter {
  readonly #format: string;
  readonly #section: Section;
  readonly #buffer: NumberBuffer;
  #text = '';
  #next = 0;
  #position: number;
  #adjust: number;
  #scientific: boolean;
  #pointWritten = false;

  constructor(format: string, section: Section, buffer: NumberBuffer) {
    this.#format = format;
    this.#section = section;
    this.#buffer = buffer;
    this.#scientific = section.scientific;
    this.#position = section.scientific ? section.decimalPosition : Math.max(buffer.scale, section.decimalPosition);
    this.#adjust = section.scientific ? 0 : buffer.scale - section.decimalPosition;
  }

  write(): string {
    for (let at = this.#section.start; !isEnd(this.#format, at); ) at = this.#writeAt(at);
    return this.#text;
  }

  #writeAt(at: number): number {
    const ch = this.#format.charAt(at);
    const next = afterLiteral(this.#format, at);
    if ((ch === '#' || ch === '0' || ch === '.') && this.#adjust > 0) this.#writeSurplus();
    if (ch === '#' || ch === '0') this.#writeDigit();
    else if (ch === '.') this.#writePoint();
    else if (ch === 'E' || ch === 'e') return this.#writeExponent(at);
    else if (ch === "'" || ch === '"') this.#text += this.#format.slice(at + 1, closed(this.#format, at, next) ? next - 1 : next);
    else if (ch === '\\') this.#text += this.#format.slice(at + 1, next);
    else if (ch !== ',') this.#text += ch;
    return next;
  }

  /** Digits of the number for which the format has no place go before the first one. */
  #writeSurplus(): void {
    for (; this.#adjust > 0; this.#adjust -= 1) {
      this.#append(this.#take() ?? '0');
      this.#position -= 1;
    }
  }

  #writeDigit(): void {
    if (this.#adjust < 0) {
      this.#adjust += 1;
      if (this.#position <= this.#section.firstDigit) this.#append('0');
    } else {
      const digit = this.#take() ?? (this.#position > this.#section.lastDigit ? '0' : undefined);
      if (digit !== undefined) this.#append(digit);
    }
    this.#position -= 1;
  }

  #take(): string | undefined {
    if (this.#next >= this.#buffer.digits.length) return undefined;
    this.#next += 1;
    return this.#buffer.digits.charAt(this.#next - 1);
  }

  #append(digit: string): void {
    this.#text += digit;
    if (this.#section.grouped && this.#position > 1 && (this.#position - 1) % 3 === 0) this.#text += ',';
  }

  #writePoint(): void {
    if (this.#position !== 0 || this.#pointWritten) return;
    const { lastDigit, decimalPosition, digitCount } = this.#section;
    if (lastDigit >= 0 && !(decimalPosition < digitCount && this.#next < this.#buffer.digits.length)) return;
    this.#text += '.';
    this.#pointWritten = true;
  }

  #writeExponent(at: number): number {
    const letter = this.#format.charAt(at);
    const end = isExponent(this.#format, at);
    if (end === 0 || !this.#scientific) {
      this.#text += letter;
      if (end > 0) this.#text += this.#format.slice(at + 1, end);
      return end || at + 1;
    }
    const marker = this.#format.charAt(at + 1);
    const width = end - at - (marker === '0' ? 1 : 2);
    const exponent = this.#buffer.digits === '' ? 0 : this.#buffer.scale - this.#section.decimalPosition;
    this.#text += exponentText(exponent, letter, Math.min(width, 10), marker === '+');
    this.#scientific = false;
    return end;
  }
}

function closed(format: string, at: number, next: number): boolean {
  return next - at > 1 && format.charAt(next - 1) === format.charAt(at);
}
