/** Names that may stand behind a dot: what an editor or a prompt offers. */
import { isPermitted } from './permission.ts';
import type { FoundMember, TypeTable } from './table.ts';
import type { Member, Method, NamedType, Type, TypeDefinition } from './type.ts';

/** Decides whether a member is offered: all, or only what Azure's published list holds. */
export type Offers = (found: FoundMember) => boolean;

export function offers(anyMember: boolean): Offers {
  return (found) => anyMember || isPermitted(found);
}

/** Instance members of a value of the type, and the extension methods that take it; sorted, without repeats. */
export function instanceNames(types: TypeTable, type: Type, offered: Offers): string[] {
  const names = new Set<string>();
  if (type.kind === 'anonymous') for (const { name } of type.members) names.add(name);
  for (const each of withBases(types, type)) addNames(names, each, offered, (member) => !member.isStatic);
  for (const definition of types.definitions) addExtensions(types, names, definition, type, offered);
  return [...names].sort();
}

/** Static members of a type, the values of an enum included; sorted, without repeats. */
export function staticNames(types: TypeTable, definition: TypeDefinition, offered: Offers): string[] {
  const names = new Set<string>();
  addNames(names, types.construct(definition, definition.typeParameters), offered, (member) => member.isStatic);
  return [...names].sort();
}

function withBases(types: TypeTable, type: Type): NamedType[] {
  const all: NamedType[] = [];
  for (let at: Type | undefined = type; at !== undefined; at = types.baseOf(at)) if (at.kind === 'named') all.push(at);
  return [...all, ...types.interfacesOf(type)];
}

function addNames(names: Set<string>, on: NamedType, offered: Offers, wanted: (member: Member) => boolean): void {
  for (const member of on.definition.members) {
    const isNamed = member.kind === 'method' || member.kind === 'property' || member.kind === 'field';
    if (isNamed && wanted(member) && offered({ member, on })) names.add(member.name);
  }
}

function addExtensions(types: TypeTable, names: Set<string>, definition: TypeDefinition, type: Type, offered: Offers): void {
  if (definition.typeKind !== 'static class') return;
  const on = types.construct(definition, []);
  for (const member of definition.members) {
    if (member.kind === 'method' && member.isExtension && offered({ member, on }) && takes(types, member, type)) names.add(member.name);
  }
}

/** Whether the first parameter is of the receiver's kind; type arguments are inferred later. */
function takes(types: TypeTable, method: Method, type: Type): boolean {
  const wanted = method.parameters[0]?.type;
  if (wanted === undefined || wanted.kind === 'typeParameter') return wanted !== undefined;
  if (wanted.kind !== 'named' || wanted.typeArguments.length === 0 || method.typeParameters.length === 0)
    return types.isAssignable(type, wanted);
  return withBases(types, type).some((each) => each.definition === wanted.definition);
}
