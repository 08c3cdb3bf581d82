/** `portico routes`: the table of what the gateway answers. */
import { type Command, Option } from 'commander';
import { noPolicies } from '../workspace/faults.ts';
import { type RouteRow, routesOf } from '../workspace/routes.ts';
import { hasErrors, type OpenOptions, openDirectory, withEnvironment } from './open-directory.ts';
import { EXIT } from './output.ts';

interface RoutesOptions extends OpenOptions {
  readonly format: 'text' | 'json';
}

export function register(program: Command): void {
  withEnvironment(
    program
      .command('routes [directory]')
      .description('print every route with its API, operation, backend and scopes')
      .option('--any-member', "accept .NET members outside Azure's published list")
      .addOption(new Option('--format <format>', 'how it is printed').choices(['text', 'json']).default('text')),
  )
    .addHelpText('after', '\nExit code: 0 printed, 1 the directory has errors, 2 wrong use.')
    .action((directory: string | undefined, options: RoutesOptions) => {
      const engine = openDirectory(directory ?? '.', { ...options, assumesValues: true });
      // Of a directory that holds nothing there is no route to print, though the gateway would answer.
      const holdsNothing = engine.problems.some(({ code }) => code === noPolicies('').code);
      const rows = holdsNothing ? [] : routesOf(engine.workspace);
      process.stdout.write(options.format === 'json' ? `${JSON.stringify({ routes: rows }, undefined, 2)}\n` : table(rows));
      process.exitCode = hasErrors(engine) ? EXIT.problems : EXIT.clean;
    });
}

const HEADINGS = ['METHOD', 'PATH', 'API', 'OPERATION', 'VERSION', 'KEY', 'BACKEND', 'POLICIES'] as const;

function table(rows: readonly RouteRow[]): string {
  if (rows.length === 0) return '';
  const cells = [
    [...HEADINGS],
    ...rows.map((row) => [
      row.method,
      row.path,
      row.api,
      row.operation,
      versionText(row),
      row.subscriptionRequired ? 'required' : 'no',
      row.backend ?? '-',
      row.scopes.join(',') || '-',
    ]),
  ];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function versionText({ version, versionIn, revision, current }: RouteRow): string {
  const said =
    version === null || version === '' ? '' : versionIn === 'segment' || versionIn === null ? version : `${version} (${versionIn})`;
  return [said, current ? '' : `rev ${revision}`].filter(Boolean).join(' ') || '-';
}
