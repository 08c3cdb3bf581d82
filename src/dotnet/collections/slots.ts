import type { Equality } from './comparers.ts';

/**
 * The store behind Dictionary and HashSet: entries in slots, freed slots reused last-freed first, so that the order of
 * enumeration is .NET's also after removals. Adding changes `version`, removing does not (.NET Core 3 and later).
 */
export class Slots {
  readonly equality: Equality;
  version = 0;
  count = 0;
  #keys: unknown[] = [];
  #values: unknown[] = [];
  #used: boolean[] = [];
  #free: number[] = [];
  /** From Map key to slot; where keys have to be hashed, from hash to the slots that share it. */
  #direct = new Map<unknown, number>();
  #hashed = new Map<number, number[]>();

  constructor(equality: Equality) {
    this.equality = equality;
  }

  find(key: unknown): number {
    if (this.equality.key) return this.#direct.get(this.equality.key(key)) ?? -1;
    const slots = this.#hashed.get(this.equality.hash(key)) ?? [];
    return slots.find((slot) => this.equality.equals(this.#keys[slot], key)) ?? -1;
  }

  keyAt(slot: number): unknown {
    return this.#keys[slot];
  }
  valueAt(slot: number): unknown {
    return this.#values[slot];
  }
  setValue(slot: number, value: unknown): void {
    this.#values[slot] = value;
  }

  /** Adds a key that is known to be missing. */
  add(key: unknown, value: unknown): void {
    const slot = this.#free.pop() ?? this.#keys.length;
    this.#keys[slot] = key;
    this.#values[slot] = value;
    this.#used[slot] = true;
    this.#index(key, slot);
    this.count += 1;
    this.version += 1;
  }

  remove(slot: number): void {
    const key = this.#keys[slot];
    if (this.equality.key) this.#direct.delete(this.equality.key(key));
    else this.#unhash(key, slot);
    this.#keys[slot] = undefined;
    this.#values[slot] = undefined;
    this.#used[slot] = false;
    this.#free.push(slot);
    this.count -= 1;
  }

  clear(): void {
    this.#keys = [];
    this.#values = [];
    this.#used = [];
    this.#free = [];
    this.#direct.clear();
    this.#hashed.clear();
    this.count = 0;
  }

  /** The slot in use at or after `from`, -1 when there is none. */
  next(from: number): number {
    for (let slot = from; slot < this.#keys.length; slot += 1) if (this.#used[slot]) return slot;
    return -1;
  }

  #index(key: unknown, slot: number): void {
    if (this.equality.key) {
      this.#direct.set(this.equality.key(key), slot);
      return;
    }
    const hash = this.equality.hash(key);
    const slots = this.#hashed.get(hash);
    if (slots) slots.push(slot);
    else this.#hashed.set(hash, [slot]);
  }

  #unhash(key: unknown, slot: number): void {
    const hash = this.equality.hash(key);
    const rest = (this.#hashed.get(hash) ?? []).filter((one) => one !== slot);
    if (rest.length > 0) this.#hashed.set(hash, rest);
    else this.#hashed.delete(hash);
  }
}
