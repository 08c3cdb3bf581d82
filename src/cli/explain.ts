/** `portico explain METHOD PATH`: the effective policy of an operation, each line with where it comes from. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { Url } from '../exchange/url.ts';
import { createNodeHost } from '../host/node.ts';
import type { CompiledStep } from '../policies/step.ts';
import { renderDiagnostic } from '../source/render.ts';
import { MemoryCache } from '../stores/cache.ts';
import { MemoryCounters } from '../stores/counters.ts';
import { createEngine } from '../workspace/engine.ts';
import { createExpressions } from '../workspace/expressions.ts';
import { loadWorkspace } from '../workspace/load.ts';
import type { Workspace } from '../workspace/model.ts';
import type { Match } from '../workspace/router.ts';
import { EXIT, painter, UsageError } from './output.ts';

interface ExplainOptions {
  readonly dir: string;
  readonly product?: string;
  readonly anyMember?: boolean;
}

export function register(program: Command): void {
  program
    .command('explain <method> <path>')
    .description('print the effective policy of an operation with the origin of every line')
    .option('--dir <directory>', 'policy directory', '.')
    .option('--product <id>', 'as it runs for callers of this product')
    .option('--any-member', "accept .NET members outside Azure's published list")
    .action((method: string, path: string, options: ExplainOptions) => explain(method, path, options));
}

function explain(method: string, path: string, options: ExplainOptions): void {
  if (!existsSync(options.dir)) throw new UsageError(`there is no directory \`${options.dir}\``);
  const url = Url.parse(/^https?:\/\//.test(path) ? path : `http://localhost${path.startsWith('/') ? '' : '/'}${path}`);
  if (!url) throw new UsageError(`\`${path}\` is no path`);
  const host = createNodeHost({ cache: new MemoryCache(Date.now), counters: new MemoryCounters(Date.now) });
  const workspace = loadWorkspace(options.dir, { environment: (name) => process.env[name] });
  checkProduct(workspace, options.product);
  const engine = createEngine(workspace, { host, expressions: createExpressions({ anyMember: options.anyMember ?? false }) });
  const paint = painter(process.stderr);
  for (const problem of engine.problems) if (problem.severity === 'error') process.stderr.write(`${renderDiagnostic(problem, paint)}\n\n`);
  const match = engine.router.match({ method: method.toUpperCase(), path: url.path, query: url.queryString, header: () => undefined });
  if (!match) {
    process.stdout.write(`${method.toUpperCase()} ${url.path} matches no operation: the caller gets 404, only the global on-error runs\n`);
    process.exitCode = EXIT.problems;
    return;
  }
  const policy = engine.policyFor(match.api, match.operation, options.product);
  process.stdout.write(heading(method, url, match));
  for (const [section, steps] of Object.entries(policy.sections)) process.stdout.write(sectionText(section, steps));
  if (engine.problems.some(({ severity }) => severity === 'error')) process.exitCode = EXIT.problems;
}

function checkProduct({ products }: Workspace, id: string | undefined): void {
  if (id === undefined || products.some(({ info }) => info.id === id)) return;
  throw new UsageError(`there is no product \`${id}\``);
}

function heading(method: string, url: Url, { api, operation, parameters, rest }: Match): string {
  const values = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const backend = api.info.serviceUrl ? `${api.info.serviceUrl.toString().replace(/\/$/, '')}${rest}` : 'none';
  return [
    `${method.toUpperCase()} ${url.path}`,
    `  API        ${api.info.id} (/${api.info.path})`,
    `  operation  ${operation.info.id} (${operation.info.method} ${operation.info.urlTemplate})${values.length > 0 ? ` ${values.join(', ')}` : ''}`,
    `  backend    ${backend}`,
    '',
  ].join('\n');
}

function sectionText(section: string, steps: readonly CompiledStep[]): string {
  const lines = steps.flatMap(({ info }) => {
    const from = info.file.positionAt(info.span.start);
    const text = info.file.text.slice(info.span.start, info.span.end).split(/\r?\n/);
    const origin = `${info.scope.padEnd(9)} ${info.file.name}`;
    return text.map(
      (line, at) =>
        `    ${(at === 0 ? line : line.replace(new RegExp(`^\\s{0,${from.column - 1}}`), '')).padEnd(72)}  ${origin}:${from.line + at}`,
    );
  });
  return `\n  ${section}\n${lines.length > 0 ? lines.join('\n') : '    (nothing)'}\n`;
}
