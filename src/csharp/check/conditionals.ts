/** `?:`, `??` and `?.`. */
import type { BinaryExpression, ConditionalAccess, ConditionalExpression, Expression } from '../syntax/ast.ts';
import { isError, isNullable, isReferenceType, isValueType, isVoid, underlyingOf } from '../types/kinds.ts';
import type { Type } from '../types/type.ts';
import type { BoundExpression } from './bound.ts';
import type { Binder } from './context.ts';
import { convertTo, convertValue } from './conversions.ts';
import { bindExpression, bindValue, bindValueOrThrow } from './expressions.ts';
import * as fault from './faults.ts';
import { asValue, isErrorTerm, isNullLiteral, operandOf, termText, typeOfTerm } from './operands.ts';
import { bindCondition } from './operators.ts';
import type { Term } from './terms.ts';

/** Long chains `a ? b : c ? d : e` nest on the right; each arm is an ordinary nested expression. */
export function bindConditional(b: Binder, syntax: ConditionalExpression): BoundExpression {
  const { span } = syntax;
  const condition = bindCondition(b, syntax.condition);
  const whenTrue = bindValueOrThrow(b, syntax.whenTrue);
  const whenFalse = bindValueOrThrow(b, syntax.whenFalse);
  if (isErrorTerm(whenTrue) || isErrorTerm(whenFalse)) return b.wrong(span);
  const type = conditionalType(b, whenTrue, whenFalse);
  if (type === undefined) return b.refuse(span, fault.noCommonType(termText(b, whenTrue), termText(b, whenFalse)));
  const yes = convertTo(b, whenTrue, type);
  const no = convertTo(b, whenFalse, type);
  if (isError(condition.type) || isError(yes.type) || isError(no.type)) return b.wrong(span);
  if (condition.kind === 'literal' && yes.kind === 'literal' && no.kind === 'literal') {
    return b.literal(condition.value === true ? yes.value : no.value, type, span);
  }
  return { kind: 'conditional', condition, whenTrue: yes, whenFalse: no, type, span };
}

/** The arm that the other converts to; undefined when none or both convert. */
function conditionalType(b: Binder, whenTrue: Term, whenFalse: Term): Type | undefined {
  const first = typeOfTerm(whenTrue);
  const second = typeOfTerm(whenFalse);
  if (first === null || second === null) return onlyType(b, whenTrue, first, whenFalse, second);
  if (first === second) return first;
  const there = b.semantics.implicit(operandOf(b, whenTrue), second);
  const back = b.semantics.implicit(operandOf(b, whenFalse), first);
  if (there !== undefined && back !== undefined) return sameButNames(b, first, second) ?? preferred(b, first, second);
  if (there !== undefined) return second;
  return back === undefined ? undefined : first;
}

function onlyType(b: Binder, whenTrue: Term, first: Type | null, whenFalse: Term, second: Type | null): Type | undefined {
  const type = first ?? second;
  if (type === null || isVoid(type)) return undefined;
  const other = first === null ? whenTrue : whenFalse;
  return b.semantics.implicit(operandOf(b, other), type) === undefined ? undefined : type;
}

/** Tuple types that differ in element names only. */
function sameButNames(b: Binder, first: Type, second: Type): Type | undefined {
  return b.semantics.implicit({ type: first }, second)?.kind === 'identity' ? first : undefined;
}

/** Both ways only through a constant (`true ? 1 : b` with a byte b): the type that takes every value wins. */
function preferred(b: Binder, first: Type, second: Type): Type | undefined {
  const widens = b.semantics.implicit({ type: first }, second) !== undefined;
  const narrows = b.semantics.implicit({ type: second }, first) !== undefined;
  if (widens === narrows) return undefined;
  return widens ? second : first;
}

// ---------------------------------------------------------------- ??

