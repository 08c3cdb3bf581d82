/** `portico fmt`: policy documents, and the C# in them, in one layout. */
import { existsSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { isKnownPolicy } from '../policies/registry.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { SourceFile } from '../source/source-file.ts';
import { DEFAULT_STYLE, formatPolicy, type PolicyStyle } from '../workspace/format.ts';
import { readFile } from '../xml/reader.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import { count, EXIT, formatProblems, painter, UsageError } from './output.ts';
import { policyFilesIn, shownName, textOf } from './policy-files.ts';
import { type StdinOptions, standardInput, withStandardInput, withStdinFilename } from './standard-input.ts';

interface FmtOptions extends StdinOptions {
  readonly check?: boolean;
  readonly stdout?: boolean;
  readonly indent: string;
  readonly width: number;
}

export function register(program: Command): void {
  withStdinFilename(
    program
      .command('fmt [path...]')
      .description('lay out policy documents and the C# in them')
      .option('--check', 'write nothing; list the files whose layout differs, exit code 1 when there are any')
      .option('--stdout', 'print the result instead of writing files; so does `-` as path, which is standard input')
      .option('--indent <blanks>', 'blanks for one level, or `tab`', indentation, DEFAULT_STYLE.unit)
      .option('--width <columns>', 'start tags longer than this get one attribute a line', wholeNumber, DEFAULT_STYLE.width),
  )
    .addHelpText('after', '\nExit code: 0 done, or all laid out; 1 --check found differences; 2 a file that cannot be read, or wrong use.')
    .action((paths: string[], options: FmtOptions) => {
      const given = withStandardInput(paths, options);
      process.exitCode = format(given.length > 0 ? given : ['.'], options);
    });
}

function indentation(text: string): string {
  if (text === 'tab') return '\t';
  if (!/^[1-8]$/.test(text)) throw new InvalidArgumentError('write a number from 1 to 8, or `tab`.');
  return ' '.repeat(Number(text));
}

function wholeNumber(text: string): number {
  if (!/^\d{2,4}$/.test(text)) throw new InvalidArgumentError('write a number of columns from 10 to 9999.');
  return Number(text);
}

type Outcome =
  | { readonly kind: 'same' | 'changed'; readonly text: string }
  | { readonly kind: 'refused'; readonly problems: readonly Diagnostic[] };

function format(paths: readonly string[], asked: FmtOptions): number {
  // What comes in through standard input can only go out again.
  const options = paths.includes('-') ? { ...asked, stdout: true } : asked;
  const stdin = standardInput(paths, options);
  const style: PolicyStyle = { unit: options.indent, width: options.width };
  const results = paths
    .flatMap(filesOf)
    .map(({ path, asked }) => ({ path, outcome: formatFile(path === '-' && stdin ? stdin.file : fileAt(path), asked, style) }));
  const refused = results.flatMap(({ outcome }) => (outcome?.kind === 'refused' ? outcome.problems : []));
  let changed = 0;
  let documents = 0;
  let broken = 0;
  for (const { path, outcome } of results) {
    if (outcome === undefined) continue;
    documents += 1;
    if (outcome.kind === 'changed') changed += 1;
    if (outcome.kind === 'refused') broken += 1;
    else deliver(path, outcome, options);
  }
  if (documents === 0) throw new UsageError(`no policy document under ${paths.map((path) => `\`${path}\``).join(', ')}`);
  if (refused.length > 0) process.stderr.write(formatProblems('pretty', documents, refused, painter(process.stderr)));
  if (!options.stdout) process.stdout.write(`${count(documents, 'document')}: ${summary(changed, broken, options)}\n`);
  if (refused.length > 0) return EXIT.usage;
  return options.check && changed > 0 ? EXIT.problems : EXIT.clean;
}

function summary(changed: number, broken: number, { check }: FmtOptions): string {
  const left = broken > 0 ? `${broken} with errors left alone` : 'all laid out already';
  if (changed === 0) return left;
  return `${changed} ${check ? 'would change' : 'changed'}${broken > 0 ? `, ${left}` : ''}`;
}

function deliver(path: string, outcome: Exclude<Outcome, { kind: 'refused' }>, options: FmtOptions): void {
  if (options.stdout && !options.check) process.stdout.write(outcome.text);
  if (options.stdout || outcome.kind === 'same') return;
  if (!options.check && path !== '-') writeFileSync(path, outcome.text);
  process.stdout.write(`${shownName(path)}\n`);
}

/** `asked`: named by the user, so that a file that is no policy document is an error instead of none of our business. */
function filesOf(path: string): { readonly path: string; readonly asked: boolean }[] {
  if (path === '-') return [{ path, asked: true }];
  if (!existsSync(path)) throw new UsageError(`there is no file or directory \`${path}\``);
  if (!statSync(path).isDirectory()) return [{ path, asked: true }];
  return policyFilesIn(path)
    .filter((found) => !isLinked(path, found))
    .map((found) => ({ path: found, asked: false }));
}

/** Reached through a link: what it leads to has a name of its own here, or lies elsewhere and is not ours to write. */
function isLinked(directory: string, path: string): boolean {
  return !existsSync(path) || realpathSync(path) !== join(realpathSync(directory), relative(directory, path));
}

function fileAt(path: string): SourceFile {
  return new SourceFile(shownName(path), textOf(path));
}

function formatFile(file: SourceFile, asked: boolean, style: PolicyStyle): Outcome | undefined {
  const { document, problems } = readFile(file);
  if (!asked && !isPolicyDocument(document)) return undefined;
  if (problems.some(({ severity }) => severity === 'error')) return { kind: 'refused', problems };
  if (!isPolicyDocument(document))
    throw new UsageError(`\`${file.name}\` is no policy document: its root is \`${document.elements[0]?.name ?? ''}\``);
  const result = formatPolicy(document, style);
  return { kind: result === file.text ? 'same' : 'changed', text: result };
}

/** Policies, a fragment, sections or single policies; other XML that lies in the same folders is not ours. */
function isPolicyDocument(document: PolicyDocument): boolean {
  const [first] = document.elements;
  return first !== undefined && (document.kind !== 'bare' || isKnownPolicy(first.name));
}
