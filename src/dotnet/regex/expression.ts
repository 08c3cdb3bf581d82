/** A compiled pattern and what can be done with it. */

import type { Budget } from '../../csharp/runtime/budget.ts';
import { argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import type { NetTimeSpan } from '../time/time-span.ts';
import { type Found, Matcher } from './matcher.ts';
import { REGEX_OPTIONS } from './options.ts';
import { parsePattern } from './parser.ts';
import { compilePattern } from './program.ts';
import { type Allowance, TimedAllowance, timedOut } from './timeout.ts';
import type { Pattern } from './tree.ts';

/** ECMAScript goes with few other options, NonBacktracking not with all. */
function areValid(options: number): boolean {
  const { ECMAScript, IgnoreCase, Multiline, Compiled, CultureInvariant, NonBacktracking, RightToLeft } = REGEX_OPTIONS;
  if (options < 0 || options > 2047) return false;
  if ((options & ECMAScript) !== 0 && (options & ~(ECMAScript | IgnoreCase | Multiline | Compiled | CultureInvariant)) !== 0) return false;
  return (options & NonBacktracking) === 0 || (options & (ECMAScript | RightToLeft)) === 0;
}

/** Immutable; one for a pattern with its options and its timeout. */
export class Expression {
  readonly pattern: string;
  readonly options: number;
  /** How long one match may take; undefined: as long as the budget of the evaluation lets it. */
  readonly timeout: NetTimeSpan | undefined;
  readonly #parsed: Pattern;
  readonly #matcher: Matcher;
  /** Leaves captures out; made when it is first asked whether there is a match. */
  #tester: Matcher | undefined;
  readonly #positions: ReadonlyMap<number, number>;

  constructor(pattern: string, options: number, timeout?: NetTimeSpan) {
    if (!areValid(options)) throw argumentOutOfRange('options');
    this.pattern = pattern;
    this.options = options;
    this.timeout = timeout;
    this.#parsed = parsePattern(pattern, options);
    this.#matcher = new Matcher(compilePattern(this.#parsed));
    this.#positions = new Map(this.#parsed.numbers.map((number, i) => [number, i]));
  }

  get numbers(): readonly number[] {
    return this.#parsed.numbers;
  }

  get names(): readonly string[] {
    return this.#parsed.names;
  }

  get rightToLeft(): boolean {
    return this.#parsed.rightToLeft;
  }

  hasGroup(number: number): boolean {
    return this.#positions.has(number);
  }

  /** The group number of a name or of a number as text; -1 for none. */
  numberOfName(name: string): number {
    const index = this.names.indexOf(name);
    return this.numbers[index] ?? -1;
  }

  nameOfNumber(number: number): string {
    return this.names[this.#positions.get(number) ?? -1] ?? '';
  }

  /** The first match at or behind a position (before it, from right to left). */
  find(text: string, start: number, budget: Budget): Found | undefined {
    return this.#matcher.search(text, start, this.#allowance(text, budget), this.rightToLeft);
  }

  /** Whether there is a match at all. */
  isMatch(text: string, start: number, budget: Budget): boolean {
    this.#tester ??= new Matcher(compilePattern(this.#parsed, false));
    return this.#tester.matches(text, start, this.#allowance(text, budget), this.rightToLeft);
  }

  #allowance(text: string, budget: Budget): Allowance {
    const { timeout } = this;
    return timeout === undefined ? budget : new TimedAllowance(budget, timeout, () => timedOut(text, this.pattern, timeout));
  }
}
