/** `portico routes`: the table of what the gateway answers. */
import { type Command, Option } from 'commander';
import type { Engine } from '../workspace/engine.ts';
import type { Workspace, WorkspaceApi, WorkspaceOperation } from '../workspace/model.ts';
import { fullPath } from '../workspace/near-misses.ts';
import { hasErrors, type OpenOptions, openDirectory, withEnvironment } from './open-directory.ts';
import { EXIT } from './output.ts';

interface RoutesOptions extends OpenOptions {
  readonly format: 'text' | 'json';
}

export interface RouteRow {
  readonly method: string;
  /** With version segment and `;rev=`. */
  readonly path: string;
  readonly api: string;
  readonly operation: string;
  readonly kind: string;
  readonly version: string | null;
  /** Where the version is said: a segment, or the name of a header or query parameter. */
  readonly versionIn: string | null;
  readonly revision: string;
  readonly current: boolean;
  readonly subscriptionRequired: boolean;
  readonly products: readonly string[];
  readonly backend: string | null;
  /** Scopes with a document of their own, widest first. */
  readonly scopes: readonly string[];
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
      const engine = openDirectory(directory ?? '.', options);
      const rows = routesOf(engine);
      process.stdout.write(options.format === 'json' ? `${JSON.stringify({ routes: rows }, undefined, 2)}\n` : table(rows));
      process.exitCode = hasErrors(engine) ? EXIT.problems : EXIT.clean;
    });
}

function routesOf({ workspace }: Engine): RouteRow[] {
  return workspace.apis
    .filter(({ isOffline }) => !isOffline)
    .flatMap((api) => api.operations.map((operation) => rowOf(workspace, api, operation)));
}

function rowOf(workspace: Workspace, api: WorkspaceApi, operation: WorkspaceOperation): RouteRow {
  const { info, versioning } = api;
  const products = workspace.products
    .filter(({ apiIds, space }) => apiIds.has(info.id) && space === api.space)
    .map((product) => product.info.id);
  return {
    method: operation.info.method,
    path: fullPath(api, operation.info.urlTemplate),
    api: info.id,
    operation: operation.info.id,
    kind: api.kind ?? 'http',
    version: info.version,
    versionIn:
      versioning && info.version
        ? versioning.scheme === 'Segment'
          ? 'segment'
          : `${versioning.scheme.toLowerCase()} ${versioning.name}`
        : null,
    revision: info.revision,
    current: info.isCurrentRevision,
    subscriptionRequired: api.subscriptionRequired,
    products,
    backend: operation.target?.toString() ?? api.backendId ?? info.serviceUrl?.toString() ?? null,
    scopes: [
      ...(workspace.globalPolicy ? ['global'] : []),
      ...(api.space?.policy ? ['workspace'] : []),
      ...(api.policy ? ['api'] : []),
      ...(operation.policy ? ['operation'] : []),
    ],
  };
}

const HEADINGS = ['METHOD', 'PATH', 'API', 'OPERATION', 'VERSION', 'KEY', 'BACKEND', 'POLICIES'] as const;

function table(rows: readonly RouteRow[]): string {
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
