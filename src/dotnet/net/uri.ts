import { objectHash } from '../../csharp/runtime/equality.ts';
import { argument, argumentNull, argumentOutOfRange, invalidOperation, NetException } from '../../csharp/runtime/exception.ts';
import { makeArray, type NetObject, type Ref } from '../../csharp/runtime/values.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { compare as compareTexts, ruleOf } from '../text/comparison.ts';
import { componentsOf } from './uri-components.ts';
import { escapeData, escapeUri, hexEscape, isEscaped, unescapeAll, unescapeSafely } from './uri-escape.ts';
import { defaultPort, PROBLEMS, parseAbsolute, parseHost, removeDotSegments, splitPath, type UriParts } from './uri-parts.ts';

type Text = string | null;

const ABSOLUTE = 1;
const RELATIVE = 2;
const ABSOLUTE_GIVEN = "A relative URI cannot be created because the 'uriString' parameter represents an absolute URI.";

function uriFormatException(message: string): NetException {
  return new NetException('System.UriFormatException', message);
}

/** A System.Uri: its text, and its parts when it is absolute. */
export class UriValue implements NetObject {
  readonly originalString: string;
  readonly #parts: UriParts | undefined;

  constructor(originalString: string, parts: UriParts | undefined) {
    this.originalString = originalString;
    this.#parts = parts;
  }

  get netType(): TypeDeclaration {
    return uriType;
  }

  get isAbsolute(): boolean {
    return this.#parts !== undefined;
  }

