/** Unary and binary operators: resolution is `Semantics`' business, folding and nodes are made here. */
import type { Span } from '../../source/span.ts';
import type { BinaryExpression, Expression, UnaryExpression } from '../syntax/ast.ts';
import { isDelegate, isError, isNamed, isString } from '../types/kinds.ts';
import type { Type } from '../types/type.ts';
import { bindIncrement } from './assignments.ts';
import type { BoundExpression, BoundLiteral, BuiltInOperator } from './bound.ts';
import type { Folded } from './constants.ts';
import { foldBinary, foldUnary } from './constants.ts';
import type { Binder } from './context.ts';
import { convertTo } from './conversions.ts';
import { bindExpression, bindValue } from './expressions.ts';
import * as fault from './faults.ts';
import { asValue, isErrorTerm, isNullLiteral, operandOf, termText, typeOfTerm } from './operands.ts';
import type { OperatorResult } from './semantics.ts';
import type { Term, TupleTerm } from './terms.ts';
import { valueTerm } from './terms.ts';
import { bindTupleEquality } from './tuple-equality.ts';

/** Chains such as `a + b + c` nest on the left: they are bound in a loop, for they may be long. */
export function bindBinary(b: Binder, syntax: BinaryExpression): BoundExpression {
  const chain: BinaryExpression[] = [];
  let first: Expression = syntax;
  while (first.kind === 'binary' && first.operator !== '??') {
    chain.push(first);
    first = first.left;
  }
  let left = bindExpression(b, first);
  for (const each of chain.reverse()) left = valueTerm(bindPair(b, left, each));
  return asValue(b, left);
}

function bindPair(b: Binder, left: Term, { operator, right, span, operatorSpan }: BinaryExpression): BoundExpression {
  const other = bindExpression(b, right);
  if (operator === '&&' || operator === '||') return bindLogical(b, operator, left, other, span);
  if (operator === '??') return b.wrong(operatorSpan);
  return binaryOf(b, operator, left, other, span);
}

/** A binary operator on two bound operands. */
export function binaryOf(b: Binder, operator: BuiltInOperator, left: Term, right: Term, span: Span): BoundExpression {
  if (isErrorTerm(left) || isErrorTerm(right)) return b.wrong(span);
  const tuples = tupleEquality(b, operator, left, right, span);
  if (tuples !== undefined) return tuples;
  const combined = combineDelegates(b, operator, left, right, span);
  if (combined !== undefined) return combined;
  for (const side of [left, right]) if (side.kind === 'type' || side.kind === 'namespace') return asValue(b, side);
  noteNullTest(b, left, right);
  const result = b.semantics.binary(operator, operandOf(b, left), operandOf(b, right));
  if (result.kind === 'none') return b.refuse(span, refusal(b, operator, left, right));
  if (result.kind === 'ambiguous') return b.refuse(span, fault.ambiguousOperator(operator, termText(b, left), termText(b, right)));
  if (result.kind === 'concat') return concat(b, asValue(b, left), asValue(b, right), span);
  return applyBinary(b, operator, result, left, right, span);
}

function refusal(b: Binder, operator: BuiltInOperator, left: Term, right: Term): fault.Wording {
  return fault.noOperator(operator, termText(b, left), termText(b, right));
}

/** `+` and `-` on delegates: Delegate.Combine and Delegate.Remove (C# specification, Delegate combination). */
function combineDelegates(b: Binder, operator: BuiltInOperator, left: Term, right: Term, span: Span): BoundExpression | undefined {
  if (operator !== '+' && operator !== '-') return undefined;
  const [first, second] = [typeOfTerm(left), typeOfTerm(right)];
  const type = first !== undefined && isDelegate(first) ? first : second;
  if (type === undefined || !isDelegate(type)) return undefined;
  if ([left, right].some((side) => b.semantics.implicit(operandOf(b, side), type) === undefined)) return undefined;
  const on = b.type('System.Delegate');
  const found = b.semantics.members(on, operator === '+' ? 'Combine' : 'Remove').find(({ member }) => member.kind === 'method');
  if (found?.member.kind !== 'method') return undefined;
  const args = [left, right].map((side) => ({ kind: 'value', value: convertTo(b, side, type) }) as const);
  return { kind: 'call', method: found.member, on, typeArguments: [], args, order: undefined, type, span };
}

