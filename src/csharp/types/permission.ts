/** Azure's published list of types and members, and what to suggest in place of a name that it does not hold. */
import type { FoundMember } from './table.ts';
import type { TypeDefinition } from './type.ts';

/** Whether the service accepts a use of the type or member. Members count for the type that declares them. */
export function isPermitted(found: FoundMember | TypeDefinition): boolean {
  if (!('member' in found)) return found.listed !== 'none';
  const { listed } = found.on.definition;
  if (typeof listed === 'string') return listed !== 'none';
  const { kind, name } = found.member;
  return kind === 'constructor' || kind === 'operator' || listed.includes(listedName(name));
}

/** Indexers stand in the list as `Item` or as they are written. */
function listedName(name: string): string {
  return name === 'this[]' ? 'Item' : name;
}

/** The name nearest to `wanted` (edit distance, letter case ignored), or undefined when none is near. */
export function nearestName(wanted: string, names: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) > limit) continue;
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase());
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
