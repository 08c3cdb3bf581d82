/**
 * Runs a program on a text. Backtracking keeps its own stack, so that no text can exhaust JavaScript's, and counts its
 * steps against the budget of the evaluation, so that no pattern can hang the gateway.
 */
import { lowerUnit } from '../text/casing.ts';
import { holds, type Instruction, OP, type Program } from './program.ts';
import type { Allowance } from './timeout.ts';
import { NO_GROUP } from './tree.ts';

/** A span of the text: start and end. */
export type Span = readonly [start: number, end: number];

/** What a successful attempt found: the match itself, and for each other group its captures in order. */
export interface Found {
  readonly span: Span;
  readonly captures: ReadonlyMap<number, readonly Span[]>;
}

const NO_CAPTURES: ReadonlyMap<number, readonly Span[]> = new Map();

/** How many instructions make one step of the budget: no pattern takes longer than some 50 ms. */
const INSTRUCTIONS_A_STEP = 2;
/** Instructions are counted in bundles of so many. */
const BUNDLE = 64;
/** Units of runs, and units skipped while looking for a beginning, that make one step (as a shift). */
const UNITS_A_STEP = 4;
const STACK_LIMIT = 4_000_000;

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

/** One for a program; it runs to its end before anything else does, so one text after the other can use it. */
export class Matcher {
  readonly #program: Program;
  readonly #instructions: readonly Instruction[];
  readonly #stack: number[] = [];
  readonly #registers: number[];
  readonly #captures = new Map<number, Span[]>();
  /** Captures taken away by balancing groups, to be given back on backtracking. */
  readonly #dropped: Span[] = [];
  #text = '';
  #searchStart = 0;
  #budget: Allowance | undefined;
  #position = 0;
  #pc = 0;
  #left = BUNDLE;

  constructor(program: Program) {
    this.#program = program;
    this.#instructions = program.instructions;
    this.#registers = new Array<number>(program.registers).fill(0);
  }

  /** The first match from the search start on, in the direction given; undefined when there is none. */
  search(text: string, searchStart: number, budget: Allowance, rightToLeft: boolean): Found | undefined {
    const start = this.#run(text, searchStart, budget, rightToLeft);
    return start < 0 ? undefined : this.#found(start);
  }

  /** Whether there is a match. */
  matches(text: string, searchStart: number, budget: Allowance, rightToLeft: boolean): boolean {
    return this.#run(text, searchStart, budget, rightToLeft) >= 0;
  }

