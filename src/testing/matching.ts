/**
 * Expectations on values: what a test file says is compiled once into checks, which compare what came and note each
 * difference with its place.
 */
import { isJsonObject } from '../source/json.ts';
import { nearestName } from '../source/nearest.ts';
import type { Entry } from '../workspace/config-file.ts';
import * as faults from '../workspace/faults.ts';
import { badPattern, operatorBeside } from './faults.ts';
import { MARKERS, patternOf } from './markers.ts';
import { type Found, jsonPathValues, xpathValues } from './paths.ts';

/** Notes a difference: where it was expected, what is meant (`body.items[0].id`), what was expected, what came. */
export type Note = (entry: Entry, what: string, expected: string, actual: string) => void;

/** Compares a value; `undefined` is what is not there. */
export type Check = (actual: unknown, what: string, note: Note) => void;

/** Whether a check has nothing to note. */
export function passes(check: Check, actual: unknown): boolean {
  let same = true;
  check(actual, '', () => {
    same = false;
  });
  return same;
}

/** A text or its kind; a mapping of operators. */
export function textCheck(entry: Entry): Check {
  if (entry.isMapping) return operatorsCheck(entry, textCheck);
  if (entry.isList) {
    entry.report(faults.wrongType(entry.name, 'a text'));
    return () => {};
  }
  const expected = entry.plain() === null ? null : entry.text();
  const fits = typeof expected === 'string' ? textFits(entry, expected) : (actual: unknown) => actual === null;
  return (actual, what, note) => {
    if (!fits(actual)) note(entry, what, expected ?? 'null', shownText(actual));
  };
}

/** JSON: mappings and lists member by member, nothing missing and nothing more; texts may be patterns or kinds. */
export function jsonCheck(entry: Entry, subset = false): Check {
  if (entry.isMapping) return hasOperators(entry) ? operatorsCheck(entry, jsonCheck) : objectCheck(entry, subset);
  if (entry.isList) return subset ? subsetListCheck(entry) : listCheck(entry);
  const expected = entry.plain();
  const fits = scalarFits(entry, expected);
  return (actual, what, note) => {
    if (!fits(actual)) note(entry, what, JSON.stringify(expected), shownJson(actual));
  };
}

/** A body: a text compares with the text, anything else with the JSON; operators see what they need. */
export function bodyCheck(entry: Entry): Check {
  if (entry.isMapping && hasOperators(entry)) return absentWhenEmpty(operatorsCheck(entry, bodyCheck));
  if (!entry.isMapping && !entry.isList) return emptyOrAbsent(textCheck(entry), entry.plain());
  return absentWhenEmpty(parsed(entry, jsonCheck(entry)));
}

/** A variable: as a body, but for an empty text, which is not the same as none. */
export function variableCheck(entry: Entry): Check {
  return entry.isMapping || entry.isList ? bodyCheck(entry) : textCheck(entry);
}

/** No body is an empty one for a text: `body: ''` and `body: absent` both say so. */
function emptyOrAbsent(check: Check, expected: unknown): Check {
  const isText = typeof expected === 'string' && !MARKERS.has(expected);
  return (actual, what, note) => {
    const isEmpty = actual === '' || actual === undefined;
    if (isEmpty && isText && passes(check, '')) return;
    check(isEmpty ? undefined : actual, what, note);
  };
}

function absentWhenEmpty(check: Check): Check {
  return (actual, what, note) => check(actual === '' ? undefined : actual, what, note);
}

/** A check of the JSON that a text holds. */
function parsed(entry: Entry, check: Check): Check {
  return (actual, what, note) => {
    if (typeof actual !== 'string') return check(actual, what, note);
    const json = parsedJson(actual);
    if (json) check(json.value, what, note);
    else note(entry, what, 'JSON', shownText(actual));
  };
}

function parsedJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Members of a mapping, each by its own check; others may be there. */
export function membersCheck(entry: Entry, check: (member: Entry) => Check, memberOf: (actual: unknown, name: string) => unknown): Check {
  const members = entry.members().map(([name, member]) => ({ name, check: check(member) }));
  return (actual, what, note) => {
    for (const { name, check: one } of members) one(memberOf(actual, name), what === '' ? name : `${what}.${name}`, note);
  };
}

// ------------------------------------------------------------ JSON

function objectCheck(entry: Entry, subset: boolean): Check {
  const members = new Map(entry.members().map(([name, member]) => [name, jsonCheck(member, subset)]));
  return (actual, what, note) => {
    if (!isJsonObject(actual)) return note(entry, what, shownJson(entry.plain()), shownJson(actual));
    const found = new Map(Object.entries(actual));
    for (const [name, check] of members) check(found.get(name), `${what}.${name}`, note);
    if (subset) return;
    for (const [name, value] of found) if (!members.has(name)) note(entry, `${what}.${name}`, 'absent', shownJson(value));
  };
}

