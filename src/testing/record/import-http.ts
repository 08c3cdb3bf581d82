/** `.http` and `.rest` files as the editors of JetBrains and Microsoft run them: requests between `###` lines. */
import { headerOf } from '../../host/raw-headers.ts';
import { fillerOf, type HttpRequest, type HttpSetting, variablesIn } from './http-variables.ts';
import type { SeenExchange } from './test-writer.ts';

const METHODS =
  'GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT|GRAPHQL|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK|REPORT|SEARCH|PURGE|LINK|UNLINK';
const REQUEST_LINE = new RegExp(`^(?:(${METHODS}|[A-Z]+)[ \\t]+)?(\\S.*?)(?:[ \\t]+HTTP\\/[\\d.]+)?[ \\t]*$`);
const LOWER_LINE = new RegExp(`^(?:${METHODS})[ \\t]`, 'i');
/** Other protocols, which no policy of this gateway answers in a test. */
const OTHER_PROTOCOL = /^(?:WEBSOCKET|GRPC|RSOCKET)\s/;

const PLAIN: HttpSetting = {
  read: (path) => {
    throw new Error(`\`${path}\` cannot be read`);
  },
  variables: {},
  environment: () => undefined,
  curl: () => {
    throw new Error('curl commands stand in files of their own');
  },
  warn: () => {},
};

/** Throws an Error that names the line of what is no request. */
export function httpExchanges(text: string, setting: HttpSetting = PLAIN): SeenExchange[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const fill = fillerOf(variablesIn(lines), setting);
  return blocksOf(lines).flatMap((block) => exchangeOf(block, fill, setting) ?? []);
}

