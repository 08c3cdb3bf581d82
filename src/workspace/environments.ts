/** `environments` of portico.yaml: what differs on a laptop, in a test, in an environment of its own. */
import { isMap, isScalar, isSeq, type Node, type Pair, YAMLMap, YAMLSeq } from 'yaml';
import type { ConfigContext, Entry } from './config-file.ts';
import * as faults from './faults.ts';

/** The file with one of its environments laid over it: mappings member by member, lists of things with an `id` by id, all else whole. */
export function overlaid(file: Entry, name: string | undefined, sections: readonly string[]): Entry {
  const environments = file.get('environments');
  const known = environments.members();
  const inside = sections.filter((section) => section !== 'environments');
  for (const [, entry] of known) entry.onlyMembers(inside);
  if (name === undefined) return file;
  const chosen = known.find(([key]) => key === name)?.[1];
  if (!chosen) (environments.exists ? environments : file).report(faults.noEnvironment(name));
  const node = chosen?.exists ? chosen.node : undefined;
  return node === undefined ? file : file.changed((base) => mergedNodes(base, node));
}

/**
 * The file as it is in each environment that was not chosen, for readers to find entries that they do not know. Of what else
 * may be wrong there nothing is told: variables and files may be those of other machines.
 */
export function others(file: Entry, chosen: string | undefined): Entry[] {
  return file
    .get('environments')
    .members()
    .filter(([name]) => name !== chosen)
    .map(([, { node, span }]) => {
      const report: ConfigContext['report'] = (problem) => {
        const isInside = problem.span.start >= span.start && problem.span.end <= span.end;
        if (isInside && problem.code === UNKNOWN) file.context.report(problem);
      };
      const context = { ...file.context, report, environment: () => '' };
      return file.inContext(context).changed((base) => (node && isMap(node) ? mergedNodes(base, node) : base));
    });
}

const UNKNOWN = faults.unknownEntry('', undefined, []).code;

/** Whose overlay it is: publishers lay lists over whole, and names of properties without regard to case, as artifacts have them. */
type Overlay = 'environment' | 'publisher';

/** Mappings member by member, lists of things with an `id` by id, everything else whole. */
export function mergedNodes(base: Node, over: Node, overlay: Overlay = 'environment'): Node {
  if (isMap(base) && isMap(over)) return mergedMaps(base, over, overlay);
  if (overlay === 'environment' && isSeq(base) && isSeq(over) && over.items.every((item) => idOf(item) !== undefined))
    return mergedLists(base, over);
  return over;
}

function mergedMaps(base: YAMLMap, over: YAMLMap, overlay: Overlay): YAMLMap {
  const result = new YAMLMap();
  if (base.range) result.range = base.range;
  const nameOf = (pair: Pair): string => (overlay === 'publisher' ? keyOf(pair).toLowerCase() : keyOf(pair));
  const replaced = new Map(over.items.map((pair) => [nameOf(pair), pair]));
  for (const pair of base.items) {
    const other = replaced.get(nameOf(pair));
    replaced.delete(nameOf(pair));
    if (!other) result.items.push(pair);
    else result.items.push(withValue(other, mergedNodes(pair.value as Node, other.value as Node, overlay)));
  }
  result.items.push(...replaced.values());
  return result;
}

function withValue(pair: Pair, value: Node): Pair {
  const copy = pair.clone();
  copy.key = pair.key;
  copy.value = value;
  return copy;
}

function mergedLists(base: YAMLSeq, over: YAMLSeq): YAMLSeq {
  const result = new YAMLSeq();
  if (base.range) result.range = base.range;
  const known = new Map(over.items.map((item) => [idOf(item), item]));
  for (const item of base.items) {
    const other = known.get(idOf(item));
    if (other !== undefined) known.delete(idOf(item));
    result.items.push(other === undefined ? item : mergedNodes(item as Node, other as Node));
  }
  result.items.push(...known.values());
  return result;
}

function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

function idOf(item: unknown): unknown {
  return isMap(item) ? item.get('id') : undefined;
}
