/** APIs with their versions (gateway-model, sections 6, 7 and 14). */
import type { ApiInfo } from '../exchange/entities.ts';
import { Url } from '../exchange/url.ts';
import { absoluteUrl } from './absolute-url.ts';
import { type Imported, operationsOf, unroutedOf } from './api-operations.ts';
import type { Entry } from './config-file.ts';
import { withCopies } from './copied-apis.ts';
import * as faults from './faults.ts';
import type { Files } from './files.ts';
import { checkSchema } from './graphql-schema.ts';
import { withTools } from './mcp/tools.ts';
import type { ApiKind, WorkspaceApi, WorkspaceResolver, WorkspaceSpace } from './model.ts';
import type { Paced } from './paced.ts';
import type { ApiOverride, PorticoYaml } from './portico-yaml.ts';
import { lastSegment, type Resource } from './resources.ts';
import { checkInherited, Revisions } from './revisions.ts';
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

const DEFAULT_KEY_NAMES = { header: 'Ocp-Apim-Subscription-Key', query: 'subscription-key' };

const KINDS: readonly ApiKind[] = ['http', 'soap', 'graphql', 'websocket', 'odata', 'grpc', 'mcp', 'a2a'];

export function* readApis(sources: ApiSources, space: WorkspaceSpace | undefined): Paced<WorkspaceApi[]> {
  const apis: WorkspaceApi[] = [];
  const all = sources.root.all('apis');
  const revisions = new Revisions(all);
  for (const api of all) {
    yield;
    if (api.facts || api.policy || api.specification || api.collections.length > 0) apis.push(readApi(api, revisions, sources, space));
  }
  return withTools(withCopies(apis, sources.root), sources.root);
}

const BROKEN: Imported = { operations: [], serviceUrl: undefined, isBroken: true };

function readApi(api: Resource, revisions: Revisions, sources: ApiSources, space: WorkspaceSpace | undefined): WorkspaceApi {
  const { root } = sources;
  const { facts } = api;
  const current = revisions.currentOf(api)?.facts;
  const own = (name: string): Entry | undefined => current?.given(name) ?? facts?.given(name);
  const kind = kindOf(facts) ?? kindOf(current) ?? kindBySpecification(api);
  const imported = importedOf(api, facts, sources.files);
  if (facts && current) checkInherited(facts, current);
  const isCurrent = facts?.given('isCurrent')?.boolean() ?? revisions.isMeantCurrent(api);
  const info = infoOf(api, own, isCurrent, imported?.serviceUrl, sources);
  const subscriptionRequired = overrideOf(api, sources)?.subscriptionRequired ?? own('subscriptionRequired')?.boolean() ?? true;
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
    ...(facts?.given('isOnline')?.boolean() === false ? { isOffline: true } : {}),
    ...(special?.backendId === undefined ? backendIdOf(facts) : { backendId: special.backendId }),
    ...(space ? { space } : {}),
    ...resolversOf(api, facts),
    ...descriptionOf(own('description')),
  };
}

function overrideOf({ name }: Resource, { yaml }: ApiSources): ApiOverride | undefined {
  return yaml.apis.get(name) ?? yaml.apis.get(name.split(';rev=')[0] ?? name);
}

/** `own`: what the API says, or shares with its current revision; `server`: the address in its definition. */
function infoOf(
  api: Resource,
  own: (name: string) => Entry | undefined,
  isCurrent: boolean,
  server: string | undefined,
  sources: ApiSources,
): ApiInfo {
  const [id = api.name, revision] = api.name.split(';rev=');
  const override = overrideOf(api, sources);
  const version = own('apiVersion')?.text() || null;
  const path = withoutSlashes(own('path')?.text() ?? id);
  const graphqlSchema = graphqlSchemaOf(api);
  if (graphqlSchema !== undefined) checkSchema(api, graphqlSchema, sources.files);
  const xmlSchemas = xmlSchemasOf(api);
  const odataMetadata = odataMetadataOf(api);
  const info = apiInfo({
    id,
    name: own('displayName')?.text() ?? id,
    path: override?.path === undefined ? path : withoutSlashes(override.path),
    serviceUrl: serviceUrlOf(api.facts, isOfGateway(server, path, version) ? undefined : server, override, sources),
    protocols: own('protocols')?.texts(),
    keyNames: keyNamesOf(own('subscriptionKeyParameterNames')),
    revision: api.facts?.given('apiRevision')?.text() ?? revision ?? '1',
    isCurrent,
    version,
  });
  return {
    ...info,
    ...(graphqlSchema === undefined ? {} : { graphqlSchema }),
    ...(xmlSchemas === undefined ? {} : { xmlSchemas }),
    ...(odataMetadata === undefined ? {} : { odataMetadata }),
  };
}

function withoutSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

function descriptionOf(entry: Entry | undefined): { readonly description?: string } {
  const description = entry?.text();
  return description ? { description } : {};
}

function kindOf(facts: Entry | undefined): ApiKind | undefined {
  if (facts?.given('isAgent')?.boolean() || facts?.given('a2aProperties')) return 'a2a';
  const entry = facts?.given('type') ?? facts?.given('apiType');
  return entry?.choice(KINDS);
}

function kindBySpecification({ specification }: Resource): ApiKind {
  if (specification?.kind === 'graphql') return 'graphql';
  if (specification?.kind === 'edmx') return 'odata';
  return specification?.kind === 'wsdl' ? 'soap' : 'http';
}

function backendIdOf(facts: Entry | undefined): { readonly backendId?: string } {
  const id = facts?.given('backendId')?.text();
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
  const own = facts?.given('serviceUrl');
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
