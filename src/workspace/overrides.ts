/**
 * Override files of the APIOps publisher, `configuration.<env>.yaml`: lists by kind of resource with properties that are laid
 * over those of the artifacts (gateway-model, section 17.1).
 */
import { existsSync } from 'node:fs';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { EmbeddedSource } from '../source/embedded.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import type { Files } from './files.ts';
import { laidOver } from './laid-over.ts';
import { rawInXml } from './layouts/faults.ts';
import { scalarText } from './layouts/json-text.ts';
import { readPolicyText } from './layouts/policy-text.ts';
import type { Resource } from './resources.ts';

/** Collections by the names of the lists, older ones too. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  apis: 'apis',
  operations: 'operations',
  backends: 'backends',
  namedValues: 'namedValues',
  products: 'products',
  subscriptions: 'subscriptions',
  versionSets: 'apiVersionSets',
  apiVersionSets: 'apiVersionSets',
  policyFragments: 'policyFragments',
  groups: 'groups',
  workspaces: 'workspaces',
};

/** One of a collection, in messages. */
const KINDS: Readonly<Record<string, string>> = {
  apis: 'API',
  operations: 'operation',
  backends: 'backend',
  namedValues: 'named value',
  products: 'product',
  subscriptions: 'subscription',
  apiVersionSets: 'version set',
  policyFragments: 'fragment',
  groups: 'group',
  workspaces: 'workspace',
};

/** Lists that change nothing here. */
const NO_EFFECT: ReadonlySet<string> = new Set([
  'apimServiceName',
  'diagnostics',
  'loggers',
  'tags',
  'gateways',
  'schemas',
  'releases',
  'apiReleases',
  'policyRestrictions',
  'documentations',
  // For editors; names in a shared instance.
  '$schema',
  'environment',
]);

/** Documents of their owner; the toolkit calls those of the instance so. */
const POLICIES: ReadonlySet<string> = new Set(['policies', 'servicePolicies']);

const KNOWN = [...Object.keys(COLLECTIONS), ...NO_EFFECT, ...POLICIES, 'name', 'properties'];

/** `{#[TOKEN]#}`, and `{#TOKEN#}` in Azure DevOps, which the pipeline fills in before it publishes. */
const PLACEHOLDER = /\{#(?:\[\s*([\w.-]+)\s*\]|\s*([\w.-]+)\s*)#\}/g;

export function applyOverrides(files: Files, path: string, place: Entry, root: Resource): void {
  if (!existsSync(path)) return place.report(faults.unreadable(`there is no file \`${path}\``));
  const entry = files.config(path);
  if (entry) applyLists(files, entry, root);
}

function applyLists(files: Files, lists: Entry, owner: Resource): void {
  warning(lists).onlyMembers(KNOWN);
  for (const [name, list] of lists.members()) {
    if (name === 'name' || name === 'properties' || NO_EFFECT.has(name)) continue;
    if (POLICIES.has(name)) for (const item of list.items()) applyPolicy(files, item.get('properties'), owner);
    else if (Object.hasOwn(COLLECTIONS, name)) for (const item of list.items()) applyOne(files, item, owner, COLLECTIONS[name] ?? name);
  }
}

/** What the publisher passes over is no error. */
function warning(entry: Entry): Entry {
  const { report } = entry.context;
  return entry.inContext({ ...entry.context, report: (problem) => report({ ...problem, severity: 'warning' }) });
}

function applyOne(files: Files, item: Entry, owner: Resource, collection: string): void {
  const name = item.get('name').requiredText();
  if (name === undefined) return;
  const resource = owner.find(collection, name);
  if (!resource)
    return item.get('name').report({ ...faults.danglingReference(KINDS[collection] ?? collection, name), severity: 'warning' });
  const properties = item.get('properties');
  const { node } = properties;
  if (node) fillPlaceholders(files, properties, node);
  for (const one of [resource, ...revisionsOf(owner, collection, name)]) {
    if (node) one.facts = one.facts ? laidOver(one.facts, properties) : properties;
    if (collection === 'policyFragments') applyPolicy(files, properties, one);
  }
  return applyLists(files, item, resource);
}

/** The publisher looks an API's revisions up by the name of the API. */
function revisionsOf(owner: Resource, collection: string, name: string): readonly Resource[] {
  const start = `${name.toLowerCase()};rev=`;
  return collection === 'apis' ? owner.all('apis').filter((api) => api.name.toLowerCase().startsWith(start)) : [];
}

function fillPlaceholders(files: Files, owner: Entry, node: Node): void {
  if (isScalar(node) && typeof node.value === 'string') {
    node.value = node.value.replace(PLACEHOLDER, (all, bracketed: string | undefined, bare: string) => {
      const name = bracketed ?? bare;
      const value = files.environment(name);
      if (value === undefined) owner.report(faults.missingToken(name));
      return value ?? all;
    });
  } else if (isMap(node)) for (const pair of node.items) fillValue(files, owner, pair.value);
  else if (isSeq(node)) for (const item of node.items) fillValue(files, owner, item);
}

function fillValue(files: Files, owner: Entry, value: unknown): void {
  if (value) fillPlaceholders(files, owner, value as Node);
}

/** `{ value, format }`: another document, or another format for the one that is there. */
function applyPolicy(files: Files, properties: Entry, owner: Resource): void {
  const format = properties.get('format').choice(['xml', 'rawxml']);
  const text = scalarText(properties.get('value'));
  if (text) owner.policy = readPolicyText(new EmbeddedSource(text), format, files.report);
  else if (format === 'xml' && owner.policy) owner.policy = readPolicyText(owner.policy.file, format, onlyOfFormat(files));
}

/** The document was read before: what else is wrong with it was told. */
function onlyOfFormat({ report }: Files): Files['report'] {
  const { code } = rawInXml('"');
  return (problem) => (problem.code === code ? report(problem) : undefined);
}
