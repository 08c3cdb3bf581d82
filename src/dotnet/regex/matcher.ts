/**
 * Runs a program on a text. Backtracking keeps its own stack, so that no text can exhaust JavaScript's, and counts its
 * steps against the budget of the evaluation, so that no pattern can hang the gateway.
 */
import type { Budget } from '../../csharp/runtime/budget.ts';
import { lowerUnit } from '../text/casing.ts';
import { holds, type Instruction, type Program } from './program.ts';
import { NO_GROUP } from './tree.ts';

/** A span of the text: start and end. */
export type Span = readonly [start: number, end: number];

/** What a successful attempt found: for each group its captures in order; group 0 has one. */
export type Found = ReadonlyMap<number, readonly Span[]>;

/** How many instructions make one step of the budget. */
const INSTRUCTIONS_A_STEP = 8;
const STACK_LIMIT = 8_000_000;

// Kinds of stack entries; an entry is `kind, a, b, c`.
const BRANCH = 0;
const GREEDY_RUN = 1;
const LAZY_RUN = 2;
const LOOP_ENTRY = 3;
/** Entries from here on undo something and are kept when alternatives are thrown away. */
const RESTORE_REGISTER = 4;
const DROP_CAPTURE = 5;
const RESTORE_CAPTURE = 6;
const ENTRY = 4;

type Op<Name extends Instruction['op']> = Instruction & { readonly op: Name };

export class Matcher {
  readonly #program: Program;
  readonly #text: string;
  readonly #searchStart: number;
  readonly #budget: Budget;
  readonly #stack: number[] = [];
  readonly #registers: number[];
  readonly #captures = new Map<number, Span[]>();
  /** Captures taken away by balancing groups, to be given back on backtracking. */
  readonly #dropped: Span[] = [];
  #position = 0;
  #pc = 0;
  #instructions = 0;

  constructor(program: Program, text: string, searchStart: number, budget: Budget) {
    this.#program = program;
    this.#text = text;
    this.#searchStart = searchStart;
    this.#budget = budget;
    this.#registers = new Array<number>(program.registers).fill(0);
  }

  /** The first match from the search start on, in the direction given; undefined when there is none. */
  search(rightToLeft: boolean): Found | undefined {
    const start = this.#seek(rightToLeft);
    return start < 0 ? undefined : this.#found(start);
  }

  /** Whether there is a match. */
  matches(rightToLeft: boolean): boolean {
    return this.#seek(rightToLeft) >= 0;
  }

  /** Where the first match begins; -1 for none. */
  #seek(rightToLeft: boolean): number {
    const { first, anchored } = this.#program;
    const step = rightToLeft ? -1 : 1;
    for (let at = this.#searchStart; at >= 0 && at <= this.#text.length; at += step) {
      if (first !== undefined && !(at < this.#text.length && first(this.#text.charCodeAt(at)))) {
        this.#count();
        continue;
      }
      if (this.#attempt(at)) return at;
      if (anchored) return -1;
    }
    return -1;
  }

  #found(start: number): Found {
    const end = this.#position;
    const found = new Map<number, Span[]>(this.#captures);
    found.set(0, [start <= end ? [start, end] : [end, start]]);
    return found;
  }

  #count(): void {
    this.#instructions += 1;
    if (this.#instructions < INSTRUCTIONS_A_STEP) return;
    this.#instructions = 0;
    this.#budget.step();
  }

  #attempt(at: number): boolean {
    if (this.#stack.length > 0) this.#stack.length = 0;
    if (this.#captures.size > 0) this.#captures.clear();
    if (this.#dropped.length > 0) this.#dropped.length = 0;
    this.#position = at;
    this.#pc = 0;
    for (;;) {
      this.#count();
      const instruction = this.#program.instructions[this.#pc];
      if (instruction === undefined || instruction.op === 'match') return true;
      this.#pc += 1;
      if (!this.#run(instruction) && !this.#backtrack()) return false;
    }
  }

  #push(kind: number, a: number, b = 0, c = 0): void {
    this.#stack.push(kind, a, b, c);
    if (this.#stack.length > STACK_LIMIT) this.#budget.step(this.#budget.limits.steps + 1);
  }

  #setRegister(register: number, value: number): void {
    this.#push(RESTORE_REGISTER, register, this.#registers[register] ?? 0);
    this.#registers[register] = value;
  }

  /** Undoes until there is another way to go on; false when there is none. */
  #backtrack(): boolean {
    while (this.#stack.length > 0) {
      this.#count();
      if (this.#undoLast(true)) return true;
    }
    return false;
  }

  /** Takes the last entry off the stack; alternatives are followed only when wanted. */
  #undoLast(follow: boolean): boolean {
    const stack = this.#stack;
    const c = stack.pop() ?? 0;
    const b = stack.pop() ?? 0;
    const a = stack.pop() ?? 0;
    switch (stack.pop()) {
      case RESTORE_REGISTER:
        this.#registers[a] = b;
        return false;
      case DROP_CAPTURE:
        this.#captures.get(a)?.pop();
        return false;
      case RESTORE_CAPTURE:
        this.#restoreCapture(a);
        return false;
      case BRANCH:
        return follow && this.#goOn(a, b);
      case GREEDY_RUN:
        return follow && this.#shorterRun(a, b, c);
      case LAZY_RUN:
        return follow && this.#longerRun(a, b, c);
      default:
        return follow && this.#goOn(a, b) && this.#enterLoop(a);
    }
  }

  #goOn(pc: number, position: number): boolean {
    this.#pc = pc;
    this.#position = position;
    return true;
  }

  #restoreCapture(group: number): void {
    const span = this.#dropped.pop();
    if (span !== undefined) this.#capturesOf(group).push(span);
  }

