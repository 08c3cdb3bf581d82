import { argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import type { UriValue } from './uri.ts';
import { unescapeAll, unescapeSafely } from './uri-escape.ts';
import { defaultPort } from './uri-parts.ts';

/** `System.UriComponents`. */
export const URI_COMPONENTS = {
  Scheme: 1,
  UserInfo: 2,
  Host: 4,
  Port: 8,
  SchemeAndServer: 13,
  Path: 16,
  Query: 32,
  PathAndQuery: 48,
  HttpRequestUrl: 61,
  Fragment: 64,
  AbsoluteUri: 127,
  StrongPort: 128,
  HostAndPort: 132,
  StrongAuthority: 134,
  NormalizedHost: 256,
  KeepDelimiter: 0x40000000,
  SerializationInfoString: -2147483648,
} as const;

const C = URI_COMPONENTS;
const UNESCAPED = 2;

/** `GetComponents`: the parts asked for, with the delimiters between them; a part alone loses its own unless they are to be kept. */
export function componentsOf(uri: UriValue, components: number, format: number): string {
  if (components === C.SerializationInfoString) return uri.isAbsolute ? uri.absoluteUri : uri.originalString;
  if (format < 1 || format > 3) throw argumentOutOfRange('format');
  const text = assemble(uri, components);
  if (format === 1) return text;
  return format === UNESCAPED ? unescapeAll(text) : unescapeSafely(text);
}

function assemble(uri: UriValue, components: number): string {
  const wanted = (component: number) => (components & component) !== 0;
  const authority = authorityOf(uri, wanted);
  const { scheme, hasAuthority } = uri.parts;
  const onlyScheme = (components & ~(C.Scheme | C.KeepDelimiter)) === 0;
  const prefix = wanted(C.Scheme) ? scheme + (onlyScheme && !wanted(C.KeepDelimiter) ? '' : hasAuthority ? '://' : ':') : '';
  return prefix + authority + tailOf(uri, components, wanted);
}

function authorityOf(uri: UriValue, wanted: (component: number) => boolean): string {
  const { userInfo, host, port, scheme } = uri.parts;
  const hasHost = wanted(C.Host) || wanted(C.NormalizedHost);
  const user = wanted(C.UserInfo) && userInfo !== '' ? userInfo + (hasHost || wanted(C.KeepDelimiter) ? '@' : '') : '';
  const showsPort = (wanted(C.StrongPort) && port !== -1) || (wanted(C.Port) && port !== -1 && port !== defaultPort(scheme));
  return user + (hasHost ? host : '') + (showsPort ? (hasHost || wanted(C.KeepDelimiter) ? ':' : '') + port : '');
}

function tailOf(uri: UriValue, components: number, wanted: (component: number) => boolean): string {
  const { path, query, fragment } = uri.parts;
  const keeps = (component: number) => wanted(C.KeepDelimiter) || (components & ~component) !== 0;
  const shownPath = wanted(C.Path) ? (keeps(C.Path) ? path : path.replace(/^\//, '')) : '';
  const shownQuery = wanted(C.Query) ? (keeps(C.Query) ? query : query.slice(1)) : '';
  const shownFragment = wanted(C.Fragment) ? (keeps(C.Fragment) ? fragment : fragment.slice(1)) : '';
  return shownPath + shownQuery + shownFragment;
}
