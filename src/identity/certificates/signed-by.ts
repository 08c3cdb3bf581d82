/** Whether a key made the signature under a DER structure (RFC 4055, 5758): revocation lists and OCSP answers. */
import type { HostCrypto } from '../../host/host.ts';
import { type Der, hexOf, sequenceOf } from './der.ts';

/** Hash and padding by the algorithm's object identifier. SHA-1 stays, since old authorities sign their lists with it. */
const ALGORITHMS: Readonly<Record<string, readonly [string, 'pkcs1' | 'pss']>> = {
  '2a864886f70d010105': ['sha1', 'pkcs1'],
  '2a864886f70d01010b': ['sha256', 'pkcs1'],
  '2a864886f70d01010c': ['sha384', 'pkcs1'],
  '2a864886f70d01010d': ['sha512', 'pkcs1'],
  '2a8648ce3d0401': ['sha1', 'pkcs1'],
  '2a8648ce3d040302': ['sha256', 'pkcs1'],
  '2a8648ce3d040303': ['sha384', 'pkcs1'],
  '2a8648ce3d040304': ['sha512', 'pkcs1'],
};

/** RSASSA-PSS names its hash inside its parameters. */
const PSS = '2a864886f70d01010a';
const PSS_HASHES: readonly (readonly [string, string])[] = [
  ['608648016503040201', 'sha256'],
  ['608648016503040202', 'sha384'],
  ['608648016503040203', 'sha512'],
];

export function isSignedBy(
  signed: Der,
  algorithm: Der | undefined,
  signature: Uint8Array,
  publicKeyPem: string,
  crypto: HostCrypto,
): boolean {
  const [identifier, parameters] = sequenceOf(algorithm);
  const oid = identifier ? hexOf(identifier.content) : '';
  const [hash, padding] = oid === PSS ? [pssHash(parameters), 'pss' as const] : (ALGORITHMS[oid] ?? []);
  if (hash === undefined || padding === undefined) return false;
  try {
    return crypto.verify(hash, publicKeyPem, signed.whole, signature, padding);
  } catch {
    return false;
  }
}

function pssHash(parameters: Der | undefined): string | undefined {
  const hex = parameters ? hexOf(parameters.content) : '';
  return PSS_HASHES.find(([oid]) => hex.includes(oid))?.[1];
}
