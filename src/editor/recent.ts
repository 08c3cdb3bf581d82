/** Most results that are kept: a document of this many expressions (some 2 MB) is compiled once; one of more, at each keystroke. */
const MOST_KEPT = 20_000;

/** Results by text, as many as were asked for last. */
export class Recent<T> {
  readonly #results = new Map<string, T>();

  get(key: string, make: () => T): T {
    const result = this.#results.get(key) ?? make();
    this.#results.delete(key);
    this.#results.set(key, result);
    const [oldest] = this.#results.keys();
    if (this.#results.size > MOST_KEPT && oldest !== undefined) this.#results.delete(oldest);
    return result;
  }
}
