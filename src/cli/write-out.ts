/** Files that commands write. */
import { existsSync, lstatSync, mkdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { isSystemError } from '../source/system-error.ts';

/** Writes a file, with the directories that it stands in. */
export function writeOut(path: string, text: string): void {
  makeFolders(dirname(path));
  writeFileSync(path, text);
}

/** Whether links of the file system lead from a path below a directory to a place outside of it. */
export function leadsOut(directory: string, path: string): boolean {
  // A file in its place is the writing's to tell.
  if (!isFolder(directory)) return false;
  const root = realpathSync(directory);
  let at = resolve(path);
  while (!isThere(at)) at = dirname(at);
  // A link to what is not there would be followed by the writing, too.
  if (!existsSync(at)) return true;
  const real = realpathSync(at);
  return real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Below a file there is nothing. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOTDIR') return false;
    throw error;
  }
}

/** One by one: below folders such as /proc, which take none, `mkdirSync` with `recursive` never returns in Node 20. */
function makeFolders(path: string): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolders(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
