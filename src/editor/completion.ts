/** What fits at a place: policies, children, attributes, values, named values, members of C# types. */
import type { ExpressionEngine } from '../csharp/compile.ts';
import { IMPORTED_NAMESPACES } from '../csharp/types/keywords.ts';
import { instanceNames, offers, staticNames } from '../csharp/types/member-names.ts';
import type { Member } from '../csharp/types/type.ts';
import {
  ALL_SECTIONS,
  type AttributeDeclaration,
  type ElementDeclaration,
  isSection,
  type PolicyDefinition,
} from '../policies/definition.ts';
import { POLICIES } from '../policies/registry.ts';
import type { Workspace } from '../workspace/model.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import { bindCode, boundExpressions, expressionBetween } from './code-model.ts';
import { KEYWORDS } from './code-words.ts';
import { operandBefore } from './operand.ts';
import { declarationAt, type Place, placeAt } from './place.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'policy' | 'element' | 'attribute' | 'value' | 'member' | 'type' | 'variable' | 'keyword';
  /** One line beside the label. */
  readonly detail?: string;
  readonly documentation?: string;
  /** What is inserted, with `$1`, `$0` as places to go on; default: the label. */
  readonly snippet?: string;
}

export interface CompletionSetting {
  readonly engine: ExpressionEngine;
  readonly workspace: Workspace | undefined;
}

export function completionsAt(document: PolicyDocument, offset: number, setting: CompletionSetting): Completion[] {
  const place = placeAt(document, offset);
  switch (place.kind) {
    case 'code':
      return codeCompletions(place, setting);
    case 'element-name':
      return elementCompletions(place.path);
    case 'end-tag':
      return place.path.slice(-1).map((name) => ({ label: name, kind: 'element', snippet: `${name}>` }));
    case 'attribute-name':
      return attributeCompletions(place.path, place.present);
    case 'attribute-value':
      return valueCompletions(place.path, place.attribute, setting.workspace);
    case 'named-value':
      return [...(setting.workspace?.namedValues.values() ?? [])].map(({ name, secret, value }) => ({
        label: name,
        kind: 'value',
        detail: secret ? 'secret' : (value ?? ''),
      }));
    default:
      return [];
  }
}

/** How much of a name stands before the place already. */
export function typedBefore(document: PolicyDocument, offset: number): number {
  const place = placeAt(document, offset);
  if (place.kind === 'code') return /[A-Za-z_]\w*$/.exec(place.code.slice(0, place.offset))?.[0].length ?? 0;
  return 'typed' in place ? place.typed.length : 0;
}

/** What there is to say about a type that was offered, or about all members of the name that was. */
export function documentationFor(label: string, detail: string | undefined, { types }: ExpressionEngine): string | undefined {
  const signatures = (members: readonly Member[]) => [...new Set(members.map(({ signature }) => signature))];
  const type = detail === undefined ? undefined : types.definition(detail);
  const owners = type ? [] : [...types.definitions].filter((one) => one.membersNamed(label).some(({ signature }) => signature === detail));
  const shown = type ? signatures(type.membersNamed('.ctor')) : signatures(owners.flatMap((one) => [...one.membersNamed(label)]));
  if (shown.length === 0) return undefined;
  const heading = type ? type.fullName : owners.map(({ fullName }) => fullName).join(', ');
  return `\`\`\`csharp\n${shown.join('\n')}\n\`\`\`\n\n${heading}`;
}

// ------------------------------------------------------------ markup

function elementCompletions(path: readonly string[]): Completion[] {
  const inner = path[path.length - 1];
  if (inner === undefined)
    return ['policies', 'fragment'].map((name) => ({ label: name, kind: 'element', snippet: `${name}>\n\t$0\n</${name}>` }));
  if (inner === 'policies')
    return ALL_SECTIONS.map((name) => ({ label: name, kind: 'element', snippet: `${name}>\n\t<base />$0\n</${name}>` }));
  const declaration = declarationAt(path);
  const children = (declaration?.children ?? []).map(
    (child): Completion => ({ label: child.name, kind: 'element', snippet: elementSnippet(child) }),
  );
  if (declaration !== undefined && declaration.content !== 'policies' && declaration.content !== 'mixed') return children;
  if (declaration === undefined && !isSectionOrFragment(inner)) return [];
  return [...children, ...POLICIES.filter((policy) => mayStand(policy, path, declaration)).map(policyCompletion)];
}

