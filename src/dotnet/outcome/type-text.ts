/** .NET type names as recorded outcomes write them: `System.Collections.Generic.List<System.String>`, `anonymous{A,B}`. */
import type { Type, TypeDefinition } from '../../csharp/types/type.ts';

export function typeText(type: Type): string {
  switch (type.kind) {
    case 'named':
      return namedText(type.definition, type.typeArguments);
    case 'array':
      return `${typeText(type.element)}[${','.repeat(type.rank - 1)}]`;
    case 'anonymous':
      return `anonymous{${type.members.map((m) => m.name).join(',')}}`;
    case 'typeParameter':
      return type.name;
    case 'special':
      return type.name;
  }
}

/** What GetType gives is an instance of a class of its own in .NET. */
const SHOWN_AS: Readonly<Record<string, string>> = { 'System.Type': 'System.Reflection.TypeInfo' };

function namedText(definition: TypeDefinition, args: readonly Type[]): string {
  const name = plainName(definition);
  return args.length === 0 ? (SHOWN_AS[name] ?? name) : `${name}<${args.map(typeText).join(',')}>`;
}

function plainName(definition: TypeDefinition): string {
  if (definition.containing) return `${plainName(definition.containing)}+${definition.name}`;
  return definition.namespace === '' ? definition.name : `${definition.namespace}.${definition.name}`;
}
