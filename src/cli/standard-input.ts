/** `-`: a policy document on standard input, under the name of the file that it stands for. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { SourceFile } from '../source/source-file.ts';
import { enclosingDirectory } from '../workspace/enclosing-directory.ts';
import { UsageError } from './output.ts';
import { isTemplateFile, shownName, textOf } from './policy-files.ts';

export interface StdinOptions {
  readonly stdinFilename?: string;
  readonly stdinFilepath?: string;
}

export interface StandardInput {
  readonly file: SourceFile;
  /** Absolute; undefined when it stands for no file. */
  readonly path: string | undefined;
}

/** `--stdin-filename`, and the name that other formatters have for it. */
export function withStdinFilename(command: Command): Command {
  return command
    .option(
      '--stdin-filename <path>',
      'the file that `-`, standard input, stands for: its name in messages, its directory for what it mentions',
    )
    .addOption(new Option('--stdin-filepath <path>').hideHelp());
}

/** Who names the file of standard input need not say `-`; nobody but `-` has one. */
export function withStandardInput(paths: readonly string[], options: StdinOptions): readonly string[] {
  if (filenameIn(options) === undefined) return paths;
  if (paths.length === 0) return ['-'];
  if (!paths.includes('-')) throw new UsageError('--stdin-filename goes with `-`, which is standard input');
  return paths;
}

function filenameIn({ stdinFilename, stdinFilepath }: StdinOptions): string | undefined {
  return stdinFilename ?? stdinFilepath;
}

/** Reads standard input to its end, where `-` is among the paths. @throws UsageError for what is no UTF-8 text. */
export function standardInput(paths: readonly string[], options: StdinOptions): StandardInput | undefined {
  if (!paths.includes('-')) return undefined;
  const name = filenameIn(options);
  if (name !== undefined && isTemplateFile(name)) throw new UsageError('standard input is a policy document, not a template');
  return { file: new SourceFile(name === undefined ? '<stdin>' : shownName(name), textOf('-')), path: name && resolve(name) };
}

/** The policy directory around the file that standard input stands for. */
export function directoryAround({ path }: StandardInput): string | undefined {
  return path === undefined ? undefined : enclosingDirectory(path);
}
