/**
 * Which API and operation a request is for (gateway-model, sections 6 and 7). Built once; a look-up walks the path's
 * segments and does not slow down with the number of operations.
 */
import type { WorkspaceApi, WorkspaceOperation } from './model.ts';
import { atOnce, type Paced } from './paced.ts';
import { compileTemplate, decodedSegments, literalKey, type Template } from './template.ts';

export interface Match {
  readonly api: WorkspaceApi;
  readonly operation: WorkspaceOperation;
  /** Template parameters, percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What is left of the path behind API path and version: the path of the backend call. */
  readonly rest: string;
}

/** What routing needs of a request. */
export interface Routable {
  readonly method: string;
  readonly path: string;
  /** With `?`, or empty. */
  readonly query: string;
  header(name: string): string | undefined;
  /** `https`; undefined: any scheme will do. */
  readonly scheme?: string | undefined;
}

export interface Router {
  match(request: Routable): Match | undefined;
  /** The APIs and operations that a preflight may be for: those whose path fits, whatever the method. */
  matchMethod(request: Routable, method: string): Match | undefined;
  /** A SOAP API that takes the path, whatever action is asked for: the body may tell it. */
  matchSoap(request: Routable, name: string): Match | undefined;
  isSoap(request: Routable): boolean;
}

interface ApiRoutes {
  readonly api: WorkspaceApi;
  readonly operations: OperationTree;
}

export function createRouter(apis: readonly WorkspaceApi[]): Router {
  return atOnce(creatingRouter(apis));
}

/** The same in parts. */
export function* creatingRouter(apis: readonly WorkspaceApi[]): Paced<Router> {
  const root = new ApiNode();
  for (const api of apis) {
    yield;
    // An offline revision is not reachable (gateway-model, section 7).
    if (!api.isOffline) root.add(decodedSegments(api.info.path.toLowerCase()), { api, operations: new OperationTree(api.operations) });
  }
  const choose = (request: Routable): Chosen | undefined => {
    const found = root.find(request.path);
    return found && chooseVersion(found.routes, found.rest, request);
  };
  const matchMethod = (request: Routable, method: string): Match | undefined => {
    const chosen = choose(request);
    return chosen && matchIn(chosen, request, method);
  };
  return {
    match: (request) => matchMethod(request, request.method),
    matchMethod,
    isSoap: (request) => request.method === 'POST' && choose(request)?.routes.api.kind === 'soap',
    matchSoap: (request, name) => {
      const chosen = choose(request);
      const operation = chosen?.routes.api.operations.find((one) => isNamed(one, name));
      return chosen && operation && { api: chosen.routes.api, operation, parameters: {}, rest: chosen.rest };
    },
  };
}

