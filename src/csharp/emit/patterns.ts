/** `is`, `as` and the patterns of switch labels. */
import type { BoundAs, BoundIs, BoundLiteral, BoundPattern, LocalSymbol } from '../check/bound.ts';
import { asInstance, isInstance } from '../runtime/checks.ts';
import { objectEquals } from '../runtime/equality.ts';
import { isPrimitiveValue, isString, isValueType, nullableElement } from '../runtime/type-facts.ts';
import { Boxed } from '../runtime/values.ts';
import type { Type } from '../types/type.ts';
import { emitBox } from './conversion.ts';
import { emit } from './expression.ts';
import type { Frame } from './frame.ts';
import { emitLiteral } from './literal.ts';

export function emitIs(e: BoundIs, frame: Frame): string {
  const name = frame.temporary();
  const operand = emit(e.operand, frame);
  return `(${name}=${operand},${emitTest(name, e.pattern, frame)})`;
}

/** Code that is true when the value called `name` matches; it may be used any number of times. */
export function emitTest(name: string, pattern: BoundPattern, frame: Frame): string {
  switch (pattern.kind) {
    case 'discard':
      return 'true';
    case 'var':
      return pattern.local ? `(${assign(pattern.local, name, frame)},true)` : 'true';
    case 'constant':
      return emitConstantTest(name, pattern.value, pattern.operandType, frame);
    case 'type':
      return emitTypePattern(name, pattern, frame);
  }
}

function assign(local: LocalSymbol, code: string, frame: Frame): string {
  return `${frame.local(local)}=${code}`;
}

function emitConstantTest(name: string, value: BoundLiteral, operandType: Type, frame: Frame): string {
  const { program } = frame;
  if (value.value === null) return `(${name}==null)`;
  if (typeof value.value === 'string') return `(${name}===${emitLiteral(value, program)})`;
  if (isPrimitiveValue(nullableElement(operandType) ?? operandType)) return `(${name}===${emitLiteral(value, program)})`;
  return `${program.constant(objectEquals)}(${name},${constantObject(value, frame)})`;
}

function constantObject(value: BoundLiteral, frame: Frame): string {
  const { type } = value;
  if (!isPrimitiveValue(type)) return emitLiteral(value, frame.program);
  return frame.program.constant(new Boxed(type, value.value as number));
}

function emitTypePattern(name: string, pattern: Extract<BoundPattern, { kind: 'type' }>, frame: Frame): string {
  const test = emitTypeTest(name, pattern.operandType, pattern.type, frame);
  if (!pattern.local) return test;
  const value = emitMatched(name, pattern.operandType, pattern.local.type, frame);
  return `(${test}&&(${assign(pattern.local, value, frame)},true))`;
}

/** A value in primitive representation has the type it says; any other knows its own. */
function emitTypeTest(name: string, from: Type, to: Type, frame: Frame): string {
  const { program } = frame;
  const own = nullableElement(from) ?? from;
  const wanted = nullableElement(to) ?? to;
  if (isPrimitiveValue(own)) return program.types.isAssignable(own, wanted) ? `(${name}!==null)` : 'false';
  if (own === wanted) return `(${name}!=null)`;
  if (isString(wanted)) return `(typeof ${name}==="string")`;
  return `${program.constant(isInstance)}(r,${name},${program.constant(wanted)})`;
}

/** The matched value in the representation of the variable. */
function emitMatched(name: string, from: Type, to: Type, frame: Frame): string {
  const own = nullableElement(from) ?? from;
  if (isPrimitiveValue(own)) return isValueType(to) ? name : emitBox(name, own, frame);
  if (isString(to) || own === to) return name;
  return `${frame.program.constant(asInstance)}(r,${name},${frame.program.constant(to)})`;
}

export function emitAs(e: BoundAs, frame: Frame): string {
  const { program } = frame;
  const { operand } = e;
  const code = isValueType(operand.type) ? emitBox(emit(operand, frame), operand.type, frame) : emit(operand, frame);
  return `${program.constant(asInstance)}(r,${code},${program.constant(e.type)})`;
}
