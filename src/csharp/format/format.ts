/**
 * Lays out the C# of one expression: indentation by brackets, one blank around operators, no blank lines in a row. Lines end where
 * the author ended them; no token changes, which is proven for every text before it is given back.
 */
import { lex } from '../syntax/lexer.ts';
import { parseExpression } from '../syntax/parser.ts';
import type { Token } from '../syntax/token.ts';
import { Layout } from './layout.ts';
import { blankBetween, type Punctuation, punctuationOf } from './spacing.ts';
import { type Piece, piecesOf } from './trivia.ts';

export interface CodeStyle {
  /** Blanks at the start of the line on which the expression begins. */
  readonly base: string;
  /** One level of indentation. */
  readonly unit: string;
  readonly newline: string;
  /** A piece of the text as it shall be written: in a document with entities, as it stands in the file. */
  written(start: number, end: number): string;
}

/** The expression between its delimiters as it shall stand there; undefined where its text has faults or has no layout of its own. */
export function formatExpression(text: string, kind: 'single' | 'multi', style: CodeStyle): string | undefined {
  const tree = parseExpression(text, kind);
  if (tree.errors.length > 0) return undefined;
  const tokens = lex(text, 0, text.length, () => undefined);
  const read = piecesOf(text, tokens);
  if (read === undefined || read.pieces.length === 0) return undefined;
  return new Writer(kind, style, punctuationOf(tree, tokens)).write(read.pieces, read.linesAtEnd);
}

class Writer {
  readonly #kind: 'single' | 'multi';
  readonly #style: CodeStyle;
  readonly #punctuation: Punctuation;
  readonly #layout: Layout;
  readonly #parts: string[] = [];
  #depth = 0;

  constructor(kind: 'single' | 'multi', style: CodeStyle, punctuation: Punctuation) {
    this.#kind = kind;
    this.#style = style;
    this.#punctuation = punctuation;
    this.#layout = new Layout(kind, punctuation);
  }

  write(pieces: readonly Piece[], linesAtEnd: number): string {
    const several = this.#kind === 'multi' && (linesAtEnd > 0 || pieces.some(({ lines }) => lines > 0));
    pieces.forEach((piece, i) => {
      this.#between(pieces[i - 1], piece, nextToken(pieces, i), several);
      this.#parts.push(this.#style.written(piece.start, piece.end));
      if (piece.token !== undefined) this.#layout.take(piece.token, this.#depth);
    });
    this.#end(several, linesAtEnd);
    return this.#parts.join('');
  }

  #between(before: Piece | undefined, piece: Piece, next: Token | undefined, several: boolean): void {
    const lines = before === undefined && several ? 1 : Math.min(piece.lines, before === undefined ? 1 : 2);
    if (lines > 0) {
      this.#depth = this.#layout.depthOf(next, piece.token === undefined);
      this.#parts.push(this.#style.newline.repeat(lines), this.#style.base, this.#style.unit.repeat(this.#depth));
    } else if (before === undefined ? this.#kind === 'multi' : this.#blank(before, piece)) this.#parts.push(' ');
  }

  #blank(before: Piece, piece: Piece): boolean {
    if (before.token === undefined || piece.token === undefined) return piece.spaced || piece.kind === 'line-comment';
    return blankBetween(before.token, piece.token, piece.spaced, this.#punctuation);
  }

  #end(several: boolean, linesAtEnd: number): void {
    if (several || linesAtEnd > 0) this.#parts.push(this.#style.newline, this.#style.base);
    else if (this.#kind === 'multi') this.#parts.push(' ');
  }
}

function nextToken(pieces: readonly Piece[], from: number): Token | undefined {
  for (let i = from; i < pieces.length; i += 1) {
    const token = pieces[i]?.token;
    if (token !== undefined) return token;
  }
  return undefined;
}

/** Tells whether two texts hold the same tokens and the same comments: then they mean the same. */
export function sameTokens(one: string, other: string): boolean {
  const left = meaningOf(one);
  const right = meaningOf(other);
  return left !== undefined && right !== undefined && left.length === right.length && left.every((part, i) => part === right[i]);
}

function meaningOf(text: string): readonly string[] | undefined {
  const read = piecesOf(
    text,
    lex(text, 0, text.length, () => undefined),
  );
  return read?.pieces.map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);
}
