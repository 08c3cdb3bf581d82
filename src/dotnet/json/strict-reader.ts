/**
 * Reads strict JSON, which nearly every body is, in one go and without tokens in between. It never judges: at the first thing
 * that is not plainly right it gives up, and the full reader starts again and says what Newtonsoft says.
 */
import type { Budget } from '../../csharp/runtime/budget.ts';
import { dateInText } from './dates.ts';
import { KIND } from './kinds.ts';
import { JArray, JObject, JProperty, type JToken, JValue, type Scalar } from './tokens.ts';

/** What the caller wants to know about the tokens. */
export interface StrictOptions {
  /** Deepest nesting; a deeper text is left to the full reader. */
  readonly maxDepth: number;
  readonly dates: boolean;
  /** Whether tokens remember where they stood. */
  readonly lines: boolean;
  /** Pays a step for each value. */
  readonly budget: Budget;
}

/** The root token; undefined for a text that is not strict JSON, or holds what only the full reader settles (a name twice). */
export function readStrict(text: string, options: StrictOptions): JToken | undefined {
  const reader = new StrictReader(text, options);
  const root = reader.value();
  return root !== undefined && reader.atEnd() ? root : undefined;
}

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Whole numbers of so many characters are exact as doubles. */
const EXACT_LENGTH = 15;
/** Longer integers are the full reader's to refuse. */
const LONGEST_INTEGER = 380;
/** Surrogates written as escapes: only the full reader knows what lone ones become. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

class StrictReader {
  readonly #text: string;
  readonly #options: StrictOptions;
  #at = 0;
  #line = 1;
  #lineStart = 0;
  #depth = 0;

  constructor(text: string, options: StrictOptions) {
    this.#text = text;
    this.#options = options;
  }

  /** Whether nothing is left but white space. */
  atEnd(): boolean {
    return Number.isNaN(this.#skipSpace());
  }

  /** The value at the current place; undefined to give up. */
  value(): JToken | undefined {
    this.#options.budget.step();
    const unit = this.#skipSpace();
    switch (unit) {
      case QUOTE:
        return this.#stringValue();
      case OPEN_OBJECT:
        return this.#object();
      case OPEN_ARRAY:
        return this.#array();
      case 116:
        return this.#word('true', true, KIND.Boolean);
      case 102:
        return this.#word('false', false, KIND.Boolean);
      case 110:
        return this.#word('null', null, KIND.Null);
      default:
        return unit === MINUS || (unit >= ZERO && unit <= NINE) ? this.#number() : undefined;
    }
  }

  #placed<T extends JToken>(token: T): T {
    if (this.#options.lines) {
      token.line = this.#line;
      token.position = this.#at - this.#lineStart;
    }
    return token;
  }

  /** The first unit that is no white space, where the reader then stands; NaN at the end. */
  #skipSpace(): number {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit > 32 || !(unit === 32 || unit === 9 || unit === 10 || unit === 13)) return unit;
      this.#at += 1;
      if (unit === 10 || unit === 13) this.#newLine(unit);
    }
  }

  #newLine(unit: number): void {
    if (unit === 13 && this.#text.charCodeAt(this.#at) === 10) this.#at += 1;
    this.#line += 1;
    this.#lineStart = this.#at;
  }

  #word(word: string, value: Scalar, kind: number): JToken | undefined {
    if (!this.#text.startsWith(word, this.#at)) return undefined;
    this.#at += word.length;
    return this.#scalar(value, kind);
  }

  /** A scalar that a separator or the end follows. */
  #scalar(value: Scalar, kind: number): JToken | undefined {
    const next = this.#text.charCodeAt(this.#at);
    const isSeparated = next <= 32 || next === COMMA || next === CLOSE_OBJECT || next === CLOSE_ARRAY || Number.isNaN(next);
    return isSeparated ? this.#placed(new JValue(value, kind)) : undefined;
  }

  #number(): JToken | undefined {
    const text = this.#text;
    const start = this.#at;
    let at = text.charCodeAt(start) === MINUS ? start + 1 : start;
    const first = text.charCodeAt(at);
    const afterWhole = this.#digits(at);
    if (afterWhole === at || (first === ZERO && afterWhole > at + 1)) return undefined;
    at = afterWhole;
    if (text.charCodeAt(at) === POINT) {
      at = this.#digits(at + 1);
      if (at === afterWhole + 1) return undefined;
    }
    if ((text.charCodeAt(at) | 32) === 101) {
      const sign = text.charCodeAt(at + 1);
      const from = sign === 43 || sign === MINUS ? at + 2 : at + 1;
      at = this.#digits(from);
      if (at === from) return undefined;
    }
    this.#at = at;
    const digits = text.slice(start, at);
    if (at > afterWhole) return this.#scalar(Number(digits), KIND.Float);
    if (digits.length > LONGEST_INTEGER) return undefined;
    return this.#scalar(digits.length <= EXACT_LENGTH ? BigInt(Number(digits)) : BigInt(digits), KIND.Integer);
  }

  /** Behind the digits that begin there. */
  #digits(from: number): number {
    let at = from;
    for (let unit = this.#text.charCodeAt(at); unit >= ZERO && unit <= NINE; unit = this.#text.charCodeAt(at)) at += 1;
    return at;
  }

  #stringValue(): JToken | undefined {
    const text = this.#string();
    if (text === undefined) return undefined;
    const date = this.#options.dates ? dateInText(text) : undefined;
    return this.#placed(date === undefined ? new JValue(text, KIND.String) : new JValue(date, KIND.Date));
  }

  /** The string whose opening quote the reader stands on. */
  #string(): string | undefined {
    const start = this.#at + 1;
    for (let at = start; ; at += 1) {
      const unit = this.#text.charCodeAt(at);
      if (unit === QUOTE) {
        this.#at = at + 1;
        return this.#text.slice(start, at);
      }
      if (unit === BACKSLASH) return this.#escapedString(start, at);
      // Line ends are counted by the full reader; NaN is the end of the text.
      if (unit === 10 || unit === 13 || Number.isNaN(unit)) return undefined;
    }
  }

  #escapedString(start: number, firstEscape: number): string | undefined {
    let at = firstEscape;
    for (let unit = BACKSLASH; unit !== QUOTE; unit = this.#text.charCodeAt(at)) {
      if (Number.isNaN(unit)) return undefined;
      at += unit === BACKSLASH ? 2 : 1;
    }
    this.#at = at + 1;
    return unescaped(this.#text.slice(start - 1, at + 1));
  }

  #array(): JToken | undefined {
    this.#at += 1;
    const array = this.#placed(new JArray());
    if (!this.#enter()) return undefined;
    if (this.#skipSpace() === CLOSE_ARRAY) return this.#leave(array);
    for (;;) {
      const item = this.value();
      if (item === undefined) return undefined;
      array.append(item);
      const next = this.#skipSpace();
      if (next === CLOSE_ARRAY) return this.#leave(array);
      if (next !== COMMA) return undefined;
      this.#at += 1;
    }
  }

  #object(): JToken | undefined {
    this.#at += 1;
    const object = this.#placed(new JObject());
    if (!this.#enter()) return undefined;
    if (this.#skipSpace() === CLOSE_OBJECT) return this.#leave(object);
    for (;;) {
      if (!this.#property(object)) return undefined;
      const next = this.#skipSpace();
      if (next === CLOSE_OBJECT) return this.#leave(object);
      if (next !== COMMA) return undefined;
      this.#at += 1;
    }
  }

  #property(object: JObject): boolean {
    if (this.#skipSpace() !== QUOTE) return false;
    const name = this.#string();
    if (name === undefined || this.#skipSpace() !== COLON || object.property(name) !== null) return false;
    this.#at += 1;
    const property = this.#placed(new JProperty(name));
    const value = this.value();
    if (value === undefined) return false;
    property.append(value);
    object.append(property);
    return true;
  }

  #enter(): boolean {
    this.#depth += 1;
    return this.#depth <= this.#options.maxDepth;
  }

  #leave<T extends JToken>(container: T): T {
    this.#at += 1;
    this.#depth -= 1;
    return container;
  }
}

/** A string with escapes, quotes included; undefined for escapes that are Newtonsoft's own. */
function unescaped(quoted: string): string | undefined {
  if (SURROGATE_ESCAPE.test(quoted)) return undefined;
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
