/** `expressions.allow` of portico.yaml: .NET members that the user's gateway accepts beyond Azure's published list. */
import type { TypeTable } from '../csharp/types/table.ts';
import type { TypeDefinition } from '../csharp/types/type.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { nearestName } from '../source/nearest.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import type { Entry } from './config-file.ts';
import type { Expressions } from './expressions.ts';
import * as faults from './faults.ts';

export interface AllowedMember {
  /** `System.Uri.Host`, `System.Uri..ctor`; numbers of type parameters are left out. */
  readonly name: string;
  readonly file: SourceFile;
  readonly span: Span;
}

export function readExpressionRules(entry: Entry): readonly AllowedMember[] {
  entry.onlyMembers(['allow']);
  return entry
    .get('allow')
    .items()
    .flatMap((item) => {
      const name = item.text()?.trim().replace(/`\d+/g, '');
      return name === undefined ? [] : [{ name, file: item.context.file, span: item.span }];
    });
}

/** The same expressions, with these members accepted. */
export function allowing(expressions: Expressions, members: readonly AllowedMember[] | undefined): Expressions {
  if (members === undefined || members.length === 0) return expressions;
  return { ...expressions, engine: { ...expressions.engine, allowed: new Set(members.map(({ name }) => name)) } };
}

/** Names that nothing here implements, each where it is written. */
export function unknownMembers(members: readonly AllowedMember[] | undefined, types: TypeTable): Diagnostic[] {
  return (members ?? []).flatMap(({ name, file, span }) => {
    const fault = faultOf(name, types);
    return fault ? [{ severity: 'error' as const, ...fault, file, span }] : [];
  });
}

function faultOf(name: string, types: TypeTable): faults.Fault | undefined {
  const [, typeName = '', memberName = ''] = /^([\w.]*\w)\.(\.ctor|\w+)$/.exec(name) ?? [];
  if (typeName === '') return faults.noMemberName(name);
  const definitions = [...types.definitions].filter(({ fullName }) => fullName === typeName);
  const members = definitions.flatMap(namesOf);
  if (members.includes(memberName)) return undefined;
  const nearest =
    definitions.length > 0
      ? nearestName(memberName, members)
      : nearestName(
          typeName,
          [...types.definitions].map(({ fullName }) => fullName),
        );
  if (nearest === undefined) return faults.unknownMember(name);
  return faults.unknownMember(name, definitions.length > 0 ? `${typeName}.${nearest}` : `${nearest}.${memberName}`);
}

function namesOf({ members, enumValues }: TypeDefinition): string[] {
  return [...members.map(({ name }) => (name === 'this[]' ? 'Item' : name)), ...(enumValues?.keys() ?? [])];
}