  #capturesOf(group: number): Span[] {
    const captures = this.#captures.get(group) ?? [];
    this.#captures.set(group, captures);
    return captures;
  }

  #run(instruction: Instruction): boolean {
    switch (instruction.op) {
      case 'unit':
        return this.#unit(instruction.test, instruction.step);
      case 'run':
        return this.#runOf(instruction);
      case 'anchor':
        return holds(instruction.at, this.#text, this.#position, this.#searchStart);
      case 'jump':
        this.#pc = instruction.to;
        return true;
      case 'split':
        this.#push(BRANCH, instruction.to, this.#position);
        return true;
      case 'lazy split':
        this.#push(BRANCH, this.#pc, this.#position);
        this.#pc = instruction.to;
        return true;
      case 'mark':
        this.#setRegister(instruction.register, this.#position);
        return true;
      case 'capture':
        return this.#capture(instruction);
      case 'loop start':
        this.#setRegister(instruction.count, 0);
        this.#setRegister(instruction.last, -1);
        return true;
      case 'loop':
        return this.#loop(instruction);
      case 'reference':
        return this.#reference(instruction);
      case 'if group':
        if ((this.#captures.get(instruction.group)?.length ?? 0) === 0) this.#pc = instruction.otherwise;
        return true;
      case 'look start':
        return this.#lookStart(instruction);
      case 'look end':
        return this.#lookEnd(instruction.register);
      case 'negative look end':
        return this.#negativeLookEnd(this.#registers[instruction.register] ?? 0);
      case 'atomic start':
        this.#setRegister(instruction.register, this.#stack.length);
        return true;
      case 'atomic end':
        this.#cut(this.#registers[instruction.register] ?? 0);
        return true;
      default:
        return false;
    }
  }

  #unit(test: (unit: number) => boolean, step: 1 | -1): boolean {
    const at = step === 1 ? this.#position : this.#position - 1;
    if (at < 0 || at >= this.#text.length || !test(this.#text.charCodeAt(at))) return false;
    this.#position += step;
    return true;
  }

  #runOf(run: Op<'run'>): boolean {
    const start = this.#position;
    const wanted = run.lazy ? run.min : run.max;
    let taken = 0;
    while (taken < wanted && this.#unit(run.test, run.step)) taken += 1;
    this.#budget.step(taken >> 5);
    if (taken < run.min) return false;
    if (run.lazy) this.#push(LAZY_RUN, this.#pc - 1, this.#position, taken);
    else if (taken > run.min) this.#push(GREEDY_RUN, this.#pc - 1, start + run.min * run.step, this.#position);
    return true;
  }

  /** Gives one unit of a greedy run back. */
  #shorterRun(pc: number, shortest: number, end: number): boolean {
    const run = this.#program.instructions[pc] as Op<'run'>;
    const shorter = end - run.step;
    if (shorter !== shortest) this.#push(GREEDY_RUN, pc, shortest, shorter);
    return this.#goOn(pc + 1, shorter);
  }

  /** Takes one more unit into a lazy run. */
  #longerRun(pc: number, end: number, taken: number): boolean {
    const run = this.#program.instructions[pc] as Op<'run'>;
    this.#position = end;
    if (taken >= run.max || !this.#unit(run.test, run.step)) return false;
    this.#push(LAZY_RUN, pc, this.#position, taken + 1);
    return this.#goOn(pc + 1, this.#position);
  }

  #capture(capture: Op<'capture'>): boolean {
    const mark = this.#registers[capture.register] ?? 0;
    const span: Span = mark <= this.#position ? [mark, this.#position] : [this.#position, mark];
    if (capture.pops === NO_GROUP) this.#addCapture(capture.group, span);
    else {
      const popped = this.#captures.get(capture.pops)?.pop();
      if (popped === undefined) return false;
      this.#dropped.push(popped);
      this.#push(RESTORE_CAPTURE, capture.pops);
      if (capture.group !== NO_GROUP) this.#addCapture(capture.group, between(popped, span));
    }
    return true;
  }

  #addCapture(group: number, span: Span): void {
    this.#capturesOf(group).push(span);
    this.#push(DROP_CAPTURE, group);
  }

  #loop(loop: Op<'loop'>): boolean {
    const count = this.#registers[loop.count] ?? 0;
    // A round that took nothing would go on for ever; it also satisfies every round still asked for.
    const empty = count > 0 && this.#registers[loop.last] === this.#position;
    if (empty || (count >= loop.min && count >= loop.max)) return this.#goOn(loop.exit, this.#position);
    if (count < loop.min) return this.#enterLoop(this.#pc - 1);
    if (loop.lazy) {
      this.#push(LOOP_ENTRY, this.#pc - 1, this.#position);
      return this.#goOn(loop.exit, this.#position);
    }
    this.#push(BRANCH, loop.exit, this.#position);
    return this.#enterLoop(this.#pc - 1);
  }

  #enterLoop(pc: number): boolean {
    const loop = this.#program.instructions[pc] as Op<'loop'>;
    this.#setRegister(loop.count, (this.#registers[loop.count] ?? 0) + 1);
    this.#setRegister(loop.last, this.#position);
    return this.#goOn(pc + 1, this.#position);
  }

  #reference(reference: Op<'reference'>): boolean {
    const span = this.#captures.get(reference.group)?.at(-1);
    if (span === undefined) return reference.ecma;
    const length = span[1] - span[0];
    const from = reference.backward ? this.#position - length : this.#position;
    if (from < 0 || from + length > this.#text.length) return false;
    this.#budget.step(length >> 5);
    for (let i = 0; i < length; i++) if (!this.#sameUnit(span[0] + i, from + i, reference.ignoreCase)) return false;
    this.#position = reference.backward ? from : from + length;
    return true;
  }

  #sameUnit(a: number, b: number, ignoreCase: boolean): boolean {
    const left = this.#text.charCodeAt(a);
    const right = this.#text.charCodeAt(b);
    return left === right || (ignoreCase && lowerUnit(left) === lowerUnit(right));
  }

  #lookStart(look: Op<'look start'>): boolean {
    const height = this.#stack.length;
    this.#setRegister(look.register, height);
    this.#setRegister(look.register + 1, this.#position);
    if (look.to !== NO_GROUP) this.#push(BRANCH, look.to, this.#position);
    return true;
  }

  /** The look succeeded: back to where it began, with its captures but without its alternatives. */
  #lookEnd(register: number): boolean {
    this.#position = this.#registers[register + 1] ?? 0;
    this.#cut(this.#registers[register] ?? 0);
    return true;
  }

  #negativeLookEnd(height: number): boolean {
    while (this.#stack.length > height) this.#undoLast(false);
    return false;
  }

  /** Throws alternatives above the height away; what undoes captures and registers stays. */
  #cut(height: number): void {
    const stack = this.#stack;
    let kept = height;
    for (let at = height; at < stack.length; at += ENTRY) {
      if ((stack[at] ?? 0) < RESTORE_REGISTER) continue;
      if (kept !== at) stack.copyWithin(kept, at, at + ENTRY);
      kept += ENTRY;
    }
    stack.length = kept;
  }
}

/** What a balancing group captures: the text between the capture it takes away and its own. */
function between(popped: Span, own: Span): Span {
  if (own[0] >= popped[1]) return [popped[1], own[0]];
  if (own[1] <= popped[0]) return [popped[0], own[1]];
  return [Math.max(own[0], popped[0]), Math.min(own[1], popped[1])];
}
