/** What the gateway answers, as rows: for `portico routes` and the console. */
import type { Workspace, WorkspaceApi, WorkspaceOperation } from './model.ts';
import { fullPath } from './near-misses.ts';

export interface RouteRow {
  readonly method: string;
  /** With version segment and `;rev=`. */
  readonly path: string;
  readonly api: string;
  readonly operation: string;
  readonly kind: string;
  readonly version: string | null;
  /** Where the version is said: a segment, or the name of a header or query parameter. */
  readonly versionIn: string | null;
  readonly revision: string;
  readonly current: boolean;
  readonly subscriptionRequired: boolean;
  readonly products: readonly string[];
  readonly backend: string | null;
  /** Scopes with a document of their own, widest first. */
  readonly scopes: readonly string[];
}

/** Every operation that requests can reach, in the order of the directory. */
export function routesOf(workspace: Workspace): RouteRow[] {
  return workspace.apis
    .filter(({ isOffline }) => !isOffline)
    .flatMap((api) => api.operations.map((operation) => rowOf(workspace, api, operation)));
}

function rowOf(workspace: Workspace, api: WorkspaceApi, operation: WorkspaceOperation): RouteRow {
  const { info, versioning } = api;
  const products = workspace.products
    .filter(({ apiIds, space }) => apiIds.has(info.id) && space === api.space)
    .map((product) => product.info.id);
  return {
    method: operation.info.method,
    path: fullPath(api, operation.info.urlTemplate),
    api: info.id,
    operation: operation.info.id,
    kind: api.kind ?? 'http',
    version: info.version,
    versionIn:
      versioning && info.version
        ? versioning.scheme === 'Segment'
          ? 'segment'
          : `${versioning.scheme.toLowerCase()} ${versioning.name}`
        : null,
    revision: info.revision,
    current: info.isCurrentRevision,
    subscriptionRequired: api.subscriptionRequired,
    products,
    backend: operation.target?.toString() ?? api.backendId ?? info.serviceUrl?.toString() ?? null,
    scopes: [
      ...(workspace.globalPolicy ? ['global'] : []),
      ...(api.space?.policy ? ['workspace'] : []),
      ...(api.policy ? ['api'] : []),
      ...(operation.policy ? ['operation'] : []),
    ],
  };
}
