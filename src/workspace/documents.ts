/** The policy documents of a workspace and the scopes that they stand in. */
import type { ScopeName } from '../exchange/events.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import type { Workspace, WorkspaceApi, WorkspaceSpace } from './model.ts';

export interface ScopedDocument {
  readonly document: PolicyDocument;
  /** Undefined for a fragment and for a resolver. */
  readonly scope: ScopeName | undefined;
  /** Documents of the next wider scopes, nearest first. */
  readonly outer: readonly PolicyDocument[];
}

/** Every policy document with its scope, widest scopes first, fragments last; in a file, a template or a heredoc. */
export function scopedDocuments(workspace: Workspace): ScopedDocument[] {
  const { globalPolicy, products, apis, fragments } = workspace;
  const spaces = spacesOf(workspace);
  const around = (space: WorkspaceSpace | undefined) => present(space?.policy, globalPolicy);
  return [
    ...placed(globalPolicy, 'global', []),
    ...spaces.flatMap((space) => placed(space.policy, 'workspace', present(globalPolicy))),
    ...products.flatMap(({ policy, space }) => placed(policy, 'product', around(space))),
    ...apis.flatMap((api) => documentsOfApi(api, around(api.space))),
    ...[fragments, ...spaces.map((space) => space.fragments)].flatMap((all) =>
      [...all.values()].flatMap((fragment) => placed(fragment, undefined, [])),
    ),
  ];
}

/** Every policy document once. */
export function policyDocuments(workspace: Workspace): PolicyDocument[] {
  return [...new Set(scopedDocuments(workspace).map(({ document }) => document))];
}

/** The workspaces of the instance. */
function spacesOf({ products, apis, idleSpaces = [] }: Workspace): WorkspaceSpace[] {
  return [...new Set([...products, ...apis].flatMap(({ space }) => space ?? [])), ...idleSpaces];
}

function documentsOfApi(
  { policy, operations, unrouted = [], resolvers = [] }: WorkspaceApi,
  outer: readonly PolicyDocument[],
): ScopedDocument[] {
  return [
    ...placed(policy, 'api', outer),
    ...operations.flatMap((operation) => placed(operation.policy, 'operation', [...present(policy), ...outer])),
    ...unrouted.flatMap((document) => placed(document, 'operation', [...present(policy), ...outer])),
    ...resolvers.flatMap((resolver) => placed(resolver.policy, undefined, [])),
  ];
}

function placed(document: PolicyDocument | undefined, scope: ScopeName | undefined, outer: readonly PolicyDocument[]): ScopedDocument[] {
  return document ? [{ document, scope, outer }] : [];
}

function present(...documents: readonly (PolicyDocument | undefined)[]): PolicyDocument[] {
  return documents.filter((document) => document !== undefined);
}
