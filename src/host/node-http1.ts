/**
 * HTTP/1.1 over node:http for the requests that undici cannot carry: `Expect: 100-continue`, and trailers behind the body.
 * Connections are kept, apart from undici's.
 */
import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { BodyStream, IncomingResponse, OutgoingRequest, RawHeaders } from './host.ts';
import { type NodeCall, type Outgoing, startCall } from './node-call.ts';
import { targetOf, withoutHopByHop } from './node-target.ts';
import { CONNECT_TIMEOUT, type TlsOptions, type TlsWorld, tlsKey, tlsOptions } from './node-tls.ts';
import { connectTo, type Place, placeOf } from './node-tunnel.ts';
import { headerOf } from './raw-headers.ts';

/** Connections to one origin at once: what one unit of the service has. */
const MOST_SOCKETS = 2048;

/** Ways of TLS that keep connections. */
const MOST_AGENTS = 200;

const LIMITS = { keepAlive: true, maxSockets: MOST_SOCKETS, timeout: 0 } as const;

export class Http1Client {
  readonly #world: TlsWorld;
  readonly #plain = new PlainAgent(LIMITS);
  readonly #secure = new Map<string, Promise<SecureAgent>>();

  constructor(world: TlsWorld) {
    this.#world = world;
  }

  send(request: OutgoingRequest): Promise<IncomingResponse> {
    return startCall(request, async (call) => {
      const { origin, path, headers } = targetOf(request);
      const place = placeOf(origin);
      const options = {
        ...(await this.#connection(request, place)),
        host: place.host,
        port: place.port,
        path,
        method: request.method,
        headers: headersOf(request, headers),
      };
      if (!call.isOver) begin(call, (place.isSecure ? secureRequest : plainRequest)(options), request.method);
    });
  }

  close(): void {
    this.#plain.destroy();
    for (const agent of this.#secure.values()) agent.then((one) => one.destroy()).catch(() => {});
    this.#secure.clear();
  }

  /** An agent, or one connection through a proxy's tunnel. */
  async #connection(request: OutgoingRequest, place: Place) {
    if (!place.isSecure) return { agent: this.#plain };
    if (!request.proxy) return { agent: await this.#agent(request) };
    const socket = await connectTo(place, { proxy: request.proxy, tls: await tlsOptions(request, this.#world) });
    return { createConnection: () => socket };
  }

  #agent(request: OutgoingRequest): Promise<SecureAgent> {
    const key = tlsKey(request, this.#world);
    let agent = this.#secure.get(key);
    if (!agent) {
      agent = tlsOptions(request, this.#world).then((tls: TlsOptions) => new SecureAgent({ ...LIMITS, ...tls }));
      this.#secure.set(key, agent);
      const [oldest] = this.#secure;
      if (oldest && this.#secure.size > MOST_AGENTS) this.#secure.delete(oldest[0]);
    }
    return agent;
  }
}

/** Framing is ours: trailers take chunks, a known length is kept. */
function headersOf({ body, expectation, trailer, origin }: OutgoingRequest, headers: RawHeaders): string[] {
  const own = withoutHopByHop(headers);
  if (headerOf(own, 'host') === undefined) own.unshift('Host', new URL(origin).host);
  const length = body instanceof Uint8Array ? String(body.length) : trailer === undefined ? headerOf(headers, 'content-length') : undefined;
  if (length !== undefined) own.push('Content-Length', length);
  else if (body !== null) own.push('Transfer-Encoding', 'chunked');
  if (trailer !== undefined && length === undefined) own.push('Trailer', trailer);
  if (expectation !== undefined && body !== null) own.push('Expect', '100-continue');
  return own;
}

function begin(call: NodeCall, asked: ClientRequest, method: string): void {
  asked.on('error', (error) => call.failed(error));
  asked.once('close', () => call.ended());
  asked.once('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => asked.destroy(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' })), CONNECT_TIMEOUT);
    for (const event of ['connect', 'close'] as const) socket.once(event, () => clearTimeout(timer));
  });
  asked.on('continue', () => call.continued());
  asked.on('information', ({ statusCode, rawHeaders }) => call.informed(statusCode, rawHeaders));
  asked.once('upgrade', () => asked.destroy());
  asked.once('response', (answer) => answered(call, asked, answer, method));
  asked.setNoDelay(true);
  asked.flushHeaders();
  call.sendsOn(outgoing(asked));
}

function answered(call: NodeCall, asked: ClientRequest, answer: IncomingMessage, method: string): void {
  // Whoever reads it hears of it; an answer that nobody reads may break.
  answer.on('error', () => {});
  const status = answer.statusCode ?? 500;
  const bodiless = method === 'HEAD' || status === 204 || status === 304;
  const body: BodyStream = Object.assign(answer, { cancel: () => void answer.destroy(), isFramed: true });
  const sends = call.answered({ status, reason: answer.statusMessage ?? '', headers: answer.rawHeaders, body: bodiless ? null : body });
  // The connection owes a body that is not coming: it serves nobody else.
  if (!sends) answer.once('end', () => asked.destroy());
  if (bodiless) answer.resume();
}

function outgoing(asked: ClientRequest): Outgoing {
  return {
    get destroyed() {
      return asked.destroyed;
    },
    write: (chunk) => asked.write(chunk),
    end: (chunk) => (chunk === undefined ? asked.end() : asked.end(chunk)),
    once: (event, listener) => asked.once(event, listener),
    off: (event, listener) => asked.off(event, listener),
    destroy: (error) => asked.destroy(error),
    addTrailers: (raw) => asked.addTrailers(pairsOf(raw)),
  };
}

function pairsOf(raw: RawHeaders): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, at) => [raw[2 * at] ?? '', raw[2 * at + 1] ?? '']);
}
