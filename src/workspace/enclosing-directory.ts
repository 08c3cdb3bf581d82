/** Apart from what reads directories: whoever checks a document that stands alone needs no more than this. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What tells a policy directory from other ones. */
const MARKS = ['portico.yaml', 'apis', 'named values'];

/** The policy directory that a file belongs to: the nearest one above that shows one of the marks. */
export function enclosingDirectory(path: string): string | undefined {
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    if (MARKS.some((name) => existsSync(join(directory, name)))) return directory;
    if (directory === dirname(directory)) return undefined;
  }
}