function isSectionOrFragment(name: string): boolean {
  return name === 'fragment' || isSection(name);
}

function mayStand({ name, sections }: PolicyDefinition, path: readonly string[], declaration: ElementDeclaration | undefined): boolean {
  if (declaration?.only && !declaration.only.includes(name)) return false;
  if (declaration?.except?.includes(name)) return false;
  const section = path.find(isSection);
  return section === undefined || sections.includes(section);
}

function policyCompletion(policy: PolicyDefinition): Completion {
  return {
    label: policy.name,
    kind: 'policy',
    detail: policy.sections.join(', '),
    documentation: documentationOf(policy),
    snippet: elementSnippet(policy),
  };
}

/** A policy's sentence and the page of the reference. */
export function documentationOf({ summary, page }: PolicyDefinition): string {
  return `${summary}\n\n[Reference](https://learn.microsoft.com/azure/api-management/${page})`;
}

/** The element with its required attributes and children, behind the `<` that is there. */
function elementSnippet(declaration: ElementDeclaration): string {
  let next = 1;
  const attributes = declaration.attributes.filter(({ required }) => required).map(({ name }) => ` ${name}="$${next++}"`);
  const start = `${declaration.name}${attributes.join('')}`;
  if (declaration.content === 'empty') return `${start} />$0`;
  const children = (declaration.children ?? []).filter(({ min }) => min > 0).map((child) => `\n\t<${requiredChild(child, () => next++)}`);
  if (children.length > 0) return `${start}>${children.join('')}\n</${declaration.name}>$0`;
  return declaration.content === 'policies' ? `${start}>\n\t$0\n</${declaration.name}>` : `${start}>$0</${declaration.name}>`;
}

function requiredChild(child: ElementDeclaration, next: () => number): string {
  const attributes = child.attributes.filter(({ required }) => required).map(({ name }) => ` ${name}="$${next()}"`);
  if (child.content === 'empty') return `${child.name}${attributes.join('')} />`;
  return `${child.name}${attributes.join('')}>$${next()}</${child.name}>`;
}

function attributeCompletions(path: readonly string[], present: readonly string[]): Completion[] {
  const attributes = declarationAt(path)?.attributes ?? [];
  return attributes
    .filter(({ name }) => !present.includes(name))
    .map((attribute) => ({
      label: attribute.name,
      kind: 'attribute',
      detail: describeAttribute(attribute),
      documentation: attribute.meaning,
      snippet: `${attribute.name}="$0"`,
    }));
}

/** `required boolean`, `one of a, b, default a`. */
export function describeAttribute({ required, type, values, default: byDefault, expressions }: AttributeDeclaration): string {
  const kind = type === 'enum' ? `one of ${values?.join(', ') ?? ''}` : type;
  return [required ? 'required' : '', kind, expressions ? 'or an expression' : '', byDefault === undefined ? '' : `default ${byDefault}`]
    .filter((part) => part !== '')
    .join(', ')
    .replace(/^required, /, 'required ');
}

/** Attributes that name something of the directory. */
function namesFor(attribute: string, workspace: Workspace | undefined): readonly string[] {
  if (workspace === undefined) return [];
  if (attribute === 'fragment-id') return [...workspace.fragments.keys()];
  if (attribute === 'backend-id') return [...workspace.backends.keys()];
  return attribute === 'certificate-id' ? [...workspace.certificates.keys()] : [];
}

