/** Products, fragments, schemas, named values, backends and subscriptions from the resources and from portico.yaml. */
import type { GroupInfo, ProductInfo, SchemaSource, UserInfo } from '../exchange/entities.ts';
import { namedValueReferences } from '../pipeline/named-values.ts';
import { tryJson } from '../source/json.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import { absoluteUrl } from './absolute-url.ts';
import { backendCredentials, readBreaker, readPool, withNamedValues } from './backends.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import { SUBSCRIPTION_STATES, scopeOf } from './local-subscriptions.ts';
import type { BackendDefinition, NamedValue, WorkspaceApi, WorkspaceProduct, WorkspaceSpace, WorkspaceSubscription } from './model.ts';
import type { PorticoYaml } from './portico-yaml.ts';
import { checkKeys, type Known, knownScope, linkedApis } from './references.ts';
import { documentsBelow, lastSegment, linkedName, type Resource } from './resources.ts';

// ------------------------------------------------------------ products

export function readProducts(root: Resource, apis: readonly WorkspaceApi[], space: WorkspaceSpace | undefined): WorkspaceProduct[] {
  const products = root.all('products').map((product): WorkspaceProduct => {
    const { name, facts, policy } = product;
    const apiIds = linkedApis(product, apis);
    const info: ProductInfo = {
      id: name,
      name: facts?.get('displayName').text() ?? name,
      approvalRequired: facts?.get('approvalRequired').boolean() ?? false,
      subscriptionRequired: facts?.get('subscriptionRequired').boolean() ?? true,
      subscriptionLimit: facts?.get('subscriptionsLimit').number() ?? null,
      state: facts?.get('state').choice(['published', 'notPublished']) === 'published' ? 'Published' : 'NotPublished',
      groups: product.all('groups').map((group) => groupOf(root, linkedName(group, 'groupId'))),
      apis: apis.filter((api) => apiIds.has(api.info.id) && api.info.isCurrentRevision).map((api) => api.info),
    };
    return { info, apiIds, policy, ...(space ? { space } : {}) };
  });
  return products;
}

function groupOf(root: Resource, id: string): GroupInfo {
  return { id, name: root.find('groups', id)?.facts?.get('displayName').text() ?? id };
}

/** A user of portico.yaml whose groups are named by id or display name: those of the directory have both. */
function withGroups(user: UserInfo, root: Resource): UserInfo {
  const known = root.all('groups').map(({ name }) => groupOf(root, name));
  const find = (text: string) => known.find(({ id, name }) => [id, name].some((one) => one.toLowerCase() === text.toLowerCase()));
  return { ...user, groups: user.groups.map((group) => find(group.name) ?? group) };
}

// ------------------------------------------------------------ fragments and schemas

export function readFragments(root: Resource): Map<string, PolicyDocument> {
  return new Map(root.all('policyFragments').flatMap(({ name, policy }) => (policy ? [[name, policy] as const] : [])));
}

/** Global schemas of JSON; those of XML are kept as text for validate-content. */
export function readSchemas(root: Resource): Map<string, SchemaSource> {
  const found = new Map<string, SchemaSource>();
  for (const { name, facts } of root.all('schemas')) {
    const schema = plainSchema(facts);
    if (schema !== undefined && facts?.get('schemaType').text()?.toLowerCase() !== 'xml')
      found.set(name, { schema, root: schema, dialect: dialectOf(schema), name });
  }
  return found;
}

/** Drafts from 2019-09 on are read as OpenAPI 3.1's; older ones and those that name none as 3.0's. */
function dialectOf(schema: unknown): SchemaSource['dialect'] {
  const named = typeof schema === 'object' && schema !== null && '$schema' in schema ? String(schema.$schema) : '';
  return /draft\/20\d\d-/.test(named) ? 'openapi-3.1' : 'openapi-3.0';
}

