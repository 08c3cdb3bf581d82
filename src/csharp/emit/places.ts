/** What can be assigned to: locals, properties, indexers, tuple fields, array elements, discards. */
import type { BoundArgument, BoundExpression, BoundIndexer, BoundProperty } from '../check/bound.ts';
import { elementAt, rowAt, setElement, setElementChecked } from '../runtime/arrays.ts';
import { notNull } from '../runtime/checks.ts';
import { isString, isValueType } from '../runtime/type-facts.ts';
import type { Implementation } from '../types/declare.ts';
import type { NamedType, Type } from '../types/type.ts';
import { type Callee, emitCall, implementationCallee, typeArgumentsOf } from './arguments.ts';
import { emit, emitUncopied } from './expression.ts';
import type { Frame } from './frame.ts';
import { isNonNull } from './inspect.ts';
import { EmitFault } from './program.ts';
import { TUPLE_NAME, tupleIndex } from './tuples.ts';

/** A place whose receiver and indexes are evaluated once, by `setup`; then it can be read and written. */
export interface OpenPlace {
  readonly setup: readonly string[];
  readonly get: string;
  set(value: string): string;
}

export function openPlace(place: BoundExpression, frame: Frame): OpenPlace {
  switch (place.kind) {
    case 'local':
    case 'outVariable':
      return variable(localCode(place, frame));
    case 'receiver':
      return variable(frame.program.receiver(place.symbol));
    case 'discard':
      return { setup: [], get: 'null', set: (value) => value };
    case 'property':
      return openProperty(place, frame);
    case 'indexer':
      return openIndexer(place, frame);
    case 'field':
      return openField(place, frame);
    case 'arrayElement':
      return openElement(place.array, place.indexes, frame);
    case 'conversion':
      return openPlace(place.operand, frame);
    case 'target':
      return openTarget(place.reference, frame);
    default:
      throw new EmitFault(`cannot assign to ${place.kind}`);
  }
}

/** `target = value` with the parts evaluated in C#'s order; gives the value back unless `discard`. */
export function emitAssignment(target: BoundExpression, value: BoundExpression, frame: Frame, discard: boolean): string {
  if (target.kind === 'local') frame.program.origins.delete(target.local);
  if (target.kind === 'local' || target.kind === 'outVariable') return `(${localCode(target, frame)}=${emit(value, frame)})`;
  if (target.kind === 'discard') return emit(value, frame);
  if (discard && target.kind === 'property') return emitSetter(target, value, frame);
  if (target.kind === 'arrayElement' && target.indexes.length === 1) return emitElementWrite(target.array, target.indexes, value, frame);
  const place = openPlace(target, frame);
  const result = frame.temporary();
  return `(${[...place.setup, `${result}=${emit(value, frame)}`, place.set(result), result].join(',')})`;
}

function emitSetter(target: BoundProperty, value: BoundExpression, frame: Frame): string {
  const callee = accessor(frame, target.property.setter, target.on);
  return emitCall(frame, callee, target.receiver, [{ kind: 'value', value }], undefined, true);
}

function emitElementWrite(array: BoundExpression, indexes: readonly BoundExpression[], value: BoundExpression, frame: Frame): string {
  const parts = [array, ...indexes, value].map((part) => emit(part, frame));
  return emitSetElement(array, parts, frame);
}

function emitSetElement(array: BoundExpression, parts: readonly string[], frame: Frame): string {
  const { program } = frame;
  if (array.type.kind === 'array' && mayBeDerived(array.type.element))
    return `${program.constant(setElementChecked)}(r,${parts.join(',')})`;
  return `${program.constant(setElement)}(${parts.join(',')})`;
}

/** Arrays are covariant, but nothing derives from value types, strings and type parameters. */
function mayBeDerived(element: Type): boolean {
  return element.kind === 'named' && !isValueType(element) && !isString(element);
}

export function localCode(place: BoundExpression, frame: Frame): string {
  if (place.kind !== 'local' && place.kind !== 'outVariable') throw new EmitFault('not a variable');
  const name = frame.local(place.local);
  return place.local.byRef ? `${name}.value` : name;
}

