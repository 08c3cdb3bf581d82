/** `default(T)` in the representation of T. */
import type { SpecialImplementation } from '../types/declare.ts';
import type { Constructor, NamedType, Type } from '../types/type.ts';
import type { Runtime } from './runtime.ts';
import { isEnum, isValueType, nullableElement, primitiveOf } from './type-facts.ts';
import { TupleValue } from './values.ts';

/** Static members that hold the value with all bits zero, by struct. */
const ZERO_MEMBERS: Readonly<Record<string, string>> = {
  'System.Decimal': 'Zero',
  'System.TimeSpan': 'Zero',
  'System.Guid': 'Empty',
  'System.DateTime': 'MinValue',
  'System.DateTimeOffset': 'MinValue',
};

/** Null for references and nullables. */
export function defaultOf(type: Type, runtime: Runtime): unknown {
  if (!isValueType(type) || nullableElement(type)) return null;
  const simple = simpleDefault(type);
  return simple === undefined ? defaultStruct(type, runtime) : simple;
}

/** The default of a type whose values are JavaScript primitives; undefined for structs that are objects; null for references. */
export function simpleDefault(type: Type): number | bigint | boolean | null | undefined {
  if (!isValueType(type) || nullableElement(type)) return null;
  if (isEnum(type)) return 0;
  switch (primitiveOf(type)) {
    case undefined:
      return undefined;
    case 'bool':
      return false;
    case 'long':
    case 'ulong':
      return 0n;
    default:
      return 0;
  }
}

function defaultStruct(type: NamedType, runtime: Runtime): unknown {
  if (type.definition.name === 'ValueTuple') {
    const items = type.typeArguments.map((one) => defaultOf(one, runtime));
    return new TupleValue(type, items);
  }
  const zero = zeroMember(type, runtime);
  return zero === undefined ? constructDefault(type, runtime) : zero;
}

function zeroMember(type: NamedType, runtime: Runtime): unknown {
  const name = ZERO_MEMBERS[type.definition.fullName];
  const member = name === undefined ? undefined : type.definition.membersNamed(name)[0];
  if (member?.kind !== 'field' && member?.kind !== 'property') return undefined;
  if (member.kind === 'field' && member.isConst) return member.value;
  return member.getter && callImplementation(member.getter, runtime, type.typeArguments, []);
}

/** A struct without a known zero: its shortest constructor, given defaults. */
function constructDefault(type: NamedType, runtime: Runtime): unknown {
  const constructors = type.definition.membersNamed('.ctor').filter((m): m is Constructor => m.kind === 'constructor');
  const shortest = constructors.sort((a, b) => a.parameters.length - b.parameters.length)[0];
  if (!shortest) return null;
  const { typeParameters } = type.definition;
  const values = shortest.parameters.map((p) => defaultOf(runtime.types.substitute(p.type, typeParameters, type.typeArguments), runtime));
  return callImplementation(shortest.implementation, runtime, type.typeArguments, values);
}

/** Calls an implementation of either form. */
export function callImplementation(implementation: unknown, runtime: Runtime, types: readonly Type[], args: readonly unknown[]): unknown {
  if (typeof implementation === 'function') return (implementation as (...all: unknown[]) => unknown)(...args);
  const call = (implementation as SpecialImplementation).call as (r: Runtime, t: readonly Type[], ...all: unknown[]) => unknown;
  return call(runtime, types, ...args);
}
