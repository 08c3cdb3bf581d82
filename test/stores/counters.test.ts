import { expect, test } from 'vitest';
import { MemoryCounters } from '../../src/stores/counters.ts';

function clocked() {
  let now = 1_000_000;
  const counters = new MemoryCounters(() => now);
  const pass = (seconds: number) => {
    now += seconds * 1000;
  };
  return { counters, pass };
}

test('a surplus is carried into the windows that follow', () => {
  const { counters, pass } = clocked();
  counters.carry('k', 25, 10, 60);
  expect(counters.carry('k', 0, 10, 60, 1)).toEqual({ allowed: false, used: 25, remaining: 0, retryAfterSeconds: 120 });
  pass(31);
  expect(counters.carry('k', 0, 10, 60, 1).retryAfterSeconds).toBe(89);
  pass(29);
  expect(counters.carry('k', 0, 10, 60, 1)).toMatchObject({ allowed: false, used: 15, retryAfterSeconds: 60 });
  pass(60);
  expect(counters.carry('k', 3, 10, 60, 3)).toEqual({ allowed: true, used: 8, remaining: 2, retryAfterSeconds: 0 });
});

test('the captured sequence: 59 and 55 of 100, refused with 29 seconds left, free a minute after the first', () => {
  const { counters, pass } = clocked();
  counters.carry('k', 59, 100, 60);
  pass(10);
  expect(counters.carry('k', 0, 100, 60, 1).allowed).toBe(true);
  counters.carry('k', 55, 100, 60);
  pass(21);
  expect(counters.carry('k', 0, 100, 60, 1)).toMatchObject({ allowed: false, retryAfterSeconds: 29 });
  pass(29);
  expect(counters.carry('k', 0, 100, 60, 1)).toMatchObject({ allowed: true, used: 14 });
});

test('a window that ended without a surplus begins with the next call', () => {
  const { counters, pass } = clocked();
  counters.carry('k', 5, 10, 60);
  pass(90);
  counters.carry('k', 10, 10, 60);
  pass(30);
  expect(counters.carry('k', 0, 10, 60, 1)).toMatchObject({ allowed: false, retryAfterSeconds: 30 });
});

test('what will never fit is refused for ever and adds nothing', () => {
  const { counters } = clocked();
  expect(counters.carry('k', 11, 10, 60, 11)).toEqual({
    allowed: false,
    used: 0,
    remaining: 10,
    retryAfterSeconds: Number.POSITIVE_INFINITY,
  });
});

test('giving back never goes below nothing', () => {
  const { counters } = clocked();
  counters.carry('k', 3, 10, 60);
  expect(counters.carry('k', -5, 10, 60).used).toBe(0);
});
