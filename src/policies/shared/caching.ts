import type { Exchange } from '../../exchange/exchange.ts';
import { GatewayResponse } from '../../exchange/message.ts';
import { NotStorable, restoredValue, storedValue } from '../../exchange/stored-value.ts';
import type { CacheAnswer } from '../../host/host.ts';
import { type AttributeDeclaration, optional } from '../definition.ts';
import { after } from './after.ts';

/** Gateways without a cache of their own (gateway-model, section 15). */
export const NO_INTERNAL_CACHE = {
  consumption: 'without an external cache nothing is kept there: it has no cache of its own',
  'self-hosted': 'without an external cache nothing is kept there: it has no cache of its own',
  workspace: 'it has no external cache: `external` keeps nothing there',
} as const;

export type CachingType = 'prefer-external' | 'external' | 'internal';

export const CACHING_TYPE: AttributeDeclaration = optional('caching-type', 'enum', 'Which cache.', {
  values: ['prefer-external', 'external', 'internal'],
  default: 'prefer-external',
  expressions: false,
});

export function cachingType(literal: string | undefined): CachingType {
  return literal === 'external' || literal === 'internal' ? literal : 'prefer-external';
}

/** Value entries and response entries share a store and must not collide. */
export function valueKey(key: string | null): string {
  return `value:${key ?? ''}`;
}

/** Keeps a value as it is now; later changes of the object do not reach the cache. One that has no lasting form is not kept, and the log says so. */
export function storeValue(exchange: Exchange, kind: CachingType, key: string, value: unknown, seconds: number): void | Promise<void> {
  const isStream = value instanceof GatewayResponse && !value.body.isBuffered;
  return after(isStream ? value.body.buffer(exchange.settings.bodyLimit) : undefined, () => {
    const stored = lasting(exchange, value);
    return stored === undefined ? undefined : exchange.host.cache.set(kind, key, stored, seconds);
  });
}

function lasting(exchange: Exchange, value: unknown): unknown {
  try {
    return storedValue(value, exchange.types);
  } catch (error) {
    if (!(error instanceof NotStorable)) throw error;
    exchange.host.log('warn', 'a value cannot be kept in a cache', { policy: exchange.current?.policy, type: error.message });
    return undefined;
  }
}

/** A value as it was stored, with its type. */
export function lookUpValue(exchange: Exchange, kind: CachingType, key: string): CacheAnswer | Promise<CacheAnswer> {
  return after(exchange.host.cache.get(kind, key), (answer) =>
    answer.hit ? { hit: true, value: restoredValue(answer.value, exchange.types) } : answer,
  );
}
