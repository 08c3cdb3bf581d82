/** HostCrypto on node:crypto: synchronous, as .NET's classes are. */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  sign,
  timingSafeEqual,
  verify,
  X509Certificate,
} from 'node:crypto';
import type { CertificateInfo, HostCrypto } from './host.ts';
import { openPfx, WrongPassword } from './node-pfx.ts';

/** Builds the cryptography of the Node host. Errors are those of node:crypto; callers turn them into .NET's. */
export function nodeCrypto(): HostCrypto {
  return {
    hash: (algorithm, data) => hash(algorithm, data, 'buffer'),
    hashText: (algorithm, text) => hash(algorithm, text, 'base64'),
    hmac: (algorithm, key, data) => createHmac(algorithm, key).update(data).digest(),
    cipher: runCipher,
    sign: (algorithm, key, data, padding) => sign(algorithm, data, { key: privateKey(key), ...signPadding(padding) }),
    verify: (algorithm, key, data, signature, padding) =>
      verify(algorithm, data, { key: anyPublicKey(key), ...signPadding(padding) }, signature),
    rsa: runRsa,
    rsaFromJwk,
    rsaToJwk: (key, includePrivate) => stringMembers((includePrivate ? privateKey(key) : anyPublicKey(key)).export({ format: 'jwk' })),
    generateRsa: (bits) =>
      generateKeyPairSync('rsa', {
        modulusLength: bits,
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'pem' },
      }).privateKey,
    certificate: (data) => describeCertificate(new X509Certificate(data)),
    pfx: (data, password) => {
      try {
        return openPfx(data, password);
      } catch (error) {
        if (error instanceof WrongPassword) return 'wrong password';
        throw error;
      }
    },
    isIssuedBy: (certificate, issuer) => isIssuedBy(new X509Certificate(certificate.der), new X509Certificate(issuer.der)),
    timingSafeEqual: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  };
}

const runCipher: HostCrypto['cipher'] = (direction, algorithm, key, iv, data, padding) => {
  const cipher = direction === 'encrypt' ? createCipheriv(algorithm, key, iv) : createDecipheriv(algorithm, key, iv);
  cipher.setAutoPadding(padding);
  return Buffer.concat([cipher.update(data), cipher.final()]);
};

