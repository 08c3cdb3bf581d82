/**
 * What was counted in the last so many milliseconds: one entry a moment, oldest first. A window with very many moments merges
 * those that lie within a thousandth of its length, at the time of the latest, so that it never admits too much. Who shares a
 * window may look at different lengths of it: moments stay as long as the longest asks for.
 */

/** Moments that are kept apart; beyond it they merge. */
const MOST_MOMENTS = 1000;

interface Moment {
  at: number;
  count: number;
}

export class SlidingWindow {
  #length: number;
  #moments: Moment[] = [];
  /** Moments before it have left the window. */
  #head = 0;
  #used = 0;

  /** `length` in milliseconds. */
  constructor(length: number) {
    this.#length = length;
  }

  /** What was counted in the last `length` milliseconds. */
  used(now: number, length: number): number {
    if (length >= this.#length) return this.#used;
    let used = 0;
    for (let at = this.#moments.length - 1; at >= this.#head; at -= 1) {
      const moment = this.#moments[at];
      if (!moment || moment.at + length <= now) break;
      used += moment.count;
    }
    return used;
  }

  /** Somebody looks at so many milliseconds. */
  reach(length: number): void {
    if (length > this.#length) this.#length = length;
  }

  /** When the last of it leaves; 0 for an empty one. */
  get endsAt(): number {
    const last = this.#moments.at(-1);
    return last ? last.at + this.#length : 0;
  }

  /** Drops what is older than the window. */
  moveTo(now: number): void {
    for (let moment = this.#moments[this.#head]; moment && moment.at + this.#length <= now; moment = this.#moments[this.#head]) {
      this.#used -= moment.count;
      this.#head += 1;
    }
    if (this.#head <= MOST_MOMENTS && this.#head < this.#moments.length) return;
    this.#moments = this.#moments.slice(this.#head);
    this.#head = 0;
  }

  add(now: number, by: number): void {
    const last = this.#moments.at(-1);
    this.#used += by;
    if (last && this.#merges(last.at, now)) {
      last.at = now;
      last.count += by;
    } else this.#moments.push({ at: now, count: by });
  }

  /** Milliseconds until `by` more fit under `limit` in the last `length`; the whole length when they never do. */
  untilFits(now: number, by: number, limit: number, length: number): number {
    let excess = this.used(now, length) + by - limit;
    for (let at = this.#head; at < this.#moments.length; at += 1) {
      const moment = this.#moments[at];
      if (!moment || moment.at + length <= now) continue;
      excess -= moment.count;
      if (excess <= 0) return moment.at + length - now;
    }
    return length;
  }

  /** Grains are aligned, so that a steady flow of calls does not merge for ever. */
  #merges(last: number, now: number): boolean {
    if (last === now) return true;
    const grain = this.#length / MOST_MOMENTS;
    return this.#moments.length - this.#head >= MOST_MOMENTS && Math.floor(last / grain) === Math.floor(now / grain);
  }
}
