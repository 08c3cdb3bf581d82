/** Interpolated strings. */
import type { InterpolatedString, Interpolation } from '../syntax/ast.ts';
import { isError, isString, isVoid } from '../types/kinds.ts';
import type { BoundExpression, BoundInterpolated } from './bound.ts';
import type { Binder } from './context.ts';
import { convertTo } from './conversions.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import { asValue, isNullLiteral } from './operands.ts';

type Part = BoundInterpolated['parts'][number];

export function bindInterpolated(b: Binder, syntax: InterpolatedString): BoundExpression {
  const parts = syntax.parts.map((part) => (part.kind === 'text' ? part.text : bindHole(b, part)));
  const type = b.type('string');
  const texts = parts.filter((part) => typeof part === 'string');
  if (texts.length === parts.length && parts.length === 0) return { kind: 'interpolated', parts: [''], type, span: syntax.span };
  return { kind: 'interpolated', parts, type, span: syntax.span };
}

function bindHole(b: Binder, hole: Interpolation): Part {
  const value = holeValue(b, hole);
  const alignment = hole.alignment === undefined ? undefined : alignmentOf(b, hole);
  return {
    value,
    ...(alignment === undefined ? {} : { alignment }),
    ...(hole.format === undefined ? {} : { format: hole.format }),
  };
}

function holeValue(b: Binder, hole: Interpolation): BoundExpression {
  const term = bindExpression(b, hole.expression);
  if (term.kind !== 'value') return convertTo(b, term, b.type('object'));
  const value = asValue(b, term);
  if (isNullLiteral(value)) return b.literal(null, b.type('string'), value.span);
  return isVoid(value.type) ? convertTo(b, term, b.type('object')) : value;
}

function alignmentOf(b: Binder, hole: Interpolation): number | undefined {
  if (hole.alignment === undefined) return undefined;
  const value = convertTo(b, bindExpression(b, hole.alignment), b.type('int'));
  if (value.kind === 'literal' && typeof value.value === 'number') return value.value;
  if (!isError(value.type) && !isString(value.type)) b.report(hole.alignment.span, fault.alignmentNotConstant());
  return undefined;
}
