/** The shipped declarations stand alone: a project needs no other package's types to compile against them. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

/** Modules that are imported, directly or by way of others, and are not the package's own. */
function foreignImports(entry: string, seen = new Set<string>()): string[] {
  if (seen.has(entry)) return [];
  seen.add(entry);
  return [...readFileSync(entry, 'utf8').matchAll(/(?:from |import\()'([^']+)'/g)].flatMap(([, name = '']) =>
    name.startsWith('.') ? foreignImports(join(dirname(entry), name.replace(/\.ts$/, '.d.ts')), seen) : [`${name} in ${entry}`],
  );
}

it.runIf(existsSync('dist/types')).each(['index', 'testing/index'])('%s', (name) => {
  expect(foreignImports(`dist/types/${name}.d.ts`)).toEqual([]);
});
