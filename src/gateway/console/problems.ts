/** Diagnostics as the page shows them. */
import type { LintDiagnostic } from '../../lint/lint.ts';
import type { Diagnostic } from '../../source/diagnostic.ts';

/** Most that are sent back. */
const MOST = 500;

export interface ProblemRow {
  /** Offsets in the text. */
  readonly from: number;
  readonly to: number;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: Diagnostic['severity'];
  readonly code: string;
  readonly message: string;
  readonly help: string | null;
  /** Edits that repair it. */
  readonly fix: readonly { readonly from: number; readonly to: number; readonly text: string }[];
}

/** `mask` hides what a named value may have brought into a message. */
export function problemRows(problems: readonly Diagnostic[], mask: (text: string) => string): ProblemRow[] {
  return problems.slice(0, MOST).map((problem) => rowOf(problem, mask));
}

function rowOf(problem: Diagnostic, mask: (text: string) => string): ProblemRow {
  const { file, span, severity, code, message, help } = problem;
  const { line, column } = file.positionAt(span.start);
  const { fix = [] } = problem as Partial<LintDiagnostic>;
  return {
    from: span.start,
    to: span.end,
    file: file.name,
    line,
    column,
    severity,
    code,
    message: mask(message),
    help: help === undefined ? null : mask(help),
    fix: fix.map((edit) => ({ from: edit.span.start, to: edit.span.end, text: edit.text })),
  };
}
