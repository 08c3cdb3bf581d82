/**
 * JsonTextReader of Newtonsoft.Json 13.0.3: lenient, with its texts of errors, and with line and position as it counts
 * them. One token a `read()`. Linear in the length of the text; nesting is bounded by `maxDepth`.
 */

import { dateInText } from './dates.ts';
import { type Place, readerException } from './errors.ts';
import { appendName } from './escape.ts';
import type { Scalar } from './tokens.ts';

/** JsonToken, as far as this reader gives them. */
export type TokenName =
  | 'None'
  | 'StartObject'
  | 'StartArray'
  | 'StartConstructor'
  | 'PropertyName'
  | 'Comment'
  | 'Integer'
  | 'Float'
  | 'String'
  | 'Boolean'
  | 'Null'
  | 'Undefined'
  | 'EndObject'
  | 'EndArray'
  | 'EndConstructor'
  | 'Date';

type State =
  | 'start'
  | 'property'
  | 'objectStart'
  | 'object'
  | 'arrayStart'
  | 'array'
  | 'constructorStart'
  | 'constructor'
  | 'post'
  | 'finished';
type ScopeType = 'None' | 'Object' | 'Array' | 'Constructor';

interface Scope {
  readonly type: ScopeType;
  index: number;
  name: string | undefined;
}

export interface ReadOptions {
  /** Default 64, as since 13.0.1; null lifts the bound (the caller must then bound the text). */
  readonly maxDepth?: number | null;
  /** Whether ISO dates in strings become dates. Default true. */
  readonly dates?: boolean;
  /** Whether the text of numbers and dates is kept. Default false. */
  readonly keepRaw?: boolean;
}

