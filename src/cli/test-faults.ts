/** `portico test --faults`: what callers see when something that the policies rely on fails. */
import { FAILURES, type FailureCell, type FailureRow } from '../testing/failures.ts';
import { count, EXIT } from './output.ts';
import { failuresAt, testsAt } from './test-helper.ts';
import { plainOptions } from './test-options.ts';
import type { Rerun } from './test-rerun.ts';
import { runShared } from './test-shared.ts';

/** Gives the exit code: 1 for errors inside the gateway, which no failure may cause. */
export async function runFaults({ runner, refs, options, threads, note, findings }: Rerun): Promise<number> {
  const tests = testsAt(refs);
  const rows: FailureRow[] = [];
  await runShared<readonly FailureRow[]>(
    {
      count: tests.length,
      job: { kind: 'faults', tests: refs, options: plainOptions(options) },
      here: async (at) => failuresAt(tests, at, runner.gateways),
      revived: (told) => told as FailureRow[],
      done: (more) => rows.push(...more) >= 0,
    },
    threads,
  );
  findings.faults = rows.map(({ suite, test, outgoing, cells }) => ({ suite, test, kind: outgoing.kind, call: outgoing.line, cells }));
  note(`\n${matrixText(rows)}`);
  return rows.some(({ cells }) => cells.some(({ internal }) => internal)) ? EXIT.problems : EXIT.clean;
}

/** A table a test: a row a call, a column a way to fail. */
function matrixText(rows: readonly FailureRow[]): string {
  if (rows.length === 0) return 'No passing test makes an outgoing call.\n';
  const titles = [...new Set(rows.map(titleOf))];
  const tables = titles.map((title) => `${title}\n${tableOf(rows.filter((row) => titleOf(row) === title))}`);
  const cells = rows.flatMap((row) => row.cells);
  const internal = cells.filter((cell) => cell.internal).length;
  const summary = `${count(rows.length, 'outgoing call')}, ${count(cells.length, 'failure')}: ${internal} inside the gateway`;
  return `What callers see when an outgoing call fails:\n\n${tables.join('\n')}\n${summary}\n`;
}

function titleOf({ suite, test }: FailureRow): string {
  return `${suite} > ${test}`;
}

function tableOf(rows: readonly FailureRow[]): string {
  const lines = [['', ...FAILURES, 'reasons'], ...rows.map(lineOf)];
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) => `  ${line.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd().concat('\n'))
    .join('');
}

/** A cache that is out of reach stands where services refuse. */
function lineOf({ outgoing, cells }: FailureRow): string[] {
  const cellOf = (failure: string) =>
    cells.find((cell) => cell.failure === failure || (failure === 'refuse' && cell.failure === 'unreachable'));
  const reasons = new Set(cells.flatMap(({ reason }) => reason ?? []));
  return [
    `${outgoing.kind} ${outgoing.line}`,
    ...FAILURES.map((failure) => {
      const cell = cellOf(failure);
      return cell ? shown(cell) : '-';
    }),
    [...reasons].join(', '),
  ];
}

/** `503`, `504 +10s`, `200 cut off`; `!` marks an error inside the gateway. */
function shown({ seen, longer, internal }: FailureCell): string {
  return `${seen}${longer > 0 ? ` +${longer / 1000}s` : ''}${internal ? ' !' : ''}`;
}
