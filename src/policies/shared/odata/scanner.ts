/** Tokens of OData expressions (OData 4.01, ABNF): one pass over the decoded text. */

export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'mark' | 'end';
  readonly text: string;
  /** Offset in the text. */
  readonly at: number;
}

/** What a request says wrong. */
export class ODataFault extends Error {}

const PATTERN =
  /\s*(?:(?<text>'(?:[^']|'')*')|(?<name>[@$]?[A-Za-z_][\w.]*(?:'(?:[^']|'')*')?)|(?<number>[+-]?\d[\w:.+-]*)|(?<mark>[(),/=;:*|&-]))/y;

export class Scanner {
  readonly #text: string;
  #at = 0;
  #next: Token;

  constructor(text: string) {
    this.#text = text;
    this.#next = this.#read();
  }

  get next(): Token {
    return this.#next;
  }

  take(): Token {
    const token = this.#next;
    this.#next = this.#read();
    return token;
  }

  /** Takes the next token when it is this one. */
  skip(text: string): boolean {
    if (this.#next.kind === 'text' || this.#next.text !== text) return false;
    this.take();
    return true;
  }

  expect(text: string): void {
    if (!this.skip(text)) throw this.unexpected(`'${text}' expected`);
  }

  unexpected(wanted: string): ODataFault {
    const { kind, text, at } = this.#next;
    return new ODataFault(
      `Syntax error at position ${at} in '${this.#text}': ${wanted}, but found ${kind === 'end' ? 'the end' : `'${text}'`}.`,
    );
  }

  #read(): Token {
    PATTERN.lastIndex = this.#at;
    const match = PATTERN.exec(this.#text);
    if (!match?.groups) {
      const rest = this.#text.slice(this.#at).trim();
      if (rest === '') return { kind: 'end', text: '', at: this.#text.length };
      throw new ODataFault(
        `Syntax error: character '${rest.charAt(0)}' is not valid at position ${this.#text.length - rest.length} in '${this.#text}'.`,
      );
    }
    const kind = (['text', 'name', 'number', 'mark'] as const).find((one) => match.groups?.[one] !== undefined) ?? 'mark';
    const text = match.groups[kind] ?? '';
    this.#at = PATTERN.lastIndex;
    return { kind, text, at: this.#at - text.length };
  }
}
