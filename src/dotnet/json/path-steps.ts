/** Evaluation of the steps of a JSONPath. */
import type { Budget } from '../../csharp/runtime/budget.ts';
import { badIndex } from '../collections/errors.ts';
import { jsonException } from './errors.ts';
import { KIND } from './kinds.ts';
import type { Condition, FilterOperator, Operand, PathStep } from './path-parser.ts';
import { JArray, JConstructor, JObject, JProperty, type JToken, JValue } from './tokens.ts';
import { compareValues, scalarText } from './values.ts';

/** How to search: whether a missing member is an error, the budget, and how `=~` matches. */
export interface Search {
  readonly errorWhenNoMatch: boolean;
  readonly budget: Budget;
  /** Regex.IsMatch with the options written behind the slash. */
  readonly matches: (input: string, pattern: string, options: string) => boolean;
}

type Tokens = Iterable<JToken>;

export function applyStep(step: PathStep, root: JToken, current: Tokens, search: Search): Tokens {
  return counted(stepOn(step, root, current, search), search.budget);
}

function* counted(tokens: Tokens, budget: Budget): Generator<JToken> {
  for (const token of tokens) {
    budget.step();
    yield token;
  }
}

function stepOn(step: PathStep, root: JToken, current: Tokens, search: Search): Tokens {
  switch (step.kind) {
    case 'root':
      return [root];
    case 'field':
      return fields(current, step.name, search);
    case 'fields':
      return namedFields(current, step.names, search);
    case 'scan':
      return scan(current, step.name === null ? null : [step.name]);
    case 'scanFields':
      return scan(current, step.names);
    case 'index':
      return indexed(current, step.index, search);
    case 'indexes':
      return manyIndexed(current, step.indexes, search);
    case 'slice':
      return slice(current, step, search);
    case 'filter':
      return filter(current, step.condition, step.scan, root, search);
  }
}

function* fields(current: Tokens, name: string | null, search: Search): Generator<JToken> {
  for (const token of current) {
    if (!(token instanceof JObject)) {
      if (search.errorWhenNoMatch) throw jsonException(`Property '${name ?? '*'}' not valid on ${token.className}.`);
      continue;
    }
    if (name === null) yield* valuesOf(token);
    else yield* field(token, name, search);
  }
}

function* field(object: JObject, name: string, search: Search): Generator<JToken> {
  const value = object.getItem(name);
  if (value !== null) yield value;
  else if (search.errorWhenNoMatch) throw jsonException(`Property '${name}' does not exist on JObject.`);
}

function* valuesOf(object: JObject): Generator<JToken> {
  for (const property of object.properties) if (property.value !== null) yield property.value;
}

function* namedFields(current: Tokens, names: readonly string[], search: Search): Generator<JToken> {
  for (const token of current) {
    if (token instanceof JObject) for (const name of names) yield* field(token, name, search);
    else if (search.errorWhenNoMatch)
      throw jsonException(`Properties ${names.map((name) => `'${name}'`).join(', ')} not valid on ${token.className}.`);
  }
}

/** Every value at any depth: all of them, or those of properties with one of the names. */
function* scan(current: Tokens, names: readonly string[] | null): Generator<JToken> {
  for (const start of current) {
    if (names === null) yield start;
    for (const token of start.descendants(false)) {
      if (token instanceof JProperty) {
        if (names?.includes(token.name) && token.value !== null) yield token.value;
      } else if (names === null) yield token;
    }
  }
}

function* indexed(current: Tokens, index: number | null, search: Search): Generator<JToken> {
  for (const token of current) {
    if (index !== null) yield* itemAt(token, index, search);
    else if (token instanceof JArray || token instanceof JConstructor) yield* token.children;
    else if (search.errorWhenNoMatch) throw jsonException(`Index * not valid on ${token.className}.`);
  }
}

function* manyIndexed(current: Tokens, indexes: readonly number[], search: Search): Generator<JToken> {
  for (const token of current) for (const index of indexes) yield* itemAt(token, index, search);
}

function* itemAt(token: JToken, index: number, search: Search): Generator<JToken> {
  if (!(token instanceof JArray || token instanceof JConstructor)) {
    if (search.errorWhenNoMatch) throw jsonException(`Index ${index} not valid on ${token.className}.`);
    return;
  }
  // Newtonsoft compares with the count only.
  if (index < 0) throw badIndex();
  const item = token.children[index];
  if (item !== undefined) yield item;
  else if (search.errorWhenNoMatch) throw jsonException(`Index ${index} outside the bounds of ${token.className}.`);
}

interface Slice {
  readonly start: number | null;
  readonly end: number | null;
  readonly step: number | null;
}

function* slice(current: Tokens, part: Slice, search: Search): Generator<JToken> {
  const by = part.step ?? 1;
  if (by === 0) throw jsonException('Step cannot be zero.');
  for (const token of current) {
    if (token instanceof JArray) yield* sliceOf(token, part, by, search);
    else if (search.errorWhenNoMatch) throw jsonException(`Array slice is not valid on ${token.className}.`);
  }
}

