/** APIs that define no operations of their own: GraphQL, WebSocket, MCP and A2A have fixed ones (gateway-model, section 14). */
import type { ApiInfo } from '../exchange/entities.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { Url } from '../exchange/url.ts';
import { rewriteCard } from './agent-card.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import { hasTools } from './mcp/tools.ts';
import type { ApiKind, WorkspaceOperation } from './model.ts';
import { lastSegment, type Resource } from './resources.ts';

export interface SpecialApi {
  readonly info: ApiInfo;
  readonly operations: readonly WorkspaceOperation[];
  readonly backendId?: string;
}

/** Undefined for kinds whose operations are declared. */
export function specialApi(
  kind: ApiKind,
  info: ApiInfo,
  facts: Entry | undefined,
  root: Resource,
  isKeyAsked: boolean,
): SpecialApi | undefined {
  switch (kind) {
    case 'graphql':
      return { info, operations: [system('graphql-post', 'POST', '/'), system('graphql-get', 'GET', '/')] };
    case 'websocket':
      return { info, operations: [system('onHandshake', 'GET', '/*')] };
    case 'mcp':
      return mcp(info, facts, root);
    case 'a2a':
      return agent(info, facts, isKeyAsked);
    default:
      return undefined;
  }
}

function system(id: string, method: string, urlTemplate: string, more: Partial<WorkspaceOperation> = {}): WorkspaceOperation {
  return { info: { id, method, name: id, urlTemplate }, policy: undefined, ...more };
}

/** Streamable HTTP: POST carries calls, GET opens the stream, DELETE ends the session. */
const MCP_METHODS = ['POST', 'GET', 'DELETE'] as const;

/** Exactly one of an existing server (`backendId`, or `serviceUrl` in later exports) and tools (operations of other APIs). */
function mcp(info: ApiInfo, facts: Entry | undefined, root: Resource): SpecialApi {
  const backend = facts?.get('backendId').text();
  const resource = root.find('apis', info.id);
  const isServer = backend !== undefined || Boolean(facts?.get('serviceUrl').exists);
  if (facts && isServer === (resource !== undefined && hasTools(resource))) facts.report(faults.mcpNeedsOne());
  const own = resource?.all('operations')[0];
  own?.facts?.report(faults.mcpOperation());
  const templates = endpointsOf(facts);
  const operations = templates.flatMap((template) =>
    MCP_METHODS.map((method) => system(`${method.toLowerCase()}-mcp`, method, template, wholeUrl(info.serviceUrl, template))),
  );
  return { info, operations, ...(backend === undefined ? {} : { backendId: lastSegment(backend) }) };
}

/** A service URL that names the endpoint itself is not asked for `/mcp/mcp` (inferred). */
function wholeUrl(url: Url | null, template: string): Partial<WorkspaceOperation> {
  return url?.path.replace(/\/+$/, '').endsWith(template) ? { target: url } : {};
}

function endpointsOf(facts: Entry | undefined): string[] {
  const endpoints = facts?.get('mcpProperties').get('endpoints');
  const templates = (endpoints?.exists ? endpoints.members() : []).flatMap(([, endpoint]) => endpoint.get('uriTemplate').text() ?? []);
  return templates.length > 0 ? templates : ['/mcp'];
}

/** The agent card is fetched from its own URL, and rewritten; JSON-RPC calls go to another. */
function agent(info: ApiInfo, facts: Entry | undefined, isKeyAsked: boolean): SpecialApi {
  const card = facts?.get('a2aProperties');
  const rpc = facts?.get('jsonRpcProperties');
  const cardUrl = urlOf(card?.get('agentCardBackendUrl'));
  const rpcUrl = urlOf(rpc?.get('backendUrl')) ?? info.serviceUrl ?? undefined;
  const cardPath = absolutePath(card?.get('agentCardPath').text() ?? '/.well-known/agent-card.json');
  const rpcPath = absolutePath(rpc?.get('path').text() ?? '/');
  const keyNames = isKeyAsked ? info.subscriptionKeyParameterNames : undefined;
  const onAnswer = (exchange: Exchange) => rewriteCard(exchange, { cardPath, rpcPath, keyNames });
  return {
    info,
    operations: [
      system('agent-card', 'GET', cardPath, { onAnswer, ...(cardUrl ? { target: cardUrl } : {}) }),
      system('json-rpc', 'POST', rpcPath, rpcUrl ? { target: rpcUrl } : {}),
    ],
  };
}

function absolutePath(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

function urlOf(entry: Entry | undefined): Url | undefined {
  const text = entry?.text();
  if (!entry || text === undefined) return undefined;
  const url = Url.parse(text);
  if (!url) entry.report(faults.badUrl(entry.name, text));
  return url ?? undefined;
}
