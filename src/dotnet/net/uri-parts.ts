/** Takes a URI apart as System.Uri does: what it accepts, how it makes the parts canonical, and its texts for what it refuses. */
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from './ip-address-text.ts';
import { canonical } from './uri-escape.ts';

/** The parts of an absolute URI in canonical, escaped form. Query and fragment hold their delimiters. */
export interface UriParts {
  readonly scheme: string;
  /** Whether `//` and an authority follow the scheme. */
  readonly hasAuthority: boolean;
  readonly userInfo: string;
  readonly host: string;
  readonly hostType: HostType;
  /** -1 when the scheme has no default and none is written. */
  readonly port: number;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
  readonly isUnc: boolean;
}

/** `UriHostNameType`. */
export type HostType = 0 | 1 | 2 | 3 | 4;

export const PROBLEMS = {
  empty: 'Invalid URI: The URI is empty.',
  format: 'Invalid URI: The format of the URI could not be determined.',
  host: 'Invalid URI: The hostname could not be parsed.',
  port: 'Invalid URI: Invalid port specified.',
  scheme: 'Invalid URI: The URI scheme is not valid.',
  rooted: "Invalid URI: A Dos path must be rooted, for example, 'c:\\\\'.",
  tooLong: 'Invalid URI: The Uri string is too long.',
} as const;

export type Problem = keyof typeof PROBLEMS;

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  ftp: 21,
  gopher: 70,
  nntp: 119,
  telnet: 23,
  ldap: 389,
  mailto: 25,
  'net.tcp': 808,
};

const MUST_HAVE_HOST: ReadonlySet<string> = new Set([
  'http',
  'https',
  'ws',
  'wss',
  'ftp',
  'gopher',
  'nntp',
  'telnet',
  'net.tcp',
  'net.pipe',
]);
const NO_AUTHORITY: ReadonlySet<string> = new Set(['mailto', 'news', 'urn', 'uuid', 'javascript', 'data', 'tel']);
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;
const MAX_LENGTH = 65519;

/** The default port of a scheme, -1 when it has none. */
export function defaultPort(scheme: string): number {
  return (Object.hasOwn(DEFAULT_PORTS, scheme) ? DEFAULT_PORTS[scheme] : undefined) ?? -1;
}

/** The parts of an absolute URI, or why it is none: `format` means that it may still be a relative one. */
export function parseAbsolute(text: string): UriParts | Problem {
  const trimmed = text.replace(/^[ \t\r\n]+|(?<![ \t\r\n])[ \t\r\n]+$/g, '');
  if (trimmed === '') return 'empty';
  if (trimmed.length > MAX_LENGTH) return 'tooLong';
  if (/^[A-Za-z][:|][\\/]/.test(trimmed)) return fileParts(`/${trimmed[0]}:${trimmed.slice(2)}`, '');
  if (/^(\\\\|\/\/)[^\\/]/.test(trimmed) && trimmed.startsWith('\\')) return uncParts(trimmed);
  // On the systems where Azure's gateway runs in a container a rooted path is a file.
  if (/^\/(?!\/)/.test(trimmed)) return fileParts(trimmed, '');
  const scheme = SCHEME.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme === undefined) return 'format';
  if (scheme.length === 1) return 'rooted';
  return parseRest(scheme, trimmed.slice(scheme.length + 1));
}

function parseRest(scheme: string, rest: string): UriParts | Problem {
  if (NO_AUTHORITY.has(scheme)) return opaqueParts(scheme, rest);
  const slashes = /^[\\/]{2}/.test(rest);
  if (scheme === 'file') return slashes ? fileRest(rest.slice(2)) : fileParts(rest.startsWith('/') ? rest : `/${rest}`, '');
  if (!slashes) return MUST_HAVE_HOST.has(scheme) ? 'host' : opaqueParts(scheme, rest);
  return hierarchicalParts(scheme, rest.slice(2));
}

function fileRest(rest: string): UriParts | Problem {
  const slash = rest.search(/[\\/]/);
  const host = slash < 0 ? rest : rest.slice(0, slash);
  if (/^[A-Za-z][:|]$/.test(host)) return fileParts(`/${rest.replace('|', ':')}`, '');
  return fileParts(slash < 0 ? '/' : rest.slice(slash), host.toLowerCase());
}

function uncParts(text: string): UriParts | Problem {
  return fileRest(text.slice(2).replaceAll('\\', '/'));
}

function fileParts(path: string, host: string): UriParts {
  const [pathText, query, fragment] = splitPath(path);
  return {
    scheme: 'file',
    hasAuthority: true,
    userInfo: '',
    host,
    hostType: host === '' ? 1 : 2,
    port: -1,
    path: removeDotSegments(canonical(pathText.replaceAll('\\', '/'))),
    query: canonical(query),
    fragment: canonical(fragment),
    isUnc: host !== '',
  };
}

