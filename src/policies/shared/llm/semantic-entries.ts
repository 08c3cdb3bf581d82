/** Stored completions of one partition, kept together in the value cache. */
import { Body } from '../../../exchange/body.ts';
import type { Exchange } from '../../../exchange/exchange.ts';
import { Headers, sameName } from '../../../exchange/headers.ts';
import { GatewayResponse } from '../../../exchange/message.ts';
import { cosineDistance } from './vectors.ts';

/** A prompt as a vector; vectors of different models are not comparable. */
export interface Embedding {
  readonly model: string;
  readonly vector: readonly number[];
}

interface Entry extends Embedding {
  /** Milliseconds since 1970. */
  readonly endsAt: number;
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

/** What a lookup leaves for the store of the same call. */
export interface SemanticKey {
  readonly partition: string;
  readonly embedding: Embedding;
}

/** Completions that a partition keeps; the oldest go first. */
const MOST_ENTRIES = 200;
const KIND = 'prefer-external';

async function entriesOf(partition: string, exchange: Exchange): Promise<readonly Entry[]> {
  const { hit, value } = await exchange.host.cache.get(KIND, partition);
  const now = exchange.host.now();
  return hit && Array.isArray(value) ? (value as readonly Entry[]).filter(({ endsAt }) => endsAt > now) : [];
}

/** The closest completion and how far it is; undefined when there is none to compare with. */
export async function closest(key: SemanticKey, exchange: Exchange): Promise<{ entry: Entry; distance: number } | undefined> {
  let best: { entry: Entry; distance: number } | undefined;
  for (const entry of await entriesOf(key.partition, exchange)) {
    if (entry.model !== key.embedding.model) continue;
    const distance = cosineDistance(entry.vector, key.embedding.vector);
    if (distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { entry, distance };
  }
  return best;
}

export function restored({ status, reason, headers, body }: Entry): GatewayResponse {
  return new GatewayResponse(status, reason, new Headers(headers), new Body(body));
}

/** Keeps the response for so many seconds; cookies are one caller's own and are left out. */
export async function keep(
  key: SemanticKey,
  response: GatewayResponse,
  body: Uint8Array,
  seconds: number,
  exchange: Exchange,
): Promise<void> {
  const now = exchange.host.now();
  const others = await entriesOf(key.partition, exchange);
  const { status, reason } = response;
  const added: Entry = { ...key.embedding, endsAt: now + seconds * 1000, status, reason, headers: withoutCookies(response.headers), body };
  const entries = [...others, added].slice(-MOST_ENTRIES);
  const longest = Math.max(...entries.map(({ endsAt }) => endsAt));
  await exchange.host.cache.set(KIND, key.partition, entries, Math.ceil((longest - now) / 1000));
}

function withoutCookies(headers: Headers): string[] {
  const wire = headers.toWire();
  const kept: string[] = [];
  for (let at = 0; at < wire.length; at += 2) {
    const name = wire[at] ?? '';
    if (!sameName(name, 'Set-Cookie')) kept.push(name, wire[at + 1] ?? '');
  }
  return kept;
}
