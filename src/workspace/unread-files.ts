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
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/(?:^|[/\\])(?:node_modules|\.[^/\\]+)(?:[/\\]|$)/.test(name) && !/\.test\.ya?ml$/i.test(name))
    .map((name) => join(root, name))
    .filter((path) => !known.has(path) && !isDirectory(path))
    .slice(0, MOST_FILES)
    .sort()
    .map((path) => ({
      ...faults.unusedFile(relative(root, path).replaceAll(sep, '/')),
      severity: 'info',
      file: new SourceFile(shown(path), ''),
      span: span(0),
    }));
}
