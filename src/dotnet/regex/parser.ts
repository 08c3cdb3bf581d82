/** Reads .NET's dialect of regular expressions: twice, since references may point forward. */
import { lowerUnit, upperUnit } from '../text/casing.ts';
import { cached, ignoringCase, isAnything, isNoLineEnd, type UnitTest } from './char-set.ts';
import { GroupCollector, type Groups } from './groups.ts';
import { REGEX_OPTIONS as O } from './options.ts';
import { PatternReader } from './reader.ts';
import { readClassEscape, readSet } from './set-parser.ts';
import { type Anchor, NO_GROUP, type Pattern, type PatternNode, UNLIMITED } from './tree.ts';
import {
  badGrouping,
  badGroupName,
  conditionIsComment,
  conditionIsNamed,
  endingBackslash,
  groupOutOfRange,
  malformedCondition,
  malformedNamedReference,
  nestedQuantifier,
  notEnoughParentheses,
  quantifierAfterNothing,
  reversedQuantifier,
  tooManyAlternatives,
  tooManyParentheses,
  undefinedCondition,
  undefinedName,
  undefinedNumber,
  unterminatedComment,
  zeroGroup,
} from './wording.ts';

const INLINE: Readonly<Record<string, number>> = {
  i: O.IgnoreCase,
  m: O.Multiline,
  n: O.ExplicitCapture,
  s: O.Singleline,
  x: O.IgnorePatternWhitespace,
};

const ESCAPED_ANCHORS: Readonly<Record<string, Anchor>> = {
  A: 'text start',
  G: 'search start',
  Z: 'text end or last line end',
  z: 'text end',
  b: 'boundary',
  B: 'no boundary',
};

// Deeper nesting than any real pattern has; keeps hostile ones from exhausting the stack.
const DEEPEST = 250;

/** Parses a pattern; RegexParseException for a malformed one. */
export function parsePattern(pattern: string, options: number): Pattern {
  const collector = new GroupCollector();
  new PatternParser(pattern, options, collector, undefined).parse();
  const groups = collector.finish();
  const root = new PatternParser(pattern, options, new GroupCollector(), groups).parse();
  return { root, numbers: groups.numbers, names: groups.names, rightToLeft: (options & O.RightToLeft) !== 0 };
}

class PatternParser {
  readonly #reader: PatternReader;
  readonly #collector: GroupCollector;
  /** Undefined in the first reading: references are then not checked. */
  readonly #groups: Groups | undefined;
  #options: number;
  #depth = 0;

  constructor(pattern: string, options: number, collector: GroupCollector, groups: Groups | undefined) {
    this.#reader = new PatternReader(pattern);
    this.#options = options;
    this.#collector = collector;
    this.#groups = groups;
  }

  parse(): PatternNode {
    const root = this.#choice();
    if (!this.#reader.done) {
      this.#reader.at += 1;
      throw this.#reader.fail(tooManyParentheses);
    }
    return root;
  }

  #has(option: number): boolean {
    return (this.#options & option) !== 0;
  }

