/** `(a, b) == (c, d)`: element by element (C# 7.3, Tuple equality). */
import type { Span } from '../../source/span.ts';
import { tupleElements } from '../types/kinds.ts';
import type { BoundExpression } from './bound.ts';
import type { Binder } from './context.ts';
import { tupleElement } from './deconstruction.ts';
import * as fault from './faults.ts';
import { localValue } from './names.ts';
import { binaryOf } from './operators.ts';
import type { Term } from './terms.ts';
import { valueTerm } from './terms.ts';

export function bindTupleEquality(b: Binder, operator: '==' | '!=', left: Term, right: Term, span: Span): BoundExpression {
  const first: BoundExpression[] = [];
  const lefts = elementsOf(b, left, first);
  const rights = elementsOf(b, right, first);
  if (lefts.length !== rights.length) {
    const message = `Tuple types used as operands of an == or != operator must have matching cardinalities. But this operator has tuple types of cardinality ${lefts.length} on the left and ${rights.length} on the right.`;
    return b.refuse(span, { code: 'CS8384', message });
  }
  const value = lefts.reduce<BoundExpression | undefined>((joined, element, index) => {
    const other = rights[index];
    if (other === undefined) return joined;
    const pair = binaryOf(b, operator, element, other, span);
    return joined === undefined
      ? pair
      : { kind: 'logical', operator: operator === '==' ? '&&' : '||', left: joined, right: pair, type: b.type('bool'), span };
  }, undefined);
  if (value === undefined) return b.refuse(span, fault.noOperator(operator, '()', '()'));
  return first.length === 0 ? value : { kind: 'sequence', first, value, type: value.type, span };
}

/** The elements of a literal as they stand; those of another tuple through a variable that holds it. */
function elementsOf(b: Binder, term: Term, first: BoundExpression[]): readonly Term[] {
  if (term.kind === 'tuple') return term.elements;
  if (term.kind !== 'value') return [];
  const { value } = term;
  const holder = b.helper(value.type, value.span);
  const place = localValue(holder, value.span);
  first.push({ kind: 'assign', target: place, value, type: value.type, span: value.span });
  return (tupleElements(value.type) ?? []).map((_, index) => valueTerm(tupleElement(b, place, index)));
}
