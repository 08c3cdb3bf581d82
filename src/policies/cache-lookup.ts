import { Body } from '../exchange/body.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayResponse, reasonPhrase } from '../exchange/message.ts';
import type { CacheAnswer } from '../host/host.ts';
import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition, required, UNBOUNDED, valueChild } from './definition.ts';
import { CACHING_TYPE, cachingType, NO_INTERNAL_CACHE } from './shared/caching.ts';
import { needed } from './shared/inputs.ts';
import {
  type CachedResponse,
  type CachePlan,
  rememberPlan,
  responseKey,
  type Variations,
  writeDownstream,
} from './shared/response-cache.ts';
import type { Step, StepResult } from './step.ts';

const name = { expressions: false, required: true };

/** `<cache-lookup>`: answers a GET from the response cache and goes on behind the partner cache-store in outbound. */
export const cacheLookup: PolicyDefinition = {
  name: 'cache-lookup',
  summary: 'Answers a GET request with a stored response.',
  page: 'cache-lookup-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  differences: NO_INTERNAL_CACHE,
  cardinality: 'once-per-section',
  attributes: [
    required('vary-by-developer', 'boolean', "Entries of their own for each owner of the subscription's key."),
    required('vary-by-developer-groups', 'boolean', 'Entries of their own for each set of user groups.'),
    CACHING_TYPE,
    optional('downstream-caching-type', 'enum', 'What callers are told in Cache-Control.', {
      values: ['none', 'private', 'public'],
      default: 'none',
    }),
    optional('must-revalidate', 'boolean', 'Adds must-revalidate when callers may cache.', { default: 'true' }),
    optional('allow-private-response-caching', 'boolean', 'Caches requests with an Authorization header, too.', { default: 'false' }),
  ],
  content: 'children',
  anyOrder: true,
  children: [valueChild('vary-by-header', 0, UNBOUNDED, name), valueChild('vary-by-query-parameter', 0, UNBOUNDED, name)],
  compile: compileLookup,
};

type PlanReader = (exchange: Exchange) => CachePlan;

function compileLookup(element: PolicyElement): Step {
  const isPrivate = element.boolean('allow-private-response-caching');
  const planFor = planReader(element);
  return (exchange) => {
    const { request } = exchange;
    if (request.method.toUpperCase() !== 'GET') return undefined;
    if (request.headers.has('Authorization') && !(isPrivate?.read(exchange) ?? false)) return undefined;
    const plan = planFor(exchange);
    rememberPlan(exchange, plan);
    if (refusesStored(request.headers)) return miss(exchange);
    const answer = exchange.host.cache.get(plan.kind, plan.key);
    return answer instanceof Promise ? answer.then((result) => settle(result, plan, exchange)) : settle(answer, plan, exchange);
  };
}

function planReader(element: PolicyElement): PlanReader {
  const byDeveloper = needed(element.boolean('vary-by-developer'), 'vary-by-developer');
  const byGroups = needed(element.boolean('vary-by-developer-groups'), 'vary-by-developer-groups');
  const downstream = element.text('downstream-caching-type');
  const mustRevalidate = element.boolean('must-revalidate');
  const kind = cachingType(element.literal('caching-type'));
  const headers = namesIn(element, 'vary-by-header');
  const query = namesIn(element, 'vary-by-query-parameter').flatMap((names) => names.split(';').map((one) => one.trim()));
  return (exchange) => {
    const variations: Variations = {
      headers,
      query: query.length === 0 ? null : query.filter((one) => one !== ''),
      byDeveloper: byDeveloper.read(exchange),
      byGroups: byGroups.read(exchange),
    };
    const told = downstream?.read(exchange);
    return {
      key: responseKey(exchange, variations),
      kind,
      downstream: told === 'private' || told === 'public' ? told : 'none',
      mustRevalidate: mustRevalidate?.read(exchange) ?? true,
      varyHeaders: headers,
      isHit: false,
    };
  };
}

function namesIn(element: PolicyElement, child: string): string[] {
  return element.children(child).map((one) => one.content()?.constant?.trim() ?? '');
}

/** Observed: the caller's no-cache and no-store force a miss. */
function refusesStored(headers: Headers): boolean {
  return /\bno-(?:cache|store)\b/i.test(headers.joined('Cache-Control') ?? '');
}

/** Removed on a miss, so that the backend answers in full. */
const CONDITIONS = ['Cache-Control', 'Pragma', 'If-Match', 'If-None-Match', 'If-Modified-Since', 'If-Unmodified-Since', 'If-Range'];

function miss(exchange: Exchange): undefined {
  for (const header of CONDITIONS) exchange.request.headers.remove(header);
  tell(exchange, 'Cache lookup resulted in a miss');
}

function settle(answer: CacheAnswer, plan: CachePlan, exchange: Exchange): StepResult {
  if (!answer.hit || !isCached(answer.value)) return miss(exchange);
  const { status, reason, headers, body, endsAt } = answer.value;
  rememberPlan(exchange, { ...plan, isHit: true });
  const response = new GatewayResponse(status, reason, new Headers(headers), new Body(body));
  writeDownstream(response.headers, plan, Math.max(0, Math.ceil((endsAt - exchange.host.now()) / 1000)));
  if (isUnchanged(exchange.request.headers, response.headers)) withoutBody(response);
  exchange.response = response;
  exchange.servedFromCache = true;
  tell(exchange, 'Cache lookup resulted in a hit');
  return 'to-outbound';
}

function isCached(value: unknown): value is CachedResponse {
  return typeof value === 'object' && value !== null && 'body' in value && value.body instanceof Uint8Array;
}

/** RFC 9110, section 13.2.2: If-None-Match wins over If-Modified-Since. */
function isUnchanged(request: Headers, stored: Headers): boolean {
  const tags = request.joined('If-None-Match');
  const tag = stored.first('ETag');
  if (tags !== undefined) return tag !== undefined && (tags.trim() === '*' || tags.split(',').some((one) => weak(one) === weak(tag)));
  const since = Date.parse(request.first('If-Modified-Since') ?? '');
  const modified = Date.parse(stored.first('Last-Modified') ?? '');
  return modified <= since;
}

function weak(tag: string): string {
  return tag.trim().replace(/^W\//, '');
}

function withoutBody(response: GatewayResponse): void {
  response.status = 304;
  response.reason = reasonPhrase(304);
  response.body.set(null);
  response.headers.remove('Content-Length');
}

function tell(exchange: Exchange, message: string): void {
  if (exchange.listener)
    exchange.emit({ kind: 'message', step: exchange.current, source: 'cache-lookup', severity: 'information', message });
}
