import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines, Timed } from '../../src/gateway/deadlines.ts';

class Item extends Timed {
  expired = 0;

  expire(): void {
    this.expired += 1;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a deadline', () => {
  it.each([
    [20, 20],
    [1000, 1050],
    [300_000, 300_050],
  ])('of %i ms is over after it and at most a tick later', (limit, latest) => {
    const deadlines = new Deadlines();
    const item = new Item();
    deadlines.start(item, limit);
    vi.advanceTimersByTime(limit - 1);
    expect(item.expired).toBe(0);
    vi.advanceTimersByTime(latest - limit + 1);
    expect(item.expired).toBe(1);
  });

  it.each([20, 5000])('of %i ms that is stopped never expires', (limit) => {
    const deadlines = new Deadlines();
    const items = [new Item(), new Item(), new Item()];
    for (const item of items) deadlines.start(item, limit);
    deadlines.stop(items[1] as Item);
    vi.advanceTimersByTime(limit + 100);
    expect(items.map(({ expired }) => expired)).toEqual([1, 0, 1]);
  });

  it('that was stopped or has expired may be stopped again', () => {
    const deadlines = new Deadlines();
    const item = new Item();
    deadlines.start(item, 1000);
    deadlines.stop(item);
    deadlines.stop(item);
    deadlines.start(item, 2000);
    vi.advanceTimersByTime(2100);
    deadlines.stop(item);
    expect(item.expired).toBe(1);
  });

  it('that expires may start others', () => {
    const deadlines = new Deadlines();
    const second = new Item();
    class Starter extends Timed {
      expire(): void {
        deadlines.start(second, 1000);
      }
    }
    deadlines.start(new Starter(), 1000);
    vi.advanceTimersByTime(2200);
    expect(second.expired).toBe(1);
  });

  it('leaves no clock behind', () => {
    const deadlines = new Deadlines();
    for (const limit of [1000, 2000, 3000]) deadlines.start(new Item(), limit);
    vi.advanceTimersByTime(4000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
