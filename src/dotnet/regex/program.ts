/** A pattern as instructions for the backtracking matcher. */
import { isBoundaryWord, isEcmaWord, type UnitTest } from './char-set.ts';
import { type Anchor, NO_GROUP, type Pattern, type PatternNode, UNLIMITED } from './tree.ts';

export type Instruction =
  | { readonly op: 'match' }
  | { readonly op: 'fail' }
  | { readonly op: 'unit'; readonly test: UnitTest; readonly step: 1 | -1 }
  | {
      readonly op: 'run';
      readonly test: UnitTest;
      readonly step: 1 | -1;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly op: 'anchor'; readonly at: Anchor }
  | { readonly op: 'jump'; readonly to: number }
  /** Goes on with the next instruction; `to` is tried when that fails. */
  | { readonly op: 'split'; readonly to: number }
  | { readonly op: 'lazy split'; readonly to: number }
  | { readonly op: 'mark'; readonly register: number }
  | { readonly op: 'capture'; readonly group: number; readonly pops: number; readonly register: number; readonly backward: boolean }
  | { readonly op: 'loop start'; readonly count: number; readonly last: number }
  | {
      readonly op: 'loop';
      readonly count: number;
      readonly last: number;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
      readonly exit: number;
    }
  | { readonly op: 'reference'; readonly group: number; readonly ignoreCase: boolean; readonly backward: boolean; readonly ecma: boolean }
  | { readonly op: 'if group'; readonly group: number; readonly otherwise: number }
  /** Remembers position and stack; `to` is where a failed negative or conditional look goes on. */
  | { readonly op: 'look start'; readonly register: number; readonly to: number }
  | { readonly op: 'look end'; readonly register: number }
  | { readonly op: 'negative look end'; readonly register: number }
  | { readonly op: 'atomic start'; readonly register: number }
  | { readonly op: 'atomic end'; readonly register: number };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly registers: number;
  /** What the first unit of every match passes; undefined when a match may be empty or begin with anything. */
  readonly first: UnitTest | undefined;
  /** Whether a match can only begin at the start of the text or of the search. */
  readonly anchored: boolean;
}

const LARGEST_PROGRAM = 200_000;

export function compilePattern(pattern: Pattern): Program {
  const writer = new ProgramWriter();
  writer.write(pattern.root);
  writer.emit({ op: 'match' });
  return {
    instructions: writer.instructions,
    registers: writer.registers,
    first: pattern.rightToLeft ? undefined : firstUnit(pattern.root),
    anchored: !pattern.rightToLeft && isAnchored(pattern.root),
  };
}

class ProgramWriter {
  readonly instructions: Instruction[] = [];
  registers = 0;

  get here(): number {
    return this.instructions.length;
  }

  emit(instruction: Instruction): number {
    if (this.instructions.length >= LARGEST_PROGRAM) throw new RangeError('pattern too large');
    return this.instructions.push(instruction) - 1;
  }

  /** Room for an instruction that is known only later. */
  reserve(): (instruction: Instruction) => void {
    const at = this.emit({ op: 'fail' });
    return (instruction) => {
      this.instructions[at] = instruction;
    };
  }

  register(): number {
    this.registers += 1;
    return this.registers - 1;
  }

  write(node: PatternNode): void {
    switch (node.kind) {
      case 'empty':
        return;
      case 'fail':
        this.emit({ op: 'fail' });
        return;
      case 'unit':
        this.emit({ op: 'unit', test: node.test, step: node.backward ? -1 : 1 });
        return;
      case 'sequence':
        for (const item of node.backward ? node.items.toReversed() : node.items) this.write(item);
        return;
      case 'choice':
        this.#choice(node.items);
        return;
      case 'loop':
        this.#loop(node.item, node.min, node.max, node.lazy);
        return;
      case 'capture':
        this.#capture(node);
        return;
      case 'look':
        this.#look(node.item, node.negative);
        return;
      case 'atomic':
        this.#atomic(node.item);
        return;
      case 'reference':
        this.emit({ op: 'reference', group: node.group, ignoreCase: node.ignoreCase, backward: node.backward, ecma: node.ecma });
        return;
      case 'anchor':
        this.emit({ op: 'anchor', at: node.at });
        return;
      case 'if group':
        this.#ifGroup(node.group, node.then, node.otherwise);
        return;
      case 'if match':
        this.#ifMatch(node.condition, node.then, node.otherwise);
    }
  }

