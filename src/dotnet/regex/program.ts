/** A pattern as instructions for the backtracking matcher. */
import { exhausted } from '../../csharp/runtime/budget.ts';
import { apart, cached, isAnything, isBoundaryWord, isEcmaWord, type UnitTest } from './char-set.ts';
import { type Anchor, NO_GROUP, type Pattern, type PatternNode, UNLIMITED } from './tree.ts';

/** What instructions do; numbers, since the matcher's loop switches on them. */
export const OP = {
  match: 0,
  fail: 1,
  /** Takes the one unit `only`. */
  literal: 2,
  unit: 3,
  /** Takes `min` to `max` units; `settled` ones never have to give a unit back. */
  run: 4,
  anchor: 5,
  jump: 6,
  /** Goes on with the next instruction; `to` is tried when that fails. */
  split: 7,
  lazySplit: 8,
  mark: 9,
  capture: 10,
  loopStart: 11,
  loop: 12,
  reference: 13,
  ifGroup: 14,
  /** Remembers position and stack; `to` is where a failed negative or conditional look goes on. */
  lookStart: 15,
  lookEnd: 16,
  negativeLookEnd: 17,
  atomicStart: 18,
  atomicEnd: 19,
} as const;

/** What an instruction needs besides its operation; the rest keeps the values of `Instruction`. */
type Parts = Partial<Omit<Instruction, 'op'>>;

/** All instructions have one shape, which the matcher reads faster than a union of many. */
export class Instruction {
  readonly op: number;
  readonly test: UnitTest;
  readonly ascii: Uint8Array;
  readonly only: number;
  readonly step: 1 | -1;
  readonly min: number;
  readonly max: number;
  readonly lazy: boolean;
  readonly settled: boolean;
  readonly to: number;
  readonly register: number;
  readonly last: number;
  readonly group: number;
  readonly pops: number;
  readonly ignoreCase: boolean;
  readonly backward: boolean;
  readonly ecma: boolean;
  readonly at: Anchor;

  constructor(op: number, parts: Parts = {}) {
    this.op = op;
    this.test = parts.test ?? isAnything;
    this.ascii = this.test.ascii ?? NO_TABLE;
    this.only = parts.only ?? -1;
    this.step = parts.step ?? 1;
    this.min = parts.min ?? 0;
    this.max = parts.max ?? 0;
    this.lazy = parts.lazy ?? false;
    this.settled = parts.settled ?? false;
    this.to = parts.to ?? 0;
    this.register = parts.register ?? 0;
    this.last = parts.last ?? 0;
    this.group = parts.group ?? NO_GROUP;
    this.pops = parts.pops ?? NO_GROUP;
    this.ignoreCase = parts.ignoreCase ?? false;
    this.backward = parts.backward ?? false;
    this.ecma = parts.ecma ?? false;
    this.at = parts.at ?? 'text start';
  }
}

/** Of a test without a table: the matcher then finds nothing there and asks the test. */
const NO_TABLE = new Uint8Array(0);

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly registers: number;
  /** What the first unit of every match passes; undefined when a match may be empty or begin with anything. */
  readonly first: UnitTest | undefined;
  /** The text every match begins with; empty when there is none. */
  readonly prefix: string;
  /** Whether a match can only begin at the start of the text or of the search. */
  readonly anchored: boolean;
}

type Unit = PatternNode & { readonly kind: 'unit' };
type Loop = PatternNode & { readonly kind: 'loop' };

const LARGEST_PROGRAM = 200_000;

/** Without `captures` the program only tells whether there is a match. */
export function compilePattern(pattern: Pattern, captures = true): Program {
  const writer = new ProgramWriter(captures || needsCaptures(pattern.root));
  writer.write(pattern.root, true);
  writer.emit(OP.match);
  return {
    instructions: writer.instructions,
    registers: writer.registers,
    first: pattern.rightToLeft ? undefined : firstUnit(pattern.root),
    prefix: pattern.rightToLeft ? '' : prefixOf(pattern.root),
    anchored: !pattern.rightToLeft && isAnchored(pattern.root),
  };
}

class ProgramWriter {
  readonly instructions: Instruction[] = [];
  readonly #captures: boolean;
  registers = 0;

