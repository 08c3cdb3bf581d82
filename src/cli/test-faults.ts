/** `portico test --faults`: what callers see when something that the policies rely on fails. */
import { type FailureRow, failureMatrix } from '../testing/failures.ts';
import type { Runner, SuiteOutcome } from '../testing/runner.ts';
import { count, EXIT } from './output.ts';

/** Gives the exit code: 1 for errors inside the gateway, which no failure may cause. */
export async function runFaults(runner: Runner, outcomes: readonly SuiteOutcome[], note: (text: string) => void): Promise<number> {
  const rows = await failureMatrix(outcomes, runner.gateways);
  note(`\n${matrixText(rows)}`);
  return rows.some(({ cells }) => cells.some(({ internal }) => internal)) ? EXIT.problems : EXIT.clean;
}

export function matrixText(rows: readonly FailureRow[]): string {
  if (rows.length === 0) return 'No passing test makes an outgoing call.\n';
  const lines: string[] = ['What callers see when an outgoing call fails:'];
  let before = '';
  for (const { suite, test, outgoing, cells } of rows) {
    const title = `${suite} > ${test}`;
    if (title !== before) lines.push('', title);
    before = title;
    lines.push(`  ${outgoing.kind} ${outgoing.line}`);
    for (const { failure, seen, longer, internal } of cells)
      lines.push(
        `    ${failure.padEnd(11)} ${seen}${longer > 0 ? ` after ${longer / 1000} s more` : ''}${internal ? '  <- error inside the gateway' : ''}`,
      );
  }
  const cells = rows.flatMap((row) => row.cells);
  const internal = cells.filter((cell) => cell.internal).length;
  return `${lines.join('\n')}\n\n${count(rows.length, 'outgoing call')}, ${count(cells.length, 'failure')}: ${internal} inside the gateway\n`;
}
