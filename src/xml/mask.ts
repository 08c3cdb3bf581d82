/**
 * Replaces each expression by filler of the same length, so that a plain XML reader can judge the document and every
 * offset stays true. The filler is a noncharacter that stands in no real text; line breaks stay.
 */
import type { Span } from '../source/span.ts';

const FILLER = '\uFDD0';

export function maskExpressions(text: string, expressions: readonly Span[]): string {
  const parts: string[] = [];
  let last = 0;
  for (const { start, end } of expressions) {
    parts.push(text.slice(last, start), text.slice(start, end).replace(/[^\r\n]/g, FILLER));
    last = end;
  }
  parts.push(text.slice(last));
  return parts.join('');
}
