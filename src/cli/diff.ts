/** `portico diff A B`: what changes in effect between two states of a policy directory. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Diagnostic } from '../source/diagnostic.ts';
import { renderDiagnostic } from '../source/render.ts';
import { PolicyProblems } from '../testing/contract.ts';
import { type DiffResult, diffPolicies, type OperationDiff } from '../testing/diff/diff.ts';
import { readSuite, type Suite } from '../testing/suite.ts';
import { enclosingDirectory } from '../workspace/enclosing-directory.ts';
import { withEnvironment } from './open-directory.ts';
import { count, EXIT, formatProblems, painter, UsageError } from './output.ts';
import { shownName, textOf } from './policy-files.ts';
import { filesOf } from './test-files.ts';

interface DiffOptions {
  readonly format: 'pretty' | 'json';
  readonly requests: readonly string[];
  readonly env?: string;
}

export function register(program: Command): void {
  withEnvironment(
    program
      .command('diff <before> <after>')
      .description('list what changes in effect between two policy directories, smallest request first')
      .addOption(new Option('--format <format>', 'how differences are printed').choices(['pretty', 'json']).default('pretty'))
      .option('--requests <path>', 'send the requests of these *.test.yaml files, too; may be repeated', collect, []),
  )
    .addHelpText(
      'after',
      '\nA side is a directory, a document, or `REVISION:path` of Git.\nExit code: 0 no difference, 1 differences, 2 wrong use or policies with errors.',
    )
    .action(async (before: string, after: string, options: DiffOptions) => {
      process.exitCode = await diff(before, after, options);
    });
}

function collect(path: string, all: readonly string[]): string[] {
  return [...all, path];
}

async function diff(before: string, after: string, { format, requests, env }: DiffOptions): Promise<number> {
  const made: string[] = [];
  try {
    const result = await diffPolicies(
      sideOf(before, made),
      sideOf(after, made),
      requests.length > 0 ? filesOf(requests).map(suiteIn) : [],
      env,
    );
    process.stdout.write(format === 'json' ? `${JSON.stringify(result)}\n` : pretty(result));
    return result.operations.length > 0 ? EXIT.problems : EXIT.clean;
  } catch (error) {
    if (!(error instanceof PolicyProblems)) throw error;
    process.stderr.write(formatProblems('pretty', 1, error.problems, painter(process.stderr)));
    return EXIT.usage;
  } finally {
    for (const directory of made) rmSync(directory, { recursive: true, force: true });
  }
}

/** The tests of a file. @throws UsageError for one that cannot be read as tests. */
function suiteIn(file: string): Suite {
  const problems: Diagnostic[] = [];
  const suite = readSuite(textOf(file), shownName(file), resolve(file), (problem) => problems.push(problem));
  const wrong = problems.filter(({ severity }) => severity === 'error');
  if (wrong.length > 0) throw new UsageError(wrong.map((problem) => renderDiagnostic(problem)).join('\n\n'));
  return suite;
}

/** A path, or `REVISION:path`, which is taken out of Git into a folder of its own. */
function sideOf(side: string, made: string[]): string {
  if (existsSync(side)) return side;
  const [, revision, path] = /^([\w./~^@-]+):(.*)$/.exec(side) ?? [];
  if (revision === undefined || revision.startsWith('-')) throw new UsageError(`there is no file or directory \`${side}\``);
  // What a document mentions lies around it.
  const around = path ? relative(process.cwd(), enclosingDirectory(resolve(path)) ?? resolve(path)) : '';
  const taken = around.startsWith('..') ? path : around;
  const directory = mkdtempSync(join(tmpdir(), 'portico-diff-'));
  made.push(directory);
  const file = join(directory, 'tree.tar');
  try {
    execFileSync('git', ['archive', '--format=tar', `--output=${file}`, revision, ...(taken ? ['--', taken] : [])], { stdio: 'pipe' });
    execFileSync('tar', ['-xf', file, '-C', directory], { stdio: 'pipe' });
  } catch (error) {
    const said = String((error as { readonly stderr?: Buffer }).stderr ?? error).trim();
    throw new UsageError(`\`${side}\` cannot be taken out of Git: ${said.split('\n')[0] ?? ''}`);
  }
  rmSync(file);
  return join(directory, path ?? '');
}

function pretty({ operations, compared, requests, untried }: DiffResult): string {
  const changed = operations.filter(({ kind }) => kind === 'changed').length;
  const added = operations.length - changed;
  const summary = `${count(compared, 'operation')} compared with ${count(requests, 'request')}: ${changed} differ${added > 0 ? `, ${added} on one side only` : ''}`;
  const notTried = untried.map((line) => `not compared: ${line}\n`).join('');
  return `${operations.map(operationText).join('')}${summary}\n${notTried}`;
}

function operationText({ operation, kind, cases }: OperationDiff): string {
  if (kind !== 'changed') return `${operation}\n  ${kind}\n\n`;
  const texts = cases.map(({ request, with: parts, differences }) => {
    const lines = differences.map(({ what, before, after }) => `    ${what}: ${shown(before)} -> ${shown(after)}`);
    return `  ${request}${parts.length > 0 ? `   (${parts.join(', ')})` : ''}\n${lines.join('\n')}\n`;
  });
  return `${operation}\n${texts.join('\n')}\n`;
}

function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line === '' ? 'empty' : line.length > 100 ? `${line.slice(0, 97)}...` : line;
}
