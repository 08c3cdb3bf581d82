/** Work in parts: all at once, or in slices between which others have their turn. */
import { expect, it } from 'vitest';
import { atOnce, inSlices, type Paced } from '../../src/workspace/paced.ts';

function* work(parts: number, milliseconds: number, done: number[] = []): Paced<number> {
  for (let part = 0; part < parts; part += 1) {
    yield;
    for (const until = performance.now() + milliseconds; performance.now() < until; );
    done.push(part);
  }
  return done.length;
}

it('All of it is done at once', () => {
  expect(atOnce(work(3, 0))).toBe(3);
});

it('In slices others have their turn, but not behind every small part', async () => {
  let turns = 0;
  let isDone = false;
  const others = (): void => {
    turns += 1;
    if (!isDone) setImmediate(others);
  };
  setImmediate(others);
  expect(await inSlices(work(12, 3), () => true)).toBe(12);
  isDone = true;
  expect(turns).toBeGreaterThan(2);
  let rests = 0;
  const isWanted = () => {
    rests += 1;
    return true;
  };
  expect(await inSlices(work(2000, 0), isWanted)).toBe(2000);
  expect(rests).toBeLessThan(200);
});

it('Work that is not wanted any more ends at its next rest', async () => {
  const done: number[] = [];
  let rests = 0;
  const isWanted = () => {
    rests += 1;
    return rests < 2;
  };
  expect(await inSlices(work(1000, 6, done), isWanted)).toBeUndefined();
  expect(done.length).toBeLessThan(10);
});

it('What it throws comes out', async () => {
  function* failing(): Paced<never> {
    yield;
    throw new Error('broken');
  }
  expect(() => atOnce(failing())).toThrow('broken');
  await expect(inSlices(failing(), () => true)).rejects.toThrow('broken');
});
