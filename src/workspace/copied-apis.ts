/**
 * APIs and revisions made from others (`sourceApiId`): the service copies operations, documents and backend when it makes them,
 * and templates do not say them again (inferred).
 */
import type { WorkspaceApi } from './model.ts';
import { lastSegment, type Resource } from './resources.ts';

/** Copies of copies; round and round, it ends here. */
const MOST_COPIES = 20;

export function withCopies(apis: readonly WorkspaceApi[], root: Resource): WorkspaceApi[] {
  const byFolder = new Map(apis.map((api) => [folderOf(api), api]));
  const copyOf = (api: WorkspaceApi, left: number): WorkspaceApi => {
    if (left === 0 || !api.operations.some(({ isCatchAll }) => isCatchAll)) return api;
    const id = sourceOf(api, root);
    const source = byFolder.get(id) ?? byFolder.get(id.replace(/;rev=.*$/, ''));
    return source && source !== api ? copied(api, copyOf(source, left - 1)) : api;
  };
  return apis.map((api) => copyOf(api, MOST_COPIES));
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
