/** One JavaScript function under construction: its temporaries, and what its body turned out to need. */
import type { LocalSymbol } from '../check/bound.ts';
import type { Program } from './program.ts';

/** Where `break` and `continue` go, and which section `goto case` restarts. */
export interface Target {
  readonly breakLabel: string;
  /** Undefined for a switch: `continue` passes through it. */
  readonly continueLabel: string | undefined;
  /** For a switch: code that jumps to a section by number. */
  restart?(section: number): string;
}

/** A place that `goto` can reach: continues the loop with the state set. */
export interface LabelPlace {
  readonly loop: string;
  readonly state: string;
  readonly index: number;
}

export class Frame {
  readonly program: Program;
  readonly isIterator: boolean;
  /** The body calls a delegate or local function and hence may call itself. */
  callsBack = false;
  /** Loops, lambdas and local functions: code that may run many times. */
  repeats: boolean;
  readonly targets: Target[] = [];
  readonly labels = new Map<string, LabelPlace>();
  /** Exceptions that `throw;` rethrows, innermost last. */
  readonly caught: string[] = [];
  readonly #temporaries: string[] = [];
  readonly #declared: Set<LocalSymbol>;

  constructor(program: Program, outer: Frame | undefined, isIterator = false) {
    this.program = program;
    this.isIterator = isIterator;
    this.repeats = outer !== undefined;
    this.#declared = outer ? outer.#declared : new Set();
  }

  temporary(): string {
    const name = this.program.fresh('t');
    this.#temporaries.push(name);
    return name;
  }

  /** Marks a local as declared by a `let` of its own or as a parameter. */
  declare(local: LocalSymbol): string {
    this.#declared.add(local);
    return this.program.localName(local);
  }

  /** Locals declared so far, in this function and those around it. */
  get declared(): readonly LocalSymbol[] {
    return [...this.#declared];
  }

  /** A local's name; one that no block lists (in an expression-bodied lambda) becomes a variable of this function. */
  local(local: LocalSymbol): string {
    const name = this.program.localName(local);
    if (!this.#declared.has(local)) {
      this.#declared.add(local);
      this.#temporaries.push(name);
    }
    return name;
  }

  /** `let t1,t2;`, or nothing. */
  declarations(): string {
    return this.#temporaries.length === 0 ? '' : `let ${this.#temporaries.join(',')};`;
  }
}
