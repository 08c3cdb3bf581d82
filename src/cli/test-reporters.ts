/** How the results of tests are told: to people, and to programs that collect them. */
import { type Paint, renderDiagnostic, sourceExcerpt } from '../source/render.ts';
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
  else {
    const [wanted, came] = shortened(expected, actual);
    lines.push(`          expected  ${wanted}`, `          actual    ${came}`);
  }
  if (writtenBy !== undefined) lines.push(`          written by ${writtenBy}`);
  for (const trouble of because) lines.push(`          because   ${visible(trouble)}`);
  const { place } = difference;
  return place ? [...lines, ...sourceExcerpt(place, { paint, style: 'red', indent: ' '.repeat(10) })] : lines;
}

/** Longest text that is shown whole; of a longer one the part around the first difference. */
const LONGEST = 400;

/** Both, from a little before the first character that differs where they are long. */
function shortened(expected: string, actual: string): [expected: string, actual: string] {
  if (expected.length <= LONGEST && actual.length <= LONGEST) return [expected, actual];
  let same = 0;
  while (same < expected.length && expected[same] === actual[same]) same += 1;
  const from = Math.max(0, same - LONGEST / 4);
  return [cut(expected, from), cut(actual, from)];
}

function cut(text: string, from: number): string {
  if (text.length <= LONGEST) return text;
  const shown = text.slice(from, from + LONGEST);
  return `${from > 0 ? '…' : ''}${shown}${from + LONGEST < text.length ? '…' : ''} (${text.length} characters)`;
}

/** Lines that differ, with `-` for what was expected and `+` for what came. */
function differingLines(expected: string, actual: string, paint: Paint): string[] {
  const rows = lineDiff(expected, actual);
  if (!rows) return [`          expected  ${expected.split('\n').length} lines`, `          actual    ${actual.split('\n').length} lines`];
  return rows.map(([mark, text]) => `          ${mark === ' ' ? text : paint(mark === '-' ? 'red' : 'blue', `${mark} ${text}`)}`);
}
