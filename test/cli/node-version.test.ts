import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tooOldNode } from '../../src/cli/node-version.ts';

describe('the version of Node', () => {
  it.each([['16.20.2'], ['18.20.8'], ['20.9.0'], ['20.18.0']])('%s is too old', (version) => {
    expect(tooOldNode(version)).toBe(`Node ${version} is too old: install version 20.18.1 or newer`);
  });

  it.each([['20.18.1'], ['20.20.2'], ['22.0.0'], ['24.21.0'], ['25.0.0-nightly2026']])('%s will do', (version) => {
    expect(tooOldNode(version)).toBeUndefined();
  });

  it('is that of package.json', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
    expect(tooOldNode('1.0.0')).toContain(` ${engines.node.replace('>=', '')} or newer`);
  });
});
