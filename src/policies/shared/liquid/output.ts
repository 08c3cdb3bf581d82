/** The text that a template writes, counted as it grows. */
import type { Budget } from '../../../csharp/runtime/budget.ts';

export class Output {
  readonly #budget: Budget;
  #parts: string[] = [];

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  write(text: string): void {
    this.#budget.step();
    this.#budget.allocate(text.length);
    this.#parts.push(text);
  }

  /** What `run` writes, instead of writing it. */
  captured(run: () => void): string {
    const outer = this.#parts;
    this.#parts = [];
    try {
      run();
      return this.#parts.join('');
    } finally {
      this.#parts = outer;
    }
  }

  toString(): string {
    return this.#parts.join('');
  }
}
