/** Writes the generated pages of docs/, and removes those that are generated no more. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GENERATED_FOLDERS, generatedPages } from './docs/pages.ts';

const pages = await generatedPages();
for (const [path, text] of pages) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
for (const folder of GENERATED_FOLDERS.filter(existsSync)) {
  for (const name of readdirSync(folder)) if (!pages.has(`${folder}/${name}`)) rmSync(join(folder, name));
}
process.stdout.write(`${pages.size} pages written\n`);
