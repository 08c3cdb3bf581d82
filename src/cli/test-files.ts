/** Which files `portico test` runs. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from './output.ts';

/** Test files under the paths, each once however it is named. */
export function filesOf(paths: readonly string[]): string[] {
  const files = [...new Map(paths.flatMap(testFiles).map((file) => [resolve(file), file])).values()];
  if (files.length === 0) throw new UsageError(`no file named *.test.yaml under ${paths.join(', ')}`);
  return files;
}

function testFiles(path: string): string[] {
  if (!existsSync(path)) throw new UsageError(`there is no file or directory \`${path}\``);
  if (statSync(path).isFile()) {
    if (!/\.(?:ya?ml|json)$/i.test(path)) throw new UsageError(`\`${path}\` is no test file: tests stand in files named *.test.yaml`);
    return [path];
  }
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.ya?ml$/i.test(name) && !/(?:^|[/\\])node_modules[/\\]/.test(name))
    .sort()
    .map((name) => join(path, name));
}