function opaqueParts(scheme: string, rest: string): UriParts {
  const [path, query, fragment] = splitPath(rest);
  const mail = scheme === 'mailto' ? /^(?:([^@]*)@)?(.*)$/.exec(path) : null;
  return {
    scheme,
    hasAuthority: false,
    userInfo: canonical(mail?.[1] ?? ''),
    host: mail?.[2]?.toLowerCase() ?? '',
    hostType: mail?.[2] ? 2 : 0,
    port: scheme === 'mailto' ? 25 : -1,
    path: mail === null ? canonical(path) : '',
    query: canonical(query),
    fragment: canonical(fragment),
    isUnc: false,
  };
}

function hierarchicalParts(scheme: string, rest: string): UriParts | Problem {
  const end = rest.search(/[/?#\\]/);
  const authority = parseAuthority(end < 0 ? rest : rest.slice(0, end), scheme);
  if (typeof authority === 'string') return authority;
  const [path, query, fragment] = splitPath(end < 0 ? '' : rest.slice(end));
  const rooted = path === '' || path.startsWith('/') || path.startsWith('\\') ? path : `/${path}`;
  return {
    ...authority,
    scheme,
    hasAuthority: true,
    path: removeDotSegments(canonical(rooted === '' ? '/' : rooted.replaceAll('\\', '/'))),
    query: canonical(query),
    fragment: canonical(fragment),
    isUnc: false,
  };
}

type Authority = Pick<UriParts, 'userInfo' | 'host' | 'hostType' | 'port'>;

function parseAuthority(text: string, scheme: string): Authority | Problem {
  const at = text.lastIndexOf('@');
  const server = text.slice(at + 1);
  const match = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(server);
  if (match === null) return 'port';
  const host = parseHost(match[1] ?? '') ?? registryHost(match[1] ?? '', scheme);
  if (host === undefined || (host.host === '' && MUST_HAVE_HOST.has(scheme))) return 'host';
  const port = match[2] === undefined || match[2] === '' ? defaultPort(scheme) : parsePort(match[2]);
  if (port === undefined) return 'port';
  return { ...host, userInfo: at < 0 ? '' : canonical(text.slice(0, at)), port };
}

/** Schemes that .NET does not know may have any name for a host. */
function registryHost(text: string, scheme: string): { host: string; hostType: HostType } | undefined {
  if (MUST_HAVE_HOST.has(scheme) || !/^[A-Za-z0-9\-._~!$&'()*+,;=\u0080-\uffff]+$/.test(text)) return undefined;
  return { host: text.toLowerCase(), hostType: 1 };
}

function parsePort(text: string): number | undefined {
  return /^[0-9]+$/.test(text) && Number(text) <= 65535 ? Number(text) : undefined;
}

const DNS_NAME = /^(?!-)[\p{L}\p{N}\p{M}_-]+(\.[\p{L}\p{N}\p{M}_-]+)*\.?$/u;

/** A host in canonical form with its type; undefined when it is none. */
export function parseHost(text: string): { host: string; hostType: HostType } | undefined {
  if (text === '') return { host: '', hostType: 1 };
  if (text.startsWith('[')) {
    const ipv6 = parseIpv6(text);
    return ipv6 === undefined ? undefined : { host: `[${formatIpv6(ipv6.bytes)}]`, hostType: 4 };
  }
  const ipv4 = /^[0-9]/.test(text) ? parseIpv4(text) : undefined;
  if (ipv4 !== undefined) return { host: formatIpv4(ipv4), hostType: 3 };
  if (text.length <= 255 && DNS_NAME.test(text)) return { host: text.toLowerCase(), hostType: 2 };
  return undefined;
}

/** Path, query with its `?`, fragment with its `#`. */
export function splitPath(text: string): [string, string, string] {
  const hash = text.indexOf('#');
  const fragment = hash < 0 ? '' : text.slice(hash);
  const before = hash < 0 ? text : text.slice(0, hash);
  const mark = before.indexOf('?');
  return mark < 0 ? [before, '', fragment] : [before.slice(0, mark), before.slice(mark), fragment];
}

/** RFC 3986, 5.2.4. */
export function removeDotSegments(path: string): string {
  if (!/(^|\/)\.{1,2}(\/|$)/.test(path)) return path;
  const kept: string[] = [];
  const segments = path.split('/');
  for (const [i, segment] of segments.entries()) {
    const last = i === segments.length - 1;
    if (segment === '..' && kept.length > 1) kept.pop();
    if (segment !== '.' && segment !== '..') kept.push(segment);
    else if (last) kept.push('');
  }
  return kept.join('/');
}
