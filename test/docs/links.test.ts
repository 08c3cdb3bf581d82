/** Links between the pages lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PAGES = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...['docs', 'samples'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  ),
];

/** Headings as GitHub makes anchors of them. */
function anchorsOf(page: string): Set<string> {
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title ?? '');
  const slug = (title: string) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-');
  return new Set([...headings.map(slug), ...[...page.matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id ?? '')]);
}

function brokenLinks(path: string): string[] {
  const text = readFileSync(path, 'utf8').replace(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = '', anchor] = target.split('#');
      const page = file === '' ? path : join(dirname(path), decodeURIComponent(file));
      if (!existsSync(page)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(page, 'utf8')).has(anchor);
    });
}

describe('links', () => {
  it('of all pages lead to files and headings that are there', () => {
    const broken = PAGES.flatMap((path) => brokenLinks(path).map((target) => `${path} -> ${target}`));
    expect(broken).toEqual([]);
  });

  it('are looked for in many pages', () => {
    expect(PAGES.length).toBeGreaterThan(300);
  });
});
