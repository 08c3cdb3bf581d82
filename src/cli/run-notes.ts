/** What `portico run` says once beside its address. */
import type { Gateway } from '../gateway/gateway.ts';
import type { Workspace } from '../workspace/model.ts';

export function runNotes({ opsAddress, engine }: Gateway): string {
  const operations = opsAddress === undefined ? '' : `  probes, metrics and traces on ${opsAddress}\n`;
  return operations + keysNote(engine.workspace);
}

/** An export holds no keys: where nobody gave one, all that anybody would see is 401. */
export function keysNote({ apis, subscriptions }: Pick<Workspace, 'apis' | 'subscriptions'>): string {
  const needsKey = apis.some(({ subscriptionRequired }) => subscriptionRequired);
  const hasKey = subscriptions.some(({ info }) => info.primaryKey !== '' || info.secondaryKey !== '');
  if (!needsKey || hasKey) return '';
  const id = subscriptions[0]?.info.id ?? 'local';
  return `  no subscription has a key here: APIs that need one answer 401 until portico.yaml has \`subscriptions: [{ id: ${id}, primary-key: "…" }]\`\n`;
}
