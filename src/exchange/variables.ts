import type { ExchangeSettings } from './settings.ts';

/** `context.Variables`: one dictionary for the whole call, names case-sensitive, values as .NET objects (runtime/values.ts). */
export class Variables {
  readonly settings: ExchangeSettings;
  #values: Map<string, unknown> | undefined;

  constructor(settings: ExchangeSettings) {
    this.settings = settings;
  }

  get size(): number {
    return this.#values?.size ?? 0;
  }

  has(name: string): boolean {
    return this.#values?.has(name) ?? false;
  }

  /** The value; undefined when the name is missing. */
  get(name: string): unknown {
    return this.#values?.get(name);
  }

  /** Stores an object-represented value: string, null, Boxed or a .NET object. */
  set(name: string, value: unknown): void {
    this.#values ??= new Map();
    this.#values.set(name, value);
  }

  copy(): Variables {
    const copy = new Variables(this.settings);
    for (const [name, value] of this.entries()) copy.set(name, value);
    return copy;
  }

  remove(name: string): void {
    this.#values?.delete(name);
  }

  entries(): IterableIterator<[string, unknown]> {
    return (this.#values ?? new Map<string, unknown>()).entries();
  }
}
