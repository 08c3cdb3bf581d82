/** A half-open range of offsets (UTF-16 code units) in one file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Makes a span; `end` defaults to `start` (an insertion point). */
export function span(start: number, end: number = start): Span {
  return { start, end };
}
