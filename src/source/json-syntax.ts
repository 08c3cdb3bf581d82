/** Where a text that readers of YAML take is no JSON (RFC 8259): exporters and publishers of artifacts read nothing else. */
import { tryJson } from './json.ts';
import { type Span, span } from './span.ts';

export type JsonTrouble = 'comment' | 'comma' | 'quotes' | 'unexpected';

export interface JsonFault {
  readonly trouble: JsonTrouble;
  /** What stands there. */
  readonly text: string;
  readonly span: Span;
}

/** The first place that is no JSON; undefined where all of it is. A byte order mark is no fault. */
export function jsonFault(text: string): JsonFault | undefined {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return undefined;
  } catch {
    return new Scanner(text).fault();
  }
}

/** A string's quote, another value, or a sign; with the blanks before it. */
const TOKEN = /\uFEFF?[ \t\r\n]*(?:(")|((?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))|([{}[\],:]))/y;

/** Part by part: a pattern of a whole string runs out of stack at ten million characters. */
const STRING_PART = /[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const BLANKS = /\uFEFF?[ \t\r\n]*/y;

/** What may stand next. After an opening bracket its partner may, too. */
type Wanted = 'value' | 'key' | 'colon' | 'end';

class Scanner {
  readonly #text: string;
  readonly #open: ('{' | '[')[] = [];
  #at = 0;
  #wanted: Wanted = 'value';
  #isFirst = false;
  /** Of the last comma. */
  #comma = 0;

  constructor(text: string) {
    this.#text = text;
  }

  fault(): JsonFault | undefined {
    for (;;) {
      TOKEN.lastIndex = this.#at;
      const [all, quote, literal, sign] = TOKEN.exec(this.#text) ?? [];
      const isDone = this.#wanted === 'end' && this.#open.length === 0;
      if (all === undefined) return isDone && this.#rest() === '' ? undefined : this.#here();
      const behind = this.#at + all.length;
      const end = quote === undefined ? behind : stringEnd(this.#text, behind);
      const isTaken = !isDone && (sign === undefined ? this.#value(quote !== undefined, literal !== undefined) : this.#sign(sign));
      if (!isTaken || end === undefined) return this.#here();
      this.#at = end;
      if (sign === ',') this.#comma = this.#at - 1;
    }
  }

  #value(isString: boolean, isLiteral: boolean): boolean {
    const isTaken = (this.#wanted === 'value' && (isString || isLiteral)) || (this.#wanted === 'key' && isString);
    this.#wanted = this.#wanted === 'key' ? 'colon' : 'end';
    this.#isFirst = false;
    return isTaken;
  }

  #sign(sign: string): boolean {
    const last = this.#open.at(-1);
    if (sign === '{' || sign === '[') return this.#wanted === 'value' && this.#opened(sign);
    if (sign === '}' || sign === ']')
      return last === (sign === '}' ? '{' : '[') && (this.#wanted === 'end' || this.#isFirst) && this.#closed();
    if (sign === ':') return this.#wanted === 'colon' && this.#next('value');
    return this.#wanted === 'end' && this.#next(last === '{' ? 'key' : 'value');
  }

  #opened(sign: '{' | '['): boolean {
    this.#open.push(sign);
    this.#next(sign === '{' ? 'key' : 'value');
    this.#isFirst = true;
    return true;
  }

  #closed(): boolean {
    this.#open.pop();
    return this.#next('end');
  }

  #next(wanted: Wanted): boolean {
    this.#wanted = wanted;
    this.#isFirst = false;
    return true;
  }

  #rest(): string {
    BLANKS.lastIndex = this.#at;
    BLANKS.exec(this.#text);
    return this.#text.slice(BLANKS.lastIndex);
  }

  #here(): JsonFault {
    const rest = this.#rest();
    const start = this.#text.length - rest.length;
    if (/^(?:#|\/[/*])/.test(rest)) return faultAt('comment', start, (/^.*/.exec(rest) ?? [''])[0].trimEnd());
    if (/^[}\]]/.test(rest) && this.#text.slice(this.#comma + 1, start).trim() === '' && this.#text[this.#comma] === ',')
      return faultAt('comma', this.#comma, ',');
    const [word = ''] = /^(?:'[^'\n]*'|[^\s{}[\],:"'][^{}[\],:"'\n]*)/.exec(rest) ?? [];
    const isText = word !== '' && tryJson(word) === undefined;
    return isText ? faultAt('quotes', start, word.trimEnd()) : faultAt('unexpected', start, word.trimEnd() || rest.slice(0, 1));
  }
}

/** Behind the closing quote; undefined where the string is none. */
function stringEnd(text: string, start: number): number | undefined {
  let end = start;
  for (STRING_PART.lastIndex = start; STRING_PART.test(text); ) end = STRING_PART.lastIndex;
  return text[end] === '"' ? end + 1 : undefined;
}

function faultAt(trouble: JsonTrouble, start: number, text: string): JsonFault {
  return { trouble, text, span: span(start, start + text.length) };
}
