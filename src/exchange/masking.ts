/** Keeps secrets out of files made of real calls: headers, query parameters, members of bodies, tokens wherever they stand. */
import { tryJson } from '../source/json.ts';
import { decodeOrKeep } from './query.ts';

export const MASK = '****';

/** A signed token in a text. */
const TOKEN = /(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** A parameter of a URL that stands in a text. */
const IN_QUERY = /([?&])([\w.-]{1,64})=[^\s&#"'<>\\]+/g;

/** Names of headers, parameters and members whose values are secrets. */
const SECRET_NAME =
  /(?:^|[-_.])(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|apikey|key|subscription[-_]?key|credentials?|assertion|signature|sig|code|session(?:id)?|otp|pin)$|^(?:authorization|proxy-authorization|cookie|set-cookie|clientsecret|accesstoken|refreshtoken|idtoken|client_assertion)$/i;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Headers that come with the connection, and change with it. */
const TRANSPORT: ReadonlySet<string> = new Set(
  'host connection content-length transfer-encoding keep-alive te upgrade trailer accept-encoding user-agent date server via x-forwarded-for x-forwarded-host x-forwarded-proto request-id traceparent tracestate'.split(
    ' ',
  ),
);

export function isTransport(name: string): boolean {
  return TRANSPORT.has(name.toLowerCase());
}

export class Masking {
  readonly #secrets: readonly string[];

  /** `secrets`: values that are known, such as those of secret named values. */
  constructor(secrets: readonly string[] = []) {
    this.#secrets = secrets.filter((secret) => secret.length > 2);
  }

  text(text: string): string {
    let result = text
      .replace(TOKEN, MASK)
      .replace(IN_QUERY, (all, mark: string, name: string) => (isSecretName(name) ? `${mark}${name}=${MASK}` : all));
    for (const secret of this.#secrets) result = result.replaceAll(secret, MASK);
    return result;
  }

  /** The scheme stays. Cookies keep their names. */
  header(name: string, value: string): string {
    if (/^(?:proxy-)?authorization$/i.test(name))
      return value.replace(/^(\S+\s+)?.*$/s, (_all, scheme: string | undefined) => `${scheme ?? ''}${MASK}`);
    if (/^(?:set-)?cookie$/i.test(name)) return value.replace(/=[^;,]*/g, (_all, at: number) => (at >= 0 ? `=${MASK}` : ''));
    return isSecretName(name) ? MASK : this.text(value);
  }

  url(url: string): string {
    const masked = url.replace(/([?&])([^=&#?]+)=([^&#]*)/g, (all, mark: string, name: string) =>
      isSecretName(decodeOrKeep(name)) ? `${mark}${name}=${MASK}` : all,
    );
    return this.text(masked.replace(/\/\/[^/@\s]*@/, `//${MASK}@`));
  }

  /** JSON and forms by the names of their members, anything else as text. */
  body(body: string): string {
    const json = parsed(body);
    if (json !== undefined) return JSON.stringify(this.json(json));
    const isForm = /^[^\s=&]+=[^\s&]*(?:&[^\s=&]+=[^\s&]*)*$/.test(body);
    return isForm ? this.url(`?${body}`).slice(1) : this.text(body);
  }

  json(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.json(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, item]) => [name, isSecretName(name) && isScalar(item) ? MASK : this.json(item)]);
    return Object.fromEntries(entries) as unknown;
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

export function parsed(text: string): unknown {
  return /^\s*[[{]/.test(text) ? tryJson(text) : undefined;
}

/** Claims that say when and by whom a token was made: the minted one has its own. */
const OWN_CLAIMS: ReadonlySet<string> = new Set([
  'iss',
  'iat',
  'nbf',
  'exp',
  'jti',
  'nonce',
  'auth_time',
  'at_hash',
  'c_hash',
  'sid',
  'uti',
  'rh',
  'aio',
  'xms_tdbr',
]);

/** What a bearer token of the caller becomes: claims to mint one from; undefined when it is none. */
export function claimsOf(authorization: string): Readonly<Record<string, unknown>> | undefined {
  const payload = /^Bearer\s+[\w-]+\.([\w-]+)\.[\w-]*$/i.exec(authorization.trim())?.[1];
  const claims = payload === undefined ? undefined : parsed(Buffer.from(payload, 'base64url').toString('utf8'));
  if (typeof claims !== 'object' || claims === null) return undefined;
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !OWN_CLAIMS.has(name)));
}
