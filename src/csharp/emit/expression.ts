/** Bound expressions as JavaScript expressions. Compound code comes in parentheses, so parts can be put together freely. */
import type { BoundExpression, BoundNew } from '../check/bound.ts';
import { arrayLength, arrayOf, elementAt, newArray } from '../runtime/arrays.ts';
import { notNull, nullableValue, raise } from '../runtime/checks.ts';
import { defaultOf, simpleDefault } from '../runtime/defaults.ts';
import { AnonymousObject, TupleValue } from '../runtime/values.ts';
import type { Type } from '../types/type.ts';
import { aliased, type Callee, emitCall, implementationCallee, typeArgumentsOf } from './arguments.ts';
import { emitBinary, emitUnary, emitUserOperator } from './binary.ts';
import { emitConversion } from './conversion.ts';
import type { Frame } from './frame.ts';
import { emitLambda, emitMethodGroup } from './functions.ts';
import { isDelegate, isNonNull, isTuple, isVoid } from './inspect.ts';
import { emitConstant, emitLiteral } from './literal.ts';
import { emitAs, emitIs } from './patterns.ts';
import { accessor, emitAssignment, emitReferenceOf, lastDimension, localCode, openPlace } from './places.ts';
import { EmitFault } from './program.ts';
import { emitConcat, emitInterpolated } from './text.ts';
import { copyTuple, TUPLE_NAME, tupleIndex } from './tuples.ts';

/** Code for the value; a tuple read from a variable is a copy where that can be told. */
export function emit(expression: BoundExpression, frame: Frame): string {
  const code = emitUncopied(expression, frame);
  if (!frame.program.copiesTuples || !isTuple(expression.type) || !isVariable(expression)) return code;
  return `${frame.program.constant(copyTuple)}(${code})`;
}

/** Code for a value whose result is not used. */
export function emitEffect(expression: BoundExpression, frame: Frame): string {
  switch (expression.kind) {
    case 'assign':
      return emitAssignment(expression.target, expression.value, frame, true);
    case 'increment':
      return emitUpdate(expression, frame, false);
    default:
      return emitUncopied(expression, frame);
  }
}

/** Code for the value itself: the receiver of a field, or of a method. */
export function emitUncopied(e: BoundExpression, frame: Frame): string {
  const { program } = frame;
  switch (e.kind) {
    case 'literal':
      return emitLiteral(e, program);
    case 'local':
      if (isDelegate(e.type)) frame.callsBack = true;
      return localCode(e, frame);
    case 'outVariable':
      return localCode(e, frame);
    case 'context':
      return 'c';
    case 'typeOf':
      return program.typeObject(e.of);
    case 'call':
      return emitMethodCall(e, frame);
    case 'invoke':
      return emitInvoke(e, frame);
    case 'localCall':
      frame.callsBack = true;
      return emitCall(
        frame,
        { code: program.functionName(e.function), leading: [] },
        undefined,
        e.args.map(aliased),
        e.order,
        isVoid(e.type),
      );
    case 'referenceOf':
      return emitReferenceOf(e.place, frame);
    case 'target':
      return `${emit(e.reference, frame)}.value`;
    case 'property':
      return emitCall(frame, accessor(frame, e.property.getter, e.on), e.receiver, [], undefined, false);
    case 'indexer':
      return emitCall(frame, accessor(frame, e.indexer.getter, e.on), e.receiver, e.args, undefined, false);
    case 'field':
      return emitField(e, frame);
    case 'arrayElement':
      return emitElement(e, frame);
    case 'arrayLength':
      return `${program.constant(arrayLength)}(${emitUncopied(e.array, frame)})`;
    case 'anonymousMember':
      return emitAnonymousMember(e, frame);
    case 'new':
      return emitNew(e, frame);
    case 'newArray':
      return emitNewArray(e, frame);
    case 'newAnonymous':
      return `new ${program.constant(AnonymousObject)}(${program.constant(e.type)},[${e.values.map((v) => emit(v, frame)).join(',')}])`;
    case 'tuple':
      return emitTuple(e.type, e.values, frame);
    case 'lambda':
      return emitLambda(e, frame);
    case 'methodGroup':
      return emitMethodGroup(e, frame);
    case 'conversion':
      return emitConversion(e, frame);
    case 'unary':
      return emitUnary(e, frame);
    case 'binary':
      return emitBinary(e, frame);
    case 'logical':
      return program.hasProbes ? probedLogical(e, frame) : `(${emit(e.left, frame)}${e.operator}${emit(e.right, frame)})`;
    case 'userOperator':
      return emitUserOperator(e, frame);
    case 'concat':
      return emitConcat(e, frame);
    case 'interpolated':
      return emitInterpolated(e, frame);
    case 'conditional':
      return `(${emit(e.condition, frame)}?${probed(e.whenTrue, '?: true', frame)}:${probed(e.whenFalse, '?: false', frame)})`;
    case 'coalesce':
      return emitCoalesce(e, frame);
    case 'conditionalAccess':
      return emitConditionalAccess(e, frame);
    case 'receiver':
      return program.receiver(e.symbol);
    case 'assign':
      return emitAssignment(e.target, e.value, frame, false);
    case 'compoundAssign':
      return emitUpdate(e, frame, false);
    case 'increment':
      return emitUpdate(e, frame, e.postfix);
    case 'deconstruct':
      return emitDeconstruct(e, frame);
    case 'is':
      return emitIs(e, frame);
    case 'as':
      return emitAs(e, frame);
    case 'throwExpression':
      return `${program.constant(raise)}(${emit(e.value, frame)})`;
    case 'default':
      return emitDefault(e.type, frame);
    case 'discard':
      return 'null';
    case 'sequence':
      return `(${[...e.first.map((one) => emitEffect(one, frame)), emit(e.value, frame)].join(',')})`;
  }
}

