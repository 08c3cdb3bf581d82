/** Names of types as reflection writes them, for texts that objects without a ToString of their own give. */
import type { TypeDeclaration } from '../types/declare.ts';
import type { NamedType, Type, TypeDefinition } from '../types/type.ts';

/** `System.Collections.Generic.List`1[System.String]`, as Type.ToString gives it. */
export function reflectionNameOf(type: Type): string {
  switch (type.kind) {
    case 'named':
      return namedTypeName(type);
    case 'array':
      return `${reflectionNameOf(type.element)}[${','.repeat(type.rank - 1)}]`;
    case 'typeParameter':
      return type.name;
    case 'anonymous':
      return anonymousTypeName(type.members.map((m) => m.type));
    case 'special':
      return type.name === 'void' ? 'System.Void' : 'System.Object';
  }
}

/** `List`1`: the definition's own name, nested types behind a plus sign. */
export function definitionName(definition: TypeDefinition): string {
  const arity = definition.typeParameters.length;
  const own = arity > 0 ? `${definition.name}\`${arity}` : definition.name;
  if (definition.containing) return `${definitionName(definition.containing)}+${own}`;
  return definition.namespace === '' ? own : `${definition.namespace}.${own}`;
}

/** The full name in a declaration's header: `System.Guid` of `struct System.Guid : IComparable`. */
function declaredName(declaration: TypeDeclaration): string {
  const head = declaration.header.split(':')[0] ?? '';
  const name = head.trim().split(/\s+/).at(-1) ?? '';
  return declaration.nestedIn === undefined ? name : `${declaration.nestedIn}+${name.slice(name.lastIndexOf('.') + 1)}`;
}

/** The reflection name of what `netType` of a NetObject holds. */
export function netTypeName(type: NamedType | TypeDeclaration): string {
  return 'kind' in type ? reflectionNameOf(type) : declaredName(type);
}

function namedTypeName(type: NamedType): string {
  const name = definitionName(type.definition);
  return type.typeArguments.length === 0 ? name : `${name}[${type.typeArguments.map(reflectionNameOf).join(',')}]`;
}

function anonymousTypeName(types: readonly Type[]): string {
  const name = `<>f__AnonymousType0\`${types.length}`;
  return types.length === 0 ? '<>f__AnonymousType0' : `${name}[${types.map(reflectionNameOf).join(',')}]`;
}
