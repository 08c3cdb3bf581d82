/** Whether one server is worth asking: when several commands in a row went wrong none is sent for a while, then one tries. */
import { errorText } from '../source/error-text.ts';

/** So many failures in a row stop the sending. */
const FAILURES = 3;
/** Milliseconds until one call may try again. */
const PAUSE = 1000;

export class RedisHealth {
  readonly #changed: (reason: string | undefined) => void;
  #failures = 0;
  #pausedUntil = 0;

  /** `changed` hears why it is not asked any more, and undefined when it is again. */
  constructor(changed: (reason: string | undefined) => void) {
    this.#changed = changed;
  }

  get isUp(): boolean {
    return this.#failures < FAILURES || performance.now() >= this.#pausedUntil;
  }

  get isFailing(): boolean {
    return this.#failures >= FAILURES;
  }

  /** Judges it by how a command ends. While it is paused one call a pause is sent, to see. */
  async guard<T>(command: Promise<T>, milliseconds: number): Promise<T> {
    if (this.isFailing) this.#pausedUntil = performance.now() + PAUSE;
    try {
      const value = await within(command, milliseconds);
      this.reset();
      return value;
    } catch (error) {
      this.#failures += 1;
      if (this.isFailing) {
        this.#pausedUntil = performance.now() + PAUSE;
        this.#changed(errorText(error));
      }
      throw error;
    }
  }

  reset(): void {
    const wasFailing = this.isFailing;
    this.#failures = 0;
    if (wasFailing) this.#changed(undefined);
  }
}

/** When the time is over, what already lies in the socket is read first: a busy process is no slow server. */
export function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => setImmediate(() => setImmediate(() => reject(new Error(`no answer within ${milliseconds} ms`)))),
      milliseconds,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
