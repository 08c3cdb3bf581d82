/** Finds many texts in another one, in a time that does not grow with their number: one look or two at each character. */

/** Characters by which texts are looked up; those that are shorter than the first by the second. */
const LONG = 8;
const SHORT = 3;

/** Pairs of characters that begin a text, by their hash. */
const PAIRS = 4096;

export class TextSet {
  readonly #long = new Map<string, string[]>();
  readonly #short = new Map<string, string[]>();
  readonly #begins = new Uint8Array(PAIRS);

  /** Texts of less than three characters are not looked for. */
  constructor(texts: Iterable<string>) {
    for (const text of new Set(texts)) if (text.length >= SHORT) this.#add(text);
    // Where two begin alike the longer one is found.
    for (const list of [...this.#long.values(), ...this.#short.values()]) list.sort((a, b) => b.length - a.length);
  }

  /** The text with each of them replaced. */
  replace(text: string, by: string): string {
    let result = '';
    let from = 0;
    for (let at = 0; at + SHORT <= text.length; at += 1) {
      if (this.#begins[pairAt(text, at)] === 0) continue;
      const found = this.#at(text, at);
      if (found === undefined) continue;
      result += text.slice(from, at) + by;
      from = at + found.length;
      at = from - 1;
    }
    return from === 0 ? text : result + text.slice(from);
  }

  #add(text: string): void {
    const [map, length] = text.length >= LONG ? [this.#long, LONG] : [this.#short, SHORT];
    const start = text.slice(0, length);
    const list = map.get(start);
    if (list) list.push(text);
    else map.set(start, [text]);
    this.#begins[pairAt(text, 0)] = 1;
  }

  #at(text: string, at: number): string | undefined {
    return (
      (this.#long.size > 0 ? this.#long.get(text.slice(at, at + LONG))?.find((one) => text.startsWith(one, at)) : undefined) ??
      (this.#short.size > 0 ? this.#short.get(text.slice(at, at + SHORT))?.find((one) => text.startsWith(one, at)) : undefined)
    );
  }
}

function pairAt(text: string, at: number): number {
  return (text.charCodeAt(at) * 67 + text.charCodeAt(at + 1)) & (PAIRS - 1);
}
