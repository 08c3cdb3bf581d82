/** Pages about the .NET types that policy expressions may use, from the type table. */
import { isPermitted } from '../../src/csharp/types/permission.ts';
import type { TypeTable } from '../../src/csharp/types/table.ts';
import type { Member, TypeDefinition } from '../../src/csharp/types/type.ts';
import { libraryDeclarations } from '../../src/dotnet/index.ts';
import { contextDeclarations } from '../../src/exchange/context/index.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { block, code, GENERATED, page, table } from './markdown.ts';

/** An index and one page a permitted type, by path. */
export function expressionPages(): [string, string][] {
  const types = createExpressions().engine.types;
  const summaries = summariesOf();
  const shown = [...types.definitions].filter(isPermitted).sort((a, b) => compare(fileOf(a), fileOf(b)));
  return [
    ['docs/expressions/index.md', index(shown)],
    ...shown.map((type): [string, string] => [
      `docs/expressions/${fileOf(type)}`,
      typePage(type, types, summaries.get(type.fullName + type.typeParameters.length)),
    ]),
  ];
}

/** Sentences of the declarations, by full name and number of type parameters. */
function summariesOf(): ReadonlyMap<string, string> {
  const found = [...libraryDeclarations(), ...contextDeclarations()].flatMap(({ header, summary }): [string, string][] => {
    const [, name = '', parameters] = /([\w.]+)(?:<([^>]*)>)?\s*(?::|\(|$)/.exec(header) ?? [];
    return summary === undefined ? [] : [[`${name}${parameters?.split(',').length ?? 0}`, summary]];
  });
  return new Map(found);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `System.Collections.Generic.List-1.md` */
function fileOf(type: TypeDefinition): string {
  return `${type.fullName}${type.typeParameters.length > 0 ? `-${type.typeParameters.length}` : ''}.md`;
}

function nameOf(type: TypeDefinition): string {
  const outer = type.containing ? `${type.containing.name}.` : '';
  const parameters = type.typeParameters.map(({ name }) => name);
  return `${outer}${type.name}${parameters.length > 0 ? `<${parameters.join(', ')}>` : ''}`;
}

/** Angle brackets outside of code would be taken for HTML. */
function titleOf(type: TypeDefinition): string {
  return type.typeParameters.length > 0 ? code(nameOf(type)) : nameOf(type);
}

function index(types: readonly TypeDefinition[]): string {
  const spaces = [...new Set(types.map(({ namespace }) => namespace))].sort(compare);
  return page([
    GENERATED,
    '# Types in policy expressions',
    "Every type that an expression may use, with the members that run. What Azure's published list does not hold is refused with PTC3000 (types) or PTC3001 (members); `--any-member` lifts that. Types marked *implied* are not in the list, but what is in it needs them. [Coverage](coverage.md) counts the members and names what is not there.",
    ...spaces.flatMap((space) => [
      `## ${space === '' ? "API Management's own" : space}`,
      spaceTable(types.filter(({ namespace }) => namespace === space)),
    ]),
  ]);
}

function spaceTable(types: readonly TypeDefinition[]): string {
  return table(
    ['type', 'kind', 'members'],
    types.map((type) => [
      `[${titleOf(type)}](${fileOf(type)})${type.listed === 'implied' ? ' *implied*' : ''}`,
      type.typeKind,
      String(type.enumValues?.size ?? permitted(type).length),
    ]),
  );
}

function permitted(type: TypeDefinition): readonly Member[] {
  return type.members.filter((member) => isPermitted({ member, on: { kind: 'named', definition: type, typeArguments: [] } }));
}

const GROUPS: readonly (readonly [string, (member: Member) => boolean])[] = [
  ['Constructors', ({ kind }) => kind === 'constructor'],
  ['Fields', ({ kind }) => kind === 'field'],
  ['Properties', ({ kind }) => kind === 'property' || kind === 'indexer'],
  ['Methods', (member) => member.kind === 'method' && !member.isExtension],
  ['Extension methods', (member) => member.kind === 'method' && member.isExtension],
  ['Operators and conversions', ({ kind }) => kind === 'operator'],
];

function typePage(type: TypeDefinition, types: TypeTable, summary = ''): string {
  const members = type.typeKind === 'enum' || type.typeKind === 'delegate' ? [] : permitted(type);
  return page([
    GENERATED,
    `# ${titleOf(type)}`,
    summary,
    facts(type, types),
    ...(type.enumValues ? [enumTable(type.enumValues)] : []),
    ...GROUPS.flatMap(([heading, fits]) => group(heading, members.filter(fits))),
    '[All types](index.md)',
  ]);
}

function group(heading: string, members: readonly Member[]): string[] {
  return members.length === 0 ? [] : [`## ${heading}`, block('csharp', members.map(({ signature }) => signature).join('\n'))];
}

function facts(type: TypeDefinition, types: TypeTable): string {
  const display = (one: Parameters<TypeTable['display']>[0]) => code(types.display(one));
  const base = type.baseType && type.baseType.definition.fullName !== 'System.Object' ? type.baseType : undefined;
  return [
    `- ${type.isFlags ? 'flags enum' : type.typeKind} ${code(type.fullName)}${type.keyword === undefined ? '' : `, in C# ${code(type.keyword)}`}`,
    ...(base && type.typeKind === 'class' ? [`- Base class: ${display(base)}`] : []),
    ...(type.interfaces.length > 0 ? [`- Interfaces: ${type.interfaces.map(display).join(', ')}`] : []),
    ...(type.invoke ? [`- Called as ${code(invocation(type, types))}`] : []),
    `- ${listing(type)}`,
  ].join('\n');
}

function invocation({ name, invoke }: TypeDefinition, types: TypeTable): string {
  if (!invoke) return '';
  const parameters = invoke.parameters.map((one) => `${types.display(one.type)} ${one.name}`).join(', ');
  return `${types.display(invoke.returnType)} ${name}(${parameters})`;
}

function listing({ listed }: TypeDefinition): string {
  if (listed === 'all') return "In Azure's list with all members";
  return listed === 'implied'
    ? "Implied: not in Azure's list itself, but types of the list need it"
    : "In Azure's list with the members shown here only";
}

function enumTable(values: ReadonlyMap<string, number>): string {
  return table(
    ['name', 'value'],
    [...values].map(([name, value]) => [code(name), String(value)]),
  );
}
