/** `portico import SOURCE --out DIR`: any layout, template or API definition as a policy directory in the native layout. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { environmentVariable } from '../host/node-environment.ts';
import { inDocumentOrder } from '../source/diagnostic.ts';
import { renderDiagnostic } from '../source/render.ts';
import { importSource, isDefinition } from '../workspace/import-source.ts';
import { type NativeFile, nativeFiles } from '../workspace/native.ts';
import { count, EXIT, painter, UsageError } from './output.ts';
import { leadsOut, writeOut } from './write-out.ts';

interface ImportCommandOptions {
  readonly out: string;
  readonly name?: string;
  readonly path?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export function register(program: Command): void {
  program
    .command('import <source>')
    .description(
      'turn an exported folder, an ARM template, Terraform files, an OpenAPI, WSDL, WADL or GraphQL file into a policy directory',
    )
    .requiredOption('--out <directory>', 'where the files go')
    .option('--name <name>', 'name of the API that an API definition becomes (default: its title)')
    .option('--path <path>', 'path of that API (default: its name)')
    .option('--force', 'overwrite files that say something else')
    .option('--dry-run', 'print what would be written, and write nothing')
    .addHelpText('after', '\nExit code: 0 written, 1 the source has errors or files are in the way, 2 wrong use.')
    .action((source: string, options: ImportCommandOptions) => {
      process.exitCode = runImport(source, options);
    });
}

function runImport(source: string, options: ImportCommandOptions): number {
  if (!existsSync(source)) throw new UsageError(`there is no file or directory \`${source}\``);
  if (options.name !== undefined && !/^[\w.;=-]+$/.test(options.name)) throw new UsageError(`\`${options.name}\` is no name of an API`);
  const unused = isDefinition(resolve(source)) ? undefined : options.name !== undefined ? '--name' : options.path !== undefined && '--path';
  if (unused) throw new UsageError(`${unused} goes with an API definition, which \`${source}\` is not`);
  const { root, problems } = importSource(resolve(source), {
    ...options,
    environment: (name) => environmentVariable(name),
    shownFrom: process.cwd(),
  });
  const paint = painter(process.stderr);
  for (const problem of inDocumentOrder(problems)) {
    if (problem.severity !== 'info') process.stderr.write(`${renderDiagnostic(problem, paint)}\n\n`);
  }
  const { files, secrets, badNames } = nativeFiles(root);
  for (const name of badNames) process.stderr.write(`\`${name}\` is no name for a folder\n`);
  if (badNames.length > 0 || problems.some(({ severity }) => severity === 'error')) {
    process.stderr.write('nothing is written: correct the source first\n');
    return EXIT.problems;
  }
  for (const name of secrets)
    process.stderr.write(`the value of secret \`${name}\` is not written: give it under \`named-values\` in portico.yaml\n`);
  return write(files, options);
}

type State = 'new' | 'same' | 'other';

function write(files: readonly NativeFile[], { out, force = false, dryRun = false }: ImportCommandOptions): number {
  const outside = files.filter((file) => leadsOut(out, join(out, file.path)));
  if (outside.length > 0) {
    for (const file of outside) process.stderr.write(`a link leads out of \`${out}\`: ${shown(out, file)}\n`);
    process.stderr.write('nothing is written: remove the link, or write elsewhere\n');
    return EXIT.problems;
  }
  const states = files.map((file) => ({ file, state: stateOf(join(out, file.path), file.text) }));
  const inTheWay = states.filter(({ state }) => state === 'other');
  if (inTheWay.length > 0 && !force) {
    for (const { file } of inTheWay) process.stderr.write(`in the way: ${shown(out, file)}\n`);
    process.stderr.write(`nothing is written: ${count(inTheWay.length, 'file')} would change (--force overwrites)\n`);
    return EXIT.problems;
  }
  for (const { file, state } of states) {
    if (state !== 'same' && !dryRun) writeOut(join(out, file.path), file.text);
    process.stdout.write(`${state === 'same' ? 'unchanged' : dryRun ? 'would write' : 'wrote'} ${shown(out, file)}\n`);
  }
  const written = states.filter(({ state }) => state !== 'same').length;
  process.stdout.write(`${count(written, 'file')} ${dryRun ? 'to write' : 'written'}, ${states.length - written} unchanged\n`);
  return EXIT.clean;
}

function stateOf(path: string, text: string): State {
  if (!existsSync(path)) return 'new';
  return readFileSync(path, 'utf8') === text ? 'same' : 'other';
}

function shown(out: string, { path }: NativeFile): string {
  return relative(process.cwd(), resolve(out, path)) || path;
}