function listCheck(entry: Entry, checkOf: (item: Entry) => Check = jsonCheck): Check {
  const items = entry.items().map((item) => checkOf(item));
  return (actual, what, note) => {
    if (!Array.isArray(actual)) return note(entry, what, shownJson(entry.plain()), shownJson(actual));
    if (items.length !== actual.length) note(entry, what, counted(items.length, 'item'), counted(actual.length, 'item'));
    items.forEach((check, at) => {
      if (at < actual.length) check(actual[at], `${what}[${at}]`, note);
    });
  };
}

/** Each expected item fits some item of the list, in any order. */
function subsetListCheck(entry: Entry): Check {
  const items = entry.items().map((item) => ({ item, check: jsonCheck(item, true) }));
  return (actual, what, note) => {
    if (!Array.isArray(actual)) return note(entry, what, shownJson(entry.plain()), shownJson(actual));
    for (const { item, check } of items) {
      if (!actual.some((one) => passes(check, one))) note(item, what, `an item like ${shownJson(item.plain())}`, shownJson(actual));
    }
  };
}

function scalarFits(entry: Entry, expected: unknown): (actual: unknown) => boolean {
  if (typeof expected !== 'string') return (actual) => Object.is(expected, actual);
  return textFits(entry, entry.text() ?? expected, true);
}

/** `strict`: a number is not its text. */
function textFits(entry: Entry, expected: string, strict = false): (actual: unknown) => boolean {
  const pattern = patternOf(expected);
  if (pattern) {
    const regex = regexOf(entry, pattern);
    return (actual) => regex !== undefined && isScalar(actual) && regex.test(String(actual));
  }
  const marker = MARKERS.get(expected);
  return (actual) => marker?.(actual) === true || actual === expected || (!strict && isScalar(actual) && String(actual) === expected);
}

function regexOf(entry: Entry, { source, flags }: { readonly source: string; readonly flags: string }): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    entry.report(badPattern(entry.name, error instanceof Error ? error.message : String(error)));
    return undefined;
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function shownText(actual: unknown): string {
  if (actual === undefined) return 'absent';
  return typeof actual === 'string' ? actual : JSON.stringify(actual);
}

/** `1 item`, `2 items`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function shownJson(actual: unknown): string {
  return actual === undefined ? 'absent' : JSON.stringify(actual);
}

// ------------------------------------------------------------ operators

/** A mapping whose every name begins with `$`; `$equals` compares one that only looks so. */
function hasOperators(entry: Entry): boolean {
  const members = entry.members();
  const isName = ([name]: readonly [string, Entry]) => !name.startsWith('$');
  const [other, operator] = [members.find(isName), members.find(([name]) => OPERATORS.has(name))];
  if (other && operator) operator[1].report(operatorBeside(operator[0], other[0]));
  return members.length > 0 && !other;
}

/** `same` is how values inside compare: as texts, as JSON, as bodies. */
type Operator = (operand: Entry, same: (entry: Entry) => Check) => Check;

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$equals', (operand, same) => (same === jsonCheck ? exactCheck(operand) : textEquals(operand))],
  ['$subset', (operand, same) => (same === bodyCheck ? parsed(operand, jsonCheck(operand, true)) : jsonCheck(operand, true))],
  ['$jsonpath', (operand) => pathsCheck(operand, jsonPathValues, jsonCheck)],
  ['$xpath', (operand) => pathsCheck(operand, xpathValues, xpathCheck)],
  ['$matches', (operand) => matchesCheck(operand)],
  ['$contains', (operand) => containsCheck(operand)],
  ['$not', (operand, same) => notCheck(operand, same(operand))],
  ['$oneOf', (operand, same) => oneOfCheck(operand, same)],
  ['$length', (operand) => lengthCheck(operand)],
  ['$min', (operand) => boundCheck(operand, 'at least', (actual, bound) => actual >= bound)],
  ['$max', (operand) => boundCheck(operand, 'at most', (actual, bound) => actual <= bound)],
]);

export const OPERATOR_NAMES: readonly string[] = [...OPERATORS.keys()];

function operatorsCheck(entry: Entry, same: (entry: Entry) => Check): Check {
  const checks = entry.members().map(([name, operand]) => {
    const operator = OPERATORS.get(name);
    if (operator) return operator(operand, same);
    operand.report(faults.unknownEntry(name, nearestName(name, OPERATOR_NAMES), OPERATOR_NAMES));
    return () => {};
  });
  return (actual, what, note) => {
    for (const check of checks) check(actual, what, note);
  };
}

