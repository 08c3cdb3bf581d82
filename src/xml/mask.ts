/**
 * Replaces each expression by filler of the same length, so that a plain XML reader can judge the document and every
 * offset stays true. The filler needs no escape and keeps the text in one byte a character; line breaks stay.
 */
import type { Span } from '../source/span.ts';

const FILLER = 'x';

export function maskExpressions(text: string, expressions: readonly Span[]): string {
  const parts: string[] = [];
  let last = 0;
  for (const { start, end } of expressions) {
    parts.push(
      text.slice(last, start),
      text.slice(start, end).replace(/[^\r\n]+/g, (run) => FILLER.repeat(run.length)),
    );
    last = end;
  }
  parts.push(text.slice(last));
  return parts.join('');
}