/** By the element that its WSDL file names, by id, by name, or by the last part of its action. */
function isNamed({ info }: WorkspaceOperation, name: string): boolean {
  const action = /[?&]soapAction=([^&]*)/i.exec(info.urlTemplate)?.[1] ?? '';
  const wanted = name.toLowerCase();
  const names = [info.bodyElement ?? '', info.id, info.name, action.split(/[/#:]/).pop() ?? ''];
  return names.some((one) => one.toLowerCase() === wanted);
}

/** A segment of API paths; several APIs may share a path when they are versions of each other. */
class ApiNode {
  readonly #children = new Map<string, ApiNode>();
  readonly #routes: ApiRoutes[] = [];

  add(segments: readonly string[], routes: ApiRoutes): void {
    const [first, ...others] = segments;
    if (first === undefined) {
      this.#routes.push(routes);
      return;
    }
    let child = this.#children.get(first);
    if (!child) {
      child = new ApiNode();
      this.#children.set(first, child);
    }
    child.add(others, routes);
  }

  /** The longest API path that starts the request's path, by whole segments. */
  find(path: string): { readonly routes: readonly ApiRoutes[]; readonly rest: string } | undefined {
    let node: ApiNode = this;
    let best = this.#routes.length > 0 ? { routes: this.#routes as readonly ApiRoutes[], rest: path } : undefined;
    let at = 0;
    while (at < path.length) {
      const next = path.indexOf('/', at + 1);
      const end = next < 0 ? path.length : next;
      const segment = path.slice(at + 1, end);
      const child = node.#children.get(literalKey(withoutRevision(segment)));
      if (!child) break;
      node = child;
      at = end;
      const revision = revisionOf(segment);
      if (node.#routes.length > 0) best = { routes: node.#routes, rest: revision + path.slice(end) };
      // It stands directly behind the path of its API: no longer path begins with it.
      if (revision !== '') break;
    }
    return best;
  }
}

function withoutRevision(segment: string): string {
  const at = segment.indexOf(';rev=');
  return at < 0 ? segment : segment.slice(0, at);
}

function revisionOf(segment: string): string {
  const at = segment.indexOf(';rev=');
  return at < 0 ? '' : segment.slice(at);
}

interface Chosen {
  readonly routes: ApiRoutes;
  readonly rest: string;
}

function matchIn({ routes: { api, operations }, rest }: Chosen, request: Routable, method: string): Match | undefined {
  if (request.scheme !== undefined && !speaks(api, request.scheme)) return undefined;
  const found =
    operations.find(rest, request.query, method) ?? (api.kind === 'soap' ? bySoapAction(operations, rest, request, method) : undefined);
  return found && { api, operation: found.operation, parameters: found.parameters, rest };
}

/** GraphQL APIs list the schemes of their requests; their subscriptions come over the WebSocket forms of those. */
function speaks({ info, kind }: WorkspaceApi, scheme: string): boolean {
  return info.protocols.includes(scheme) || (kind === 'graphql' && info.protocols.includes(scheme.replace(/^ws/, 'http')));
}

/** Calls are told apart by the query, else by the header SOAPAction or the action of the media type (SOAP 1.2; inferred). */
function bySoapAction(operations: OperationTree, rest: string, request: Routable, method: string): ReturnType<OperationTree['find']> {
  const action = request.header('SOAPAction') ?? /;\s*action="?([^";]+)/i.exec(request.header('Content-Type') ?? '')?.[1];
  const bare = action?.trim().replace(/^"(.*)"$/, '$1');
  if (!bare) return undefined;
  const query = `${request.query === '' ? '?' : `${request.query}&`}soapAction=${encodeURIComponent(bare)}`;
  return operations.find(rest, query, method);
}

/** Among the APIs of one path: by version segment, header or query, and by revision; the unversioned one otherwise. */
function chooseVersion(candidates: readonly ApiRoutes[], rest: string, request: Routable): Chosen | undefined {
  const [only] = candidates;
  if (only && candidates.length === 1 && isPlain(only) && !rest.includes(';rev=')) return { routes: only, rest };
  // An API at the root has its revision behind the first slash.
  const mark = /^\/?;rev=([^/;]+)/.exec(rest);
  const path = mark ? rest.slice(mark[0].length) : rest;
  for (const routes of candidates) {
    const found = versionRest(routes.api, path, request);
    if (found && isRevision(routes.api, mark?.[1] ?? found.revision)) return { routes, rest: found.rest };
  }
  const plain = candidates.find(({ api }) => isUnversioned(api, request) && isRevision(api, mark?.[1]));
  return plain && { routes: plain, rest: path };
}

/**
 * The member of a version set without a version takes the calls that name none; one that names a version which is not there gets
 * nothing (seen for headers). Behind an unknown segment there is only more path.
 */
function isUnversioned({ info, versioning }: WorkspaceApi, request: Routable): boolean {
  if (!versioning) return true;
  return !info.version && !askedVersion(versioning, request);
}

/** What header or query parameter ask for; undefined where neither is the place of versions. */
export function askedVersion({ scheme, name }: NonNullable<WorkspaceApi['versioning']>, request: Routable): string | undefined {
  if (scheme === 'Header') return request.header(name);
  return scheme === 'Query' ? queryValue(request.query, name) : undefined;
}

/** The one that is named, else the current one. */
function isRevision({ info }: WorkspaceApi, revision: string | undefined): boolean {
  return revision === undefined ? info.isCurrentRevision : info.revision === revision;
}

/** Current, and the same whatever version is asked for: the usual case. */
function isPlain({ api: { info, versioning } }: ApiRoutes): boolean {
  return info.isCurrentRevision && versioning === undefined;
}

/** The path without its version when the request asks for this API's version, and the revision behind a version segment. */
function versionRest(
  api: WorkspaceApi,
  path: string,
  request: Routable,
): { readonly rest: string; readonly revision?: string | undefined } | undefined {
  const version = api.info.version?.toLowerCase();
  if (!api.versioning || !version) return undefined;
  if (api.versioning.scheme !== 'Segment')
    return askedVersion(api.versioning, request)?.toLowerCase() === version ? { rest: path } : undefined;
  const end = path.indexOf('/', 1);
  const segment = end < 0 ? path.slice(1) : path.slice(1, end);
  const mark = segment.indexOf(';rev=');
  const named = mark < 0 ? segment : segment.slice(0, mark);
  if (literalKey(named) !== version) return undefined;
  return { rest: path.slice(segment.length + 1), revision: mark < 0 ? undefined : segment.slice(mark + 5) };
}

function queryValue(query: string, name: string): string | undefined {
  for (const pair of query.slice(1).split('&')) {
    const equals = pair.indexOf('=');
    const key = equals < 0 ? pair : pair.slice(0, equals);
    if (key.toLowerCase() === name.toLowerCase()) return equals < 0 ? '' : decode(pair.slice(equals + 1));
  }
  return undefined;
}

/** Percent-decodes; text that is not well encoded stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

interface Leaf {
  readonly operation: WorkspaceOperation;
  readonly template: Template;
  readonly order: number;
}

/** Literal segments beat parameters, parameters beat the wildcard, compared from the left. */
class OperationTree {
  readonly #byMethod = new Map<string, TemplateNode>();
  readonly #catchAll: WorkspaceOperation | undefined;

  constructor(operations: readonly WorkspaceOperation[]) {
    this.#catchAll = operations.find(({ isCatchAll }) => isCatchAll);
    operations.forEach((operation, order) => {
      const template = compileTemplate(operation.info.urlTemplate);
      const method = operation.info.method.toUpperCase();
      let node = this.#byMethod.get(method);
      if (!node) {
        node = new TemplateNode();
        this.#byMethod.set(method, node);
      }
      node.add(template, { operation, template, order });
    });
  }

  find(path: string, query: string, method: string): { operation: WorkspaceOperation; parameters: Record<string, string> } | undefined {
    const node = this.#byMethod.get(method) ?? this.#byMethod.get(method.toUpperCase());
    if (!node) return this.#catchAll && { operation: likeOf(this.#catchAll, method), parameters: {} };
    const segments = node.needsSegments ? decodedSegments(path) : NO_SEGMENTS;
    const leaf = node.find(segments, 0, query);
    return leaf && { operation: leaf.operation, parameters: leaf.template.parameters(segments, query) };
  }
}

/** Custom verbs are allowed (gateway-model, section 6.2): the stand-in for all operations takes them, too. One id, since callers may make verbs up. */
function likeOf(operation: WorkspaceOperation, method: string): WorkspaceOperation {
  return { ...operation, info: { ...operation.info, id: 'any', method, name: method }, like: operation };
}

const NO_SEGMENTS: readonly string[] = [];

class TemplateNode {
  readonly #literals = new Map<string, TemplateNode>();
  readonly #patterns: { readonly test: (segment: string) => boolean; readonly key: string; readonly node: TemplateNode }[] = [];
  readonly #leaves: Leaf[] = [];
  readonly #wildcards: Leaf[] = [];

  add(template: Template, leaf: Leaf, at = 0): void {
    const segment = template.segments[at];
    if (!segment) {
      insertOrdered(template.wildcard ? this.#wildcards : this.#leaves, leaf);
      return;
    }
    if (segment.kind === 'literal') this.#literal(segment.text).add(template, leaf, at + 1);
    else this.#pattern(segment.text, segment.test).add(template, leaf, at + 1);
  }

  /** False when any path has the same outcome: there is nothing but wildcards without a name. */
  get needsSegments(): boolean {
    if (this.#literals.size > 0 || this.#patterns.length > 0 || this.#leaves.length > 0) return true;
    return this.#wildcards.some(({ template }) => template.restName !== undefined);
  }

  find(segments: readonly string[], at: number, query: string): Leaf | undefined {
    const segment = segments[at];
    if (segment === undefined) return fitting(this.#leaves, query) ?? fitting(this.#wildcards, query);
    const exact = this.#literals.get(segment.toLowerCase())?.find(segments, at + 1, query);
    if (exact) return exact;
    for (const { test, node } of this.#patterns) {
      const found = test(segment) ? node.find(segments, at + 1, query) : undefined;
      if (found) return found;
    }
    return fitting(this.#wildcards, query);
  }

  #literal(text: string): TemplateNode {
    const key = literalKey(text);
    let node = this.#literals.get(key);
    if (!node) {
      node = new TemplateNode();
      this.#literals.set(key, node);
    }
    return node;
  }

  /** Parameters of a whole segment share one node; patterns with literal parts are tried first. */
  #pattern(key: string, test: (segment: string) => boolean): TemplateNode {
    const shared = key.replace(/\{[^}]*\}/g, '{}');
    const found = this.#patterns.find((pattern) => pattern.key === shared);
    if (found) return found.node;
    const node = new TemplateNode();
    if (shared === '{}') this.#patterns.push({ test, key: shared, node });
    else this.#patterns.unshift({ test, key: shared, node });
    return node;
  }
}

function fitting(leaves: readonly Leaf[], query: string): Leaf | undefined {
  for (const leaf of leaves) if (leaf.template.queryFits(query)) return leaf;
  return undefined;
}

/** More required query parameters first, then the order of definition. */
function insertOrdered(leaves: Leaf[], leaf: Leaf): void {
  leaves.push(leaf);
  leaves.sort((a, b) => b.template.requiredQuery - a.template.requiredQuery || a.order - b.order);
}