function signPadding(padding: 'pkcs1' | 'pss'): { padding: number; saltLength?: number } {
  if (padding === 'pkcs1') return { padding: constants.RSA_PKCS1_PADDING };
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

const runRsa: HostCrypto['rsa'] = (direction, key, data, padding, hash) => {
  const scheme =
    padding === 'oaep' ? { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash ?? 'sha1' } : { padding: constants.RSA_PKCS1_PADDING };
  if (direction === 'encrypt') return publicEncrypt({ key: anyPublicKey(key), ...scheme }, data);
  if (padding === 'pkcs1') return withoutPadding(privateDecrypt({ key: privateKey(key), padding: constants.RSA_NO_PADDING }, data));
  return privateDecrypt({ key: privateKey(key), ...scheme }, data);
};

/**
 * `00 02 <at least eight bytes> 00 <message>` (RFC 8017, section 7.2.2). Node 20 refuses to take this padding off, since
 * the way a failure is told may betray the message; who asks for it must answer every failure alike.
 */
function withoutPadding(block: Uint8Array): Uint8Array {
  const end = block.indexOf(0, 2);
  if (block[0] !== 0 || block[1] !== 2 || end < 10) throw new Error('the RSA padding is wrong');
  return block.subarray(end + 1);
}

function rsaFromJwk(jwk: Readonly<Record<string, string>>): string {
  const key = { kty: 'RSA', ...jwk };
  const object = 'd' in jwk ? createPrivateKey({ key, format: 'jwk' }) : createPublicKey({ key, format: 'jwk' });
  return object.export({ format: 'pem', type: 'd' in jwk ? 'pkcs8' : 'spki' }).toString();
}

/** Tries the encodings a DER private key may have. */
function privateKey(key: string | Uint8Array): KeyObject {
  if (typeof key === 'string') return createPrivateKey(key);
  return firstThatReads([
    () => createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' }),
    () => createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs1' }),
  ]);
}

function anyPublicKey(key: string | Uint8Array): KeyObject {
  if (typeof key === 'string') return createPublicKey(key);
  return firstThatReads([
    () => createPublicKey({ key: Buffer.from(key), format: 'der', type: 'spki' }),
    () => createPublicKey({ key: Buffer.from(key), format: 'der', type: 'pkcs1' }),
    () => createPublicKey(privateKey(key)),
  ]);
}

function firstThatReads(attempts: readonly (() => KeyObject)[]): KeyObject {
  let failure: unknown;
  for (const attempt of attempts) {
    try {
      return attempt();
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function stringMembers(jwk: object): Record<string, string> {
  return Object.fromEntries(Object.entries(jwk).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function describeCertificate(certificate: X509Certificate): CertificateInfo {
  const type = certificate.publicKey.asymmetricKeyType;
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    serialNumber: certificate.serialNumber.toUpperCase(),
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    der: certificate.raw,
    publicKeyPem: certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    keyType: type === 'rsa' || type === 'ec' ? type : 'other',
    signatureAlgorithm: signatureAlgorithmOf(certificate.raw),
    version: versionOf(certificate.raw),
    dnsNames: (certificate.subjectAltName ?? '').split(', ').flatMap((name) => (name.startsWith('DNS:') ? [name.slice(4)] : [])),
  };
}

/** `SEQUENCE { SEQUENCE { [0] { INTEGER version } … }` (RFC 5280, section 4.1.2.1): absent means 1, 2 stands for 3. */
function versionOf(der: Uint8Array): number {
  const outer = contentAt(der, 0);
  const at = contentAt(der, outer);
  return der[at] === 0xa0 ? (der[at + 4] ?? 0) + 1 : 1;
}

/** Where the content of the DER element begins that stands at an offset. */
function contentAt(der: Uint8Array, at: number): number {
  const length = der[at + 1] ?? 0;
  return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
}

/** Node prints one attribute a line, first the broadest; .NET prints the reverse order, comma-separated, quoted where needed. */
function distinguishedName(text: string): string {
  const parts = text.split('\n').filter((part) => part !== '');
  return parts.reverse().map(quoteAttribute).join(', ');
}

/** .NET's spelling of attribute types that differ from OpenSSL's. */
const ATTRIBUTE_NAMES: Readonly<Record<string, string>> = { ST: 'S', emailAddress: 'E', street: 'STREET', title: 'T', GN: 'G' };

function quoteAttribute(part: string): string {
  const equals = part.indexOf('=');
  const name = part.slice(0, equals);
  const value = part.slice(equals + 1).replace(/\\(.)/g, '$1');
  const needsQuotes = /[,+"\n<>#;]|^\s|\s$/.test(value);
  return `${ATTRIBUTE_NAMES[name] ?? name}=${needsQuotes ? `"${value.replaceAll('"', '""')}"` : value}`;
}

/** Object identifiers of the signature algorithms in use (RFC 4055, 5758), with the friendly names .NET gives them. */
const SIGNATURE_NAMES: readonly (readonly [string, string])[] = [
  ['2a864886f70d01010b', 'sha256RSA'],
  ['2a864886f70d01010c', 'sha384RSA'],
  ['2a864886f70d01010d', 'sha512RSA'],
  ['2a864886f70d010105', 'sha1RSA'],
  ['2a864886f70d01010a', 'RSASSA-PSS'],
  ['2a8648ce3d040302', 'sha256ECDSA'],
  ['2a8648ce3d040303', 'sha384ECDSA'],
  ['2a8648ce3d040304', 'sha512ECDSA'],
];

/** The algorithm stands last but for the signature bits: the last occurrence of its identifier decides. */
function signatureAlgorithmOf(der: Uint8Array): string {
  const hex = Buffer.from(der).toString('hex');
  let best = { at: -1, name: '' };
  for (const [oid, name] of SIGNATURE_NAMES) {
    const at = hex.lastIndexOf(`06${(oid.length / 2).toString(16).padStart(2, '0')}${oid}`);
    if (at > best.at) best = { at, name };
  }
  return best.name;
}
