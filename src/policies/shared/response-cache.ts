/** What cache-lookup and cache-store share: the key, the entry, and what callers are told about caching. */
import type { Exchange } from '../../exchange/exchange.ts';
import type { Headers } from '../../exchange/headers.ts';
import { queryParts, queryValues } from '../../exchange/query.ts';
import type { CachingType } from './caching.ts';

/** What the lookup of a call decided; its cache-store goes by it. */
export interface CachePlan {
  readonly key: string;
  readonly kind: CachingType;
  readonly downstream: 'none' | 'private' | 'public';
  readonly mustRevalidate: boolean;
  /** Names for Vary. */
  readonly varyHeaders: readonly string[];
  /** The answer came from the cache. */
  readonly isHit: boolean;
}

/** A whole response as kept. */
export interface CachedResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly string[];
  readonly body: Uint8Array;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/** Largest body that is kept (gateway-model, section 10.4). */
export const LARGEST_RESPONSE = 2 * 1024 * 1024;

const PLAN = 'cache-lookup';

export function rememberPlan(exchange: Exchange, plan: CachePlan): void {
  exchange.memory.set(PLAN, plan);
}

/** Undefined when no lookup ran, or it did not apply. */
export function planOf(exchange: Exchange): CachePlan | undefined {
  return exchange.memory.get(PLAN) as CachePlan | undefined;
}

/** What tells entries apart; null for the query means all of it. */
export interface Variations {
  readonly headers: readonly string[];
  readonly query: readonly string[] | null;
  readonly byDeveloper: boolean;
  readonly byGroups: boolean;
}

/** API, operation, paths, query, headers and caller as one text; JSON keeps the parts apart. */
export function responseKey(exchange: Exchange, { headers, query, byDeveloper, byGroups }: Variations): string {
  const { api, operation, request, user } = exchange;
  const parts = [
    [api?.id, api?.revision, operation?.id],
    [request.originalUrl.path, request.path],
    query ? query.map((name) => [name.toLowerCase(), queryValues(request.queryString, name)]) : allOfQuery(request.queryString),
    headers.map((name) => [name.toLowerCase(), request.headers.all(name)]),
    byDeveloper ? (user?.id ?? '') : null,
    byGroups ? (user?.groups ?? []).map(({ id }) => id).sort() : null,
  ];
  return `response:${JSON.stringify(parts)}`;
}

/** Sorted, so that the order of parameters makes no difference; values of one name keep theirs. */
function allOfQuery(queryString: string): readonly (readonly [string, string])[] {
  const pairs = queryParts(queryString).map(({ name, value }) => [name.toLowerCase(), value] as const);
  return pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Tells the caller and what stands between how to cache; `seconds` is how long the entry still lives. */
export function writeDownstream(headers: Headers, plan: CachePlan, seconds: number): void {
  if (plan.downstream === 'none') {
    headers.set('Cache-Control', ['no-store, must-revalidate, no-cache']);
    headers.set('Pragma', ['no-cache']);
    return;
  }
  headers.set('Cache-Control', [`${plan.downstream}, max-age=${seconds}${plan.mustRevalidate ? ', must-revalidate' : ''}`]);
  headers.remove('Pragma');
  const vary = varyOf(headers, plan.varyHeaders);
  if (vary.length > 0) headers.set('Vary', [vary.join(', ')]);
}

/** The backend's own names stay: its answer varies by them, too. */
function varyOf(headers: Headers, names: readonly string[]): readonly string[] {
  const own = (headers.joined('Vary') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const known = new Set(own.map((name) => name.toLowerCase()));
  return [...own, ...names.filter((name) => !known.has(name.toLowerCase()))];
}
