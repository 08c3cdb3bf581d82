/** Real calls as test files. */
import { stringify } from 'yaml';
import { claimsOf, isTransport, MASK, Masking, parsed } from '../../exchange/masking.ts';
import { headerOf } from '../../host/raw-headers.ts';
import { MARKERS, patternOf } from '../markers.ts';

export interface SeenMessage {
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}
export interface SeenRequest extends SeenMessage {
  readonly method: string;
  readonly url: string;
}
/** An answer, or how there was none. */
export type SeenAnswer =
  | (SeenMessage & { readonly status: number; readonly reason: string })
  | { readonly fault: 'refuse' | 'reset' | 'timeout' };

export interface SeenCall {
  readonly request: SeenRequest;
  readonly answer: SeenAnswer;
}

/** A call through the gateway, or one that was only described. */
export interface SeenExchange {
  readonly name?: string | undefined;
  readonly request: SeenRequest;
  readonly ip?: string | undefined;
  /** Milliseconds since 1970. */
  readonly time?: number | undefined;
  /** Ids of the directory. */
  readonly product?: string | undefined;
  readonly subscription?: string | undefined;
  readonly user?: string | undefined;
  /** The gateway refused its subscription key. */
  readonly keyRefused?: boolean;
  /** The backend was called without a gateway between. */
  readonly direct?: boolean;
  /** What the caller got; undefined when nobody looked. */
  readonly answer: SeenAnswer | undefined;
  readonly backend: readonly SeenCall[];
  readonly calls: readonly SeenCall[];
}

/** A test as it stands in the file. */
export type Fields = Record<string, unknown>;

/** Bodies above so many bytes are not kept. */
const LARGEST = 256 * 1024;

export interface SuiteFacts {
  readonly suite: string;
  /** As the file names it. */
  readonly policies: string;
  /** Values that may stand in no file. */
  readonly secrets?: readonly string[];
}

export function suiteText(facts: SuiteFacts, exchanges: readonly SeenExchange[]): string {
  return textOfTests(facts, testsOf(facts, exchanges));
}

export function testsOf({ secrets }: SuiteFacts, exchanges: readonly SeenExchange[]): Fields[] {
  const masking = new Masking(secrets);
  const names = new Map<string, number>();
  return exchanges.map((exchange) => testOf(exchange, uniqueName(nameOf(exchange, masking), names), masking));
}

export function textOfTests({ suite, policies }: SuiteFacts, tests: readonly Fields[]): string {
  return stringify({ suite, policies, tests }, { lineWidth: 0, aliasDuplicateObjects: false });
}

function nameOf({ name, request, answer }: SeenExchange, masking: Masking): string {
  if (name !== undefined && name !== '') return name;
  const line = `${request.method} ${pathOf(masking.url(request.url))}`;
  return answer && 'status' in answer ? `${line} is answered with ${answer.status}` : line;
}

function uniqueName(name: string, names: Map<string, number>): string {
  const count = (names.get(name) ?? 0) + 1;
  names.set(name, count);
  return count === 1 ? name : `${name} (${count})`;
}

