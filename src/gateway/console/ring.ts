/** The last calls, bounded by number and by bytes. */
import type { Recording } from './recording.ts';

const MOST_CALLS = 200;
/** Roughly. */
const MOST_BYTES = 32 * 1024 * 1024;

export class CallRing {
  readonly #calls = new Map<string, Recording>();

  add(recording: Recording): void {
    this.#calls.set(recording.id, recording);
    if (this.#calls.size > MOST_CALLS) this.#dropOldest();
  }

  /** Called at the end of a call, when its size is known. */
  settle(): void {
    let bytes = 0;
    for (const recording of this.#calls.values()) bytes += recording.bytes;
    for (const [id, recording] of this.#calls) {
      if (bytes <= MOST_BYTES) return;
      bytes -= recording.bytes;
      this.#calls.delete(id);
    }
  }

  has({ id }: Recording): boolean {
    return this.#calls.has(id);
  }

  find(id: string): Recording | undefined {
    return this.#calls.get(id);
  }

  /** Newest first. */
  list(): Recording[] {
    return [...this.#calls.values()].reverse();
  }

  clear(): void {
    this.#calls.clear();
  }

  #dropOldest(): void {
    const [oldest] = this.#calls.keys();
    if (oldest !== undefined) this.#calls.delete(oldest);
  }
}
