/**
 * Keeps streams at constant memory. Each read from a socket makes a buffer of 64 KiB and hardly anything else, so the young
 * generation, which fills with small objects, is collected only once tens of megabytes of such buffers have died. While
 * large bodies pass, this looks at the bytes outside the heap and asks for that short collection itself.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds between two looks. */
const PERIOD = 10;

/** Bytes of buffers above those of the last look behind a collection that bring about the next one. */
const WORTH = 4 * 1024 * 1024;

type Collect = (options: { readonly type: 'minor' }) => void;

export class StreamMemory {
  #streams = 0;
  #clock: NodeJS.Timeout | undefined;
  #collect: Collect | undefined;
  #kept = 0;

  /** A large body begins to pass; gives what is called at its end. */
  begin(): () => void {
    this.#streams += 1;
    this.#collect ??= minorCollection();
    this.#clock ??= setInterval(() => this.#look(), PERIOD).unref();
    return () => {
      this.#streams -= 1;
    };
  }

  /** The clock stops at the first look that finds no stream, since many begin and end between two looks. */
  #look(): void {
    if (this.#streams === 0) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
    const { arrayBuffers } = process.memoryUsage();
    if (arrayBuffers < this.#kept) this.#kept = arrayBuffers;
    if (arrayBuffers - this.#kept < WORTH) return;
    this.#collect?.({ type: 'minor' });
    this.#kept = process.memoryUsage().arrayBuffers;
  }
}

/** V8's own function, which it shows to contexts that are made while the flag is set. */
function minorCollection(): Collect {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return typeof collect === 'function' ? (collect as Collect) : () => {};
}
