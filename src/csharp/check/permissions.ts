/** Refuses what Azure's published list does not hold, unless the engine allows any member. */
import type { Span } from '../../source/span.ts';
import { isPermitted, listedName, nearestName } from '../types/permission.ts';
import type { FoundMember } from '../types/table.ts';
import type { Type } from '../types/type.ts';
import { insteadOf } from './absent-names.ts';
import type { Binder } from './context.ts';
import * as fault from './faults.ts';
import { adviceFor } from './permission-advice.ts';

export function permitMember(b: Binder, found: FoundMember, at: Span): void {
  const full = fullName(found);
  if (b.engine.anyMember || isPermitted(found) || b.engine.allowed?.has(full)) return;
  const { listed, fullName: type } = found.on.definition;
  const owner = b.show(found.on);
  const advice = adviceFor(full, type);
  if (listed === 'none') return refuseMemberOf(b, type, advice ?? fault.allowMember(full), at);
  const { name, kind } = found.member;
  if (kind === 'constructor') {
    const help = isException(b, found.on) ? fault.exceptionNotMade : (advice ?? fault.allowMember(full));
    return b.report(at, fault.constructorNotPermitted(owner, help));
  }
  const nearest = advice === undefined ? nearestName(name, nearbyNames(b, found)) : undefined;
  const help = nearest === undefined ? (advice ?? fault.allowMember(full)) : fault.nearestPermitted(`${owner}.${nearest}`);
  b.report(at, fault.memberNotPermitted(`${owner}.${listedName(name)}`, help));
}

/** As `expressions.allow` and the published list have it: `System.Uri..ctor`, `System.Uri.Host`. */
function fullName({ member, on }: FoundMember): string {
  return `${on.definition.fullName}.${listedName(member.name)}`;
}

function isException(b: Binder, type: Type): boolean {
  for (let at: Type | undefined = type; at !== undefined; at = b.types.baseOf(at))
    if (at.kind === 'named' && at.definition.fullName === 'System.Exception') return true;
  return false;
}

/** Where the type was named it has been refused already: its members need not be as well. */
function refuseMemberOf(b: Binder, type: string, help: string, at: Span): void {
  const wording = fault.typeNotPermitted(type, help);
  if (!b.faults.some(({ message }) => message === wording.message)) b.report(at, wording);
}

function nearbyNames(b: Binder, found: FoundMember): string[] {
  return permittedNames(b, found.on).filter((name) => name !== found.member.name);
}

/** Every member name of a type, inherited ones included, that may be used: candidates for a suggestion. */
export function permittedNames(b: Binder, type: Type): string[] {
  const names = new Set<string>();
  for (let at: Type | undefined = type; at !== undefined; at = b.types.baseOf(at)) ownNames(b, at, names);
  for (const each of b.types.interfacesOf(type)) ownNames(b, each, names);
  return [...names];
}

function ownNames(b: Binder, type: Type, names: Set<string>): void {
  if (type.kind === 'anonymous') for (const member of type.members) names.add(member.name);
  if (type.kind !== 'named') return;
  for (const member of type.definition.members) {
    const isNamed = member.kind !== 'constructor' && member.kind !== 'operator' && member.kind !== 'indexer';
    if (isNamed && (b.engine.anyMember || isPermitted({ member, on: type }))) names.add(member.name);
  }
}

export function permitType(b: Binder, type: Type, at: Span): void {
  if (b.engine.anyMember || type.kind !== 'named' || isPermitted(type.definition)) return;
  const { fullName: name } = type.definition;
  if (isOwner(b, name)) return;
  b.report(at, fault.typeNotPermitted(name, adviceFor(name, name) ?? insteadOf(name) ?? fault.allowMember(`${name}.…`)));
}

/** Who is allowed a member of a type may name the type. */
function isOwner(b: Binder, type: string): boolean {
  for (const member of b.engine.allowed ?? []) if (member.replace(/\.\.?[^.]+$/, '') === type) return true;
  return false;
}
