/** Who calls: subscription key, product, user (gateway-model, section 8). */
import type { ProductInfo, SubscriptionInfo, UserInfo } from '../exchange/entities.ts';
import type { Host } from '../host/host.ts';
import type { SubscriptionScope, WorkspaceApi, WorkspaceProduct, WorkspaceSubscription } from './model.ts';

export type CallerDecision =
  | {
      readonly ok: true;
      readonly product: ProductInfo | null;
      readonly subscription: SubscriptionInfo | null;
      readonly user: UserInfo | null;
    }
  | { readonly ok: false; readonly reason: 'SubscriptionKeyNotFound' | 'SubscriptionKeyInvalid' };

export interface Callers {
  /** `key` is undefined when the call carries none. */
  decide(api: WorkspaceApi, key: string | undefined): CallerDecision;
}

interface KnownKey {
  readonly digest: Uint8Array;
  readonly key: string;
  readonly subscription: WorkspaceSubscription;
}

export function createCallers(
  subscriptions: readonly WorkspaceSubscription[],
  products: readonly WorkspaceProduct[],
  { crypto, randomBytes }: Pick<Host, 'crypto' | 'randomBytes'>,
): Callers {
  const secret = randomBytes(32);
  const digest = (key: string) => crypto.hmac('sha256', secret, new TextEncoder().encode(key));
  const known = new Map<string, KnownKey>();
  for (const subscription of subscriptions) {
    for (const key of [subscription.info.primaryKey, subscription.info.secondaryKey]) {
      if (key !== '') known.set(textOf(digest(key)), { digest: digest(key), key, subscription });
    }
  }
  const has = ({ apiIds, space }: WorkspaceProduct, api: WorkspaceApi) => apiIds.has(api.info.id) && space === api.space;
  const open = (api: WorkspaceApi) => products.find((product) => !product.info.subscriptionRequired && has(product, api));

  /**
   * Keys are looked up by a digest under a secret of this engine, so that no caller can choose what is compared with what,
   * and the find is compared in constant time: timing tells nothing, and many keys cost as much as few.
   */
  const find = (key: string): KnownKey | undefined => {
    const wanted = digest(key);
    const found = known.get(textOf(wanted));
    return found && crypto.timingSafeEqual(found.digest, wanted) ? found : undefined;
  };

  /** Start, end and expiration dates are for audits: Azure opens and closes a subscription by its state alone. */
  const withKey = (api: WorkspaceApi, key: string): CallerDecision => {
    const match = find(key);
    if (match?.subscription.state !== 'active') return { ok: false, reason: 'SubscriptionKeyInvalid' };
    const { scope, info, user } = match.subscription;
    const product = scope.kind === 'product' ? products.find((one) => one.info.id === scope.id && has(one, api)) : undefined;
    if (!isInside(scope, api) || (scope.kind === 'product' && !product) || (scope.kind === 'api' && scope.id !== api.info.id))
      return { ok: false, reason: 'SubscriptionKeyInvalid' };
    return { ok: true, product: product?.info ?? null, subscription: { ...info, key: match.key }, user: user ?? null };
  };

  return {
    decide: (api, key) => {
      if (key !== undefined) return withKey(api, key);
      const product = open(api);
      if (product) return { ok: true, product: product.info, subscription: null, user: null };
      if (!api.subscriptionRequired) return { ok: true, product: null, subscription: null, user: null };
      return { ok: false, reason: 'SubscriptionKeyNotFound' };
    },
  };
}

/** One of a workspace opens nothing outside of it; one of the instance opens a workspace's APIs only as all of them. */
function isInside({ kind, workspace }: SubscriptionScope, { space }: WorkspaceApi): boolean {
  return workspace === undefined ? kind === 'all' || space === undefined : space?.id.toLowerCase() === workspace.toLowerCase();
}

function textOf(digest: Uint8Array): string {
  return String.fromCharCode(...digest);
}
