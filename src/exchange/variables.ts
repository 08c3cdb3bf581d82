import type { ExchangeSettings } from './settings.ts';

/** `context.Variables`: one dictionary for the whole call, names case-sensitive, values as .NET objects (runtime/values.ts). */
export class Variables {
  readonly settings: ExchangeSettings;
  readonly #values = new Map<string, unknown>();

  constructor(settings: ExchangeSettings) {
    this.settings = settings;
  }

  get size(): number {
    return this.#values.size;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The value; undefined when the name is missing. */
  get(name: string): unknown {
    return this.#values.get(name);
  }

  /** Stores an object-represented value: string, null, Boxed or a .NET object. */
  set(name: string, value: unknown): void {
    this.#values.set(name, value);
  }

  entries(): IterableIterator<[string, unknown]> {
    return this.#values.entries();
  }
}
