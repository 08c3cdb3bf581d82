import { describe, expect, it } from 'vitest';
import { bind, placesOf } from './support.ts';

describe('permission', () => {
  it.each([
    ['context.Request.Secret', 'PTC3001@16'],
    ['context.Request.Method', ''],
    ['Hidden.Count()', 'PTC3000@0'],
    ['new Hidden()', 'PTC3000@4'],
    ['new List<Hidden>().Count', 'PTC3000@9'],
  ])('%s', (code, expected) => {
    expect(placesOf(code, false)).toBe(expected);
    expect(placesOf(code, true)).toBe('');
  });

  it('names the member', () => {
    const [fault] = bind('context.Request.Secret', false).faults;
    expect(fault?.message).toBe('`ITestRequest.Secret` is not among the members that API Management permits in policy expressions');
  });
});
