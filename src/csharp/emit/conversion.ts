/** Conversions by kind. */
import type { BoundConversion } from '../check/bound.ts';
import { box } from '../runtime/box.ts';
import { castReference, castString, isCharacterSequence, tagDelegate, toCharacters, unboxTo } from '../runtime/checks.ts';
import { isObject, isPrimitiveValue, isString, nullableElement } from '../runtime/type-facts.ts';
import { Boxed, TupleValue } from '../runtime/values.ts';
import type { Type } from '../types/type.ts';
import { implementationCallee, typeArgumentsOf } from './arguments.ts';
import { emit, emitUnwrapped } from './expression.ts';
import type { Frame } from './frame.ts';
import { isDelegate, isTuple } from './inspect.ts';
import { emitNumericConversion } from './numbers.ts';
import { EmitFault } from './program.ts';

export function emitConversion(e: BoundConversion, frame: Frame): string {
  switch (e.conversion) {
    case 'identity':
      return emitIdentity(e, frame);
    case 'reference':
      return emitUpCast(emit(e.operand, frame), e.operand.type, e.type, frame);
    case 'boxing':
      return emitBox(emit(e.operand, frame), e.operand.type, frame);
    case 'unboxing':
      return `${frame.program.constant(unboxTo)}(r,${emit(e.operand, frame)},${frame.program.constant(e.type)})`;
    case 'explicitReference':
      return emitCast(emit(e.operand, frame), e.type, frame);
    case 'numeric':
      return emitNumericConversion(frame.program, emit(e.operand, frame), e.operand.type, e.type, e.checked);
    case 'nullableWrap':
      return emitWrapped(e, frame);
    case 'nullableUnwrap':
      return emitUnwrap(e, frame);
    case 'lifted':
      return emitLifted(e, frame);
    case 'null':
      return 'null';
    case 'user':
      return emitUser(e, frame);
    case 'tuple':
      return emitTupleConversion(e, frame);
  }
}

/** Only tuples with other element names change their type under an identity conversion; their values do not. */
function emitIdentity(e: BoundConversion, frame: Frame): string {
  return emit(e.operand, frame);
}

/** Strings become sequences of characters; delegates that become objects remember their type. */
function emitUpCast(code: string, from: Type, to: Type, frame: Frame): string {
  const { program } = frame;
  if (isString(from) && isCharacterSequence(to)) return `${program.constant(toCharacters)}(r,${code})`;
  if (isDelegate(from) && !isDelegate(to)) return `${program.constant(tagDelegate)}(${code},${program.constant(from)})`;
  return code;
}

/** From a value type (or its nullable form) to object representation. */
export function emitBox(code: string, from: Type, frame: Frame): string {
  const { program } = frame;
  if (isPrimitiveValue(from)) return `new ${program.constant(Boxed)}(${program.constant(from)},${code})`;
  const element = nullableElement(from);
  if (element && isPrimitiveValue(element)) return `${program.constant(box)}(${code},${program.constant(element)})`;
  return code;
}

function emitCast(code: string, to: Type, frame: Frame): string {
  const { program } = frame;
  if (isObject(to)) return code;
  if (isString(to)) return `${program.constant(castString)}(${code})`;
  return `${program.constant(castReference)}(r,${code},${program.constant(to)})`;
}

function emitWrapped(e: BoundConversion, frame: Frame): string {
  const inner = e.inner?.[0];
  if (!inner) return emit(e.operand, frame);
  const name = frame.temporary();
  frame.program.bindReceiver(inner.receiver, name, true);
  return `(${name}=${emit(e.operand, frame)},${emit(inner.value, frame)})`;
}

function emitUnwrap(e: BoundConversion, frame: Frame): string {
  const code = emitUnwrapped(emit(e.operand, frame), frame);
  const inner = e.inner?.[0];
  if (!inner) return code;
  const name = frame.temporary();
  frame.program.bindReceiver(inner.receiver, name, true);
  return `(${name}=${code},${emit(inner.value, frame)})`;
}

function emitLifted(e: BoundConversion, frame: Frame): string {
  const inner = e.inner?.[0];
  if (!inner) throw new EmitFault('a lifted conversion has no inner one');
  const name = frame.temporary();
  const operand = emit(e.operand, frame);
  frame.program.bindReceiver(inner.receiver, name, true);
  return `((${name}=${operand})===null?null:${emit(inner.value, frame)})`;
}

function emitUser(e: BoundConversion, frame: Frame): string {
  if (!e.operator || !e.on) throw new EmitFault('a user-defined conversion has no operator');
  const callee = implementationCallee(frame, e.operator.implementation, typeArgumentsOf(e.on));
  return `${callee.code}(${[...callee.leading, emit(e.operand, frame)].join(',')})`;
}

function emitTupleConversion(e: BoundConversion, frame: Frame): string {
  const { program } = frame;
  if (!isTuple(e.type)) throw new EmitFault('a tuple conversion gives no tuple');
  const name = frame.temporary();
  const operand = emit(e.operand, frame);
  const items = (e.inner ?? []).map(({ receiver, value }, at) => {
    program.bindReceiver(receiver, `${name}.items[${at}]`);
    return emit(value, frame);
  });
  return `(${name}=${operand},new ${program.constant(TupleValue)}(${program.constant(e.type)},[${items.join(',')}]))`;
}
