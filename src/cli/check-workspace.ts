/** Checking a whole policy directory; loaded only when one is checked. */
import { createNodeHost } from '../host/node.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { MemoryCache } from '../stores/cache.ts';
import { MemoryCounters } from '../stores/counters.ts';
import { createEngine } from '../workspace/engine.ts';
import type { Expressions } from '../workspace/expressions.ts';
import { loadWorkspace } from '../workspace/load.ts';

export function checkWorkspace(
  root: string,
  expressions: Expressions,
  lenient: boolean,
): { documents: number; problems: readonly Diagnostic[] } {
  const host = createNodeHost({ cache: new MemoryCache(Date.now), counters: new MemoryCounters(Date.now) });
  const workspace = loadWorkspace(root, { environment: (name) => process.env[name] });
  const { problems } = createEngine(workspace, { host, expressions, lenient });
  return { documents: workspace.files.filter((name) => /\.xml$/i.test(name)).length, problems };
}
