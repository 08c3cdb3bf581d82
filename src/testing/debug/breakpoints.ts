/** Breakpoints: which of them hold a call, after their conditions, hit counts and log messages. */
import type { SourceFile } from '../../source/source-file.ts';
import type { Span } from '../../source/span.ts';

export interface Breakpoint {
  /** Absolute or shown name of the file, as the debugger's `same` compares it. */
  readonly file: string;
  readonly line: number;
  /** C# of type bool; the call is held when it is true. */
  readonly condition?: string | undefined;
  /** `5`, `>= 3`, `% 2`: by how often the place was reached with the condition true. */
  readonly hitCondition?: string | undefined;
  /** Told in place of holding the call; `{…}` holds C#. */
  readonly logMessage?: string | undefined;
}

export interface BreakpointOptions {
  /** Whether a file of a breakpoint is this one. */
  same(file: SourceFile, name: string): boolean;
  /** A C# value as shown, or the sentence that says why there is none. */
  evaluate(code: string): { readonly value: string } | string;
  /** What log points and broken conditions say. */
  log?(text: string): void;
}

export class Breakpoints {
  readonly #options: BreakpointOptions;
  #hits = new WeakMap<Breakpoint, number>();
  all: readonly Breakpoint[] = [];

  constructor(options: BreakpointOptions) {
    this.#options = options;
  }

  /** Every breakpoint of the line counts and logs; one that holds is enough. */
  isHit(file: SourceFile, span: Span): boolean {
    if (this.all.length === 0) return false;
    const { line } = file.positionAt(span.start);
    const here = this.all.filter((one) => one.line === line && this.#options.same(file, one.file));
    return here.filter((one) => this.#holds(one)).length > 0;
  }

  #holds(breakpoint: Breakpoint): boolean {
    if (!this.#isTrue(breakpoint.condition)) return false;
    const hits = (this.#hits.get(breakpoint) ?? 0) + 1;
    this.#hits.set(breakpoint, hits);
    if (!isCount(breakpoint.hitCondition, hits)) return false;
    if (breakpoint.logMessage === undefined || breakpoint.logMessage === '') return true;
    this.#options.log?.(this.#filled(breakpoint.logMessage));
    return false;
  }

  /** A condition that cannot be evaluated holds the call: who wrote it wants to know. */
  #isTrue(condition: string | undefined): boolean {
    if (condition === undefined || condition.trim() === '') return true;
    const result = this.#options.evaluate(condition);
    if (typeof result === 'string') this.#options.log?.(`the condition \`${condition}\` cannot be evaluated: ${result}`);
    return typeof result === 'string' || result.value === 'true';
  }

  #filled(message: string): string {
    return message.replace(/\{([^{}]+)\}/g, (_, code: string) => {
      const result = this.#options.evaluate(code);
      return typeof result === 'string' ? `{${result}}` : result.value;
    });
  }
}

/** Whether a hit count fits `5`, `== 5`, `>= 5`, `% 5` and the like; a text that is none of these always does. */
function isCount(condition: string | undefined, hits: number): boolean {
  const found = /^\s*(==?|>=|<=|>|<|%)?\s*(\d+)\s*$/.exec(condition ?? '');
  if (!found) return true;
  const count = Number(found[2]);
  return COUNTS[found[1] ?? '==']?.(hits, count) ?? true;
}

const COUNTS: Readonly<Record<string, (hits: number, count: number) => boolean>> = {
  '=': (hits, count) => hits === count,
  '==': (hits, count) => hits === count,
  '>=': (hits, count) => hits >= count,
  '<=': (hits, count) => hits <= count,
  '>': (hits, count) => hits > count,
  '<': (hits, count) => hits < count,
  '%': (hits, count) => count > 0 && hits % count === 0,
};