  /** The parts; InvalidOperationException for a relative URI, which has none. */
  get parts(): UriParts {
    if (this.#parts === undefined) throw invalidOperation('This operation is not supported for a relative URI.');
    return this.#parts;
  }

  get authority(): string {
    const { host, port, scheme } = this.parts;
    return port === -1 || port === defaultPort(scheme) ? host : `${host}:${port}`;
  }

  /** Scheme and authority, user information included when wanted. */
  prefix(withUserInfo: boolean): string {
    const { scheme, hasAuthority, userInfo } = this.parts;
    const user = withUserInfo && userInfo !== '' ? `${userInfo}@` : '';
    if (hasAuthority) return `${scheme}://${user}${this.authority}`;
    return `${scheme}:${user}${scheme === 'mailto' ? this.parts.host : ''}`;
  }

  get absoluteUri(): string {
    const { path, query, fragment } = this.parts;
    return this.prefix(true) + path + query + fragment;
  }

  get localPath(): string {
    const { isUnc, host, path } = this.parts;
    const unescaped = unescapeAll(path);
    if (isUnc) return `\\\\${host}${unescaped.replaceAll('/', '\\')}`;
    const isDosPath = this.parts.scheme === 'file' && /^\/[A-Za-z]:/.test(unescaped);
    return isDosPath ? unescaped.slice(1).replaceAll('/', '\\') : unescaped;
  }

  netToString(): string {
    if (this.#parts === undefined) return this.originalString;
    const { path, query, fragment } = this.#parts;
    return this.prefix(true) + unescapeSafely(path + query + fragment);
  }

  /** What two equal URIs share: no fragment, no user information. */
  get key(): string {
    return this.#parts === undefined ? this.originalString : this.prefix(false) + this.#parts.path + this.#parts.query;
  }

  netEquals(other: unknown): boolean {
    return other instanceof UriValue && other.isAbsolute === this.isAbsolute && other.key === this.key;
  }

  netHashCode(): number {
    return objectHash(this.key);
  }
}

/** `new Uri(text, kind)`, or undefined with the message of what is wrong. */
function create(text: string, kind: number): UriValue | string {
  const parts = kind === RELATIVE ? 'format' : parseAbsolute(text);
  if (typeof parts !== 'string') return new UriValue(text, parts);
  if (kind === RELATIVE) return isRelative(text) ? new UriValue(text, undefined) : ABSOLUTE_GIVEN;
  return kind !== ABSOLUTE && (parts === 'format' || parts === 'empty') ? new UriValue(text, undefined) : PROBLEMS[parts];
}

function isRelative(text: string): boolean {
  return typeof parseAbsolute(text) === 'string' || text.startsWith('/');
}

/** `new Uri(text, kind)`; UriFormatException for what is none. */
export function createUri(text: Text, kind = ABSOLUTE): UriValue {
  if (text === null) throw argumentNull('uriString');
  if (kind < 0 || kind > 2) throw argument(`The value '${kind}' passed for the UriKind parameter is invalid.`);
  const made = create(text, kind);
  if (typeof made === 'string') throw uriFormatException(made);
  return made;
}

/** `new Uri(base, relative)`. */
function combineText(base: UriValue | null, relative: Text): UriValue {
  if (base === null) throw argumentNull('baseUri');
  if (!base.isAbsolute) throw argumentOutOfRange('baseUri', 'The URI is not absolute.');
  const text = relative ?? '';
  const alone = text.startsWith('/') ? 'format' : parseAbsolute(text);
  if (typeof alone !== 'string') return new UriValue(text, alone);
  return createUri(resolve(base, text));
}

function combine(base: UriValue | null, relative: UriValue | null): UriValue {
  if (relative?.isAbsolute && !relative.originalString.startsWith('/')) return relative;
  if (relative === null) throw argumentNull('relativeUri');
  return combineText(base, relative.originalString);
}

/** RFC 3986, 5.2.2. */
function resolve(base: UriValue, relative: string): string {
  const { scheme, path, query, hasAuthority } = base.parts;
  if (relative.startsWith('//')) return `${scheme}:${relative}`;
  const [relativePath, relativeQuery, fragment] = splitPath(
    hasAuthority ? relative.replace(/^[^?#]*/, (part) => part.replaceAll('\\', '/')) : relative,
  );
  if (relativePath === '') return base.prefix(true) + path + (relativeQuery === '' ? query : relativeQuery) + fragment;
  const merged = relativePath.startsWith('/') ? relativePath : path.slice(0, path.lastIndexOf('/') + 1) + relativePath;
  return base.prefix(true) + removeDotSegments(merged) + relativeQuery + fragment;
}

function tryCreate(make: () => UriValue, result: Ref<UriValue | null>): boolean {
  result.value = null;
  try {
    result.value = make();
    return true;
  } catch (error) {
    if (error instanceof NetException) return false;
    throw error;
  }
}

/** What leads from one path to another: MakeRelativeUri's part of the work. */
function pathDifference(from: string, to: string): string {
  let common = 0;
  let slash = -1;
  while (common < from.length && common < to.length && from[common] === to[common]) {
    if (from[common] === '/') slash = common;
    common += 1;
  }
  if (common === 0) return to;
  if (common === from.length && common === to.length) return '';
  const up = '../'.repeat(from.slice(common).split('/').length - 1);
  return up === '' && to.length - 1 === slash ? './' : up + to.slice(slash + 1);
}

function makeRelative(base: UriValue, target: UriValue | null): UriValue {
  if (target === null) throw argumentNull('uri');
  const sameServer = base.parts.scheme === target.parts.scheme && base.authority === target.authority;
  if (!sameServer) return target;
  const difference = pathDifference(base.parts.path, target.parts.path);
  const safe = /^[^/?#]*:/.test(difference) ? `./${difference}` : difference;
  return new UriValue(safe + target.parts.query + target.parts.fragment, undefined);
}

function leftPart(uri: UriValue, part: number): string {
  const { scheme, hasAuthority, path, query } = uri.parts;
  switch (part) {
    case 0:
      return `${scheme}:${hasAuthority ? '//' : ''}`;
    case 1:
      return hasAuthority ? uri.prefix(true) : '';
    case 2:
      return uri.prefix(true) + path;
    case 3:
      return uri.prefix(true) + path + query;
    default:
      throw argument(`The value '${part}' passed for the UriPartial parameter is invalid.`);
  }
}

function segments(path: string): string[] {
  return path.match(/[^/]*\/|[^/]+$/g) ?? [];
}

function isLoopback(uri: UriValue): boolean {
  const { host, scheme } = uri.parts;
  return host === 'localhost' || host === 'loopback' || host === '[::1]' || host.startsWith('127.') || (scheme === 'file' && host === '');
}

function isBaseOf(base: UriValue, other: UriValue | null): boolean {
  if (other === null) throw argumentNull('uri');
  if (!other.isAbsolute) return true;
  const folder = base.parts.path.slice(0, base.parts.path.lastIndexOf('/') + 1);
  return base.parts.scheme === other.parts.scheme && base.authority === other.authority && other.parts.path.startsWith(folder);
}

function isWellFormed(uri: UriValue): boolean {
  const text = uri.originalString;
  if (!isEscaped(text)) return false;
  if (!uri.isAbsolute) return !/^[^/?#]*:/.test(text);
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) && (!uri.parts.hasAuthority || /^[^:]*:\/\//.test(text));
}

function isWellFormedText(text: Text, kind: number): boolean {
  const made = text === null ? '' : create(text, kind);
  return (
    typeof made !== 'string' &&
    (kind === RELATIVE ? isEscaped(made.originalString) && !/^[^/?#]*:/.test(made.originalString) : isWellFormed(made))
  );
}

function idnHost(uri: UriValue): string {
  const { host } = uri.parts;
  return [...host].every((character) => character < '\x80') ? host : new URL(`http://${host}/`).hostname;
}

function dnsSafeHost(uri: UriValue): string {
  const { host } = uri.parts;
  return host.startsWith('[') ? host.slice(1, -1) : host;
}

function checkHostName(name: Text): number {
  if (name === null || name === '' || name.length > 32767) return 0;
  if (name.includes(':')) return parseHost(name.startsWith('[') ? name : `[${name}]`)?.hostType ?? 0;
  return parseHost(name)?.hostType ?? 0;
}

function fromHex(unit: number): number {
  const character = String.fromCharCode(unit);
  if (!/^[0-9A-Fa-f]$/.test(character)) throw argument('Invalid hexadecimal digit.', 'digit');
  return Number.parseInt(character, 16);
}

function isHexEncoding(pattern: string, index: number): boolean {
  return /^%[0-9A-Fa-f]{2}/.test(pattern.slice(index, index + 3));
}

function hexUnescape(pattern: string, index: Ref<number>): number {
  const at = index.value;
  if (at < 0 || at >= pattern.length) throw argumentOutOfRange('index');
  const encoded = isHexEncoding(pattern, at);
  index.value = at + (encoded ? 3 : 1);
  return encoded ? Number.parseInt(pattern.slice(at + 1, at + 3), 16) : pattern.charCodeAt(at);
}

function escapeCharacter(unit: number): string {
  if (unit > 255) throw argumentOutOfRange('character');
  return hexEscape(unit);
}

function requireText(text: Text, parameter: string): string {
  if (text === null) throw argumentNull(parameter);
  return text;
}

function compareUris(a: UriValue | null, b: UriValue | null, parts: number, format: number, comparison: number): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (a.isAbsolute !== b.isAbsolute) return a.isAbsolute ? 1 : -1;
  if (!a.isAbsolute) return compareTexts(a.originalString, b.originalString, ruleOf(comparison));
  return compareTexts(componentsOf(a, parts, format), componentsOf(b, parts, format), ruleOf(comparison));
}

function sameUri(a: UriValue | null, b: UriValue | null): boolean {
  return a === b || (a?.netEquals(b) ?? false);
}

/** System.Uri. */
export const uriType: TypeDeclaration = declareType(
  'class System.Uri : IFormattable',
  'all',
  {
    'Uri(string uriString)': (text: Text) => createUri(text),
    'Uri(string uriString, bool dontEscape)': (text: Text) => createUri(text),
    'Uri(string uriString, UriKind uriKind)': createUri,
    'Uri(Uri baseUri, string relativeUri)': combineText,
    'Uri(Uri baseUri, string relativeUri, bool dontEscape)': (base: UriValue | null, text: Text) => combineText(base, text),
    'Uri(Uri baseUri, Uri relativeUri)': combine,
    'string AbsolutePath { get; }': (uri: UriValue) => uri.parts.path,
    'string AbsoluteUri { get; }': (uri: UriValue) => uri.absoluteUri,
    'string Authority { get; }': (uri: UriValue) => uri.authority,
    'string DnsSafeHost { get; }': dnsSafeHost,
    'string Fragment { get; }': (uri: UriValue) => uri.parts.fragment,
    'string Host { get; }': (uri: UriValue) => uri.parts.host,
    'UriHostNameType HostNameType { get; }': (uri: UriValue) => uri.parts.hostType,
    'string IdnHost { get; }': (uri: UriValue) => (uri.parts.host.startsWith('[') ? dnsSafeHost(uri) : idnHost(uri)),
    'bool IsAbsoluteUri { get; }': (uri: UriValue) => uri.isAbsolute,
    'bool IsDefaultPort { get; }': (uri: UriValue) => uri.parts.port === defaultPort(uri.parts.scheme),
    'bool IsFile { get; }': (uri: UriValue) => uri.parts.scheme === 'file',
    'bool IsLoopback { get; }': isLoopback,
    'bool IsUnc { get; }': (uri: UriValue) => uri.parts.isUnc,
    'string LocalPath { get; }': (uri: UriValue) => uri.localPath,
    'string OriginalString { get; }': (uri: UriValue) => uri.originalString,
    'string PathAndQuery { get; }': (uri: UriValue) => uri.parts.path + uri.parts.query,
    'int Port { get; }': (uri: UriValue) => uri.parts.port,
    'string Query { get; }': (uri: UriValue) => uri.parts.query,
    'string Scheme { get; }': (uri: UriValue) => uri.parts.scheme,
    'string[] Segments { get; }': special((runtime, _types, uri: UriValue) =>
      makeArray(runtime.types.array(runtime.types.type('string')), segments(uri.parts.path)),
    ),
    'bool UserEscaped { get; }': () => false,
    'string UserInfo { get; }': (uri: UriValue) => uri.parts.userInfo,
    'static UriHostNameType CheckHostName(string name)': checkHostName,
    'static bool CheckSchemeName(string schemeName)': (name: Text) => name !== null && /^[A-Za-z][A-Za-z0-9+.-]*$/.test(name),
    'static int Compare(Uri uri1, Uri uri2, UriComponents partsToCompare, UriFormat compareFormat, StringComparison comparisonType)':
      compareUris,
    'bool Equals(object comparand)': (uri: UriValue, other: unknown) => uri.netEquals(typeof other === 'string' ? create(other, 0) : other),
    'static string EscapeDataString(string stringToEscape)': special((runtime, _types, text: Text) => {
      runtime.budget.allocate((text?.length ?? 0) * 3);
      return escapeData(requireText(text, 'stringToEscape'));
    }),
    'static string EscapeUriString(string stringToEscape)': special((runtime, _types, text: Text) => {
      runtime.budget.allocate((text?.length ?? 0) * 3);
      return escapeUri(requireText(text, 'stringToEscape'));
    }),
    'static string UnescapeDataString(string stringToUnescape)': (text: Text) => unescapeAll(requireText(text, 'stringToUnescape')),
    'static int FromHex(char digit)': fromHex,
    'static string HexEscape(char character)': escapeCharacter,
    'static char HexUnescape(string pattern, ref int index)': hexUnescape,
    'static bool IsHexDigit(char character)': (unit: number) => /^[0-9A-Fa-f]$/.test(String.fromCharCode(unit)),
    'static bool IsHexEncoding(string pattern, int index)': isHexEncoding,
    'string GetComponents(UriComponents components, UriFormat format)': componentsOf,
    'int GetHashCode()': (uri: UriValue) => uri.netHashCode(),
    'string GetLeftPart(UriPartial part)': leftPart,
    'bool IsBaseOf(Uri uri)': isBaseOf,
    'bool IsWellFormedOriginalString()': isWellFormed,
    'static bool IsWellFormedUriString(string uriString, UriKind uriKind)': isWellFormedText,
    'string MakeRelative(Uri toUri)': (uri: UriValue, target: UriValue | null) => makeRelative(uri, target).netToString(),
    'Uri MakeRelativeUri(Uri uri)': makeRelative,
    'string ToString()': (uri: UriValue) => uri.netToString(),
    'static bool TryCreate(string uriString, UriKind uriKind, out Uri result)': (text: Text, kind: number, result: Ref<UriValue | null>) =>
      tryCreate(() => createUri(text, kind), result),
    'static bool TryCreate(Uri baseUri, string relativeUri, out Uri result)': (base: UriValue, text: Text, result: Ref<UriValue | null>) =>
      tryCreate(() => combineText(base, text), result),
    'static bool TryCreate(Uri baseUri, Uri relativeUri, out Uri result)': (
      base: UriValue,
      relative: UriValue,
      result: Ref<UriValue | null>,
    ) => tryCreate(() => combine(base, relative), result),
    'static readonly string SchemeDelimiter': () => '://',
    'static readonly string UriSchemeFile': () => 'file',
    'static readonly string UriSchemeFtp': () => 'ftp',
    'static readonly string UriSchemeFtps': () => 'ftps',
    'static readonly string UriSchemeGopher': () => 'gopher',
    'static readonly string UriSchemeHttp': () => 'http',
    'static readonly string UriSchemeHttps': () => 'https',
    'static readonly string UriSchemeMailto': () => 'mailto',
    'static readonly string UriSchemeNetPipe': () => 'net.pipe',
    'static readonly string UriSchemeNetTcp': () => 'net.tcp',
    'static readonly string UriSchemeNews': () => 'news',
    'static readonly string UriSchemeNntp': () => 'nntp',
    'static readonly string UriSchemeSftp': () => 'sftp',
    'static readonly string UriSchemeSsh': () => 'ssh',
    'static readonly string UriSchemeTelnet': () => 'telnet',
    'static readonly string UriSchemeWs': () => 'ws',
    'static readonly string UriSchemeWss': () => 'wss',
    'static bool operator ==(Uri uri1, Uri uri2)': sameUri,
    'static bool operator !=(Uri uri1, Uri uri2)': (a: UriValue | null, b: UriValue | null) => !sameUri(a, b),
  },
  { summary: 'A uniform resource identifier and its parts.' },
);
