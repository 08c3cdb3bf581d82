/** Assignments, compound assignments, `++` and `--`. */
import type { Span } from '../../source/span.ts';
import type { AssignmentExpression, Expression } from '../syntax/ast.ts';
import { isError } from '../types/kinds.ts';
import type { Type } from '../types/type.ts';
import { variableKind } from './arguments.ts';
import type { BoundExpression, BuiltInOperator } from './bound.ts';
import type { Binder } from './context.ts';
import { castTo, convertTo } from './conversions.ts';
import { bindDeconstruction } from './deconstruction.ts';
import { describeMember } from './describe.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import { isDiscardName } from './names.ts';
import { asValue, isErrorTerm, operandOf, typeOfTerm, valueOperand } from './operands.ts';
import { binaryOf } from './operators.ts';
import type { Term } from './terms.ts';
import { valueTerm } from './terms.ts';

export function bindAssignment(b: Binder, syntax: AssignmentExpression): BoundExpression {
  const { operator, target, value, span } = syntax;
  if (operator !== '=') return bindCompound(b, target, compoundOperator(operator), value, span);
  if (target.kind === 'tuple' || target.kind === 'declaration') return bindDeconstruction(b, target, value, span);
  if (isDiscardName(b, target)) return assignDiscard(b, target, value, span);
  const left = bindExpression(b, target);
  const right = bindExpression(b, value);
  const place = assignable(b, left, fault.notAssignable());
  if (isError(place.type)) return place;
  const converted = convertTo(b, right, place.type);
  return { kind: 'assign', target: place, value: converted, type: place.type, span };
}

function assignDiscard(b: Binder, target: Expression, value: Expression, span: Span): BoundExpression {
  const given = asValue(b, bindExpression(b, value));
  const place: BoundExpression = { kind: 'discard', type: given.type, span: target.span };
  return { kind: 'assign', target: place, value: given, type: given.type, span };
}

function compoundOperator(operator: Exclude<AssignmentExpression['operator'], '='>): BuiltInOperator {
  return COMPOUND[operator];
}

const COMPOUND: Readonly<Record<Exclude<AssignmentExpression['operator'], '='>, BuiltInOperator>> = {
  '+=': '+',
  '-=': '-',
  '*=': '*',
  '/=': '/',
  '%=': '%',
  '&=': '&',
  '|=': '|',
  '^=': '^',
  '<<=': '<<',
  '>>=': '>>',
};

/** The place a term stands for when it can be written to; otherwise a report and the error value. */
export function assignable(b: Binder, term: Term, otherwise: fault.Wording): BoundExpression {
  if (isErrorTerm(term)) return b.wrong(term.span);
  if (term.kind !== 'value') return b.refuse(term.span, otherwise);
  const { value } = term;
  const wording = unwritable(b, value, otherwise);
  return wording === undefined ? value : b.refuse(value.span, wording);
}

function unwritable(b: Binder, value: BoundExpression, otherwise: fault.Wording): fault.Wording | undefined {
  switch (value.kind) {
    case 'local': {
      const { kind, name } = value.local;
      return kind === 'local' || kind === 'parameter' ? undefined : fault.loopVariable(name, variableKind(kind));
    }
    case 'property':
      return value.property.setter === undefined ? fault.readOnly(describeMember(b, { member: value.property, on: value.on })) : undefined;
    case 'indexer':
      return value.indexer.setter === undefined ? fault.readOnly(describeMember(b, { member: value.indexer, on: value.on })) : undefined;
    case 'field':
      return unwritableField(b, value);
    case 'anonymousMember':
      return fault.readOnly(`${b.show(value.receiver.type)}.${value.name}`);
    case 'arrayLength':
      return fault.readOnly('Array.Length');
    case 'arrayElement':
    case 'discard':
      return undefined;
    case 'target':
      return value.isReadonly ? fault.readOnlyReference(describeTarget(value.reference)) : undefined;
    default:
      return otherwise;
  }
}

