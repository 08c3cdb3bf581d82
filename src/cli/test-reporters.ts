/** How the results of tests are told: to people, and to programs that collect them. */
import { type Paint, renderDiagnostic } from '../source/render.ts';
import type { Difference } from '../testing/difference.ts';
import { lineDiff } from '../testing/line-diff.ts';
import { hasFailed, type SuiteVerdict, type TestVerdict } from '../testing/runner.ts';
import { visible } from './control-characters.ts';
import { count } from './output.ts';
import { countsOf, type Findings } from './test-counts.ts';
import { githubReport, jsonReport, junitReport, tapReport } from './test-reports.ts';

/** Values of `--reporter`. */
export const REPORTERS = ['pretty', 'json', 'junit', 'tap', 'github'] as const;
export type ReporterName = (typeof REPORTERS)[number];

/** Gets each suite as it ends, all of them at the end, and what was found out behind that. */
export interface Reporter {
  suite(outcome: SuiteVerdict): void;
  end(outcomes: readonly SuiteVerdict[]): void;
  finish(outcomes: readonly SuiteVerdict[], findings: Findings): void;
}

export function reporterNamed(name: ReporterName, write: (text: string) => void, paint: Paint): Reporter {
  if (name === 'pretty') return new PrettyReporter(write, paint);
  const whole = { json: jsonReport, junit: junitReport, tap: tapReport, github: githubReport }[name];
  return { suite: () => {}, end: () => {}, finish: (outcomes, findings) => write(whole(outcomes, findings)) };
}

export const PLAIN: Paint = (_style, text) => text;

class PrettyReporter implements Reporter {
  readonly #write: (text: string) => void;
  readonly #paint: Paint;

  constructor(write: (text: string) => void, paint: Paint) {
    this.#write = write;
    this.#paint = paint;
  }

  suite({ suite, file, tests, problems, obsolete }: SuiteVerdict): void {
    const paint = this.#paint;
    const lines = [`${paint('bold', suite)} ${paint('dim', file)}`];
    for (const test of tests) lines.push(...prettyTest(test, file, paint));
    for (const problem of problems) lines.push(renderDiagnostic(problem, paint));
    for (const name of obsolete) lines.push(`  ${paint('yellow', `no test asks for the stored outcome \`${name}\`; --update removes it`)}`);
    this.#write(`${lines.join('\n')}\n\n`);
  }

  end(outcomes: readonly SuiteVerdict[]): void {
    const { passed, failed, skipped, broken, written } = countsOf(outcomes);
    const more = [
      skipped > 0 ? `, ${skipped} skipped` : '',
      broken > 0 ? `, ${count(broken, 'suite')} broken` : '',
      written > 0 ? `, ${count(written, 'stored outcome')} written` : '',
    ].join('');
    const text = `${count(passed, 'test')} passed, ${failed} failed${more}\n`;
    this.#write(failed + broken > 0 ? this.#paint('red', text) : text);
  }

  /** What is for people was written as it was found. */
  finish(): void {}
}

function prettyTest(test: TestVerdict, file: string, paint: Paint): string[] {
  const time = paint('dim', `${test.milliseconds.toFixed(0)} ms`);
  if (test.skipped !== undefined) return [`  ${paint('yellow', 'skip')}  ${test.name} ${paint('dim', test.skipped)}`];
  if (!hasFailed(test)) return [`  ok    ${test.name} ${time}`];
  const lines = [`  ${paint('red', 'FAIL')}  ${test.name} ${time}`];
  if (test.failure !== undefined) lines.push(`        ${test.failure} (${file}:${test.line})`);
  for (const difference of test.differences) lines.push(...prettyDifference(difference, file, paint));
  return lines;
}

function prettyDifference(difference: Difference, file: string, paint: Paint): string[] {
  const { what, writtenBy, because = [], line } = difference;
  const [expected, actual] = [visible(difference.expected), visible(difference.actual)];
  const lines = [`        ${paint('bold', what)} (${file}:${line})`];
  if (expected.includes('\n') || actual.includes('\n')) lines.push(...differingLines(expected, actual, paint));
  else lines.push(`          expected  ${expected}`, `          actual    ${actual}`);
  if (writtenBy !== undefined) lines.push(`          written by ${writtenBy}`);
  for (const trouble of because) lines.push(`          because   ${visible(trouble)}`);
  return [...lines, ...excerpt(difference, paint)];
}

/** The line of the test file with a caret under the expectation. */
function excerpt({ place }: Difference, paint: Paint): string[] {
  if (!place) return [];
  const { line, column } = place.file.positionAt(place.span.start);
  const text = place.file.lineText(line);
  const length = Math.max(1, Math.min(place.span.end - place.span.start, text.length - column + 1));
  const pad = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [
    `          ${paint('dim', `${line} |`)} ${text}`,
    `          ${paint('dim', `${' '.repeat(String(line).length)} |`)} ${pad}${paint('red', '^'.repeat(length))}`,
  ];
}

/** Lines that differ, with `-` for what was expected and `+` for what came. */
function differingLines(expected: string, actual: string, paint: Paint): string[] {
  const rows = lineDiff(expected, actual);
  if (!rows) return [`          expected  ${expected.split('\n').length} lines`, `          actual    ${actual.split('\n').length} lines`];
  return rows.map(([mark, text]) => `          ${mark === ' ' ? text : paint(mark === '-' ? 'red' : 'blue', `${mark} ${text}`)}`);
}
