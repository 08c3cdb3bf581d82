/**
 * PKCS#12 files opened with node-forge, the one reader that also knows the old ciphers (RC2, triple DES) that Windows and
 * older tools still write and that OpenSSL 3 refuses.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createRequire } from 'node:module';
import type { pkcs12 } from 'node-forge';

type Forge = typeof import('node-forge');

/** What the file holds, as PEM: the certificate of the key first, then the others. */
export interface OpenedPfx {
  readonly certificates: readonly string[];
  readonly key: string | undefined;
}

/** Opens it. Throws an Error when it is no PKCS#12 or the password is wrong. */
export function openPfx(data: Uint8Array, password: string): OpenedPfx {
  // Synchronous, since a workspace is read so; the library loads when the first file is opened.
  const forge = createRequire(import.meta.url)('node-forge') as Forge;
  const file = parse(forge, data, password);
  const { certBag = '', pkcs8ShroudedKeyBag = '', keyBag = '' } = forge.pki.oids;
  const bagsOf = (type: string) => file.getBags({ bagType: type })[type] ?? [];
  const key = [...bagsOf(pkcs8ShroudedKeyBag), ...bagsOf(keyBag)].map((bag) => keyOf(forge, bag))[0];
  const certificates = bagsOf(certBag).map((bag) => certificateOf(forge, bag));
  const private_ = key === undefined ? undefined : createPrivateKey(key);
  const own = certificates.filter((one) => private_ !== undefined && one.checkPrivateKey(private_));
  const ordered = [...own, ...certificates.filter((one) => !own.includes(one))];
  if (ordered.length === 0) throw new Error('it holds no certificate');
  return { certificates: ordered.map((one) => one.toString()), key };
}

function parse(forge: Forge, data: Uint8Array, password: string): pkcs12.Pkcs12Pfx {
  try {
    const bytes = forge.util.createBuffer(Buffer.from(data).toString('latin1'));
    return forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(bytes), false, password);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(/password|MAC/i.test(message) ? 'the password is wrong' : `it is no PKCS#12 file: ${message}`);
  }
}

/** Forge understands RSA keys only; of others it hands on the structure, which is PKCS#8. */
function keyOf(forge: Forge, { key, asn1 }: pkcs12.Bag): string {
  const structure = key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : asn1;
  const der = Buffer.from(forge.asn1.toDer(structure).getBytes(), 'latin1');
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' }).toString();
}

function certificateOf(forge: Forge, { cert, asn1 }: pkcs12.Bag): X509Certificate {
  const structure = cert ? forge.pki.certificateToAsn1(cert) : asn1;
  return new X509Certificate(Buffer.from(forge.asn1.toDer(structure).getBytes(), 'latin1'));
}