type Of<K extends BoundExpression['kind']> = Extract<BoundExpression, { kind: K }>;

function isVariable(e: BoundExpression): boolean {
  return e.kind === 'local' || e.kind === 'field' || e.kind === 'arrayElement' || e.kind === 'receiver';
}

function emitMethodCall(e: Of<'call'>, frame: Frame): string {
  if (isDelegate(e.on)) frame.callsBack = true;
  const callee = implementationCallee(frame, e.method.implementation, typeArgumentsOf(e.on, e.typeArguments));
  if (e.receiver && isDelegate(e.receiver.type) && !isDelegate(e.on)) return emitDelegateMember(e, e.receiver, callee, frame);
  return emitCall(frame, callee, e.receiver, e.args, e.order, isVoid(e.type));
}

/** A member of Object on a delegate: the function must know its type first. */
function emitDelegateMember(e: Of<'call'>, receiver: BoundExpression, callee: Callee, frame: Frame): string {
  const conversion = { kind: 'conversion', conversion: 'reference', operand: receiver, type: e.on, span: e.span, checked: false } as const;
  return emitCall(frame, callee, conversion, e.args, e.order, isVoid(e.type));
}

/** A delegate is a JavaScript function; a null one is found before its arguments are evaluated. */
function emitInvoke(e: Of<'invoke'>, frame: Frame): string {
  frame.callsBack = true;
  const target = emitUncopied(e.target, frame);
  const code = isNonNull(e.target, frame.program) ? target : `${frame.program.constant(notNull)}(${target})`;
  return emitCall(frame, { code, leading: [] }, undefined, e.args, e.order, isVoid(e.type));
}

function emitField(e: Of<'field'>, frame: Frame): string {
  const index = e.on.definition.fullName === TUPLE_NAME ? tupleIndex(e.field.name) : undefined;
  if (index !== undefined && e.receiver) return `${emitUncopied(e.receiver, frame)}.items[${index}]`;
  if (e.field.isConst) return emitConstant(e.field.value as string, frame.program);
  return emitCall(frame, accessor(frame, e.field.getter, e.on), e.receiver, [], undefined, false);
}

function emitElement(e: Of<'arrayElement'>, frame: Frame): string {
  const { row, last } = lastDimension(
    [e.array, ...e.indexes].map((part) => emit(part, frame)),
    frame,
  );
  return `${frame.program.constant(elementAt)}(${row},${last})`;
}

function emitAnonymousMember(e: Of<'anonymousMember'>, frame: Frame): string {
  const { type } = e.receiver;
  const index = type.kind === 'anonymous' ? type.members.findIndex((m) => m.name === e.name) : -1;
  if (index < 0) throw new EmitFault(`no anonymous member ${e.name}`);
  const code = emitUncopied(e.receiver, frame);
  return isNonNull(e.receiver, frame.program) ? `${code}.values[${index}]` : `${frame.program.constant(notNull)}(${code}).values[${index}]`;
}

function emitNew(e: BoundNew, frame: Frame): string {
  const made = e.constructorMember
    ? emitCall(
        frame,
        implementationCallee(frame, e.constructorMember.implementation, e.type.typeArguments),
        undefined,
        e.args,
        e.order,
        false,
      )
    : emitDefault(e.type, frame);
  return e.initializers.length === 0 ? made : emitInitialized(made, e, frame);
}

function emitInitialized(made: string, e: Pick<BoundNew, 'receiver' | 'initializers'>, frame: Frame): string {
  const name = frame.temporary();
  frame.program.bindReceiver(e.receiver, name, true);
  const steps = e.initializers.map((one) =>
    one.kind === 'step' ? emitEffect(one.expression, frame) : emitInitialized(nested(one.target, frame), one, frame),
  );
  return `(${[`${name}=${made}`, ...steps, name].join(',')})`;
}

