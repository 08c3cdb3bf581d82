/** What a template can name while it runs. */
import type { Runtime } from '../../../csharp/runtime/runtime.ts';
import type { LiquidValue } from './values.ts';

/** What filters run with; `culture` is the language tag that a template asked for. */
export interface LiquidRuntime extends Runtime {
  culture?: string;
}

export class Scope {
  readonly runtime: LiquidRuntime;
  readonly #roots: (name: string) => LiquidValue | undefined;
  readonly #frames: Map<string, LiquidValue>[] = [new Map()];
  /** State of tags that outlives one round: cycles, counters, ifchanged, where a loop stopped. */
  readonly registers = new Map<string, LiquidValue>();

  constructor(runtime: Runtime, roots: (name: string) => LiquidValue | undefined) {
    this.runtime = runtime;
    this.#roots = roots;
  }

  lookUp(name: string): LiquidValue {
    for (let at = this.#frames.length - 1; at >= 0; at -= 1) {
      const value = this.#frames[at]?.get(name);
      if (value !== undefined) return value;
    }
    return this.#roots(name) ?? null;
  }

  /** `assign` and `capture`: visible until the template ends. */
  assign(name: string, value: LiquidValue): void {
    this.#frames[0]?.set(name, value);
  }

  /** Runs with names of its own: the variables of a loop. */
  inside<T>(run: (frame: Map<string, LiquidValue>) => T): T {
    const frame = new Map<string, LiquidValue>();
    this.runtime.budget.enter();
    this.#frames.push(frame);
    try {
      return run(frame);
    } finally {
      this.#frames.pop();
      this.runtime.budget.leave();
    }
  }
}
