/**
 * The listener for those who run the gateway: probes, metrics, the log level, traces. Probes and metrics answer everybody
 * who reaches it; what changes something or shows calls answers callers on this machine only.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { LOG_LEVELS, type LogLevel, type OpsSettings } from '../workspace/operations-yaml.ts';
import { listen } from './listen.ts';
import { json, type OpsAnswer, type OpsQuestion, type OpsRoute, problem } from './ops-answers.ts';

/** What `/readyz` says. */
export interface Readiness {
  readonly ready: boolean;
  /** Parts that are looked at, and what each says. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Bytes of a question's body. */
const LARGEST = 16 * 1024;

export class OpsServer {
  readonly #server: Server;
  readonly #routes: readonly OpsRoute[];
  /** Gets what no route takes; true when it has answered. */
  readonly #more: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;

  constructor(routes: readonly OpsRoute[], more?: (request: IncomingMessage, response: ServerResponse) => boolean) {
    this.#routes = routes;
    this.#more = more;
    this.#server = createServer({ maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 30_000 }, (request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  /** Starts listening and gives the address. */
  async listen({ port, host }: OpsSettings): Promise<string> {
    const chosen = await listen(this.#server, port, host);
    return `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const question = questionOf(request);
    const found = question && this.#routes.filter(({ path }) => matches(path, question.path));
    if (!question || !found || found.length === 0) {
      if (question && isTrusted(request) && this.#more?.(request, response)) return;
      return send(response, problem(404, 'there is nothing here'));
    }
    const asked = question.method === 'HEAD' ? 'GET' : question.method;
    const route = found.find(({ method }) => method === asked);
    if (!route) return send(response, problem(405, `write it as ${found.map(({ method }) => method).join(' or ')}`));
    if (!route.isPublic && !isTrusted(request)) return send(response, problem(403, 'only callers on this machine may ask for it'));
    const body = asked === 'GET' ? undefined : await bodyOf(request);
    if (body === null) return send(response, problem(400, 'the body is no JSON, or too large'));
    send(response, await route.answer({ ...question, body }), request.method === 'HEAD');
  }
}

function matches(path: string | RegExp, asked: string): boolean {
  return typeof path === 'string' ? path === asked : path.test(asked);
}

function questionOf(request: IncomingMessage): OpsQuestion | undefined {
  const target = request.url ?? '/';
  if (!target.startsWith('/')) return undefined;
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  return { method: request.method ?? 'GET', path, query: new URLSearchParams(mark < 0 ? '' : target.slice(mark)), body: undefined };
}

/**
 * On this machine, and asked for by name of this machine: a page of another site that a browser here shows must not get in,
 * neither by a request of its own nor behind a host name that it has turned to this address.
 */
function isTrusted(request: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  const address = request.socket.remoteAddress ?? '';
  if (!/^(?:127\.|::1$|::ffff:127\.)/.test(address)) return false;
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host)) return false;
  const { origin } = request.headers;
  return origin === undefined || origin === `http://${request.headers.host}`;
}

/** Undefined without a body, null when it cannot be read. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST) return null;
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  const text = Buffer.concat(chunks).toString();
  try {
    return JSON.parse(text);
  } catch {
    return /^[\w-]+\s*$/.test(text) ? text.trim() : null;
  }
}

function send(response: ServerResponse, { status, type = 'text/plain; charset=utf-8', body }: OpsAnswer, headOnly = false): void {
  const headers = {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  };
  response.writeHead(status, headers).end(headOnly ? undefined : body);
}

/** What the routes read and change. */
export interface Operated {
  readiness(): Readiness | Promise<Readiness>;
  /** In Prometheus' text format. */
  metrics(): string | Promise<string>;
  /** Backends with their circuit breakers, over all workers. */
  backends(): unknown;
  logLevel(): LogLevel | undefined;
  setLogLevel(level: LogLevel): void | Promise<void>;
}

export function opsRoutes(operated: Operated): OpsRoute[] {
  const level = (): OpsAnswer => {
    const current = operated.logLevel();
    return current === undefined ? problem(409, 'the gateway writes no log') : json(200, { level: current });
  };
  return [
    { method: 'GET', path: /^\/(?:healthz|livez)$/, isPublic: true, answer: () => ({ status: 200, body: 'ok\n' }) },
    {
      method: 'GET',
      path: '/readyz',
      isPublic: true,
      answer: async () => {
        const { ready, checks } = await operated.readiness();
        return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks });
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      isPublic: true,
      answer: async () => ({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: await operated.metrics() }),
    },
    { method: 'GET', path: '/backends', answer: async () => json(200, { backends: await operated.backends() }) },
    { method: 'GET', path: '/loglevel', answer: level },
    {
      method: 'PUT',
      path: '/loglevel',
      answer: async ({ query, body }) => {
        const wanted = levelIn(query.get('level') ?? body);
        if (wanted === undefined) return problem(400, `write one of ${LOG_LEVELS.join(', ')}: { "level": "debug" }`);
        await operated.setLogLevel(wanted);
        return level();
      },
    },
  ];
}

/** `{ "level": "debug" }`, or the word alone. */
function levelIn(body: unknown): LogLevel | undefined {
  const word = typeof body === 'object' && body !== null ? (body as { level?: unknown }).level : body;
  return LOG_LEVELS.find((level) => level === word);
}
