/** The call that a test makes. */
import { Url } from '../exchange/url.ts';
import { hasHeader } from '../host/raw-headers.ts';
import type { Entry } from '../workspace/config-file.ts';
import * as faults from '../workspace/faults.ts';
import { notBoth } from './faults.ts';
import { isHeaderValue, isToken } from './sendable.ts';
import { checkShape } from './typed-entries.ts';

export interface TestRequest {
  readonly method: string;
  /** Path, or a whole URL. */
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string | Uint8Array | undefined;
  /** Claims of a token to mint; undefined for none. */
  readonly token: Readonly<Record<string, unknown>> | undefined;
  /** Subscription key; it goes into the header that the API asks for. */
  readonly key?: string | undefined;
  readonly ip: string;
}

const HEADER_NAME = "write letters, digits and `!#$%&'*+-.^_|~` only";

/** Names and values; a list of values gives a line each. */
export function readHeaders(entry: Entry): string[] {
  return entry.members().flatMap(([name, values]) => {
    if (!isToken(name)) values.report(faults.wrongType(name, 'a name that a header may have', HEADER_NAME));
    const texts = values.texts();
    if (!texts.every(isHeaderValue))
      values.report(faults.wrongType(name, 'a text without line breaks', 'write a list for several lines of a header'));
    return texts.flatMap((value) => [name, value]);
  });
}

export const GET_ROOT: TestRequest = { method: 'GET', url: '/', headers: [], body: undefined, token: undefined, ip: '127.0.0.1' };

/** `GET /orders/7`, or a mapping; an expression that asks for a header alone needs no `url`. */
export function readRequest(entry: Entry, needsUrl = true): TestRequest {
  if (!entry.exists) return GET_ROOT;
  if (!entry.isMapping) return requestLine(entry);
  checkShape(entry, 'request');
  const url = needsUrl ? entry.get('url').requiredText() : entry.get('url').text();
  if (url !== undefined && !isUrl(url)) reportUrl(entry.get('url'), url);
  const method = entry.get('method').text() ?? 'GET';
  if (!isToken(method)) entry.get('method').report(faults.wrongType(entry.get('method').name, 'a method such as `GET`'));
  const { body, type } = readBody(entry);
  const headers = readHeaders(entry.get('headers'));
  if (type !== undefined && !hasHeader(headers, 'content-type')) headers.push('Content-Type', type);
  return {
    method: method.toUpperCase(),
    url: withQuery(url ?? '/', entry.get('query')),
    headers,
    body,
    token: entry.get('token').exists ? recordOf(entry.get('token')) : undefined,
    key: entry.get('key').text(),
    ip: entry.get('ip').text() ?? '127.0.0.1',
  };
}

function requestLine(entry: Entry): TestRequest {
  const text = (entry.text() ?? 'GET /').trim();
  const match = /^([A-Za-z]+)\s+(\S+)$/.exec(text);
  const url = match?.[2];
  if (!match)
    entry.report(faults.wrongType(entry.name, '`METHOD /path` or a mapping', `write \`GET ${text.startsWith('/') ? text : '/path'}\``));
  else if (url !== undefined && !isUrl(url)) reportUrl(entry, url);
  return { ...GET_ROOT, method: (match?.[1] ?? 'GET').toUpperCase(), url: match?.[2] ?? '/' };
}

function reportUrl(entry: Entry, url: string): void {
  const help = /^[a-z][a-z0-9+.-]*:/i.test(url) ? 'write, say, `https://host/path`' : `write \`/${url}\``;
  entry.report(faults.wrongType(entry.name, 'a path that begins with `/`, or a whole URL of http or https', help));
}

/** A path, or a whole URL of HTTP. */
function isUrl(text: string): boolean {
  return text.startsWith('/') || (/^https?:\/\//i.test(text) && Url.parse(text) !== null);
}

function withQuery(url: string, query: Entry): string {
  const added = query.members().flatMap(([name, values]) => values.texts().map((value): [string, string] => [name, value]));
  if (added.length === 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(added)}`;
}

/** Plain data of a mapping; anything else is reported. */
export function recordOf(entry: Entry): Readonly<Record<string, unknown>> {
  if (entry.isMapping) return entry.plain() as Record<string, unknown>;
  if (entry.exists) entry.report(faults.wrongType(entry.name, 'a mapping'));
  return {};
}

export interface BodyText {
  readonly body: string | Uint8Array | undefined;
  /** Content type that the way of writing implies. */
  readonly type: string | undefined;
}

const BODY_WAYS = ['body', 'json', 'xml', 'form', 'base64'] as const;

/** `body:` as text, `json:` as a value, `xml:` as text, `form:` as names and values, `base64:` as bytes. */
export function readBody(entry: Entry): BodyText {
  const ways = BODY_WAYS.filter((name) => entry.get(name).exists || (name === 'json' && entry.members().some(([one]) => one === 'json')));
  const [way, second] = ways;
  if (way !== undefined && second !== undefined) entry.get(second).report(notBoth(way, second));
  switch (way) {
    case 'json':
      return { body: JSON.stringify(entry.get('json').plain() ?? null), type: 'application/json' };
    case 'xml':
      return { body: entry.get('xml').text(), type: 'application/xml' };
    case 'form':
      return { body: formText(entry.get('form')), type: 'application/x-www-form-urlencoded' };
    case 'base64':
      return { body: Buffer.from(entry.get('base64').text() ?? '', 'base64'), type: undefined };
    default:
      return { body: entry.get('body').text(), type: undefined };
  }
}

function formText(entry: Entry): string {
  return new URLSearchParams(entry.members().map(([name, value]): [string, string] => [name, value.text() ?? ''])).toString();
}