/** The gateway's name is not part of a test. */
function pathOf(url: string): string {
  return url
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
    .replace(/^(?!\/)/, '/')
    .replace(/#.*$/s, '');
}

function testOf(exchange: SeenExchange, name: string, masking: Masking): Fields {
  const { request, ip, time, keyRefused = false, backend, calls } = exchange;
  const { product, subscription, user } = exchange;
  const ids = Object.entries({ product, subscription, user }).filter(([, id]) => id !== undefined);
  const given = { ...Object.fromEntries(ids), ...(keyRefused ? { 'key-checked': true } : {}) };
  return {
    name,
    ...(time === undefined ? {} : { clock: new Date(time).toISOString() }),
    request: requestOf(request, ip, masking, keyRefused),
    ...(Object.keys(given).length === 0 ? {} : { given }),
    ...(backend.length === 0 ? {} : { backend: oneOrMore(backend.map(({ answer }) => answerOf(answer, masking))) }),
    ...(calls.length === 0
      ? {}
      : { calls: calls.map((call) => ({ request: lineOf(call.request, masking), ...answerOf(call.answer, masking) })) }),
    expect: expectOf(exchange, masking),
  };
}

function oneOrMore(values: readonly Fields[]): unknown {
  return values.length === 1 ? values[0] : values;
}

function lineOf({ method, url }: SeenRequest, masking: Masking): string {
  return `${method} ${masking.url(url)}`;
}

/** Tokens become claims to mint from; subscription keys are not needed. */
function requestOf(request: SeenRequest, ip: string | undefined, masking: Masking, keepsKey: boolean): Fields | string {
  const claims = claimsOf(headerOf(request.headers, 'authorization') ?? '');
  const headers = headersOf(
    request.headers,
    masking,
    (name) => (claims !== undefined && name === 'authorization') || (!keepsKey && name === 'ocp-apim-subscription-key'),
  );
  const content = contentOf(request, masking);
  const fields: Fields = {
    ...(request.method === 'GET' ? {} : { method: request.method }),
    url: pathOf(masking.url(request.url)),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(claims === undefined ? {} : { token: masking.json(claims) }),
    ...(ip === undefined || ip === '127.0.0.1' ? {} : { ip }),
    ...content,
  };
  return Object.keys(fields).every((name) => name === 'url' || name === 'method') ? `${request.method} ${String(fields.url)}` : fields;
}

function answerOf(answer: SeenAnswer, masking: Masking): Fields {
  if ('fault' in answer) return { fault: answer.fault };
  const content = contentOf(answer, masking);
  const headers = headersOf(answer.headers, masking, (name) => name === 'content-type' && 'json' in content && isPlainJson(answer.headers));
  return {
    status: answer.status,
    ...(answer.reason === '' ? {} : { reason: answer.reason }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...content,
  };
}

function isPlainJson(headers: readonly string[]): boolean {
  return headerOf(headers, 'content-type') === 'application/json';
}

/** By name in lower case; several lines of one are a list. */
function headersOf(raw: readonly string[], masking: Masking, left: (name: string) => boolean): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    if (isTransport(name) || left(name)) continue;
    const value = masking.header(name, raw[at + 1] ?? '');
    const before = headers[name];
    headers[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return headers;
}

/** `json`, `body` or `base64`; nothing for an empty or very large one. */
function contentOf({ body }: SeenMessage, masking: Masking): Fields {
  if (body.length === 0 || body.length > LARGEST) return {};
  const text = textOf(body);
  if (text === undefined) return { base64: Buffer.from(body).toString('base64') };
  const json = parsed(text);
  return json === undefined ? { body: masking.body(text) } : { json: masking.json(json) };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

// ------------------------------------------------------------ expectations

/** What came out; values that neither caller nor services brought are only expected by their kind. */
function expectOf({ request, answer, backend, calls, direct = false }: SeenExchange, masking: Masking): Fields {
  if (!answer) return { status: 'number' };
  if ('fault' in answer) return { status: '/^5/' };
  const known = [request, ...backend.flatMap(messagesOf), ...calls.flatMap(messagesOf)].map(knownText).join('\n');
  const authority = /^[a-z]+:\/\/([^/]+)/i.exec(request.url)?.[1];
  const kinds = (text: string) => kindOf(authority === undefined ? text : atGateway(text, authority), known);
  const headers = headersOf(answer.headers, masking, () => false);
  const content = contentOf(answer, masking);
  const body = 'json' in content ? withKinds(content.json, kinds) : 'body' in content ? withKinds(String(content.body), kinds) : undefined;
  return {
    status: answer.status,
    ...(Object.keys(headers).length === 0 ? {} : { headers: withKinds(headers, kinds) }),
    ...(body === undefined ? {} : { body }),
    ...(direct ? {} : { forwarded: backend.length === 0 ? 'none' : backend.map((call) => sentLine(call.request, masking, true)) }),
    ...(calls.length === 0 ? {} : { calls: calls.map((call) => sentLine(call.request, masking, false)) }),
  };
}

/** As it is, or as a pattern: what is masked may be anything, and a backend on this machine listens on another port tomorrow. */
function sentLine(request: SeenRequest, masking: Masking, isBackend: boolean): string {
  const line = lineOf(request, masking);
  const local = isBackend ? /^(\S+) https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(\/.*)$/.exec(line) : null;
  if (local) return `/^${local[1] ?? ''} https?:..[^/]+${patternOfText(local[2] ?? '')}$/`;
  return line.includes(MASK) ? `/^${patternOfText(line)}$/` : line;
}

function patternOfText(text: string): string {
  return text
    .split(MASK)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
}

function messagesOf({ request, answer }: SeenCall): SeenMessage[] {
  return 'fault' in answer ? [request] : [request, answer];
}

function knownText({ headers, body }: SeenMessage): string {
  return `${headers.join('\n')}\n${textOf(body) ?? ''}`;
}

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

function kindOf(text: string, known: string): string {
  if (known.includes(text)) return text;
  if (GUID.test(text)) return 'guid';
  if (MOMENT.test(text)) return 'date';
  return text.includes('****') ? 'any' : text;
}

/** Tests call the gateway by a name of its own. */
function atGateway(text: string, authority: string): string {
  return text.replaceAll(`http://${authority}`, 'https://gateway.test').replaceAll(`https://${authority}`, 'https://gateway.test');
}

function withKinds(value: unknown, kinds: (text: string) => string): unknown {
  if (typeof value === 'string') return literal(value, kinds(value));
  if (Array.isArray(value)) return value.map((item) => withKinds(item, kinds));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  if (members.length > 0 && members.every(([name]) => name.startsWith('$'))) return { $equals: value };
  return Object.fromEntries(members.map(([name, item]) => [name, withKinds(item, kinds)]));
}

/** A text that came, and reads like a pattern or a kind, is expected as it is. */
function literal(text: string, kind: string): unknown {
  return kind === text && (patternOf(text) !== undefined || MARKERS.has(text)) ? { $equals: text } : kind;
}
