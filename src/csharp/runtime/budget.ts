/** How much one evaluation may use; the defaults leave every published policy far below them. */
export interface BudgetLimits {
  /** Loop rounds, calls and enumerated items. Default 1,000,000. */
  readonly steps: number;
  /** Nested calls of lambdas and local functions. Default 500. */
  readonly depth: number;
  /** Characters and bytes made by string and array building. Default 64 Mi. */
  readonly allocation: number;
}

export const DEFAULT_LIMITS: BudgetLimits = { steps: 1_000_000, depth: 500, allocation: 64 * 1024 * 1024 };

/** Counts what an evaluation uses and ends it when a limit is passed. */
export class Budget {
  readonly limits: BudgetLimits;
  #steps = 0;
  #depth = 0;
  #allocated = 0;

  constructor(limits: BudgetLimits = DEFAULT_LIMITS) {
    this.limits = limits;
  }

  /** One loop round or one item; call it inside every loop whose length a policy or a caller decides. */
  step(count = 1): void {
    this.#steps += count;
    if (this.#steps > this.limits.steps) throw exhausted(`${this.limits.steps} steps`);
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
