/** The last calls, bounded by number and by bytes. */
import type { Recording } from './recording.ts';

const MOST_CALLS = 200;
/** Roughly. */
const MOST_BYTES = 32 * 1024 * 1024;

export class CallRing {
  readonly #calls = new Map<string, Recording>();
  /** When each last changed, counted in changes; the latest last. */
  readonly #changes = new Map<string, number>();
  #serial = 0;

  /** Changes so far. */
  get serial(): number {
    return this.#serial;
  }

  changed({ id }: Recording): void {
    this.#serial += 1;
    this.#changes.delete(id);
    this.#changes.set(id, this.#serial);
    const [oldest] = this.#changes.keys();
    if (this.#changes.size > MOST_CALLS && oldest !== undefined) this.#changes.delete(oldest);
  }

  /** In the order of their changes. */
  changedAfter(serial: number): Recording[] {
    return [...this.#changes].flatMap(([id, at]) => (at > serial ? (this.#calls.get(id) ?? []) : []));
  }

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
    this.#changes.clear();
    this.#calls.clear();
  }

  #dropOldest(): void {
    const [oldest] = this.#calls.keys();
    if (oldest !== undefined) this.#calls.delete(oldest);
  }
}
