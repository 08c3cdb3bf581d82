/** Files that have no part in a workspace, for those who ask what was passed over. */
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Diagnostic } from '../source/diagnostic.ts';
import { SourceFile } from '../source/source-file.ts';
import { span } from '../source/span.ts';
import { isDirectory } from './files.ts';
import * as faults from './layouts/faults.ts';
import type { Workspace } from './model.ts';

/** Most files that are named. */
const MOST_FILES = 10_000;

/** Files below a directory that nothing was read from: `--verbose` names them, so that nothing is skipped unseen. */
export function unreadFiles({ root, files }: Workspace, shown: (path: string) => string): Diagnostic[] {
  if (!isDirectory(root)) return [];
  const known = new Set(files);
  return filesBelow(root, known)
    .sort()
    .map((path) => ({
      ...faults.unusedFile(relative(root, path).replaceAll(sep, '/')),
      severity: 'info',
      file: new SourceFile(shown(path), ''),
      span: span(0),
    }));
}

/** Links to folders are not followed: they may lead out of the directory, or round. */
function filesBelow(root: string, known: ReadonlySet<string>): string[] {
  const found: string[] = [];
  const open = [root];
  for (let directory = open.pop(); directory !== undefined && found.length < MOST_FILES; directory = open.pop()) {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) open.push(path);
      else if (!known.has(path) && !isDirectory(path) && !/\.test\.ya?ml$/i.test(entry.name)) found.push(path);
    }
  }
  return found.slice(0, MOST_FILES);
}
