import { describe, expect, it } from 'vitest';
import { lineDiff } from '../../src/testing/line-diff.ts';

describe('a diff of lines', () => {
  it('marks what differs, with two equal lines around it', () => {
    expect(lineDiff('a\nb\nc\nd\ne\nf\ng', 'a\nb\nc\nd\ne\nx\ng')).toEqual([
      [' ', '  …'],
      [' ', '  d'],
      [' ', '  e'],
      ['-', 'f'],
      ['+', 'x'],
      [' ', '  g'],
    ]);
  });

  it('is not made of texts whose comparison would take too long', () => {
    const long = '\n'.repeat(2000);
    expect(lineDiff(long, `${long}x`)).toBeUndefined();
  });
});