/** `document` holds the schema itself, or its text in `value`. */
function plainSchema(facts: Entry | undefined): unknown {
  const document = facts?.get('document');
  const schema = document?.exists ? document.plain() : undefined;
  const text = typeof schema === 'object' && schema !== null && 'value' in schema ? schema.value : schema;
  return typeof text === 'string' ? tryJson(text) : text;
}

// ------------------------------------------------------------ named values

/** What the APIOps CLI leaves of a secret. */
const REDACTED = '*** REDACTED ***';

export function readNamedValues(root: Resource, yaml: PorticoYaml): Map<string, NamedValue> {
  const found = new Map<string, NamedValue>();
  for (const { name, facts } of root.all('namedValues')) {
    if (!facts) continue;
    const displayName = facts.get('displayName').text() ?? name;
    if (found.has(displayName)) facts.get('displayName').report(faults.sameName('named value', displayName));
    const secret = facts.get('secret').boolean() === true || facts.get('keyVault').exists;
    const value = facts.get('value').text();
    checkNamedValue(displayName, value ?? '', facts);
    found.set(displayName, { name: displayName, value: value === REDACTED ? undefined : value, secret });
  }
  for (const local of yaml.namedValues) {
    const exported = found.get(local.name);
    found.set(local.name, { ...local, secret: local.secret || exported?.secret === true });
  }
  return found;
}

/**
 * Reminds of the exported values that are missing where a document or a backend mentions them: what only Azure reads, such
 * as the credentials of a logger, needs none here.
 */
export function remindOfValues(root: Resource, namedValues: ReadonlyMap<string, NamedValue>): void {
  const missing = root.all('namedValues').flatMap(({ name, facts }) => {
    const displayName = facts?.get('displayName').text() ?? name;
    return facts && namedValues.has(displayName) && namedValues.get(displayName)?.value === undefined ? [{ displayName, facts }] : [];
  });
  if (missing.length === 0) return;
  const backends = root.all('backends').flatMap(({ facts }) => (facts ? JSON.stringify(facts.plain()) : []));
  const texts = [...documentsBelow(root).map(({ file }) => file.text), ...backends];
  const mentioned = new Set(texts.flatMap((text) => namedValueReferences(text).map(({ name }) => name)));
  for (const { displayName, facts } of missing) if (mentioned.has(displayName)) facts.report(faults.secretMissing(displayName));
}

const NAMED_VALUE = /^[A-Za-z0-9._-]{1,256}$/;
const LONGEST_VALUE = 4096;

/** What the service does not create (gateway-model, section 4). */
function checkNamedValue(name: string, value: string, facts: Entry): void {
  if (!NAMED_VALUE.test(name)) facts.get('displayName').report(faults.badNamedValueName(name));
  if (value.length > LONGEST_VALUE) facts.get('value').report(faults.longNamedValue(name, value.length));
}

// ------------------------------------------------------------ backends

export function readBackends(
  root: Resource,
  yaml: PorticoYaml,
  namedValues: ReadonlyMap<string, NamedValue>,
): Map<string, BackendDefinition> {
  const found = new Map<string, BackendDefinition>();
  const filled = (text: string) => fill(text, namedValues);
  const locals = yaml.backends.map((backend) => withNamedValues(backend, filled));
  for (const { name, facts } of root.all('backends')) {
    if (!facts) continue;
    const local = locals.find(({ id }) => id === name);
    found.set(name, readBackend(name, facts, local, filled));
  }
  for (const backend of locals) found.set(backend.id, { ...found.get(backend.id), ...backend });
  for (const { facts } of root.all('backends')) if (facts) checkMembers(facts, found);
  for (const entry of yaml.backendEntries) checkMembers(entry, found);
  return found;
}

/** Members of pools exist and are no pools. */
function checkMembers(entry: Entry, backends: ReadonlyMap<string, BackendDefinition>): void {
  const services = entry.isMapping ? entry.get('pool').get('services') : undefined;
  for (const member of services?.isList ? services.items() : []) {
    const place = member.isMapping ? member.get('id') : member;
    const id = lastSegment(place.text() ?? '');
    const found = backends.get(id);
    if (!found) place.report(faults.danglingReference('backend', id));
    else if (found.pool) place.report(faults.poolOfPools(id));
  }
}

