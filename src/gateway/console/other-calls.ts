/** Calls of the other workers for the pages that listen to this one: asked for every few beats, while somebody listens. */
import type { AllWorkers } from './all-workers.ts';
import type { CallSummary } from './call-rows.ts';
import type { EventStream } from './stream.ts';

const BEAT_MILLISECONDS = 250;

export class OtherCalls {
  readonly #workers: AllWorkers;
  readonly #events: EventStream<CallSummary>;
  /** Where each worker's changes are known from, by process id. */
  #serials: Record<string, number> = {};
  #timer: NodeJS.Timeout | undefined;

  constructor(workers: AllWorkers, events: EventStream<CallSummary>) {
    this.#workers = workers;
    this.#events = events;
  }

  /** Goes on until nobody listens any more. */
  follow(): void {
    if (this.#timer) return;
    this.#serials = {};
    this.#next();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #next(): void {
    this.#timer = setTimeout(() => void this.#beat(), BEAT_MILLISECONDS).unref();
  }

  async #beat(): Promise<void> {
    if (!this.#events.isHeard) return this.stop();
    const answers = await this.#workers.changes(this.#serials);
    for (const { worker, value } of answers) this.#serials[worker] = value.serial;
    const calls = answers.flatMap(({ value }) => value.calls).sort((one, other) => one.time - other.time);
    for (const call of calls) this.#events.change(call.id, () => call);
    if (this.#timer) this.#next();
  }
}
