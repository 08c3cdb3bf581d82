import type { Exchange } from '../exchange/exchange.ts';
import type { GatewayResponse } from '../exchange/message.ts';
import { concatenated } from '../host/bytes.ts';
import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, INT, optional, type PolicyDefinition, required } from './definition.ts';
import { NO_INTERNAL_CACHE } from './shared/caching.ts';
import { needed } from './shared/inputs.ts';
import { type CachedResponse, type CachePlan, LARGEST_RESPONSE, planOf, writeDownstream } from './shared/response-cache.ts';
import type { Step } from './step.ts';

/** `<cache-store>`: keeps the response as it stands here, under the key of the call's cache-lookup. */
export const cacheStore: PolicyDefinition = {
  name: 'cache-store',
  summary: 'Stores the response under the key that cache-lookup made.',
  page: 'cache-store-policy',
  sections: ['outbound'],
  scopes: ALL_SCOPES,
  differences: NO_INTERNAL_CACHE,
  cardinality: 'once-per-section',
  attributes: [
    required('duration', 'integer', 'Seconds.', INT),
    optional('cache-response', 'boolean', 'Stores whatever the status is; without it only 200 is stored.'),
    optional('caching-mode', 'string', 'Known to the schema alone.', { expressions: false, inert: true }),
  ],
  content: 'empty',
  compile: compileStore,
};

function compileStore(element: PolicyElement): Step {
  const duration = needed(element.number('duration'), 'duration');
  const stores = element.boolean('cache-response');
  return (exchange) => {
    const plan = planOf(exchange);
    const { response } = exchange;
    if (!plan || plan.isHit || !response) return undefined;
    const seconds = Math.trunc(duration.read(exchange));
    const isStored = seconds > 0 && (stores ? stores.read(exchange) : response.status === 200);
    if (isStored) tell(exchange);
    const stored = isStored ? store(response, plan, seconds, exchange) : undefined;
    // Without an entry there is nothing to tell how long it may be kept.
    if (isStored || plan.downstream === 'none') writeDownstream(response.headers, plan, seconds);
    return stored?.then(() => undefined);
  };
}

/** The text of the service's traces. */
function tell(exchange: Exchange): void {
  const message = 'Response will be buffered during streaming and stored in the cache after it is received in full.';
  if (exchange.listener)
    exchange.emit({ kind: 'message', step: exchange.current, source: 'cache-store', severity: 'information', message });
}

/** At once when the body is in memory, else when it has passed to the caller as a whole. A cache that fails is none. */
function store(response: GatewayResponse, plan: CachePlan, seconds: number, exchange: Exchange): Promise<void> | undefined {
  const { status, reason, body } = response;
  const headers = [...response.headers.toWire()];
  const keep = (bytes: Uint8Array): void | Promise<void> => {
    if (bytes.length > LARGEST_RESPONSE) return;
    const entry: CachedResponse = { status, reason, headers, body: bytes, endsAt: exchange.host.now() + seconds * 1000 };
    return exchange.host.cache.set(plan.kind, plan.key, entry, seconds);
  };
  if (body.isBuffered) return keep(body.bytes()) || undefined;
  body.pipe((stream) => kept(stream, keep));
  return undefined;
}

/** Hands the chunks on and keeps a copy until it is larger than a cached response may be. */
async function* kept(stream: AsyncIterable<Uint8Array>, keep: (bytes: Uint8Array) => void | Promise<void>) {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size <= LARGEST_RESPONSE) chunks.push(chunk);
    else chunks.length = 0;
    yield chunk;
  }
  if (size <= LARGEST_RESPONSE) await keep(concatenated(chunks));
}
