/** Comments in JSON, which templates of Azure Resource Manager may have. */

const QUOTE_OR_COMMENT = /"|\/\/|\/\*/g;

/** The text with blanks in the place of its comments: every other character stays where it is, and so do the lines. */
export function withoutComments(text: string): string {
  const parts: string[] = [];
  let taken = 0;
  QUOTE_OR_COMMENT.lastIndex = 0;
  for (let found = QUOTE_OR_COMMENT.exec(text); found; found = QUOTE_OR_COMMENT.exec(text)) {
    const end = found[0] === '"' ? endOfString(text, found.index + 1) : endOfComment(text, found[0], found.index);
    if (found[0] !== '"') {
      parts.push(text.slice(taken, found.index), text.slice(found.index, end).replace(/[^\r\n]/g, ' '));
      taken = end;
    }
    QUOTE_OR_COMMENT.lastIndex = end;
  }
  return taken === 0 ? text : parts.join('') + text.slice(taken);
}

/** Behind the closing quote, or the end of a text that has none. */
function endOfString(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '"') return at + 1;
    if (text[at] === '\\') at += 1;
  }
  return text.length;
}

/** One that nobody closes takes all that is left. */
function endOfComment(text: string, mark: string, start: number): number {
  const end = mark === '//' ? text.indexOf('\n', start) : text.indexOf('*/', start + 2);
  return end < 0 ? text.length : mark === '//' ? end : end + 2;
}
