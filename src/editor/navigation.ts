/** From a use to where it is defined, and to every other use: fragments, named values, backends, wider scopes, variables. */
import { resolve } from 'node:path';
import type { SourceFile } from '../source/source-file.ts';
import { span } from '../source/span.ts';
import { policyDocuments, scopedDocuments } from '../workspace/documents.ts';
import type { Workspace } from '../workspace/model.ts';
import { childElements, type PolicyDocument } from '../xml/tree.ts';
import { backendFolder, configNames, mayHoldNames } from './config-names.ts';
import { type Location, NamesByDocument, type NameUse } from './names.ts';
import { elementsAt } from './place.ts';

/** What lies around a document. */
export interface Surroundings {
  /** With open documents as they stand in the editor; undefined for a file outside of any directory. */
  readonly workspace: Workspace | undefined;
  readonly names: NamesByDocument;
  /** A text of the directory, as it stands in the editor. */
  readonly read: (path: string) => SourceFile | undefined;
  /** Files beside the workspace's own that hold names: tests, configuration of publishers. */
  readonly otherFiles: () => readonly string[];
}

export const ALONE: Surroundings = {
  workspace: undefined,
  names: new NamesByDocument(),
  read: () => undefined,
  otherFiles: () => [],
};

export function definitionsAt(document: PolicyDocument, offset: number, around: Surroundings): Location[] {
  const use = around.names.at(document, offset);
  if (use) return definitionsOf(use, document, around);
  const elements = elementsAt(document, offset);
  const element = elements[elements.length - 1];
  return element?.name === 'base' ? wider(document, elements[elements.length - 2]?.name, around.workspace) : [];
}

export function definitionsOf(use: Pick<NameUse, 'kind' | 'name'>, document: PolicyDocument | undefined, around: Surroundings): Location[] {
  switch (use.kind) {
    case 'variable': {
      const writes = (documents: readonly PolicyDocument[]) => around.names.uses(use, documents).filter(({ isDefinition }) => isDefinition);
      const own = document ? writes([document]) : [];
      return own.length > 0 ? own : writes(around.workspace ? policyDocuments(around.workspace) : []);
    }
    case 'fragment':
      return fragmentOf(use.name, around.workspace);
    default: {
      const defined = configUses(use, around).filter(({ isDefinition }) => isDefinition);
      return defined.length > 0 || use.kind === 'named value' ? defined : backendFile(use.name, around);
    }
  }
}

function fragmentOf(id: string, workspace: Workspace | undefined): Location[] {
  const fragment = workspace?.fragments.get(id);
  return fragment ? [{ file: fragment.file, span: fragment.elements[0]?.nameSpan ?? span(0, 0) }] : [];
}

function backendFile(id: string, { workspace, read }: Surroundings): Location[] {
  const path = workspace?.files.find((file) => backendFolder(file, id) !== undefined);
  const file = path === undefined ? undefined : read(path);
  return file ? [{ file, span: span(0) }] : [];
}

/** The same section of the next wider scope that has one. */
function wider(document: PolicyDocument, section: string | undefined, workspace: Workspace | undefined): Location[] {
  const own = workspace && scopedDocuments(workspace).find((one) => resolve(one.document.file.name) === resolve(document.file.name));
  for (const outer of own?.outer ?? []) {
    const found = outer.elements.flatMap(childElements).find(({ name }) => name === section);
    if (found) return [{ file: outer.file, span: found.nameSpan }];
  }
  return [];
}

/** Every place that holds the name: in this document, in the others of the directory, in its YAML and JSON files. */
export function usesOf(use: Pick<NameUse, 'kind' | 'name'>, document: PolicyDocument | undefined, around: Surroundings): NameUse[] {
  const others = around.workspace ? policyDocuments(around.workspace) : [];
  const own = document ? resolve(document.file.name) : undefined;
  const all = [...(document ? [document] : []), ...others.filter(({ file }) => resolve(file.name) !== own || document === undefined)];
  return [...around.names.uses(use, all), ...(use.kind === 'variable' ? [] : configUses(use, around))];
}

/** The name in files that hold no policies. */
export function configUses({ kind, name }: Pick<NameUse, 'kind' | 'name'>, { workspace, read, otherFiles }: Surroundings): NameUse[] {
  if (workspace === undefined) return [];
  const paths = new Set([...workspace.files, ...otherFiles()].map((path) => resolve(path)).filter(mayHoldNames));
  return [...paths].flatMap((path) => {
    const file = read(path);
    if (!file?.text.includes(name)) return [];
    return configNames(file).filter((use) => use.kind === kind && use.name === name);
  });
}
