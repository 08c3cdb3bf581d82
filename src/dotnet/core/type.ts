/** System.Type: what typeof and GetType give, as far as expressions look at it. */
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { makeArray, TypeObject } from '../../csharp/runtime/values.ts';
import { declareType, special } from '../../csharp/types/declare.ts';
import type { TypeTable } from '../../csharp/types/table.ts';
import type { Type, TypeDefinition } from '../../csharp/types/type.ts';
import { definitionName, isEnum, isPrimitiveValue, isValueType, objectHash, reflectionNameOf } from './protocol.ts';

/** The System.Type of a type. */
export function typeObject(types: TypeTable, type: Type): TypeObject {
  const plain = types.withoutTupleNames(type);
  return new TypeObject(types.type('System.Type'), plain, types.reflectionName(plain));
}

function definitionOf(self: TypeObject): TypeDefinition | undefined {
  return self.of.kind === 'named' ? self.of.definition : undefined;
}

/** `List`1`, `Int32[]`. */
function nameOf(type: Type): string {
  if (type.kind === 'array') return `${nameOf(type.element)}[${','.repeat(type.rank - 1)}]`;
  const full = type.kind === 'named' ? definitionName(type.definition) : reflectionNameOf(type).split('[')[0];
  return (full ?? '').split(/[.+]/).at(-1) ?? '';
}

/** Type arguments are written with their assembly, which tells nothing here, so they stand in brackets without it. */
function fullNameOf(type: Type): string {
  if (type.kind !== 'named' || type.typeArguments.length === 0) return reflectionNameOf(type);
  return `${definitionName(type.definition)}[${type.typeArguments.map((one) => `[${fullNameOf(one)}]`).join(',')}]`;
}

function wrapped(runtime: Runtime, type: Type | undefined): TypeObject | null {
  return type === undefined ? null : typeObject(runtime.types, type);
}

const isKind = (kind: TypeDefinition['typeKind']) => (self: TypeObject) => definitionOf(self)?.typeKind === kind;
const isClass = (self: TypeObject) => !isValueType(self.of) && !isKind('interface')(self);

function typeArguments(runtime: Runtime, _types: readonly Type[], self: TypeObject): unknown[] {
  const { types } = runtime;
  const own = self.of.kind === 'named' ? self.of.typeArguments : [];
  return makeArray(
    types.array(types.type('System.Type')),
    own.map((one) => typeObject(types, one)),
  );
}

function isSubclass(runtime: Runtime, _types: readonly Type[], self: TypeObject, other: TypeObject): boolean {
  for (let base = runtime.types.baseOf(self.of); base; base = runtime.types.baseOf(base)) if (base === other.of) return true;
  return false;
}

export const memberInfoType = declareType('abstract class System.Reflection.MemberInfo', 'implied', {
  'string Name { get; }': (self: TypeObject) => nameOf(self.of),
});

export const typeType = declareType('abstract class System.Type : System.Reflection.MemberInfo', 'implied', {
  'string FullName { get; }': (self: TypeObject) => fullNameOf(self.of),
  'string Namespace { get; }': (self: TypeObject) => definitionOf(self)?.namespace ?? (self.of.kind === 'array' ? 'System' : null),
  'Type BaseType { get; }': special((runtime: Runtime, _types, self: never) =>
    wrapped(runtime, runtime.types.baseOf((self as TypeObject).of)),
  ),
  'Type UnderlyingSystemType { get; }': (self: TypeObject) => self,
  'bool IsAbstract { get; }': (self: TypeObject) => definitionOf(self)?.isAbstract ?? false,
  'bool IsArray { get; }': (self: TypeObject) => self.of.kind === 'array',
  'bool IsClass { get; }': isClass,
  'bool IsEnum { get; }': (self: TypeObject) => isEnum(self.of),
  'bool IsGenericType { get; }': (self: TypeObject) => self.of.kind === 'named' && self.of.typeArguments.length > 0,
  'bool IsInterface { get; }': isKind('interface'),
  'bool IsPrimitive { get; }': (self: TypeObject) => isPrimitiveValue(self.of) && !isEnum(self.of),
  'bool IsValueType { get; }': (self: TypeObject) => isValueType(self.of),
  'Type GetElementType()': special((runtime: Runtime, _types, self: never) => {
    const { of } = self as TypeObject;
    return wrapped(runtime, of.kind === 'array' ? of.element : undefined);
  }),
  'Type[] GetGenericArguments()': special(typeArguments),
  'Type[] GenericTypeArguments { get; }': special(typeArguments),
  'bool IsAssignableFrom(Type c)': special((runtime: Runtime, _types, self: never, other: never) =>
    runtime.types.isAssignable((other as TypeObject).of, (self as TypeObject).of),
  ),
  'bool IsInstanceOfType(object o)': special((runtime: Runtime, _types, self: never, value: never) => {
    const type = runtime.types.typeOf(value);
    return type !== null && runtime.types.isAssignable(type, (self as TypeObject).of);
  }),
  'bool IsSubclassOf(Type c)': special(isSubclass),
  'bool Equals(Type o)': (self: TypeObject, other: TypeObject | null) => self.netEquals(other),
  'bool Equals(object o)': (self: TypeObject, other: unknown) => self.netEquals(other),
  'int GetHashCode()': (self: TypeObject) => objectHash(self.name),
  'string ToString()': (self: TypeObject) => self.name,
  'static bool operator ==(Type left, Type right)': sameType,
  'static bool operator !=(Type left, Type right)': (a: TypeObject | null, b: TypeObject | null) => !sameType(a, b),
});

function sameType(a: TypeObject | null, b: TypeObject | null): boolean {
  return a === b || (a?.netEquals(b) ?? false);
}
