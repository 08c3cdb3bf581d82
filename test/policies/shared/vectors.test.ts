import { describe, expect, test } from 'vitest';
import { windowsOf } from '../../../src/policies/shared/llm/safety.ts';
import { cosineDistance, localEmbedding } from '../../../src/policies/shared/llm/vectors.ts';

describe('distance of vectors', () => {
  test.each([
    [[1, 0], [2, 0], 0],
    [[1, 0], [0, 3], 1],
    [[1, 0], [-1, 0], 2],
    [[1], [1, 0], Number.POSITIVE_INFINITY],
    [[], [], Number.POSITIVE_INFINITY],
    [[0, 0], [1, 0], Number.POSITIVE_INFINITY],
  ])('%j and %j', (a, b, distance) => {
    expect(cosineDistance(a, b)).toBeCloseTo(distance, 12);
  });
});

describe('the stand-in embedding', () => {
  const distance = (a: string, b: string) => cosineDistance(localEmbedding(a), localEmbedding(b));

  test('case and punctuation do not matter', () => {
    expect(distance('What is the capital of France?', 'what is the capital of france')).toBeCloseTo(0, 12);
  });

  test('nearly the same words are close, other words are not', () => {
    expect(distance('What is the capital of France?', 'what is the capital city of France')).toBeLessThan(0.2);
    expect(distance('What is the capital of France?', 'How do I bake bread at home')).toBeGreaterThan(0.6);
  });

  test('a text without words is close to nothing', () => {
    expect(distance('?!', '?!')).toBe(Number.POSITIVE_INFINITY);
  });
});

test.each([
  ['abcdefg', 4, 1, ['abcd', 'defg']],
  ['abcdefg', 3, 0, ['abc', 'def', 'g']],
  ['abc', 3, 0, ['abc']],
  ['', 3, 0, ['']],
  ['abcd', 3, 2, ['abc', 'bcd']],
])('windows of %j of %d sharing %d', (text, size, overlap, windows) => {
  expect(windowsOf(text, size, overlap)).toEqual(windows);
});
