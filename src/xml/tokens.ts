/**
 * One linear pass over a document: start tags with their attributes, end tags, text, CDATA, comments, instructions.
 * Where a value starts with `@(` or `@{` the C# scanner finds its end, so quotes, `<` and `&` inside hide nothing.
 */
import type { Diagnostic } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/source-file.ts';
import { type Span, span } from '../source/span.ts';
import { endOfName, entityAt, isBlank, isNameStart, isXmlCharacter, skipBlanks } from './characters.ts';
import { scanExpression, startsExpression } from './expression-scan.ts';
import * as faults from './faults.ts';
import { quotedName } from './quoted-name.ts';
import type { Value, XmlAttribute, XmlText, XmlTrivia } from './tree.ts';
import { decode, expressionValue } from './value.ts';

export type Token = StartTag | EndTag | XmlText | XmlTrivia;
export interface StartTag {
  readonly kind: 'start';
  readonly name: string;
  readonly nameSpan: Span;
  readonly attributes: readonly XmlAttribute[];
  readonly selfClosing: boolean;
  readonly span: Span;
}
export interface EndTag {
  readonly kind: 'end';
  readonly name: string;
  readonly span: Span;
}

/** What one pass finds; `expressions` are the spans to mask for a plain XML reader. */
export interface Scan {
  readonly tokens: readonly Token[];
  readonly expressions: readonly Span[];
  readonly problems: readonly Diagnostic[];
}

export function scanDocument(file: SourceFile): Scan {
  return new Scanner(file).run();
}

class Scanner {
  readonly #file: SourceFile;
  readonly #text: string;
  readonly #tokens: Token[] = [];
  readonly #expressions: Span[] = [];
  readonly #problems: Diagnostic[] = [];
  /** Comments and CDATA openers may stand between a start tag and its expression; anything else may not. */
  #valueMayStart = true;
  /** Inside of a Liquid body or a stylesheet all is markup: its element, and how many of that name are open. */
  #markup: { readonly name: string; open: number } | undefined;
  #at = 0;

  constructor(file: SourceFile) {
    this.#file = file;
    this.#text = file.text;
  }