interface Block {
  readonly title: string;
  readonly lines: readonly string[];
  /** Number of its first line. */
  readonly first: number;
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: { title: string; lines: string[]; first: number }[] = [{ title: '', lines: [], first: 1 }];
  for (const [at, line] of lines.entries()) {
    const title = /^###(.*)$/.exec(line);
    if (title) blocks.push({ title: (title[1] ?? '').replace(/^#+/, '').trim(), lines: [], first: at + 2 });
    else blocks[blocks.length - 1]?.lines.push(line);
  }
  return blocks;
}

/** Blank lines, comments, variables, and scripts that run before the request. */
function startOf(lines: readonly string[]): number {
  let at = 0;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (/^\s*<\s*\{%/.test(line)) at = endOfScript(lines, at);
    else if (!/^\s*$|^\s*(?:#|\/\/|@)|^\s*(?:import|run)\s|^\s*<\s/.test(line)) return at;
  }
  return -1;
}

function endOfScript(lines: readonly string[], from: number): number {
  const length = lines.slice(from).findIndex((line) => line.includes('%}'));
  return length < 0 ? lines.length : from + length;
}

type Fill = (text: string) => string;

function exchangeOf({ title, lines, first }: Block, fill: Fill, setting: HttpSetting): SeenExchange | undefined {
  const start = startOf(lines);
  if (start < 0) return undefined;
  const name = lines.slice(0, start).flatMap((line) => /^\s*(?:#|\/\/)\s*@name[\s=]+(\S.*?)\s*$/.exec(line)?.[1] ?? [])[0] ?? title;
  const line = lines[start] ?? '';
  if (OTHER_PROTOCOL.test(line)) {
    setting.warn(`line ${first + start}: \`${line.split(/\s/)[0] ?? ''}\` is left out, tests call over HTTP`);
    return undefined;
  }
  const request = /^\s*curl(?:\.exe)?\s/.test(line)
    ? setting.curl(fill(lines.slice(start).join('\n')))
    : requestOf(lines, start, first, fill, setting);
  return { name, request, answer: undefined, backend: [], calls: [] };
}

function requestOf(lines: readonly string[], start: number, first: number, fill: Fill, setting: HttpSetting): HttpRequest {
  let at = start + 1;
  let target = (lines[start] ?? '').trim();
  if (LOWER_LINE.test(target)) target = target.replace(/^\w+/, (method) => method.toUpperCase());
  // Path and query may go on in lines that are set in.
  for (; /^\s+(?:[?&/#]|https?:)/.test(lines[at] ?? '') && !/^\s+(?:#|\/\/)/.test(lines[at] ?? ''); at += 1)
    target += (lines[at] ?? '').trim();
  const match = REQUEST_LINE.exec(fill(target));
  // Without a method only what is plainly a URL is a request.
  if (!match || (match[1] === undefined && !/^(?:https?:\/\/|\/|\{\{)/i.test(match[2] ?? '')))
    throw new Error(`line ${first + start} is no request line such as \`GET https://host/path\``);
  const headers: string[] = [];
  for (; at < lines.length && (lines[at] ?? '').trim() !== ''; at += 1) {
    const line = lines[at] ?? '';
    const colon = line.indexOf(':');
    if (/^\s*(?:#|\/\/)/.test(line)) continue;
    if (isOfAnswer(line)) break;
    if (colon <= 0) throw new Error(`line ${first + at} is no header such as \`Name: value\``);
    headers.push(line.slice(0, colon).trim(), fill(line.slice(colon + 1).trim()));
  }
  const message = { method: match[1] ?? 'GET', url: urlOf(match[2] ?? '/'), headers };
  const body = bodyOf(lines.slice(at), headers, fill, setting);
  return message.method === 'GRAPHQL' || takeHeader(headers, 'x-request-type') === 'GraphQL'
    ? graphQl(message, body)
    : { ...message, body };
}

/** A host that nobody knows is no part of the path. */
function urlOf(target: string): string {
  return target.replace(/^\{\{[^{}]*\}\}(?=[/?#]|$)/, '').replace(/\s/g, '%20') || '/';
}

/** Handlers and stored answers belong to the editor. */
function isOfAnswer(line: string): boolean {
  return /^(?:>>?!?|<>)\s/.test(line);
}

/** The header's value; the header is for the editor alone. */
function takeHeader(headers: string[], name: string): string {
  const at = headers.findIndex((one, index) => index % 2 === 0 && one.toLowerCase() === name);
  return at < 0 ? '' : (headers.splice(at, 2)[1] ?? '');
}

/** Text, with files in place of `< path`; `<@ path` fills in variables, too. */
function bodyOf(after: readonly string[], headers: readonly string[], fill: Fill, setting: HttpSetting): Uint8Array {
  const end = after.findIndex(isOfAnswer);
  const lines = trimmed(end < 0 ? after : after.slice(0, end));
  const type = (headerOf(headers, 'content-type') ?? '').toLowerCase();
  if (type.startsWith('application/x-www-form-urlencoded') && !lines.some((line) => line.startsWith('<')))
    return bytesOf(fill(lines.map((line) => line.trim()).join('')));
  const lineEnd = type.startsWith('multipart/') ? '\r\n' : '\n';
  const parts = lines.map((line): Uint8Array => {
    const [, mark, path] = /^<(@\S*)?\s+(?!\{%)(\S.*?)\s*$/.exec(line) ?? [];
    if (path === undefined) return bytesOf(fill(line));
    const bytes = setting.read(fill(path));
    return mark === undefined ? bytes : bytesOf(fill(new TextDecoder().decode(bytes)));
  });
  const joined = parts.flatMap((part, at) => (at === 0 ? [part] : [bytesOf(lineEnd), part]));
  const last = type.startsWith('multipart/') && parts.length > 0 ? [bytesOf(lineEnd)] : [];
  return new Uint8Array(Buffer.concat([...joined, ...last]));
}

function trimmed(lines: readonly string[]): readonly string[] {
  const from = lines.findIndex((line) => line.trim() !== '');
  const to = lines.findLastIndex((line) => line.trim() !== '');
  return from < 0 ? [] : lines.slice(from, to + 1);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A query, and behind a blank line its variables as JSON. */
function graphQl(message: Omit<HttpRequest, 'body'>, body: Uint8Array): HttpRequest {
  const [, query = '', variables] = /^(.*?)(?:\n\s*\n(\{.*))?$/s.exec(new TextDecoder().decode(body).trim()) ?? [];
  const json = { query: query.trim(), ...(variables === undefined ? {} : { variables: JSON.parse(variables) as unknown }) };
  const isTyped = (headerOf(message.headers, 'content-type') ?? '') !== '';
  const headers = isTyped ? message.headers : [...message.headers, 'Content-Type', 'application/json'];
  return { ...message, method: 'POST', headers, body: bytesOf(JSON.stringify(json)) };
}