  constructor(captures: boolean) {
    this.#captures = captures;
  }

  get here(): number {
    return this.instructions.length;
  }

  emit(op: number, parts?: Parts): number {
    if (this.instructions.length >= LARGEST_PROGRAM) throw exhausted(`${LARGEST_PROGRAM} instructions of a regular expression`);
    return this.instructions.push(new Instruction(op, parts)) - 1;
  }

  /** Room for an instruction that is known only later. */
  reserve(): (op: number, parts: Parts) => void {
    const at = this.emit(OP.fail);
    return (op, parts) => {
      this.instructions[at] = new Instruction(op, parts);
    };
  }

  register(): number {
    this.registers += 1;
    return this.registers - 1;
  }

  /** `isLast`: nothing of the pattern comes behind the node. */
  write(node: PatternNode, isLast = false): void {
    switch (node.kind) {
      case 'empty':
        return;
      case 'fail':
        this.emit(OP.fail);
        return;
      case 'unit':
        this.#unit(node);
        return;
      case 'sequence':
        this.#sequence(node, isLast);
        return;
      case 'choice':
        this.#choice(node.items);
        return;
      case 'loop':
        this.#loop(node, isLast);
        return;
      case 'capture':
        this.#capture(node, isLast);
        return;
      case 'look':
        this.#look(node.item, node.negative);
        return;
      case 'atomic':
        this.#atomic(node.item);
        return;
      case 'reference':
        this.emit(OP.reference, { group: node.group, ignoreCase: node.ignoreCase, backward: node.backward, ecma: node.ecma });
        return;
      case 'anchor':
        this.emit(OP.anchor, { at: node.at });
        return;
      case 'if group':
        this.#ifGroup(node.group, node.then, node.otherwise);
        return;
      case 'if match':
        this.#ifMatch(node.condition, node.then, node.otherwise);
    }
  }

  #unit({ test, backward, only }: Unit): void {
    if (only === undefined) this.emit(OP.unit, { test, step: backward ? -1 : 1 });
    else this.emit(OP.literal, { only, step: backward ? -1 : 1 });
  }

  #sequence({ items, backward }: PatternNode & { kind: 'sequence' }, isLast: boolean): void {
    if (backward) for (const item of items.toReversed()) this.write(item);
    else
      for (const [at, item] of items.entries()) {
        const isFinal = isLast && at === items.length - 1;
        if (item.kind === 'loop' && item.item.kind === 'unit') this.#run(item, item.item, isSettled(item.item, items, at + 1, isLast));
        else this.write(item, isFinal);
      }
  }

  #choice(items: readonly PatternNode[]): void {
    const ends: ((op: number, parts: Parts) => void)[] = [];
    for (const [i, item] of items.entries()) {
      const split = i < items.length - 1 ? this.reserve() : undefined;
      this.write(item);
      if (split === undefined) continue;
      ends.push(this.reserve());
      split(OP.split, { to: this.here });
    }
    for (const end of ends) end(OP.jump, { to: this.here });
  }

  #run({ min, max, lazy }: Loop, { test, backward }: Unit, settled: boolean): void {
    this.emit(OP.run, { test: cached(test), step: backward ? -1 : 1, min, max, lazy, settled: settled && !backward && !lazy });
  }

  #loop(node: Loop, isLast: boolean): void {
    const { item, min, max, lazy } = node;
    if (item.kind === 'unit') this.#run(node, item, isLast);
    else if (max === 0) return;
    else if (min === 1 && max === 1) this.write(item);
    else if (min === 0 && max === 1) this.#optional(item, lazy);
    else if (min === 0 && max === UNLIMITED && !mayBeEmpty(item)) this.#star(item, lazy);
    else this.#counted(item, min, max, lazy);
  }

  #optional(item: PatternNode, lazy: boolean): void {
    const split = this.reserve();
    this.write(item);
    split(lazy ? OP.lazySplit : OP.split, { to: this.here });
  }

  #star(item: PatternNode, lazy: boolean): void {
    const start = this.here;
    const split = this.reserve();
    this.write(item);
    this.emit(OP.jump, { to: start });
    split(lazy ? OP.lazySplit : OP.split, { to: this.here });
  }

  #counted(item: PatternNode, min: number, max: number, lazy: boolean): void {
    const register = this.register();
    const last = this.register();
    this.emit(OP.loopStart, { register, last });
    const start = this.here;
    const loop = this.reserve();
    this.write(item);
    this.emit(OP.jump, { to: start });
    loop(OP.loop, { register, last, min, max, lazy, to: this.here });
  }

  #capture(node: PatternNode & { kind: 'capture' }, isLast: boolean): void {
    if (!this.#captures) {
      this.write(node.item, isLast);
      return;
    }
    const register = this.register();
    this.emit(OP.mark, { register });
    this.write(node.item, isLast && node.pops === NO_GROUP);
    this.emit(OP.capture, { group: node.group, pops: node.pops, register, backward: node.backward });
  }

  #look(item: PatternNode, negative: boolean): void {
    const register = this.#pair();
    const start = this.reserve();
    this.write(item);
    this.emit(negative ? OP.negativeLookEnd : OP.lookEnd, { register });
    start(OP.lookStart, { register, to: negative ? this.here : NO_GROUP });
  }

  /** Two registers in a row, for the height of the stack and the position; the first one's number. */
  #pair(): number {
    this.register();
    return this.register() - 1;
  }

  #atomic(item: PatternNode): void {
    const register = this.register();
    this.emit(OP.atomicStart, { register });
    this.write(item);
    this.emit(OP.atomicEnd, { register });
  }

  #ifGroup(group: number, then: PatternNode, otherwise: PatternNode): void {
    const branch = this.reserve();
    this.write(then);
    const end = this.reserve();
    branch(OP.ifGroup, { group, to: this.here });
    this.write(otherwise);
    end(OP.jump, { to: this.here });
  }

  #ifMatch(condition: PatternNode, then: PatternNode, otherwise: PatternNode): void {
    const register = this.#pair();
    const start = this.reserve();
    this.write(condition);
    this.emit(OP.lookEnd, { register });
    this.write(then);
    const end = this.reserve();
    start(OP.lookStart, { register, to: this.here });
    this.write(otherwise);
    end(OP.jump, { to: this.here });
  }
}

