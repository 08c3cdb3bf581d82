/** Applies repairs to a text. */
import type { LintDiagnostic } from './lint.ts';
import type { TextEdit } from './model.ts';

export interface Fixed {
  readonly text: string;
  /** Repairs made; of two that overlap the first. */
  readonly count: number;
}

/** Edits of one file, all against the same text. */
export function applyFixes(text: string, diagnostics: readonly LintDiagnostic[]): Fixed {
  const edits = diagnostics.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  const chosen: TextEdit[] = [];
  let count = 0;
  for (const fix of edits) {
    if (fix.some((edit) => chosen.some((other) => edit.span.start < other.span.end && other.span.start < edit.span.end))) continue;
    chosen.push(...fix);
    count += 1;
  }
  const ordered = [...chosen].sort((a, b) => b.span.start - a.span.start);
  const result = ordered.reduce(
    (whole, { span, text: replacement }) => whole.slice(0, span.start) + replacement + whole.slice(span.end),
    text,
  );
  return { text: result, count };
}
