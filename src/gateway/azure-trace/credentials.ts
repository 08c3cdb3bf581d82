/**
 * Tokens for `Apim-Debug-Authorization`: the stand-in for the management API's `listDebugCredentials`. A token names the API,
 * the purpose and its end, and is signed with a key that the process makes at its start.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a token says about a call. */
export type TokenJudgement =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'expired'; readonly at: string }
  | { readonly kind: 'wrong-api'; readonly api: string };

/** The longest that the service gives, and what it gives when nothing is asked for. */
const LONGEST_SECONDS = 3600;

/** Characters of a token that are looked at. */
const LONGEST_TOKEN = 1024;

export class DebugCredentials {
  readonly #key: Buffer;
  readonly #now: () => number;

  constructor(now: () => number, key: Buffer = randomBytes(32)) {
    this.#now = now;
    this.#key = key;
  }

  /** `seconds` above an hour are an hour. */
  issue(apiId: string, seconds = LONGEST_SECONDS): string {
    const ends = new Date(this.#now() + Math.min(seconds, LONGEST_SECONDS) * 1000).toISOString();
    const claims = new URLSearchParams({ aid: plainId(apiId), p: 'tracing', ex: ends }).toString();
    return `${claims}&sn=${this.#sign(claims).toString('base64url')}`;
  }

  judge(token: string, apiId: string): TokenJudgement {
    const at = token.lastIndexOf('&sn=');
    if (at < 0 || token.length > LONGEST_TOKEN) return { kind: 'invalid' };
    const claims = token.slice(0, at);
    const signature = Buffer.from(token.slice(at + 4), 'base64url');
    const expected = this.#sign(claims);
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return { kind: 'invalid' };
    const parts = new URLSearchParams(claims);
    const ends = parts.get('ex') ?? '';
    const api = parts.get('aid') ?? '';
    if (Date.parse(ends) <= this.#now()) return { kind: 'expired', at: ends };
    return api.toLowerCase() === plainId(apiId).toLowerCase() ? { kind: 'valid' } : { kind: 'wrong-api', api };
  }

  #sign(claims: string): Buffer {
    return createHmac('sha256', this.#key).update(claims).digest();
  }
}

/** `/subscriptions/…/apis/orders;rev=2` is `orders`. */
export function plainId(apiId: string): string {
  return (apiId.split('/').filter(Boolean).pop() ?? '').replace(/;rev=.*$/i, '');
}

/** `PT1H`, `PT30M`, `PT90S`; undefined for anything else. */
export function secondsOf(duration: string): number | undefined {
  const match = /^PT(?=\d)(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?$/.exec(duration);
  return match ? Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0) : undefined;
}

/** Variable by which workers get the key of the tokens that any of them gives. */
export const DEBUG_KEY = 'PORTICO_DEBUG_KEY';
