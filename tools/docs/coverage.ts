/**
 * How much of what Azure's published list allows is declared. The list, with every member by reflection, is `permitted-members.json`;
 * `T0`, `T1` stand for the type parameters of the type, `M0`, `M1` for those of the method.
 */
import { isPermitted } from '../../src/csharp/types/permission.ts';
import type { TypeTable } from '../../src/csharp/types/table.ts';
import type { Member, NamedType, Parameter, Type, TypeDefinition, TypeParameter } from '../../src/csharp/types/type.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { gapReason } from './coverage-gaps.ts';
import { block, code, GENERATED, page, table } from './markdown.ts';
import permitted from './permitted-members.json' with { type: 'json' };

/** One type of the list. */
interface PermittedType {
  readonly type: string;
  readonly arity: number;
  /** `listed`: in the published list; `implied`: what the list needs; `context`: API Management's own. */
  readonly section: string;
  readonly members: readonly string[];
  /** Members that only the older .NET Framework has. */
  readonly frameworkOnly?: readonly string[];
}

/** What is declared of one type. */
export interface TypeCoverage {
  readonly name: string;
  readonly section: string;
  readonly allowed: number;
  readonly implemented: number;
  /** Members that are not declared, each with its reason; no reason means that one went missing. */
  readonly gaps: readonly { readonly member: string; readonly reason: string | undefined }[];
}

/** Compares the list with the declarations. */
export function coverage(): TypeCoverage[] {
  const { types } = createExpressions().engine;
  return (permitted as readonly PermittedType[]).map((one) => coverType(one, types));
}

function coverType({ type, arity, section, members, frameworkOnly = [] }: PermittedType, types: TypeTable): TypeCoverage {
  const definition = types.definition(type, arity);
  const found = definition ? namesOf(definition, types, section === 'implied' ? () => true : isPermitted) : new Set<string>();
  const all = [...members.map((member) => ({ member, isOld: false })), ...frameworkOnly.map((member) => ({ member, isOld: true }))];
  const missing = all.filter(({ member }) => !found.has(member));
  return {
    name: arity === 0 ? type : `${type}<${Array.from({ length: arity }, (_, index) => `T${index}`).join(', ')}>`,
    section,
    allowed: all.length,
    implemented: all.length - missing.length,
    gaps: missing.map(({ member, isOld }) => ({ member, reason: gapReason(type, member, isOld) })),
  };
}

/** Types of the second kind are outside the list itself: what they hold is there for `--any-member`. */
type Counts = typeof isPermitted;

/** Every member that counts and can be used on a type, inherited ones included, as the list writes them. */
function namesOf(definition: TypeDefinition, types: TypeTable, counts: Counts): Set<string> {
  if (!counts(definition)) return new Set();
  if (definition.enumValues) return new Set([...definition.enumValues].map(([name, value]) => `${name} = ${value}`));
  const self = types.construct(definition, definition.typeParameters);
  const places = [self, ...basesOf(self, types), ...types.interfacesOf(self).filter(() => definition.typeKind === 'interface')];
  return new Set(places.flatMap((on) => membersOf(on, on === self, counts).flatMap((member) => spellings(member, on, definition, types))));
}

function basesOf(type: Type, types: TypeTable): NamedType[] {
  const base = types.baseOf(type);
  return base?.kind === 'named' ? [base, ...basesOf(base, types)] : [];
}

function membersOf(on: NamedType, isSelf: boolean, counts: Counts): readonly Member[] {
  const usable = on.definition.members.filter((member) => counts({ member, on }));
  return isSelf ? usable : usable.filter(({ kind }) => kind !== 'constructor');
}

