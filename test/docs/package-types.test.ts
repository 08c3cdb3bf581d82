/** The shipped declarations need nothing that a project which installs the package does not get with it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const { name: own, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
};

/** Modules that are imported, directly or by way of others, and come with nothing: those of Node need `@types/node`. */
function missingImports(entry: string, seen = new Set<string>()): string[] {
  if (seen.has(entry)) return [];
  seen.add(entry);
  return [...readFileSync(entry, 'utf8').matchAll(/(?:from |import\()'([^']+)'/g)].flatMap(([, name = '']) => {
    if (name.startsWith('.')) return missingImports(join(dirname(entry), name.replace(/\.ts$/, '.d.ts')), seen);
    return name === own || name in dependencies ? [] : [`${name} in ${entry}`];
  });
}

it.runIf(existsSync('dist/types')).each(['index', 'testing/index'])('%s', (name) => {
  expect(missingImports(`dist/types/${name}.d.ts`)).toEqual([]);
});
