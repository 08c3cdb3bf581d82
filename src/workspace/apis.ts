/** APIs with their operations, versions and revisions (gateway-model, sections 6, 7 and 14). */
import type { ApiInfo, OperationInfo } from '../exchange/entities.ts';
import { Url } from '../exchange/url.ts';
import { span } from '../source/span.ts';
import { absoluteUrl } from './absolute-url.ts';
import type { Entry } from './config-file.ts';
import { withCopies } from './copied-apis.ts';
import { declaredParameters, declaredResponses } from './declared-operations.ts';
import * as faults from './faults.ts';
import type { Files } from './files.ts';
import { checkSchema } from './graphql-schema.ts';
import { withTools } from './mcp/tools.ts';
import type { ApiKind, WorkspaceApi, WorkspaceOperation, WorkspaceResolver, WorkspaceSpace } from './model.ts';
import { normalizeOperationId } from './openapi.ts';
import { checkOperation, routeKey } from './operation-checks.ts';
import type { Paced } from './paced.ts';
import type { ApiOverride, PorticoYaml } from './portico-yaml.ts';
import { lastSegment, type Resource } from './resources.ts';
import { specialApi } from './special-apis.ts';
import { importWadl } from './wadl.ts';
import { importWsdl, type WsdlSelector } from './wsdl.ts';
import { checkXmlDefinition } from './xml-definitions.ts';
import { xmlSchemasOf } from './xml-schemas.ts';

export interface ApiSources {
  readonly files: Files;
  /** The instance, or the workspace whose APIs are read. */
  readonly root: Resource;
  readonly yaml: PorticoYaml;
  /** `--backend` */
  readonly backend: string | undefined;
}

/** All methods that a catch-all operation answers: a lone document is one API at `/`. */
const CATCH_ALL_METHODS: readonly string[] = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE'];

/** Operations of an API of which nobody says what it offers: every method and path. */
export function CATCH_ALL(): WorkspaceOperation[] {
  return CATCH_ALL_METHODS.map((method) => ({
    info: { id: method.toLowerCase(), method, name: method, urlTemplate: '/*' },
    policy: undefined,
    isCatchAll: true,
  }));
}

const DEFAULT_KEY_NAMES = { header: 'Ocp-Apim-Subscription-Key', query: 'subscription-key' };

const KINDS: readonly ApiKind[] = ['http', 'soap', 'graphql', 'websocket', 'odata', 'grpc', 'mcp', 'a2a'];

export function* readApis(sources: ApiSources, space: WorkspaceSpace | undefined): Paced<WorkspaceApi[]> {
  const apis: WorkspaceApi[] = [];
  for (const api of sources.root.all('apis')) {
    yield;
    if (api.facts || api.policy || api.specification || api.collections.length > 0) apis.push(readApi(api, sources, space));
  }
  return withTools(withCopies(apis, sources.root), sources.root);
}

interface Imported {
  readonly operations: readonly OperationInfo[];
  readonly serviceUrl: string | undefined;
  /** It could not be read, which was told: operations that are missing may be missing for that reason. */
  readonly isBroken?: boolean;
}

const BROKEN: Imported = { operations: [], serviceUrl: undefined, isBroken: true };

