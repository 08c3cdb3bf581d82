/** A workspace in which one document has another text, as it stands in the editor. */
import { SourceFile } from '../../source/source-file.ts';
import type { Workspace, WorkspaceSpace } from '../../workspace/model.ts';
import { readFile } from '../../xml/reader.ts';
import type { PolicyDocument } from '../../xml/tree.ts';

type Change = (document: PolicyDocument) => PolicyDocument;

/** The problems of the new text as a document are among the workspace's; nothing else of it is read again. */
export function editedWorkspace(workspace: Workspace, file: string, text: string): Workspace {
  const read = readFile(new SourceFile(file, text));
  const change: Change = (document) => (document.file.name === file ? read.document : document);
  const spaces = new Map<WorkspaceSpace, WorkspaceSpace>();
  const spaceOf = (space: WorkspaceSpace): WorkspaceSpace => {
    const known = spaces.get(space) ?? withPolicy({ ...space, fragments: changed(space.fragments, change) }, change);
    spaces.set(space, known);
    return known;
  };
  const inSpace = <T extends { readonly space?: WorkspaceSpace }>(owned: T): T =>
    owned.space ? { ...owned, space: spaceOf(owned.space) } : owned;
  return {
    ...workspace,
    globalPolicy: workspace.globalPolicy && change(workspace.globalPolicy),
    fragments: changed(workspace.fragments, change),
    products: workspace.products.map((product) => inSpace(withPolicy(product, change))),
    apis: workspace.apis.map((api) =>
      inSpace({
        ...withPolicy(api, change),
        operations: api.operations.map((operation) => withPolicy(operation, change)),
        ...(api.resolvers ? { resolvers: api.resolvers.map((resolver) => withPolicy(resolver, change)) } : {}),
      }),
    ),
    problems: [...workspace.problems.filter((problem) => problem.file.name !== file), ...read.problems],
  };
}

function withPolicy<T extends { readonly policy: PolicyDocument | undefined }>(owner: T, change: Change): T {
  return owner.policy ? { ...owner, policy: change(owner.policy) } : owner;
}

function changed(fragments: ReadonlyMap<string, PolicyDocument>, change: Change): ReadonlyMap<string, PolicyDocument> {
  return new Map([...fragments].map(([id, document]) => [id, change(document)]));
}
