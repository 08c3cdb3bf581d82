/** A policy directory with the documents that are open in the editor in place of those on disk. */
import { resolve } from 'node:path';
import { EmbeddedSource } from '../source/embedded.ts';
import type { Workspace, WorkspaceSpace } from '../workspace/model.ts';
import type { PolicyDocument } from '../xml/tree.ts';

/** By absolute path. */
export type OpenDocuments = ReadonlyMap<string, PolicyDocument>;

/** The same workspace when none of its documents is open. A policy inside another file stays as it is on disk. */
export function overlaid(workspace: Workspace, open: OpenDocuments): Workspace {
  if (open.size === 0) return workspace;
  const spaces = new Map<WorkspaceSpace, WorkspaceSpace>();
  const spaceOf = (space: WorkspaceSpace): WorkspaceSpace => {
    const known = spaces.get(space) ?? { ...space, policy: now(space.policy), fragments: allNow(space.fragments) };
    spaces.set(space, known);
    return known;
  };
  const now = <T extends PolicyDocument | undefined>(document: T): T | PolicyDocument => {
    if (document === undefined || document.file instanceof EmbeddedSource) return document;
    return open.get(resolve(document.file.name)) ?? document;
  };
  const allNow = (documents: ReadonlyMap<string, PolicyDocument>) =>
    new Map([...documents].map(([name, document]) => [name, now(document)] as const));
  return {
    ...workspace,
    globalPolicy: now(workspace.globalPolicy),
    fragments: allNow(workspace.fragments),
    ...(workspace.idleSpaces ? { idleSpaces: workspace.idleSpaces.map(spaceOf) } : {}),
    products: workspace.products.map((one) => ({ ...one, policy: now(one.policy), ...(one.space ? { space: spaceOf(one.space) } : {}) })),
    apis: workspace.apis.map((api) => ({
      ...api,
      policy: now(api.policy),
      operations: api.operations.map((operation) => (operation.policy ? { ...operation, policy: now(operation.policy) } : operation)),
      ...(api.unrouted ? { unrouted: api.unrouted.map(now) } : {}),
      ...(api.resolvers ? { resolvers: api.resolvers.map((one) => ({ ...one, policy: now(one.policy) })) } : {}),
      ...(api.space ? { space: spaceOf(api.space) } : {}),
    })),
  };
}