function readApi(api: Resource, sources: ApiSources, space: WorkspaceSpace | undefined): WorkspaceApi {
  const { root, yaml } = sources;
  const [id = api.name, revision] = api.name.split(';rev=');
  const { facts } = api;
  const current = currentOf(root, id, api);
  const override = yaml.apis.get(api.name) ?? yaml.apis.get(id);
  const kind = kindOf(facts) ?? kindOf(current?.facts) ?? kindBySpecification(api);
  const imported = importedOf(api, facts, sources.files);
  const own = (name: string): Entry | undefined => given(current?.facts, name) ?? given(facts, name);
  if (facts && current?.facts) checkInherited(facts, current.facts);
  const graphqlSchema = graphqlSchemaOf(api);
  if (graphqlSchema !== undefined) checkSchema(api, graphqlSchema, sources.files);
  const xmlSchemas = xmlSchemasOf(api);
  const odataMetadata = odataMetadataOf(api);
  const server = imported?.serviceUrl;
  const version = own('apiVersion')?.text() || null;
  const exportedPath = (own('path')?.text() ?? id).replace(/^\/+|\/+$/g, '');
  const info: ApiInfo = {
    ...apiInfo({
      id,
      name: own('displayName')?.text() ?? id,
      path: override?.path?.replace(/^\/+|\/+$/g, '') ?? exportedPath,
      serviceUrl: serviceUrlOf(facts, isOfGateway(server, exportedPath, version) ? undefined : server, override, sources),
      protocols: own('protocols')?.texts(),
      keyNames: keyNamesOf(own('subscriptionKeyParameterNames')),
      revision: given(facts, 'apiRevision')?.text() ?? revision ?? '1',
      isCurrent: given(facts, 'isCurrent')?.boolean() ?? isMeantCurrent(api, id, root),
      version,
    }),
    ...(graphqlSchema === undefined ? {} : { graphqlSchema }),
    ...(xmlSchemas === undefined ? {} : { xmlSchemas }),
    ...(odataMetadata === undefined ? {} : { odataMetadata }),
  };
  const subscriptionRequired = override?.subscriptionRequired ?? own('subscriptionRequired')?.boolean() ?? true;
  const special = specialApi(kind, info, facts, root, subscriptionRequired);
  const operations = special?.operations ?? operationsOf(api, imported, sources.files);
  return {
    info: special?.info ?? info,
    folder: api.name,
    kind,
    subscriptionRequired,
    operations,
    ...unroutedOf(api, operations),
    policy: api.policy,
    versioning: versioningOf(own('apiVersionSetId'), root),
    ...(given(facts, 'isOnline')?.boolean() === false ? { isOffline: true } : {}),
    ...(special?.backendId === undefined ? backendIdOf(facts) : { backendId: special.backendId }),
    ...(space ? { space } : {}),
    ...resolversOf(api, facts),
    ...descriptionOf(own('description')),
  };
}

/** Documents of operations that no route leads to: they are wrong or right all the same. */
function unroutedOf(api: Resource, operations: readonly WorkspaceOperation[]): Pick<WorkspaceApi, 'unrouted'> {
  const routed = new Set(operations.map(({ policy }) => policy));
  const unrouted = api.all('operations').flatMap(({ policy }) => (policy && !routed.has(policy) ? [policy] : []));
  return unrouted.length > 0 ? { unrouted } : {};
}

function descriptionOf(entry: Entry | undefined): { readonly description?: string } {
  const description = entry?.text();
  return description ? { description } : {};
}

/** The current revision, from which the others take path, version, names and key rule (gateway-model, section 7). */
function currentOf(root: Resource, id: string, api: Resource): Resource | undefined {
  const revisions = revisionsOf(root, id);
  const found = revisions.find(saysCurrent) ?? revisions.find(({ name }) => name === (releasedOf(revisions, id) ?? id));
  return found === api ? undefined : found;
}

function revisionsOf(root: Resource, id: string): Resource[] {
  const prefix = `${id};rev=`;
  return root.all('apis').filter(({ name }) => name === id || name.startsWith(prefix));
}

function saysCurrent({ facts }: Resource): boolean {
  return given(facts, 'isCurrent')?.boolean() === true;
}

const INHERITED = ['path', 'protocols', 'subscriptionRequired', 'apiVersion', 'displayName', 'description', 'type'] as const;

/** What a revision says otherwise than the current one has no effect. */
function checkInherited(facts: Entry, current: Entry): void {
  for (const name of INHERITED) {
    const [own, other] = [given(facts, name), given(current, name)];
    if (own && other && JSON.stringify(own.plain()) !== JSON.stringify(other.plain())) own.report(faults.inheritedEntry(name));
  }
}

