import type { SourceFile } from './source-file.ts';
import type { Span } from './span.ts';

/** `error` refuses the document, `warning` and `info` do not. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * One thing wrong with a file. `code` is stable and documented: `CSxxxx` is the C# compiler's own code, `PTCxxxx` ours.
 * `message` is one sentence in APIM's and C#'s words; where Azure has a sentence of its own for a case, it is that sentence.
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly file: SourceFile;
  readonly span: Span;
  readonly message: string;
  /** What to write instead. */
  readonly help?: string;
  readonly related?: readonly RelatedPlace[];
}

/** Another place that explains a diagnostic, such as the first of two equal names. */
export interface RelatedPlace {
  readonly file: SourceFile;
  readonly span: Span;
  readonly message: string;
}

/** Sorts in document order: by file as first met, then by position; errors before warnings at one place. */
export function inDocumentOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const files = new Map<string, number>();
  for (const { file } of diagnostics) if (!files.has(file.name)) files.set(file.name, files.size);
  const rank = (d: Diagnostic) => files.get(d.file.name) ?? 0;
  return [...diagnostics].sort((a, b) => rank(a) - rank(b) || a.span.start - b.span.start || a.severity.localeCompare(b.severity));
}
