/** Where C# stands in a policy document, for colouring: `@(…)` and `@{…}` with their strings and comments. */

export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly kind: 'code' | 'string' | 'comment';
}

/** One pass; an expression that does not end reaches to the end of the text. */
export function expressionPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const opens = text[at + 1] === '(' || text[at + 1] === '{';
    if (!opens || !/["'>\s]/.test(text[at - 1] ?? ' ')) continue;
    const end = expressionEnd(text, at + 1, pieces);
    pieces.push({ from: at, to: end, kind: 'code' });
    at = end - 1;
  }
  return pieces.sort((a, b) => a.from - b.from || b.to - a.to);
}

/** Strings in every spelling, characters, comments. */
const INNER = /@?\$?@?"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)'|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[({})]/;

function expressionEnd(text: string, open: number, pieces: Piece[]): number {
  let depth = 0;
  const inner = new RegExp(INNER, 'g');
  inner.lastIndex = open;
  for (let match = inner.exec(text); match; match = inner.exec(text)) {
    const [found] = match;
    if (found === '(' || found === '{') depth += 1;
    else if (found === ')' || found === '}') {
      depth -= 1;
      if (depth === 0) return match.index + 1;
    } else pieces.push({ from: match.index, to: match.index + found.length, kind: found.startsWith('/') ? 'comment' : 'string' });
  }
  return text.length;
}
