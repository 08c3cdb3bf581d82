/** Finding things in a policy directory whatever its spelling: `named values`, `namedValues`, `named-values` are one folder. */
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { SourceFile } from '../source/source-file.ts';
import { span } from '../source/span.ts';
import { isSystemError, reasonOf } from '../source/system-error.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import { type Entry, type Environment, entryOf, type Report, readConfig } from './config-file.ts';
import * as faults from './faults.ts';
import type { Paced } from './paced.ts';
import { type OpenApiSpecification, openApiSpecification, ParsedFile } from './parsed-file.ts';

/** Largest file that is read: ten times the service's limit for documents and specifications. */
const LARGEST_FILE = 40 * 1024 * 1024;

/** By path. */
export type ParsedFiles = ReadonlyMap<string, ParsedFile>;

export class Files {
  readonly read: string[] = [];
  readonly report: Report;
  readonly environment: Environment;
  readonly #shownFrom: string;
  /** What the load before made of its files. */
  #before: ParsedFiles;
  /** What this one makes of them. */
  readonly #made = new Map<string, ParsedFile>();
  #errors = 0;
  #unread = 0;

  constructor(report: Report, environment: Environment, shownFrom: string, before: ParsedFiles = new Map()) {
    this.report = (problem) => {
      if (problem.severity === 'error') this.#errors += 1;
      report(problem);
    };
    this.environment = environment;
    this.#shownFrom = shownFrom;
    this.#before = before;
  }

  /** Something could not be read: what is missing then may be missing for that reason. */
  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** A file or a folder could not be read. */
  get hasUnread(): boolean {
    return this.#unread > 0;
  }

  /** Names shown in diagnostics are relative to where the user stands. */
  shown(path: string): string {
    const name = relative(this.#shownFrom, path);
    return name === '' ? basename(path) : name.startsWith('..') ? path : name;
  }

  /** All files of the directory of a file. */
  beside(path: string): string[] {
    return entriesOf(dirname(path)).map((name) => join(dirname(path), name));
  }

  text(path: string): string | undefined {
    this.read.push(path);
    try {
      const found = statSync(path);
      // A pipe would be waited for.
      if (!found.isFile() && !found.isDirectory()) return this.#unreadable(path, 'it is no file');
      if (found.size > LARGEST_FILE) return this.#unreadable(path, 'it is larger than 40 MiB');
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    } catch (error) {
      return this.#unreadable(path, error instanceof TypeError ? faults.NOT_UTF8 : reasonOf(error));
    }
  }

  /** Does it; a folder that must not be read ends it with a problem. What is thrown by anything else goes on. */
  *reading(path: string, work: Paced<void>): Paced<void> {
    try {
      yield* work;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      const place = typeof error.path === 'string' ? error.path : path;
      this.#unreadable(place, reasonOf(error), 'folder');
    }
  }

  config(path: string): Entry | undefined {
    const text = isThere(path) ? this.text(path) : undefined;
    return text === undefined ? undefined : readConfig(text, this.shown(path), this.report, this.environment);
  }

  /** A template, or its parameters; nobody changes its tree. */
  template(path: string): Entry | undefined {
    const parsed = this.#parsed(path);
    return parsed && entryOf(parsed.template(), this.report, this.environment);
  }

  /** One of many files of an export, whose tree nobody changes. */
  artifact(path: string): Entry | undefined {
    const parsed = this.#parsed(path);
    return parsed && entryOf(parsed.artifact(), this.report, this.environment, true);
  }

  openApi(path: string): OpenApiSpecification | undefined {
    const parsed = this.#parsed(path);
    return parsed && openApiSpecification(parsed.openApi(), this.report);
  }

  policy(path: string): PolicyDocument | undefined {
    const parsed = this.#parsed(path);
    if (!parsed) return undefined;
    const { document, problems } = parsed.policy();
    for (const problem of problems) this.report(problem);
    return document;
  }

  /** Taken over where the file was read before with the same text, under the same name. */
  #parsed(path: string): ParsedFile | undefined {
    const text = isThere(path) ? this.text(path) : undefined;
    if (text === undefined) return undefined;
    const name = this.shown(path);
    const known = this.#before.get(path);
    const isKnown = known !== undefined && known.file.text === text && known.file.name === name;
    const parsed = isKnown ? known : new ParsedFile(new SourceFile(name, text));
    this.#made.set(path, parsed);
    return parsed;
  }

  /** What was made of the files. Entries know their reader for as long as they live: it lets go of the load before. */
  finish(): ParsedFiles {
    this.#before = new Map();
    return this.#made;
  }

  #unreadable(path: string, reason: string, what?: 'folder'): undefined {
    this.#unread += 1;
    const file = new SourceFile(this.shown(path), '');
    this.report({ ...faults.unreadable(reason, what), severity: 'error', file, span: span(0) });
    return undefined;
  }
}

/** A link that leads nowhere is there, too: reading it is told. In a folder that must not be read nothing is, which is told of the folder. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

/** What a file begins with, in bytes, as a sign of its kind. Empty where there is nothing to read: whoever reads it all tells why. */
export function startOf(path: string, length: number): string {
  try {
    // A pipe would be waited for.
    if (!statSync(path).isFile()) return '';
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(length);
      return bytes.toString('utf8', 0, readSync(file, bytes, 0, length, 0));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (isSystemError(error)) return '';
    throw error;
  }
}

/** `Named Values`, `named-values` and `namedValues` alike. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

/** Names in a directory, in order; none where there is no directory. Throws the system's error for one that must not be read. */
export function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  }
}

/** Folders of a directory with their names, in order. */
export function foldersOf(directory: string | undefined): { readonly name: string; readonly path: string }[] {
  if (directory === undefined) return [];
  return entriesOf(directory)
    .map((name) => ({ name, path: join(directory, name) }))
    .filter(({ path }) => isDirectory(path));
}

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
