/** Properties of one file laid over those of another, as publishers do: mappings member by member, all else whole. */
import { isMap, isSeq, type Node } from 'yaml';
import type { ConfigContext, Entry } from './config-file.ts';
import { mergedNodes } from './environments.ts';

/** What comes from `over` keeps its place there, in messages. */
export function laidOver(facts: Entry, over: Entry): Entry {
  const { node } = over;
  if (!node) return facts;
  const foreign = facts.context.foreign ?? new WeakMap<object, ConfigContext>();
  register(node, over.context, foreign);
  return facts.inContext({ ...facts.context, foreign }).changed((base) => mergedNodes(base, node, 'publisher'));
}

function register(node: Node, context: ConfigContext, foreign: WeakMap<object, ConfigContext>): void {
  foreign.set(node, context);
  if (isMap(node)) for (const pair of node.items) if (pair.value) register(pair.value as Node, context, foreign);
  if (isSeq(node)) for (const item of node.items) register(item as Node, context, foreign);
}
