/** Questions about one type alone. */
import type { NamedType, Type } from './type.ts';

export function isNamed(type: Type | null | undefined, fullName: string): type is NamedType {
  return type?.kind === 'named' && type.definition.fullName === fullName;
}

export function isObject(type: Type | null | undefined): type is NamedType {
  return isNamed(type, 'System.Object');
}

export function isString(type: Type | null | undefined): type is NamedType {
  return isNamed(type, 'System.String');
}

export function isEnum(type: Type | null | undefined): type is NamedType {
  return type?.kind === 'named' && type.definition.typeKind === 'enum';
}

export function isInterface(type: Type | null | undefined): type is NamedType {
  return type?.kind === 'named' && type.definition.typeKind === 'interface';
}

export function isDelegate(type: Type | null | undefined): type is NamedType {
  return type?.kind === 'named' && type.definition.typeKind === 'delegate';
}

export function isError(type: Type | null | undefined): boolean {
  return type?.kind === 'special' && type.name === 'error';
}

export function isVoid(type: Type | null | undefined): boolean {
  return type?.kind === 'special' && type.name === 'void';
}

/** Structs and enums, nullable ones included; a type parameter when it is constrained to `struct`. */
export function isValueType(type: Type): boolean {
  if (type.kind === 'named') return type.definition.typeKind === 'struct' || type.definition.typeKind === 'enum';
  return type.kind === 'typeParameter' && hasConstraint(type.constraint, 'struct');
}

/** Classes, interfaces, delegates, arrays, anonymous types; a type parameter when it is constrained to `class`. */
export function isReferenceType(type: Type): boolean {
  if (type.kind === 'named') return !isValueType(type);
  if (type.kind === 'typeParameter') return hasConstraint(type.constraint, 'class');
  return type.kind === 'array' || type.kind === 'anonymous';
}

function hasConstraint(constraint: string | undefined, word: string): boolean {
  return constraint?.split(',').some((part) => part.trim() === word) ?? false;
}

/** The T of `T?`, or undefined. */
export function underlyingOf(type: Type | null | undefined): Type | undefined {
  return isNamed(type, 'System.Nullable') ? type.typeArguments[0] : undefined;
}

export function isNullable(type: Type | null | undefined): boolean {
  return underlyingOf(type) !== undefined;
}

/** Whether null is one of its values. */
export function acceptsNull(type: Type): boolean {
  return isNullable(type) || isReferenceType(type);
}

/** The keyword of a plain built-in type (`int`), or undefined. */
export function keywordOf(type: Type | null | undefined): string | undefined {
  return type?.kind === 'named' ? type.definition.keyword : undefined;
}

const FIRST_TUPLE_ELEMENTS = 7;

/** Element types of a value tuple type, those behind `Rest` included; undefined for other types. */
export function tupleElements(type: Type | null | undefined): readonly Type[] | undefined {
  if (!isNamed(type, 'System.ValueTuple') || type.typeArguments.length < 2) return undefined;
  const rest = type.typeArguments[FIRST_TUPLE_ELEMENTS];
  if (rest === undefined) return type.typeArguments;
  const behind = tupleElements(rest) ?? (isNamed(rest, 'System.ValueTuple') ? rest.typeArguments : undefined);
  return behind === undefined ? undefined : [...type.typeArguments.slice(0, FIRST_TUPLE_ELEMENTS), ...behind];
}

/** Whether a type parameter stands anywhere inside the type. */
export function mentionsTypeParameter(type: Type): boolean {
  switch (type.kind) {
    case 'typeParameter':
      return true;
    case 'array':
      return mentionsTypeParameter(type.element);
    case 'named':
      return type.typeArguments.some(mentionsTypeParameter);
    case 'anonymous':
      return type.members.some((member) => mentionsTypeParameter(member.type));
    case 'special':
      return false;
  }
}