/** The value as it is: neither patterns nor kinds nor operators. */
function exactCheck(entry: Entry): Check {
  const expected = shownJson(sorted(entry.plain()));
  return (actual, what, note) => {
    if (shownJson(sorted(actual)) !== expected) note(entry, what, expected, shownJson(actual));
  };
}

/** The same for a text: numbers are theirs, a mapping or list is its JSON. */
function textEquals(entry: Entry): Check {
  if (entry.isMapping || entry.isList) return parsed(entry, exactCheck(entry));
  const expected = entry.text() ?? 'null';
  return (actual, what, note) => {
    if (actual !== expected) note(entry, what, expected, shownText(actual));
  };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, sorted(item)]),
  );
}

type FindValues = (text: string, path: string) => Found;

/** One value is compared as it is, several as a list, none is absent; a list is compared with all of them. */
function pathsCheck(entry: Entry, find: FindValues, checkOf: (expected: Entry) => Check): Check {
  const paths = entry.members().map(([path, expected]) => ({ path, expected, check: checkOf(expected) }));
  return (actual, what, note) => {
    const text = typeof actual === 'string' ? actual : JSON.stringify(actual);
    for (const { path, expected, check } of paths) {
      const { values, fault }: Found = text === undefined ? { values: [] } : find(text, path);
      if (fault !== undefined) note(expected, `${what} ${path}`, shownJson(expected.plain()), fault);
      else check(values.length > 1 || (expected.isList && !Array.isArray(values[0])) ? values : values[0], `${what} ${path}`, note);
    }
  };
}

/** XML knows texts only, so that `3` is the text `3`. */
function xpathCheck(entry: Entry): Check {
  return entry.isList ? listCheck(entry, textCheck) : textCheck(entry);
}

function matchesCheck(entry: Entry): Check {
  const patterns = (entry.isList ? entry.items() : [entry]).map((one) => {
    const text = one.text() ?? '';
    return { one, text, regex: regexOf(one, patternOf(text) ?? { source: text, flags: '' }) };
  });
  return (actual, what, note) => {
    for (const { one, text, regex } of patterns)
      if (!isScalar(actual) || regex?.test(String(actual)) !== true) note(one, what, `a match of ${text}`, shownText(actual));
  };
}

/** A part of a text, or an item of a list. */
function containsCheck(entry: Entry): Check {
  const parts = (entry.isList ? entry.items() : [entry]).map((one) => ({ one, check: jsonCheck(one) }));
  return (actual, what, note) => {
    for (const { one, check } of parts) {
      const list = one.isMapping || one.isList ? jsonOf(actual) : actual;
      const found = Array.isArray(list) ? list.some((item) => passes(check, item)) : hasPart(actual, one.plain());
      if (!found) note(one, what, `something with ${shownJson(one.plain())}`, shownText(actual));
    }
  };
}

function hasPart(actual: unknown, part: unknown): boolean {
  return isScalar(actual) && isScalar(part) && String(actual).includes(String(part));
}

/** What a text says as JSON; anything else as it is. */
function jsonOf(actual: unknown): unknown {
  return typeof actual === 'string' ? parsedJson(actual)?.value : actual;
}

function notCheck(entry: Entry, check: Check): Check {
  return (actual, what, note) => {
    if (passes(check, actual)) note(entry, what, `not ${shownJson(entry.plain())}`, shownText(actual));
  };
}

function oneOfCheck(entry: Entry, same: (entry: Entry) => Check): Check {
  const checks = entry.items().map(same);
  return (actual, what, note) => {
    if (!checks.some((check) => passes(check, actual))) note(entry, what, `one of ${shownJson(entry.plain())}`, shownText(actual));
  };
}

function lengthCheck(entry: Entry): Check {
  const check = jsonCheck(entry);
  return (actual, what, note) => {
    const length =
      typeof actual === 'string' || Array.isArray(actual) ? actual.length : isJsonObject(actual) ? Object.keys(actual).length : undefined;
    check(length, `${what}.length`, note);
  };
}

function boundCheck(entry: Entry, word: string, holds: (actual: number, bound: number) => boolean): Check {
  const bound = entry.number() ?? Number.NaN;
  return (actual, what, note) => {
    const number = isScalar(actual) && actual !== '' ? Number(actual) : Number.NaN;
    if (!holds(number, bound)) note(entry, what, `${word} ${bound}`, shownText(actual));
  };
}