  get #backward(): boolean {
    return this.#has(O.RightToLeft);
  }

  /** Alternatives up to a closing parenthesis or the end; inline options last as long. */
  #choice(): PatternNode {
    const options = this.#options;
    const items = [this.#sequence()];
    while (this.#reader.take('|')) items.push(this.#sequence());
    this.#options = options;
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: 'choice', items };
  }

  #sequence(): PatternNode {
    const items: PatternNode[] = [];
    for (this.#skipSpace(); !this.#reader.done && !this.#at('|)'); this.#skipSpace()) {
      const item = this.#term();
      if (item !== undefined) items.push(this.#quantified(item));
    }
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: 'sequence', items, backward: this.#backward };
  }

  #at(characters: string): boolean {
    return !this.#reader.done && characters.includes(this.#reader.peek());
  }

  #skipSpace(): void {
    const reader = this.#reader;
    for (;;) {
      if (this.#has(O.IgnorePatternWhitespace) && /^[ \t\n\v\f\r]/.test(reader.peek())) reader.at += 1;
      else if (this.#has(O.IgnorePatternWhitespace) && reader.peek() === '#') this.#skipLine();
      else if (reader.peek() === '(' && reader.peek(1) === '?' && reader.peek(2) === '#') this.#skipComment();
      else return;
    }
  }

  #skipLine(): void {
    const end = this.#reader.pattern.indexOf('\n', this.#reader.at);
    this.#reader.at = end < 0 ? this.#reader.pattern.length : end;
  }

  #skipComment(): void {
    const end = this.#reader.pattern.indexOf(')', this.#reader.at);
    if (end < 0) {
      this.#reader.at = this.#reader.pattern.length;
      throw this.#reader.fail(unterminatedComment);
    }
    this.#reader.at = end + 1;
  }

  /** One term without its quantifier; undefined for inline options. */
  #term(): PatternNode | undefined {
    const reader = this.#reader;
    if (this.#startsQuantifier()) {
      const quantifier = reader.next();
      throw reader.fail(quantifierAfterNothing(quantifier));
    }
    const character = reader.next();
    switch (character) {
      case '[':
        return this.#unit(readSet(reader, this.#has(O.IgnoreCase), this.#has(O.ECMAScript)));
      case '(':
        return this.#group();
      case '\\':
        return this.#escape();
      case '^':
        return { kind: 'anchor', at: this.#has(O.Multiline) ? 'line start' : 'text start' };
      case '$':
        return { kind: 'anchor', at: this.#has(O.Multiline) ? 'line end' : 'text end or last line end' };
      case '.':
        return this.#unit(this.#has(O.Singleline) ? isAnything : isNoLineEnd);
      default:
        return this.#literal(character.charCodeAt(0));
    }
  }

  #unit(test: UnitTest): PatternNode {
    return { kind: 'unit', test: cached(test), backward: this.#backward };
  }

  #literal(unit: number): PatternNode {
    const exact: UnitTest = (candidate) => candidate === unit;
    if (this.#has(O.IgnoreCase) && hasCase(unit)) return this.#unit(ignoringCase(exact));
    return { kind: 'unit', test: exact, backward: this.#backward, only: unit };
  }

  #startsQuantifier(): boolean {
    if (this.#at('*+?')) return true;
    return this.#reader.peek() === '{' && /^\{[0-9]+(,[0-9]*)?\}/.test(this.#reader.pattern.slice(this.#reader.at, this.#reader.at + 40));
  }

  #quantified(item: PatternNode): PatternNode {
    this.#skipSpace();
    if (!this.#startsQuantifier()) return item;
    const [min, max] = this.#bounds();
    const lazy = this.#reader.take('?');
    this.#skipSpace();
    if (this.#startsQuantifier()) {
      const quantifier = this.#reader.next();
      throw this.#reader.fail(nestedQuantifier(quantifier));
    }
    return { kind: 'loop', item, min, max, lazy };
  }

  #bounds(): [number, number] {
    const reader = this.#reader;
    const sign = reader.next();
    if (sign !== '{') return [sign === '+' ? 1 : 0, sign === '?' ? 1 : UNLIMITED];
    const min = this.#bounded(reader.number() ?? 0);
    const max = reader.take(',') ? this.#bounded(reader.number() ?? UNLIMITED) : min;
    reader.at += 1;
    if (max < min) throw reader.fail(reversedQuantifier);
    return [min, max];
  }

  #bounded(number: number): number {
    if (number > UNLIMITED) throw this.#reader.fail(groupOutOfRange);
    return number;
  }

  /** What follows an opening parenthesis. */
  #group(): PatternNode | undefined {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#reader.fail(badGrouping);
    const options = this.#options;
    const node = this.#reader.take('?') ? this.#special() : this.#plainGroup();
    if (node !== undefined) this.#options = options;
    this.#depth -= 1;
    return node;
  }

  #plainGroup(): PatternNode {
    if (this.#has(O.ExplicitCapture)) return this.#closed();
    const group = this.#collector.addUnnamed();
    return this.#capture(group, NO_GROUP);
  }

  #capture(group: number, pops: number): PatternNode {
    return { kind: 'capture', group, pops, backward: this.#backward, item: this.#closed() };
  }

  /** The content of a group and its closing parenthesis. */
  #closed(): PatternNode {
    const item = this.#choice();
    if (!this.#reader.take(')')) throw this.#reader.fail(notEnoughParentheses);
    return item;
  }

  #special(): PatternNode | undefined {
    const reader = this.#reader;
    if (reader.done) throw reader.fail(badGrouping);
    const character = reader.next();
    switch (character) {
      case ':':
        return this.#closed();
      case '=':
      case '!':
        return this.#look(character === '!', false);
      case '>':
        return { kind: 'atomic', item: this.#closed() };
      case "'":
        return this.#named("'");
      case '<':
        if (reader.take('=')) return this.#look(false, true);
        if (reader.take('!')) return this.#look(true, true);
        return this.#named('>');
      case '(':
        return this.#conditional();
      default:
        reader.at -= 1;
        return this.#inlineOptions();
    }
  }

  #look(negative: boolean, behind: boolean): PatternNode {
    this.#options = behind ? this.#options | O.RightToLeft : this.#options & ~O.RightToLeft;
    return { kind: 'look', negative, item: this.#closed() };
  }

  #inlineOptions(): PatternNode | undefined {
    const reader = this.#reader;
    for (let on = true; !reader.done; ) {
      const character = reader.next();
      if (character === ')') return undefined;
      if (character === ':') return this.#closed();
      if (character === '-' || character === '+') on = character === '+';
      else this.#setOption(character, on);
    }
    throw reader.fail(badGrouping);
  }

  #setOption(letter: string, on: boolean): void {
    const option = INLINE[letter.toLowerCase()];
    if (option === undefined) throw this.#reader.fail(badGrouping);
    this.#options = on ? this.#options | option : this.#options & ~option;
  }

  /** `(?<name>`, `(?<1>`, `(?<name-other>`, `(?<-other>`. */
  #named(close: string): PatternNode {
    const reader = this.#reader;
    const group = reader.peek() === '-' ? NO_GROUP : this.#groupName();
    const pops = reader.take('-') ? this.#reference(this.#nameOrNumber()) : NO_GROUP;
    if (!reader.take(close)) throw reader.fail(reader.done ? badGrouping : badGroupName);
    return this.#capture(group, pops);
  }

  #nameOrNumber(): string | number {
    const number = this.#reader.number();
    if (number !== undefined) return number;
    const name = this.#reader.word();
    if (name === '') throw this.#reader.fail(badGroupName);
    return name;
  }

  #groupName(): number {
    const name = this.#nameOrNumber();
    if (name === 0) throw this.#reader.fail(zeroGroup);
    if (typeof name === 'number') {
      if (name > UNLIMITED) throw this.#reader.fail(groupOutOfRange);
      this.#collector.addNumber(name);
      return name;
    }
    this.#collector.addName(name);
    return this.#groups?.named(name) ?? 0;
  }

  /** The number of a group that must exist. */
  #reference(name: string | number): number {
    const groups = this.#groups;
    if (groups === undefined) return 0;
    if (typeof name === 'number') {
      if (!groups.has(name)) throw this.#reader.fail(undefinedNumber(name));
      return name;
    }
    const number = groups.named(name);
    if (number === undefined) throw this.#reader.fail(undefinedName(name));
    return number;
  }

  /** `(?(1)yes|no)`, `(?(name)yes|no)`, `(?(expression)yes|no)`. */
  #conditional(): PatternNode {
    const reader = this.#reader;
    const start = reader.at;
    const number = reader.number();
    if (number !== undefined) {
      if (!reader.take(')')) throw reader.fail(malformedCondition(number));
      if (this.#groups !== undefined && !this.#groups.has(number)) throw reader.fail(undefinedCondition(number));
      return this.#branches((then, otherwise) => ({ kind: 'if group', group: number, then, otherwise }));
    }
    const name = reader.word();
    const group = name === '' || !reader.take(')') ? undefined : this.#groups?.named(name);
    if (group !== undefined) return this.#branches((then, otherwise) => ({ kind: 'if group', group, then, otherwise }));
    reader.at = start;
    return this.#expressionCondition();
  }

  #expressionCondition(): PatternNode {
    const reader = this.#reader;
    if (reader.peek() === '?' && reader.peek(1) === '#') throw reader.fail(conditionIsComment);
    if (reader.peek() === '?' && (reader.peek(1) === "'" || (reader.peek(1) === '<' && !'=!'.includes(reader.peek(2))))) {
      throw reader.fail(conditionIsNamed);
    }
    const options = this.#options;
    // Without a construct of its own the condition looks ahead and captures nothing.
    const condition = reader.take('?') ? (this.#special() ?? { kind: 'empty' }) : this.#closedCondition();
    this.#options = options;
    return this.#branches((then, otherwise) => ({ kind: 'if match', condition, then, otherwise }));
  }

  #closedCondition(): PatternNode {
    return { kind: 'look', negative: false, item: this.#closed() };
  }

  #branches(make: (then: PatternNode, otherwise: PatternNode) => PatternNode): PatternNode {
    const content = this.#closed();
    if (content.kind !== 'choice') return make(content, { kind: 'empty' });
    if (content.items.length > 2) throw this.#reader.fail(tooManyAlternatives);
    const [then = EMPTY, otherwise = EMPTY] = content.items;
    return make(then, otherwise);
  }

  #escape(): PatternNode {
    const reader = this.#reader;
    if (reader.done) throw reader.fail(endingBackslash);
    const ecma = this.#has(O.ECMAScript);
    const letter = reader.peek();
    const anchor = ESCAPED_ANCHORS[letter];
    if (anchor !== undefined) {
      reader.at += 1;
      return { kind: 'anchor', at: ecma && (letter === 'b' || letter === 'B') ? ECMA_BOUNDARIES[letter] : anchor };
    }
    if (letter === 'k') return this.#namedReference();
    const set = readClassEscape(reader, ecma);
    if (set !== undefined) return this.#unit(this.#has(O.IgnoreCase) && (letter === 'p' || letter === 'P') ? ignoringCase(set) : set);
    return this.#numberedReference() ?? this.#literal(reader.escapedUnit(ecma));
  }

  #backReference(group: number): PatternNode {
    return {
      kind: 'reference',
      group,
      ignoreCase: this.#has(O.IgnoreCase),
      backward: this.#backward,
      ecma: this.#has(O.ECMAScript),
    };
  }

  #namedReference(): PatternNode {
    const reader = this.#reader;
    reader.at += 1;
    const open = reader.next();
    if (open !== '<' && open !== "'") throw reader.fail(malformedNamedReference);
    const number = reader.number();
    const name = number ?? reader.word();
    if (name === '' || !reader.take(open === '<' ? '>' : "'")) throw reader.fail(malformedNamedReference);
    return this.#backReference(this.#reference(name));
  }

  /** `\1`: a reference when the group exists or the number has one digit; otherwise an octal escape. */
  #numberedReference(): PatternNode | undefined {
    const reader = this.#reader;
    const digits = /^[1-9][0-9]{0,8}/.exec(reader.pattern.slice(reader.at, reader.at + 9))?.[0];
    if (digits === undefined) return undefined;
    for (let length = digits.length; this.#groups !== undefined && length > 0; length--) {
      const number = Number(digits.slice(0, length));
      const whole = length === digits.length || this.#has(O.ECMAScript);
      if (whole && this.#groups.has(number)) {
        reader.at += length;
        return this.#backReference(number);
      }
    }
    if (digits.length > 1 && /^[0-7]/.test(digits)) return undefined;
    reader.at += digits.length;
    return this.#groups === undefined ? EMPTY : this.#undefinedReference(Number(digits));
  }

  #undefinedReference(number: number): never {
    throw this.#reader.fail(undefinedNumber(number));
  }
}

/** Whether another unit may be the same but for case; beyond ASCII that is left open. */
function hasCase(unit: number): boolean {
  return unit >= 128 || lowerUnit(unit) !== upperUnit(unit);
}

const EMPTY: PatternNode = { kind: 'empty' };
const ECMA_BOUNDARIES = { b: 'ecma boundary', B: 'no ecma boundary' } as const;