function readBackend(id: string, facts: Entry, local: BackendDefinition | undefined, filled: (text: string) => string): BackendDefinition {
  // A URL of portico.yaml stands in place of a pool, too.
  const pool = local ? local.pool : readPool(facts);
  const breaker = readBreaker(facts.get('circuitBreaker'));
  const url = pool ? '' : (local?.url ?? urlOf(facts.get('url'), filled));
  // One whose URL is not known here, or was refused, is there all the same: what mentions it is in order.
  if (url === undefined && facts.isMapping && !facts.members().some(([name]) => name === 'url')) facts.report(faults.backendWithoutUrl(id));
  return {
    id,
    url: url ?? '',
    ...backendCredentials(facts, filled),
    ...(pool ? { pool } : {}),
    ...(breaker ? { circuitBreaker: breaker } : {}),
  };
}

/** Named values are filled in first. */
function urlOf(entry: Entry, filled: (text: string) => string): string | undefined {
  const text = entry.text();
  if (text === undefined || !text.includes('{{')) return absoluteUrl(entry);
  const url = filled(text);
  if (/^(?:https?|wss?):\/\//i.test(url)) return url;
  entry.report(faults.badUrl(entry.name, url));
  return undefined;
}

function fill(text: string, namedValues: ReadonlyMap<string, NamedValue>): string {
  let result = '';
  let at = 0;
  for (const { name, start, end } of namedValueReferences(text)) {
    result += text.slice(at, start) + (namedValues.get(name)?.value ?? text.slice(start, end));
    at = end;
  }
  return result + text.slice(at);
}

/** An API that names its backend entity must find it. */
export function checkBackendReferences(facts: Entry, backends: ReadonlyMap<string, BackendDefinition>): void {
  const entry = facts.get('backendId');
  const id = entry.exists ? entry.text() : undefined;
  if (id !== undefined && !backends.has(lastSegment(id))) entry.report(faults.danglingReference('backend', lastSegment(id)));
}

/** A backend that shows a certificate which nobody has: exports leave certificates out, so it is a warning. */
export function checkBackendCertificates(root: Resource, yaml: PorticoYaml, known: ReadonlySet<string>): void {
  const entries = [...root.all('backends').flatMap(({ facts }) => facts ?? []), ...yaml.backendEntries];
  for (const entry of entries) {
    const credentials = entry.get('credentials');
    const named = ['certificateIds', 'certificate'].flatMap((name) => listed(credentials.get(name)));
    for (const one of named) {
      const id = lastSegment(one.text() ?? '');
      if (id !== '' && !known.has(id.toLowerCase())) one.report({ ...faults.danglingReference('certificate', id), severity: 'warning' });
    }
  }
}

function listed(entry: Entry): Entry[] {
  return entry.isList ? entry.items() : entry.exists ? [entry] : [];
}

// ------------------------------------------------------------ subscriptions

/**
 * portico.yaml brings the keys, an exported subscription what it opens; one id is one subscription. `known`: what scopes may
 * name; undefined where nobody knows, beside a lone document.
 */
export function readSubscriptions(root: Resource, yaml: PorticoYaml, known: Known | undefined): WorkspaceSubscription[] {
  checkKeys(yaml.subscriptions);
  const local = new Map(yaml.subscriptions.map((one) => [one.info.id.toLowerCase(), one]));
  const owners: readonly [Resource, string | undefined][] = [
    [root, undefined],
    ...root.all('workspaces').map((space): [Resource, string] => [space, space.name]),
  ];
  const exported = owners.flatMap(([owner, space]) =>
    owner
      .all('subscriptions')
      .flatMap(({ name, facts }) =>
        facts ? exportedSubscription(name, facts, { root, yaml, known }, local.get(name.toLowerCase()), space) : [],
      ),
  );
  const names = new Set(exported.map(({ info }) => info.id.toLowerCase()));
  const own = yaml.subscriptions.filter(({ info }) => !names.has(info.id.toLowerCase()));
  const placed = own.map((one) => ({
    ...one,
    ...(known ? { scope: knownScope(one.scope, one.scopeEntry, known) } : {}),
    user: one.user && withGroups(one.user, root),
  }));
  return [...exported, ...placed];
}

function exportedSubscription(
  id: string,
  facts: Entry,
  { root, yaml, known }: { readonly root: Resource; readonly yaml: PorticoYaml; readonly known: Known | undefined },
  local: PorticoYaml['subscriptions'][number] | undefined,
  space: string | undefined,
): WorkspaceSubscription[] {
  const primaryKey = local?.info.primaryKey ?? facts.get('primaryKey').text() ?? '';
  const secondaryKey = local?.info.secondaryKey || (facts.get('secondaryKey').text() ?? '');
  if (primaryKey === '' && secondaryKey === '') facts.report(faults.subscriptionWithoutKey(id));
  const read = local?.saysScope ? local.scope : scopeOf(facts.get('scope'), space);
  if (!read) return [];
  const place = local?.saysScope ? local.scopeEntry : facts.get('scope');
  const scope = known ? knownScope(read, place, known) : read;
  const info = {
    id,
    name: (local?.saysName ? local.info.name : facts.get('displayName').text()) ?? id,
    key: primaryKey,
    primaryKey,
    secondaryKey,
    createdDate: facts.get('createdDate').date() ?? local?.info.createdDate ?? '2026-01-01T00:00:00Z',
    startDate: local?.info.startDate ?? facts.get('startDate').date() ?? null,
    endDate: local?.info.endDate ?? facts.get('endDate').date() ?? null,
  };
  const state = local?.saysState ? local.state : (facts.get('state').choice(SUBSCRIPTION_STATES) ?? 'active');
  const allowsTracing = local?.saysTracing ? (local.allowsTracing ?? false) : (facts.get('allowTracing').boolean() ?? false);
  return [{ info, state, scope, user: local?.user ? withGroups(local.user, root) : ownerOf(facts, root, yaml), allowsTracing }];
}

/** Users are no part of most exports: portico.yaml may have the owner. */
function ownerOf(facts: Entry, root: Resource, { users }: PorticoYaml): UserInfo | undefined {
  const id = lastSegment(facts.get('ownerId').text() ?? '');
  if (id === '') return undefined;
  const local = users.get(id);
  if (local) return withGroups(local, root);
  const user = root.find('users', id);
  return user?.facts && userInfo(user.name, user.facts, root);
}

function userInfo(id: string, facts: Entry, root: Resource): UserInfo {
  const groups = root.all('groups').filter((group) => group.find('users', id));
  return {
    id,
    email: facts.get('email').text() ?? '',
    firstName: facts.get('firstName').text() ?? '',
    lastName: facts.get('lastName').text() ?? '',
    note: facts.get('note').text() ?? null,
    registrationDate: facts.get('registrationDate').date() ?? '2026-01-01T00:00:00Z',
    groups: groups.map(({ name }) => groupOf(root, name)),
    identities: facts
      .get('identities')
      .items()
      .map((entry) => ({ id: entry.get('id').text() ?? '', provider: entry.get('provider').text() ?? '' })),
  };
}

// ------------------------------------------------------------ certificates

/** Their contents stay in the instance (or in its Key Vault): portico.yaml has to bring those that calls need. */
export function exportedCertificates(root: Resource, { certificates }: PorticoYaml): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { name, facts } of root.all('certificates')) {
    const thumbprint = facts?.get('thumbprint').text()?.toLowerCase();
    const local = certificates.some(({ id, info }) => id === name || info.thumbprint.toLowerCase() === thumbprint);
    if (!local) facts?.report(faults.certificateMissing(name));
    found.add(name.toLowerCase());
    if (thumbprint !== undefined) found.add(thumbprint);
  }
  return found;
}
