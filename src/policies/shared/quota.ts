/** What quota and quota-by-key share: fixed windows, both counters, texts and bytes. */
import type { Body } from '../../exchange/body.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Headers } from '../../exchange/headers.ts';
import { PolicyError } from '../../exchange/policy-error.ts';
import type { PolicyCompiler, PolicyElement } from '../compiler.ts';
import { type AttributeDeclaration, optional } from '../definition.ts';
import * as faults from '../faults.ts';

const literal = { expressions: false };

export const QUOTA_LIMITS: readonly AttributeDeclaration[] = [
  optional('calls', 'integer', 'Calls per period.', { ...literal, min: 1 }),
  optional('bandwidth', 'integer', 'Kilobytes per period, requests and responses together.', { ...literal, min: 1 }),
];

/** The page does not say which kilobyte; the service's other sizes count 1024 bytes. */
const KILOBYTE = 1024;

/** How long a counter without end lives: a hundred years of seconds. */
const ENDLESS = 3_155_760_000;

/** What a quota allows; undefined is not counted. */
export interface QuotaLimit {
  readonly calls: number | undefined;
  /** Bytes. */
  readonly bytes: number | undefined;
}

export function quotaLimit(element: PolicyElement, compiler: PolicyCompiler): QuotaLimit {
  const calls = element.literal('calls');
  const kilobytes = element.literal('bandwidth');
  if (!hasAttribute(element, 'calls') && !hasAttribute(element, 'bandwidth'))
    compiler.report(faults.quotaWithoutLimit(element.name), element.xml.nameSpan);
  return {
    calls: calls === undefined ? undefined : Number(calls),
    bytes: kilobytes === undefined ? undefined : Number(kilobytes) * KILOBYTE,
  };
}

/** Also those whose value was refused. */
function hasAttribute(element: PolicyElement, name: string): boolean {
  return element.xml.attributes.some((attribute) => attribute.name === name);
}

/** A fixed window: `index` counts them from the anchor, `left` is whole seconds to its end; undefined when it has none. */
export interface QuotaWindow {
  readonly index: number;
  readonly left: number | undefined;
}

/** `anchor` and `now` in milliseconds since 1970, `period` in seconds; 0 never ends. */
export function quotaWindow(now: number, anchor: number, period: number): QuotaWindow {
  if (period === 0) return { index: 0, left: undefined };
  const index = Math.floor((now - anchor) / (period * 1000));
  const end = anchor + (index + 1) * period * 1000;
  return { index, left: Math.max(1, Math.ceil((end - now) / 1000)) };
}

export type QuotaKind = 'calls' | 'bandwidth';

/** Key and life of one counter. */
export interface QuotaCounter {
  readonly key: string;
  readonly seconds: number;
}

export function quotaCounter(prefix: string, kind: QuotaKind, { index, left }: QuotaWindow): QuotaCounter {
  return { key: `${prefix}:${kind}:${index}`, seconds: left ?? ENDLESS };
}

/** errors.yaml: one text for LastError and the caller. Without an end there is nothing to wait for, so no Retry-After. */
export function quotaExceeded(kind: QuotaKind, { left }: QuotaWindow): PolicyError {
  const what = kind === 'calls' ? 'call volume' : 'bandwidth';
  const message = `Out of ${what} quota. Quota will be replenished in ${left === undefined ? NEVER : timeSpan(left)}.`;
  const wait = left === undefined ? {} : { headers: ['Retry-After', String(left)] };
  return new PolicyError({ reason: 'QuotaExceeded', message, status: 403, clientMessage: message, ...wait });
}

/** TimeSpan.MaxValue cut to seconds. */
const NEVER = '10675199.02:48:05';

/** Seconds as .NET's TimeSpan prints them: `[d.]hh:mm:ss`. */
function timeSpan(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return days === 0 ? clock : `${days}.${clock}`;
}

/** Adds the call's bytes, both bodies, to a counter as they become known. */
export function countBytes(exchange: Exchange, counter: QuotaCounter): void {
  const add = (bytes: number) => (bytes === 0 ? undefined : exchange.host.counters.add(counter.key, bytes, counter.seconds));
  const requested = measure(exchange.request.body, exchange.request.headers, add);
  exchange.deferred.push(async ({ response }) => {
    await requested;
    if (response) await measure(response.body, response.headers, add);
  });
}

/** What is in memory or declares its length counts at once, a stream without one when it has passed. */
function measure(body: Body, headers: Headers, add: (bytes: number) => void | Promise<void>): void | Promise<void> {
  if (body.isBuffered) return add(body.isPresent ? body.bytes().length : 0);
  const declared = headers.first('Content-Length');
  if (declared !== undefined && /^\d+$/.test(declared)) return add(Number(declared));
  body.pipe((stream) => counted(stream, add));
}

async function* counted(stream: AsyncIterable<Uint8Array>, add: (bytes: number) => void | Promise<void>) {
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      bytes += chunk.length;
      yield chunk;
    }
  } finally {
    await add(bytes);
  }
}
