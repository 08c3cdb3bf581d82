import { argument, argumentNull, argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { createUri, type UriValue } from './uri.ts';
import { canonical } from './uri-escape.ts';
import { defaultPort } from './uri-parts.ts';

type Text = string | null;

/** A System.UriBuilder: the parts of a URI, each to be changed. */
class UriBuilderValue implements NetObject {
  scheme = 'http';
  userName = '';
  password = '';
  host = 'localhost';
  port = -1;
  path = '/';
  query = '';
  fragment = '';

  get netType(): TypeDeclaration {
    return uriBuilderType;
  }

  /** The URI as its parts give it: the port is written even when it is the scheme's own. */
  netToString(): string {
    const user =
      this.userName === '' ? '' : this.userName + (this.password === '' ? '' : `:${this.password}`) + (this.host === '' ? '' : '@');
    const port = this.port === -1 || this.host === '' ? '' : `:${this.port}`;
    const path = this.path !== '' && !this.path.startsWith('/') && this.host !== '' ? `/${this.path}` : this.path;
    const delimiter = this.scheme === '' ? '' : this.scheme === 'mailto' ? ':' : '://';
    return `${this.scheme}${delimiter}${user}${this.host}${port}${path}${this.query}${this.fragment}`;
  }

  get uri(): UriValue {
    return createUri(this.netToString());
  }

  netEquals(other: unknown): boolean {
    return other instanceof UriBuilderValue && this.uri.netEquals(other.uri);
  }

  netHashCode(): number {
    return this.uri.netHashCode();
  }
}

function setScheme(builder: UriBuilderValue, value: Text): void {
  const scheme = (value ?? '').split(':')[0] ?? '';
  if (scheme !== '' && !/^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme)) throw argument('Invalid URI: The URI scheme is not valid.', 'value');
  builder.scheme = scheme.toLowerCase();
}

function setHost(builder: UriBuilderValue, value: Text): void {
  const host = value ?? '';
  builder.host = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

function setPort(builder: UriBuilderValue, value: number): void {
  if (value < -1 || value > 65535) throw argumentOutOfRange('value');
  builder.port = value;
}

function setPath(builder: UriBuilderValue, value: Text): void {
  builder.path = value === null || value === '' ? '/' : canonical(value.replaceAll('\\', '/')).replace(/[?#]/g, encodeURIComponent);
}

function setQuery(builder: UriBuilderValue, value: Text): void {
  builder.query = withMark(value, '?');
}

function setFragment(builder: UriBuilderValue, value: Text): void {
  builder.fragment = withMark(value, '#');
}

function withMark(value: Text, mark: string): string {
  return value === null || value === '' || value.startsWith(mark) ? (value ?? '') : mark + value;
}

function ofParts(scheme: Text, host: Text, port = -1, path: Text = '/', extra: Text = ''): UriBuilderValue {
  const builder = new UriBuilderValue();
  setScheme(builder, scheme);
  setHost(builder, host);
  if (port < -1 || port > 65535) throw argumentOutOfRange('portNumber');
  builder.port = port;
  setPath(builder, path);
  setExtra(builder, extra ?? '');
  return builder;
}

function setExtra(builder: UriBuilderValue, extra: string): void {
  const hash = extra.indexOf('#');
  if (extra !== '' && !extra.startsWith('?') && !extra.startsWith('#')) throw argument('Extra portion of URI not valid.', 'extraValue');
  builder.query = hash < 0 ? extra : extra.slice(0, hash);
  builder.fragment = hash < 0 ? '' : extra.slice(hash);
}

function ofUri(uri: UriValue | null): UriBuilderValue {
  if (uri === null) throw argumentNull('uri');
  const { scheme, userInfo, host, port, path, query, fragment } = uri.parts;
  const builder = new UriBuilderValue();
  const colon = userInfo.indexOf(':');
  builder.scheme = scheme;
  builder.userName = colon < 0 ? userInfo : userInfo.slice(0, colon);
  builder.password = colon < 0 ? '' : userInfo.slice(colon + 1);
  builder.host = host;
  builder.port = port === -1 ? defaultPort(scheme) : port;
  builder.path = path;
  builder.query = query;
  builder.fragment = fragment;
  return builder;
}

function ofText(text: Text): UriBuilderValue {
  if (text === null) throw argumentNull('uriString');
  const uri = createUri(text, 0);
  return ofUri(uri.isAbsolute && !text.startsWith('/') ? uri : createUri(`http://${text}`));
}

/** System.UriBuilder. */
export const uriBuilderType: TypeDeclaration = declareType('class System.UriBuilder', 'none', {
  'UriBuilder()': () => new UriBuilderValue(),
  'UriBuilder(string uri)': ofText,
  'UriBuilder(Uri uri)': ofUri,
  'UriBuilder(string schemeName, string hostName)': (scheme: Text, host: Text) => ofParts(scheme, host),
  'UriBuilder(string scheme, string host, int portNumber)': (scheme: Text, host: Text, port: number) => ofParts(scheme, host, port),
  'UriBuilder(string scheme, string host, int port, string pathValue)': (scheme: Text, host: Text, port: number, path: Text) =>
    ofParts(scheme, host, port, path),
  'UriBuilder(string scheme, string host, int port, string path, string extraValue)': ofParts,
  'bool Equals(object rparam)': (builder: UriBuilderValue, other: unknown) => builder.netEquals(other),
  'int GetHashCode()': (builder: UriBuilderValue) => builder.netHashCode(),
  'string ToString()': (builder: UriBuilderValue) => builder.netToString(),
  'Uri Uri { get; }': (builder: UriBuilderValue) => builder.uri,
  'string Scheme { get; set; }': { get: (builder: UriBuilderValue) => builder.scheme, set: setScheme },
  'string Host { get; set; }': { get: (builder: UriBuilderValue) => builder.host, set: setHost },
  'int Port { get; set; }': { get: (builder: UriBuilderValue) => builder.port, set: setPort },
  'string Path { get; set; }': { get: (builder: UriBuilderValue) => builder.path, set: setPath },
  'string Query { get; set; }': { get: (builder: UriBuilderValue) => builder.query, set: setQuery },
  'string Fragment { get; set; }': { get: (builder: UriBuilderValue) => builder.fragment, set: setFragment },
  'string UserName { get; set; }': {
    get: (builder: UriBuilderValue) => builder.userName,
    set: (builder: UriBuilderValue, value: Text) => {
      builder.userName = value ?? '';
    },
  },
  'string Password { get; set; }': {
    get: (builder: UriBuilderValue) => builder.password,
    set: (builder: UriBuilderValue, value: Text) => {
      builder.password = value ?? '';
    },
  },
});
