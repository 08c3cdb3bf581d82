import { describe, expect, it } from 'vitest';
import { directoryWith, portico } from './support.ts';

describe('portico routes', () => {
  it.each([
    ['text', ''],
    ['json', '{\n  "routes": []\n}\n'],
  ])('prints no route of a directory that holds nothing, as %s', async (format, expected) => {
    const directory = directoryWith({ 'notes.txt': 'nothing here' });
    const { code, out, err } = await portico(['routes', '--format', format], { cwd: directory.path });
    directory.remove();
    expect([code, out]).toEqual([1, expected]);
    expect(err).toContain('PTC5009');
  });

  it('prints those of a directory with other errors', async () => {
    const directory = directoryWith({ 'policy.xml': '<policies><inbound><nothing /></inbound></policies>' });
    const { code, out } = await portico(['routes'], { cwd: directory.path });
    directory.remove();
    expect(code).toBe(1);
    expect(out).toMatch(/^METHOD.*\nGET .*\/\*/);
  });
});