/** Exactly one is current: one that says so, else one that was released, else the one without a suffix. */
function isMeantCurrent(api: Resource, id: string, root: Resource): boolean {
  const revisions = revisionsOf(root, id);
  if (revisions.some(saysCurrent)) return false;
  return api.name === (releasedOf(revisions, id) ?? id);
}

/** A release makes a revision current; where one names that without a suffix, too, nobody knows which came last. */
function releasedOf(revisions: readonly Resource[], id: string): string | undefined {
  const own = revisions.find(({ name }) => name === id)?.facts;
  const released = revisions
    .flatMap((revision) => revision.all('releases'))
    .map(({ facts }) => lastSegment(facts?.get('apiId').text() ?? '').toLowerCase());
  const plain = [id, `${id};rev=${given(own, 'apiRevision')?.text() ?? '1'}`].map((name) => name.toLowerCase());
  if (released.some((name) => plain.includes(name))) return undefined;
  return revisions.findLast(({ name }) => released.includes(name.toLowerCase()))?.name;
}

function given(facts: Entry | undefined, name: string): Entry | undefined {
  const entry = facts?.get(name);
  return entry?.exists ? entry : undefined;
}

function kindOf(facts: Entry | undefined): ApiKind | undefined {
  if (given(facts, 'isAgent')?.boolean() || given(facts, 'a2aProperties')) return 'a2a';
  const entry = given(facts, 'type') ?? given(facts, 'apiType');
  return entry?.choice(KINDS);
}

function kindBySpecification({ specification }: Resource): ApiKind {
  if (specification?.kind === 'graphql') return 'graphql';
  if (specification?.kind === 'edmx') return 'odata';
  return specification?.kind === 'wsdl' ? 'soap' : 'http';
}

function backendIdOf(facts: Entry | undefined): { readonly backendId?: string } {
  const id = given(facts, 'backendId')?.text();
  return id === undefined ? {} : { backendId: lastSegment(id) };
}

function keyNamesOf(entry: Entry | undefined): ApiInfo['subscriptionKeyParameterNames'] {
  return {
    header: entry?.get('header').text() ?? DEFAULT_KEY_NAMES.header,
    query: entry?.get('query').text() ?? DEFAULT_KEY_NAMES.query,
  };
}

function serviceUrlOf(
  facts: Entry | undefined,
  server: string | undefined,
  override: ApiOverride | undefined,
  { backend, yaml }: ApiSources,
): string | undefined {
  const own = given(facts, 'serviceUrl');
  return backend ?? override?.serviceUrl ?? (own && own.text() !== '' ? absoluteUrl(own) : undefined) ?? server ?? yaml.backend;
}

const GATEWAY_HOST = /^https?:\/\/[^/:]+\.azure-api\.(?:net|us|cn)(?=\/|$)/i;

/**
 * The service writes its own address as the server of an API definition that it exports: where the API has no service URL
 * beside it, it has none, and calls that went there would come back for ever (inferred).
 */
