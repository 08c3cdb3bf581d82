/** Reading DER (X.690): just what certificates, revocation lists and OCSP answers need. Every length is checked. */

/** One element: its tag byte, its bytes from the tag on, and what they hold. */
export interface Der {
  readonly tag: number;
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
}

export const TAG = {
  boolean: 1,
  integer: 2,
  bits: 3,
  octets: 4,
  oid: 6,
  enumerated: 10,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
} as const;

/** Bytes that are no DER. */
class DerError extends Error {}

/** The element at the start of the bytes. Throws DerError when there is none. */
export function readDer(bytes: Uint8Array): Der {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new DerError('no DER element');
  const { length, start } = lengthOf(bytes, first);
  if (start + length > bytes.length) throw new DerError('a DER element ends too early');
  return { tag, whole: bytes.subarray(0, start + length), content: bytes.subarray(start, start + length) };
}

/** Short form, or up to four bytes of length (the indefinite form is not DER). */
function lengthOf(bytes: Uint8Array, first: number): { readonly length: number; readonly start: number } {
  if (first < 0x80) return { length: first, start: 2 };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || bytes.length < 2 + count) throw new DerError('a DER length is not readable');
  let length = 0;
  for (let at = 2; at < 2 + count; at += 1) length = length * 256 + (bytes[at] ?? 0);
  return { length, start: 2 + count };
}

/** The elements inside one. */
export function childrenOf(parent: Der): Der[] {
  const children: Der[] = [];
  let rest = parent.content;
  while (rest.length > 0) {
    const child = readDer(rest);
    children.push(child);
    rest = rest.subarray(child.whole.length);
  }
  return children;
}

/** The elements of a sequence; throws for anything else. */
export function sequenceOf(element: Der | undefined): Der[] {
  if (element?.tag !== TAG.sequence) throw new DerError('a DER sequence is missing');
  return childrenOf(element);
}

/** Lower-case hexadecimal: how object identifiers and names are compared here. */
export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** A number as hexadecimal without leading zeros. */
export function numberText(content: Uint8Array): string {
  return hexOf(content).replace(/^0+(?=.)/, '');
}

/** UTCTime or GeneralizedTime (RFC 5280, section 4.1.2.5), milliseconds since 1970. */
export function timeOf(element: Der | undefined): number {
  const text = element ? new TextDecoder('latin1').decode(element.content) : '';
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (!match || !element) throw new DerError('a DER time is not readable');
  const [, year = '', month, day, hour, minute, second] = match;
  const full = year.length === 4 ? Number(year) : Number(year) + (Number(year) < 50 ? 2000 : 1900);
  return Date.UTC(full, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

/** The bits of a BIT STRING that is made of whole bytes. */
export function bitsOf(element: Der | undefined): Uint8Array {
  if (element?.tag !== TAG.bits || element.content[0] !== 0) throw new DerError('a DER bit string is not readable');
  return element.content.subarray(1);
}
