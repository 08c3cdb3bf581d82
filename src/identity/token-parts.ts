/** Taking a token apart (RFC 7515, 7516, 7519) without judging it. */

export interface TokenParts {
  readonly kind: 'signed' | 'encrypted';
  readonly header: Readonly<Record<string, unknown>>;
  /** Undefined for an encrypted token. */
  readonly payload: Readonly<Record<string, unknown>> | undefined;
  /** Header and payload as sent: what the signature covers. */
  readonly signed: string;
  readonly signature: string;
}

export type TokenFault = 'wrong-parts' | 'bad-header' | 'bad-payload' | 'too-large';

/** The .NET library's default limit, in bytes. */
const LARGEST_TOKEN = 250 * 1024;

const BASE64URL = /^[A-Za-z0-9_-]*$/;

export function splitToken(token: string): TokenParts | TokenFault {
  if (token.length > LARGEST_TOKEN) return 'too-large';
  const parts = token.split('.');
  if (parts.length !== 3 && parts.length !== 5) return 'wrong-parts';
  const [head = '', body = '', last = ''] = parts;
  const header = jsonPart(head);
  if (!header) return 'bad-header';
  if (parts.length === 5) return { kind: 'encrypted', header, payload: undefined, signed: '', signature: '' };
  const payload = jsonPart(body);
  if (!payload || !BASE64URL.test(last)) return 'bad-payload';
  return { kind: 'signed', header, payload, signed: `${head}.${body}`, signature: last };
}

function jsonPart(part: string): Record<string, unknown> | undefined {
  if (part === '' || !BASE64URL.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(base64UrlBytes(part)));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Decodes base64url without padding (RFC 7515, appendix C). */
export function base64UrlBytes(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function base64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
