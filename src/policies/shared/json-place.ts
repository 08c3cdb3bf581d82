/** Where in a JSON text a value ends: what validators report as line and position. */

export interface Place {
  /** From 1. */
  readonly line: number;
  /** Characters of the line up to the value's end. */
  readonly position: number;
}

/** The end of the value that a JSON pointer names; the start of the text when it is not found. The text must be valid JSON. */
export function placeIn(text: string, pointer: string): Place {
  const wanted = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const end = new Walker(text).endOf(wanted);
  const before = text.slice(0, end);
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length, position: end - lastBreak - 1 };
}

class Walker {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Goes down one step a part: values beside it are passed over. */
  endOf(wanted: readonly string[]): number {
    for (const part of wanted) {
      this.#blanks();
      const found = this.#text[this.#at] === '[' ? this.#enterItem(Number(part)) : this.#enterMember(part);
      if (!found) return this.#at;
    }
    this.#pass();
    return this.#at;
  }

  #enterItem(index: number): boolean {
    this.#at += 1;
    for (let passed = 0; passed < index && this.#at < this.#text.length; passed += 1) {
      this.#pass();
      this.#blanks();
      this.#at += 1;
    }
    return this.#at < this.#text.length;
  }

  #enterMember(name: string): boolean {
    this.#at += 1;
    while (this.#at < this.#text.length) {
      this.#blanks();
      const start = this.#at;
      this.#pass();
      const key: unknown = JSON.parse(this.#text.slice(start, this.#at));
      this.#blanks();
      this.#at += 1;
      if (typeof key === 'string' && (key === name || key.toLowerCase() === name)) return true;
      this.#pass();
      this.#blanks();
      if (this.#text[this.#at] !== ',') return false;
      this.#at += 1;
    }
    return false;
  }

  /** Over one whole value; nesting is counted, not recursed into. */
  #pass(): void {
    this.#blanks();
    let depth = 0;
    do {
      const character = this.#text[this.#at];
      if (character === '"') this.#string();
      else if (character === '{' || character === '[') this.#step(() => (depth += 1));
      else if (character === '}' || character === ']') this.#step(() => (depth -= 1));
      else if (depth > 0) this.#at += 1;
      else this.#scalar();
    } while (depth > 0 && this.#at < this.#text.length);
  }

  #step(count: () => void): void {
    count();
    this.#at += 1;
  }

  #string(): void {
    this.#at += 1;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') this.#at += this.#text[this.#at] === '\\' ? 2 : 1;
    this.#at += 1;
  }

  #scalar(): void {
    const start = this.#at;
    while (this.#at < this.#text.length && !' \t\r\n,]}:'.includes(this.#text[this.#at] ?? '')) this.#at += 1;
    if (this.#at === start) this.#at += 1;
  }

  #blanks(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'x')) this.#at += 1;
  }
}
