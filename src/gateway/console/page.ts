/** The page: one file beside the program, made by `npm run build`. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** From a chunk of the build, from the program itself, from the sources. */
const PLACES = ['../console.html', './console.html', '../../../dist/console.html'] as const;

/** Stands in the page where the nonce of an answer belongs. */
const NONCE = '__PORTICO_NONCE__';

export function findPage(): string | undefined {
  return PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) => existsSync(path));
}

/** The page with the nonce that its answer's policy names. */
export function pageText(path: string, nonce: string): string {
  return readFileSync(path, 'utf8').replaceAll(NONCE, nonce);
}
