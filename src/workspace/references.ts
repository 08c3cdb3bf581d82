/** Names that products and subscriptions speak of: resource names ignore case, and one that leads nowhere is told. */
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import type { LocalSubscription } from './local-subscriptions.ts';
import type { SubscriptionScope, WorkspaceApi, WorkspaceProduct, WorkspaceSpace } from './model.ts';
import { linkedName, type Resource } from './resources.ts';

/** The ids of a product's APIs, spelled as those are. A partial export names APIs that it does not hold: a warning. */
export function linkedApis(product: Resource, apis: readonly WorkspaceApi[]): Set<string> {
  const known = new Map(apis.map(({ info }) => [info.id.toLowerCase(), info.id]));
  const ids = product.all('apis').map((link) => {
    const wanted = linkedName(link, 'apiId');
    const id = known.get(wanted.toLowerCase());
    if (id === undefined) (link.facts ?? product.facts)?.report({ ...faults.danglingReference('API', wanted), severity: 'warning' });
    return id ?? wanted;
  });
  return new Set(ids);
}

/** An API is open to callers without a key through one product at most (gateway-model, section 8.3): the first one counts. */
export function checkOpenProducts(products: readonly WorkspaceProduct[], placeOf: (product: WorkspaceProduct) => Entry | undefined): void {
  const taken = new Map<string, string>();
  for (const product of products) {
    if (product.info.subscriptionRequired) continue;
    for (const api of product.apiIds) {
      const key = `${product.space?.id ?? ''}/${api}`;
      const other = taken.get(key);
      if (other !== undefined) placeOf(product)?.report(faults.twoOpenProducts(api, other));
      else taken.set(key, product.info.id);
    }
  }
}

export interface Known {
  readonly apis: readonly WorkspaceApi[];
  readonly products: readonly WorkspaceProduct[];
}

/**
 * The scope with names spelled as those of API or product and workspace are. What the instance does not have may be a workspace's.
 * A key that opens nothing does no harm: a warning.
 */
export function knownScope(scope: SubscriptionScope, place: Entry, { apis, products }: Known): SubscriptionScope {
  if (scope.kind === 'all') return scope;
  const { kind, id, workspace } = scope;
  const all: readonly { readonly info: { readonly id: string }; readonly space?: WorkspaceSpace }[] = kind === 'api' ? apis : products;
  const named = all.filter(({ info }) => info.id.toLowerCase() === id.toLowerCase());
  const own = named.find(({ space }) => space?.id.toLowerCase() === workspace?.toLowerCase());
  const found = own ?? (workspace === undefined ? named[0] : undefined);
  if (!found) place.report({ ...faults.danglingReference(kind === 'api' ? 'API' : 'product', id), severity: 'warning' });
  return found ? { kind, id: found.info.id, ...(found.space ? { workspace: found.space.id } : {}) } : scope;
}

/** A subscription is one, and a key is of one subscription alone. */
export function checkKeys(subscriptions: readonly LocalSubscription[]): void {
  const ids = new Set<string>();
  const owners = new Map<string, string>();
  for (const { info, idEntry, keyEntries } of subscriptions) {
    const id = info.id.toLowerCase();
    if (ids.has(id)) idEntry.report(faults.sameName('subscription', info.id));
    ids.add(id);
    for (const [at, key] of [info.primaryKey, info.secondaryKey].entries()) {
      const owner = owners.get(key);
      if (owner !== undefined && owner !== info.id) keyEntries[at === 0 ? 0 : 1].report(faults.sameKey(owner));
      if (key !== '') owners.set(key, info.id);
    }
  }
}
