/**
 * The parser's place in the tokens: looking, eating, reporting. What is missing is reported where the compiler reports it: at the end of
 * the token before when a line ends there, otherwise at the token that stands in the way.
 */
import type { Span } from '../../source/span.ts';
import { span } from '../../source/span.ts';
import type { MissingExpression, Name, SyntaxFault } from './ast.ts';
import type { Wording } from './faults.ts';
import { expected, faultAt, identifierIsKeyword, invalidTerm, tooComplex } from './faults.ts';
import type { Token } from './token.ts';
import { KEYWORDS } from './token.ts';

/** Expressions, types and statements may nest this deep; the compiler's own bound is its stack. */
const MAX_NESTING = 400;

/** What a cursor over a hole of an interpolated string shares with the cursor around it. */
export interface CursorState {
  readonly faults: SyntaxFault[];
  depth: number;
  /** Set once nesting is too deep: nothing more is reported. */
  silenced: boolean;
}

export class Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly state: CursorState;
  /** The hole of an interpolated string is followed by `:`, so a conditional expression cannot have its own. */
  readonly followedByColon: boolean;
  /** Query keywords are reserved while a query is read. */
  inQuery = false;
  private index = 0;
  private previousEnd: number;
  private reach: number;

  /** `tokens` must end with a token of kind `end`. */
  constructor(text: string, tokens: readonly Token[], start: number, state: CursorState, followedByColon = false) {
    this.text = text;
    this.tokens = tokens;
    this.state = state;
    this.previousEnd = start;
    this.reach = start;
    this.followedByColon = followedByColon;
  }

  get current(): Token {
    return this.peek(0);
  }

  get position(): number {
    return this.index;
  }

  peek(ahead: number): Token {
    return this.token(this.index + ahead);
  }

  token(index: number): Token {
    const last = this.tokens.length - 1;
    const token = this.tokens[Math.min(index, last)];
    if (token === undefined) throw new RangeError('a cursor needs an end token');
    return token;
  }

  is(kind: string): boolean {
    return this.current.kind === kind;
  }

  isAny(kinds: ReadonlySet<string>): boolean {
    return kinds.has(this.current.kind);
  }

  /** True at the contextual keyword `word`. */
  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'identifier' && token.text === word && token.verbatim !== true;
  }

  advance(): Token {
    const token = this.current;
    if (token.kind !== 'end') {
      this.index++;
      this.previousEnd = token.end;
      this.reach = token.end;
    }
    return token;
  }

  /** Moves forward to the token with this index. */
  skipTo(index: number): void {
    while (this.index < index && !this.is('end')) this.advance();
  }

  accept(kind: string): Token | undefined {
    return this.is(kind) ? this.advance() : undefined;
  }

  /** Eats a token, or reports that it is missing. */
  expect(kind: string, wording?: Wording): Token | undefined {
    if (this.is(kind)) return this.advance();
    this.reportMissing(wording ?? expected(kind));
    return undefined;
  }

  /** Eats an identifier; a missing one is reported and has an empty name. */
  identifier(): Name {
    const token = this.current;
    if (token.kind === 'identifier') {
      this.advance();
      return { text: token.text, span: span(token.start, token.end) };
    }
    this.reportMissing(KEYWORDS.has(token.kind) ? identifierIsKeyword(token.text) : expected('identifier'));
    return this.missingName();
  }

  missingName(): Name {
    return { text: '', span: this.missingPlace() };
  }

  missing(): MissingExpression {
    return { kind: 'missing', span: this.missingPlace() };
  }

  /** Reports that the current token cannot start an expression; unlike a missing token this always points at the offending one. */
  invalidTerm(): MissingExpression {
    const { text, start, end } = this.current;
    this.report(invalidTerm(text), span(start, end));
    return this.missing();
  }

  private missingPlace(): Span {
    this.reach = Math.max(this.reach, this.current.start);
    return span(this.reach);
  }

  report(wording: Wording, place: Span): void {
    if (!this.state.silenced) this.state.faults.push(faultAt(wording, place));
  }

  reportMissing(wording: Wording): void {
    this.report(wording, this.missingSpan());
  }

  missingSpan(): Span {
    const token = this.current;
    return token.afterNewline ? span(this.previousEnd) : span(token.start, token.end);
  }

  /** From `start` to the end of what was read last. */
  since(start: number): Span {
    return span(start, Math.max(start, this.reach));
  }

  /** Runs a reader one level deeper; past the bound it reports CS8078 once and leaves the rest of the text. */
  nested<T>(read: () => T, otherwise: () => T): T {
    if (this.state.depth >= MAX_NESTING) {
      this.giveUp(this.current);
      return otherwise();
    }
    this.state.depth++;
    const result = read();
    this.state.depth--;
    return result;
  }

  private giveUp(place: Token): void {
    this.report(tooComplex(), span(place.start, place.end));
    this.state.silenced = true;
    this.skipTo(this.tokens.length);
  }
}
