import type { NetObject } from '../csharp/runtime/values.ts';
import type { TypeDeclaration } from '../csharp/types/declare.ts';
import { URL_TYPE } from './context/message.ts';
import { wellFormed } from './query.ts';

/** A URL cut into the parts that `IUrl` shows. Built by slicing: `new URL` costs about 2 µs and would normalise what the caller wrote. */
export class Url implements NetObject {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** Starts with `/` unless it is empty. */
  readonly path: string;
  /** With its `?`; empty when there is none. */
  readonly queryString: string;
  /** Made once: the base URLs of APIs and backends are asked for it at every call. */
  #origin: string | undefined;
  #authority: string | undefined;

  constructor(scheme: string, host: string, port: number, path: string, queryString: string) {
    this.scheme = scheme;
    this.host = host;
    this.port = port;
    this.path = path;
    this.queryString = queryString;
  }

  /** Reads `scheme://host:port/path?query#fragment`; the fragment is dropped. Undefined when it is no absolute URL. */
  static parse(text: string): Url | undefined {
    const colon = text.indexOf('://');
    if (colon <= 0) return undefined;
    const scheme = text.slice(0, colon).toLowerCase();
    const rest = withoutFragment(text.slice(colon + 3));
    const end = authorityEnd(rest);
    const authority = rest.slice(rest.lastIndexOf('@', end - 1) + 1, end);
    const { host, port } = splitAuthority(authority, defaultPort(scheme));
    if (host === '' || Number.isNaN(port)) return undefined;
    const { path, query } = splitTarget(rest.slice(end));
    return new Url(scheme, host, port, path, query);
  }

  get netType(): TypeDeclaration {
    return URL_TYPE;
  }

  /** `IUrl.ToString()`: the whole URL, a default port left out. */
  netToString(): string {
    return this.toString();
  }

  get isDefaultPort(): boolean {
    return this.port === defaultPort(this.scheme);
  }

  /** Scheme, host and port without a default port. */
  get origin(): string {
    this.#origin ??= `${this.scheme}://${this.authority}`;
    return this.#origin;
  }

  /** Host and port as the Host header has them. */
  get authority(): string {
    this.#authority ??= this.isDefaultPort ? this.host : `${this.host}:${this.port}`;
    return this.#authority;
  }

  /** Path and query as they go on the wire. */
  get target(): string {
    return (this.path === '' ? '/' : this.path) + this.queryString;
  }

  toString(): string {
    return this.origin + this.path + this.queryString;
  }
}

export function defaultPort(scheme: string): number {
  return scheme === 'https' || scheme === 'wss' ? 443 : 80;
}

/** Cuts a request target (`/path?query`) into both parts. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?');
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark) };
}

/** What cannot stand in a path or query on the wire (RFC 3986, section 2): all but the printable ASCII that it reserves or leaves free. */
const NOT_IN_TARGET = /[^!#-;=?-[\]_a-z~]+/g;

/** Path and query as .NET's Uri sends them: characters that cannot stand there are percent-encoded, escapes stay, a fragment is dropped. */
export function escapeTarget(target: string): string {
  return withoutFragment(target).replace(NOT_IN_TARGET, (text) => encodeURIComponent(wellFormed(text)));
}

/** What the gateway speaks to backends. */
const SCHEMES: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss']);

/** A URL that a policy wrote, without the blanks around it, its path and query escaped. Undefined when it is no absolute URL that a call can go to. */
export function writtenUrl(text: string): Url | undefined {
  const url = Url.parse(text.trim());
  if (!url || !SCHEMES.has(url.scheme) || NOT_IN_HOST.test(url.host)) return undefined;
  const path = escapeTarget(url.path);
  const query = escapeTarget(url.queryString);
  return path === url.path && query === url.queryString ? url : new Url(url.scheme, url.host, url.port, path, query);
}

/** Blanks, control characters and delimiters: a host with them would end up in the Host header. */
const NOT_IN_HOST = /[\s\0-\x20"<>\\^`{|}\x7f]/;

function withoutFragment(text: string): string {
  const hash = text.indexOf('#');
  return hash < 0 ? text : text.slice(0, hash);
}

function authorityEnd(rest: string): number {
  for (let at = 0; at < rest.length; at += 1) {
    const code = rest.charCodeAt(at);
    if (code === 47 || code === 63) return at;
  }
  return rest.length;
}

/** `[::1]:8080` keeps its brackets, as .NET's Uri.Host does. */
function splitAuthority(authority: string, fallback: number): { readonly host: string; readonly port: number } {
  const colon = authority.lastIndexOf(':');
  if (colon < 0 || colon < authority.lastIndexOf(']')) return { host: authority, port: fallback };
  const digits = authority.slice(colon + 1);
  const port = digits === '' ? fallback : /^\d{1,5}$/.test(digits) ? Number(digits) : Number.NaN;
  return { host: authority.slice(0, colon), port };
}

/** Base and path joined with exactly one slash between them. */
export function joinPath(base: string, path: string): string {
  if (path === '') return base;
  if (base.endsWith('/')) return base + (path.startsWith('/') ? path.slice(1) : path);
  return path.startsWith('/') ? base + path : `${base}/${path}`;
}

/**
 * The path without `.` and `..` (RFC 3986, section 5.2.4), also where their dots are escaped: the service's server takes them
 * out before anything is matched, so that nobody reaches an operation under the name of another.
 */
export function withoutDotSegments(path: string): string {
  return path.includes('/.') || path.includes('/%2') ? withoutDots(path) : path;
}

function withoutDots(path: string): string {
  const segments = path.slice(1).split('/');
  const kept: string[] = [];
  segments.forEach((segment, at) => {
    const dots = dotsOf(segment);
    if (dots === 0) kept.push(segment);
    else if (dots === 2) kept.pop();
    // What ends in a dot segment is a folder.
    if (dots > 0 && at === segments.length - 1) kept.push('');
  });
  return `/${kept.join('/')}`;
}

/** 1 and 2 for dot segments, 0 for all others. */
function dotsOf(segment: string): 0 | 1 | 2 {
  if (segment.length > 6) return 0;
  const plain = segment.replace(/%2e/gi, '.');
  return plain === '.' ? 1 : plain === '..' ? 2 : 0;
}

/** A URL whose path has no dot segments. */
export function resolvedUrl(url: Url): Url {
  const path = withoutDotSegments(url.path);
  return path === url.path ? url : new Url(url.scheme, url.host, url.port, path, url.queryString);
}
