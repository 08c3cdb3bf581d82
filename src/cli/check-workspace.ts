/** Checking a whole policy directory; loaded only when one is checked. */
import { resolve } from 'node:path';
import { overlaid } from '../editor/overlay.ts';
import type { Host } from '../host/host.ts';
import { createNodeHost } from '../host/node.ts';
import { environmentVariable } from '../host/node-environment.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/source-file.ts';
import { MemoryCache } from '../stores/cache.ts';
import { MemoryCounters } from '../stores/counters.ts';
import { policyDocuments } from '../workspace/documents.ts';
import { createEngine } from '../workspace/engine.ts';
import type { Expressions } from '../workspace/expressions.ts';
import { loadWorkspace } from '../workspace/load.ts';
import { unreadFiles } from '../workspace/unread-files.ts';
import { readFile } from '../xml/reader.ts';
import { shownName } from './policy-files.ts';

export interface CheckWorkspaceOptions {
  readonly lenient?: boolean | undefined;
  /** Which of portico.yaml's `environments`. */
  readonly env?: string | undefined;
  /** Name what has no part in running policies, too. */
  readonly verbose?: boolean | undefined;
}

/** The problems of a document that stands in place of one of a directory; undefined when the directory does not have it. */
export function checkOpenDocument(
  root: string,
  file: SourceFile,
  expressions: Expressions,
  { lenient = false, env }: CheckWorkspaceOptions,
): readonly Diagnostic[] | undefined {
  const loaded = loadWorkspace(root, { environment: (name) => environmentVariable(name), environmentName: env });
  const { document, problems } = readFile(file);
  const workspace = overlaid(loaded, new Map([[resolve(file.name), document]]));
  if (!policyDocuments(workspace).includes(document)) return undefined;
  const others = loaded.problems.filter((problem) => problem.file.name !== file.name);
  const engine = createEngine(
    { ...workspace, problems: [...others, ...problems] },
    { host: engineHost(), expressions, lenient, assumesValues: true },
  );
  return engine.problems.filter((problem) => problem.file.name === file.name);
}

export function checkWorkspace(
  root: string,
  expressions: Expressions,
  { lenient = false, env, verbose = false }: CheckWorkspaceOptions,
): { documents: number; problems: readonly Diagnostic[]; has(name: string): boolean } {
  const workspace = loadWorkspace(root, { environment: (name) => environmentVariable(name), environmentName: env });
  const { problems } = createEngine(workspace, { host: engineHost(), expressions, lenient, assumesValues: true });
  const files = workspace.files.filter((name) => /\.xml$/i.test(name)).length;
  const told = new Set(problems.map(({ file }) => file.name));
  const unread = verbose ? unreadFiles(workspace, shownName).filter(({ file }) => !told.has(file.name)) : [];
  const notices = verbose ? [...(workspace.notices ?? []), ...unread] : [];
  const documents = policyDocuments(workspace);
  return {
    documents: Math.max(files, documents.length),
    problems: [...problems, ...notices],
    has: (name) => documents.some(({ file }) => file.name === name),
  };
}

function engineHost(): Host {
  return createNodeHost({ cache: new MemoryCache(Date.now), counters: new MemoryCounters(Date.now) });
}