/** How messages name what a function returned by reference. */
function describeTarget(reference: BoundExpression): string {
  return reference.kind === 'localCall' ? `method '${reference.function.name}'` : 'variable';
}

/** Fields of value tuples are written in place, so the tuple itself must be a variable. */
function unwritableField(b: Binder, value: BoundExpression & { kind: 'field' }): fault.Wording | undefined {
  const { field, receiver } = value;
  if (field.isStatic || receiver === undefined) return fault.readOnlyStaticField();
  if (receiver.kind === 'local' || receiver.kind === 'arrayElement' || receiver.kind === 'target')
    return unwritable(b, receiver, fault.notAssignable());
  if (receiver.kind === 'field') return unwritableField(b, receiver);
  return fault.notAVariable(
    receiver.kind === 'property' ? describeMember(b, { member: receiver.property, on: receiver.on }) : b.show(receiver.type),
  );
}

// ---------------------------------------------------------------- compound

function bindCompound(b: Binder, target: Expression, operator: BuiltInOperator, value: Expression, span: Span): BoundExpression {
  const left = bindExpression(b, target);
  const right = bindExpression(b, value);
  const place = assignable(b, left, fault.notAssignable());
  if (isError(place.type) || isErrorTerm(right)) return b.wrong(span);
  const receiver = b.receiver(place.type);
  const old: BoundExpression = { kind: 'receiver', symbol: receiver, type: place.type, span: place.span };
  const before = b.faults.length;
  const computed = binaryOf(b, operator, valueTerm(old), right, span);
  if (isError(computed.type)) {
    renameOperator(b, before, operator);
    return computed;
  }
  const stored = narrowed(b, computed, right, place.type, operator, span);
  return { kind: 'compoundAssign', target: place, receiver, value: stored, type: place.type, span };
}

/** Messages about `x += y` name the operator `+=`. */
function renameOperator(b: Binder, from: number, operator: BuiltInOperator): void {
  for (let index = from; index < b.faults.length; index += 1) {
    const each = b.faults[index];
    if (each?.message.startsWith(`Operator '${operator}'`)) {
      b.faults[index] = { ...each, message: each.message.replace(`'${operator}'`, `'${operator}='`) };
    }
  }
}

/** `b += 1` on a byte casts back if the value itself converts to byte (C# specification, Compound assignment). */
function narrowed(b: Binder, computed: BoundExpression, right: Term, type: Type, operator: BuiltInOperator, span: Span): BoundExpression {
  if (b.semantics.implicit(valueOperand(computed), type) !== undefined) return convertTo(b, valueTerm(computed), type);
  const isShift = operator === '<<' || operator === '>>';
  const isBuiltIn = computed.kind === 'binary' || computed.kind === 'userOperator';
  if (isBuiltIn && (isShift || b.semantics.implicit(operandOf(b, right), type) !== undefined))
    return castTo(b, valueTerm(computed), type, span);
  const blamed = isBuiltIn && typeOfTerm(right) !== type ? right : valueTerm(computed);
  return convertTo(b, blamed, type, span);
}

// ---------------------------------------------------------------- ++ and --

export function bindIncrement(b: Binder, operand: Expression, operator: '++' | '--', postfix: boolean, span: Span): BoundExpression {
  const place = assignable(b, bindExpression(b, operand), fault.notIncrementable());
  if (isError(place.type)) return place;
  const result = b.semantics.unary(operator, valueOperand(place));
  if (result.kind !== 'builtIn' && result.kind !== 'user') return b.refuse(span, fault.noUnaryOperator(operator, b.show(place.type)));
  const receiver = b.receiver(place.type);
  const old: BoundExpression = { kind: 'receiver', symbol: receiver, type: place.type, span: place.span };
  const one = valueTerm(b.literal(1, b.type('int'), span));
  const step = binaryOf(b, operator === '++' ? '+' : '-', valueTerm(old), one, span);
  if (isError(step.type)) return step;
  return {
    kind: 'increment',
    postfix,
    target: place,
    receiver,
    value: castTo(b, valueTerm(step), place.type, span),
    type: place.type,
    span,
  };
}
