import { describe, expect, test } from 'vitest';
import { loadTokenizer, piecesOf } from '../../src/host/node-tokenizer.ts';
import { countTokens, UsageReading } from '../../src/policies/shared/llm/usage.ts';
import { testHost } from '../support/hosts.ts';

describe('pieces', () => {
  test.each(['', 'short', 'word '.repeat(300), 'x'.repeat(1000), `${'x'.repeat(300)} and ${'y'.repeat(300)}`, ' '.repeat(700)])(
    'are the text: %#',
    (text) => {
      const pieces = piecesOf(text);
      expect(pieces.join('')).toBe(text);
      expect(Math.max(0, ...pieces.map(({ length }) => length))).toBeLessThanOrEqual(256);
    },
  );

  test('end in front of a space where there is one', () => {
    expect(piecesOf('word '.repeat(60)).at(1)).toMatch(/^ word/);
  });
});

describe('tokens', () => {
  test.each([
    ['o200k_base', 'hello world, how are you?', 7],
    ['cl100k_base', 'hello world, how are you?', 7],
    ['o200k_base', '', 0],
    ['o200k_base', 'The quick brown fox.'.concat(' The quick brown fox.'.repeat(99)), 500],
  ] as const)('%s', async (encoding, text, tokens) => {
    expect((await loadTokenizer(encoding))(text)).toBe(tokens);
  });

  test('names of special tokens are text', async () => {
    expect((await loadTokenizer('o200k_base'))('<|endoftext|>')).toBeGreaterThan(1);
  });

  test('a text without spaces takes time in proportion to its length', async () => {
    const count = await loadTokenizer('o200k_base');
    const began = performance.now();
    expect(count('é'.repeat(50_000))).toBe(50_000);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('what a policy counts', () => {
  const counting = { ...testHost(), countTokens: (text: string) => text.split(' ').length };

  test('the tokenizer wins over the estimate, but for very long texts', () => {
    expect(countTokens('one two three', counting)).toBe(3);
    expect(countTokens('one two three', testHost())).toBe(4);
    expect(countTokens('x'.repeat(1024 * 1024), counting)).toBe(256 * 1024);
  });

  test('a completion without usage is counted piece by piece', () => {
    const reading = new UsageReading(counting);
    for (const content of ['a b', 'c']) reading.take({ choices: [{ delta: { content } }] });
    expect(reading.result(() => 5, true)).toEqual({ prompt: 5, completion: 3, total: 8 });
  });
});
