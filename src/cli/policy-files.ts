/** Finding policy documents on disk, for commands that take files and directories. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { UsageError } from './output.ts';

/** The text of a file, byte order mark included. @throws UsageError when it cannot be read. */
export function textOf(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path === '-' ? 0 : path));
  } catch (error) {
    throw new UsageError(`\`${path}\` cannot be read: ${error instanceof TypeError ? 'it is not UTF-8 text' : String(error)}`);
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
