/**
 * Time limits of calls to backends. A timer of Node's for each call costs more than all policies of a usual call, so calls
 * with the same limit queue up in the order in which they expire, and one slow clock looks at the heads.
 */

/** How often the heads are looked at, in milliseconds; a limit is overrun by so much at most. */
const TICK = 50;

/** Limits below this many milliseconds get a timer of their own, since a tick would be a large part of them. */
const SHORT = 1000;

/** Something with a time limit; the queue's links are part of it, so that waiting allocates nothing. */
export abstract class Timed {
  queue: Queue | null = null;
  earlier: Timed | null = null;
  later: Timed | null = null;
  expiresAt = 0;
  timer: NodeJS.Timeout | null = null;

  /** The time is over. */
  abstract expire(): void;
}

/** Those with one and the same limit: whoever came first expires first. */
class Queue {
  #first: Timed | null = null;
  #last: Timed | null = null;

  get isEmpty(): boolean {
    return this.#first === null;
  }

  add(item: Timed): void {
    item.queue = this;
    item.earlier = this.#last;
    if (this.#last) this.#last.later = item;
    else this.#first = item;
    this.#last = item;
  }

  remove(item: Timed): void {
    if (item.earlier) item.earlier.later = item.later;
    else this.#first = item.later;
    if (item.later) item.later.earlier = item.earlier;
    else this.#last = item.earlier;
    item.queue = null;
    item.earlier = null;
    item.later = null;
  }

  expireUntil(now: number): void {
    for (let item = this.#first; item && item.expiresAt <= now; item = this.#first) {
      this.remove(item);
      item.expire();
    }
  }
}

export class Deadlines {
  readonly #queues = new Map<number, Queue>();
  #clock: NodeJS.Timeout | undefined;

  /** Calls `item.expire()` after so many milliseconds unless it is stopped before. */
  start(item: Timed, milliseconds: number): void {
    if (milliseconds < SHORT) {
      item.timer = setTimeout(() => item.expire(), milliseconds);
      return;
    }
    item.expiresAt = performance.now() + milliseconds;
    let queue = this.#queues.get(milliseconds);
    if (!queue) {
      queue = new Queue();
      this.#queues.set(milliseconds, queue);
      this.#clock ??= setInterval(() => this.#look(), TICK).unref();
    }
    queue.add(item);
  }

  /** Does nothing when the item has expired or was stopped already. */
  stop(item: Timed): void {
    item.queue?.remove(item);
    if (!item.timer) return;
    clearTimeout(item.timer);
    item.timer = null;
  }

  #look(): void {
    const now = performance.now();
    for (const [milliseconds, queue] of this.#queues) {
      queue.expireUntil(now);
      if (queue.isEmpty) this.#queues.delete(milliseconds);
    }
    if (this.#queues.size > 0) return;
    clearInterval(this.#clock);
    this.#clock = undefined;
  }
}
