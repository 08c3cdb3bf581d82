/**
 * Stored completions of one partition: an index with the vectors, and each answer under a key of its own, so that a lookup
 * moves no answers but the one it gives back. Two gateways that store at once may lose one of both entries, which is a miss.
 */
import { Body } from '../../../exchange/body.ts';
import type { Exchange } from '../../../exchange/exchange.ts';
import { Headers, sameName } from '../../../exchange/headers.ts';
import { GatewayResponse } from '../../../exchange/message.ts';
import { bytesOfVector, cosineDistance, vectorOfBytes } from './vectors.ts';

/** A prompt as a vector; vectors of different models are not comparable. */
export interface Embedding {
  readonly model: string;
  readonly vector: Float32Array;
}

/** One line of the index. */
interface Entry {
  readonly id: string;
  readonly model: string;
  /** 32 bit floats. */
  readonly vector: Uint8Array;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

interface Answer {
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
export async function closest(key: SemanticKey, exchange: Exchange): Promise<{ id: string; distance: number } | undefined> {
  let best: { id: string; distance: number } | undefined;
  for (const { id, model, vector } of await entriesOf(key.partition, exchange)) {
    if (model !== key.embedding.model) continue;
    const distance = cosineDistance(vectorOfBytes(vector), key.embedding.vector);
    if (distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { id, distance };
  }
  return best;
}

/** The answer of an entry; undefined when the cache has dropped it. */
export async function answerOf(id: string, exchange: Exchange): Promise<GatewayResponse | undefined> {
  const { hit, value } = await exchange.host.cache.get(KIND, answerKey(id));
  if (!hit) return undefined;
  const { status, reason, headers, body } = value as Answer;
  return new GatewayResponse(status, reason, new Headers(headers), new Body(body));
}

function answerKey(id: string): string {
  return `semantic-answer:${id}`;
}

/** Keeps the response for so many seconds; cookies are one caller's own and are left out. */
export async function keep(
  { partition, embedding }: SemanticKey,
  response: GatewayResponse,
  body: Uint8Array,
  seconds: number,
  exchange: Exchange,
): Promise<void> {
  const { host } = exchange;
  const now = host.now();
  const id = host.newGuid();
  const { status, reason } = response;
  const answer: Answer = { status, reason, headers: withoutCookies(response.headers), body };
  await host.cache.set(KIND, answerKey(id), answer, seconds);
  const added: Entry = { id, model: embedding.model, vector: bytesOfVector(embedding.vector), endsAt: now + seconds * 1000 };
  const entries = [...(await entriesOf(partition, exchange)), added].slice(-MOST_ENTRIES);
  const longest = Math.max(...entries.map(({ endsAt }) => endsAt));
  await host.cache.set(KIND, partition, entries, Math.ceil((longest - now) / 1000));
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
