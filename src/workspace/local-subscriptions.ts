/** `users` and `subscriptions` of portico.yaml. */
import type { UserInfo } from '../exchange/entities.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import type { SubscriptionScope, WorkspaceSubscription } from './model.ts';

/** A subscription of portico.yaml, which may complete an exported one. */
export interface LocalSubscription extends WorkspaceSubscription {
  readonly saysName: boolean;
  readonly saysScope: boolean;
  /** Where they are said, for messages. */
  readonly scopeEntry: Entry;
  readonly idEntry: Entry;
  readonly keyEntries: readonly [primary: Entry, secondary: Entry];
  readonly saysState: boolean;
  readonly saysTracing: boolean;
}

/** By id. */
export function readUsers(list: Entry): ReadonlyMap<string, UserInfo> {
  const taken = new Set<string>();
  const users = list.items().map((entry): UserInfo => {
    entry.onlyMembers(['id', 'email', 'first-name', 'last-name', 'note', 'registration-date', 'groups', 'identities']);
    const id = entry.get('id').requiredText() ?? '';
    if (id !== '' && taken.has(id)) entry.get('id').report(faults.sameName('user', id));
    taken.add(id);
    return {
      id,
      email: entry.get('email').text() ?? '',
      firstName: entry.get('first-name').text() ?? '',
      lastName: entry.get('last-name').text() ?? '',
      note: entry.get('note').text() ?? null,
      registrationDate: entry.get('registration-date').date() ?? '2026-01-01T00:00:00Z',
      groups: entry
        .get('groups')
        .texts()
        .map((name) => ({ id: name, name })),
      identities: entry.get('identities').items().map(readIdentity),
    };
  });
  return new Map(users.map((user) => [user.id, user]));
}

function readIdentity(entry: Entry): UserInfo['identities'][number] {
  entry.onlyMembers(['id', 'provider']);
  return { id: entry.get('id').requiredText() ?? '', provider: entry.get('provider').requiredText() ?? '' };
}

/** As the management API spells them, in lower case. */
export const SUBSCRIPTION_STATES = ['active', 'suspended', 'submitted', 'rejected', 'cancelled', 'expired'] as const;

/** Empty for an entry without id, key or scope, which is reported. */
export function readSubscription(entry: Entry, users: ReadonlyMap<string, UserInfo>): LocalSubscription[] {
  entry.onlyMembers(['id', 'name', 'primary-key', 'secondary-key', 'scope', 'state', 'user', 'created', 'start', 'end', 'allow-tracing']);
  const id = entry.get('id').requiredText();
  const primaryKey = entry.get('primary-key').requiredText();
  // A caller's empty header would be a key, too: it opens nothing.
  if (primaryKey === '') entry.get('primary-key').report(faults.wrongType(entry.get('primary-key').name, 'a text that is not empty'));
  const scope = scopeOf(entry.get('scope'));
  const userId = entry.get('user').text();
  if (userId !== undefined && !users.has(userId)) entry.get('user').report(faults.danglingReference('user', userId));
  if (id === undefined || primaryKey === undefined || scope === undefined) return [];
  const info = {
    id,
    name: entry.get('name').text() ?? id,
    key: primaryKey,
    primaryKey,
    secondaryKey: entry.get('secondary-key').text() ?? '',
    createdDate: entry.get('created').date() ?? '2026-01-01T00:00:00Z',
    startDate: entry.get('start').date() ?? null,
    endDate: entry.get('end').date() ?? null,
  };
  return [
    {
      info,
      state: entry.get('state').choice(SUBSCRIPTION_STATES) ?? 'active',
      scope,
      user: userId === undefined ? undefined : users.get(userId),
      allowsTracing: entry.get('allow-tracing').boolean() ?? false,
      saysTracing: entry.get('allow-tracing').exists,
      saysName: entry.get('name').exists,
      saysScope: entry.get('scope').exists,
      scopeEntry: entry.get('scope'),
      idEntry: entry.get('id'),
      keyEntries: [entry.get('primary-key'), entry.get('secondary-key')],
      saysState: entry.get('state').exists,
    },
  ];
}

/**
 * `/apis`, `/apis/orders`, `/products/gold`, behind `/workspaces/<workspace>` where one owns them, or the same as full resource
 * ids; nothing and the service itself mean everything. `workspace`: whose subscription it is.
 */
export function scopeOf(entry: Entry, workspace?: string): SubscriptionScope | undefined {
  const text = entry.text()?.replace(/^.*\/service\/[^/]*/i, '');
  const named = /(?:^|\/)workspaces\/([^/]+)/i.exec(text ?? '')?.[1] ?? workspace;
  const where = named === undefined ? {} : { workspace: named };
  const rest = text?.replace(/^\/?workspaces\/[^/]+/i, '');
  if (rest === undefined || /^\/?(?:apis\/?)?$/i.test(rest)) return { kind: 'all', ...where };
  const match = /(?:^|\/)(apis|products)\/([^/]+)$/i.exec(rest);
  if (!match) {
    entry.report(faults.wrongType(entry.name, '`/apis`, `/apis/<api>` or `/products/<product>`'));
    return undefined;
  }
  const [, collection = '', name = ''] = match;
  return collection.toLowerCase() === 'apis'
    ? { kind: 'api', id: name.split(';rev=')[0] ?? name, ...where }
    : { kind: 'product', id: name, ...where };
}
