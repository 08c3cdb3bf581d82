/** Who may ask the console: a browser on this machine that was given the token, and no page of another origin. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Names under which a browser on this machine reaches the loopback address; any other is DNS rebinding. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'] as const;

export type Refusal = { readonly status: 401 | 403 | 421; readonly reason: string };

export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Variable by which workers get the token that all of them take. */
export const CONSOLE_TOKEN = 'PORTICO_CONSOLE_TOKEN';

export class Guard {
  readonly token: string;
  readonly #port: () => number;

  /** Workers share one token. */
  constructor(port: () => number, token = newToken()) {
    this.token = token;
    this.#port = port;
  }

  /** Undefined: it may go on. */
  refuses(request: IncomingMessage, url: URL): Refusal | undefined {
    if (!this.#isOwnHost(request.headers.host)) return { status: 421, reason: 'the console answers at 127.0.0.1 and localhost only' };
    if (!this.#isOwnOrigin(request)) return { status: 403, reason: 'the console answers its own page only' };
    if (!this.#hasToken(request, url)) return { status: 401, reason: 'open the address that `portico run` printed: it carries the token' };
    return undefined;
  }

  #isOwnHost(host: string | undefined): boolean {
    return LOOPBACK_NAMES.some((name) => host === `${name}:${this.#port()}`);
  }

  /** Browsers say where a request comes from; other clients say nothing and have the token. */
  #isOwnOrigin({ headers }: IncomingMessage): boolean {
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
    return headers.origin === undefined || headers.origin === `http://${headers.host}`;
  }

  /** In the header; in the query where a page cannot set headers. */
  #hasToken({ headers, method }: IncomingMessage, url: URL): boolean {
    const bearer = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
    const given = bearer ?? (method === 'GET' || method === 'HEAD' ? url.searchParams.get('token') : null) ?? '';
    const [left, right] = [Buffer.from(given), Buffer.from(this.token)];
    return left.length === right.length && timingSafeEqual(left, right);
  }
}