/** Whether what a match captures decides whether there is one. */
function needsCaptures(node: PatternNode): boolean {
  switch (node.kind) {
    case 'reference':
    case 'if group':
      return true;
    case 'sequence':
    case 'choice':
      return node.items.some(needsCaptures);
    case 'capture':
      return node.pops !== NO_GROUP || needsCaptures(node.item);
    case 'loop':
    case 'look':
    case 'atomic':
      return needsCaptures(node.item);
    case 'if match':
      return needsCaptures(node.condition) || needsCaptures(node.then) || needsCaptures(node.otherwise);
    default:
      return false;
  }
}

/**
 * Whether a greedy run over `unit` never has to give units back: wherever it stopped earlier, a unit of its own would follow,
 * and nothing behind it in the sequence begins with one. `isLast`: nothing comes behind the sequence.
 */
function isSettled(unit: Unit, items: readonly PatternNode[], from: number, isLast: boolean): boolean {
  for (let at = from; at < items.length; at += 1) {
    const item = items[at] as PatternNode;
    if (item.kind === 'anchor') return endsBefore(item.at, unit);
    if (!beginsApart(item, unit)) return false;
    if (!mayBeEmpty(item)) return true;
  }
  return isLast;
}

/** Whether an anchor never holds in front of the unit. */
function endsBefore(at: Anchor, { test }: Unit): boolean {
  return at === 'text end' || ((at === 'text end or last line end' || at === 'line end') && !test(10));
}

/** Whether nothing the node takes begins with the unit. */
function beginsApart(node: PatternNode, unit: Unit): boolean {
  switch (node.kind) {
    case 'empty':
    case 'fail':
      return true;
    case 'unit':
      return !node.backward && (node.only === undefined ? apart(node.test, unit.test) : !unit.test(node.only));
    case 'sequence':
      return !node.backward && beginsSequenceApart(node.items, unit);
    case 'choice':
      return node.items.every((item) => beginsApart(item, unit));
    case 'loop':
    case 'capture':
    case 'atomic':
      return beginsApart(node.item, unit);
    default:
      return false;
  }
}

