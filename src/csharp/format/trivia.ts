/** What stands between the tokens of an expression: comments, and how many lines end there. */
import { isNewline } from '../syntax/characters.ts';
import type { Token } from '../syntax/token.ts';

/** A token or a comment, in the order of the text. */
export interface Piece {
  readonly kind: 'token' | 'line-comment' | 'block-comment';
  readonly token: Token | undefined;
  readonly start: number;
  readonly end: number;
  /** Line ends between the piece before and this one. */
  readonly lines: number;
  /** White space stands before it. */
  readonly spaced: boolean;
}

/** All pieces, and the line ends behind the last one; undefined where a preprocessor line stands, which has no layout of its own. */
export function piecesOf(
  text: string,
  tokens: readonly Token[],
): { readonly pieces: readonly Piece[]; readonly linesAtEnd: number } | undefined {
  const pieces: Piece[] = [];
  let at = 0;
  for (const token of [...tokens, undefined]) {
    const gap = readGap(text, at, token?.start ?? text.length, pieces);
    if (gap === undefined) return undefined;
    if (token === undefined) return { pieces, linesAtEnd: gap.lines };
    pieces.push({ kind: 'token', token, start: token.start, end: token.end, ...gap });
    at = token.end;
  }
  return undefined;
}

/** Adds the comments between `at` and `end`; gives what stands behind the last of them. */
function readGap(text: string, from: number, end: number, into: Piece[]): { readonly lines: number; readonly spaced: boolean } | undefined {
  let lines = 0;
  let spaced = false;
  let at = from;
  while (at < end) {
    const character = text.charAt(at);
    if (character === '#') return undefined;
    if (character === '/') {
      const line = text.charAt(at + 1) === '/';
      const stop = line ? endOfLine(text, at, end) : text.indexOf('*/', at + 2) + 2;
      into.push({ kind: line ? 'line-comment' : 'block-comment', token: undefined, start: at, end: stop, lines, spaced });
      lines = 0;
      spaced = false;
      at = stop;
      continue;
    }
    if (isNewline(character) && !(character === '\n' && text.charAt(at - 1) === '\r')) lines += 1;
    spaced = true;
    at += 1;
  }
  return { lines, spaced };
}

/** Where the text of a line comment ends, blanks at its end left out. */
function endOfLine(text: string, from: number, limit: number): number {
  let end = from;
  while (end < limit && !isNewline(text.charAt(end))) end += 1;
  while (end > from && /\s/.test(text.charAt(end - 1))) end -= 1;
  return end;
}
