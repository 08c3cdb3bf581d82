/** Which groups a pattern has: found in a first reading, numbered as .NET does, used in the second. */

/** Collects groups in the order they are opened. */
export class GroupCollector {
  #unnamed = 0;
  readonly #numbers = new Set<number>();
  readonly #names: string[] = [];

  /** An unnamed group; returns its place among the unnamed ones. */
  addUnnamed(): number {
    this.#unnamed += 1;
    return this.#unnamed;
  }

  addNumber(number: number): void {
    this.#numbers.add(number);
  }

  addName(name: string): void {
    if (!this.#names.includes(name)) this.#names.push(name);
  }

  /** Unnamed groups come first, then named ones take the next free numbers (.NET's order). */
  finish(): Groups {
    const taken = new Set(this.#numbers);
    for (let number = 0; number <= this.#unnamed; number++) taken.add(number);
    const byName = new Map<string, number>();
    let next = this.#unnamed + 1;
    for (const name of this.#names) {
      while (taken.has(next)) next += 1;
      taken.add(next);
      byName.set(name, next);
    }
    return new Groups(
      [...taken].sort((a, b) => a - b),
      byName,
    );
  }
}

/** All groups of a pattern. */
export class Groups {
  readonly numbers: readonly number[];
  readonly #byName: ReadonlyMap<string, number>;
  readonly #known: ReadonlySet<number>;

  constructor(numbers: readonly number[], byName: ReadonlyMap<string, number>) {
    this.numbers = numbers;
    this.#byName = byName;
    this.#known = new Set(numbers);
  }

  has(number: number): boolean {
    return this.#known.has(number);
  }

  /** The number of a name; undefined for an unknown one. */
  named(name: string): number | undefined {
    return this.#byName.get(name);
  }

  /** Names in the order of `numbers`. */
  get names(): readonly string[] {
    const names = new Map([...this.#byName].map(([name, number]) => [number, name]));
    return this.numbers.map((number) => names.get(number) ?? String(number));
  }
}
