/** The one place that turns diagnostics into text for people: file, line, column, message, source line, caret, help. */
import type { Diagnostic } from './diagnostic.ts';

/** Colours a piece of text; the identity when colour is off. */
export type Paint = (style: 'red' | 'yellow' | 'blue' | 'bold' | 'dim', text: string) => string;

const PLAIN: Paint = (_style, text) => text;

/** Longest part of a source line that is shown; longer lines are cut around the caret. */
const WIDEST = 160;

/** What a terminal would obey (C0 but tabs and line ends, DEL, C1) shows as U+FFFD: files and names may come from anybody. */
export function withoutControls(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\uFFFD');
}

/**
 * ```
 * policy.xml:12:34: error CS0103: The name 'x' does not exist in the current context
 *   12 | <value>@(x + 1)</value>
 *      |          ^
 *   help: declare it first
 * ```
 */
export function renderDiagnostic(diagnostic: Diagnostic, paint: Paint = PLAIN): string {
  const { file, span, severity, code, message, help, related } = diagnostic;
  const { line, column } = file.positionAt(span.start);
  const style = severity === 'error' ? 'red' : severity === 'warning' ? 'yellow' : 'blue';
  const name = withoutControls(file.name);
  const lines = [`${paint('bold', `${name}:${line}:${column}:`)} ${paint(style, `${severity} ${code}`)}: ${withoutControls(message)}`];
  lines.push(...sourceExcerpt(diagnostic, { paint, style, indent: '  ' }));
  if (help !== undefined) lines.push(`  ${paint('blue', 'help')}: ${withoutControls(help)}`);
  for (const other of related ?? []) {
    const place = other.file.positionAt(other.span.start);
    lines.push(`  ${paint('dim', `${withoutControls(other.file.name)}:${place.line}:${place.column}`)}: ${withoutControls(other.message)}`);
  }
  return lines.join('\n');
}

export interface ExcerptStyle {
  readonly paint: Paint;
  readonly style: 'red' | 'yellow' | 'blue';
  readonly indent: string;
}

/** The line of a place, cut around it where it is long, and a caret below. */
export function sourceExcerpt({ file, span }: Pick<Diagnostic, 'file' | 'span'>, { paint, style, indent }: ExcerptStyle): string[] {
  const { line, column } = file.positionAt(span.start);
  // Of a file that was not read, or is empty, there is nothing to show.
  if (file.text === '') return [];
  const whole = file.lineText(line).replace(/^\uFEFF/, '');
  const shift = file.lineText(line).length - whole.length;
  const at = Math.max(0, column - 1 - shift);
  const from = whole.length > WIDEST && at > WIDEST / 2 ? at - WIDEST / 2 : 0;
  const text = withoutControls(whole.slice(from, from + WIDEST));
  const length = Math.max(1, Math.min(span.end - span.start, text.length - (at - from)));
  const margin = String(line);
  const pad = text.slice(0, at - from).replace(/[^\t]/g, ' ');
  return [
    `${indent}${paint('dim', `${margin} |`)} ${text}`,
    `${indent}${paint('dim', `${' '.repeat(margin.length)} |`)} ${pad}${paint(style, '^'.repeat(length))}`,
  ];
}

/** Plain data for `--format json`: all numbers start at 1, the end is exclusive. */
export interface DiagnosticRow {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: Diagnostic['severity'];
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

export function diagnosticRow({ file, span, severity, code, message, help }: Diagnostic): DiagnosticRow {
  const start = file.positionAt(span.start);
  const end = file.positionAt(span.end);
  const place = { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  return { file: file.name, ...place, severity, code, message, ...(help === undefined ? {} : { help }) };
}