  #choice(items: readonly PatternNode[]): void {
    const ends: ((instruction: Instruction) => void)[] = [];
    for (const [i, item] of items.entries()) {
      const split = i < items.length - 1 ? this.reserve() : undefined;
      this.write(item);
      if (split === undefined) continue;
      ends.push(this.reserve());
      split({ op: 'split', to: this.here });
    }
    for (const end of ends) end({ op: 'jump', to: this.here });
  }

  #loop(item: PatternNode, min: number, max: number, lazy: boolean): void {
    if (item.kind === 'unit') this.emit({ op: 'run', test: item.test, step: item.backward ? -1 : 1, min, max, lazy });
    else if (max === 0) return;
    else if (min === 1 && max === 1) this.write(item);
    else if (min === 0 && max === 1) this.#optional(item, lazy);
    else if (min === 0 && max === UNLIMITED && !mayBeEmpty(item)) this.#star(item, lazy);
    else this.#counted(item, min, max, lazy);
  }

  #optional(item: PatternNode, lazy: boolean): void {
    const split = this.reserve();
    this.write(item);
    split({ op: lazy ? 'lazy split' : 'split', to: this.here });
  }

  #star(item: PatternNode, lazy: boolean): void {
    const start = this.here;
    const split = this.reserve();
    this.write(item);
    this.emit({ op: 'jump', to: start });
    split({ op: lazy ? 'lazy split' : 'split', to: this.here });
  }

  #counted(item: PatternNode, min: number, max: number, lazy: boolean): void {
    const count = this.register();
    const last = this.register();
    this.emit({ op: 'loop start', count, last });
    const start = this.here;
    const loop = this.reserve();
    this.write(item);
    this.emit({ op: 'jump', to: start });
    loop({ op: 'loop', count, last, min, max, lazy, exit: this.here });
  }

  #capture(node: PatternNode & { kind: 'capture' }): void {
    const register = this.register();
    this.emit({ op: 'mark', register });
    this.write(node.item);
    this.emit({ op: 'capture', group: node.group, pops: node.pops, register, backward: node.backward });
  }

  #look(item: PatternNode, negative: boolean): void {
    const register = this.#pair();
    const start = this.reserve();
    this.write(item);
    this.emit({ op: negative ? 'negative look end' : 'look end', register });
    start({ op: 'look start', register, to: negative ? this.here : NO_GROUP });
  }

  /** Two registers in a row, for the height of the stack and the position; the first one's number. */
  #pair(): number {
    this.register();
    return this.register() - 1;
  }

  #atomic(item: PatternNode): void {
    const register = this.register();
    this.emit({ op: 'atomic start', register });
    this.write(item);
    this.emit({ op: 'atomic end', register });
  }

  #ifGroup(group: number, then: PatternNode, otherwise: PatternNode): void {
    const branch = this.reserve();
    this.write(then);
    const end = this.reserve();
    branch({ op: 'if group', group, otherwise: this.here });
    this.write(otherwise);
    end({ op: 'jump', to: this.here });
  }

  #ifMatch(condition: PatternNode, then: PatternNode, otherwise: PatternNode): void {
    const register = this.#pair();
    const start = this.reserve();
    this.write(condition);
    this.emit({ op: 'look end', register });
    this.write(then);
    const end = this.reserve();
    start({ op: 'look start', register, to: this.here });
    this.write(otherwise);
    end({ op: 'jump', to: this.here });
  }
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
  return known.length === tests.length ? (unit) => known.some((test) => test(unit)) : undefined;
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
