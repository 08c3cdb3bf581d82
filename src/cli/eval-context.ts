/** The exchange that `portico eval` evaluates in, from its options. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { box } from '../csharp/runtime/box.ts';
import type { TypeTable } from '../csharp/types/table.ts';
import { parseJson } from '../dotnet/json/reader.ts';
import { Body } from '../exchange/body.ts';
import type { ProductInfo, UserInfo } from '../exchange/entities.ts';
import { Exchange } from '../exchange/exchange.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayRequest, GatewayResponse } from '../exchange/message.ts';
import { Url } from '../exchange/url.ts';
import { reasonOf } from '../source/system-error.ts';
import { type CallDescription, PLAIN_CALL, splitHeader } from './eval-call.ts';
import { exchangeOf, frozenHost, readFixtures } from './eval-fixtures.ts';
import { ValueReader } from './eval-values.ts';

export interface ContextOptions {
  readonly method?: string;
  readonly url?: string;
  readonly header?: readonly string[];
  readonly body?: string;
  readonly ip?: string;
  readonly variable?: readonly string[];
  readonly curl?: string;
  readonly request?: string;
  readonly fixtures?: string;
  readonly fixture?: string;
}

/** Makes a fresh exchange for each expression. */
export type ExchangeMaker = (types: TypeTable) => Exchange;

/** Reads what the options name, once. Throws on options that make no sense. */
export async function exchangeMaker(options: ContextOptions): Promise<ExchangeMaker> {
  if (options.fixtures !== undefined && options.fixture === undefined)
    throw new Error('--fixtures needs --fixture NAME, or --batch with cases that name theirs');
  const make = options.fixture === undefined ? await described(options) : recorded(options, options.fixture);
  return (types) => {
    const exchange = make(types);
    const values = new ValueReader(types, exchange.host);
    for (const pair of options.variable ?? []) exchange.variables.set(...readVariable(pair, values));
    return exchange;
  };
}

function recorded(options: ContextOptions, name: string): ExchangeMaker {
  const fixture = options.fixtures === undefined ? undefined : readFixtures(options.fixtures).get(name);
  if (!fixture) throw new Error(`no fixture \`${name}\`: name the file with --fixtures FILE`);
  return (types) => exchangeOf(fixture, types);
}

async function described(options: ContextOptions): Promise<ExchangeMaker> {
  if (options.curl !== undefined && options.request !== undefined)
    throw new Error('--curl and --request both describe the request: give one');
  const call = withFlags(await baseCall(options), options);
  const url = Url.parse(/^[a-z][a-z0-9+.-]*:/i.test(call.url) && !/^[^/]*:\d/.test(call.url) ? call.url : withScheme(call.url, options));
  if (!url) throw new Error(`\`${call.url}\` is no absolute URL`);
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(call.method)) throw new Error(`\`${call.method}\` is no method: write \`GET\`, \`POST\` and the like`);
  if (call.ip !== undefined && isIP(call.ip) === 0) throw new Error(`\`${call.ip}\` is no IP address`);
  return (types) => plainExchange(call, url, types);
}

/** curl takes `localhost:8080/x` for http; elsewhere a URL is absolute. */
function withScheme(url: string, { curl, request }: ContextOptions): string {
  return curl === undefined && request === undefined ? url : `http://${url}`;
}

async function baseCall({ curl, request }: ContextOptions): Promise<CallDescription> {
  if (curl !== undefined) return (await import('./eval-curl.ts')).callOfCurl(curl, readBytes);
  if (request === undefined) return PLAIN_CALL;
  const { readCallFile } = await import('./eval-request-file.ts');
  const text = Buffer.from(readBytes(request)).toString('utf8');
  return readCallFile(text, request === '-' ? '<standard input>' : request, readBytes);
}

/** Flags win over the file or command; headers are added. */
function withFlags(call: CallDescription, { method, url, header, body, ip }: ContextOptions): CallDescription {
  const own = body?.startsWith('@') ? readBytes(body.slice(1)) : body;
  return {
    ...call,
    method: method ?? call.method,
    url: url ?? call.url,
    headers: [...call.headers, ...(header ?? []).flatMap(splitHeader)],
    body: own ?? call.body,
    ip: ip ?? call.ip,
  };
}

/** A file that the person names on the command line; `-` is standard input. */
function readBytes(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path === '-' ? 0 : path));
  } catch (error) {
    throw new Error(`\`${path}\` cannot be read: ${reasonOf(error)}`);
  }
}

function plainExchange(call: CallDescription, url: Url, types: TypeTable): Exchange {
  const request = new GatewayRequest({
    method: call.method,
    originalUrl: url,
    headers: new Headers(call.headers),
    body: bodyOf(call.body),
    ipAddress: call.ip ?? '127.0.0.1',
    matchedParameters: new Map(Object.entries(call.parameters ?? {})),
  });
  const exchange = new Exchange({
    host: frozenHost(Date.now()),
    types,
    request,
    response: call.response
      ? new GatewayResponse(call.response.status, call.response.reason, new Headers(call.response.headers), bodyOf(call.response.body))
      : null,
    user: call.user ? userOf(call.user) : null,
    product: call.product === undefined ? null : productOf(call.product),
  });
  for (const [name, value] of Object.entries(call.variables ?? {})) exchange.variables.set(name, netValue(value, types));
  return exchange;
}

function bodyOf(body: string | Uint8Array | undefined): Body {
  if (body === undefined) return new Body();
  return typeof body === 'string' ? Body.text(body) : new Body(body);
}

function userOf(user: Readonly<Record<string, unknown>>): UserInfo {
  const text = (name: string) => (typeof user[name] === 'string' ? user[name] : '');
  const groups = Array.isArray(user.groups) ? user.groups.map(String) : [];
  return {
    id: text('id'),
    email: text('email'),
    firstName: text('first-name'),
    lastName: text('last-name'),
    note: typeof user.note === 'string' ? user.note : null,
    registrationDate: '2026-01-01T00:00:00Z',
    groups: groups.map((name) => ({ id: name, name })),
    identities: [],
  };
}

function productOf(id: string): ProductInfo {
  const plain = { approvalRequired: false, subscriptionRequired: true, subscriptionLimit: null, state: 'Published' } as const;
  return { id, name: id, ...plain, groups: [], apis: [] };
}

/** A YAML value as a policy would have stored it: text, int, double, bool, JSON. */
function netValue(value: unknown, types: TypeTable): unknown {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'boolean') return box(value, types.type('System.Boolean'));
  if (typeof value === 'number')
    return box(value, types.type(Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 'System.Int32' : 'System.Double'));
  return parseJson(JSON.stringify(value));
}

/** `name=text`, or `name:int=5` with a type that variables can have. */
function readVariable(pair: string, values: ValueReader): [name: string, value: unknown] {
  const [, name = '', type = 'string', text = ''] = /^([^=:]+)(?::([\w[\]<>,]+))?=(.*)$/s.exec(pair) ?? [];
  if (name.trim() === '') throw new Error(`\`${pair}\` is not written \`name=value\` or \`name:type=value\``);
  return [name.trim(), values.read({ type, value: typed(type, text.trim()) })];
}

function typed(type: string, text: string): unknown {
  const number = type === 'int' || type === 'double';
  if (number && !Number.isFinite(Number(text))) throw new Error(`\`${text}\` is no ${type}`);
  if (type === 'bool' && !/^(true|false)$/i.test(text)) throw new Error(`\`${text}\` is no bool`);
  return type === 'bool' ? /^true$/i.test(text) : text;
}