/** `a ?? b ?? c` nests on the right. */
export function bindCoalesce(b: Binder, syntax: BinaryExpression): BoundExpression {
  const { span } = syntax;
  const first = bindExpression(b, syntax.left);
  const right = bindValueOrThrow(b, syntax.right);
  if (isErrorTerm(first) || isErrorTerm(right)) return b.wrong(span);
  const failed = () => b.refuse(span, fault.noOperator('??', termText(b, first), termText(b, right)));
  if (first.kind !== 'value') return failed();
  const left = asValue(b, first);
  if (isNullLiteral(left)) return right.kind === 'throw' || isNullTerm(right) || !takesNull(b, right) ? failed() : asValue(b, right);
  if (!isNullable(left.type) && !isReferenceType(left.type) && left.type.kind !== 'typeParameter') return failed();
  const type = coalesceType(b, left, right);
  if (type === undefined) return failed();
  const symbol = b.receiver(type === left.type ? left.type : (underlyingOf(left.type) ?? left.type));
  const value: BoundExpression = { kind: 'receiver', symbol, type: symbol.type, span: left.span };
  const converted = convertValue(b, value, type);
  return { kind: 'coalesce', left, receiver: symbol, converted, right: convertTo(b, right, type), type, span };
}

/** `null ?? null` has no type. */
function isNullTerm(term: Term): boolean {
  return term.kind === 'value' && isNullLiteral(term.value);
}

/** Whether null converts to the type of the right side, which a null on the left takes. */
function takesNull(b: Binder, right: Term): boolean {
  if (right.kind !== 'value') return true;
  const { type } = asValue(b, right);
  return isNullable(type) || isReferenceType(type) || type.kind === 'typeParameter';
}

/** C# specification, The null coalescing operator: the underlying type of a, a's own type, b's type, in this order. */
function coalesceType(b: Binder, left: BoundExpression, right: Term): Type | undefined {
  const bare = underlyingOf(left.type);
  const fits = (type: Type) => right.kind === 'throw' || b.semantics.implicit(operandOf(b, right), type) !== undefined;
  if (bare !== undefined && fits(bare)) return bare;
  if (fits(left.type)) return left.type;
  const other = typeOfTerm(right);
  const from = bare ?? left.type;
  return other !== null && b.semantics.implicit({ type: from }, other) !== undefined ? other : undefined;
}

// ---------------------------------------------------------------- ?.

export function bindConditionalAccess(b: Binder, syntax: ConditionalAccess): BoundExpression {
  const { span } = syntax;
  const target = bindValue(b, syntax.target);
  if (isError(target.type)) return target;
  if (isNullLiteral(target) || (isValueType(target.type) && !isNullable(target.type)) || isVoid(target.type)) {
    return b.refuse({ start: syntax.target.span.end, end: span.end }, fault.notOnNullReceiver('?', b.show(target.type)));
  }
  const receiver = b.receiver(underlyingOf(target.type) ?? target.type);
  b.reads.renamed(target, receiver);
  const whenNotNull = bindRest(b, syntax.rest, { kind: 'receiver', symbol: receiver, type: receiver.type, span: target.span });
  if (isError(whenNotNull.type)) return b.wrong(span);
  const type = resultType(b, whenNotNull.type);
  if (type === undefined) return b.refuse(span, fault.notOnNullReceiver('?', b.show(whenNotNull.type)));
  const value = type === whenNotNull.type ? whenNotNull : convertValue(b, whenNotNull, type);
  return { kind: 'conditionalAccess', target, receiver, whenNotNull: value, type, span };
}

function bindRest(b: Binder, rest: Expression, receiver: BoundExpression): BoundExpression {
  const before = b.receivers;
  b.receivers = [...before, receiver];
  try {
    return bindValue(b, rest);
  } finally {
    b.receivers = before;
  }
}

function resultType(b: Binder, type: Type): Type | undefined {
  if (isVoid(type) || isReferenceType(type) || isNullable(type)) return type;
  return isValueType(type) ? b.types.nullable(type) : undefined;
}
