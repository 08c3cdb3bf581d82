import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Gathering } from '../../src/gateway/workers-gather.ts';

test('a process alone asks itself', async () => {
  expect(await new Gathering((what) => `${what} of me`, false).ask('all')).toEqual(['all of me']);
});

test('a worker asks all, and questions do not mix', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'test/gateway/gathering-workers.ts']);
  const [first, second] = JSON.parse(stdout) as string[][];
  expect(first?.sort()).toEqual(['first of 1', 'first of 2', 'first of 3']);
  expect(second?.sort()).toEqual(['second of 1', 'second of 2', 'second of 3']);
});
