import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextSet } from '../../src/gateway/text-set.ts';

describe('a set of texts', () => {
  it.each([
    ['nothing to find', [], 'abc', 'abc'],
    ['one', ['secret'], 'a secret here', 'a * here'],
    ['the longest of those that begin alike', ['secret', 'secretive', 'sec'], 'secretive secretly security', '* *ly *urity'],
    ['those that stand side by side', ['abc', 'longer-text'], 'abclonger-textabc', '***'],
    ['at the end, and cut off', ['longer-text', 'xyz'], 'longer-tex xyz xy', 'longer-tex * xy'],
    ['the earlier of two that overlap', ['abcdefgh', 'efghijkl'], 'abcdefghijkl', '*ijkl'],
    ['nothing short', ['ab', ''], 'abab', 'abab'],
    ['other alphabets', ['пароль', '🎉🎉'], 'мой пароль 🎉🎉!', 'мой * *!'],
  ])('finds %s', (_name, texts, text, expected) => expect(new TextSet(texts).replace(text, '*')).toBe(expected));

  it('finds what a pattern of all of them finds', () => {
    const word = fc.string({ minLength: 3, maxLength: 12, unit: fc.constantFrom('a', 'b', 'c', '.', '*') });
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 8 }),
        fc.string({ maxLength: 60, unit: fc.constantFrom('a', 'b', 'c', '.', '*') }),
        (texts, text) => {
          const longest = [...texts].sort((a, b) => b.length - a.length).map((one) => one.replace(/[.*]/g, '\\$&'));
          expect(new TextSet(texts).replace(text, '#')).toBe(text.replace(new RegExp(longest.join('|'), 'g'), '#'));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('does not take longer with their number', () => {
    const texts = (count: number) => Array.from({ length: count }, (_, at) => `key-${(at * 2654435761) % 4294967296}-${at}`);
    const text = 'GET https://gateway.example.org/orders/7?key-1=2 and key-17 of some more words that are looked at'.repeat(20);
    const time = (set: TextSet) => {
      const began = performance.now();
      for (let round = 0; round < 40; round += 1) set.replace(text, '*');
      return performance.now() - began;
    };
    const [few, many] = [new TextSet(texts(50)), new TextSet(texts(50_000))];
    time(few);
    expect(Math.min(time(many), time(many))).toBeLessThan(20 * Math.max(time(few), 1));
  });
});
