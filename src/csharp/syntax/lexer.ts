/** Turns the text of an expression into tokens; faults are reported, never thrown. Linear in the text. */
import { isDigit, isIdentifierPart, isIdentifierStart, isNewline, isSpace } from './characters.ts';
import { DirectiveReader } from './directives.ts';
import { alternativeVerbatim, directiveMustBeFirst, unclosedComment, unexpectedCharacter, verbatimNeedsName } from './faults.ts';
import { interpolationQuote, scanInterpolated } from './lex-interpolation.ts';
import { scanNumber } from './lex-number.ts';
import { scanCharacter, scanEscape, scanRegularString, scanVerbatimString } from './lex-string.ts';
import type { Reporter } from './reporter.ts';
import type { LiteralValue, StringPart, Token } from './token.ts';
import { KEYWORDS, PUNCTUATORS } from './token.ts';

/** Reads the tokens of `text` from `start` to `limit`, without an end token. */
export function lex(text: string, start: number, limit: number, report: Reporter): Token[] {
  return new Lexer(text, start, limit, report).run();
}

interface TokenExtra {
  readonly verbatim?: boolean;
  readonly literal?: LiteralValue;
  readonly parts?: readonly StringPart[];
}

class Lexer {
  private readonly text: string;
  private readonly limit: number;
  private readonly report: Reporter;
  private readonly directives: DirectiveReader;
  private readonly tokens: Token[] = [];
  private at: number;
  private newline = true;
  /** Only white space stands before `at` on its line. */
  private lineStart = true;

  constructor(text: string, start: number, limit: number, report: Reporter) {
    this.text = text;
    this.at = start;
    this.limit = limit;
    this.report = report;
    this.directives = new DirectiveReader(text, limit, report);
  }

  run(): Token[] {
    while (this.at < this.limit) {
      if (!this.trivia(this.text[this.at] ?? '')) this.token(this.text[this.at] ?? '');
    }
    this.directives.finish();
    return this.tokens;
  }

  private peek(ahead: number): string {
    const at = this.at + ahead;
    return at < this.limit ? (this.text[at] ?? '') : '';
  }

  /** Steps over white space, a comment or a preprocessor line; false when a token stands here. */
  private trivia(c: string): boolean {
    if (isSpace(c)) {
      this.at++;
      return true;
    }
    if (isNewline(c)) {
      this.at++;
      this.newline = true;
      this.lineStart = true;
      return true;
    }
    if (c === '#') return this.directive();
    return c === '/' && this.comment();
  }

  private comment(): boolean {
    if (this.peek(1) === '/') {
      while (this.at < this.limit && !isNewline(this.text[this.at] ?? '')) this.at++;
      return true;
    }
    if (this.peek(1) !== '*') return false;
    const close = this.text.indexOf('*/', this.at + 2);
    if (close < 0 || close + 2 > this.limit) this.report(unclosedComment(), this.at, this.at + 2);
    this.at = close < 0 ? this.limit : Math.min(close + 2, this.limit);
    return true;
  }

  private directive(): boolean {
    if (!this.lineStart) {
      this.report(directiveMustBeFirst(), this.at, this.at + 1);
      this.at++;
      return true;
    }
    this.at = this.directives.read(this.at);
    return true;
  }

  private token(c: string): void {
    this.lineStart = false;
    if (isIdentifierStart(c) || (c === '\\' && /[uU]/.test(this.peek(1)))) this.identifier(this.at);
    else if (isDigit(c) || (c === '.' && isDigit(this.peek(1)))) this.number();
    else if (c === '"') this.string();
    else if (c === "'") this.character();
    else if (c === '$' || c === '@') this.prefixed(c);
    else this.punctuator(c);
  }

  private push(kind: string, text: string, end: number, extra?: TokenExtra): void {
    this.tokens.push({ kind, text, start: this.at, end, afterNewline: this.newline, ...extra });
    this.at = end;
    this.newline = false;
  }

  private identifier(nameStart: number): void {
    let end = nameStart;
    let name = '';
    for (;;) {
      const c = end < this.limit ? (this.text[end] ?? '') : '';
      if (c === '\\' && /[uU]/.test(this.text[end + 1] ?? '')) {
        const escaped = scanEscape(this.text, end, this.limit, this.report);
        name += escaped.value;
        end = escaped.end;
      } else if (c !== '' && isIdentifierPart(c)) {
        name += c;
        end++;
      } else break;
    }
    const verbatim = nameStart > this.at;
    const keyword = !verbatim && end - nameStart === name.length && KEYWORDS.has(name);
    this.push(keyword ? name : 'identifier', name, end, verbatim ? { verbatim } : undefined);
  }

  private number(): void {
    const scanned = scanNumber(this.text, this.at);
    const end = Math.min(scanned.end, this.limit);
    if (scanned.fault !== undefined) this.report(scanned.fault, this.at, end);
    this.push('literal', this.text.slice(this.at, end), end, { literal: scanned.literal });
  }

  private string(): void {
    const scanned = scanRegularString(this.text, this.at, this.limit, this.report);
    this.pushString(scanned.value, scanned.end);
  }

  private pushString(value: string, end: number): void {
    const written = this.text.slice(this.at, end);
    this.push('literal', written, end, { literal: { type: 'string', value, text: written } });
  }

  private character(): void {
    const scanned = scanCharacter(this.text, this.at, this.limit, this.report);
    const written = this.text.slice(this.at, scanned.end);
    this.push('literal', written, scanned.end, { literal: { type: 'char', value: scanned.value.charCodeAt(0), text: written } });
  }

  private prefixed(c: string): void {
    if (interpolationQuote(this.text, this.at) !== undefined) this.interpolated(c);
    else if (c === '@' && this.peek(1) === '"') {
      const scanned = scanVerbatimString(this.text, this.at, this.at + 1, this.limit, this.report);
      this.pushString(scanned.value, scanned.end);
    } else if (c === '@' && isIdentifierStart(this.peek(1))) this.identifier(this.at + 1);
    else this.strayPrefix(c);
  }

  private strayPrefix(c: string): void {
    this.report(c === '@' ? verbatimNeedsName() : unexpectedCharacter(c), this.at, this.at + 1);
    this.at++;
  }

  private interpolated(c: string): void {
    if (c === '@') this.report(alternativeVerbatim(), this.at, this.at + 2);
    const scanned = scanInterpolated(this.text, this.at, this.limit, this.report);
    this.push('interpolated', this.text.slice(this.at, scanned.end), scanned.end, { parts: scanned.parts });
  }

  private punctuator(c: string): void {
    const found = PUNCTUATORS.find((p) => c === p[0] && this.at + p.length <= this.limit && this.text.startsWith(p, this.at));
    if (found !== undefined) {
      this.push(found, found, this.at + found.length);
      return;
    }
    const character = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0);
    this.report(unexpectedCharacter(character), this.at, this.at + character.length);
    this.at += character.length;
  }
}