function beginsSequenceApart(items: readonly PatternNode[], unit: Unit): boolean {
  for (const item of items) {
    if (!beginsApart(item, unit)) return false;
    if (!mayBeEmpty(item)) return true;
  }
  return true;
}

/** The literal text that every match begins with. */
function prefixOf(node: PatternNode): string {
  if (node.kind === 'capture' || node.kind === 'atomic') return prefixOf(node.item);
  if (node.kind === 'unit') return node.only === undefined || node.backward ? '' : String.fromCharCode(node.only);
  if (node.kind !== 'sequence' || node.backward) return '';
  let prefix = '';
  for (const item of node.items) {
    if (item.kind !== 'unit' || item.only === undefined || item.backward) return prefix === '' ? prefixOfFirst(item) : prefix;
    prefix += String.fromCharCode(item.only);
  }
  return prefix;
}

function prefixOfFirst(item: PatternNode): string {
  return item.kind === 'capture' || item.kind === 'atomic' ? prefixOf(item) : '';
}

function mayBeEmpty(node: PatternNode): boolean {
  switch (node.kind) {
    case 'unit':
      return false;
    case 'sequence':
      return node.items.every(mayBeEmpty);
    case 'choice':
      return node.items.some(mayBeEmpty);
    case 'loop':
      return node.min === 0 || mayBeEmpty(node.item);
    case 'capture':
    case 'atomic':
      return mayBeEmpty(node.item);
    default:
      return true;
  }
}

function firstUnit(node: PatternNode): UnitTest | undefined {
  switch (node.kind) {
    case 'unit':
      return node.backward ? undefined : node.test;
    case 'sequence':
      return node.backward ? undefined : firstOf(node.items);
    case 'choice':
      return anyOf(node.items.map(firstUnit));
    case 'loop':
      return node.min === 0 ? undefined : firstUnit(node.item);
    case 'capture':
    case 'atomic':
      return firstUnit(node.item);
    default:
      return undefined;
  }
}

/** The first item decides, past anchors and looks that take nothing. */
function firstOf(items: readonly PatternNode[]): UnitTest | undefined {
  const item = items.find((candidate) => candidate.kind !== 'anchor' && candidate.kind !== 'look');
  return item && firstUnit(item);
}

function anyOf(tests: readonly (UnitTest | undefined)[]): UnitTest | undefined {
  const known = tests.filter((test) => test !== undefined);
  return known.length === tests.length ? cached((unit) => known.some((test) => test(unit))) : undefined;
}

function isAnchored(node: PatternNode): boolean {
  switch (node.kind) {
    case 'anchor':
      return node.at === 'text start' || node.at === 'search start';
    case 'sequence': {
      const [first] = node.items;
      return first !== undefined && isAnchored(first);
    }
    case 'choice':
      return node.items.every(isAnchored);
    case 'capture':
    case 'atomic':
      return isAnchored(node.item);
    default:
      return false;
  }
}

/** Whether an anchor holds at a position. */
export function holds(at: Anchor, text: string, position: number, searchStart: number): boolean {
  switch (at) {
    case 'text start':
      return position === 0;
    case 'text end':
      return position === text.length;
    case 'text end or last line end':
      return position === text.length || (position === text.length - 1 && text.charCodeAt(position) === 10);
    case 'line start':
      return position === 0 || text.charCodeAt(position - 1) === 10;
    case 'line end':
      return position === text.length || text.charCodeAt(position) === 10;
    case 'search start':
      return position === searchStart;
    case 'boundary':
      return isBoundary(text, position, isBoundaryWord);
    case 'no boundary':
      return !isBoundary(text, position, isBoundaryWord);
    case 'ecma boundary':
      return isBoundary(text, position, isEcmaWord);
    case 'no ecma boundary':
      return !isBoundary(text, position, isEcmaWord);
  }
}

function isBoundary(text: string, position: number, isWord: UnitTest): boolean {
  const before = position > 0 && isWord(text.charCodeAt(position - 1));
  const after = position < text.length && isWord(text.charCodeAt(position));
  return before !== after;
}
