import { describe, expect, test } from 'vitest';
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

describe('sliding windows', () => {
  test('a count leaves a whole window after it came', () => {
    const { counters, pass } = clocked();
    expect(counters.take('k', 1, 2, 60, 'sliding')).toEqual({ allowed: true, used: 1, remaining: 1, retryAfterSeconds: 0 });
    pass(20);
    counters.take('k', 1, 2, 60, 'sliding');
    pass(10);
    expect(counters.take('k', 1, 2, 60, 'sliding')).toEqual({ allowed: false, used: 2, remaining: 0, retryAfterSeconds: 30 });
    pass(30);
    expect(counters.take('k', 1, 2, 60, 'sliding')).toMatchObject({ allowed: true, used: 2 });
    expect(counters.take('k', 1, 2, 60, 'sliding')).toMatchObject({ allowed: false, retryAfterSeconds: 20 });
  });

  test('more than one at a time waits for as many as it needs', () => {
    const { counters, pass } = clocked();
    for (let at = 0; at < 5; at += 1) {
      counters.take('k', 1, 5, 60, 'sliding');
      pass(5);
    }
    expect(counters.take('k', 3, 5, 60, 'sliding')).toMatchObject({ allowed: false, retryAfterSeconds: 45 });
    expect(counters.take('k', 6, 5, 60, 'sliding')).toMatchObject({ allowed: false, retryAfterSeconds: 60 });
  });

  test('adding passes the limit, peeking adds nothing', () => {
    const { counters, pass } = clocked();
    counters.add('k', 7, 60, 'sliding');
    expect(counters.peek('k', 5, 60, 'sliding')).toMatchObject({ allowed: false, used: 7, remaining: 0, retryAfterSeconds: 60 });
    pass(60);
    expect(counters.peek('k', 5, 60, 'sliding')).toEqual({ allowed: true, used: 0, remaining: 5, retryAfterSeconds: 0 });
  });

  test('any window of a steady flow holds the limit, however many calls there are', () => {
    const { counters, pass } = clocked();
    const limit = 3000;
    const admitted: number[] = [];
    let now = 0;
    for (let call = 0; call < 20_000; call += 1) {
      if (counters.take('k', 1, limit, 60, 'sliding').allowed) admitted.push(now);
      pass(0.007);
      now += 0.007;
    }
    const most = Math.max(...admitted.map((from, at) => admitted.slice(at, at + limit + 1).filter((one) => one - from < 59.999).length));
    expect(most).toBeLessThanOrEqual(limit);
    expect(admitted.length).toBeGreaterThan(6800);
  });
});

test('many keys pass by without staying', () => {
  const { counters, pass } = clocked();
  for (let at = 0; at < 300_000; at += 1) {
    counters.take(`k${at}`, 1, 5, 1, at % 2 === 0 ? 'sliding' : 'fixed');
    if (at % 100 === 0) pass(1);
  }
  expect(counters.size).toBeLessThan(1000);
});

test('limits of two lengths share a counter, and each looks at its own length', () => {
  const { counters, pass } = clocked();
  const short = () => counters.take('k', 1, 4, 1, 'sliding');
  const long = () => counters.take('k', 1, 10, 60, 'sliding');
  for (let second = 0; second < 2; second += 1) {
    expect([short().used, long().allowed, short().used, long().allowed]).toEqual([1, true, 3, true]);
    expect(short()).toEqual({ allowed: false, used: 4, remaining: 0, retryAfterSeconds: 1 });
    pass(1);
  }
  expect(short()).toMatchObject({ allowed: true, used: 1 });
  expect(long()).toMatchObject({ allowed: true, used: 10 });
  expect(long()).toEqual({ allowed: false, used: 10, remaining: 0, retryAfterSeconds: 58 });
  pass(58);
  expect(long()).toMatchObject({ allowed: true, used: 7 });
});

test('who asks for a shorter window does not cut the longer one, in whatever order they come', () => {
  const { counters, pass } = clocked();
  counters.add('k', 3, 60, 'sliding');
  pass(10);
  expect(counters.peek('k', 3, 5, 'sliding')).toMatchObject({ allowed: true, used: 0, remaining: 3 });
  expect(counters.peek('k', 3, 60, 'sliding')).toMatchObject({ allowed: false, used: 3, retryAfterSeconds: 50 });
});
