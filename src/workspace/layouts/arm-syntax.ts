/** The expression language of ARM templates, `[concat(parameters('a'), '/x')]`: texts to trees. */
import type { MappedText } from '../../source/mapped-text.ts';
import type { Span } from '../../source/span.ts';

export type ArmExpression =
  | { readonly kind: 'text'; readonly text: MappedText }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'call'; readonly name: string; readonly span: Span; readonly args: readonly ArmExpression[] }
  | { readonly kind: 'member'; readonly of: ArmExpression; readonly index: ArmExpression };

/** What cannot be read, and where in the text it stands. */
export class ArmSyntaxError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Nested deeper than any real template. */
const DEEPEST = 60;

/** Whether a text is an expression; `[[` writes a bracket. */
export function isArmExpression(text: string): boolean {
  return text.startsWith('[') && !text.startsWith('[[') && text.endsWith(']');
}

/** Reads `[…]`. Throws ArmSyntaxError. */
export function parseArmExpression(text: MappedText): ArmExpression {
  const parser = new Parser(text, text.text.length - 1);
  const expression = parser.expression(0);
  parser.expectEnd();
  return expression;
}

class Parser {
  readonly #source: MappedText;
  readonly #text: string;
  readonly #end: number;
  #at = 1;

  constructor(source: MappedText, end: number) {
    this.#source = source;
    this.#text = source.text;
    this.#end = end;
  }

  expression(depth: number): ArmExpression {
    if (depth > DEEPEST) throw new ArmSyntaxError('it is nested too deeply', this.#at);
    let found = this.#primary(depth);
    for (;;) {
      const next = this.#peek();
      if (next === '.') {
        this.#at += 1;
        found = { kind: 'member', of: found, index: { kind: 'text', text: this.#name() } };
      } else if (next === '[') {
        this.#at += 1;
        found = { kind: 'member', of: found, index: this.expression(depth + 1) };
        this.#expect(']');
      } else return found;
    }
  }

  expectEnd(): void {
    this.#peek();
    if (this.#at < this.#end) throw new ArmSyntaxError(`\`${this.#text.charAt(this.#at)}\` is not expected here`, this.#at);
  }

  #primary(depth: number): ArmExpression {
    const next = this.#peek();
    if (next === "'") return { kind: 'text', text: this.#string() };
    const number = /-?\d+(?:\.\d+)?/y;
    number.lastIndex = this.#at;
    const digits = number.exec(this.#text)?.[0];
    if (digits !== undefined) {
      this.#at += digits.length;
      return { kind: 'number', value: Number(digits) };
    }
    const start = this.#at;
    const name = this.#name().text;
    const place = { start, end: this.#at };
    if (this.#peek() !== '(') return { kind: 'call', name, span: place, args: [] };
    this.#at += 1;
    return { kind: 'call', name, span: place, args: this.#arguments(depth) };
  }

  #arguments(depth: number): ArmExpression[] {
    const found: ArmExpression[] = [];
    if (this.#peek() === ')') {
      this.#at += 1;
      return found;
    }
    for (;;) {
      found.push(this.expression(depth + 1));
      if (this.#peek() === ',') this.#at += 1;
      else {
        this.#expect(')');
        return found;
      }
    }
  }

  #name(): MappedText {
    const pattern = /[A-Za-z_$][\w.$]*?(?=[^\w$]|$)/y;
    this.#peek();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw new ArmSyntaxError('a name is expected here', this.#at);
    const name = this.#source.slice(this.#at, this.#at + found.length);
    this.#at += found.length;
    return name;
  }

  /** `''` inside is one quote. */
  #string(): MappedText {
    const start = this.#at + 1;
    let at = start;
    for (;;) {
      const quote = this.#text.indexOf("'", at);
      if (quote < 0 || quote >= this.#end) throw new ArmSyntaxError("the text is not closed with `'`", start - 1);
      if (this.#text.charAt(quote + 1) !== "'") {
        this.#at = quote + 1;
        return this.#source.slice(start, quote);
      }
      at = quote + 2;
    }
  }

  #expect(character: string): void {
    if (this.#peek() !== character) throw new ArmSyntaxError(`\`${character}\` is expected here`, this.#at);
    this.#at += 1;
  }

  #peek(): string {
    while (/\s/.test(this.#text.charAt(this.#at)) && this.#at < this.#end) this.#at += 1;
    return this.#at < this.#end ? this.#text.charAt(this.#at) : '';
  }
}