function valueCompletions(path: readonly string[], name: string, workspace: Workspace | undefined): Completion[] {
  const attribute = declarationAt(path)?.attributes.find((one) => one.name === name);
  const plain = attribute?.type === 'boolean' || attribute?.type === 'condition' ? ['true', 'false'] : (attribute?.values ?? []);
  const values = [...plain, ...namesFor(name, workspace)].map((value): Completion => ({ label: value, kind: 'value' }));
  return attribute?.expressions ? [...values, { label: '@()', kind: 'keyword', detail: 'expression', snippet: '@($0)' }] : values;
}

// ------------------------------------------------------------ C#

function codeCompletions({ code, form, offset }: Extract<Place, { kind: 'code' }>, setting: CompletionSetting): Completion[] {
  const before = code.slice(0, offset);
  const typed = /[A-Za-z_]\w*$/.exec(before)?.[0] ?? '';
  const start = offset - typed.length;
  if (insideString(before)) return [];
  const dot = /\??\.\s*$/.exec(code.slice(0, start));
  if (dot) return members(code, form, start, dot.index, setting.engine);
  return [...locals(code, form, offset, setting.engine), ...names(setting.engine)];
}

/** Whether a text of C# ends inside a string or a comment. */
function insideString(before: string): boolean {
  const without = before.replace(/\/\*[\s\S]*?\*\/|@"(?:[^"]|"")*"|\$?"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)'/g, '');
  return /"[^"\n]*$|\/\/[^\n]*$|\/\*(?![\s\S]*\*\/)[\s\S]*$/.test(without);
}

/** Calls that stand in for the member that is not written yet, so that the text binds: any value, and a condition. */
const STAND_INS: readonly string[] = ['.GetType()', '.Equals(null)'];

/** Members of what stands before the dot. */
function members(code: string, form: 'single' | 'multi', start: number, dot: number, engine: ExpressionEngine): Completion[] {
  const { types } = engine;
  const offered = offers(engine.anyMember);
  const operand = operandBefore(code.slice(0, dot));
  const rest = code.slice(start).replace(/^\w*/, '');
  // A statement that was just begun has no `;` yet.
  const end = form === 'multi' && /^\s*(?:\n|$|\})/.test(rest) ? ';' : '';
  for (const standIn of STAND_INS) {
    const program = bindCode(`${code.slice(0, dot)}${standIn}${end}${rest}`, form, engine);
    const found = program && expressionBetween(program, dot - operand.length - 1, dot);
    if (found === undefined || found.type.kind === 'special') continue;
    return instanceNames(types, found.type, offered).map((name) => memberCompletion(name, engine, found.type));
  }
  const [definition] = types.find(operand.trim(), 0, IMPORTED_NAMESPACES);
  return definition === undefined ? [] : staticNames(types, definition, offered).map((label) => ({ label, kind: 'member' }));
}

function memberCompletion(name: string, { types }: ExpressionEngine, type: Parameters<typeof types.lookup>[0]): Completion {
  const [found] = types.lookup(type, name);
  const member = found?.member ?? types.extensionMethods(name)[0];
  return member === undefined ? { label: name, kind: 'member' } : { label: name, kind: 'member', detail: member.signature };
}

function locals(code: string, form: 'single' | 'multi', offset: number, engine: ExpressionEngine): Completion[] {
  const program = bindCode(code, form, engine);
  const found = new Map<string, string>();
  for (const one of program ? boundExpressions(program) : []) {
    if (one.kind === 'local' && one.local.declaredAt.start < offset) found.set(one.local.name, engine.types.display(one.local.type));
  }
  return [...found].map(([label, detail]) => ({ label, kind: 'variable', detail }));
}

function names({ types, anyMember }: ExpressionEngine): Completion[] {
  const shown = [...types.definitions].filter(
    ({ namespace, listed }) => (namespace === '' || IMPORTED_NAMESPACES.includes(namespace)) && (anyMember || listed !== 'none'),
  );
  return [
    { label: 'context', kind: 'variable', detail: 'the call' },
    ...shown.map(({ name, fullName }): Completion => ({ label: name, kind: 'type', detail: fullName })),
    ...KEYWORDS.map((label): Completion => ({ label, kind: 'keyword' })),
  ];
}
