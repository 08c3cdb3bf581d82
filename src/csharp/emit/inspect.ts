/** Questions about bound trees that decide how they are emitted. */
import type { BoundExpression } from '../check/bound.ts';
import { isValueType } from '../runtime/type-facts.ts';
import type { Type } from '../types/type.ts';
import type { Program } from './program.ts';
import { TUPLE_NAME } from './tuples.ts';

/** Evaluating it has no effect and cannot fail, so it may change places with a null check. */
export function isSimple(expression: BoundExpression): boolean {
  switch (expression.kind) {
    case 'literal':
    case 'local':
    case 'context':
    case 'receiver':
    case 'lambda':
    case 'typeOf':
      return true;
    case 'conversion':
      return ['identity', 'reference', 'boxing', 'null', 'nullableWrap'].includes(expression.conversion) && isSimple(expression.operand);
    default:
      return false;
  }
}

/** Whether the value cannot be null, seen from its form or type alone. */
export function isNonNull(expression: BoundExpression, program: Program): boolean {
  if (isValueType(expression.type)) return true;
  switch (expression.kind) {
    case 'literal':
      return expression.value !== null;
    case 'receiver':
      return program.isNonNull(expression.symbol);
    case 'conversion':
      return (expression.conversion === 'boxing' || isUpCast(expression.conversion)) && isNonNull(expression.operand, program);
    default:
      return NEVER_NULL.has(expression.kind);
  }
}

const NEVER_NULL: ReadonlySet<BoundExpression['kind']> = new Set([
  'context',
  'new',
  'newArray',
  'newAnonymous',
  'tuple',
  'lambda',
  'methodGroup',
  'concat',
  'interpolated',
  'typeOf',
]);

function isUpCast(conversion: string): boolean {
  return conversion === 'identity' || conversion === 'reference';
}

export function isTuple(type: Type): boolean {
  return type.kind === 'named' && type.definition.fullName === TUPLE_NAME;
}

export function isDelegate(type: Type): boolean {
  return type.kind === 'named' && type.definition.typeKind === 'delegate';
}

export function isVoid(type: Type): boolean {
  return type.kind === 'special' && type.name === 'void';
}

/** Behind conversions that keep the reference. */
export function withoutUpCasts(expression: BoundExpression): BoundExpression {
  return expression.kind === 'conversion' && isUpCast(expression.conversion) ? withoutUpCasts(expression.operand) : expression;
}