  /** Where the first match begins; -1 for none. */
  #run(text: string, searchStart: number, budget: Allowance, rightToLeft: boolean): number {
    this.#text = text;
    this.#searchStart = searchStart;
    this.#budget = budget;
    const start = rightToLeft ? this.#seekBackward() : this.#seek();
    this.#text = '';
    this.#budget = undefined;
    return start;
  }

  #seek(): number {
    const { anchored } = this.#program;
    for (let at = this.#next(this.#searchStart); at >= 0; at = this.#next(at + 1)) {
      if (this.#attempt(at)) return at;
      if (anchored) return -1;
    }
    return -1;
  }

  #seekBackward(): number {
    for (let at = this.#searchStart; at >= 0; at -= 1) if (this.#attempt(at)) return at;
    return -1;
  }

  /** The first place at or behind `from` where a match can begin; -1 for none. */
  #next(from: number): number {
    const text = this.#text;
    const { first, prefix, anchored } = this.#program;
    if (from > text.length) return -1;
    if (anchored || (prefix === '' && first === undefined)) return from;
    let at = from;
    if (prefix !== '') at = text.indexOf(prefix, from);
    else if (first !== undefined) {
      while (at < text.length && !first(text.charCodeAt(at))) at += 1;
      if (at >= text.length) at = -1;
    }
    this.#spend(((at < 0 ? text.length : at) - from) >> UNITS_A_STEP);
    return at;
  }

  #found(start: number): Found {
    const end = this.#position;
    const captures = this.#captures.size === 0 ? NO_CAPTURES : new Map(this.#captures);
    return { span: start <= end ? [start, end] : [end, start], captures };
  }

  #spend(steps: number): void {
    if (steps > 0) this.#budget?.step(steps);
  }

  /** Counts an instruction. */
  #count(): void {
    this.#left -= 1;
    if (this.#left > 0) return;
    this.#left = BUNDLE;
    this.#spend(BUNDLE / INSTRUCTIONS_A_STEP);
  }

  #attempt(at: number): boolean {
    if (this.#stack.length > 0) this.#stack.length = 0;
    if (this.#captures.size > 0) this.#captures.clear();
    if (this.#dropped.length > 0) this.#dropped.length = 0;
    this.#position = at;
    this.#pc = 0;
    for (;;) {
      this.#count();
      const instruction = this.#instructions[this.#pc];
      if (instruction === undefined || instruction.op === OP.match) return true;
      this.#pc += 1;
      if (!this.#perform(instruction) && !this.#backtrack()) return false;
    }
  }

  #push(kind: number, a: number, b = 0, c = 0): void {
    this.#stack.push(kind, a, b, c);
    if (this.#stack.length > STACK_LIMIT) this.#spend(Number.MAX_SAFE_INTEGER);
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

  #perform(instruction: Instruction): boolean {
    switch (instruction.op) {
      case OP.literal:
        return this.#literal(instruction);
      case OP.unit:
        return this.#unit(instruction);
      case OP.run:
        return this.#runOf(instruction);
      case OP.anchor:
        return holds(instruction.at, this.#text, this.#position, this.#searchStart);
      case OP.jump:
        this.#pc = instruction.to;
        return true;
      case OP.split:
        this.#push(BRANCH, instruction.to, this.#position);
        return true;
      case OP.lazySplit:
        this.#push(BRANCH, this.#pc, this.#position);
        this.#pc = instruction.to;
        return true;
      case OP.mark:
        this.#setRegister(instruction.register, this.#position);
        return true;
      case OP.capture:
        return this.#capture(instruction);
      case OP.loopStart:
        this.#setRegister(instruction.register, 0);
        this.#setRegister(instruction.last, -1);
        return true;
      case OP.loop:
        return this.#loop(instruction);
      default:
        return this.#performRare(instruction);
    }
  }

  #performRare(instruction: Instruction): boolean {
    switch (instruction.op) {
      case OP.reference:
        return this.#reference(instruction);
      case OP.ifGroup:
        if ((this.#captures.get(instruction.group)?.length ?? 0) === 0) this.#pc = instruction.to;
        return true;
      case OP.lookStart:
        return this.#lookStart(instruction);
      case OP.lookEnd:
        return this.#lookEnd(instruction.register);
      case OP.negativeLookEnd:
        return this.#negativeLookEnd(this.#registers[instruction.register] ?? 0);
      case OP.atomicStart:
        this.#setRegister(instruction.register, this.#stack.length);
        return true;
      case OP.atomicEnd:
        this.#cut(this.#registers[instruction.register] ?? 0);
        return true;
      default:
        return false;
    }
  }

  #literal({ only, step }: Instruction): boolean {
    if (this.#text.charCodeAt(step === 1 ? this.#position : this.#position - 1) !== only) return false;
    this.#position += step;
    return true;
  }

  #unit({ test, step }: Instruction): boolean {
    const at = step === 1 ? this.#position : this.#position - 1;
    if (at < 0 || at >= this.#text.length || !test(this.#text.charCodeAt(at))) return false;
    this.#position += step;
    return true;
  }

  #runOf(run: Instruction): boolean {
    const start = this.#position;
    const end = run.step === 1 ? this.#forward(run) : this.#backward(run);
    const taken = Math.abs(end - start);
    this.#position = end;
    if (taken >> UNITS_A_STEP > 0) this.#spend(taken >> UNITS_A_STEP);
    if (taken < run.min) return false;
    if (run.lazy) this.#push(LAZY_RUN, this.#pc - 1, end, taken);
    else if (taken > run.min && !run.settled) this.#push(GREEDY_RUN, this.#pc - 1, start + run.min * run.step, end);
    return true;
  }

  #forward({ lazy, min, max, ascii, test }: Instruction): number {
    const text = this.#text;
    let at = this.#position;
    const end = Math.min(text.length, at + (lazy ? min : max));
    while (at < end) {
      const unit = text.charCodeAt(at);
      if (unit < 128 ? ascii[unit] !== 1 : !test(unit)) break;
      at += 1;
    }
    return at;
  }

  #backward({ lazy, min, max, test }: Instruction): number {
    let at = this.#position;
    const end = Math.max(0, at - (lazy ? min : max));
    while (at > end && test(this.#text.charCodeAt(at - 1))) at -= 1;
    return at;
  }

  /** Gives one unit of a greedy run back. */
  #shorterRun(pc: number, shortest: number, end: number): boolean {
    const run = this.#instructions[pc] as Instruction;
    const shorter = end - run.step;
    if (shorter !== shortest) this.#push(GREEDY_RUN, pc, shortest, shorter);
    return this.#goOn(pc + 1, shorter);
  }

  /** Takes one more unit into a lazy run. */
  #longerRun(pc: number, end: number, taken: number): boolean {
    const run = this.#instructions[pc] as Instruction;
    this.#position = end;
    if (taken >= run.max || !this.#unit(run)) return false;
    this.#push(LAZY_RUN, pc, this.#position, taken + 1);
    return this.#goOn(pc + 1, this.#position);
  }

  #capture(capture: Instruction): boolean {
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

  #loop(loop: Instruction): boolean {
    const count = this.#registers[loop.register] ?? 0;
    // A round that took nothing would go on for ever; it also satisfies every round still asked for.
    const empty = count > 0 && this.#registers[loop.last] === this.#position;
    if (empty || (count >= loop.min && count >= loop.max)) return this.#goOn(loop.to, this.#position);
    if (count < loop.min) return this.#enterLoop(this.#pc - 1);
    if (loop.lazy) {
      this.#push(LOOP_ENTRY, this.#pc - 1, this.#position);
      return this.#goOn(loop.to, this.#position);
    }
    this.#push(BRANCH, loop.to, this.#position);
    return this.#enterLoop(this.#pc - 1);
  }

  #enterLoop(pc: number): boolean {
    const loop = this.#instructions[pc] as Instruction;
    this.#setRegister(loop.register, (this.#registers[loop.register] ?? 0) + 1);
    this.#setRegister(loop.last, this.#position);
    return this.#goOn(pc + 1, this.#position);
  }

  #reference(reference: Instruction): boolean {
    const span = this.#captures.get(reference.group)?.at(-1);
    if (span === undefined) return reference.ecma;
    const length = span[1] - span[0];
    const from = reference.backward ? this.#position - length : this.#position;
    if (from < 0 || from + length > this.#text.length) return false;
    this.#spend(length >> UNITS_A_STEP);
    for (let i = 0; i < length; i++) if (!this.#sameUnit(span[0] + i, from + i, reference.ignoreCase)) return false;
    this.#position = reference.backward ? from : from + length;
    return true;
  }

  #sameUnit(a: number, b: number, ignoreCase: boolean): boolean {
    const left = this.#text.charCodeAt(a);
    const right = this.#text.charCodeAt(b);
    return left === right || (ignoreCase && lowerUnit(left) === lowerUnit(right));
  }

  #lookStart(look: Instruction): boolean {
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
