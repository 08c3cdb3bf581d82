/** Files that commands write. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file, with the directories that it stands in. */
export function writeOut(path: string, text: string): void {
  makeFolders(dirname(path));
  writeFileSync(path, text);
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
