/** Tools of MCP APIs as a directory lists them, and the operations of other APIs that they name (gateway-model, section 14). */
import { nearestName } from '../../source/nearest.ts';
import type { Entry } from '../config-file.ts';
import * as faults from '../faults.ts';
import type { WorkspaceApi, WorkspaceOperation, WorkspaceTool } from '../model.ts';
import { normalizeOperationId } from '../openapi.ts';
import type { Resource } from '../resources.ts';

/** Letters, digits, `_` and `-`, as the service demands of tool names. */
const NAME = /^[\w-]{1,300}$/;
const LONGEST_DESCRIPTION = 1000;

/** Fills in the tools of all MCP APIs of one instance or workspace; whatever is wrong with them is reported. */
export function withTools(apis: readonly WorkspaceApi[], root: Resource): WorkspaceApi[] {
  return apis.map((api) => {
    const resource = api.kind === 'mcp' && api.backendId === undefined ? root.find('apis', api.folder ?? api.info.id) : undefined;
    if (!resource || !hasTools(resource)) return api;
    return { ...api, tools: toolsOf(resource, apis) };
  });
}

/** In `mcpTools`, or as resources of their own (`apis/<api>/tools/<tool>`). */
export function hasTools(resource: Resource): boolean {
  return (resource.facts?.get('mcpTools').exists ?? false) || resource.all('tools').length > 0;
}

function toolsOf(resource: Resource, apis: readonly WorkspaceApi[]): WorkspaceTool[] {
  const listed = (resource.facts?.get('mcpTools').items() ?? []).map((entry) => ({ entry, name: entry.get('name') }));
  const parts = resource.all('tools').flatMap(({ facts }) => (facts ? [{ entry: facts, name: facts.get('displayName') }] : []));
  const known = new Set<string>();
  return [...listed, ...parts].flatMap(({ entry, name }) => {
    const tool = toolOf(entry, name, apis);
    if (!tool) return [];
    if (known.has(tool.name)) name.report(faults.sameTool(tool.name));
    known.add(tool.name);
    return [tool];
  });
}

function toolOf(entry: Entry, nameEntry: Entry, apis: readonly WorkspaceApi[]): WorkspaceTool | undefined {
  const name = nameEntry.requiredText();
  if (name !== undefined && !NAME.test(name)) nameEntry.report(faults.toolName(name));
  const description = entry.get('description').text();
  if (description !== undefined && description.length > LONGEST_DESCRIPTION)
    entry.get('description').report(faults.toolDescription(description.length));
  const found = operationOf(entry.get('operationId'), apis);
  return name === undefined || !found ? undefined : { name, description, ...found };
}

/** `/apis/{api}/operations/{operation}`, also at the end of a full resource id. */
const REFERENCE = /(?:^|\/)apis\/([^/]+)\/operations\/([^/]+)\/?$/i;

function operationOf(entry: Entry, apis: readonly WorkspaceApi[]): Pick<WorkspaceTool, 'api' | 'operation'> | undefined {
  const text = entry.requiredText();
  if (text === undefined) return undefined;
  const [, apiName = '', operationName = ''] = REFERENCE.exec(text) ?? [];
  if (apiName === '') return void entry.report(faults.toolReference(text));
  const api = apiOf(apiName, apis);
  if (!api) {
    const names = apis.filter((one) => one.kind !== 'mcp').map(({ info }) => info.id);
    return void entry.report(faults.toolApi(apiName, nearestName(apiName, names)));
  }
  if (api.kind !== 'http' && api.kind !== undefined) return void entry.report(faults.toolKind(apiName, api.kind));
  const operation = findOperation(operationName, api.operations);
  if (operation) return { api, operation };
  const names = api.operations.map(({ info }) => info.id);
  return void entry.report(faults.toolOperation(operationName, apiName, nearestName(operationName, names)));
}

/** The revision that is named, else the current one. */
function apiOf(name: string, apis: readonly WorkspaceApi[]): WorkspaceApi | undefined {
  const wanted = name.toLowerCase();
  const folder = apis.find((api) => api.folder?.toLowerCase() === wanted);
  if (wanted.includes(';rev=')) return folder;
  return apis.find(({ info }) => info.id.toLowerCase() === wanted && info.isCurrentRevision) ?? folder;
}

function findOperation(name: string, operations: readonly WorkspaceOperation[]): WorkspaceOperation | undefined {
  const wanted = name.toLowerCase();
  const normal = normalizeOperationId(name);
  return (
    operations.find(({ info }) => info.id.toLowerCase() === wanted) ??
    operations.find(({ info }) => normalizeOperationId(info.id) === normal)
  );
}
