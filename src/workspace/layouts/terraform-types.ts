/** Resource types of the azurerm provider, and what their attributes are called in the management API. */
import { type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { MappedText } from '../../source/mapped-text.ts';
import { span } from '../../source/span.ts';
import { Entry } from '../config-file.ts';
import type { Files } from '../files.ts';
import type { HclScope } from './hcl-scope.ts';
import type { HclBlock, HclExpression } from './hcl-tree.ts';
import { HclMap, type HclValue } from './hcl-values.ts';

export interface FactTable {
  /** Collections with the attributes that name their members, from the outside in. */
  readonly path: readonly (readonly [collection: string, attribute: string])[];
  /** Attributes under other names; all others become camelCase. */
  readonly names?: Readonly<Record<string, string>>;
  /** Facts that the provider assumes when they are not written. */
  readonly defaults?: Readonly<Record<string, string | boolean>>;
  /** A deployment makes a name up where none is written. */
  readonly makesName?: boolean;
  readonly policy?: boolean;
  readonly fragment?: boolean;
  readonly isApi?: boolean;
  /** Attribute with the revision. */
  readonly revision?: string;
}

const API = ['apis', 'api_name'] as const;

const TYPES: Readonly<Record<string, FactTable>> = {
  policy: { path: [], policy: true },
  product_policy: { path: [['products', 'product_id']], policy: true },
  api_policy: { path: [API], policy: true },
  api_operation_policy: { path: [API, ['operations', 'operation_id']], policy: true },
  policy_fragment: { path: [['policyFragments', 'name']], fragment: true },
  api: {
    path: [['apis', 'name']],
    isApi: true,
    revision: 'revision',
    names: {
      version: 'apiVersion',
      version_set_id: 'apiVersionSetId',
      revision: 'apiRevision',
      revision_description: 'apiRevisionDescription',
      api_type: 'type',
      source_api_id: 'sourceApiId',
    },
  },
  api_operation: { path: [API, ['operations', 'operation_id']], names: { template_parameter: 'templateParameters' } },
  api_version_set: { path: [['apiVersionSets', 'name']] },
  product: {
    path: [['products', 'product_id']],
    names: { published: 'state' },
    defaults: { subscriptionRequired: true, approvalRequired: false },
  },
  product_api: {
    path: [
      ['products', 'product_id'],
      ['apis', 'api_name'],
    ],
  },
  product_group: {
    path: [
      ['products', 'product_id'],
      ['groups', 'group_name'],
    ],
  },
  named_value: { path: [['namedValues', 'name']], names: { value_from_key_vault: 'keyVault' } },
  property: { path: [['namedValues', 'name']] },
  backend: { path: [['backends', 'name']], names: { circuit_breaker_rule: 'circuitBreaker' } },
  subscription: {
    path: [['subscriptions', 'subscription_id']],
    makesName: true,
    names: { user_id: 'ownerId' },
    defaults: { state: 'submitted' },
  },
  group: { path: [['groups', 'name']] },
  group_user: {
    path: [
      ['groups', 'group_name'],
      ['users', 'user_id'],
    ],
  },
  user: { path: [['users', 'user_id']] },
  global_schema: { path: [['schemas', 'schema_id']], names: { value: 'document', type: 'schemaType' } },
};

export const TERRAFORM_TYPES: ReadonlyMap<string, FactTable> = new Map(
  Object.entries(TYPES).map(([name, table]) => [`azurerm_api_management_${name}`, table]),
);

/** `severity`: how bad it is that there is no value; `info` for what portico.yaml brings anyway. */
type Attempt = <T>(work: () => T, severity: 'error' | 'warning' | 'info') => T | undefined;

/** The block's attributes and inner blocks as the `properties` that the management API would show. */
export function entryOf(block: HclBlock, table: FactTable, scope: HclScope, files: Files, attempt: Attempt): Entry {
  const map = mapOf(block, table.names ?? {}, scope, attempt, IGNORED);
  adapt(map, block.labels[0] ?? '');
  for (const [name, value] of Object.entries(table.defaults ?? {}))
    if (!map.has(name)) map.items.push(new Pair(new Scalar(name), new Scalar(value)));
  const context = { file: block.file, report: files.report, environment: files.environment };
  return new Entry(context, map, '', span(block.start));
}

function mapOf(
  block: HclBlock,
  names: Readonly<Record<string, string>>,
  scope: HclScope,
  attempt: Attempt,
  ignored: ReadonlySet<string>,
): YAMLMap {
  const map = new YAMLMap();
  map.range = [block.start, block.start, block.start];
  for (const { name, value } of block.body.attributes.values()) {
    if (ignored.has(name)) continue;
    const found = attempt(() => scope.value(value), severityOf(name));
    // A backend whose URL is known only after a deployment has one.
    if (found === undefined && name === 'url') map.items.push(new Pair(new Scalar(name), new Scalar(null)));
    if (found !== undefined && found !== null) map.items.push(new Pair(new Scalar(names[name] ?? camel(name)), nodeOf(found, value)));
  }
  const grouped = new Map<string, HclBlock[]>();
  for (const inner of block.body.blocks) grouped.set(inner.type, [...(grouped.get(inner.type) ?? []), inner]);
  for (const [type, inner] of grouped) {
    const nodes = inner.map((one) => mapOf(one, {}, scope, attempt, NOTHING));
    map.items.push(
      new Pair(new Scalar(names[type] ?? PLURALS[type] ?? camel(type)), LISTS.has(type) ? listNode(nodes) : (nodes[0] as YAMLMap)),
    );
  }
  return map;
}

/** Addresses of backends and secrets are often known only after a deployment; a check can do without. */
function severityOf(attribute: string): 'error' | 'warning' | 'info' {
  if (/(?:^|_)url$|^(?:header|query|parameter|scheme)$/.test(attribute)) return 'warning';
  return /^(?:value|primary_key|secondary_key|secret_id)$/.test(attribute) ? 'info' : 'error';
}

/** Blocks that may be repeated. */
const LISTS: ReadonlySet<string> = new Set([
  'status_code_range',
  'template_parameter',
  'service',
  'response',
  'representation',
  'example',
  'query_parameter',
  'header',
]);

/** Blocks whose lists have the plural as their name. */
const PLURALS: Readonly<Record<string, string>> = {
  response: 'responses',
  representation: 'representations',
  example: 'examples',
  query_parameter: 'queryParameters',
  header: 'headers',
};

/** What has no meaning for a gateway, and often no value before a deployment. */
const IGNORED: ReadonlySet<string> = new Set([
  'api_management_name',
  'api_management_id',
  'resource_group_name',
  'depends_on',
  'count',
  'for_each',
  'provider',
  'description',
  'xml_content',
  'tags',
  'resource_id',
  'terms_of_use_url',
]);

const NOTHING: ReadonlySet<string> = new Set();

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

function nodeOf(value: HclValue, at: HclExpression): Node {
  const node = plainNode(value, at);
  node.range = [at.start, at.end, at.end];
  return node;
}

function plainNode(value: HclValue, at: HclExpression): Node {
  if (value instanceof MappedText) return new Scalar(value.text);
  if (Array.isArray(value)) return listNode((value as readonly HclValue[]).map((item) => nodeOf(item, at)));
  if (!(value instanceof HclMap)) return new Scalar(value);
  const map = new YAMLMap();
  for (const [name, one] of value.members) map.items.push(new Pair(new Scalar(name), nodeOf(one, at)));
  return map;
}

function listNode(nodes: readonly Node[]): YAMLSeq {
  const list = new YAMLSeq();
  list.items.push(...nodes);
  return list;
}

/** Where the provider says a thing in another way than the management API. */
function adapt(map: YAMLMap, type: string): void {
  if (type.endsWith('_product'))
    rewrite(map, 'state', (value) => new Scalar(value === true || value === 'true' ? 'published' : 'notPublished'));
  if (type.endsWith('_backend')) adaptBackend(map);
  if (type.endsWith('_subscription')) adaptSubscription(map);
  if (type.endsWith('_named_value')) adaptKeyVault(map.get('keyVault', true) as YAMLMap | undefined);
  if (type.endsWith('_api')) rewrite(map, 'soapPassThrough', () => new Scalar(true));
}

function rewrite(map: YAMLMap, name: string, change: (value: unknown) => Node): void {
  const pair = map.items.find(({ key }) => (key as Scalar).value === name);
  if (!pair) return;
  const before = pair.value as Node | null;
  const after = change((before as Scalar | null)?.value);
  if (before?.range) after.range = before.range;
  pair.value = after;
}

/** Values of headers are texts with commas; the breaker is one rule with names of its own. */
function adaptBackend(map: YAMLMap): void {
  const breaker = map.get('circuitBreaker', true) as YAMLMap | undefined;
  const condition = breaker?.get('failureCondition', true) as YAMLMap | undefined;
  rename(breaker, 'acceptRetryAfterEnabled', 'acceptRetryAfter');
  rename(condition, 'intervalDuration', 'interval');
  rename(condition, 'statusCodeRange', 'statusCodeRanges');
  const pair = map.items.find(({ key }) => (key as Scalar).value === 'circuitBreaker');
  if (!pair || !breaker) return;
  const rules = new YAMLMap();
  rules.items.push(new Pair(new Scalar('rules'), listNode([breaker])));
  pair.value = rules;
}

function adaptKeyVault(vault: YAMLMap | undefined): void {
  rename(vault, 'secretId', 'secretIdentifier');
}

function rename(map: YAMLMap | undefined, from: string, to: string): void {
  const pair = map?.items.find(({ key }) => (key as Scalar).value === from);
  if (pair) pair.key = new Scalar(to);
}

/** `product_id`, `api_id`, or nothing for all APIs. */
function adaptSubscription(map: YAMLMap): void {
  rename(map, 'productId', 'scope');
  rename(map, 'apiId', 'scope');
  const scope = map.items.find(({ key }) => (key as Scalar).value === 'scope');
  const text = String((scope?.value as Scalar | undefined)?.value ?? '');
  if (scope && !text.includes('/')) scope.value = new Scalar(`/products/${text}`);
}
