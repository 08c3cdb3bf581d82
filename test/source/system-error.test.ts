import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isSystemError, messageOf, reasonOf } from '../../src/source/system-error.ts';

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('errors of the operating system', () => {
  it.each([
    ['a file that is not there', () => readFileSync('no/where'), '`no/where` cannot be opened: there is no such file or directory'],
    ['a directory that is not there', () => readdirSync('nowhere'), '`nowhere` cannot be read: there is no such file or directory'],
    ['a directory in place of a file', () => writeFileSync('src', ''), '`src` cannot be opened: it is a directory'],
    [
      'a file in the way',
      () => mkdirSync('package.json', { recursive: true }),
      '`package.json` cannot be made: a file of this name is in the way',
    ],
    ['a file as a folder', () => mkdirSync('package.json/a'), '`package.json/a` cannot be made: a part of the path is no directory'],
  ])('tell of %s', (_what, action, message) => {
    expect(messageOf(thrownBy(action))).toBe(message);
  });

  it('tell of a file that is too large for a text', () => {
    const tooLong = Object.assign(new Error('Cannot create a string longer than 0x1fffffe8 characters'), { code: 'ERR_STRING_TOO_LONG' });
    expect(reasonOf(tooLong)).toBe('it is larger than 512 MiB');
  });

  it('give the reason alone where the message names the file', () => {
    expect(reasonOf(thrownBy(() => readFileSync('nowhere')))).toBe('there is no such file or directory');
  });

  it('keep their message where they are not known', () => {
    const odd = Object.assign(new Error('EODD: odd, open x'), { code: 'EODD', syscall: 'open' });
    expect([isSystemError(odd), messageOf(odd)]).toEqual([true, 'EODD: odd, open x']);
  });

  it.each([new TypeError('wrong'), 'text'])('leave other errors alone: %s', (error) => {
    expect([isSystemError(error), messageOf(error)]).toEqual([false, error instanceof Error ? 'wrong' : 'text']);
  });
});