/** Optional parameters may be left out; a member that can be written can be read, too. */
function spellings(member: Member, on: NamedType, definition: TypeDefinition, types: TypeTable): string[] {
  const own = member.kind === 'method' ? member.typeParameters : [];
  const write = (type: Type): string => spell(types.substitute(type, on.definition.typeParameters, on.typeArguments), definition, own);
  switch (member.kind) {
    case 'property':
    case 'field':
      return member.setter ? [member.name, `${member.name} { set }`] : [member.name];
    case 'indexer':
      return [`Item[${parameterText(member.parameters, write)}]`];
    case 'operator': {
      const text = `${member.name}(${parameterText(member.parameters, write)})`;
      return [/^op_(Ex|Im)plicit$/.test(member.name) ? `${text}: ${write(member.returnType)}` : text];
    }
    default: {
      const generic = own.length > 0 ? `<${own.map((_, index) => `M${index}`).join(', ')}>` : '';
      return shortened(member.parameters).map((parameters) => `${member.name}${generic}(${parameterText(parameters, write)})`);
    }
  }
}

function shortened(parameters: readonly Parameter[]): (readonly Parameter[])[] {
  const last = parameters.at(-1);
  return last?.isOptional ? [parameters, ...shortened(parameters.slice(0, -1))] : [parameters];
}

function parameterText(parameters: readonly Parameter[], write: (type: Type) => string): string {
  return parameters.map(({ type, modifier }) => (modifier === undefined ? '' : `${modifier} `) + write(type)).join(', ');
}

/** The type with full names and numbered type parameters. */
function spell(type: Type, owner: TypeDefinition, own: readonly TypeParameter[]): string {
  const inner = (one: Type) => spell(one, owner, own);
  switch (type.kind) {
    case 'typeParameter': {
      const index = owner.typeParameters.indexOf(type);
      return index >= 0 ? `T${index}` : `M${own.indexOf(type)}`;
    }
    case 'array':
      return `${inner(type.element)}[${','.repeat(type.rank - 1)}]`;
    case 'named':
      return spellNamed(type, inner);
    default:
      return type.kind === 'special' ? type.name : 'anonymous';
  }
}

function spellNamed({ definition, typeArguments }: NamedType, inner: (type: Type) => string): string {
  const [only] = typeArguments;
  if (definition.fullName === 'System.Nullable' && only) return `${inner(only)}?`;
  const name = definition.keyword ?? definition.fullName;
  return typeArguments.length === 0 ? name : `${name}<${typeArguments.map(inner).join(', ')}>`;
}

const SECTIONS: readonly (readonly [section: string, title: string])[] = [
  ['listed', "Azure's published list"],
  ['context', "API Management's own types"],
  ['implied', 'Types that the list needs'],
];

/** `docs/expressions/coverage.md`. */
export function coveragePage(): [string, string] {
  const found = coverage();
  return [
    'docs/expressions/coverage.md',
    page([
      GENERATED,
      '# Coverage',
      'Members that expressions may use and members that run, each overload counted. Below each table stand the members that do not run, with the reason; writing one is a compile error, never a silent difference.',
      ...SECTIONS.flatMap(([section, title]) =>
        sectionParts(
          title,
          found.filter((one) => one.section === section),
        ),
      ),
      '[All types](index.md)',
    ]),
  ];
}

function sectionParts(title: string, types: readonly TypeCoverage[]): string[] {
  const rows = types.map(({ name, implemented, allowed }) => [code(name), `${implemented} of ${allowed}`]);
  return [`## ${title}`, summary(types), table(['type', 'members'], rows), ...gapParts(types)];
}

function summary(types: readonly TypeCoverage[]): string {
  const implemented = total(types, (one) => one.implemented);
  const allowed = total(types, (one) => one.allowed);
  return `${implemented} of ${allowed} members of ${types.length} types run; ${allowed - implemented} are listed below.`;
}

function total(types: readonly TypeCoverage[], count: (type: TypeCoverage) => number): number {
  return types.reduce((sum, one) => sum + count(one), 0);
}

/** Gaps by reason. */
function gapParts(types: readonly TypeCoverage[]): string[] {
  const gaps = types.flatMap(({ name, gaps: own }) =>
    own.map(({ member, reason = 'missing' }) => ({ reason, text: `${name}: ${member}` })),
  );
  const reasons = [...new Set(gaps.map(({ reason }) => reason))];
  return reasons.flatMap((reason) => {
    const same = gaps.filter((gap) => gap.reason === reason);
    return [`Not there (${same.length}): ${reason}.`, block('text', same.map(({ text }) => text).join('\n'))];
  });
}
