import { argumentNull, argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { makeArray, type NetObject } from '../../csharp/runtime/values.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { NetTimeSpan } from '../time/time-span.ts';
import { Expression } from './expression.ts';
import { allMatches, type MatchValue, matchCollectionType, matchFrom, RegexList } from './match.ts';
import { PatternReader } from './reader.ts';
import { readReplacement, replaceOne } from './replacement.ts';
import { checkedTimeout, NO_TIMEOUT } from './timeout.ts';

type Text = string | null;
type Evaluator = (match: MatchValue) => string | null;

/** A System.Text.RegularExpressions.Regex. */
class RegexValue implements NetObject {
  readonly expression: Expression;

  constructor(expression: Expression) {
    this.expression = expression;
  }

  get netType(): TypeDeclaration {
    return regexType;
  }

  netToString(): string {
    return this.expression.pattern;
  }
}

const CACHED_PATTERNS = 256;

/** Reading a pattern costs more than most texts do: one of over a hundred thousand characters ends the expression. */
const STEPS_A_CHARACTER = 8;

/** The compiled pattern, from the engine's bounded cache when it was used before; the oldest one gives way. */
function compiled(runtime: Runtime, pattern: Text, options: number, timeout?: NetTimeSpan): Expression {
  if (pattern === null) throw argumentNull('pattern');
  const limit = timeout && checkedTimeout(timeout);
  const cache = runtime.patterns;
  // Most patterns have no options: their own text is found without making a key.
  const key = options === 0 && limit === undefined ? pattern : `${options} ${limit?.ticks ?? ''} ${pattern}`;
  const known = cache?.get(key);
  if (known instanceof Expression && isThis(known, pattern, options, limit)) return known;
  runtime.budget.step(pattern.length * STEPS_A_CHARACTER);
  const expression = new Expression(pattern, options, limit);
  if (cache === undefined) return expression;
  const oldest = cache.size >= CACHED_PATTERNS ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(key, expression);
  return expression;
}

function isThis(known: Expression, pattern: string, options: number, timeout: NetTimeSpan | undefined): boolean {
  return known.options === options && known.pattern === pattern && known.timeout?.ticks === timeout?.ticks;
}

function input(text: Text): string {
  if (text === null) throw argumentNull('input');
  return text;
}

function startOf(expression: Expression, text: string): number {
  return expression.rightToLeft ? text.length : 0;
}

function checkedStart(text: string, start: number): number {
  if (start < 0 || start > text.length) {
    throw argumentOutOfRange('startat', 'Start index cannot be less than 0 or greater than input length.');
  }
  return start;
}

function match(runtime: Runtime, expression: Expression, text: Text, start?: number): MatchValue {
  const whole = input(text);
  return matchFrom(runtime, expression, whole, start === undefined ? startOf(expression, whole) : checkedStart(whole, start));
}

function isMatch(runtime: Runtime, expression: Expression, text: Text, start?: number): boolean {
  const whole = input(text);
  return expression.isMatch(whole, start === undefined ? startOf(expression, whole) : checkedStart(whole, start), runtime.budget);
}

/** `Match(input, beginning, length)`: anchors see only the part. */
function matchPart(runtime: Runtime, expression: Expression, text: Text, beginning: number, length: number): MatchValue {
  const whole = input(text);
  if (beginning < 0 || beginning > whole.length) throw argumentOutOfRange('beginning');
  if (length < 0 || length > whole.length - beginning) throw argumentOutOfRange('length');
  return match(runtime, expression, whole.slice(beginning, beginning + length));
}

function matches(runtime: Runtime, expression: Expression, text: Text, start?: number): RegexList<MatchValue> {
  const whole = input(text);
  const from = start === undefined ? startOf(expression, whole) : checkedStart(whole, start);
  return new RegexList(allMatches(runtime, expression, whole, from), matchCollectionType);
}

/** The matches that a count lets through, in the order of the text. */
function* taken(runtime: Runtime, expression: Expression, text: string, count: number, start?: number): Generator<MatchValue> {
  let left = count;
  for (const found of matches(runtime, expression, text, start).items) {
    if (left === 0) return;
    left -= 1;
    yield found;
  }
}

function replaceBy(runtime: Runtime, expression: Expression, text: Text, evaluate: Evaluator, count = -1, start?: number): string {
  const whole = input(text);
  if (count < -1) throw argumentOutOfRange('count', 'Count cannot be less than -1.');
  const parts: string[] = [];
  const found = [...taken(runtime, expression, whole, count, start)];
  let at = 0;
  for (const one of expression.rightToLeft ? found.reverse() : found) {
    const replaced = evaluate(one) ?? '';
    runtime.budget.allocate(one.index - at + replaced.length);
    parts.push(whole.slice(at, one.index), replaced);
    at = one.index + one.length;
  }
  return parts.length === 0 ? whole : parts.join('') + whole.slice(at);
}

function replaceText(runtime: Runtime, expression: Expression, text: Text, replacement: Text, count = -1, start?: number): string {
  if (replacement === null) throw argumentNull('replacement');
  const parts = readReplacement(expression, replacement);
  return replaceBy(runtime, expression, text, (found) => replaceOne(parts, found), count, start);
}

function replaceWith(
  runtime: Runtime,
  expression: Expression,
  text: Text,
  evaluator: Evaluator | null,
  count = -1,
  start?: number,
): string {
  if (evaluator === null) throw argumentNull('evaluator');
  return replaceBy(runtime, expression, text, evaluator, count, start);
}

function split(runtime: Runtime, expression: Expression, text: Text, count = 0, start?: number): unknown[] {
  const whole = input(text);
  if (count < 0) throw argumentOutOfRange('count', 'Count cannot be less than -1.');
  const found = [...taken(runtime, expression, whole, count === 0 ? -1 : count - 1, start)];
  const parts: string[] = [];
  let at = 0;
  for (const one of expression.rightToLeft ? found.reverse() : found) {
    parts.push(whole.slice(at, one.index));
    for (const group of [...one.groups].slice(1)) if (group.success) parts.push(group.value);
    at = one.index + one.length;
  }
  parts.push(whole.slice(at));
  runtime.budget.allocate(parts.length * 8);
  return makeArray(runtime.types.array(runtime.types.type('string')), parts);
}

const ESCAPED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\f': '\\f' };

function escapePattern(text: Text): string {
  if (text === null) throw argumentNull('str');
  return text.replace(/[\\*+?|{[()^$.# \n\r\t\f]/g, (character) => ESCAPED[character] ?? `\\${character}`);
}

function unescapePattern(text: Text): string {
  if (text === null) throw argumentNull('str');
  const reader = new PatternReader(text);
  let plain = '';
  while (!reader.done) {
    const character = reader.next();
    if (character !== '\\') plain += character;
    else if (!reader.done) plain += String.fromCharCode(reader.escapedUnit(false));
  }
  return plain;
}

function stringArray(runtime: Runtime, items: readonly string[]): unknown[] {
  return makeArray(runtime.types.array(runtime.types.type('string')), [...items]);
}

const LISTED = ['.ctor', 'IsMatch', 'Match', 'Matches', 'Replace', 'Unescape', 'Split'];

/** System.Text.RegularExpressions.Regex. Without a match timeout the budget of the evaluation bounds every match. */
export const regexType: TypeDeclaration = declareType('class System.Text.RegularExpressions.Regex', LISTED, {
  'Regex(string pattern)': special((runtime, _types, pattern: Text) => new RegexValue(compiled(runtime, pattern, 0))),
  'Regex(string pattern, RegexOptions options)': special(
    (runtime, _types, pattern: Text, options: number) => new RegexValue(compiled(runtime, pattern, options)),
  ),
  'Regex(string pattern, RegexOptions options, TimeSpan matchTimeout)': special(
    (runtime, _types, pattern: Text, options: number, timeout: NetTimeSpan) => new RegexValue(compiled(runtime, pattern, options, timeout)),
  ),
  'bool IsMatch(string input)': special((runtime, _types, regex: RegexValue, text: Text) => isMatch(runtime, regex.expression, text)),
  'bool IsMatch(string input, int startat)': special((runtime, _types, regex: RegexValue, text: Text, start: number) =>
    isMatch(runtime, regex.expression, text, start),
  ),
  'static bool IsMatch(string input, string pattern)': special((runtime, _types, text: Text, pattern: Text) =>
    isMatch(runtime, compiled(runtime, pattern, 0), text),
  ),
  'static bool IsMatch(string input, string pattern, RegexOptions options)': special(
    (runtime, _types, text: Text, pattern: Text, options: number) => isMatch(runtime, compiled(runtime, pattern, options), text),
  ),
  'static bool IsMatch(string input, string pattern, RegexOptions options, TimeSpan matchTimeout)': special(
    (runtime, _types, text: Text, pattern: Text, options: number, timeout: NetTimeSpan) =>
      isMatch(runtime, compiled(runtime, pattern, options, timeout), text),
  ),
  'Match Match(string input)': special((runtime, _types, regex: RegexValue, text: Text) => match(runtime, regex.expression, text)),
  'Match Match(string input, int startat)': special((runtime, _types, regex: RegexValue, text: Text, start: number) =>
    match(runtime, regex.expression, text, start),
  ),
  'Match Match(string input, int beginning, int length)': special(
    (runtime, _types, regex: RegexValue, text: Text, beginning: number, length: number) =>
      matchPart(runtime, regex.expression, text, beginning, length),
  ),
  'static Match Match(string input, string pattern)': special((runtime, _types, text: Text, pattern: Text) =>
    match(runtime, compiled(runtime, pattern, 0), text),
  ),
  'static Match Match(string input, string pattern, RegexOptions options)': special(
    (runtime, _types, text: Text, pattern: Text, options: number) => match(runtime, compiled(runtime, pattern, options), text),
  ),
  'static Match Match(string input, string pattern, RegexOptions options, TimeSpan matchTimeout)': special(
    (runtime, _types, text: Text, pattern: Text, options: number, timeout: NetTimeSpan) =>
      match(runtime, compiled(runtime, pattern, options, timeout), text),
  ),
  'MatchCollection Matches(string input)': special((runtime, _types, regex: RegexValue, text: Text) =>
    matches(runtime, regex.expression, text),
  ),
  'MatchCollection Matches(string input, int startat)': special((runtime, _types, regex: RegexValue, text: Text, start: number) =>
    matches(runtime, regex.expression, text, start),
  ),
  'static MatchCollection Matches(string input, string pattern)': special((runtime, _types, text: Text, pattern: Text) =>
    matches(runtime, compiled(runtime, pattern, 0), text),
  ),
  'static MatchCollection Matches(string input, string pattern, RegexOptions options)': special(
    (runtime, _types, text: Text, pattern: Text, options: number) => matches(runtime, compiled(runtime, pattern, options), text),
  ),
  'static MatchCollection Matches(string input, string pattern, RegexOptions options, TimeSpan matchTimeout)': special(
    (runtime, _types, text: Text, pattern: Text, options: number, timeout: NetTimeSpan) =>
      matches(runtime, compiled(runtime, pattern, options, timeout), text),
  ),
  'string Replace(string input, string replacement)': special((runtime, _types, regex: RegexValue, text: Text, replacement: Text) =>
    replaceText(runtime, regex.expression, text, replacement),
  ),
  'string Replace(string input, string replacement, int count)': special(
    (runtime, _types, regex: RegexValue, text: Text, replacement: Text, count: number) =>
      replaceText(runtime, regex.expression, text, replacement, count),
  ),
  'string Replace(string input, string replacement, int count, int startat)': special(
    (runtime, _types, regex: RegexValue, text: Text, replacement: Text, count: number, start: number) =>
      replaceText(runtime, regex.expression, text, replacement, count, start),
  ),
  'string Replace(string input, MatchEvaluator evaluator)': special(
    (runtime, _types, regex: RegexValue, text: Text, evaluator: Evaluator | null) =>
      replaceWith(runtime, regex.expression, text, evaluator),
  ),
  'string Replace(string input, MatchEvaluator evaluator, int count)': special(
    (runtime, _types, regex: RegexValue, text: Text, evaluator: Evaluator | null, count: number) =>
      replaceWith(runtime, regex.expression, text, evaluator, count),
  ),
  'string Replace(string input, MatchEvaluator evaluator, int count, int startat)': special(
    (runtime, _types, regex: RegexValue, text: Text, evaluator: Evaluator | null, count: number, start: number) =>
      replaceWith(runtime, regex.expression, text, evaluator, count, start),
  ),
  'static string Replace(string input, string pattern, string replacement)': special(
    (runtime, _types, text: Text, pattern: Text, replacement: Text) =>
      replaceText(runtime, compiled(runtime, pattern, 0), text, replacement),
  ),
  'static string Replace(string input, string pattern, string replacement, RegexOptions options)': special(
    (runtime, _types, text: Text, pattern: Text, replacement: Text, options: number) =>
      replaceText(runtime, compiled(runtime, pattern, options), text, replacement),
  ),
  'static string Replace(string input, string pattern, string replacement, RegexOptions options, TimeSpan matchTimeout)': special(
    (runtime, _types, text: Text, pattern: Text, replacement: Text, options: number, timeout: NetTimeSpan) =>
      replaceText(runtime, compiled(runtime, pattern, options, timeout), text, replacement),
  ),
  'static string Replace(string input, string pattern, MatchEvaluator evaluator)': special(
    (runtime, _types, text: Text, pattern: Text, evaluator: Evaluator | null) =>
      replaceWith(runtime, compiled(runtime, pattern, 0), text, evaluator),
  ),
  'static string Replace(string input, string pattern, MatchEvaluator evaluator, RegexOptions options)': special(
    (runtime, _types, text: Text, pattern: Text, evaluator: Evaluator | null, options: number) =>
      replaceWith(runtime, compiled(runtime, pattern, options), text, evaluator),
  ),
  'static string Replace(string input, string pattern, MatchEvaluator evaluator, RegexOptions options, TimeSpan matchTimeout)': special(
    (runtime, _types, text: Text, pattern: Text, evaluator: Evaluator | null, options: number, timeout: NetTimeSpan) =>
      replaceWith(runtime, compiled(runtime, pattern, options, timeout), text, evaluator),
  ),
  'string[] Split(string input)': special((runtime, _types, regex: RegexValue, text: Text) => split(runtime, regex.expression, text)),
  'string[] Split(string input, int count)': special((runtime, _types, regex: RegexValue, text: Text, count: number) =>
    split(runtime, regex.expression, text, count),
  ),
  'string[] Split(string input, int count, int startat)': special(
    (runtime, _types, regex: RegexValue, text: Text, count: number, start: number) => split(runtime, regex.expression, text, count, start),
  ),
  'static string[] Split(string input, string pattern)': special((runtime, _types, text: Text, pattern: Text) =>
    split(runtime, compiled(runtime, pattern, 0), text),
  ),
  'static string[] Split(string input, string pattern, RegexOptions options)': special(
    (runtime, _types, text: Text, pattern: Text, options: number) => split(runtime, compiled(runtime, pattern, options), text),
  ),
  'static string[] Split(string input, string pattern, RegexOptions options, TimeSpan matchTimeout)': special(
    (runtime, _types, text: Text, pattern: Text, options: number, timeout: NetTimeSpan) =>
      split(runtime, compiled(runtime, pattern, options, timeout), text),
  ),
  'static string Escape(string str)': escapePattern,
  'static string Unescape(string str)': unescapePattern,
  'RegexOptions Options { get; }': (regex: RegexValue) => regex.expression.options,
  'TimeSpan MatchTimeout { get; }': (regex: RegexValue) => regex.expression.timeout ?? NO_TIMEOUT,
  'static readonly TimeSpan InfiniteMatchTimeout': () => NO_TIMEOUT,
  'bool RightToLeft { get; }': (regex: RegexValue) => regex.expression.rightToLeft,
  'string[] GetGroupNames()': special((runtime, _types, regex: RegexValue) => stringArray(runtime, regex.expression.names)),
  'int[] GetGroupNumbers()': special((runtime, _types, regex: RegexValue) =>
    makeArray(runtime.types.array(runtime.types.type('int')), [...regex.expression.numbers]),
  ),
  'string GroupNameFromNumber(int i)': (regex: RegexValue, number: number) => regex.expression.nameOfNumber(number),
  'int GroupNumberFromName(string name)': (regex: RegexValue, name: Text) => {
    if (name === null) throw argumentNull('name');
    return regex.expression.numberOfName(name);
  },
  'string ToString()': (regex: RegexValue) => regex.expression.pattern,
});
