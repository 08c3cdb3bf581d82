/** What `portico run` says once beside its address. */
import type { Gateway } from '../gateway/gateway.ts';
import { policyDocuments } from '../workspace/documents.ts';
import type { Workspace, WorkspaceApi } from '../workspace/model.ts';

export function runNotes({ address, opsAddress, engine }: Gateway): string {
  const operations = opsAddress === undefined ? '' : `  probes, metrics and traces on ${opsAddress}\n`;
  return operations + keysNote(engine.workspace) + backendNote(engine.workspace) + loopNote(engine.workspace, address);
}

/** Policies that choose a backend or answer themselves. */
const ELSEWHERE = /<(?:set-backend-service|return-response|mock-response|invoke-request)\b/;

/** A document alone names no backend: where its policies do not, either, all that anybody would see is 500. */
export function backendNote(workspace: Workspace): string {
  const [api] = workspace.apis;
  if (!api || workspace.apis.length > 1 || !api.operations.every(({ isCatchAll }) => isCatchAll)) return '';
  if (api.info.serviceUrl !== null || api.backendId !== undefined || (api.kind ?? 'http') !== 'http') return '';
  if (policyDocuments(workspace).some(({ file }) => ELSEWHERE.test(file.text))) return '';
  return '  no backend is named: forwarded calls answer 500 until `--backend URL`, or `backend` in portico.yaml, names one\n';
}

/** An export holds no keys: where nobody gave one, all that anybody would see is 401. */
export function keysNote({ apis, subscriptions }: Pick<Workspace, 'apis' | 'subscriptions'>): string {
  const needsKey = apis.some(({ subscriptionRequired }) => subscriptionRequired);
  const hasKey = subscriptions.some(({ info }) => info.primaryKey !== '' || info.secondaryKey !== '');
  if (!needsKey || hasKey) return '';
  const id = subscriptions[0]?.info.id ?? 'local';
  return `  no subscription has a key here: APIs that need one answer 401 until portico.yaml has \`subscriptions: [{ id: ${id}, primary-key: "…" }]\`\n`;
}

const THIS_MACHINE: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '0.0.0.0', '[::1]', '[::]']);

/** 8080 is the port of many a backend, too. */
export function loopNote({ apis }: Workspace, address: string): string {
  const own = new URL(address);
  const isOwn = ({ info: { serviceUrl } }: WorkspaceApi) => {
    if (serviceUrl === null) return false;
    const { hostname, port } = new URL(serviceUrl.origin);
    return port === own.port && (hostname === own.hostname || (THIS_MACHINE.has(hostname) && THIS_MACHINE.has(own.hostname)));
  };
  // Below a path of its own an API may well call another one.
  const api = apis.find((one) => one.info.path === '' && isOwn(one));
  if (!api?.info.serviceUrl) return '';
  return `  the backend ${api.info.serviceUrl.origin} is this gateway itself: calls come back to it; choose another --port, or another backend\n`;
}
