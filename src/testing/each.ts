/** Tables: a test runs once for each row, `${name}` (and `$name` where it is a column) stands for a value of the row. */
import { isAlias, isMap, isPair, isScalar, isSeq, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Entry } from '../workspace/config-file.ts';

/** A row: its values as they stand in the file. */
export type Row = ReadonlyMap<string, unknown>;

export function rowOf(entry: Entry): Row {
  return new Map(entry.members().map(([name, value]) => [name, value.plain()]));
}

/** The entry with all values of the row filled in; places in the file stay what they were. */
export function withRow(entry: Entry, row: Row): Entry {
  return entry.changed((node) => filled(node, row));
}

/** Text alone: names of tests. Columns that the name does not mention are put behind it. */
export function nameOf(template: string, row: Row): string {
  const name = String(fillText(template, row));
  if (name !== template) return name;
  const values = [...row].map(([column, value]) => `${column}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${template} (${values.join(', ')})`;
}

function filled(node: Node, row: Row): Node {
  const copy = copyOf(node, row);
  copy.range = node.range ?? null;
  return copy;
}

function copyOf(node: Node, row: Row): Node {
  if (isMap(node)) {
    const map = new YAMLMap();
    map.items = node.items.map((pair) => (isPair(pair) ? new Pair(part(pair.key, row), part(pair.value, row)) : pair));
    return map;
  }
  if (isSeq(node)) {
    const list = new YAMLSeq();
    list.items = node.items.map((item) => part(item, row));
    return list;
  }
  if (isAlias(node) || !isScalar(node) || typeof node.value !== 'string') return node.clone() as Node;
  return nodeOf(fillText(node.value, row));
}

function part(value: unknown, row: Row): unknown {
  return isNode(value) ? filled(value, row) : value;
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) {
    const list = new YAMLSeq();
    list.items = value.map(nodeOf);
    return list;
  }
  if (typeof value !== 'object' || value === null) return new Scalar(value);
  const map = new YAMLMap();
  map.items = Object.entries(value).map(([name, item]) => new Pair(new Scalar(name), nodeOf(item)));
  return map;
}

/** A text that is one reference alone becomes the value itself: numbers stay numbers. */
function fillText(text: string, row: Row): unknown {
  const whole = /^\$(?:\{([\w.-]+)\}|([A-Za-z_]\w*))$/.exec(text);
  const name = whole?.[1] ?? whole?.[2];
  if (name !== undefined && row.has(name)) return row.get(name);
  return text.replace(/\$(?:\{([\w.-]+)\}|([A-Za-z_]\w*))/g, (all, braced: string | undefined, bare: string | undefined) => {
    const column = braced ?? bare ?? '';
    return row.has(column) ? textOf(row.get(column)) : all;
  });
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