function* sliceOf(array: JArray, part: Slice, by: number, search: Search): Generator<JToken> {
  const count = array.children.length;
  const fromEnd = (index: number): number => (index < 0 ? count + index : index);
  const start = fromEnd(part.start ?? (by > 0 ? 0 : count - 1));
  const end = part.end === null ? (by > 0 ? count : -1) : fromEnd(part.end);
  const first = Math.min(Math.max(start, by > 0 ? 0 : Number.MIN_SAFE_INTEGER), by > 0 ? Number.MAX_SAFE_INTEGER : count - 1);
  const last = by > 0 ? Math.min(end, count) : Math.max(end, -1);
  if (search.errorWhenNoMatch && (by > 0 ? first >= last : first <= last)) {
    const text = (value: number | null): string => (value === null ? '*' : String(value));
    throw jsonException(`Array slice of ${text(part.start)} to ${text(part.end)} returned no results.`);
  }
  for (let at = first; by > 0 ? at < last : at > last; at += by) {
    const item = array.children[at];
    if (item !== undefined) yield item;
  }
}

function* filter(current: Tokens, condition: Condition, deep: boolean, root: JToken, search: Search): Generator<JToken> {
  for (const token of current) {
    const candidates = deep ? token.descendants(true) : token.children;
    for (const item of candidates) {
      search.budget.step();
      if (holds(condition, root, item, search)) yield item;
    }
  }
}

function holds(condition: Condition, root: JToken, token: JToken, search: Search): boolean {
  if (condition.kind === 'test') return testHolds(condition, root, token, search);
  if (condition.kind === 'all') return condition.conditions.every((one) => holds(one, root, token, search));
  return condition.conditions.some((one) => holds(one, root, token, search));
}

function testHolds(condition: Extract<Condition, { kind: 'test' }>, root: JToken, token: JToken, search: Search): boolean {
  const left = operandTokens(condition.left, root, token, search);
  if (condition.operator === 'exists') return left.length > 0;
  const right = operandTokens(condition.right ?? [], root, token, search);
  return left.some((a) => right.some((b) => compares(condition.operator, a, b, search)));
}

function operandTokens(operand: Operand, root: JToken, token: JToken, search: Search): readonly JToken[] {
  if (operand instanceof JValue) return [operand];
  const quiet = { ...search, errorWhenNoMatch: false };
  let current: Tokens = [token];
  for (const step of operand) current = applyStep(step, root, current, quiet);
  return [...current];
}

function compares(operator: FilterOperator, a: JToken, b: JToken, search: Search): boolean {
  if (a instanceof JValue && b instanceof JValue) return valuesCompare(operator, a, b, search);
  // Objects and arrays can only be told to exist or to differ.
  return operator === '!=' || operator === 'exists';
}

function valuesCompare(operator: FilterOperator, a: JValue, b: JValue, search: Search): boolean {
  switch (operator) {
    case '=~':
      return regexMatches(a, b, search);
    case '==':
      return looselyEqual(a, b);
    case '===':
      return strictlyEqual(a, b);
    case '!=':
      return !looselyEqual(a, b);
    case '!==':
      return !strictlyEqual(a, b);
    case '>':
      return a.netCompareTo(b) > 0;
    case '>=':
      return a.netCompareTo(b) >= 0;
    case '<':
      return a.netCompareTo(b) < 0;
    case '<=':
      return a.netCompareTo(b) <= 0;
    default:
      return true;
  }
}

function regexMatches(input: JValue, pattern: JValue, search: Search): boolean {
  if (typeof input.value !== 'string' || typeof pattern.value !== 'string') return false;
  const end = pattern.value.lastIndexOf('/');
  return search.matches(input.value, pattern.value.slice(1, end), pattern.value.slice(end + 1));
}

function isNumber(kind: number): boolean {
  return kind === KIND.Integer || kind === KIND.Float;
}

/** Numbers of either kind compare by value; text equals the text of a date, bytes, Guid, TimeSpan or Uri. */
function looselyEqual(a: JValue, b: JValue): boolean {
  if (isNumber(a.kind) && isNumber(b.kind)) return compareValues(a.kind === b.kind ? a.kind : KIND.Float, a.value, b.value) === 0;
  if (a.deepEquals(b)) return true;
  return b.kind === KIND.String && a.value !== null && HAS_TEXT.has(a.kind) && scalarText(a.value) === b.value;
}

const HAS_TEXT: ReadonlySet<number> = new Set([KIND.Date, KIND.Guid, KIND.TimeSpan, KIND.Uri]);

function strictlyEqual(a: JValue, b: JValue): boolean {
  if (isNumber(a.kind) && isNumber(b.kind)) return looselyEqual(a, b);
  return a.kind === b.kind && a.deepEquals(b);
}
