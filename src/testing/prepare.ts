/**
 * What is to be tested, as a workspace: a directory, one document, a list of policies, a fragment, or an expression. All but
 * the first two get a document around them.
 */
import type { SectionName } from '../exchange/events.ts';
import { environmentVariable } from '../host/node-environment.ts';
import { catchAll } from '../workspace/api-operations.ts';
import type { ParsedFiles } from '../workspace/files.ts';
import { loadWorkspace } from '../workspace/load.ts';
import type { Workspace, WorkspaceApi, WorkspaceSpace } from '../workspace/model.ts';
import { readDocument } from '../xml/reader.ts';
import type { PolicyDocument, XmlElement } from '../xml/tree.ts';

export interface Subject {
  /** Policy directory, document or fragment. */
  readonly policies: string;
  /** Where a fragment, a list of policies or an expression runs. Default inbound. */
  readonly section?: SectionName | undefined;
  /** Evaluated in place of the policies; `@(…)` may be left out around it. */
  readonly expression?: string | undefined;
  readonly namedValues?: Readonly<Record<string, string>> | undefined;
  /** The workspace as it was loaded before; default: read from disk. */
  readonly loaded?: Workspace | undefined;
  /** Documents in place of those on disk, by the name they have in diagnostics (mutants). */
  readonly documents?: ReadonlyMap<string, PolicyDocument> | undefined;
}

export function loadSubject(subject: Subject): Workspace {
  const loaded = subject.loaded ?? readWorkspace(subject.policies);
  const workspace = withNamedValues(withDocuments(loaded, subject.documents), subject.namedValues ?? {});
  if (subject.expression !== undefined) return expressionWorkspace(workspace, subject.expression, subject.section ?? 'inbound');
  return completed(workspace, subject.section ?? 'inbound');
}

/** `environmentName`: the entry of `environments` in portico.yaml that holds. `before`: files that need not be parsed again. */
export function readWorkspace(policies: string, environmentName?: string, before?: ParsedFiles): Workspace {
  return loadWorkspace(policies, {
    environment: (name) => environmentVariable(name),
    before,
    ...(environmentName === undefined ? {} : { environmentName }),
  });
}

function withNamedValues(workspace: Workspace, values: Readonly<Record<string, string>>): Workspace {
  if (Object.keys(values).length === 0) return workspace;
  const namedValues = new Map(workspace.namedValues);
  for (const [name, value] of Object.entries(values))
    namedValues.set(name, { name, value, secret: namedValues.get(name)?.secret ?? false });
  return { ...workspace, namedValues, problems: workspace.problems.filter(({ code }) => code !== 'PTC5013') };
}

/** The workspace with other documents in place of those of the same name. */
function withDocuments(workspace: Workspace, documents: Subject['documents']): Workspace {
  if (!documents || documents.size === 0) return workspace;
  const other = <T extends PolicyDocument | undefined>(document: T): T =>
    (document && (documents.get(document.file.name) as T | undefined)) ?? document;
  const others = (fragments: Workspace['fragments']) => new Map([...fragments].map(([id, document]) => [id, other(document)]));
  const spaces = new Map<WorkspaceSpace, WorkspaceSpace>();
  const inSpace = (space: WorkspaceSpace | undefined): { readonly space?: WorkspaceSpace } => {
    if (!space) return {};
    const changed = spaces.get(space) ?? { ...space, policy: other(space.policy), fragments: others(space.fragments) };
    spaces.set(space, changed);
    return { space: changed };
  };
  return {
    ...workspace,
    globalPolicy: other(workspace.globalPolicy),
    products: workspace.products.map((product) => ({ ...product, policy: other(product.policy), ...inSpace(product.space) })),
    apis: workspace.apis.map((api) => ({
      ...api,
      policy: other(api.policy),
      operations: api.operations.map((operation) => ({ ...operation, policy: other(operation.policy) })),
      ...(api.resolvers && { resolvers: api.resolvers.map((resolver) => ({ ...resolver, policy: other(resolver.policy) })) }),
      ...inSpace(api.space),
    })),
    fragments: others(workspace.fragments),
  };
}

/** The name under which a lone fragment is included. */
const FRAGMENT = 'the-fragment';

/** A lone document that is no whole one gets what it needs to run. */
function completed(workspace: Workspace, section: SectionName): Workspace {
  const [api] = workspace.apis;
  const document = workspace.globalPolicy ? undefined : api?.policy;
  if (!api || !document || document.kind === 'policies' || document.kind === 'resolver') return workspace;
  if (document.kind === 'section') return withPolicy(workspace, api, rooted(document, 'policies'));
  const fragment = document.kind === 'bare' ? rooted(document, 'fragment') : document;
  const around = documentAround(`<include-fragment fragment-id="${FRAGMENT}" />`, section);
  return { ...withPolicy(workspace, api, around), fragments: new Map([...workspace.fragments, [FRAGMENT, fragment]]) };
}

function withPolicy(workspace: Workspace, api: WorkspaceApi, policy: PolicyDocument): Workspace {
  return { ...workspace, apis: [{ ...api, policy }] };
}

/** Everything at the top level under one root that the file does not have. */
function rooted(document: PolicyDocument, kind: 'policies' | 'fragment'): PolicyDocument {
  const [first] = document.elements;
  if (!first) return document;
  const root: XmlElement = { ...first, name: kind, attributes: [], children: document.nodes };
  return { ...document, kind, nodes: [root], elements: [root] };
}

/** The variable that an expression's value goes to. */
export const VALUE = 'the-value';

function expressionWorkspace(workspace: Workspace, expression: string, section: SectionName): Workspace {
  const code = /^\s*@[({]/.test(expression) ? expression.trim() : `@(${expression})`;
  const policy = documentAround(`<set-variable name="${VALUE}" value="${code}" />`, section, true);
  const [api] = workspace.apis;
  const lone = workspace.apis.find(({ operations }) => operations.every(({ isCatchAll }) => isCatchAll)) ?? api;
  const apis = lone ? [{ ...lone, policy, info: { ...lone.info, path: '' }, operations: everything(lone) }] : [];
  // Nothing of the directory runs: what is wrong with its documents is the concern of other tests.
  return { ...workspace, globalPolicy: undefined, products: [], apis, idleSpaces: [], fragments: new Map(), problems: [] };
}

/** Of methods that it declares itself, what it says about them. */
function everything({ operations }: WorkspaceApi): WorkspaceApi['operations'] {
  return catchAll().map((one) => {
    const known = operations.find(({ isCatchAll, info }) => isCatchAll && info.method === one.info.method);
    return known ? { ...one, info: known.info } : one;
  });
}

/** A document that runs these policies in a section; on-error gets an error to handle. */
function documentAround(policies: string, section: SectionName, stops = false): PolicyDocument {
  const inbound = section === 'inbound' ? `${policies}${stops ? '<return-response />' : ''}` : section === 'on-error' ? FAILING : '';
  const backend = section === 'backend' ? `${policies}<forward-request />` : '<forward-request />';
  const text = `<policies><inbound>${inbound}</inbound><backend>${backend}</backend><outbound>${section === 'outbound' ? policies : ''}</outbound><on-error>${section === 'on-error' ? policies : ''}</on-error></policies>`;
  return readDocument(text, '<test>').document;
}

const FAILING = '<set-variable name="the-error" value="@{ throw new Exception("the error that on-error handles"); }" />';
