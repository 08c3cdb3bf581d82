/** What stands in for backends and called services in a test. */
import { Headers } from '../exchange/headers.ts';
import { HostError, type IncomingResponse, type OutgoingRequest } from '../host/host.ts';

export type Fault = 'refuse' | 'reset' | 'timeout' | 'truncated';

export interface Answer {
  readonly status: number;
  readonly reason: string | undefined;
  readonly headers: readonly string[];
  readonly body: string | Uint8Array | undefined;
  /** Milliseconds of the virtual clock. */
  readonly delay: number;
  readonly fault: Fault | undefined;
}

export interface Stub {
  /** Undefined fits every request. */
  readonly fits: ((request: RecordedRequest) => boolean) | undefined;
  /** In turn; the last one stays. */
  readonly answers: readonly Answer[];
  /** How many requests it answers. */
  readonly times: number;
}

/** A request that left the gateway, with its body read. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string;
}

export const EMPTY_OK: Answer = { status: 200, reason: undefined, headers: [], body: undefined, delay: 0, fault: undefined };

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

/** How many requests stubs have answered. */
export type Answered = Map<Stub, number>;

/** Stubs with the count of what each has answered, of calls before where they go on. */
export class StubList {
  readonly #stubs: readonly Stub[];
  readonly #answered: Answered;

  constructor(stubs: readonly Stub[], answered: Answered = new Map()) {
    this.#stubs = stubs;
    this.#answered = answered;
  }

  /** The answer of the first stub that fits and has not answered its fill. */
  answer(request: RecordedRequest): Answer | undefined {
    for (const stub of this.#stubs) {
      const { fits, answers, times } = stub;
      const used = this.#answered.get(stub) ?? 0;
      if (used >= times || fits?.(request) === false) continue;
      this.#answered.set(stub, used + 1);
      return answers[Math.min(used, answers.length - 1)] ?? EMPTY_OK;
    }
    return undefined;
  }
}

/** `/…/`, with `i` behind it. */
const URL_PATTERN = /^\/(.+)\/([i]*)$/s;

export function isUrlPattern(text: string): boolean {
  return URL_PATTERN.test(text);
}

/** `https://host/path*`: a `*` fits any text, `/…/` is a regular expression, a URL without path means its root. */
export function urlFits(pattern: string): (url: string) => boolean {
  const regex = URL_PATTERN.exec(pattern);
  if (regex) {
    const compiled = new RegExp(regex[1] ?? '', regex[2]);
    return (url) => compiled.test(url);
  }
  if (!pattern.includes('*')) return (url) => url === pattern || url === `${pattern}/`;
  const parts = pattern.split('*');
  return (url) => fitsParts(url, parts);
}

/** Linear, however many stars there are: each part is looked for behind the one before. */
function fitsParts(url: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (!url.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = url.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return url.length - last.length >= at && url.endsWith(last);
}

/** A method, `*` or none, and a URL, which may begin with a star or be a regular expression. */
export const STUB_LINE = /^(?:([\w!#$%&'+.^`|~-]+|\*)\s+)?((?:[A-Za-z][\w+.-]*:\/\/|\*|\/)\S*)$/;

/** A path alone would never fit; what begins with a slash is a regular expression. */
export function isStubLine(line: string): boolean {
  const url = STUB_LINE.exec(line)?.[2];
  return url !== undefined && (!url.startsWith('/') || isUrlPattern(url));
}

/** A stub as `METHOD https://host/path` says it. */
export function lineStub(line: string, answers: readonly Answer[], times = Number.POSITIVE_INFINITY): Stub {
  const match = STUB_LINE.exec(line.trim());
  const method = match?.[1]?.toUpperCase();
  const fitsUrl = urlFits(match?.[2] ?? '');
  const anyMethod = method === undefined || method === '*';
  return { fits: (request) => (anyMethod || method === request.method) && fitsUrl(request.url), answers, times };
}

/** Plays an answer on the virtual clock. `limit` is the call's own time limit in milliseconds. */
export async function play(answer: Answer, limit: number, sleep: (milliseconds: number) => Promise<void>): Promise<IncomingResponse> {
  const { fault } = answer;
  if (fault === 'refuse') throw new HostError('connect', 'Unable to connect to the remote server');
  if (fault === 'reset') throw new HostError('closed', 'Underlying transport connection was unexpectedly closed.');
  const timedOut = fault === 'timeout' || answer.delay > limit;
  await sleep(timedOut ? limit : answer.delay);
  if (timedOut) throw new HostError('timeout', 'Request to the backend service timed out');
  const body = typeof answer.body === 'string' ? new TextEncoder().encode(answer.body) : answer.body;
  return {
    status: answer.status,
    reason: answer.reason ?? '',
    headers: fault === 'truncated' ? framed(answer.headers, body) : answer.headers,
    body: fault === 'truncated' ? brokenOff(body) : body === undefined ? null : once(body),
  };
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

/** The first half, then the connection ends. */
async function* brokenOff(body: Uint8Array = new Uint8Array(0)): AsyncGenerator<Uint8Array> {
  if (body.length > 1) yield body.subarray(0, body.length >> 1);
  throw new HostError('closed', 'Underlying transport connection was unexpectedly closed.');
}

/** A body that breaks off had a length to break off from. */
function framed(headers: readonly string[], body: Uint8Array | undefined): readonly string[] {
  if (new Headers(headers).has('Content-Length')) return headers;
  return [...headers, 'Content-Length', String(body?.length ?? 1)];
}
