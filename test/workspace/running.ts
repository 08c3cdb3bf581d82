/** An engine on a frozen host whose backends answer as a test says. */
import { Body } from '../../src/exchange/body.ts';
import { Headers } from '../../src/exchange/headers.ts';
import { Url } from '../../src/exchange/url.ts';
import { createFrozenHost, type FrozenHost } from '../../src/host/frozen.ts';
import { HostError, type IncomingResponse, type OutgoingRequest } from '../../src/host/host.ts';
import { nodeCrypto } from '../../src/host/node-crypto.ts';
import { MemoryCache } from '../../src/stores/cache.ts';
import { MemoryCounters } from '../../src/stores/counters.ts';
import { createEngine, type Engine } from '../../src/workspace/engine.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import type { Workspace } from '../../src/workspace/model.ts';

const EXPRESSIONS = createExpressions();

export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
  header(name: string): string | undefined;
}

export interface Running {
  readonly engine: Engine;
  readonly host: FrozenHost;
  /** What went out, in order: `GET https://host/path`. */
  readonly sent: string[];
  readonly requests: OutgoingRequest[];
  call(line: string, headers?: Readonly<Record<string, string>>, body?: string): Promise<Answer>;
}

/** `answer` gives status (or `refuse`, or `gone` for a caller who goes), with headers after it: `503 Retry-After:5`. */
export function running(workspace: Workspace, answer: (request: OutgoingRequest) => string | number = () => 200): Running {
  const sent: string[] = [];
  const requests: OutgoingRequest[] = [];
  const host = createFrozenHost({
    crypto: nodeCrypto(),
    cache: (now) => new MemoryCache(now),
    counters: (now) => new MemoryCounters(now),
    send: async (request) => {
      sent.push(`${request.method} ${request.origin}${request.path}`);
      requests.push(request);
      return answered(String(answer(request)));
    },
  });
  const engine = createEngine(workspace, { host, expressions: EXPRESSIONS });
  return { engine, host, sent, requests, call: (line, headers = {}, body) => call(engine, line, headers, body) };
}

function answered(text: string): IncomingResponse {
  if (text === 'gone') throw new HostError('aborted', 'The operation was canceled.');
  if (text === 'refuse') throw new HostError('connect', 'Unable to connect to the remote server');
  const [status = '200', ...headers] = text.split(' ');
  const raw = headers.flatMap((header) => [header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 1)]);
  return { status: Number(status), reason: 'Said', headers: raw, body: null };
}

async function call(engine: Engine, line: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Answer> {
  const [method = 'GET', target = '/'] = line.split(' ');
  const exchange = await engine.run({
    method,
    url: Url.parse(target.startsWith('http') ? target : `https://gateway.test${target}`) ?? new Url('https', 'gateway.test', 443, '/', ''),
    headers: new Headers(Object.entries(headers).flat()),
    ...(body === undefined ? {} : { body: Body.text(body) }),
  });
  const response = exchange.ensureResponse();
  await response.body.buffer();
  return {
    status: response.status,
    reason: response.reason,
    body: new TextDecoder().decode(response.body.isPresent ? response.body.bytes() : new Uint8Array(0)),
    header: (name) => response.headers.joined(name),
  };
}
