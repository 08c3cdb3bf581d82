/**
 * Anchors, aliases and merge keys of YAML: each alias gives way to what it stands for, each `<<` to the members of its
 * mappings, so that readers meet neither. What goes around in circles, or would grow without bounds, is an error in its place.
 */
import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';

/** A few lines of aliases of aliases can stand for billions of entries. */
const MOST_NODES = 100_000;

export type AliasTrouble = 'cycle' | 'size' | 'unknown';

/** Changes the document; `report` is told where an alias cannot be followed. */
export function resolveAliases(document: Document, report: (node: Node, trouble: AliasTrouble) => void): void {
  const root = document.contents;
  if (root) new Resolver(document, report).visit(root as Node);
}

class Resolver {
  readonly #document: Document;
  readonly #report: (node: Node, trouble: AliasTrouble) => void;
  readonly #open = new Set<Node>();
  /** Nodes that a node stands for once all aliases in it are followed. */
  readonly #sizes = new Map<Node, number>();
  /** As they stand in the file: by the time an alias is met, its place in the tree may be another's. */
  readonly #anchors = new Map<string, Node>();

  constructor(document: Document, report: (node: Node, trouble: AliasTrouble) => void) {
    this.#document = document;
    this.#report = report;
  }

  /** The node, or what stands in its place; undefined when it cannot be followed. */
  visit(node: Node): Node | undefined {
    if (isAlias(node)) return this.#followed(node);
    const { anchor } = node as { readonly anchor?: string };
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    if (this.#sizes.has(node)) return node;
    this.#open.add(node);
    if (isSeq(node)) node.items = node.items.map((item) => this.#replaced(item as Node));
    if (isMap(node)) this.#map(node);
    this.#open.delete(node);
    this.#sizes.set(node, this.#sizeOf(node));
    return node;
  }

  #followed(alias: Alias): Node | undefined {
    const target = this.#anchors.get(alias.source);
    if (!target) return this.#refused(alias, 'unknown');
    if (this.#open.has(target)) return this.#refused(alias, 'cycle');
    if ((this.#sizes.get(target) ?? 1) > MOST_NODES) return this.#refused(alias, 'size');
    return target;
  }

  #refused(alias: Alias, trouble: AliasTrouble): undefined {
    this.#report(alias, trouble);
    return undefined;
  }

  #replaced(node: Node | null): Node {
    return (node && this.visit(node)) ?? (this.#document.createNode(null) as Node);
  }

  #map(map: YAMLMap): void {
    for (const pair of map.items) if (pair.value) pair.value = this.#replaced(pair.value as Node);
    const own = new Set(map.items.map(keyOf));
    map.items = map.items.flatMap((pair) => {
      const merged = keyOf(pair) === '<<' ? this.#merged(pair.value as Node) : undefined;
      // The nearest wins: own members, then those of the first mapping.
      return merged ? merged.filter((one) => !own.has(keyOf(one)) && own.add(keyOf(one))) : [pair];
    });
  }

  /** Members of one mapping, or of a list of them; undefined for anything else, which stays what it is. */
  #merged(value: Node): Pair[] | undefined {
    if (isMap(value)) return value.items;
    if (!isSeq(value) || !value.items.every(isMap)) return undefined;
    return value.items.flatMap((one) => (isMap(one) ? one.items : []));
  }

  #sizeOf(node: Node): number {
    const parts = isSeq(node) ? node.items : isMap(node) ? node.items.map(({ value }) => value) : [];
    return parts.reduce<number>((sum, part) => sum + (this.#sizes.get(part as Node) ?? 1), 1);
  }
}

function keyOf({ key }: Pair): unknown {
  return isScalar(key) ? key.value : key;
}
