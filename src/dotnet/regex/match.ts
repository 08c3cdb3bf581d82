/** Match, Group, Capture and their collections. */
import { argumentNull, argumentOutOfRange, notSupported } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { ArrayValue, ListObject } from '../collections/contract.ts';
import { enumerate } from '../collections/enumerator.ts';
import * as views from '../collections/views.ts';
import type { Expression } from './expression.ts';
import type { Found, Span } from './matcher.ts';
import { readReplacement, replaceOne } from './replacement.ts';

/** A System.Text.RegularExpressions.Capture. */
export class CaptureValue implements NetObject {
  readonly input: string;
  readonly index: number;
  readonly length: number;

  constructor(input: string, [start, end]: Span) {
    this.input = input;
    this.index = start;
    this.length = end - start;
  }

  get netType(): TypeDeclaration {
    return captureType;
  }

  get value(): string {
    return this.input.slice(this.index, this.index + this.length);
  }

  netToString(): string {
    return this.value;
  }
}

const NOTHING: Span = [0, 0];

/** A Group: the last of its captures; without one it did not take part. */
export class GroupValue extends CaptureValue {
  readonly name: string;
  readonly spans: readonly Span[];

  constructor(input: string, name: string, spans: readonly Span[]) {
    super(input, spans.at(-1) ?? NOTHING);
    this.name = name;
    this.spans = spans;
  }

  override get netType(): TypeDeclaration {
    return groupType;
  }

  get success(): boolean {
    return this.spans.length > 0;
  }

  get captures(): RegexList<CaptureValue> {
    const captures = this.spans.map((span) => new CaptureValue(this.input, span));
    return new RegexList(captures, captureCollectionType);
  }
}

/** A Match; `expression` is undefined for Match.Empty and failed matches of no expression. */
export class MatchValue extends GroupValue {
  readonly expression: Expression | undefined;
  readonly #found: Found | undefined;

  constructor(expression: Expression | undefined, input: string, found: Found | undefined) {
    super(input, '0', found === undefined ? [] : [found.span]);
    this.expression = expression;
    this.#found = found;
  }

  override get netType(): TypeDeclaration {
    return matchType;
  }

  get groups(): GroupCollectionValue {
    return new GroupCollectionValue(this);
  }

  /** A group by number; a failed one for an unknown number. */
  group(number: number): GroupValue {
    if (number === 0) return this;
    const name = this.expression?.nameOfNumber(number) ?? '';
    return new GroupValue(this.input, name, this.#found?.captures.get(number) ?? []);
  }

  groupText(number: number): string {
    return this.group(number).value;
  }

  lastGroupText(): string {
    return this.groupText(this.expression?.numbers.at(-1) ?? 0);
  }
}

/** The match behind another one; a failed one when there is none. */
function nextMatch(runtime: Runtime, match: MatchValue): MatchValue {
  const { expression, input } = match;
  if (expression === undefined || !match.success) return match;
  return matchFrom(runtime, expression, input, startBehind(expression, match));
}

/** The first match from a position on. */
export function matchFrom(runtime: Runtime, expression: Expression, input: string, start: number): MatchValue {
  const found = start < 0 || start > input.length ? undefined : expression.find(input, start, runtime.budget);
  return new MatchValue(expression, input, found);
}

/** What a match with its groups costs, as the budget counts. */
const BYTES_A_MATCH = 400;

/** All matches, none overlapping, from a position on. */
export function allMatches(runtime: Runtime, expression: Expression, input: string, start: number): MatchValue[] {
  const matches: MatchValue[] = [];
  for (let match = matchFrom(runtime, expression, input, start); match.success; match = nextMatch(runtime, match)) {
    runtime.budget.step();
    runtime.budget.allocate(BYTES_A_MATCH);
    matches.push(match);
  }
  return matches;
}

function startBehind(expression: Expression, match: MatchValue): number {
  if (expression.rightToLeft) return match.index - (match.length === 0 ? 1 : 0);
  return match.index + match.length + (match.length === 0 ? 1 : 0);
}

/** A read-only list: captures of a group, or matches. */
export class RegexList<Item extends CaptureValue> implements ListObject {
  readonly netType: TypeDeclaration;
  readonly items: readonly Item[];

  constructor(items: readonly Item[], netType: TypeDeclaration) {
    this.items = items;
    this.netType = netType;
  }

  get netCount(): number {
    return this.items.length;
  }

  netGet(index: number): Item {
    const item = this.items[index];
    if (item === undefined) throw argumentOutOfRange('i');
    return item;
  }

  netIndexOf(item: unknown): number {
    return this.items.indexOf(item as Item);
  }

  netContains(item: unknown): boolean {
    return this.netIndexOf(item) >= 0;
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.items[Symbol.iterator]();
  }
}

/** The groups of a match, by place, number and name. */
export class GroupCollectionValue implements ListObject {
  readonly match: MatchValue;