const SCOPE_OF: Readonly<Record<string, ScopeType>> = {
  StartObject: 'Object',
  StartArray: 'Array',
  StartConstructor: 'Constructor',
  EndObject: 'Object',
  EndArray: 'Array',
  EndConstructor: 'Constructor',
};
const START_STATE: Readonly<Record<string, State>> = { Object: 'objectStart', Array: 'arrayStart', Constructor: 'constructorStart' };
const INSIDE_STATE: Readonly<Record<ScopeType, State>> = { None: 'finished', Object: 'object', Array: 'array', Constructor: 'constructor' };
const WORDS: Readonly<Record<string, readonly [word: string, kind: TokenName, value: Scalar, fault: string]>> = {
  t: ['true', 'Boolean', true, 'Error parsing boolean value.'],
  f: ['false', 'Boolean', false, 'Error parsing boolean value.'],
  u: ['undefined', 'Undefined', null, 'Error parsing undefined value.'],
  N: ['NaN', 'Float', Number.NaN, 'Error parsing NaN value.'],
  I: ['Infinity', 'Float', Number.POSITIVE_INFINITY, 'Error parsing Infinity value.'],
};
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', '\\': '\\', '"': '"', "'": "'", '/': '/' };
const SPACE = /\s|\u0085/;
const IDENTIFIER = /[\p{L}\p{Nd}_$]/u;
/** Runs that need no look at each character; sticky, so their `lastIndex` is set before every use. */
const PLAIN_TEXT = /[^"'\\\r\n]+/y;
const NUMBER_TEXT = /[-+0-9a-fA-FxX.]+/y;
/** The longest integer text that is read; a longer one would make BigInt slow. */
const LONGEST_INTEGER = 380;

export class JsonScanner {
  token: TokenName = 'None';
  value: Scalar = null;
  raw: string | undefined;
  readonly #text: string;
  readonly #options: ReadOptions;
  #at = 0;
  #line = 1;
  #lineStart = 0;
  #state: State = 'start';
  #scope: Scope = { type: 'None', index: -1, name: undefined };
  readonly #outer: Scope[] = [];

  constructor(text: string, options: ReadOptions = {}) {
    this.#text = text;
    this.#options = options;
  }

  get line(): number {
    return this.#state === 'start' && this.position === 0 && this.token !== 'Comment' ? 0 : this.#line;
  }
  get position(): number {
    return this.#at - this.#lineStart;
  }
  get depth(): number {
    const isStart = this.token.startsWith('Start');
    return isStart || this.#scope.type === 'None' ? this.#outer.length : this.#outer.length + 1;
  }
  get path(): string {
    if (this.#scope.type === 'None') return '';
    const atStart = this.#state === 'arrayStart' || this.#state === 'objectStart' || this.#state === 'constructorStart';
    return pathOf(atStart ? this.#outer : [...this.#outer, this.#scope]);
  }
  /** The path of the innermost open container. */
  get containerPath(): string {
    return pathOf(this.#outer);
  }
  /** After the end of the text: whether a value or name was still to come, rather than a comma or bracket. */
  get expectsValue(): boolean {
    return this.#state !== 'finished';
  }
  get place(): Place {
    return { path: this.path, line: this.line, position: this.position, hasLine: true };
  }
  fail(message: string): never {
    throw readerException(message, this.place);
  }

  /** Goes to the next token; false at the end of the text. */
  read(): boolean {
    for (;;) {
      switch (this.#state) {
        case 'object':
        case 'objectStart':
          return this.#readObject();
        case 'post':
          if (this.#readPost()) return true;
          break;
        case 'finished':
          return this.#readRest();
        default:
          return this.#readValue();
      }
    }
  }

  /** Skips comments; false at the end. */
  readContent(): boolean {
    while (this.read()) if (this.token !== 'Comment') return true;
    return false;
  }

  #readRest(): boolean {
    this.#skipSpace();
    if (this.#at >= this.#text.length) return this.#nothing();
    if (this.#text[this.#at] === '/') return this.#readComment();
    return this.fail(`Additional text encountered after finished reading JSON content: ${this.#text[this.#at]}.`);
  }

  #nothing(): false {
    this.token = 'None';
    this.value = null;
    return false;
  }

  #readValue(): boolean {
    this.#skipSpace();
    const character = this.#text[this.#at];
    switch (character) {
      case undefined:
        return this.#nothing();
      case '"':
      case "'":
        return this.#readString(character);
      case '{':
        return this.#open('StartObject');
      case '[':
        return this.#open('StartArray');
      case ']':
        return this.#close('EndArray');
      case ')':
        return this.#close('EndConstructor');
      case ',':
        // The comma is left for the next call, so that `[,,]` gives an undefined each.
        return this.#give('Undefined', null);
      case '/':
        return this.#readComment();
      case 'n':
        return this.#readNullOrConstructor();
      case '-':
        return this.#text[this.#at + 1] === 'I' ? this.#readNegativeInfinity() : this.#readNumber();
      default:
        return this.#readWordOrNumber(character);
    }
  }

  #readWordOrNumber(character: string): boolean {
    const word = Object.hasOwn(WORDS, character) ? WORDS[character] : undefined;
    if (word !== undefined) return this.#readWord(...word);
    if ((character >= '0' && character <= '9') || character === '.') return this.#readNumber();
    return this.#unexpected(character);
  }

  #unexpected(character: string): never {
    return this.fail(`Unexpected character encountered while parsing value: ${character}.`);
  }

  #readNullOrConstructor(): boolean {
    const next = this.#text[this.#at + 1];
    if (next === 'u') return this.#readWord('null', 'Null', null, 'Error parsing null value.');
    if (next === 'e') return this.#readConstructor();
    if (next !== undefined) return this.#unexpected('n');
    this.#at += 1;
    return this.fail('Unexpected end when reading JSON.');
  }

  #readNegativeInfinity(): boolean {
    return this.#readWord('-Infinity', 'Float', Number.NEGATIVE_INFINITY, 'Error parsing Infinity value.');
  }

  #readWord(word: string, token: TokenName, value: Scalar, fault: string): boolean {
    this.#match(word, fault);
    return this.#give(token, value);
  }

  /** Consumes the word, which must be followed by the end or a separator. */
  #match(word: string, fault: string): void {
    if (this.#at + word.length > this.#text.length) {
      this.#at = this.#text.length;
      this.fail('Unexpected end when reading JSON.');
    }
    for (const expected of word) {
      if (this.#text[this.#at] !== expected) this.fail(fault);
      this.#at += 1;
    }
    const next = this.#text[this.#at];
    if (next !== undefined && !this.#isSeparator(next)) this.fail(fault);
  }

  #isSeparator(character: string): boolean {
    if (character === '}' || character === ']' || character === ',' || character === '\0') return true;
    if (character === '/') return this.#text[this.#at + 1] === '/' || this.#text[this.#at + 1] === '*';
    if (character === ')') return this.#state === 'constructor' || this.#state === 'constructorStart';
    return SPACE.test(character);
  }

  #readObject(): boolean {
    this.#skipSpace();
    const character = this.#text[this.#at];
    if (character === undefined) return this.#nothing();
    if (character === '}') return this.#close('EndObject');
    if (character === '/') return this.#readComment();
    return this.#readProperty(character);
  }

  #readProperty(first: string): boolean {
    const name = this.#propertyName(first);
    this.#skipSpace();
    const colon = this.#text[this.#at] ?? '\0';
    if (colon !== ':') this.fail(`Invalid character after parsing property name. Expected ':' but got: ${colon}.`);
    this.#at += 1;
    this.#scope.name = name;
    this.#state = 'property';
    this.token = 'PropertyName';
    this.value = name;
    return true;
  }

  #propertyName(first: string): string {
    if (first === '"' || first === "'") {
      this.#at += 1;
      return this.#stringBody(first);
    }
    if (IDENTIFIER.test(first)) return this.#bareName();
    return this.fail(`Invalid property identifier character: ${first}.`);
  }

  #bareName(): string {
    const start = this.#at;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) this.fail('Unexpected end while parsing unquoted property name.');
      else if (IDENTIFIER.test(character)) this.#at += 1;
      else if (character === ':' || SPACE.test(character)) return this.#text.slice(start, this.#at);
      else this.fail(`Invalid JavaScript property identifier character: ${character}.`);
    }
  }

  /** After a value: true when a token was found, false to go on (a comma, or the end). */
  #readPost(): boolean {
    this.#skipSpace();
    const character = this.#text[this.#at];
    switch (character) {
      case undefined:
        this.#state = 'finished';
        return false;
      case '}':
        return this.#close('EndObject');
      case ']':
        return this.#close('EndArray');
      case ')':
        return this.#close('EndConstructor');
      case '/':
        return this.#readComment();
      case ',':
        this.#at += 1;
        this.#state = INSIDE_STATE[this.#scope.type];
        return false;
      default:
        return this.fail(`After parsing a value an unexpected character was encountered: ${character}.`);
    }
  }

  #readString(delimiter: string): boolean {
    this.#at += 1;
    const text = this.#stringBody(delimiter);
    const date = this.#options.dates === false ? undefined : dateInText(text);
    if (date === undefined) return this.#give('String', text);
    return this.#give('Date', date, text);
  }

  /** The text up to the delimiter, which is consumed. */
  #stringBody(delimiter: string): string {
    const parts: string[] = [];
    let from = this.#at;
    for (;;) {
      this.#at = endOf(PLAIN_TEXT, this.#text, this.#at);
      const character = this.#text[this.#at];
      if (character === delimiter) break;
      if (character === undefined) this.fail(`Unterminated string. Expected delimiter: ${delimiter}.`);
      if (character === '\\') {
        parts.push(this.#text.slice(from, this.#at), this.#escape());
        from = this.#at;
      } else this.#step(character ?? '');
    }
    parts.push(this.#text.slice(from, this.#at));
    this.#at += 1;
    return parts.length === 1 ? (parts[0] ?? '') : parts.join('');
  }

  #escape(): string {
    this.#at += 1;
    const character = this.#text[this.#at];
    if (character === undefined) return this.fail('Unterminated string. Expected delimiter: ".');
    this.#at += 1;
    if (character === 'u') return this.#unicode();
    const plain = Object.hasOwn(ESCAPES, character) ? ESCAPES[character] : undefined;
    return plain ?? this.fail(`Bad JSON escape sequence: \\${character}.`);
  }

  /** One `\uXXXX`, or a pair of surrogates; a lone surrogate becomes U+FFFD. */
  #unicode(): string {
    const first = this.#hex();
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
    const isPair = first < 0xdc00 && this.#text[this.#at] === '\\' && this.#text[this.#at + 1] === 'u';
    if (!isPair) return '\ufffd';
    const start = this.#at;
    this.#at += 2;
    const second = this.#hex();
    if (second >= 0xdc00 && second <= 0xdfff) return String.fromCharCode(first, second);
    this.#at = start;
    return '\ufffd';
  }

  #hex(): number {
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (digits.length < 4) this.fail('Unexpected end while parsing Unicode escape sequence.');
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail(`Invalid Unicode escape sequence: \\u${digits}.`);
    this.#at += 4;
    return Number.parseInt(digits, 16);
  }

  #readNumber(): boolean {
    const start = this.#at;
    this.#at = endOf(NUMBER_TEXT, this.#text, start);
    const next = this.#text[this.#at];
    if (next !== undefined && !SPACE.test(next) && !',}])/'.includes(next))
      this.fail(`Unexpected character encountered while parsing number: ${next}.`);
    const text = this.#text.slice(start, this.#at);
    // Newtonsoft counts the item before it looks at the number, which its errors tell.
    this.#state = this.#scope.type === 'None' ? 'finished' : 'post';
    this.#advance();
    const value = this.#number(text);
    return this.#hold(typeof value === 'bigint' ? 'Integer' : 'Float', value, text);
  }

  #number(text: string): bigint | number {
    const invalid = (): never => this.fail(`Input string '${text}' is not a valid number.`);
    if (/^0[^.eE]/.test(text)) return oldNotation(text) ?? invalid();
    if (/^[-+]?[0-9]+$/.test(text)) {
      if (text.length > LONGEST_INTEGER) this.fail(`JSON integer ${text} is too large to parse.`);
      return BigInt(text.startsWith('+') ? text.slice(1) : text);
    }
    return /^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$/.test(text) ? Number(text) : invalid();
  }

  #readConstructor(): boolean {
    this.#match('new', 'Unexpected content while parsing JSON.');
    this.#skipSpace();
    const start = this.#at;
    while (IDENTIFIER.test(this.#text[this.#at] ?? '') && this.#text[this.#at] !== '$') this.#at += 1;
    const name = this.#text.slice(start, this.#at);
    this.#skipSpace();
    const open = this.#text[this.#at];
    if (open === undefined) this.fail('Unexpected end while parsing constructor.');
    if (open !== '(') this.fail(`Unexpected character while parsing constructor: ${open}.`);
    return this.#open('StartConstructor', name);
  }

  #readComment(): boolean {
    this.#at += 1;
    const style = this.#text[this.#at];
    if (style === undefined) this.fail('Unexpected end while parsing comment.');
    if (style !== '*' && style !== '/') this.fail(`Error parsing comment. Expected: *, got ${style}.`);
    const start = this.#at + 1;
    const isLine = style === '/';
    const end = isLine ? this.#endOfLine(start) : this.#text.indexOf('*/', start);
    if (end < 0) {
      this.#at = this.#text.length;
      this.fail('Unexpected end while parsing comment.');
    }
    while (this.#at < end) this.#step(this.#text[this.#at] ?? '');
    if (!isLine) this.#at = end + 2;
    this.token = 'Comment';
    this.value = this.#text.slice(start, end);
    return true;
  }

  #endOfLine(start: number): number {
    let at = start;
    while (at < this.#text.length && this.#text[at] !== '\n' && this.#text[at] !== '\r') at += 1;
    return at;
  }

  #skipSpace(): void {
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) return;
      if (character === ' ' || character === '\t') this.#at += 1;
      else if (SPACE.test(character)) this.#step(character);
      else return;
    }
  }

  /** One character, counting lines: CR, LF or CRLF. */
  #step(character: string): void {
    this.#at += 1;
    if (character !== '\n' && character !== '\r') return;
    if (character === '\r' && this.#text[this.#at] === '\n') this.#at += 1;
    this.#line += 1;
    this.#lineStart = this.#at;
  }

  #give(token: TokenName, value: Scalar, raw?: string): boolean {
    this.#state = this.#scope.type === 'None' ? 'finished' : 'post';
    this.#advance();
    return this.#hold(token, value, raw);
  }

  #hold(token: TokenName, value: Scalar, raw: string | undefined): true {
    this.token = token;
    this.value = value;
    this.raw = this.#options.keepRaw === true ? raw : undefined;
    return true;
  }

  #advance(): void {
    if (this.#scope.type === 'Array' || this.#scope.type === 'Constructor') this.#scope.index += 1;
  }

  #open(token: TokenName, value: Scalar = null): boolean {
    const type = SCOPE_OF[token] ?? 'None';
    this.#at += 1;
    this.token = token;
    this.value = value;
    this.#state = START_STATE[type] ?? 'finished';
    this.#advance();
    if (this.#scope.type !== 'None') this.#outer.push(this.#scope);
    this.#scope = { type, index: -1, name: undefined };
    const limit = this.#options.maxDepth === undefined ? 64 : this.#options.maxDepth;
    if (limit !== null && this.depth + 1 > limit) this.fail(`The reader's MaxDepth of ${limit} has been exceeded.`);
    return true;
  }

  #close(token: TokenName): boolean {
    this.#at += 1;
    this.token = token;
    this.value = null;
    const closed = this.#scope;
    this.#scope = this.#outer.pop() ?? { type: 'None', index: -1, name: undefined };
    if (closed.type !== SCOPE_OF[token]) this.fail(`JsonToken ${token} is not valid for closing JsonType ${closed.type}.`);
    this.#state = this.#scope.type === 'None' ? 'finished' : 'post';
    return true;
  }
}

function pathOf(scopes: readonly Scope[]): string {
  let path = '';
  for (const scope of scopes) {
    if (scope.type === 'Object') path = scope.name === undefined ? path : appendName(path, scope.name);
    else if (scope.type !== 'None') path += `[${scope.index}]`;
  }
  return path;
}

/** Where the run of characters that a sticky expression matches ends. */
function endOf(run: RegExp, text: string, from: number): number {
  run.lastIndex = from;
  return run.test(text) ? run.lastIndex : from;
}

/** `0x1F` and `017`, as Convert.ToInt64 reads them: 64 bits, the highest being the sign. */
function oldNotation(text: string): bigint | undefined {
  const isHex = /^0x/i.test(text);
  if (!(isHex ? /^0x[0-9a-fA-F]{1,16}$/i : /^0[0-7]{1,22}$/).test(text)) return undefined;
  const value = BigInt(isHex ? text : `0o${text.slice(1)}`);
  return value >> 64n === 0n ? BigInt.asIntN(64, value) : undefined;
}
