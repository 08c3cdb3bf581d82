/** Generated pages are what the declarations say today; run `npm run docs` after a change. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GENERATED_FOLDERS, generatedPages } from '../../tools/docs/pages.ts';

const pages = await generatedPages();

describe('generated pages', () => {
  it('stand in docs/ as the declarations give them', () => {
    const differing = [...pages].filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text).map(([path]) => path);
    expect(differing, 'run `npm run docs`').toEqual([]);
  });

  it('leave no page behind that is generated no more', () => {
    const files = GENERATED_FOLDERS.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
    expect(
      files.filter((path) => !pages.has(path)),
      'run `npm run docs`',
    ).toEqual([]);
  });

  it('have names that differ in more than case', () => {
    expect(new Set([...pages.keys()].map((path) => path.toLowerCase())).size).toBe(pages.size);
  });

  it('come out the same twice', async () => {
    expect([...(await generatedPages())]).toEqual([...pages]);
  });
});

describe('the page of error codes', () => {
  const page = pages.get('docs/error-codes.md') ?? '';
  const documented = new Set([...page.matchAll(/<\/a>(PTC\d{4})/g)].map(([, code]) => code));

  it('has every code of the sources, and no other', () => {
    const texts = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join('src', name), 'utf8'));
    const used = new Set(texts.flatMap((text) => [...text.matchAll(/'(PTC\d{4})'/g)].map(([, code]) => code)));
    expect([...documented].sort()).toEqual([...used].sort());
  });

  it('shows sentences without holes', () => {
    expect(page).not.toMatch(/undefined|\[object|NaN/);
  });
});
