/**
 * Outgoing HTTP for policies (send-request, discovery documents, data sources) and for forwards that need more than the
 * gateway's own short way: redirects, certificates, proxies, HTTP/2, expectations, trailers.
 */
import type { Host, IncomingResponse, OutgoingRequest } from './host.ts';
import { Agents } from './node-agents.ts';
import { dispatchOnce } from './node-dispatch.ts';
import type { TlsWorld } from './node-tls.ts';
import { headerOf, withoutHeaders } from './raw-headers.ts';

/** Headers that must not follow a redirect to another origin. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'host', 'proxy-authorization']);

/** Most redirects that are followed. */
const MOST_REDIRECTS = 10;

export interface Sender {
  readonly send: Host['send'];
  /** Closes idle connections. */
  close(): Promise<void>;
}

/** One client for each need; undici and node's own load at their first call. */
export function createSender(world: TlsWorld): Sender {
  const agents = new Agents(world);
  const own = new OwnClients(world);
  const plainly = async (request: OutgoingRequest) =>
    speaksMore(request) ? (await own.http1()).send(request) : dispatchOnce(await agents.for(request), request);
  const once = async (request: OutgoingRequest) =>
    (request.httpVersion ?? '1') === '1' ? plainly(request) : (await own.http2()).send(request, plainly);
  return {
    send: (request) => following(once, request),
    close: async () => {
      await Promise.all([agents.close(), own.close()]);
    },
  };
}

/** undici neither waits for `100 Continue` nor sends trailers over HTTP/1.1. */
function speaksMore({ expectation, trailer }: OutgoingRequest): boolean {
  return expectation !== undefined || trailer !== undefined;
}

/** The clients on node's own stacks. */
class OwnClients {
  readonly #world: TlsWorld;
  #http1: Promise<import('./node-http1.ts').Http1Client> | undefined;
  #http2: Promise<import('./node-http2.ts').Http2Client> | undefined;

  constructor(world: TlsWorld) {
    this.#world = world;
  }

  http1() {
    this.#http1 ??= import('./node-http1.ts').then(({ Http1Client }) => new Http1Client(this.#world));
    return this.#http1;
  }

  http2() {
    this.#http2 ??= import('./node-http2.ts').then(({ Http2Client }) => new Http2Client(this.#world));
    return this.#http2;
  }

  async close(): Promise<void> {
    (await this.#http1)?.close();
    (await this.#http2)?.close();
  }
}

/** Sends a request, to where redirects lead when it asks for that. */
async function following(once: Host['send'], request: OutgoingRequest): Promise<IncomingResponse> {
  let current = request;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await once(current);
    const next = request.followRedirects && redirects < MOST_REDIRECTS ? redirectOf(current, answer) : undefined;
    if (!next) return answer;
    answer.body?.cancel?.();
    current = next;
  }
}

/** Where .NET's HttpClient would go on to, and how; undefined: the answer stands. */
function redirectOf(request: OutgoingRequest, answer: IncomingResponse): OutgoingRequest | undefined {
  const url = redirectTarget(request, answer);
  const becomesGet = turnsIntoGet(request.method, answer.status);
  // A body that was handed on as it came cannot be sent again.
  const replayable = becomesGet || request.body === null || request.body instanceof Uint8Array;
  if (!url || !replayable) return undefined;
  const headers = url.origin === new URL(request.origin).origin ? request.headers : withoutHeaders(request.headers, CREDENTIALS);
  const moved = { ...request, origin: url.origin, path: url.pathname + url.search };
  if (!becomesGet) return { ...moved, headers };
  return { ...moved, method: 'GET', body: null, expectation: undefined, headers: withoutHeaders(headers, FRAMING) };
}

const REDIRECTS: readonly number[] = [300, 301, 302, 303, 307, 308];

/** Never from https to http. */
function redirectTarget(request: OutgoingRequest, answer: IncomingResponse): URL | undefined {
  const location = headerOf(answer.headers, 'location');
  const from = request.origin + request.path;
  if (!REDIRECTS.includes(answer.status) || location === undefined || !URL.canParse(location, from)) return undefined;
  const url = new URL(location, from);
  return url.protocol === 'https:' || (url.protocol === 'http:' && !from.startsWith('https:')) ? url : undefined;
}

function turnsIntoGet(method: string, status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return status < 303 && method === 'POST';
}

/** What says how long a body is that is no longer sent. */
const FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);
