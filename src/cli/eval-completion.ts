/** What `portico eval -i` offers at the Tab key: permitted members of whatever stands before the dot. */
import { IMPORTED_NAMESPACES } from '../csharp/types/keywords.ts';
import { instanceNames, offers, staticNames } from '../csharp/types/member-names.ts';
import type { TypeDefinition } from '../csharp/types/type.ts';
import type { Evaluator } from './eval-run.ts';

const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** The names that fit at the end of the line, and the part of a name that is already there. */
export function completions(line: string, evaluator: Evaluator): [names: string[], typed: string] {
  const typed = /\w*$/.exec(line)?.[0] ?? '';
  const before = line.slice(0, line.length - typed.length);
  const dot = /\??\.$/.exec(before);
  const names = dot ? behindDot(receiverBefore(before.slice(0, dot.index)), evaluator) : atStart(typed, evaluator);
  return [names.filter((name) => name.toLowerCase().startsWith(typed.toLowerCase())), typed];
}

/** `context` and the types whose short names are in scope; all types only once something is typed. */
function atStart(typed: string, evaluator: Evaluator): string[] {
  if (typed === '') return ['context'];
  const types = [...evaluator.types.definitions].filter((definition) => isOffered(definition, evaluator));
  return ['context', ...types.map(({ name }) => name)].sort();
}

function isOffered(definition: TypeDefinition, { anyMember }: Evaluator): boolean {
  const isImported = definition.namespace === '' || IMPORTED_NAMESPACES.includes(definition.namespace);
  return isImported && (anyMember || definition.listed !== 'none');
}

function behindDot(receiver: string, evaluator: Evaluator): string[] {
  if (receiver === '') return [];
  const { types } = evaluator;
  const offered = offers(evaluator.anyMember);
  const value = evaluator.staticType(receiver);
  if (value !== undefined) return instanceNames(types, value, offered);
  const [definition] = types.find(receiver, 0, IMPORTED_NAMESPACES);
  if (definition !== undefined) return staticNames(types, definition, offered);
  return types.isNamespace(receiver) ? insideNamespace(receiver, evaluator) : [];
}

/** Types and namespaces right inside a namespace. */
function insideNamespace(namespace: string, { types, anyMember }: Evaluator): string[] {
  const names = new Set<string>();
  for (const { fullName, listed } of types.definitions) {
    const isInside = fullName.startsWith(`${namespace}.`) && (anyMember || listed !== 'none');
    if (isInside) names.add(fullName.slice(namespace.length + 1).split('.')[0] ?? '');
  }
  return [...names].sort();
}

/** The operand that a text ends with: names, dots, calls and brackets, strings; read backwards, brackets matched. */
export function receiverBefore(text: string): string {
  let at = text.length;
  for (;;) {
    const start = operandStart(text, at);
    if (start === at) return text.slice(at).trim();
    at = start;
  }
}

/** Where the last piece before `end` begins; `end` itself when no piece of an operand is there. */
function operandStart(text: string, end: number): number {
  const last = text[end - 1] ?? '';
  if (last === '.') return end - (text[end - 2] === '?' ? 2 : 1);
  if (CLOSERS[last] !== undefined) return openingOf(text, end - 1);
  if (last === '"') return stringStart(text, end - 1);
  const word = /(?:new\s+)?\w+$|new\s+$/.exec(text.slice(Math.max(0, end - 200), end));
  return word && !isKeyword(word[0]) ? end - word[0].length : end;
}

function isKeyword(word: string): boolean {
  return word === 'return' || word === 'in' || word === 'is' || word === 'as';
}

/** The place of the bracket that the one at `closer` closes; brackets in strings do not count. */
function openingOf(text: string, closer: number): number {
  let depth = 0;
  for (let at = closer; at >= 0; at -= 1) {
    const character = text[at] ?? '';
    if (character === '"') at = stringStart(text, at);
    else if (CLOSERS[character] !== undefined) depth += 1;
    else if ('([{'.includes(character)) depth -= 1;
    if (depth === 0) return at;
  }
  return closer + 1;
}

function stringStart(text: string, end: number): number {
  let at = text.lastIndexOf('"', end - 1);
  while (at > 0 && text[at - 1] === '\\') at = text.lastIndexOf('"', at - 1);
  return Math.max(at, 0);
}
