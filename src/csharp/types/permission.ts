/** Azure's published list of types and members, and what to suggest in place of a name that it does not hold. */
import type { FoundMember } from './table.ts';
import type { TypeDefinition } from './type.ts';

export { nearestName } from '../../source/nearest.ts';

/** Whether the service accepts a use of the type or member. Members count for the type that declares them. */
export function isPermitted(found: FoundMember | TypeDefinition): boolean {
  if (!('member' in found)) return found.listed !== 'none';
  const { listed } = found.on.definition;
  if (typeof listed === 'string') return listed !== 'none';
  return found.member.kind === 'operator' || listed.includes(listedName(found.member.name));
}

/** Indexers stand in the list as `Item`, constructors as `.ctor`. */
export function listedName(name: string): string {
  return name === 'this[]' ? 'Item' : name;
}