  constructor(match: MatchValue) {
    this.match = match;
  }

  get netType(): TypeDeclaration {
    return groupCollectionType;
  }

  get #numbers(): readonly number[] {
    return this.match.expression?.numbers ?? [0];
  }

  get netCount(): number {
    return this.match.success ? this.#numbers.length : 1;
  }

  netGet(index: number): GroupValue {
    return this.match.group(index);
  }

  named(name: string | null): GroupValue {
    if (name === null) throw argumentNull('groupname');
    return this.match.group(this.match.expression?.numberOfName(name) ?? -1);
  }

  netIndexOf(item: unknown): number {
    return [...this].indexOf(item as GroupValue);
  }

  netContains(item: unknown): boolean {
    return this.netIndexOf(item) >= 0;
  }

  *[Symbol.iterator](): Iterator<GroupValue> {
    for (const number of this.#numbers.slice(0, this.netCount)) yield this.match.group(number);
  }
}

function result(match: MatchValue, replacement: string | null): string {
  if (replacement === null) throw argumentNull('replacement');
  if (match.expression === undefined || !match.success) throw notSupported('Result cannot be called on a failed Match.');
  return replaceOne(readReplacement(match.expression, replacement), match);
}

const listMembers = (item: string) => ({
  'int Count { get; }': (list: ListObject) => list.netCount,
  [`IEnumerator<${item}> GetEnumerator()`]: special((runtime, _types, list: ListObject) =>
    enumerate(runtime, list, runtime.types.type(`System.Text.RegularExpressions.${item}`)),
  ),
  'bool IsReadOnly { get; }': () => true,
  'bool IsSynchronized { get; }': () => false,
  'object SyncRoot { get; }': (list: ListObject) => list,
  [`void CopyTo(${item}[] array, int arrayIndex)`]: (list: ListObject, array: unknown[] | null, index: number) => {
    if (array === null) throw argumentNull('array');
    for (const [i, value] of [...list].entries()) array[index + i] = value;
  },
});

const bases = (item: string) => `IList<${item}>, IReadOnlyList<${item}>, System.Collections.IList`;

export const captureType: TypeDeclaration = declareType('class System.Text.RegularExpressions.Capture', ['Index', 'Length', 'Value'], {
  'int Index { get; }': (capture: CaptureValue) => capture.index,
  'int Length { get; }': (capture: CaptureValue) => capture.length,
  'string Value { get; }': (capture: CaptureValue) => capture.value,
  'string ToString()': (capture: CaptureValue) => capture.value,
});

export const groupType: TypeDeclaration = declareType('class System.Text.RegularExpressions.Group : Capture', ['Captures', 'Success'], {
  'CaptureCollection Captures { get; }': (group: GroupValue) => group.captures,
  'bool Success { get; }': (group: GroupValue) => group.success,
  'string Name { get; }': (group: GroupValue) => group.name,
});

export const matchType: TypeDeclaration = declareType('class System.Text.RegularExpressions.Match : Group', ['Empty', 'Groups', 'Result'], {
  'static Match Empty { get; }': () => new MatchValue(undefined, '', undefined),
  'GroupCollection Groups { get; }': (match: MatchValue) => match.groups,
  'string Result(string replacement)': result,
  'Match NextMatch()': special((runtime, _types, match: MatchValue) => nextMatch(runtime, match)),
});

export const captureCollectionType: TypeDeclaration = declareType(
  `class System.Text.RegularExpressions.CaptureCollection : ${bases('Capture')}`,
  ['Count', 'Item'],
  {
    ...listMembers('Capture'),
    'Capture this[int i] { get; }': (list: RegexList<CaptureValue>, index: number) => list.netGet(index),
  },
);

export const groupCollectionType: TypeDeclaration = declareType(
  `class System.Text.RegularExpressions.GroupCollection : ${bases('Group')}`,
  ['Count', 'Item'],
  {
    ...listMembers('Group'),
    'Group this[int groupnum] { get; }': (groups: GroupCollectionValue, number: number) => groups.netGet(number),
    'Group this[string groupname] { get; }': (groups: GroupCollectionValue, name: string | null) => groups.named(name),
    'bool ContainsKey(string key)': (groups: GroupCollectionValue, key: string) => (groups.match.expression?.numberOfName(key) ?? -1) >= 0,
  },
);

export const matchCollectionType: TypeDeclaration = declareType(
  `class System.Text.RegularExpressions.MatchCollection : ${bases('Match')}`,
  'implied',
  {
    ...listMembers('Match'),
    'void CopyTo(System.Array array, int index)': (list: RegexList<MatchValue>, target: ArrayValue | null, at: number) =>
      views.copyTo(list, target, at),
    'Match this[int i] { get; }': (list: RegexList<MatchValue>, index: number) => list.netGet(index),
  },
);
