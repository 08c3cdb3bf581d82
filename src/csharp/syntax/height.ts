import type { Placed } from './walk.ts';
import { childrenOf } from './walk.ts';

/** Does any path from the root hold more than `limit` nodes? Does not recurse, so any tree can be asked about. */
export function isTooDeep(root: Placed, limit: number): boolean {
  const waiting: { readonly node: Placed; readonly depth: number }[] = [{ node: root, depth: 1 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.depth > limit) return true;
    for (const node of childrenOf(next.node)) waiting.push({ node, depth: next.depth + (node.kind === undefined ? 0 : 1) });
  }
  return false;
}
