/** `portico test --coverage`: what the tests reached, in the formats asked for. */
import { join } from 'node:path';
import type { Coverage } from '../testing/coverage/coverage.ts';
import type { CoveredFile } from '../testing/coverage/coverage-map.ts';
import { coverageData, htmlReport, jsonReport, lcovReport, textReport } from '../testing/coverage/coverage-reports.ts';
import { percent, summaryOf, total } from '../testing/coverage/coverage-summary.ts';
import { EXIT } from './output.ts';
import type { Findings } from './test-counts.ts';
import type { CoverageReporterName, TestOptions } from './test-options.ts';
import { writeOut } from './write-out.ts';

const FILES: Readonly<
  Record<Exclude<CoverageReporterName, 'text'>, readonly [name: string, report: (files: readonly CoveredFile[]) => string]>
> = {
  lcov: ['lcov.info', lcovReport],
  html: ['index.html', htmlReport],
  json: ['coverage.json', jsonReport],
};

/** Gives the exit code: 1 below the threshold. */
export function reportCoverage(coverage: Coverage, options: TestOptions, note: (text: string) => void, findings: Findings): number {
  const files = coverage.files();
  findings.coverage = coverageData(files);
  for (const name of new Set<CoverageReporterName>(options.coverageReporter ?? ['text'])) {
    if (name === 'text') {
      note(`\n${textReport(files)}`);
      continue;
    }
    const [file, report] = FILES[name];
    const path = join(options.coverageDir, file);
    writeOut(path, report(files));
    note(`coverage written to ${path}\n`);
  }
  return belowThreshold(files, options.threshold, note) ? EXIT.problems : EXIT.clean;
}

function belowThreshold(files: readonly CoveredFile[], threshold: number | undefined, note: (text: string) => void): boolean {
  if (threshold === undefined) return false;
  const all = total(files.map(summaryOf));
  const low = (['lines', 'branches'] as const).filter((name) => percent(all[name]) < threshold);
  for (const name of low) note(`coverage of ${name} is ${percent(all[name])}%, below the threshold of ${threshold}%\n`);
  return low.length > 0;
}
