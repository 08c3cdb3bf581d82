/** What `portico run` says once beside its address. */
import type { Gateway } from '../gateway/gateway.ts';
import { policyDocuments } from '../workspace/documents.ts';
import type { Workspace } from '../workspace/model.ts';

export function runNotes({ opsAddress, engine }: Gateway): string {
  const operations = opsAddress === undefined ? '' : `  probes, metrics and traces on ${opsAddress}\n`;
  return operations + keysNote(engine.workspace) + backendNote(engine.workspace);
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
