/** `portico diff A B`: what changes in effect between two states of a policy directory. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { PolicyProblems } from '../testing/contract.ts';
import { type DiffResult, diffPolicies, type OperationDiff } from '../testing/diff/diff.ts';
import { count, EXIT, formatProblems, painter, UsageError } from './output.ts';

interface DiffOptions {
  readonly format: 'pretty' | 'json';
}

export function register(program: Command): void {
  program
    .command('diff <before> <after>')
    .description('list what changes in effect between two policy directories, smallest request first')
    .addOption(new Option('--format <format>', 'how differences are printed').choices(['pretty', 'json']).default('pretty'))
    .addHelpText(
      'after',
      '\nA side is a directory, a document, or `REVISION:path` of Git.\nExit code: 0 no difference, 1 differences, 2 wrong use or policies with errors.',
    )
    .action(async (before: string, after: string, options: DiffOptions) => {
      process.exitCode = await diff(before, after, options);
    });
}

async function diff(before: string, after: string, { format }: DiffOptions): Promise<number> {
  const made: string[] = [];
  try {
    const result = await diffPolicies(sideOf(before, made), sideOf(after, made));
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

/** A path, or `REVISION:path`, which is taken out of Git into a folder of its own. */
function sideOf(side: string, made: string[]): string {
  if (existsSync(side)) return side;
  const [, revision, path] = /^([\w./~^@-]+):(.*)$/.exec(side) ?? [];
  if (revision === undefined || revision.startsWith('-')) throw new UsageError(`there is no file or directory \`${side}\``);
  const directory = mkdtempSync(join(tmpdir(), 'portico-diff-'));
  made.push(directory);
  const file = join(directory, 'tree.tar');
  try {
    execFileSync('git', ['archive', '--format=tar', `--output=${file}`, revision, ...(path ? ['--', path] : [])], { stdio: 'pipe' });
    execFileSync('tar', ['-xf', file, '-C', directory], { stdio: 'pipe' });
  } catch (error) {
    const said = String((error as { readonly stderr?: Buffer }).stderr ?? error).trim();
    throw new UsageError(`\`${side}\` cannot be taken out of Git: ${said.split('\n')[0] ?? ''}`);
  }
  rmSync(file);
  return join(directory, path ?? '');
}

function pretty({ operations, compared, requests }: DiffResult): string {
  const changed = operations.filter(({ kind }) => kind === 'changed').length;
  const added = operations.length - changed;
  const summary = `${count(compared, 'operation')} compared with ${count(requests, 'request')}: ${changed} differ${added > 0 ? `, ${added} on one side only` : ''}`;
  return `${operations.map(operationText).join('')}${summary}\n`;
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