  run(): Scan {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    while (this.#at < this.#text.length) this.#next();
    return { tokens: this.#tokens, expressions: this.#expressions, problems: this.#problems };
  }

  #next(): void {
    const text = this.#text;
    if (text.charCodeAt(this.#at) !== 60) return this.#textRun();
    if (text.startsWith('<!--', this.#at)) return this.#comment();
    if (text.startsWith('<![CDATA[', this.#at)) return this.#cdata();
    if (text.startsWith('<?', this.#at)) return this.#trivia('?>', 'the instruction `<?`', 'instruction');
    if (text.startsWith('<!', this.#at)) return this.#doctype();
    if (text.startsWith('</', this.#at)) return this.#endTag();
    if (isNameStart(text.charAt(this.#at + 1))) return this.#startTag();
    this.#report(span(this.#at, this.#at + 1), faults.malformedTag('`<` starts no tag here'));
    return this.#textRun(this.#at + 1);
  }

  #report(at: Span, fault: Parameters<typeof faults.place>[2]): void {
    this.#problems.push(faults.place(this.#file, at, fault));
  }

  // ------------------------------------------------------------ markup

  #comment(): void {
    const before = this.#valueMayStart;
    const start = this.#at;
    this.#trivia('-->', 'the comment `<!--`', 'comment');
    const dashes = this.#text.slice(start + 4, this.#at - 3).indexOf('--');
    if (dashes >= 0) this.#report(span(start + 4 + dashes, start + 6 + dashes), faults.dashesInComment());
    this.#valueMayStart = before;
  }

  #trivia(closer: string, what: string, kind: XmlTrivia['kind']): void {
    const start = this.#at;
    const found = this.#text.indexOf(closer, start + 2);
    if (found < 0) this.#report(span(start, start + 4), faults.unclosedSection(what));
    this.#at = found < 0 ? this.#text.length : found + closer.length;
    this.#tokens.push({ kind, span: span(start, this.#at) });
  }

  #doctype(): void {
    const start = this.#at;
    let end = this.#text.indexOf('>', start);
    const subset = this.#text.indexOf('[', start);
    if (subset >= 0 && subset < end) end = this.#text.indexOf(']>', subset) + 1 || end;
    this.#at = end < 0 ? this.#text.length : end + 1;
    this.#report(span(start, this.#at), faults.doctypeRefused());
    this.#tokens.push({ kind: 'instruction', span: span(start, this.#at) });
  }

  #endTag(): void {
    const start = this.#at;
    const nameEnd = endOfName(this.#text, start + 2);
    const close = skipBlanks(this.#text, nameEnd);
    const ok = nameEnd > start + 2 && this.#text.charAt(close) === '>';
    if (!ok) this.#report(span(start, Math.max(nameEnd, start + 2)), faults.malformedTag('the end tag has no `>`'));
    this.#at = ok ? close + 1 : Math.max(nameEnd, start + 2);
    const name = this.#text.slice(start + 2, nameEnd);
    this.#tokens.push({ kind: 'end', name, span: span(start, this.#at) });
    if (this.#markup?.name === name) this.#markup.open -= 1;
    if (this.#markup?.open === 0) this.#markup = undefined;
    this.#valueMayStart = this.#markup === undefined;
  }

  #startTag(): void {
    const start = this.#at;
    const nameEnd = endOfName(this.#text, start + 1);
    const name = this.#text.slice(start + 1, nameEnd);
    const attributes: XmlAttribute[] = [];
    this.#at = nameEnd;
    const selfClosing = this.#attributes(name, attributes);
    this.#tokens.push({ kind: 'start', name, nameSpan: span(start + 1, nameEnd), attributes, selfClosing, span: span(start, this.#at) });
    if (!selfClosing) this.#enterMarkup(name, attributes);
    this.#valueMayStart = this.#markup === undefined;
  }

  /** gateway-model, section 5.4: text of a Liquid body and of a stylesheet is no expression. */
  #enterMarkup(name: string, attributes: readonly XmlAttribute[]): void {
    if (this.#markup?.name === name) this.#markup.open += 1;
    // The binding's template is its `data` alone; metadata beside it takes expressions.
    const isLiquid =
      name !== 'invoke-dapr-binding' && attributes.some((one) => one.name === 'template' && /^\s*liquid\s*$/i.test(one.value.text.text));
    if (!this.#markup && (isLiquid || /:(?:stylesheet|transform)$/.test(name))) this.#markup = { name, open: 1 };
  }

  /** Reads attributes up to the end of the tag; tells whether it ends in `/>`. */
  #attributes(element: string, into: XmlAttribute[]): boolean {
    for (;;) {
      const before = this.#at;
      this.#at = skipBlanks(this.#text, before);
      const character = this.#text.charAt(this.#at);
      if (character === '>' || this.#text.startsWith('/>', this.#at)) {
        this.#at += character === '>' ? 1 : 2;
        return character !== '>';
      }
      if (character === '' || character === '<') {
        this.#report(span(this.#at, this.#at), faults.malformedTag(`the tag \`<${element}\` is never closed`));
        return false;
      }
      this.#attribute(into, before === this.#at);
    }
  }

  #attribute(into: XmlAttribute[], touching: boolean): void {
    const start = this.#at;
    const nameEnd = endOfName(this.#text, start);
    if (nameEnd === start) {
      this.#at = start + 1;
      return this.#report(span(start, start + 1), faults.malformedTag(`\`${this.#text.charAt(start)}\` may not stand inside a tag`));
    }
    const name = this.#text.slice(start, nameEnd);
    if (touching) this.#report(span(start, nameEnd), faults.malformedTag(`a blank is missing before attribute \`${name}\``));
    const equals = skipBlanks(this.#text, nameEnd);
    const quoteAt = skipBlanks(this.#text, equals + 1);
    const quote = this.#text.charAt(quoteAt);
    if (this.#text.charAt(equals) !== '=' || (quote !== '"' && quote !== "'")) {
      this.#at = nameEnd;
      return this.#report(span(start, nameEnd), faults.attributeSyntax(name));
    }
    const value = this.#attributeValue(name, quoteAt, quote);
    if (into.some((other) => other.name === name)) this.#report(span(start, nameEnd), faults.attributeRepeated(name));
    into.push({ name, nameSpan: span(start, nameEnd), value, span: span(start, this.#at) });
    return undefined;
  }

  #attributeValue(name: string, quoteAt: number, quote: string): Value {
    const start = quoteAt + 1;
    const first = skipBlanks(this.#text, start);
    if (!this.#markup && startsExpression(this.#text, first)) {
      const value = this.#expression(first, name);
      if (value) return this.#closeAttribute(value, name, quote);
    }
    const quoted = quote === '"' ? quotedName(this.#text, start) : undefined;
    if (quoted) this.#expressions.push(...quoted.parts);
    let end = quoted?.end ?? this.#text.indexOf(quote, start);
    if (end < 0) {
      this.#report(span(quoteAt, quoteAt + 1), faults.unclosedAttribute(name));
      end = this.#text.length;
    }
    this.#at = Math.min(end + 1, this.#text.length);
    return this.#literal(start, end, 'attribute');
  }

  /** Behind an expression only blanks and the delimiter may stand. */
  #closeAttribute(value: Value, name: string, quote: string): Value {
    const end = skipBlanks(this.#text, value.span.end);
    if (this.#text.charAt(end) === quote) {
      this.#at = end + 1;
      return value;
    }
    const next = this.#text.indexOf(quote, end);
    const until = next < 0 ? Math.min(end + 20, this.#text.length) : next;
    this.#report(
      span(end, until),
      next < 0 ? faults.unclosedAttribute(name) : faults.textBehindExpression(this.#text.slice(end, until).slice(0, 40)),
    );
    this.#at = next < 0 ? this.#text.length : next + 1;
    return value;
  }

  // ------------------------------------------------------------ values

  #expression(at: number, attribute?: string, limit = this.#text.length): Value | undefined {
    const result = scanExpression(this.#text, at, limit);
    if (!result.ok) {
      this.#report(span(at, at + 2), faults.expressionNotClosed(result.reason, attribute));
      return undefined;
    }
    this.#expressions.push(span(at, result.end));
    return expressionValue(this.#file, at, result.end);
  }

  #literal(start: number, end: number, blanks: 'attribute' | 'text'): Value {
    this.#checkCharacters(start, end);
    const text = decode(this.#file, start, end, blanks);
    this.#warnMixed(text.text, start, end);
    return { kind: 'literal', text, span: span(start, end) };
  }

  #warnMixed(text: string, start: number, end: number): void {
    if (text.search(/@[({]/) <= 0) return;
    const raw = this.#text.slice(start, end);
    const first = start + raw.length - raw.trimStart().length;
    this.#report(span(first, first + raw.trim().length), faults.mixedValue());
  }

  #checkCharacters(start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === 38) this.#checkEntity(at);
      else if (code < 32 && !isXmlCharacter(code)) this.#report(span(at, at + 1), faults.illegalCharacter(code));
    }
  }

  #checkEntity(at: number): void {
    if (entityAt(this.#text, at)) return;
    const written = /^&[#\w]{0,20};?/.exec(this.#text.slice(at, at + 24))?.[0] ?? '&';
    this.#report(span(at, at + written.length), faults.bareAmpersand(written));
  }

  #textRun(from = this.#at): void {
    const start = this.#at;
    const first = skipBlanks(this.#text, from);
    if (this.#valueMayStart && startsExpression(this.#text, first)) {
      const value = this.#expression(first);
      if (value) return this.#expressionText(start, value);
    }
    const next = this.#text.indexOf('<', from);
    this.#at = next < 0 ? this.#text.length : next;
    const value = this.#literal(start, this.#at, 'text');
    if (value.text.text.trim() !== '') this.#valueMayStart = false;
    this.#tokens.push({ kind: 'text', value, span: span(start, this.#at) });
    return undefined;
  }

  /** The text token of an expression reaches from the blanks before it to the blanks behind it. */
  #expressionText(start: number, value: Value): void {
    const behind = skipBlanks(this.#text, value.span.end);
    if (behind < this.#text.length && this.#text.charAt(behind) !== '<') {
      const next = this.#text.indexOf('<', behind);
      const end = next < 0 ? this.#text.length : next;
      this.#report(span(behind, end), faults.textBehindExpression(this.#text.slice(behind, end).trim().slice(0, 40)));
      this.#at = end;
    } else this.#at = behind;
    this.#valueMayStart = false;
    this.#tokens.push({ kind: 'text', value, span: span(start, this.#at) });
  }

  #cdata(): void {
    const start = this.#at;
    const content = start + '<![CDATA['.length;
    const first = skipBlanks(this.#text, content);
    const value = this.#valueMayStart && startsExpression(this.#text, first) ? this.#cdataExpression(first) : undefined;
    const end = this.#text.indexOf(']]>', value?.span.end ?? content);
    if (end < 0) this.#report(span(start, content), faults.unclosedSection('the section `<![CDATA[`'));
    const contentEnd = end < 0 ? this.#text.length : end;
    this.#at = end < 0 ? this.#text.length : end + 3;
    this.#valueMayStart = false;
    const literal = (): Value => ({
      kind: 'literal',
      text: decode(this.#file, content, contentEnd, 'text', false),
      span: span(content, contentEnd),
    });
    this.#tokens.push({ kind: 'cdata', value: value ?? literal(), span: span(start, this.#at) });
  }

  /** An expression inside CDATA must fill it; otherwise the content is a literal. */
  #cdataExpression(at: number): Value | undefined {
    const value = this.#expression(at);
    if (!value) return undefined;
    let behind = value.span.end;
    while (isBlank(this.#text.charCodeAt(behind))) behind += 1;
    if (!this.#text.startsWith(']]>', behind)) {
      const end = this.#text.indexOf(']]>', behind);
      this.#report(span(behind, end < 0 ? this.#text.length : end), faults.textBehindExpression(this.#text.slice(behind, behind + 40)));
    }
    return value;
  }
}
