/** Pages about policies, from their declarations and the examples in docs/examples/. */
import { existsSync, readFileSync } from 'node:fs';
import {
  ALL_GATEWAYS,
  type AttributeDeclaration,
  type ChildDeclaration,
  type ElementDeclaration,
  type PolicyDefinition,
  type ValueDeclaration,
} from '../../src/policies/definition.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import { block, code, codes, GENERATED, page, table } from './markdown.ts';

/** Where an example of a policy stands. */
export function examplePath(policy: string): string {
  return `docs/examples/${policy}.xml`;
}

/** The overview and one page a policy that runs, by path. */
export function policyPages(): [string, string][] {
  return [
    ['docs/policies.md', overview()],
    ...POLICIES.map((policy): [string, string] => [`docs/policies/${policy.name}.md`, policyPage(policy)]),
  ];
}

function overview(): string {
  const rows = POLICIES.map((policy) => [
    `[${policy.name}](policies/${policy.name}.md)`,
    sectionsOf(policy),
    policy.scopes.join(', '),
    policy.summary,
    policy.standIn === undefined ? 'implemented' : 'stand-in',
  ]);
  return page([
    GENERATED,
    '# Policies',
    overviewText(),
    table(['policy', 'sections', 'scopes', 'what it does', 'state'], [...rows].sort(byName)),
  ]);
}

function overviewText(): string {
  return [
    `${POLICIES.length} policies run.`,
    'What is refused, and where a stand-in takes the place of an Azure service, stands attribute by attribute in [the compatibility report](compatibility.md).',
  ].join(' ');
}

function sectionsOf({ sections }: PolicyDefinition): string {
  return sections.length === 0 ? 'only inside another policy' : sections.join(', ');
}

function byName([a = '']: readonly string[], [b = '']: readonly string[]): number {
  const [x, y] = [a.replace('[', ''), b.replace('[', '')];
  return x < y ? -1 : x > y ? 1 : 0;
}

function policyPage(policy: PolicyDefinition): string {
  return page([
    GENERATED,
    `# ${policy.name}`,
    policy.summary,
    facts(policy),
    elementPart(policy, []),
    ...childrenOf(policy, [policy.name]),
    example(policy.name),
    `The example stands in \`${examplePath(policy.name)}\`; \`portico check --standalone\` accepts it.`,
  ]);
}

function facts(policy: PolicyDefinition): string {
  const { scopes, cardinality, page: name, standIn, gateways = ALL_GATEWAYS } = policy;
  const often = cardinality === 'once-per-section' ? 'once in a section of a document' : 'any number of times';
  return [
    ...(standIn === undefined ? [] : [`- **Stand-in**: ${standIn}`]),
    `- Sections: ${sectionsOf(policy)}`,
    `- Scopes: ${scopes.join(', ')}`,
    `- May stand: ${often}`,
    `- Gateways: ${gateways.join(', ')}`,
    `- Reference: [${name}](https://learn.microsoft.com/azure/api-management/${name})`,
  ].join('\n');
}

/** Every child element, depth first, under a heading that says where it stands. */
function childrenOf(element: ElementDeclaration, path: readonly string[]): string[] {
  return (element.children ?? []).flatMap((child) => [
    `## ${code(`<${child.name}>`)} in ${code(`<${path[path.length - 1]}>`)}`,
    `${occurrence(child)}.`,
    elementPart(child, path),
    ...childrenOf(child, [...path, child.name]),
  ]);
}

function occurrence({ min, max }: ChildDeclaration): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? 'Any number' : `${min} or more`;
  return min === max ? `Exactly ${min}` : `${min} to ${max}`;
}

function elementPart(element: ElementDeclaration, path: readonly string[]): string {
  const level = path.length === 0 ? '## Attributes\n\n' : '';
  const attributes = element.attributes.length === 0 ? '' : level + attributeTable(element.attributes);
  return [attributes, ...groupsOf(element), contentOf(element), ...refusedOf(element)].filter((part) => part !== '').join('\n\n');
}

function attributeTable(attributes: readonly AttributeDeclaration[]): string {
  return table(
    ['attribute', 'type', 'required', 'default', 'expression', 'meaning'],
    attributes.map((one) => [
      code(one.name),
      typeOf(one),
      one.required ? 'yes' : 'no',
      one.default === undefined ? '' : code(one.default),
      one.expressions ? 'yes' : 'no',
      one.meaning,
    ]),
  );
}

const TYPE_TEXTS = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'boolean',
  condition: 'boolean',
  any: 'any',
} as const;

function typeOf({ type, values, min, max }: ValueDeclaration): string {
  if (type === 'enum') return codes(values ?? []);
  if (min === undefined && max === undefined) return TYPE_TEXTS[type];
  const range = min === undefined ? `at most ${max}` : max === undefined ? `at least ${min}` : `${min} to ${max}`;
  return `${TYPE_TEXTS[type]}, ${range}`;
}

function groupsOf({ oneOf = [] }: ElementDeclaration): string[] {
  return oneOf.map(({ names, required }) => `${required ? 'Exactly' : 'At most'} one of ${codes(names)}.`);
}

function contentOf(element: ElementDeclaration): string {
  const { content, only, except, text } = element;
  switch (content) {
    case 'policies':
      return `Holds policies${only ? `: only ${codes(only)}` : ' of the section'}${except ? `, without ${codes(except)}` : ''}.`;
    case 'text':
      return text
        ? `Holds a value: ${typeOf(text)}; expression: ${text.expressions ? 'yes' : 'no'}${text.required ? '; required' : ''}.`
        : '';
    case 'body':
      return 'Holds a body: text, markup, or an expression.';
    case 'mixed':
      return 'Holds text (an expression, too) or the elements below.';
    default:
      return '';
  }
}

function refusedOf({ unsupported = [], unsupportedChildren = [] }: ElementDeclaration): string[] {
  return [
    ...(unsupported.length > 0 ? [`Known attributes that are not supported yet (PTC1032): ${codes(unsupported)}.`] : []),
    ...(unsupportedChildren.length > 0 ? [`Known children that are not supported yet (PTC1033): ${codes(unsupportedChildren)}.`] : []),
  ];
}

function example(policy: string): string {
  const path = examplePath(policy);
  if (!existsSync(path)) throw new Error(`${policy} has no example: write ${path}, a document that passes \`portico check --standalone\``);
  return `## Example\n\n${block('xml', readFileSync(path, 'utf8'))}`;
}
