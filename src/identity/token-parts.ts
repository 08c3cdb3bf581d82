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

export type TokenFault = 'wrong-parts' | 'unreadable' | 'bad-header' | 'bad-payload' | 'too-large';

/** The .NET library's default limit, in bytes. */
const LARGEST_TOKEN = 250 * 1024;

/** One more than an encrypted token has. */
const MOST_PARTS = 6;

/** Deeper JSON is refused, as System.Text.Json does: reading it may be cheap, printing it is not. */
const DEEPEST = 64;

/** Bytes that are no UTF-8 are refused, and a byte order mark is a character that JSON does not know. */
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const BASE64URL = /^[A-Za-z0-9_-]*$/;

export function splitToken(token: string): TokenParts | TokenFault {
  if (token.length > LARGEST_TOKEN) return 'too-large';
  const parts = token.split('.', MOST_PARTS);
  if (parts.length !== 3 && parts.length !== 5) return 'wrong-parts';
  const [head = '', body = '', last = ''] = parts;
  if (head === '' || (parts.length === 3 && body === '') || !BASE64URL.test(parts[parts.length - 1] ?? '')) return 'unreadable';
  const header = jsonPart(head);
  if (!header) return 'bad-header';
  if (parts.length === 5) return { kind: 'encrypted', header, payload: undefined, signed: '', signature: '' };
  const payload = jsonPart(body);
  if (!payload) return 'bad-payload';
  return { kind: 'signed', header, payload, signed: `${head}.${body}`, signature: last };
}

function jsonPart(part: string): Record<string, unknown> | undefined {
  if (part === '' || !BASE64URL.test(part)) return undefined;
  try {
    const text = DECODER.decode(base64UrlBytes(part));
    if (isDeep(text)) return undefined;
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether brackets nest deeper than the limit; those inside texts do not count. */
function isDeep(text: string): boolean {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inText && code === 0x5c) at += 1;
    else if (code === 0x22) inText = !inText;
    else if (!inText && (code === 0x5b || code === 0x7b)) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (!inText && (code === 0x5d || code === 0x7d)) depth -= 1;
  }
  return deepest > DEEPEST;
}

/** Decodes base64url without padding (RFC 7515, appendix C). */
export function base64UrlBytes(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** A value of a token as text for people; a token may hold objects that no text can be made of (`{"toString":null}`). */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'absent');
}
