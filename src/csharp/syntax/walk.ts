/** Walking over a tree without knowing its kinds. */
import type { Span } from '../../source/span.ts';

/** Anything in a tree that has a place: expressions, statements, types, names, arguments. */
export interface Placed {
  readonly span: Span;
  readonly kind?: string;
}

/** The placed things directly inside `node`, in the order of their fields. */
export function childrenOf(node: Placed): readonly Placed[] {
  const children: Placed[] = [];
  for (const value of Object.values(node)) collect(value, children);
  return children;
}

function collect(value: unknown, into: Placed[]): void {
  if (value === null || typeof value !== 'object') return;
  if (isPlaced(value)) into.push(value);
  else if (!isSpan(value)) for (const inner of Object.values(value)) collect(inner, into);
}

function isPlaced(value: object): value is Placed {
  return 'span' in value;
}

function isSpan(value: object): boolean {
  return 'start' in value && 'end' in value;
}
