/** The parent's part in a question that one worker asks all: it passes the question on, waits, and gives the answers back. */
import type { Worker } from 'node:cluster';
import type { ParentMessage } from './workers-messages.ts';

/** Milliseconds; a worker that is busy for longer is left out. */
const LONGEST = 1000;

interface Round {
  readonly values: unknown[];
  waiting: number;
  done(): void;
}

export class Rounds {
  readonly #rounds = new Map<number, Round>();
  #last = 0;

  /** `id` is the asker's own number. */
  ask(asker: Worker, id: number, what: string, workers: readonly Worker[]): void {
    this.#last += 1;
    const number = this.#last;
    const timer = setTimeout(() => this.#rounds.get(number)?.done(), LONGEST);
    const values: unknown[] = [];
    const done = (): void => {
      clearTimeout(timer);
      this.#rounds.delete(number);
      send(asker, { kind: 'answers', id, values });
    };
    this.#rounds.set(number, { values, waiting: workers.length, done });
    for (const worker of workers) send(worker, { kind: 'question', id: number, what });
  }

  answered(number: number, value: unknown): void {
    const round = this.#rounds.get(number);
    if (!round) return;
    round.values.push(value);
    round.waiting -= 1;
    if (round.waiting === 0) round.done();
  }
}

export function send(worker: Worker, message: ParentMessage): void {
  worker.send(message, () => {});
}
