import { describe, expect, test } from 'vitest';
import { durationInWords, quotaWindow } from '../../../src/policies/shared/llm/quota-period.ts';

describe('windows of token quotas begin at the UTC time cut to the unit', () => {
  const now = Date.parse('2026-02-11T13:47:21.5Z'); // a Wednesday
  test.each([
    ['Hourly', '2026-02-11T13:00:00Z', '2026-02-11T14:00:00Z'],
    ['Daily', '2026-02-11T00:00:00Z', '2026-02-12T00:00:00Z'],
    ['Weekly', '2026-02-09T00:00:00Z', '2026-02-16T00:00:00Z'],
    ['Monthly', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'],
    ['Yearly', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
  ])('%s', (period, start, end) => {
    expect(quotaWindow(period, now)).toEqual({ start: Date.parse(start), end: Date.parse(end) });
  });

  test('December ends with the year', () => {
    expect(quotaWindow('Monthly', Date.parse('2026-12-31T23:59:59Z')).end).toBe(Date.parse('2027-01-01T00:00:00Z'));
  });

  test('Indefinite never ends', () => {
    expect(quotaWindow('Indefinite', now).end).toBe(Number.POSITIVE_INFINITY);
  });
});

test.each([
  [1293, '21 minutes and 33 seconds'],
  [1, '1 second'],
  [3600, '1 hour'],
  [90_061, '1 day, 1 hour, 1 minute and 1 second'],
  [0, '0 seconds'],
])('%d seconds are %s', (seconds, words) => {
  expect(durationInWords(seconds)).toBe(words);
});
