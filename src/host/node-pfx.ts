/**
 * PKCS#12 files opened with node-forge, the one reader that also knows the old ciphers (RC2, triple DES) that Windows and
 * older tools still write and that OpenSSL 3 refuses.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createRequire } from 'node:module';
import type { pkcs12 } from 'node-forge';
import type { OpenedPfx } from './host.ts';

type Forge = typeof import('node-forge');

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

/** The file was read, but not with this password. */
export class WrongPassword extends Error {}

function parse(forge: Forge, data: Uint8Array, password: string): pkcs12.Pkcs12Pfx {
  try {
    const bytes = forge.util.createBuffer(Buffer.from(data).toString('latin1'));
    return bounded(forge, () => forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(bytes), false, password));
  } catch (error) {
    const { message } = error as Error;
    if (/password|MAC/i.test(message)) throw new WrongPassword('the password is wrong');
    throw new Error(`it is no PKCS#12 file: ${message}`);
  }
}

/** Rounds of key derivation that one file may ask for, all its parts together: some seconds at most. Old Java asks for 200,000. */
const MOST_ROUNDS = 400_000;

type Derivation = (password: unknown, salt: unknown, ...more: unknown[]) => string;
/** The three doors to key derivation, which the types of node-forge leave out; the place of the rounds among their parameters. */
interface Derivations {
  readonly pbe: { generatePkcs12Key: Derivation };
  readonly pkcs12: { generateKey: Derivation };
  readonly pkcs5: { pbkdf2: Derivation };
}

/** Whoever writes the file says how often its keys are hashed: without a bound one that a caller sends would take hours. */
function bounded<T>(forge: Forge, open: () => T): T {
  const { pbe, pkcs12: files, pkcs5 } = forge as unknown as Derivations;
  const [key, macKey, pbkdf2] = [pbe.generatePkcs12Key, files.generateKey, pkcs5.pbkdf2];
  let rounds = 0;
  const counting = (derive: Derivation, at: number): Derivation => {
    return (password, salt, ...more) => {
      rounds += Number(more[at]);
      if (!(rounds <= MOST_ROUNDS)) throw new Error(`its keys take more than ${MOST_ROUNDS} rounds`);
      return derive(password, salt, ...more);
    };
  };
  pbe.generatePkcs12Key = counting(key, 1);
  files.generateKey = counting(macKey, 1);
  pkcs5.pbkdf2 = counting(pbkdf2, 0);
  try {
    return open();
  } finally {
    pbe.generatePkcs12Key = key;
    files.generateKey = macKey;
    pkcs5.pbkdf2 = pbkdf2;
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
