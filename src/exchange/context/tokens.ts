/** `Jwt`, `BasicAuthCredentials`, `Authorization`: what headers and other policies bring. */
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { JwtToken } from '../jwt.ts';
import { type DictionaryView, mapView, stringArray } from './dictionaries.ts';
import { dateOfSeconds, sequenceOf } from './values.ts';

function date(token: JwtToken, name: string) {
  const seconds = token.seconds(name);
  return seconds === null ? null : dateOfSeconds(seconds);
}

export const JWT_TYPE: TypeDeclaration = declareType('interface Jwt', 'all', {
  'string Algorithm { get; }': (token: JwtToken) => token.text('header', 'alg'),
  'IEnumerable<string> Audiences { get; }': special((runtime, _types, token: JwtToken) => sequenceOf(runtime, 'string', token.audiences)),
  'IReadOnlyDictionary<string, string[]> Claims { get; }': special((runtime, _types, token: JwtToken) => claimsView(runtime.types, token)),
  'DateTime? ExpirationTime { get; }': (token: JwtToken) => date(token, 'exp'),
  'string Id { get; }': (token: JwtToken) => token.text('payload', 'jti'),
  'DateTime? IssuedAt { get; }': (token: JwtToken) => date(token, 'iat'),
  'string Issuer { get; }': (token: JwtToken) => token.text('payload', 'iss'),
  'DateTime? NotBefore { get; }': (token: JwtToken) => date(token, 'nbf'),
  'string Subject { get; }': (token: JwtToken) => token.text('payload', 'sub'),
  'string Type { get; }': (token: JwtToken) => token.text('header', 'typ'),
});

type Types = Parameters<typeof mapView>[0];

function claimsView(types: Types, token: JwtToken): DictionaryView {
  const arrays = new Map(Array.from(token.claims, ([name, values]) => [name, stringArray(types, values)]));
  return mapView(types, types.array(types.type('string')), arrays);
}

/** User and password of a Basic authorization value. */
export class BasicCredentials implements NetObject {
  readonly userId: string;
  readonly password: string;

  constructor(userId: string, password: string) {
    this.userId = userId;
    this.password = password;
  }

  get netType(): TypeDeclaration {
    return BASIC_TYPE;
  }

  /** Reads `Basic <base64>`; null when the text is none. The first colon parts user and password (RFC 7617). */
  static parse(text: string): BasicCredentials | null {
    const match = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(text.trim());
    if (!match?.[1] || match[1].length % 4 !== 0) return null;
    const bytes = Uint8Array.from(atob(match[1]), (character) => character.charCodeAt(0));
    const pair = new TextDecoder().decode(bytes);
    const colon = pair.indexOf(':');
    return colon < 0 ? null : new BasicCredentials(pair.slice(0, colon), pair.slice(colon + 1));
  }
}

export const BASIC_TYPE: TypeDeclaration = declareType('interface BasicAuthCredentials', 'all', {
  'string Password { get; }': (credentials: BasicCredentials) => credentials.password,
  'string UserId { get; }': (credentials: BasicCredentials) => credentials.userId,
  'string Username { get; }': (credentials: BasicCredentials) => credentials.userId,
});

/** The token of a credential manager connection; `claims` are object-represented values. */
export class AuthorizationContext implements NetObject {
  accessToken: string | null;
  claims: unknown;

  constructor(accessToken: string | null = null, claims: unknown = null) {
    this.accessToken = accessToken;
    this.claims = claims;
  }

  get netType(): TypeDeclaration {
    return AUTHORIZATION_TYPE;
  }
}

export const AUTHORIZATION_TYPE: TypeDeclaration = declareType('class Authorization', 'all', {
  'Authorization()': () => new AuthorizationContext(),
  'string AccessToken { get; set; }': {
    get: (authorization: AuthorizationContext) => authorization.accessToken,
    set: (authorization: AuthorizationContext, value: string | null) => {
      authorization.accessToken = value;
    },
  },
  'IReadOnlyDictionary<string, object> Claims { get; set; }': {
    get: (authorization: AuthorizationContext) => authorization.claims,
    set: (authorization: AuthorizationContext, value: unknown) => {
      authorization.claims = value;
    },
  },
});
