import { expect, test } from 'vitest';
import { MemoryCache } from '../../src/stores/cache.ts';

function clocked(mostBytes?: number) {
  let now = 1_000_000;
  const cache = new MemoryCache(() => now, mostBytes);
  const pass = (seconds: number) => {
    now += seconds * 1000;
  };
  return { cache, pass };
}

test('an entry ends on the given clock, and none begins with no time to live', () => {
  const { cache, pass } = clocked();
  cache.set('', 'a', 'x', 10);
  cache.set('', 'b', 'x', 0);
  cache.set('', 'c', 'x', -1);
  pass(9.9);
  expect([cache.get('', 'a'), cache.get('', 'b').hit, cache.get('', 'c').hit]).toEqual([{ hit: true, value: 'x' }, false, false]);
  pass(0.1);
  expect(cache.get('', 'a')).toEqual({ hit: false });
});

test('storing again replaces value and time, storing for no time removes', () => {
  const { cache, pass } = clocked();
  cache.set('', 'a', 'x', 10);
  cache.set('', 'a', 'y', 100);
  pass(50);
  expect(cache.get('', 'a').value).toBe('y');
  cache.set('', 'a', 'z', 0);
  expect(cache.get('', 'a').hit).toBe(false);
});

test('the oldest entries make room when bytes run out, those that ended first', () => {
  const { cache, pass } = clocked(100_000);
  const body = new Uint8Array(10_000);
  cache.set('', 'short', body, 5);
  for (let at = 0; at < 8; at += 1) cache.set('', `k${at}`, { body }, 60);
  pass(10);
  cache.set('', 'new1', { body }, 60);
  expect(['short', 'k0', 'k1', 'new1'].map((key) => cache.get('', key).hit)).toEqual([false, false, true, true]);
  cache.set('', 'new2', { body }, 60);
  cache.set('', 'new3', { body }, 60);
  expect(['k1', 'k7', 'new1', 'new3'].map((key) => cache.get('', key).hit)).toEqual([false, true, true, true]);
});

test('what would push out too much is not kept', () => {
  const { cache } = clocked(100_000);
  cache.set('', 'small', 'x', 60);
  cache.set('', 'large', new Uint8Array(20_000), 60);
  expect([cache.get('', 'small').hit, cache.get('', 'large').hit]).toEqual([true, false]);
});

test('bytes that were given back can be used again', () => {
  const { cache } = clocked(100_000);
  for (let round = 0; round < 500; round += 1) {
    cache.set('', `k${round}`, new Uint8Array(9_000), 60);
    cache.remove('', `k${round}`);
  }
  for (let at = 0; at < 9; at += 1) cache.set('', `last${at}`, new Uint8Array(9_000), 60);
  expect(Array.from({ length: 9 }, (_, at) => cache.get('', `last${at}`).hit)).toEqual(Array(9).fill(true));
});

test('entries that ended leave though nobody asks for them', () => {
  const { cache, pass } = clocked(100_000);
  for (let round = 0; round < 1000; round += 1) {
    cache.set('', `k${round}`, new Uint8Array(1_000), 5);
    pass(1);
  }
  for (let at = 0; at < 60; at += 1) cache.set('', `last${at}`, new Uint8Array(1_000), 60);
  expect(Array.from({ length: 60 }, (_, at) => cache.get('', `last${at}`).hit)).toEqual(Array(60).fill(true));
});