/** Getter or setter of a property or indexer as a callee. */
export function accessor(frame: Frame, implementation: Implementation | undefined, on: NamedType): Callee {
  if (!implementation) throw new EmitFault(`${on.definition.fullName} has a member without the accessor that is used`);
  return implementationCallee(frame, implementation, typeArgumentsOf(on));
}

function variable(code: string): OpenPlace {
  return { setup: [], get: code, set: (value) => `${code}=${value}` };
}

function openProperty(place: BoundProperty, frame: Frame): OpenPlace {
  const setup: string[] = [];
  const receiver = place.receiver ? [hold(place.receiver, frame, setup, true)] : [];
  return accessors(place.property, place.on, receiver, frame, setup);
}

function openIndexer(place: BoundIndexer, frame: Frame): OpenPlace {
  const setup: string[] = [];
  const receiver = hold(place.receiver, frame, setup, true);
  const indexes = place.args.map((arg) => hold(argumentValue(arg), frame, setup, false));
  return accessors(place.indexer, place.on, [receiver, ...indexes], frame, setup);
}

function argumentValue(arg: BoundArgument): BoundExpression {
  return arg.kind === 'value' ? arg.value : arg.place;
}

function accessors(
  member: { readonly getter?: Implementation; readonly setter?: Implementation },
  on: NamedType,
  leading: readonly string[],
  frame: Frame,
  setup: readonly string[],
): OpenPlace {
  const call = (callee: Callee, more: readonly string[]) => `${callee.code}(${[...callee.leading, ...leading, ...more].join(',')})`;
  return {
    setup,
    get: member.getter ? call(accessor(frame, member.getter, on), []) : 'null',
    set: (value) => call(accessor(frame, member.setter, on), [value]),
  };
}

/** Evaluates a part of a place into a temporary, checked for null when it is a receiver. */
function hold(expression: BoundExpression, frame: Frame, setup: string[], check: boolean): string {
  const name = frame.temporary();
  const code = check ? emitUncopied(expression, frame) : emit(expression, frame);
  const checked = check && !isNonNull(expression, frame.program) ? `${frame.program.constant(notNull)}(${code})` : code;
  setup.push(`${name}=${checked}`);
  return name;
}

function openField(place: Extract<BoundExpression, { kind: 'field' }>, frame: Frame): OpenPlace {
  const index = place.on.definition.fullName === TUPLE_NAME ? tupleIndex(place.field.name) : undefined;
  if (index === undefined || !place.receiver) throw new EmitFault(`the field ${place.field.name} cannot be written`);
  frame.program.writesTuples = true;
  const setup: string[] = [];
  const holder = hold(place.receiver, frame, setup, true);
  return { setup, get: `${holder}.items[${index}]`, set: (value) => `${holder}.items[${index}]=${value}` };
}

function openTarget(reference: BoundExpression, frame: Frame): OpenPlace {
  const name = frame.temporary();
  return { setup: [`${name}=${emit(reference, frame)}`], get: `${name}.value`, set: (value) => `${name}.value=${value}` };
}

/** A reference to a place, which is read once at this moment: an index out of bounds throws here. */
export function emitReferenceOf(place: BoundExpression, frame: Frame): string {
  if (place.kind === 'local' && place.local.byRef) return frame.local(place.local);
  if (place.kind === 'target') return emit(place.reference, frame);
  const { setup, get, set } = openPlace(place, frame);
  return `(${[...setup, get, `{get value(){return ${get};},set value(v){${set('v')};}}`].join(',')})`;
}

function openElement(array: BoundExpression, indexes: readonly BoundExpression[], frame: Frame): OpenPlace {
  const setup: string[] = [];
  const parts = [array, ...indexes].map((part) => hold(part, frame, setup, false));
  const { row, last } = lastDimension(parts, frame);
  return {
    setup,
    get: `${frame.program.constant(elementAt)}(${row},${last})`,
    set: (value) => emitSetElement(array, [row, last, value], frame),
  };
}

/** For several dimensions: the innermost array and the last index. */
export function lastDimension(parts: readonly string[], frame: Frame): { row: string; last: string } {
  const last = parts.at(-1) ?? '0';
  const outer = parts.slice(0, -1);
  return { row: outer.length === 1 ? (outer[0] ?? 'null') : `${frame.program.constant(rowAt)}(${outer.join(',')})`, last };
}
