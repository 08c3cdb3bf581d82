/** Percent-encoding as System.Uri does it (RFC 3986 sets, UTF-8). */

const UNRESERVED = /[A-Za-z0-9\-._~]/;
/** Everything that `EscapeDataString` encodes. */
const NOT_UNRESERVED = /[^A-Za-z0-9\-._~]+/g;
/** Everything that `EscapeUriString` encodes. */
const NOT_RESERVED = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]+/g;
/** The same where existing escapes stay. */
const NOT_RESERVED_OR_ESCAPE = /(?:[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2}))+/g;
const ESCAPES = /(?:%[0-9A-Fa-f]{2})+/g;
const RESERVED = ":/?#[]@!$&'()*+,;=";

function encode(text: string): string {
  let encoded = '';
  for (const byte of new TextEncoder().encode(text)) encoded += hexEscape(byte);
  return encoded;
}

/** `%XX` of one byte. */
export function hexEscape(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** `Uri.EscapeDataString`. */
export function escapeData(text: string): string {
  return text.replace(NOT_UNRESERVED, encode);
}

/** `Uri.EscapeUriString`. */
export function escapeUri(text: string): string {
  return text.replace(NOT_RESERVED, encode);
}

/** A part of a URI in its escaped form: escapes of unreserved characters are undone, everything unsafe is escaped, escapes stay. */
export function canonical(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, undoUnreserved).replace(NOT_RESERVED_OR_ESCAPE, encode);
}

function undoUnreserved(whole: string, hex: string): string {
  const character = String.fromCharCode(Number.parseInt(hex, 16));
  return UNRESERVED.test(character) ? character : whole;
}

/** `Uri.UnescapeDataString`: every escape that is valid UTF-8; others stay as they are. */
export function unescapeAll(text: string): string {
  return text.replace(ESCAPES, (escapes) => decode(escapes, () => true));
}

/** What `Uri.ToString` shows: escapes of characters that mean something in a URI, and of controls, stay. */
export function unescapeSafely(text: string): string {
  return text.replace(ESCAPES, (escapes) => decode(escapes, isSafe));
}

function isSafe(character: string): boolean {
  const unit = character.charCodeAt(0);
  if (unit < 0x20 || (unit >= 0x7f && unit <= 0x9f)) return false;
  return !RESERVED.includes(character) && character !== '%' && character !== '\\';
}

function decode(escapes: string, wanted: (character: string) => boolean): string {
  const bytes = Uint8Array.from(escapes.slice(1).split('%'), (hex) => Number.parseInt(hex, 16));
  let decoded = '';
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    const source = escapes.slice(i * 3, (i + Math.max(length, 1)) * 3);
    const character = length === 0 ? '' : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(i, i + length));
    decoded += character !== '' && wanted(character) ? character : source;
    i += Math.max(length, 1);
  }
  return decoded;
}

/** How many bytes the UTF-8 sequence at `start` has; 0 when there is none. */
function sequenceLength(bytes: Uint8Array, start: number): number {
  const lead = bytes[start] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length === 0 || start + length > bytes.length) return 0;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, start + length));
    return length;
  } catch {
    return 0;
  }
}

/** Whether every character may stand in a URI as it is and every percent sign starts an escape; letters beyond ASCII may (RFC 3987). */
export function isEscaped(text: string): boolean {
  return !/[^\w\-.~:/?#[\]@!$&'()*+,;=%\u00a0-\uffff]|%(?![0-9A-Fa-f]{2})/.test(text);
}
