/** Checking a whole policy directory; loaded only when one is checked. */
import { createNodeHost } from '../host/node.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { MemoryCache } from '../stores/cache.ts';
import { MemoryCounters } from '../stores/counters.ts';
import { policyDocuments } from '../workspace/documents.ts';
import { createEngine } from '../workspace/engine.ts';
import type { Expressions } from '../workspace/expressions.ts';
import { loadWorkspace } from '../workspace/load.ts';
import { unreadFiles } from '../workspace/unread-files.ts';
import { shownName } from './policy-files.ts';

export interface CheckWorkspaceOptions {
  readonly lenient?: boolean | undefined;
  /** Which of portico.yaml's `environments`. */
  readonly env?: string | undefined;
  /** Name what has no part in running policies, too. */
  readonly verbose?: boolean | undefined;
}

export function checkWorkspace(
  root: string,
  expressions: Expressions,
  { lenient = false, env, verbose = false }: CheckWorkspaceOptions,
): { documents: number; problems: readonly Diagnostic[] } {
  const host = createNodeHost({ cache: new MemoryCache(Date.now), counters: new MemoryCounters(Date.now) });
  const workspace = loadWorkspace(root, { environment: (name) => process.env[name], environmentName: env });
  const { problems } = createEngine(workspace, { host, expressions, lenient });
  const files = workspace.files.filter((name) => /\.xml$/i.test(name)).length;
  const notices = verbose ? [...(workspace.notices ?? []), ...unreadFiles(workspace, shownName)] : [];
  return { documents: Math.max(files, policyDocuments(workspace).length), problems: [...problems, ...notices] };
}
