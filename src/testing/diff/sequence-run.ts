/** A sequence of the same request on both sides, and the first call that tells them apart. */
import { differencesOf } from './compare.ts';
import type { DiffCase } from './diff.ts';
import type { Probe } from './probes.ts';
import { type Sequence, saysOf } from './sequences.ts';
import type { Side } from './side.ts';

export class SequenceRun {
  readonly #probe: Probe;
  readonly #sequence: Sequence;
  readonly #sides: readonly [Side, Side];
  /** The first call that differs in any way; it counts when none differs in status or in what is sent. */
  #first: DiffCase | undefined;
  #requests = 0;

  constructor(probe: Probe, sequence: Sequence, sides: readonly [Side, Side]) {
    this.#probe = probe;
    this.#sequence = sequence;
    this.#sides = sides;
  }

  /** Calls that were made on each side. */
  get requests(): number {
    return this.#requests;
  }

  /** A remaining-calls header differs long before the limit: the call whose outcome differs is looked for. */
  async found(): Promise<DiffCase | undefined> {
    const { waits } = this.#sequence;
    const found = waits.length === 0 ? await this.#repeated() : await this.#waited(waits);
    return found ?? this.#first;
  }

  async #repeated(): Promise<DiffCase | undefined> {
    const { calls, counted } = this.#sequence;
    const isSetForward = counted.some((counter) => counter !== undefined);
    await this.#begin();
    for (let made = 0; made < calls; made += 1) {
      const found = await this.#ask(saysOf(this.#sequence, made));
      // The bare first call has been compared by itself.
      if (made === 0 && !isSetForward) this.#first = undefined;
      else if (found) return found;
    }
    return undefined;
  }

  async #waited(waits: readonly number[]): Promise<DiffCase | undefined> {
    const { calls } = this.#sequence;
    for (const wait of waits) {
      await this.#begin();
      for (let made = 0; made < calls; made += 1) await this.#send();
      for (const side of this.#sides) side.advance(wait);
      const found = await this.#ask(saysOf(this.#sequence, calls, wait));
      if (found) return found;
    }
    return undefined;
  }

  async #begin(): Promise<void> {
    const [left, right] = this.#sides;
    const { counted } = this.#sequence;
    await left.begin(counted[0]);
    await right.begin(counted[1]);
  }

  async #send() {
    const [left, right] = this.#sides;
    this.#requests += 1;
    return [await left.ask(this.#probe), await right.ask(this.#probe)] as const;
  }

  /** The call as a case when its outcome differs. */
  async #ask(says: readonly string[]): Promise<DiffCase | undefined> {
    const [one, other] = await this.#send();
    const differences = differencesOf(one.result, other.result);
    if (differences.length === 0) return undefined;
    const found = { request: this.#probe.line, with: [...this.#probe.says, ...says], differences };
    this.#first ??= found;
    return differences.some(({ what }) => what === 'status' || what === 'forwarded' || what === 'call') ? found : undefined;
  }
}
