/** The .NET library as context members need it: calls by name through the type table, so that only declarations tie the rooms. */
import { NetException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { Implementation } from '../../csharp/types/declare.ts';
import type { Member, Parameter } from '../../csharp/types/type.ts';

/** Calls a static method whose parameters are written so: `callStatic(runtime, 'System.Guid', 'Parse', ['string'], text)`. */
export function callStatic(runtime: Runtime, typeName: string, method: string, parameters: readonly string[], ...args: unknown[]): unknown {
  const found = members(runtime, typeName, method).find(
    (m) => m.kind === 'method' && m.isStatic && fits(runtime, m.parameters, parameters),
  );
  if (found?.kind !== 'method') throw missing(`${typeName}.${method}`);
  return invoke(runtime, found.implementation, args);
}

/** Reads a property of an object, declared on its type or a base of it. */
export function readProperty(runtime: Runtime, receiver: unknown, name: string): unknown {
  const type = runtime.types.typeOf(receiver);
  const found = type && runtime.types.lookup(type, name).find(({ member }) => member.kind === 'property');
  if (found?.member.kind !== 'property' || !found.member.getter) throw missing(name);
  return invoke(runtime, found.member.getter, [receiver]);
}

function members(runtime: Runtime, typeName: string, name: string): readonly Member[] {
  return runtime.types.definition(typeName)?.membersNamed(name) ?? [];
}

function fits(runtime: Runtime, parameters: readonly Parameter[], wanted: readonly string[]): boolean {
  const needed = parameters.filter((parameter) => !parameter.isOptional);
  if (needed.length > wanted.length || wanted.length > parameters.length) return false;
  return wanted.every((name, at) => {
    const parameter = parameters[at];
    return parameter !== undefined && runtime.types.display(parameter.type) === name;
  });
}

function invoke(runtime: Runtime, implementation: Implementation, args: readonly unknown[]): unknown {
  if (typeof implementation === 'function') return (implementation as (...values: unknown[]) => unknown)(...args);
  return (implementation.call as (runtime: Runtime, types: readonly unknown[], ...values: unknown[]) => unknown)(runtime, [], ...args);
}

function missing(what: string): NetException {
  return new NetException('System.MissingMethodException', `Method not found: '${what}'.`);
}
