/** Who calls: subscription key, product, user (gateway-model, section 8). */
import type { ProductInfo, SubscriptionInfo, UserInfo } from '../exchange/entities.ts';
import type { HostCrypto } from '../host/host.ts';
import type { WorkspaceApi, WorkspaceProduct, WorkspaceSubscription } from './model.ts';

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
  crypto: HostCrypto,
): Callers {
  const digest = (key: string) => crypto.hash('sha256', new TextEncoder().encode(key));
  const known = subscriptions.flatMap((subscription): KnownKey[] =>
    [subscription.info.primaryKey, subscription.info.secondaryKey]
      .filter((key) => key !== '')
      .map((key) => ({ digest: digest(key), key, subscription })),
  );
  const open = (api: WorkspaceApi) => products.find(({ info, apiIds }) => !info.subscriptionRequired && apiIds.has(api.info.id));

  /** Every key is compared, each in constant time, so that timing tells nothing. */
  const find = (key: string): KnownKey | undefined => {
    const wanted = digest(key);
    let found: KnownKey | undefined;
    for (const candidate of known) if (crypto.timingSafeEqual(candidate.digest, wanted)) found = candidate;
    return found;
  };

  const withKey = (api: WorkspaceApi, key: string): CallerDecision => {
    const match = find(key);
    if (match?.subscription.state !== 'active') return { ok: false, reason: 'SubscriptionKeyInvalid' };
    const { scope, info, user } = match.subscription;
    const product = scope.kind === 'product' ? products.find((one) => one.info.id === scope.id && one.apiIds.has(api.info.id)) : undefined;
    if ((scope.kind === 'product' && !product) || (scope.kind === 'api' && scope.id !== api.info.id))
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
