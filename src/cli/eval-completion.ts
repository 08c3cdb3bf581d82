/** What `portico eval -i` offers at the Tab key: permitted members of whatever stands before the dot. */
import { IMPORTED_NAMESPACES } from '../csharp/types/keywords.ts';
import { instanceNames, offers, staticNames } from '../csharp/types/member-names.ts';
import type { TypeDefinition } from '../csharp/types/type.ts';
import { operandBefore } from '../editor/operand.ts';
import type { Evaluator } from './eval-run.ts';

/** The names that fit at the end of the line, and the part of a name that is already there. */
export function completions(line: string, evaluator: Evaluator): [names: string[], typed: string] {
  const typed = /\w*$/.exec(line)?.[0] ?? '';
  const before = line.slice(0, line.length - typed.length);
  const dot = /\??\.$/.exec(before);
  const names = dot ? behindDot(operandBefore(before.slice(0, dot.index)), evaluator) : atStart(typed, evaluator);
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
