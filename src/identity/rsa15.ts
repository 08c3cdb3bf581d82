/**
 * RSA1_5 (RFC 7518, section 4.2), which jose dropped and Azure still opens: the content key is unwrapped by the host, and
 * a key that does not unwrap becomes a random one, so that nobody can tell bad padding from a bad tag (RFC 7516, 11.5).
 */

import { concatenated } from '../host/bytes.ts';
import type { Host } from '../host/host.ts';
import { base64UrlBytes } from './token-parts.ts';

/** Cipher, hash and half the length of the content key in bytes (RFC 7518, section 5.2). */
const CONTENT: Readonly<Record<string, readonly [cipher: string, hash: string, half: number]>> = {
  'A128CBC-HS256': ['aes-128-cbc', 'sha256', 16],
  'A192CBC-HS384': ['aes-192-cbc', 'sha384', 24],
  'A256CBC-HS512': ['aes-256-cbc', 'sha512', 32],
};

/** The content; undefined when the key does not open it. */
export function decryptRsa15(
  token: string,
  encryption: string,
  privateKeyPem: string,
  host: Pick<Host, 'crypto' | 'randomBytes'>,
): string | undefined {
  const [protectedHeader = '', wrapped = '', iv = '', text = '', tag = ''] = token.split('.');
  const content = Object.hasOwn(CONTENT, encryption) ? CONTENT[encryption] : undefined;
  if (!content) return undefined;
  const [cipher, hash, half] = content;
  const key = unwrap(base64UrlBytes(wrapped), privateKeyPem, half * 2, host);
  const [vector, data] = [base64UrlBytes(iv), base64UrlBytes(text)];
  const header = new TextEncoder().encode(protectedHeader);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length * 8));
  const mac = host.crypto.hmac(hash, key.subarray(0, half), concatenated([header, vector, data, length])).subarray(0, half);
  if (!host.crypto.timingSafeEqual(mac, base64UrlBytes(tag))) return undefined;
  return new TextDecoder().decode(host.crypto.cipher('decrypt', cipher, key.subarray(half), vector, data, true));
}

function unwrap(
  wrapped: Uint8Array,
  pem: string,
  length: number,
  { crypto, randomBytes }: Pick<Host, 'crypto' | 'randomBytes'>,
): Uint8Array {
  const random = randomBytes(length);
  try {
    const key = crypto.rsa('decrypt', pem, wrapped, 'pkcs1');
    return key.length === length ? key : random;
  } catch {
    return random;
  }
}
