/**
 * Distinguished names in attributes: the reference page of validate-client-certificate writes the quotes of a part with commas
 * as they are, `subject="CN=a, O="Contoso, Inc.", C=US"`. In well-formed XML no quote that closes a value stands before anything
 * but a blank or the tag's end, so nothing that a plain reader takes is read in another way.
 */
import { type Span, span } from '../source/span.ts';

export interface QuotedName {
  /** Of the quote that closes the attribute. */
  readonly end: number;
  /** Parts with their quotes. */
  readonly parts: readonly Span[];
}

/** More than any certificate has; they bound the work for hostile texts. */
const MOST_PARTS = 32;
const LONGEST = 4096;

const NAME = /^\s*[A-Za-z][\w.]*=/;

/** Undefined when the value that starts there is no distinguished name with quoted parts. */
export function quotedName(text: string, start: number): QuotedName | undefined {
  const value = text.slice(start, start + LONGEST);
  if (!NAME.test(value)) return undefined;
  const parts: Span[] = [];
  let at = 0;
  while (parts.length <= MOST_PARTS) {
    const quote = value.indexOf('"', at);
    if (quote < 0) return undefined;
    if (!opensPart(value, quote)) return parts.length === 0 ? undefined : { end: start + quote, parts };
    const close = value.indexOf('"', quote + 1);
    if (close < 0 || !/^"\s*[,+;"]/.test(value.slice(close, close + 20)) || value.slice(at, close).includes('<')) return undefined;
    parts.push(span(start + quote, start + close + 1));
    at = close + 1;
  }
  return undefined;
}

/** Behind `=`, and before what no closing quote stands before. */
function opensPart(value: string, quote: number): boolean {
  return value.charAt(quote - 1) === '=' && /^[^\s/>?"]/.test(value.slice(quote + 1, quote + 2));
}