function isOfGateway(server: string | undefined, path: string, version: string | null): boolean {
  const host = server === undefined ? undefined : GATEWAY_HOST.exec(server)?.[0];
  const rest = host === undefined ? undefined : server?.slice(host.length).replace(/^\/+|\/+$/g, '');
  return rest === path || (version !== null && rest === `${path}/${version}`.replace(/^\//, ''));
}

function importedOf({ specification }: Resource, facts: Entry | undefined, files: Files): Imported | undefined {
  if (specification?.kind === 'openapi') return specification.imported();
  if (specification?.kind !== 'wsdl' && specification?.kind !== 'wadl') return undefined;
  const { kind, source } = specification;
  if (!checkXmlDefinition(kind, source, files)) return BROKEN;
  return kind === 'wsdl' ? importWsdl(source.text, selectorOf(facts)) : importWadl(source.text);
}

function selectorOf(facts: Entry | undefined): WsdlSelector {
  const selector = facts?.get('wsdlSelector');
  return { service: selector?.get('wsdlServiceName').text(), endpoint: selector?.get('wsdlEndpointName').text() };
}

/** In `specification.graphql`, or in the schema resource `graphql`. */
function graphqlSchemaOf(api: Resource): string | undefined {
  return api.specification?.kind === 'graphql' ? api.specification.source.text : schemaText(api, /graphql/i);
}

/** In `specification.edmx`, or in a schema resource of OData's content type. */
function odataMetadataOf(api: Resource): string | undefined {
  return api.specification?.kind === 'edmx' ? api.specification.source.text : schemaText(api, /odata/i);
}

function schemaText(api: Resource, contentType: RegExp): string | undefined {
  for (const { facts } of api.all('schemas')) {
    if (!contentType.test(facts?.get('contentType').text() ?? '')) continue;
    const text = facts?.get('document').get('value');
    if (text?.exists) return text.text();
  }
  return undefined;
}

// ------------------------------------------------------------ operations

/** Operations of the specification and of `operationInformation.json`, with the policies of the folders. */
function operationsOf(api: Resource, imported: Imported | undefined, files: Files): WorkspaceOperation[] {
  const parts = api.all('operations');
  const declared = withDefinitions(
    parts.flatMap((part) => declaredOperation(part)),
    imported?.operations ?? [],
  );
  checkRoutes(parts, declared);
  const infos = [...withoutThose(imported?.operations ?? [], declared), ...declared];
  if (!imported && infos.length === 0 && parts.length === 0) return CATCH_ALL();
  if (imported && !imported.isBroken && infos.length === 0) reportNoOperations(api, files);
  const byId = new Map(infos.map((info) => [info.id.toLowerCase(), info]));
  const byNormal = new Map(infos.map((info) => [normalizeOperationId(info.id), info]));
  const policies = new Map<OperationInfo, WorkspaceOperation['policy']>();
  for (const { name, policy } of parts) {
    const info = byId.get(name.toLowerCase()) ?? byNormal.get(normalizeOperationId(name));
    if (info && policy) policies.set(info, policies.get(info) ?? policy);
    else if (policy && !imported?.isBroken)
      files.report({ severity: 'warning', ...faults.operationWithoutRoute(name), file: policy.file, span: span(0) });
  }
  return infos.map((info) => ({ info, policy: policies.get(info) }));
}

/** A specification that declares nothing says so: no call reaches the API, as in the service. */
function reportNoOperations({ name, specification }: Resource, files: Files): void {
  if (specification) files.report({ severity: 'info', ...faults.noOperations(name), file: specification.source, span: span(0) });
}

function checkRoutes(parts: readonly Resource[], infos: readonly OperationInfo[]): void {
  const taken = new Map<string, string>();
  for (const { id, method, urlTemplate } of infos) {
    const key = routeKey(method, urlTemplate);
    const other = taken.get(key);
    const facts = other === undefined ? undefined : parts.find(({ name }) => name === id)?.facts;
    if (other !== undefined) facts?.get('urlTemplate').report(faults.sameRoute(`${method} ${urlTemplate}`, other));
    else taken.set(key, id);
  }
}

function declaredOperation({ name, facts }: Resource): OperationInfo[] {
  if (!facts) return [];
  const method = facts.get('method').requiredText();
  const urlTemplate = facts.get('urlTemplate').requiredText();
  if (method === undefined || urlTemplate === undefined) return [];
  checkOperation(facts, method, urlTemplate);
  const description = facts.get('description').text();
  return [
    {
      id: name,
      method: method.toUpperCase(),
      name: facts.get('displayName').text() ?? name,
      urlTemplate,
      ...(description ? { description } : {}),
      ...declaredParameters(facts, urlTemplate),
      ...declaredResponses(facts),
    },
  ];
}

/** A definition of the same operation knows more of parameters, bodies and responses than a file of its own does. */
function withDefinitions(declared: readonly OperationInfo[], imported: readonly OperationInfo[]): OperationInfo[] {
  const byId = new Map(imported.map((info) => [normalizeOperationId(info.id), info]));
  const byRoute = new Map(imported.map((info) => [routeKey(info.method, info.urlTemplate), info]));
  return declared.map((info) => {
    const definition = byRoute.get(routeKey(info.method, info.urlTemplate)) ?? byId.get(normalizeOperationId(info.id));
    if (!definition) return info;
    const { parameters, requests, responses, bodyElement } = definition;
    return {
      ...info,
      ...(parameters ? { parameters } : {}),
      ...(requests ? { requests } : {}),
      ...(responses ? { responses } : {}),
      ...(bodyElement === undefined ? {} : { bodyElement }),
    };
  });
}

/** What a file of its own declares, by id or by route, is not taken from the specification. */
function withoutThose(imported: readonly OperationInfo[], declared: readonly OperationInfo[]): OperationInfo[] {
  const ids = new Set(declared.map(({ id }) => normalizeOperationId(id)));
  const routes = new Set(declared.map(({ method, urlTemplate }) => routeKey(method, urlTemplate)));
  return imported.filter(({ id, method, urlTemplate }) => !ids.has(normalizeOperationId(id)) && !routes.has(routeKey(method, urlTemplate)));
}

/** Field resolvers of a GraphQL API: `path` names type and field, `Query/hero`. */
function resolversOf(api: Resource, facts: Entry | undefined): { readonly resolvers?: readonly WorkspaceResolver[] } {
  const resolvers = api.all('resolvers').flatMap((part): WorkspaceResolver[] => {
    const path = part.facts?.get('path').text() ?? part.name.replace('-', '/');
    const [type, field] = path.split('/');
    if (type === undefined || field === undefined) {
      (part.facts?.get('path') ?? facts)?.report(faults.wrongType('path', 'a type and a field such as `Query/hero`'));
      return [];
    }
    return [{ id: part.name, type, field, policy: part.policy }];
  });
  return resolvers.length > 0 ? { resolvers } : {};
}

// ------------------------------------------------------------ versions

function versioningOf(entry: Entry | undefined, root: Resource): WorkspaceApi['versioning'] {
  const id = entry?.text();
  if (!entry || id === undefined || id === '') return undefined;
  const name = lastSegment(id);
  const facts = root.find('apiVersionSets', name)?.facts;
  if (!facts) {
    entry.report(faults.danglingReference('version set', name));
    return undefined;
  }
  const scheme = facts.get('versioningScheme').choice(['Segment', 'Header', 'Query']) ?? 'Segment';
  const key = scheme === 'Header' ? 'versionHeaderName' : 'versionQueryName';
  const said = facts.get(key).text();
  if (scheme !== 'Segment' && !said) facts.report(faults.missingVersionName(key));
  return { scheme, name: said || 'api-version' };
}

// ------------------------------------------------------------ facts

export interface ApiFacts {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly serviceUrl: string | undefined;
  readonly protocols?: readonly string[] | undefined;
  readonly keyNames?: ApiInfo['subscriptionKeyParameterNames'];
  readonly revision?: string;
  readonly isCurrent?: boolean;
  readonly version?: string | null;
}

export function apiInfo(facts: ApiFacts): ApiInfo {
  return {
    id: facts.id,
    name: facts.name,
    path: facts.path,
    protocols: facts.protocols && facts.protocols.length > 0 ? facts.protocols : ['http', 'https'],
    serviceUrl: (facts.serviceUrl === undefined ? undefined : Url.parse(facts.serviceUrl)) ?? null,
    subscriptionKeyParameterNames: facts.keyNames ?? DEFAULT_KEY_NAMES,
    isCurrentRevision: facts.isCurrent ?? true,
    revision: facts.revision ?? '1',
    version: facts.version ?? null,
  };
}