function nested(target: BoundExpression, frame: Frame): string {
  return `${frame.program.constant(notNull)}(${emitUncopied(target, frame)})`;
}

function emitNewArray(e: Of<'newArray'>, frame: Frame): string {
  const { program } = frame;
  const type = program.constant(e.type);
  if (e.values) return `${program.constant(arrayOf)}(${type},${emitRow(e.values, frame)})`;
  return `${program.constant(newArray)}(r,${type},${e.sizes.map((size) => emit(size, frame)).join(',')})`;
}

function emitRow(values: NonNullable<Of<'newArray'>['values']>, frame: Frame): string {
  return `[${values.map((value) => (value.kind === 'row' ? emitRow(value.values, frame) : emit(value, frame))).join(',')}]`;
}

/** More than seven elements nest the rest in a tuple of their own. */
function emitTuple(type: Of<'tuple'>['type'], values: readonly BoundExpression[], frame: Frame): string {
  const { program } = frame;
  const rest = type.typeArguments[7];
  const own = rest ? values.slice(0, 7) : values;
  const codes = own.map((value) => emit(value, frame));
  if (rest?.kind === 'named') codes.push(emitTuple(rest, values.slice(7), frame));
  return `new ${program.constant(TupleValue)}(${program.constant(type)},[${codes.join(',')}])`;
}

function emitCoalesce(e: Of<'coalesce'>, frame: Frame): string {
  const left = emit(e.left, frame);
  if (e.converted.kind === 'receiver' && !frame.program.hasProbes) return `(${left}??${emit(e.right, frame)})`;
  const name = frame.temporary();
  frame.program.bindReceiver(e.receiver, name, true);
  const converted = counted(emit(e.converted, frame), e.left, '?? left', frame);
  return `((${name}=${left})==null?${probed(e.right, '?? right', frame)}:${converted})`;
}

/** Which operand decides is counted. */
function probedLogical(e: Of<'logical'>, frame: Frame): string {
  const left = emit(e.left, frame);
  const right = probed(e.right, `${e.operator} right`, frame);
  const short = counted(String(e.operator === '||'), e.left, `${e.operator} left`, frame);
  return e.operator === '&&' ? `(${left}?${right}:${short})` : `(${left}?${short}:${right})`;
}

/** The code of a way, counted when somebody does. */
function probed(e: BoundExpression, kind: string, frame: Frame): string {
  return counted(emit(e, frame), e, kind, frame);
}

function counted(code: string, { span }: BoundExpression, kind: string, frame: Frame): string {
  return frame.program.hasProbes ? `(${frame.program.probe(span, kind)},${code})` : code;
}

function emitConditionalAccess(e: Of<'conditionalAccess'>, frame: Frame): string {
  const name = frame.temporary();
  const target = emit(e.target, frame);
  frame.program.bindReceiver(e.receiver, name, true);
  return `((${name}=${target})==null?null:${emit(e.whenNotNull, frame)})`;
}

/** `x op= v` and `x++`: the place is evaluated once; with `old` the value before is the result. */
function emitUpdate(e: Of<'compoundAssign'> | Of<'increment'>, frame: Frame, old: boolean): string {
  const place = openPlace(e.target, frame);
  if (place.setup.length === 0 && !old) {
    frame.program.bindReceiver(e.receiver, place.get);
    return `(${place.set(emit(e.value, frame))})`;
  }
  const before = frame.temporary();
  frame.program.bindReceiver(e.receiver, before);
  const value = emit(e.value, frame);
  if (old) return `(${[...place.setup, `${before}=${place.get}`, place.set(value), before].join(',')})`;
  const after = frame.temporary();
  return `(${[...place.setup, `${before}=${place.get}`, `${after}=${value}`, place.set(after), after].join(',')})`;
}

/** Targets are evaluated after the value; that differs from C# only for targets with effects of their own. */
function emitDeconstruct(e: Of<'deconstruct'>, frame: Frame): string {
  const name = frame.temporary();
  const parts = [`${name}=${emit(e.value, frame)}`];
  frame.program.bindReceiver(e.receiver, name);
  if (e.prepare) parts.push(emitEffect(e.prepare, frame));
  for (const { target, value } of e.assignments) parts.push(emitAssignment(target, value, frame, true));
  return `(${[...parts, name].join(',')})`;
}

/** The default value of a type, as code. */
function emitDefault(type: Type, frame: Frame): string {
  if (isVoid(type)) return 'null';
  const simple = simpleDefault(type);
  if (simple !== undefined) return emitConstant(simple, frame.program);
  return `${frame.program.constant(defaultOf)}(${frame.program.constant(type)},r)`;
}

/** `T?` to T. */
export function emitUnwrapped(code: string, frame: Frame): string {
  return `${frame.program.constant(nullableValue)}(${code})`;
}