function tupleEquality(b: Binder, operator: BuiltInOperator, left: Term, right: Term, span: Span): BoundExpression | undefined {
  if (operator !== '==' && operator !== '!=') return undefined;
  return isTuple(left) && isTuple(right) ? bindTupleEquality(b, operator, left, right, span) : undefined;
}

function isTuple(term: Term): term is Term & (TupleTerm | { kind: 'value' }) {
  if (term.kind === 'tuple') return true;
  return term.kind === 'value' && isNamed(term.value.type, 'System.ValueTuple') && term.value.type.typeArguments.length > 1;
}

/** `context.Response == null` looks at the response without reading it. */
function noteNullTest(b: Binder, left: Term, right: Term): void {
  if (left.kind !== 'value' || right.kind !== 'value') return;
  if (isNullLiteral(right.value)) b.reads.observed(left.value);
  if (isNullLiteral(left.value)) b.reads.observed(right.value);
}

type Applicable = Extract<OperatorResult, { kind: 'builtIn' | 'user' }>;

function applyBinary(b: Binder, operator: BuiltInOperator, result: Applicable, left: Term, right: Term, span: Span): BoundExpression {
  const first = convertTo(b, left, result.leftType);
  const second = convertTo(b, right, result.rightType);
  if (isError(first.type) || isError(second.type)) return b.wrong(span);
  const folded = foldPair(b, operator, result, first, second);
  if (folded === 'division') return b.refuse(span, fault.divisionByZero());
  if (folded === 'overflow') return b.refuse(span, fault.constantOverflow());
  if (folded !== undefined) return b.literal(folded.value, result.resultType, span);
  if (result.kind === 'user') {
    const { lifted, on } = result;
    return { kind: 'userOperator', operator: result.operator, on, args: [first, second], lifted, type: result.resultType, span };
  }
  const { operandType, lifted, resultType } = result;
  const checked = b.overflow === 'checked';
  return { kind: 'binary', operator, operandType, left: first, right: second, checked, lifted, type: resultType, span };
}

/** Constants fold; `/` by a constant zero is an error whatever stands on the left, `%` only between constants. */
function foldPair(b: Binder, operator: BuiltInOperator, result: Applicable, left: BoundExpression, right: BoundExpression): Folded {
  if (result.lifted || right.kind !== 'literal') return undefined;
  const type = result.kind === 'builtIn' ? result.operandType : result.leftType;
  if (left.kind !== 'literal') return dividesByZero(operator, type, right) ? 'division' : undefined;
  if (result.kind === 'user' && !isNamed(type, 'System.Decimal')) return undefined;
  if (result.kind === 'builtIn' && isReferenceComparison(type, left, right)) return undefined;
  return foldBinary(operator, type, left.value, right.value, b.overflow === 'unchecked');
}

function isReferenceComparison(type: Type, left: BoundLiteral, right: BoundLiteral): boolean {
  return !isString(type) && (left.value === null || right.value === null) && !(left.value === null && right.value === null);
}

function dividesByZero(operator: BuiltInOperator, type: Type, right: BoundLiteral): boolean {
  if (operator !== '/') return false;
  return foldBinary(operator, type, right.value, right.value, true) === 'division';
}

/** String concatenation, flattened; neighbouring constants melt together. */
function concat(b: Binder, left: BoundExpression, right: BoundExpression, span: Span): BoundExpression {
  const parts: BoundExpression[] = [];
  for (const part of [...concatParts(left), ...concatParts(right)]) {
    const last = parts.at(-1);
    const text = textOf(part);
    const before = last === undefined ? undefined : textOf(last);
    if (last === undefined || text === undefined || before === undefined) parts.push(part);
    else parts[parts.length - 1] = b.literal(before + text, b.type('string'), { start: last.span.start, end: part.span.end });
  }
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'literal') return b.literal(textOf(only) ?? '', b.type('string'), span);
  return { kind: 'concat', parts, type: b.type('string'), span };
}

function concatParts(value: BoundExpression): readonly BoundExpression[] {
  return value.kind === 'concat' ? value.parts : [value];
}

