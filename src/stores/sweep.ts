/**
 * Removes what has ended, a few entries at a time and round and round, so that nothing that nobody asks for again stays, and
 * no call pays for all of it. An iterator of a Map stays good while the Map changes.
 */
export class Sweep<V> {
  readonly #entries: Map<string, V>;
  readonly #hasEnded: (entry: V, now: number) => boolean;
  #round: IterableIterator<[string, V]>;

  constructor(entries: Map<string, V>, hasEnded: (entry: V, now: number) => boolean) {
    this.#entries = entries;
    this.#hasEnded = hasEnded;
    this.#round = entries.entries();
  }

  /** Looks at the next few. Called at least as often as entries are added, it keeps the ended ones a fraction of the living. */
  step(now: number): void {
    for (let looked = 0; looked < LOOKS; looked += 1) {
      const next = this.#round.next();
      if (next.done) {
        this.#round = this.#entries.entries();
        return;
      }
      const [key, entry] = next.value;
      if (this.#hasEnded(entry, now)) this.#entries.delete(key);
    }
  }
}

const LOOKS = 4;
