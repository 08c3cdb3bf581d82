/** What stands in for backends and called services in a test. */
import { HostError, type IncomingResponse, type OutgoingRequest } from '../host/host.ts';

export interface Answer {
  readonly status: number;
  readonly reason: string | undefined;
  readonly headers: readonly string[];
  readonly body: string | undefined;
  /** Milliseconds of the virtual clock. */
  readonly delay: number;
  readonly fault: 'refuse' | 'timeout' | 'reset' | undefined;
}

export interface CallStub {
  /** Undefined fits every method. */
  readonly method: string | undefined;
  /** A whole URL; a `*` at its end fits any rest. */
  readonly url: string;
  readonly answer: Answer;
}

/** A request that left the gateway, with its body read. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string;
}

export async function record(request: OutgoingRequest): Promise<RecordedRequest> {
  return { method: request.method, url: request.origin + request.path, headers: request.headers, body: await bodyText(request.body) };
}

async function bodyText(body: OutgoingRequest['body']): Promise<string> {
  if (body === null) return '';
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

export function stubFor(stubs: readonly CallStub[], request: RecordedRequest): CallStub | undefined {
  return stubs.find(({ method, url }) => (method === undefined || method === request.method) && fitsUrl(url, request.url));
}

function fitsUrl(pattern: string, url: string): boolean {
  if (pattern.endsWith('*')) return url.startsWith(pattern.slice(0, -1));
  return url === pattern || url === `${pattern}/`;
}

/** Plays an answer on the virtual clock. `limit` is the call's own time limit in milliseconds. */
export async function play(answer: Answer, limit: number, sleep: (milliseconds: number) => Promise<void>): Promise<IncomingResponse> {
  if (answer.fault === 'refuse') throw new HostError('connect', 'Unable to connect to the remote server');
  if (answer.fault === 'reset') throw new HostError('closed', 'Underlying transport connection was unexpectedly closed.');
  const timedOut = answer.fault === 'timeout' || answer.delay > limit;
  await sleep(timedOut ? limit : answer.delay);
  if (timedOut) throw new HostError('timeout', 'Request to the backend service timed out');
  return {
    status: answer.status,
    reason: answer.reason ?? '',
    headers: answer.headers,
    body: answer.body === undefined ? null : once(answer.body),
  };
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
