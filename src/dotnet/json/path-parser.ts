/** Parses Newtonsoft's JSONPath dialect (JPath, 13.0.3) with its texts of errors. */

import { INT32, integerFromText } from '../numbers/kinds.ts';
import { dateInText } from './dates.ts';
import { jsonException } from './errors.ts';
import { KIND } from './kinds.ts';
import { JValue } from './tokens.ts';

export type PathStep =
  | { readonly kind: 'field'; readonly name: string | null }
  | { readonly kind: 'fields'; readonly names: readonly string[] }
  | { readonly kind: 'scan'; readonly name: string | null }
  | { readonly kind: 'scanFields'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly index: number | null }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly start: number | null; readonly end: number | null; readonly step: number | null }
  | { readonly kind: 'filter'; readonly condition: Condition; readonly scan: boolean }
  | { readonly kind: 'root' };

export type Operand = JValue | readonly PathStep[];
export type FilterOperator = 'exists' | '==' | '===' | '!=' | '!==' | '<' | '<=' | '>' | '>=' | '=~';
export type Condition =
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'test'; readonly operator: FilterOperator; readonly left: Operand; readonly right?: Operand };

/** The steps of a path; JsonException for one that cannot be read. */
export function parsePath(text: string): readonly PathStep[] {
  return new PathParser(text).parse();
}

/** Filters may nest paths, which may nest filters; deeper ones are refused before the stack ends. */
const DEEPEST = 100;
const OPERATORS: readonly FilterOperator[] = ['===', '==', '=~', '!==', '!=', '<=', '<', '>=', '>'];

class PathParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get #character(): string {
    return this.#text[this.#at] ?? '\0';
  }
  get #ended(): boolean {
    return this.#at >= this.#text.length;
  }

  parse(): PathStep[] {
    const steps: PathStep[] = [];
    this.#skipSpace();
    if (this.#ended) return steps;
    if (this.#character === '$') {
      if (this.#text.length === 1) return steps;
      const next = this.#text[this.#at + 1];
      if (next === '.' || next === '[') this.#at += 1;
    }
    const ended = this.#steps(steps, this.#at, false);
    if (!ended && !this.#ended) throw jsonException(`Unexpected character while parsing path: ${this.#character}`);
    return steps;
  }

  /** Reads steps until the end of the text, or of the query inside a filter. */
  #steps(steps: PathStep[], from: number, inQuery: boolean): boolean {
    let start = from;
    let scan = false;
    let afterIndexer = false;
    let afterDot = false;
    const flush = (end: number): void => {
      if (end > start) steps.push(this.#field(this.#text.slice(start, end), scan));
      else if (end === start && afterDot && end > from) return;
      if (end > start) scan = false;
    };
    while (!this.#ended) {
      const character = this.#character;
      if (character === '[' || character === '(') {
        flush(this.#at);
        steps.push(this.#indexer(character, scan));
        scan = false;
        this.#at += 1;
        start = this.#at;
        afterIndexer = true;
        afterDot = false;
      } else if (character === ']' || character === ')') break;
      else if (character === ' ' && this.#at < this.#text.length) break;
      else if (character === '.') {
        flush(this.#at);
        if (this.#text[this.#at + 1] === '.') {
          scan = true;
          this.#at += 1;
        }
        this.#at += 1;
        start = this.#at;
        afterIndexer = false;
        afterDot = true;
      } else if (inQuery && /[=<>!|&~]/.test(character)) break;
      else {
        if (afterIndexer) throw jsonException(`Unexpected character following indexer: ${character}`);
        this.#at += 1;
      }
    }
    const atEnd = this.#ended;
    if (this.#at > start) steps.push(this.#field(this.#text.slice(start, this.#at).trimEnd(), scan));
    else if (afterDot && (atEnd || inQuery)) throw jsonException('Unexpected end while parsing path.');
    return atEnd;
  }

  #field(name: string, scan: boolean): PathStep {
    const wanted = name === '*' ? null : name;
    return scan ? { kind: 'scan', name: wanted } : { kind: 'field', name: wanted };
  }

  #indexer(open: string, scan: boolean): PathStep {
    this.#at += 1;
    const close = open === '[' ? ']' : ')';
    this.#mustGoOn();
    this.#skipSpace();
    if (this.#character === "'") return this.#quotedField(close, scan);
    if (this.#character === '?') return this.#query(close, scan);
    return this.#arrayIndexer(close);
  }

  #mustGoOn(): void {
    if (this.#ended) throw jsonException('Path ended with open indexer.');
  }

  #quotedField(close: string, scan: boolean): PathStep {
    const names: string[] = [];
    while (!this.#ended) {
      names.push(this.#quotedText());
      this.#skipSpace();
      this.#mustGoOn();
      if (this.#character === close) {
        const [name = ''] = names;
        if (names.length > 1) return scan ? { kind: 'scanFields', names } : { kind: 'fields', names };
        return scan ? { kind: 'scan', name } : { kind: 'field', name };
      }
      if (this.#character !== ',') throw jsonException(`Unexpected character while parsing path indexer: ${this.#character}`);
      this.#at += 1;
      this.#skipSpace();
    }
    throw jsonException('Path ended with open indexer.');
  }

  #arrayIndexer(close: string): PathStep {
    const parts: string[] = [''];
    let separator: ',' | ':' | undefined;
    for (; !this.#ended; this.#at += 1) {
      const character = this.#character;
      if (character === close) return this.#arrayStep(parts, separator);
      if (character === ' ') continue;
      if (character === ',' || character === ':') {
        separator ??= character;
        if (separator !== character) throw jsonException(`Unexpected character while parsing path indexer: ${character}`);
        parts.push('');
      } else if (character === '*' && parts.length === 1 && parts[0] === '') parts[0] = '*';
      else if (/[0-9-]/.test(character) && parts[0] !== '*') parts[parts.length - 1] += character;
      else throw jsonException(`Unexpected character while parsing path indexer: ${character}`);
    }
    throw jsonException('Path ended with open indexer.');
  }

  #arrayStep(parts: readonly string[], separator: ',' | ':' | undefined): PathStep {
    if (parts[0] === '*') return { kind: 'index', index: null };
    if (separator === ':') return this.#slice(parts);
    if (parts.some((part) => part === '')) throw jsonException('Array index expected.');
    const indexes = parts.map(toInteger);
    return separator === ',' ? { kind: 'indexes', indexes } : { kind: 'index', index: indexes[0] ?? 0 };
  }

  #slice(parts: readonly string[]): PathStep {
    if (parts.length > 3) throw jsonException('Unexpected character while parsing path indexer: :');
    const [start, end, step] = parts.map((part) => (part === '' ? null : toInteger(part)));
    return { kind: 'slice', start: start ?? null, end: end ?? null, step: step ?? null };
  }

  #query(close: string, scan: boolean): PathStep {
    this.#at += 1;
    this.#mustGoOn();
    if (this.#character !== '(') throw jsonException(`Unexpected character while parsing path indexer: ${this.#character}`);
    this.#at += 1;
    const condition = this.#condition();
    this.#at += 1;
    this.#mustGoOn();
    this.#skipSpace();
    if (this.#character !== close) throw jsonException(`Unexpected character while parsing path indexer: ${this.#character}`);
    return { kind: 'filter', condition, scan };
  }

  /** Conditions joined by && and ||, read from left to right as Newtonsoft does: a change of operator nests what follows. */
  #condition(): Condition {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw jsonException('Path is nested too deeply.');
    let result: { kind: 'all' | 'any'; conditions: Condition[] } | undefined;
    let root: Condition | undefined;
    while (!this.#ended) {
      const test = this.#test();
      this.#skipSpace();
      const joined = this.#character === '&' ? 'all' : this.#character === '|' ? 'any' : undefined;
      if (joined === undefined) {
        if (this.#character !== ')') break;
        this.#depth -= 1;
        if (result === undefined) return test;
        result.conditions.push(test);
        return root ?? result;
      }
      this.#expect(joined === 'all' ? '&&' : '||');
      if (result?.kind === joined) result.conditions.push(test);
      else {
        const nested: { kind: 'all' | 'any'; conditions: Condition[] } = { kind: joined, conditions: [test] };
        result?.conditions.push(nested);
        result = nested;
        root ??= nested;
      }
    }
    throw jsonException('Path ended with open query.');
  }

  #expect(text: string): void {
    if (!this.#text.startsWith(text, this.#at)) throw jsonException(`Unexpected character while parsing path query: ${this.#character}`);
    this.#at += text.length;
  }

  #test(): Condition {
    this.#skipSpace();
    const left = this.#side();
    this.#skipSpace();
    this.#goOnInQuery();
    if (this.#character === ')' || this.#character === '|' || this.#character === '&') return { kind: 'test', operator: 'exists', left };
    const operator = this.#operator();
    return { kind: 'test', operator, left, right: this.#side() };
  }

  #goOnInQuery(): void {
    if (this.#ended) throw jsonException('Path ended with open query.');
  }

  #operator(): FilterOperator {
    if (this.#at + 1 >= this.#text.length) throw jsonException('Path ended with open query.');
    const operator = OPERATORS.find((one) => this.#text.startsWith(one, this.#at));
    if (operator === undefined) {
      if (this.#text.startsWith('<>', this.#at)) {
        this.#at += 2;
        return '!=';
      }
      throw jsonException('Could not read query operator.');
    }
    this.#at += operator.length;
    return operator === '<' && this.#character === '>' ? this.#unequal() : operator;
  }

  #unequal(): FilterOperator {
    this.#at += 1;
    return '!=';
  }

  #side(): Operand {
    this.#skipSpace();
    const path = this.#tryPath();
    if (path !== undefined) {
      this.#skipSpace();
      this.#goOnInQuery();
      return path;
    }
    const value = this.#tryValue();
    if (value === undefined) throw this.#badQuery();
    this.#skipSpace();
    this.#goOnInQuery();
    return value;
  }

  #badQuery(): Error {
    return this.#ended
      ? jsonException('Path ended with open query.')
      : jsonException(`Unexpected character while parsing path query: ${this.#character}`);
  }

  #tryPath(): readonly PathStep[] | undefined {
    const first = this.#character;
    if (first !== '$' && first !== '@') return undefined;
    this.#at += 1;
    const steps: PathStep[] = first === '$' ? [{ kind: 'root' }] : [];
    this.#steps(steps, this.#at, true);
    return steps;
  }

  #tryValue(): JValue | undefined {
    const character = this.#character;
    if (character === "'") {
      const text = this.#quotedText();
      const date = dateInText(text);
      return date === undefined ? JValue.text(text) : new JValue(date, KIND.Date);
    }
    if (/[0-9-]/.test(character)) return this.#number();
    if (character === '/') return JValue.text(this.#regex());
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value === null ? JValue.null() : JValue.of(value);
    }
    return undefined;
  }

  #number(): JValue | undefined {
    const text = /^[^ )]*/.exec(this.#text.slice(this.#at, this.#at + 400))?.[0] ?? '';
    this.#at += text.length;
    if (/^-?[0-9]+$/.test(text)) return JValue.of(BigInt(text));
    return /^-?(?:[0-9]+|[0-9]*\.[0-9]+)([eE][-+]?[0-9]+)?$/.test(text) ? JValue.of(Number(text)) : undefined;
  }

  #quotedText(): string {
    let text = '';
    for (this.#at += 1; !this.#ended; this.#at += 1) {
      const character = this.#character;
      if (character === '\\' && this.#at + 1 < this.#text.length) {
        this.#at += 1;
        text += this.#escaped();
      } else if (character === "'") {
        this.#at += 1;
        return text;
      } else text += character;
    }
    throw jsonException('Path ended with an open string.');
  }

  #escaped(): string {
    const character = this.#character;
    const plain = PLAIN_ESCAPES.get(character);
    if (plain !== undefined) return plain;
    if ('\\"\'/'.includes(character)) return character;
    throw jsonException(`Unknown escape character: \\${character}`);
  }

  /** `/pattern/i`, slashes and options included. */
  #regex(): string {
    const start = this.#at;
    for (this.#at += 1; !this.#ended; this.#at += 1) {
      const character = this.#character;
      if (character === '\\' && this.#at + 1 < this.#text.length) this.#at += 1;
      else if (character === '/') {
        this.#at += 1;
        while (/\p{L}/u.test(this.#character)) this.#at += 1;
        return this.#text.slice(start, this.#at);
      }
    }
    throw jsonException('Path ended with an open regex.');
  }

  #skipSpace(): void {
    while (this.#character === ' ') this.#at += 1;
  }
}

const WORDS: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** `Convert.ToInt32(text)`. */
function toInteger(text: string): number {
  return Number(integerFromText(INT32, text));
}

const PLAIN_ESCAPES = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
]);
