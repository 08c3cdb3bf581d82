/** How much one evaluation may use; the defaults leave every published policy far below them. */
export interface BudgetLimits {
  /** Loop rounds, calls and enumerated items. Default 1,000,000. */
  readonly steps: number;
  /** Nested calls of lambdas and local functions. Default 500. */
  readonly depth: number;
  /** Characters and bytes made by string and array building. Default 64 Mi. */
  readonly allocation: number;
  /** Milliseconds between the first steps and the last, in real time. Default 2,000. */
  readonly time?: number;
}

const DEFAULT_TIME = 2000;

export const DEFAULT_LIMITS = { steps: 1_000_000, depth: 500, allocation: 64 * 1024 * 1024, time: DEFAULT_TIME } satisfies BudgetLimits;

/** Most steps between two looks at the clock. One step may search a text of many megabytes: steps that take long are looked at one by one. */
const STEPS_A_LOOK = 64;
/** Most evaluations take fewer steps than this, and never ask the clock. */
const FIRST_LOOK = 16;
const LONG_MS = 1;

/** What an element of an array takes that is no byte. */
export const ELEMENT_BYTES = 8;

/** Counts what an evaluation uses and ends it when a limit is passed. */
export class Budget {
  readonly limits: BudgetLimits;
  #steps = 0;
  /** Steps after which the clock is looked at, or the limit passed. */
  #nextLook: number;
  #untilLook = FIRST_LOOK;
  /** When the clock was looked at first, and last. */
  #since: number | undefined;
  #looked = 0;
  #depth = 0;
  #allocated = 0;

  constructor(limits: BudgetLimits = DEFAULT_LIMITS) {
    this.limits = limits;
    this.#nextLook = Math.min(FIRST_LOOK, limits.steps);
  }

  /** One loop round or one item; call it inside every loop whose length a policy or a caller decides. */
  step(count = 1): void {
    this.#steps += count;
    if (this.#steps > this.#nextLook) this.#look();
  }

  /** Real time, which no host turns back or stops: this guards the thread, and no expression can see it. */
  #look(): void {
    const { steps, time = DEFAULT_TIME } = this.limits;
    if (this.#steps > steps) throw exhausted(`${steps} steps`);
    const now = performance.now();
    if (this.#since === undefined) this.#since = now;
    else this.#untilLook = now - this.#looked > LONG_MS ? 1 : Math.min(this.#untilLook * 2, STEPS_A_LOOK);
    if (now - this.#since > time) throw exhausted(`${time} milliseconds`);
    this.#looked = now;
    this.#nextLook = Math.min(this.#steps + this.#untilLook, steps);
  }

  /** Whoever debugs has held the evaluation: what has passed until now is not its own time. */
  forgetTime(): void {
    this.#since = undefined;
  }

  get stepsLeft(): number {
    return Math.max(this.limits.steps - this.#steps, 0);
  }

  /** Counts characters or bytes before they are made. */
  allocate(size: number): void {
    this.#allocated += size;
    if (this.#allocated > this.limits.allocation) throw exhausted(`${this.limits.allocation} characters or bytes of memory`);
  }

  enter(): void {
    this.#depth += 1;
    if (this.#depth > this.limits.depth) throw exhausted(`${this.limits.depth} nested calls`);
  }

  leave(): void {
    this.#depth -= 1;
  }
}

/** Not catchable by an expression: `catch (Exception)` must not swallow the end of its own budget. */
export class BudgetExhausted extends Error {}

/** What ends an expression that used more than `what`. */
export function exhausted(what: string): BudgetExhausted {
  return new BudgetExhausted(`The expression used more than ${what}.`);
}
