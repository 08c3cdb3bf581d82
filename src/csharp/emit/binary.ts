/** Binary and unary operators: built-in, lifted, user-defined, and reference equality. */
import type { BoundBinary, BoundExpression, BoundUnary, BoundUserOperator } from '../check/bound.ts';
import { referenceEquals } from '../runtime/equality.ts';
import { andThree, orThree } from '../runtime/numeric.ts';
import { isString, nullableElement } from '../runtime/type-facts.ts';
import { implementationCallee, typeArgumentsOf } from './arguments.ts';
import { emit } from './expression.ts';
import type { Frame } from './frame.ts';
import { withoutUpCasts } from './inspect.ts';
import { numericKind } from './numbers.ts';
import { comparison, emitArithmetic, emitUnaryOperator } from './operators.ts';
import { EmitFault } from './program.ts';

export function emitBinary(e: BoundBinary, frame: Frame): string {
  if (e.lifted) return emitLiftedBinary(e, frame);
  const kind = numericKind(frame.program, e.operandType);
  if (kind) return emitArithmetic(frame.program, e.operator, kind, emit(e.left, frame), emit(e.right, frame), e.checked);
  if (isString(e.operandType)) return `(${emit(e.left, frame)}${equality(e.operator)}${emit(e.right, frame)})`;
  return emitReferenceEquality(e, frame);
}

function equality(operator: BoundBinary['operator']): string {
  const sign = comparison(operator);
  if (sign !== '===' && sign !== '!==') throw new EmitFault(`no operator ${operator} on references`);
  return sign;
}

/**
 * Reference equality on objects. JavaScript strings have no identity, so a static rule stands in for it: a string from a
 * member or call is never the same object as a constant (`context.Variables["s"] == "text"` is false in .NET whatever the
 * variable holds); constants, and locals that may hold one, are compared by their text, as interned strings would be.
 */
function emitReferenceEquality(e: BoundBinary, frame: Frame): string {
  const sign = equality(e.operator);
  const [left, right] = [emit(e.left, frame), emit(e.right, frame)];
  if (isNull(e.left) || isNull(e.right)) return `(${left}${sign.slice(0, 2)}${right})`;
  const helper = strangers(e.left, e.right, frame) ? sameObjectNotString : referenceEquals;
  const call = `${frame.program.constant(helper)}(${left},${right})`;
  return sign === '===' ? call : `(!${call})`;
}

function isNull(e: BoundExpression): boolean {
  const inner = e.kind === 'conversion' && e.conversion === 'null' ? e.operand : withoutUpCasts(e);
  return inner.kind === 'literal' && inner.value === null;
}

function strangers(left: BoundExpression, right: BoundExpression, frame: Frame): boolean {
  const [a, b] = [originOf(left, frame), originOf(right, frame)];
  return (isConstantText(a) && isFresh(b)) || (isConstantText(b) && isFresh(a));
}

/** What a local was declared with, as long as nothing was assigned to it since. */
function originOf(expression: BoundExpression, frame: Frame): BoundExpression {
  const e = withoutUpCasts(expression);
  const origin = e.kind === 'local' ? frame.program.origins.get(e.local) : undefined;
  return origin ? originOf(origin, frame) : e;
}

function isConstantText(e: BoundExpression): boolean {
  if (e.kind === 'literal') return typeof e.value === 'string';
  return e.kind === 'field' && isString(e.type);
}

function isFresh(e: BoundExpression): boolean {
  return e.kind !== 'local' && !isConstantText(e);
}

function sameObjectNotString(a: unknown, b: unknown): boolean {
  return typeof a !== 'string' && typeof b !== 'string' && referenceEquals(a, b);
}

/** Operands are T?; equality and bool's & and | know null, everything else gives null (or false) for it. */
function emitLiftedBinary(e: BoundBinary, frame: Frame): string {
  const { program } = frame;
  const [left, right] = [frame.temporary(), frame.temporary()];
  const kind = numericKind(program, e.operandType);
  if (!kind) throw new EmitFault(`no lifted operator ${e.operator} on this type`);
  const setup = `${left}=${emit(e.left, frame)},${right}=${emit(e.right, frame)}`;
  const sign = comparison(e.operator);
  if (sign === '===' || sign === '!==') return `(${setup},${left}${sign}${right})`;
  if (kind === 'bool' && (e.operator === '&' || e.operator === '|')) {
    return `(${setup},${program.constant(e.operator === '&' ? andThree : orThree)}(${left},${right}))`;
  }
  const whenNull = sign ? 'false' : 'null';
  return `(${setup},${left}===null||${right}===null?${whenNull}:${emitArithmetic(program, e.operator, kind, left, right, e.checked)})`;
}

export function emitUnary(e: BoundUnary, frame: Frame): string {
  const kind = numericKind(frame.program, nullableElement(e.type) ?? e.type);
  if (!kind) throw new EmitFault(`no operator ${e.operator} on this type`);
  const operand = emit(e.operand, frame);
  if (!e.lifted) return emitUnaryOperator(frame.program, e.operator, kind, operand, e.checked);
  const name = frame.temporary();
  return `((${name}=${operand})===null?null:${emitUnaryOperator(frame.program, e.operator, kind, name, e.checked)})`;
}

export function emitUserOperator(e: BoundUserOperator, frame: Frame): string {
  const callee = implementationCallee(frame, e.operator.implementation, typeArgumentsOf(e.on));
  const call = (codes: readonly string[]) => `${callee.code}(${[...callee.leading, ...codes].join(',')})`;
  const codes = e.args.map((arg) => emit(arg, frame));
  if (!e.lifted) return call(codes);
  const names = codes.map(() => frame.temporary());
  const setup = codes.map((code, at) => `${names[at]}=${code}`).join(',');
  const anyNull = names.map((name) => `${name}===null`).join('||');
  return `(${setup},${anyNull}?${whenNull(e.operator.name, names)}:${call(names)})`;
}

/** The result of a lifted user-defined operator when an operand is null. */
function whenNull(operator: string, [left, right]: readonly string[]): string {
  switch (operator) {
    case 'op_Equality':
      return `${left}===${right}`;
    case 'op_Inequality':
      return `${left}!==${right}`;
    case 'op_LessThan':
    case 'op_GreaterThan':
    case 'op_LessThanOrEqual':
    case 'op_GreaterThanOrEqual':
      return 'false';
    default:
      return 'null';
  }
}
