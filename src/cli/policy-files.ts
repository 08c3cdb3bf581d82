/** Finding policy documents on disk, for commands that take files and directories. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Diagnostic } from '../source/diagnostic.ts';
import { SourceFile } from '../source/source-file.ts';
import { reasonOf } from '../source/system-error.ts';
import { NOT_UTF8, unreadable } from '../workspace/faults.ts';
import { UsageError } from './output.ts';

/** The text of a file, byte order mark included. @throws UsageError when it cannot be read. */
export function textOf(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path === '-' ? 0 : path));
  } catch (error) {
    throw new UsageError(`\`${path}\` cannot be read: ${error instanceof TypeError ? NOT_UTF8 : reasonOf(error)}`);
  }
}

/** The file, or why it cannot be read: a document among many is no reason to leave out the others. */
export function sourceOf(path: string): { readonly file: SourceFile; readonly problems: readonly Diagnostic[] } {
  try {
    return { file: new SourceFile(shownName(path), textOf(path)), problems: [] };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const file = new SourceFile(shownName(path), '');
    const reason = error.message.slice(error.message.indexOf(': ') + 2);
    return { file, problems: [{ ...unreadable(reason), severity: 'error', file, span: { start: 0, end: 0 } }] };
  }
}

/** Relative to where the user stands, as long as it lies below. */
export function shownName(path: string): string {
  const name = relative(process.cwd(), resolve(path));
  return name.startsWith('..') ? path : name;
}

/** All XML files below a directory. */
export function policyFilesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.xml$/i.test(name) && !/(?:^|[/\\])(?:node_modules|\.git)[/\\]/.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/** A file that may hold many documents (an ARM template, Terraform), or is told how to become some (Bicep, API definitions). */
export function isTemplateFile(path: string): boolean {
  return /\.(?:json|ya?ml|wsdl|wadl|graphql|tf|bicep)$/i.test(path);
}
