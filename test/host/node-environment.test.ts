import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { environmentVariable } from '../../src/host/node-environment.ts';
import type { Diagnostic } from '../../src/source/diagnostic.ts';
import { readConfig } from '../../src/workspace/config-file.ts';
import { directoryWith } from '../cli/support.ts';

const directory = directoryWith({ key: 's3cret\n', two: 'a\nb\r\n', blank: ' x ' });
afterAll(() => directory.remove());

const file = (name: string) => join(directory.path, name);

describe('variables', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['stand in the environment', { KEY: 'a' }, 'a'],
    ['win over files', { KEY: 'a', KEY_FILE: file('key') }, 'a'],
    ['may be empty', { KEY: '', KEY_FILE: file('key') }, ''],
    ['stand in a file', { KEY_FILE: file('key') }, 's3cret'],
    ['lose the last line end alone', { KEY_FILE: file('two') }, 'a\nb'],
    ['keep blanks', { KEY_FILE: file('blank') }, ' x '],
    ['are not there', { KEY_FILE: '' }, undefined],
  ])('%s', (_what, variables, value) => {
    expect(environmentVariable('KEY', variables)).toBe(value);
  });

  it('whose file cannot be read are told where they are used', () => {
    const problems: Diagnostic[] = [];
    const root = readConfig(
      'key: ${env:KEY:-default}',
      'portico.yaml',
      (problem) => problems.push(problem),
      (name) => environmentVariable(name, { KEY_FILE: '/nowhere/key' }),
    );
    root.get('key').text();
    expect(problems.map(({ code, message, span }) => [code, message, span.start])).toEqual([
      ['PTC5001', 'the file of `KEY` cannot be read: `/nowhere/key` cannot be opened: there is no such file or directory', 5],
    ]);
  });
});
