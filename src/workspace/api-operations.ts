/** Operations of an API: those that its definition imports, and those that files of their own declare. */
import type { OperationInfo } from '../exchange/entities.ts';
import { span } from '../source/span.ts';
import { declaredParameters, declaredResponses } from './declared-operations.ts';
import * as faults from './faults.ts';
import type { Files } from './files.ts';
import type { WorkspaceApi, WorkspaceOperation } from './model.ts';
import { normalizeOperationId } from './openapi.ts';
import { checkOperation, routeKey } from './operation-checks.ts';
import type { Resource } from './resources.ts';

/** All methods that a catch-all operation answers: a lone document is one API at `/`. */
const CATCH_ALL_METHODS: readonly string[] = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE'];

/** Operations of an API of which nobody says what it offers: every method and path. */
export function catchAll(): WorkspaceOperation[] {
  return CATCH_ALL_METHODS.map((method) => ({
    info: { id: method.toLowerCase(), method, name: method, urlTemplate: '/*' },
    policy: undefined,
    isCatchAll: true,
  }));
}

/** What an API definition brings. */
export interface Imported {
  readonly operations: readonly OperationInfo[];
  readonly serviceUrl: string | undefined;
  /** It could not be read, which was told: operations that are missing may be missing for that reason. */
  readonly isBroken?: boolean;
}

/** Operations of the specification and of `operationInformation.json`, with the policies of the folders. */
export function operationsOf(api: Resource, imported: Imported | undefined, files: Files): WorkspaceOperation[] {
  const parts = api.all('operations');
  const declared = withDefinitions(
    parts.flatMap((part) => declaredOperation(part)),
    imported?.operations ?? [],
  );
  checkRoutes(parts, declared);
  const infos = [...withoutThose(imported?.operations ?? [], declared), ...declared];
  if (!imported && infos.length === 0 && parts.length === 0) return catchAll();
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

/** Documents of operations that no route leads to: they are wrong or right all the same. */
export function unroutedOf(api: Resource, operations: readonly WorkspaceOperation[]): Pick<WorkspaceApi, 'unrouted'> {
  const routed = new Set(operations.map(({ policy }) => policy));
  const unrouted = api.all('operations').flatMap(({ policy }) => (policy && !routed.has(policy) ? [policy] : []));
  return unrouted.length > 0 ? { unrouted } : {};
}
