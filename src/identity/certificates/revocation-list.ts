/** Certificate revocation lists (RFC 5280, section 5): whole ones, signed by the issuer itself. */
import type { CertificateInfo, HostCrypto } from '../../host/host.ts';
import { extensionsOf } from './certificate-parts.ts';
import { bitsOf, childrenOf, type Der, hexOf, numberText, readDer, sequenceOf, TAG, timeOf } from './der.ts';
import { isSignedBy } from './signed-by.ts';

export interface RevocationList {
  /** DER of the issuer's name, as hexadecimal. */
  readonly issuer: string;
  /** When the next list comes; infinite when the list does not say. */
  readonly nextUpdate: number;
  /** Serial numbers, hexadecimal without leading zeros. */
  readonly revoked: ReadonlySet<string>;
  isSignedBy(issuer: CertificateInfo, crypto: HostCrypto): boolean;
}

/** Whether the list speaks for certain kinds of certificates only; lists of other authorities' certificates are not read. */
const ISSUING_POINT = '551d1c';

/** Reads DER, or PEM text of it. Throws an Error when it is no list that can be used whole. */
export function readRevocationList(bytes: Uint8Array): RevocationList {
  const [body, algorithm, signature] = sequenceOf(readDer(derOf(bytes)));
  const fields = sequenceOf(body);
  const [, issuer, , ...rest] = fields[0]?.tag === TAG.integer ? fields.slice(1) : fields;
  if (!body || !issuer) throw new Error('the revocation list is not complete');
  checkExtensions(rest.find(({ tag }) => tag === 0xa0));
  const next = rest.find(({ tag }) => tag === TAG.utcTime || tag === TAG.time);
  const bits = bitsOf(signature);
  return {
    issuer: hexOf(issuer.whole),
    nextUpdate: next ? timeOf(next) : Number.POSITIVE_INFINITY,
    revoked: new Set(revokedIn(rest.find(({ tag }) => tag === TAG.sequence))),
    isSignedBy: ({ publicKeyPem }, crypto) => isSignedBy(body, algorithm, bits, publicKeyPem, crypto),
  };
}

function revokedIn(entries: Der | undefined): string[] {
  return entries ? childrenOf(entries).map((entry) => numberText(childrenOf(entry)[0]?.content ?? new Uint8Array(0))) : [];
}

/** A critical extension that is not understood (delta lists among them) makes the list unusable. */
function checkExtensions(holder: Der | undefined): void {
  for (const [oid, { critical, value }] of extensionsOf(holder)) {
    const indirect = oid === ISSUING_POINT && childrenOf(readDer(value)).some(({ tag }) => tag === 0x83 || tag === 0x84);
    if (critical && (oid !== ISSUING_POINT || indirect))
      throw new Error('the revocation list has a critical extension that is not supported');
  }
}

/** PEM begins with its dashes; DER never does. */
function derOf(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x2d) return bytes;
  const text = new TextDecoder('latin1').decode(bytes);
  const body = /-----BEGIN [^-]+-----([^-]*)-----END/.exec(text)?.[1] ?? '';
  return Uint8Array.from(atob(body.replace(/\s/g, '')), (character) => character.charCodeAt(0));
}
