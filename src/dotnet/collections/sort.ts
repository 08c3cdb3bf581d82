/** Array.Sort and BinarySearch as .NET has them: an introspective sort, so that equal items end up in .NET's order. */
import { NetException } from '../../csharp/runtime/exception.ts';
import { comparerFailed } from './errors.ts';

export type Compare = (a: unknown, b: unknown) => number;

/** An indexable store of items that can be written. */
export interface Items {
  [index: number]: unknown;
  readonly length: number;
}

const INSERTION_LIMIT = 16;

/** Sorts `count` items from `start`; `companions` move with them. Errors of the comparison are wrapped as .NET wraps them. */
export function introSort(items: Items, start: number, count: number, compare: Compare, companions: Items | null = null): void {
  if (count < 2) return;
  comparing(() => new Sorter(items, companions, compare).sort(start, start + count - 1, 2 * (Math.floor(Math.log2(count)) + 1)));
}

/** Runs what compares items, wrapping the exceptions of comparisons as .NET wraps them. */
export function comparing<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof NetException ? comparerFailed(error) : error;
  }
}

class Sorter {
  readonly #items: Items;
  readonly #companions: Items | null;
  readonly #compare: Compare;

  constructor(items: Items, companions: Items | null, compare: Compare) {
    this.#items = items;
    this.#companions = companions;
    this.#compare = compare;
  }

  sort(low: number, high: number, depth: number): void {
    let left = depth;
    let end = high;
    while (end > low) {
      const size = end - low + 1;
      if (size <= INSERTION_LIMIT) return this.#small(low, end, size);
      if (left === 0) return this.#heapSort(low, end);
      left -= 1;
      const pivot = this.#partition(low, end);
      this.sort(pivot + 1, end, left);
      end = pivot - 1;
    }
  }

  #small(low: number, high: number, size: number): void {
    if (size === 2) return this.#swapIfGreater(low, high);
    if (size !== 3) return this.#insertionSort(low, high);
    this.#swapIfGreater(low, high - 1);
    this.#swapIfGreater(low, high);
    this.#swapIfGreater(high - 1, high);
  }

  #partition(low: number, high: number): number {
    const middle = low + ((high - low) >> 1);
    this.#swapIfGreater(low, middle);
    this.#swapIfGreater(low, high);
    this.#swapIfGreater(middle, high);
    const pivot = this.#items[middle];
    this.#swap(middle, high - 1);
    let left = low;
    let right = high - 1;
    while (left < right) {
      do left += 1;
      while (left < high && this.#compare(this.#items[left], pivot) < 0);
      do right -= 1;
      while (right > low && this.#compare(pivot, this.#items[right]) < 0);
      if (left >= right) break;
      this.#swap(left, right);
    }
    if (left !== high - 1) this.#swap(left, high - 1);
    return left;
  }

  #insertionSort(low: number, high: number): void {
    for (let i = low; i < high; i += 1) {
      const item = this.#items[i + 1];
      const companion = this.#companions?.[i + 1];
      let at = i;
      for (; at >= low && this.#compare(item, this.#items[at]) < 0; at -= 1) this.#move(at, at + 1);
      this.#items[at + 1] = item;
      if (this.#companions) this.#companions[at + 1] = companion;
    }
  }

  #heapSort(low: number, high: number): void {
    const count = high - low + 1;
    for (let i = count >> 1; i >= 1; i -= 1) this.#sink(i, count, low);
    for (let i = count; i > 1; i -= 1) {
      this.#swap(low, low + i - 1);
      this.#sink(1, i - 1, low);
    }
  }

  #sink(from: number, count: number, low: number): void {
    let at = from;
    while (at <= count >> 1) {
      let child = 2 * at;
      if (child < count && this.#compare(this.#items[low + child - 1], this.#items[low + child]) < 0) child += 1;
      if (!(this.#compare(this.#items[low + at - 1], this.#items[low + child - 1]) < 0)) return;
      this.#swap(low + at - 1, low + child - 1);
      at = child;
    }
  }

  #swapIfGreater(a: number, b: number): void {
    if (a !== b && this.#compare(this.#items[a], this.#items[b]) > 0) this.#swap(a, b);
  }

  #move(from: number, to: number): void {
    this.#items[to] = this.#items[from];
    if (this.#companions) this.#companions[to] = this.#companions[from];
  }

  #swap(a: number, b: number): void {
    const items = this.#items;
    [items[a], items[b]] = [items[b], items[a]];
    const companions = this.#companions;
    if (companions) [companions[a], companions[b]] = [companions[b], companions[a]];
  }
}

/** The index of the item, or the complement of where it would stand. */
export function binarySearch(items: Items, start: number, count: number, wanted: unknown, compare: Compare): number {
  return comparing(() => search(items, start, count, wanted, compare));
}

function search(items: Items, start: number, count: number, wanted: unknown, compare: Compare): number {
  let low = start;
  let high = start + count - 1;
  while (low <= high) {
    const middle = low + ((high - low) >> 1);
    const order = compare(items[middle], wanted);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return ~low;
}
