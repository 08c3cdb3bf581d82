/** The compatibility report: one row per policy and attribute, from the declarations that the check itself reads. */
import { ALL_GATEWAYS, type AttributeDeclaration, type ElementDeclaration, type PolicyDefinition } from '../../src/policies/definition.ts';
import { KNOWN_POLICIES, POLICIES } from '../../src/policies/registry.ts';
import { caseCounts } from './case-counts.ts';
import { code, GENERATED, page, table } from './markdown.ts';

type State = 'implemented' | 'stand-in' | 'refused';

export interface CompatibilityRow {
  readonly policy: string;
  /** Child elements on the way, `connection-info/connection-string`; empty for the policy itself. */
  readonly element: string;
  /** Empty for the row of the policy. */
  readonly attribute: string;
  readonly state: State;
  /** What stands in, or why it is refused. */
  readonly note: string;
}

/** Every policy and every attribute of it and its children. */
export function compatibilityRows(): readonly CompatibilityRow[] {
  return POLICIES.flatMap((policy) => [policyRow(policy), ...elementRows(policy.name, policy, '')]);
}

function row(policy: string, element: string, attribute: string, state: State, note: string): CompatibilityRow {
  return { policy, element, attribute, state, note };
}

function policyRow({ name, standIn }: PolicyDefinition): CompatibilityRow {
  return row(name, '', '', standIn === undefined ? 'implemented' : 'stand-in', standIn ?? '');
}

function elementRows(policy: string, element: ElementDeclaration, path: string): CompatibilityRow[] {
  return [
    ...element.attributes.map((attribute) => attributeRow(policy, path, attribute)),
    ...(element.unsupported ?? []).map((name) => row(policy, path, name, 'refused', 'refused by name (PTC1032)')),
    ...(element.unsupportedChildren ?? []).map((name) => row(policy, join(path, name), '', 'refused', 'refused by name (PTC1033)')),
    ...(element.children ?? []).flatMap((child) => elementRows(policy, child, join(path, child.name))),
  ];
}

function attributeRow(policy: string, path: string, { name, standIn, inert }: AttributeDeclaration): CompatibilityRow {
  if (inert) return row(policy, path, name, 'stand-in', 'no effect, and the check says so (PTC1036): what it does is written nowhere');
  return row(policy, path, name, standIn === undefined ? 'implemented' : 'stand-in', standIn ?? '');
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

export function compatibilityPages(): [string, string][] {
  return [['docs/compatibility.md', compatibilityPage()]];
}

function compatibilityPage(): string {
  const rows = compatibilityRows();
  return page([
    GENERATED,
    '# Compatibility',
    'What of the policy reference works here. The rows come from the declarations that `portico check` itself reads. *Stand-in* means that it runs and that something local takes the place of what Azure does, which the note names; *refused* means that `portico check` refuses it by name.',
    summary(rows),
    'How a document fares on one kind of gateway: `portico check --profile classic|v2|consumption|self-hosted|workspace` ([check](commands/check.md)).',
    '## Policies',
    policyTable(),
    '## Attributes',
    table(
      ['policy', 'element', 'attribute', 'state', 'note'],
      rows
        .filter(({ element, attribute }) => attribute !== '' || element !== '')
        .map(({ policy, element, attribute, state, note }) => [policy, element, attribute === '' ? '' : code(attribute), state, note]),
    ),
  ]);
}

function summary(rows: readonly CompatibilityRow[]): string {
  const attributes = rows.filter(({ attribute }) => attribute !== '');
  const count = (of: readonly CompatibilityRow[], state: State) => of.filter((one) => one.state === state).length;
  const policies = rows.filter(({ element, attribute }) => element === '' && attribute === '');
  const line = (what: string, of: readonly CompatibilityRow[], all: number) => [
    what,
    String(count(of, 'implemented')),
    String(count(of, 'stand-in')),
    String(count(of, 'refused')),
    String(all),
  ];
  return table(
    ['', 'implemented', 'stand-in', 'refused', 'all'],
    [line('policies', policies, KNOWN_POLICIES.length), line('attributes', attributes, attributes.length)],
  );
}

function policyTable(): string {
  const counts = caseCounts(POLICIES.map(({ name }) => name));
  return table(
    ['policy', 'state', 'not on', 'cases', 'note'],
    POLICIES.map((policy) => [
      `[${policy.name}](policies/${policy.name}.md)`,
      policy.standIn === undefined ? 'implemented' : 'stand-in',
      ALL_GATEWAYS.filter((gateway) => !(policy.gateways ?? ALL_GATEWAYS).includes(gateway)).join(', '),
      String(counts.get(policy.name) ?? 0),
      [policy.standIn, ...Object.entries(policy.differences ?? {}).map(([gateway, text]) => `${gateway}: ${text}`)]
        .filter(Boolean)
        .join('; '),
    ]),
  );
}
