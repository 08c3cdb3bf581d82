/** How commands talk to people and programs: colour, problem formats, exit codes. */
import { createHash } from 'node:crypto';
import { styleText } from 'node:util';
import type { Diagnostic } from '../source/diagnostic.ts';
import { diagnosticRow, type Paint, renderDiagnostic } from '../source/render.ts';
import { type Profile, profileText } from './profile-text.ts';
import { isSecurity, LineHashes, sarif } from './sarif.ts';

declare const PORTICO_VERSION: string;
/** The bundler fills it in. */
const VERSION = typeof PORTICO_VERSION === 'string' ? PORTICO_VERSION : '0.0.0-source';

/** 0: nothing to complain about; 1: problems or failed tests; 2: wrong use. */
export const EXIT = { clean: 0, problems: 1, usage: 2 } as const;

/** Wrong use of a command: the message is shown as it is, exit code 2. */
export class UsageError extends Error {}

/** Colours where the stream is a terminal and NO_COLOR does not forbid it. */
export function painter(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream, validateStream: true });
}

export const PROBLEM_FORMATS = ['pretty', 'json', 'sarif', 'github', 'junit', 'codeclimate'] as const;
export type ProblemFormat = (typeof PROBLEM_FORMATS)[number];

/** All problems of so many documents in one of the formats. */
export function formatProblems(
  format: ProblemFormat,
  documents: number,
  problems: readonly Diagnostic[],
  paint?: Paint,
  profile?: Profile,
): string {
  switch (format) {
    case 'pretty':
      return pretty(documents, problems, paint) + (profile ? profileText(profile) : '');
    case 'json':
      return `${JSON.stringify({ documents, problems: problems.map(diagnosticRow), ...(profile ? { profile } : {}) })}\n`;
    case 'sarif':
      return `${JSON.stringify(sarif(problems, VERSION), undefined, 2)}\n`;
    case 'github':
      return problems.map(githubLine).join('');
    case 'junit':
      return junit(documents, problems);
    case 'codeclimate':
      return `${JSON.stringify(codeClimate(problems))}\n`;
  }
}

function pretty(documents: number, problems: readonly Diagnostic[], paint?: Paint): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.filter(({ severity }) => severity === 'warning').length;
  const infos = problems.length - errors - warnings;
  const hints = infos > 0 ? `, ${count(infos, 'info')}` : '';
  const summary = `${count(documents, 'document')} checked: ${count(errors, 'error')}, ${count(warnings, 'warning')}${hints}`;
  return `${problems.map((problem) => `${renderDiagnostic(problem, paint)}\n\n`).join('')}${summary}\n`;
}

/** `1 error`, `2 errors`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Where a report has one text for a problem: the message, and what to write instead in a line of its own. */
export function withHelp({ message, help }: { readonly message: string; readonly help?: string | undefined }): string {
  return help === undefined ? message : `${message}\nhelp: ${help}`;
}

/** GitHub's workflow commands; `%`, CR and LF are escaped as it asks. */
function githubLine(problem: Diagnostic): string {
  const row = diagnosticRow(problem);
  const kind = row.severity === 'info' ? 'notice' : row.severity;
  const clean = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string) => clean(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${kind} file=${property(row.file)},line=${row.line},col=${row.column},title=${property(row.code)}::${clean(withHelp(row))}\n`;
}

/** GitLab's code quality report. The fingerprint stays when lines move: it is made of the rule and the text of the line. */
function codeClimate(problems: readonly Diagnostic[]): object[] {
  const hashes = new LineHashes();
  return problems.map((problem) => codeClimateIssue(problem, hashes.of(problem)));
}

function codeClimateIssue(problem: Diagnostic, lineHash: string): object {
  const { file, line, endLine, code, message, help, severity } = diagnosticRow(problem);
  return {
    type: 'issue',
    check_name: code,
    description: message,
    ...(help === undefined ? {} : { content: { body: help } }),
    categories: [isSecurity(code) ? 'Security' : code.startsWith('PTL9') ? 'Style' : 'Bug Risk'],
    severity: { error: 'major', warning: 'minor', info: 'info' }[severity],
    fingerprint: createHash('sha256').update(`${code} ${file} ${message} ${lineHash}`).digest('hex'),
    location: { path: file.replaceAll('\\', '/'), lines: { begin: line, end: endLine } },
  };
}

/** One suite a file, one failed case a problem; without problems one that passed, since readers take no case for no run. */
function junit(documents: number, problems: readonly Diagnostic[]): string {
  const files = new Map<string, Diagnostic[]>();
  for (const problem of problems) files.set(problem.file.name, [...(files.get(problem.file.name) ?? []), problem]);
  const suites = [...files].map(
    ([name, found]) =>
      `  <testsuite name="${xml(name)}" tests="${found.length}" failures="${found.length}">\n${found.map(junitCase).join('')}  </testsuite>\n`,
  );
  const passed = `  <testsuite name="portico" tests="1" failures="0">\n    <testcase classname="portico" name="${count(documents, 'document')}"/>\n  </testsuite>\n`;
  const totals = `tests="${Math.max(problems.length, 1)}" failures="${problems.length}" errors="0"`;
  const body = suites.length > 0 ? suites.join('') : passed;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="portico check" ${totals}>\n${body}</testsuites>\n`;
}

function junitCase(problem: Diagnostic): string {
  const row = diagnosticRow(problem);
  const place = `${row.file}:${row.line}:${row.column}: ${withHelp(row)}`;
  return `    <testcase classname="${xml(row.file)}" name="${xml(`${row.code} ${row.line}:${row.column}`)}"><failure type="${row.severity}" message="${xml(row.message)}">${xml(place)}</failure></testcase>\n`;
}

/** Text for an XML attribute; what XML cannot hold becomes a replacement character. */
export function xml(text: string): string {
  const clean = text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
  return clean.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\n', '&#10;');
}
