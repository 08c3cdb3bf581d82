/**
 * APIs and revisions made from others (`sourceApiId`): the service copies operations, documents and backend when it makes them,
 * and templates do not say them again (inferred).
 */
import type { WorkspaceApi } from './model.ts';
import { lastSegment, type Resource } from './resources.ts';

export function withCopies(apis: readonly WorkspaceApi[], root: Resource): WorkspaceApi[] {
  const byFolder = new Map(apis.map((api) => [folderOf(api), api]));
  return apis.map((api) => {
    if (!api.operations.some(({ isCatchAll }) => isCatchAll)) return api;
    const source = byFolder.get(sourceOf(api, root)) ?? byFolder.get(sourceOf(api, root).replace(/;rev=.*$/, ''));
    return source && source !== api ? copied(api, source) : api;
  });
}

function folderOf({ folder, info }: WorkspaceApi): string {
  return (folder ?? info.id).toLowerCase();
}

function sourceOf(api: WorkspaceApi, root: Resource): string {
  const id = root.find('apis', folderOf(api))?.facts?.get('sourceApiId').plain();
  return typeof id === 'string' ? lastSegment(id).toLowerCase() : '';
}

function copied(api: WorkspaceApi, source: WorkspaceApi): WorkspaceApi {
  return {
    ...api,
    info: { ...api.info, serviceUrl: api.info.serviceUrl ?? source.info.serviceUrl },
    operations: source.operations.map((operation) => ({ ...operation })),
    policy: api.policy ?? source.policy,
  };
}
