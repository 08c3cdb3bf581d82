/** Files that commands write. */
import { existsSync, lstatSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';

/** Writes a file, with the directories that it stands in. */
export function writeOut(path: string, text: string): void {
  makeFolders(dirname(path));
  writeFileSync(path, text);
}

/** Whether links of the file system lead from a path below a directory to a place outside of it. */
export function leadsOut(directory: string, path: string): boolean {
  if (!existsSync(directory)) return false;
  const root = realpathSync(directory);
  let at = resolve(path);
  while (!lstatSync(at, { throwIfNoEntry: false })) at = dirname(at);
  // A link to what is not there would be followed by the writing, too.
  if (!existsSync(at)) return true;
  const real = realpathSync(at);
  return real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** One by one: below folders such as /proc, which take none, `mkdirSync` with `recursive` never returns in Node 20. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolders(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw error;
  }
}
