/** Syntax trees in one line, Lisp-like, for tables of expected trees. */
import type { Placed } from '../../../src/csharp/syntax/walk.ts';

const SILENT: ReadonlySet<string> = new Set(['span', 'operatorSpan', 'arrow', 'kind']);

/** `(binary + a (literal int 1))`: kind, then the fields that say something, in order. Names print as their text. */
export function printTree(node: Placed): string {
  if (isName(node)) return node.text === '' ? '<none>' : node.text;
  if (node.kind === 'name' && !('typeArguments' in node)) return printValue((node as unknown as { name: unknown }).name);
  const fields = Object.entries(node).flatMap(([key, value]) => printField(key, value));
  const parts = node.kind === undefined ? fields : [node.kind, ...fields];
  return parts.length === 1 && node.kind === undefined ? (parts[0] ?? '') : `(${parts.join(' ')})`;
}

function isName(node: Placed): node is Placed & { readonly text: string } {
  return node.kind === undefined && 'text' in node;
}

function printField(key: string, value: unknown): string[] {
  if (SILENT.has(key) || value === undefined || value === false) return [];
  return [value === true ? key : printValue(value)];
}

function printValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printValue).join(' ')}]`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return value === '' ? "''" : value;
  if (value === null || typeof value !== 'object') return String(value);
  if ('span' in value || 'kind' in value) return printTree(value as Placed);
  return `{${Object.entries(value)
    .flatMap(([key, inner]) => printField(key, inner))
    .join(' ')}}`;
}