/** The text of a constant string (null gives nothing), or undefined. */
function textOf(value: BoundExpression): string | undefined {
  if (value.kind !== 'literal' || !(isString(value.type) || isNullLiteral(value))) return undefined;
  return typeof value.value === 'string' ? value.value : '';
}

// ---------------------------------------------------------------- && and ||

function bindLogical(b: Binder, operator: '&&' | '||', left: Term, right: Term, span: Span): BoundExpression {
  if (isErrorTerm(left) || isErrorTerm(right)) return b.wrong(span);
  const bool = b.type('bool');
  const fits = (term: Term) => b.semantics.implicit(operandOf(b, term), bool) !== undefined;
  if (!fits(left) || !fits(right)) return b.refuse(span, fault.noOperator(operator, termText(b, left), termText(b, right)));
  const [first, second] = [convertTo(b, left, bool), convertTo(b, right, bool)];
  if (first.kind === 'literal' && second.kind === 'literal') {
    const value = operator === '&&' ? first.value === true && second.value === true : first.value === true || second.value === true;
    return b.literal(value, bool, span);
  }
  return { kind: 'logical', operator, left: first, right: second, type: bool, span };
}

// ---------------------------------------------------------------- unary

export function bindUnary(b: Binder, syntax: UnaryExpression): BoundExpression {
  const { operator, operand, span } = syntax;
  switch (operator) {
    case '++':
    case '--':
      return bindIncrement(b, operand, operator, false, span);
    case '&':
    case '*':
      bindValue(b, operand);
      return b.refuse(span, fault.pointersRefused());
    case 'await':
      bindValue(b, operand);
      return b.refuse(span, fault.awaitRefused());
    case '^':
      return b.wrong(span);
    default:
      return smallestInteger(b, syntax) ?? unaryOf(b, operator, bindExpression(b, operand), span);
  }
}

/** `-2147483648` and `-9223372036854775808` are literals of int and long, although their digits alone would be of larger types. */
function smallestInteger(b: Binder, { operator, operand, span }: UnaryExpression): BoundExpression | undefined {
  if (operator !== '-' || operand.kind !== 'literal' || operand.span.end - operand.span.start !== operand.text.length) return undefined;
  if (operand.text === '2147483648') return b.literal(-2147483648, b.type('int'), span);
  return operand.text === '9223372036854775808' ? b.literal(-9223372036854775808n, b.type('long'), span) : undefined;
}

function unaryOf(b: Binder, operator: '+' | '-' | '!' | '~', operand: Term, span: Span): BoundExpression {
  if (isErrorTerm(operand)) return b.wrong(span);
  if (operand.kind === 'type' || operand.kind === 'namespace') return asValue(b, operand);
  const result = b.semantics.unary(operator, operandOf(b, operand));
  if (result.kind === 'ambiguous') return b.refuse(span, fault.ambiguousUnaryOperator(operator, termText(b, operand)));
  if (result.kind !== 'builtIn' && result.kind !== 'user') return b.refuse(span, fault.noUnaryOperator(operator, termText(b, operand)));
  const value = convertTo(b, operand, result.leftType);
  if (isError(value.type)) return value;
  const folded = foldOne(b, operator, result, value);
  if (folded === 'overflow') return b.refuse(span, fault.constantOverflow());
  if (typeof folded === 'object') return b.literal(folded.value, result.resultType, span);
  const { lifted, resultType: type } = result;
  if (result.kind === 'user') return { kind: 'userOperator', operator: result.operator, on: result.on, args: [value], lifted, type, span };
  return { kind: 'unary', operator, operand: value, checked: b.overflow === 'checked', lifted, type, span };
}

function foldOne(b: Binder, operator: '+' | '-' | '!' | '~', result: Applicable, value: BoundExpression): Folded {
  if (value.kind !== 'literal' || result.lifted) return undefined;
  if (result.kind === 'user' && !isNamed(result.resultType, 'System.Decimal')) return undefined;
  return foldUnary(operator, result.resultType, value.value, b.overflow === 'unchecked');
}

/** A condition: anything that converts to bool. */
export function bindCondition(b: Binder, syntax: Expression): BoundExpression {
  return convertTo(b, bindExpression(b, syntax), b.type('bool'));
}
