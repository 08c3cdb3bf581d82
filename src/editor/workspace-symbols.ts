/** Names of a directory that people look for: fragments, backends, named values, variables, APIs. */
import { span } from '../source/span.ts';
import { policyDocuments } from '../workspace/documents.ts';
import type { Workspace } from '../workspace/model.ts';
import type { Location, NameKind } from './names.ts';
import { definitionsOf, type Surroundings } from './navigation.ts';

export interface WorkspaceSymbol {
  readonly name: string;
  readonly kind: NameKind | 'api';
  readonly container: string;
  readonly place: Location;
}

/** Most that are listed. */
const MOST = 500;

/** Names that hold the letters of the query in their order. */
export function workspaceSymbols(workspace: Workspace, around: Surroundings, query: string): WorkspaceSymbol[] {
  const letters = query.toLowerCase();
  const fits = (name: string) => holds(name.toLowerCase(), letters);
  const found = [...apis(workspace), ...definitions(workspace, around, fits), ...variables(workspace, around)];
  return found.filter(({ name }) => fits(name)).slice(0, MOST);
}

function holds(name: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function apis({ apis: all }: Workspace): WorkspaceSymbol[] {
  return all.flatMap(({ info, policy, operations }) => [
    ...(policy ? [{ name: info.id, kind: 'api' as const, container: 'API', place: { file: policy.file, span: span(0) } }] : []),
    ...operations.flatMap(({ info: operation, policy: own }) =>
      own ? [{ name: operation.id, kind: 'api' as const, container: info.id, place: { file: own.file, span: span(0) } }] : [],
    ),
  ]);
}

function definitions(workspace: Workspace, around: Surroundings, fits: (name: string) => boolean): WorkspaceSymbol[] {
  const named: readonly [NameKind, Iterable<string>][] = [
    ['fragment', workspace.fragments.keys()],
    ['backend', workspace.backends.keys()],
    ['named value', workspace.namedValues.keys()],
  ];
  return named.flatMap(([kind, names]) =>
    [...names].filter(fits).flatMap((name) => {
      const [place] = definitionsOf({ kind, name }, undefined, around);
      return place ? [{ name, kind, container: kind, place }] : [];
    }),
  );
}

/** Where each variable is set first. */
function variables(workspace: Workspace, { names }: Surroundings): WorkspaceSymbol[] {
  const first = new Map<string, WorkspaceSymbol>();
  for (const use of policyDocuments(workspace).flatMap((document) => names.of(document))) {
    if (use.kind !== 'variable' || !use.isDefinition || first.has(use.name)) continue;
    first.set(use.name, { name: use.name, kind: 'variable', container: use.file.name, place: use });
  }
  return [...first.values()];
}
