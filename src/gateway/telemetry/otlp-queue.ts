/** Records on their way to a collector: in batches, bounded, the rest dropped and counted. */
import type { OtlpSender } from './otlp-sender.ts';

/** Records that wait; later ones are dropped. */
const MOST_WAITING = 4096;
const BATCH = 512;
/** Milliseconds that a record waits for others. */
const PERIOD = 2000;
/** Tries of one batch, and the longest pause between two of them in milliseconds. */
const TRIES = 5;
const LONGEST_PAUSE = 30_000;

export class OtlpQueue {
  readonly #sender: OtlpSender;
  readonly #message: (records: readonly unknown[]) => unknown;
  #waiting: unknown[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #tries = 0;
  /** What the collector asked for, in milliseconds. */
  #pauseAsked = 0;
  #closing = false;

  /** `message` is what goes around a batch. */
  constructor(sender: OtlpSender, message: (records: readonly unknown[]) => unknown) {
    this.#sender = sender;
    this.#message = message;
  }

  add(record: unknown): void {
    if (this.#waiting.length >= MOST_WAITING) return this.#sender.drop(1, 'more come than the collector takes');
    this.#waiting.push(record);
    if (this.#sending) return;
    // After a failure the pause holds, however many wait.
    if (this.#waiting.length >= BATCH && this.#tries === 0) this.#begin();
    else this.#schedule(PERIOD);
  }

  /** Sends what waits; a collector that does not take it has had its chance. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    await this.#sending;
    while (this.#waiting.length > 0 && this.#tries === 0) await this.#send();
    this.#sender.drop(this.#waiting.splice(0).length);
  }

  #schedule(milliseconds: number): void {
    this.#timer ??= setTimeout(() => this.#begin(), milliseconds).unref();
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
      if (!this.#closing && this.#waiting.length > 0) this.#schedule(this.#pause);
    });
  }

  /** Doubles with each try. */
  get #pause(): number {
    return this.#tries === 0 ? PERIOD : Math.max(this.#pauseAsked, Math.min(1000 * 2 ** (this.#tries - 1), LONGEST_PAUSE));
  }

  async #sendAll(): Promise<void> {
    do await this.#send();
    while (this.#waiting.length >= BATCH && this.#tries === 0 && !this.#closing);
  }

  async #send(): Promise<void> {
    const records = this.#waiting.slice(0, BATCH);
    if (records.length === 0) return;
    const outcome = await this.#sender.post(this.#message(records), records.length);
    if (typeof outcome === 'object') {
      this.#tries += 1;
      this.#pauseAsked = outcome.againAfter;
      if (this.#tries < TRIES) return;
      this.#sender.drop(records.length);
    }
    this.#tries = typeof outcome === 'object' ? 1 : 0;
    this.#waiting = this.#waiting.slice(records.length);
  }
}
