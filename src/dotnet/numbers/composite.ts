/** Composite formatting: `string.Format("{0,-5:N2}", …)`, AppendFormat, and the holes of interpolated strings. */
import { formatException, type NetException } from '../../csharp/runtime/exception.ts';
import { formatOf } from '../../csharp/runtime/format.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';

const OPENING = 123;
const CLOSING = 125;
const ZERO = 48;

/** .NET reads index and alignment up to here. */
const NUMBER_LIMIT = 1_000_000;

/**
 * `string.Format(format, args)`; `args` are object-represented. Throws FormatException with .NET's text for a malformed format.
 */
export function formatComposite(format: string, args: readonly unknown[], runtime?: Runtime): string {
  return plainHoles(format, args, runtime) ?? new CompositeReader(format, args, runtime).run();
}

/** Formats of text and bare `{0}` to `{9}`, which most are, without a reader; undefined for any other. */
function plainHoles(format: string, args: readonly unknown[], runtime: Runtime | undefined): string | undefined {
  let text = '';
  let from = 0;
  for (let at = 0; at < format.length; at += 1) {
    const unit = format.charCodeAt(at);
    if (unit === CLOSING) return undefined;
    if (unit !== OPENING) continue;
    const index = format.charCodeAt(at + 1) - ZERO;
    if (!(index >= 0 && index <= 9 && index < args.length) || format.charCodeAt(at + 2) !== CLOSING) return undefined;
    const value = args[index];
    if (at > from) text += format.slice(from, at);
    text += typeof value === 'string' ? value : formatHole(value, 0, null, runtime);
    at += 2;
    from = at + 1;
  }
  runtime?.budget.allocate(text.length + format.length);
  return from < format.length ? text + format.slice(from) : text;
}

/**
 * One hole: the value (object-represented) in its format, padded to `alignment` (negative: text first). No value, no text,
 * but still padding.
 */
export function formatHole(value: unknown, alignment: number, format: string | null, runtime?: Runtime): string {
  const text = typeof value === 'string' ? value : value === null || value === undefined ? '' : (formatOf(value, format) ?? '');
  const width = Math.abs(alignment);
  runtime?.budget.allocate(Math.max(text.length, width));
  return alignment < 0 ? text.padEnd(width) : text.padStart(width);
}

/** `Input string was not in a correct format. Failure to parse near offset 3. Expected an ASCII digit.` */
function malformed(offset: number, reason: string): NetException {
  return formatException(`Input string was not in a correct format. Failure to parse near offset ${offset}. ${reason}`);
}

class CompositeReader {
  readonly #format: string;
  readonly #args: readonly unknown[];
  readonly #runtime: Runtime | undefined;
  #at = 0;
  #text = '';

  constructor(format: string, args: readonly unknown[], runtime: Runtime | undefined) {
    this.#format = format;
    this.#args = args;
    this.#runtime = runtime;
  }

  run(): string {
    while (this.#readLiteral()) this.#readItem();
    return this.#text;
  }

  /** Copies text up to the next item; false at the end. */
  #readLiteral(): boolean {
    for (;;) {
      const brace = this.#nextBrace();
      this.#runtime?.budget.allocate(brace - this.#at);
      this.#text += this.#format.slice(this.#at, brace);
      if (brace >= this.#format.length) return false;
      this.#at = brace;
      const ch = this.#format.charAt(brace);
      const following = this.#moveNext();
      if (following !== ch) {
        if (ch === '}') throw malformed(this.#at, 'Unexpected closing brace without a corresponding opening brace.');
        return true;
      }
      this.#text += ch;
      this.#at += 1;
    }
  }

  #nextBrace(): number {
    for (let at = this.#at; at < this.#format.length; at += 1) {
      const unit = this.#format.charCodeAt(at);
      if (unit === OPENING || unit === CLOSING) return at;
    }
    return this.#format.length;
  }

  #moveNext(): string {
    this.#at += 1;
    if (this.#at >= this.#format.length) throw malformed(this.#at, 'Format item ends prematurely.');
    return this.#format.charAt(this.#at);
  }

  #readItem(): void {
    const index = this.#readNumber();
    this.#skipSpaces();
    const alignment = this.#current() === ',' ? this.#readAlignment() : 0;
    const format = this.#current() === '}' ? null : this.#readFormat();
    this.#at += 1;
    if (index >= this.#args.length)
      throw formatException('Index (zero based) must be greater than or equal to zero and less than the size of the argument list.');
    this.#text += formatHole(this.#args[index], alignment, format, this.#runtime);
  }

  #current(): string {
    return this.#format.charAt(this.#at);
  }

  #readNumber(): number {
    let value = this.#digit();
    if (value < 0) throw malformed(this.#at, 'Expected an ASCII digit.');
    this.#moveNext();
    for (let digit = this.#digit(); digit >= 0 && value < NUMBER_LIMIT; digit = this.#digit()) {
      value = value * 10 + digit;
      this.#moveNext();
    }
    return value;
  }

  /** The digit at the current place, or -1. */
  #digit(): number {
    const code = this.#format.charCodeAt(this.#at) - 48;
    return code >= 0 && code <= 9 ? code : -1;
  }

  #skipSpaces(): void {
    while (this.#current() === ' ') this.#moveNext();
  }

  #readAlignment(): number {
    this.#moveNext();
    this.#skipSpaces();
    const left = this.#current() === '-';
    if (left) this.#moveNext();
    const width = this.#readNumber();
    this.#skipSpaces();
    return left ? -width : width;
  }

  #readFormat(): string {
    if (this.#current() !== ':') throw malformed(this.#at, 'Format item ends prematurely.');
    const start = this.#at + 1;
    for (;;) {
      const ch = this.#moveNext();
      if (ch === '}') return this.#format.slice(start, this.#at);
      if (ch === '{') throw malformed(this.#at, 'Format item ends prematurely.');
    }
  }
}
