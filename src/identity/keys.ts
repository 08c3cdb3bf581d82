/** Signing keys: where they come from and which ones a token's header lets us try. */
import type { CryptoKey, JWK } from 'jose';
import { base64, base64Url } from '../host/base64.ts';
import type { Host, HostCrypto } from '../host/host.ts';
import { errorText } from '../source/error-text.ts';
import { base64UrlBytes } from './token-parts.ts';
import type { TokenKey } from './token-validator.ts';

/** One key that may verify a signature. */
export interface CandidateKey {
  readonly id: string | undefined;
  readonly jwk: JWK;
  /** It stands in a certificate: .NET compares its id without regard to case. */
  readonly isCertificate?: boolean;
}

/** Where named certificates come from. */
export type KeySources = Pick<Host, 'certificates' | 'crypto'>;

/** Key type that each algorithm needs: the header never decides what kind of key is used (RFC 8725, section 3.1). */
const KEY_TYPES: Readonly<Record<string, string>> = {
  HS256: 'oct',
  HS384: 'oct',
  HS512: 'oct',
  RS256: 'RSA',
  RS384: 'RSA',
  RS512: 'RSA',
  PS256: 'RSA',
  PS384: 'RSA',
  PS512: 'RSA',
  ES256: 'EC',
  ES384: 'EC',
  ES512: 'EC',
};

const CURVES: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };

export function isKnownAlgorithm(algorithm: unknown): algorithm is string {
  return typeof algorithm === 'string' && Object.hasOwn(KEY_TYPES, algorithm);
}

/** Whether a key may serve an algorithm; symmetric keys only come from the policy itself, never from a provider. */
export function fits(key: CandidateKey, algorithm: string, fromProvider: boolean): boolean {
  const { kty, crv, use } = key.jwk;
  if (kty !== KEY_TYPES[algorithm] || (fromProvider && kty === 'oct') || use === 'enc') return false;
  // A key that is given by its certificate alone shows its curve when it is imported.
  return kty !== 'EC' || crv === undefined || crv === CURVES[algorithm];
}

/** The keys written into the policy; undefined for one that cannot be read (`keyFault` says why). */
export function inlineKey(key: TokenKey, sources: KeySources): CandidateKey | undefined {
  if (key.rsa) return { id: key.id, jwk: { kty: 'RSA', n: key.rsa.n, e: key.rsa.e } };
  if (key.certificateId !== undefined) return certificateKey(key.certificateId, key.id, sources);
  const secret = decodeBase64(key.secret ?? '');
  return secret && secret.length > 0 ? { id: key.id, jwk: { kty: 'oct', k: base64Url(secret) } } : undefined;
}

/** Why a key of the policy cannot be used at all. */
export function keyFault(key: TokenKey, { certificates }: KeySources): string {
  if (key.certificateId === undefined) return `the key ${key.id ?? '(without id)'} is not Base64`;
  return certificates.find(key.certificateId)
    ? `the key of certificate ${key.certificateId} cannot be read`
    : `there is no certificate ${key.certificateId}`;
}

function certificateKey(certificateId: string, id: string | undefined, { certificates, crypto }: KeySources): CandidateKey | undefined {
  const certificate = certificates.find(certificateId);
  if (!certificate) return undefined;
  const { thumbprint, publicKeyPem, der } = certificate.info;
  // The token's x5t is the same thumbprint in base64url (RFC 7515, section 4.1.7).
  const x5t = base64Url(Uint8Array.from(thumbprint.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
  const jwk = certificate.info.keyType === 'ec' ? { kty: 'EC', x5c: [base64(der)] } : crypto.rsaToJwk(publicKeyPem, false);
  return { id: id ?? thumbprint, jwk: { ...jwk, x5t } as JWK, isCertificate: true };
}

/** Standard Base64, with or without padding, or the URL alphabet; undefined when it is neither. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const plain = text
    .replace(/\s/g, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/(?<!=)=+$/, '');
  if (!/^[A-Za-z0-9_-]*$/.test(plain) || plain.length % 4 === 1) return undefined;
  return base64UrlBytes(plain);
}

/** A key ready for an algorithm: of the library, or RSA below the size that the library takes. */
export type ReadyKey = CryptoKey | Uint8Array | { readonly smallRsa: string };

/** Smallest keys that .NET's library verifies with, in bits (IDX10631, IDX10653); jose refuses RSA below the third. */
const SMALLEST_RSA = 1024;
const SMALLEST_SECRET = 128;
const LIBRARY_RSA = 2048;

/** A key that must not or cannot be used; the message says why. */
export class UnusableKey extends Error {}

/** Imported keys are kept per key object and algorithm: a set that is fetched again brings new objects. */
export class KeyImports {
  readonly #crypto: HostCrypto | undefined;
  readonly #imported = new WeakMap<JWK, Map<string, Promise<ReadyKey>>>();
  #jose: Promise<typeof import('jose')> | undefined;

  /** Without cryptography of the host, RSA keys below 2,048 bits are unusable. */
  constructor(crypto?: HostCrypto) {
    this.#crypto = crypto;
  }

  get crypto(): HostCrypto | undefined {
    return this.#crypto;
  }

  /** The library, loaded when the first token comes. */
  get jose(): Promise<typeof import('jose')> {
    this.#jose ??= import('jose');
    return this.#jose;
  }

  /** Rejects with UnusableKey. */
  import(key: CandidateKey, algorithm: string): Promise<ReadyKey> {
    let byAlgorithm = this.#imported.get(key.jwk);
    if (!byAlgorithm) {
      byAlgorithm = new Map();
      this.#imported.set(key.jwk, byAlgorithm);
    }
    let imported = byAlgorithm.get(algorithm);
    if (!imported) {
      imported = this.jose.then((jose) => importKey(jose, key.jwk, algorithm, this.#crypto)).catch(unusable);
      byAlgorithm.set(algorithm, imported);
    }
    return imported;
  }
}

function unusable(error: unknown): never {
  if (error instanceof UnusableKey) throw error;
  throw new UnusableKey(`the key cannot be read: ${errorText(error)}`, { cause: error });
}

async function importKey(jose: typeof import('jose'), jwk: JWK, algorithm: string, crypto: HostCrypto | undefined): Promise<ReadyKey> {
  const { x5c, n, x, kty, k, e, y, crv } = jwk;
  const byCertificate = kty !== 'oct' && n === undefined && x === undefined && x5c?.[0] !== undefined;
  if (byCertificate && kty === 'RSA' && crypto) return importKey(jose, rsaOf(x5c[0] ?? '', crypto), algorithm, crypto);
  if (byCertificate) return jose.importX509(`-----BEGIN CERTIFICATE-----\n${x5c[0]}\n-----END CERTIFICATE-----`, algorithm);
  if (kty === 'oct') checkSize(algorithm, (decodeBase64(k ?? '')?.length ?? 0) * 8, SMALLEST_SECRET, 'IDX10653');
  if (kty === 'RSA') {
    const bits = bitsOf(n ?? '');
    checkSize(algorithm, bits, SMALLEST_RSA, 'IDX10631');
    if (bits < LIBRARY_RSA && crypto) return { smallRsa: crypto.rsaFromJwk({ n: n ?? '', e: e ?? '' }) };
  }
  // Providers label keys in many ways; the algorithm was chosen above, so their own labels are left out.
  return jose.importJWK({ kty, k, n, e, x, y, crv } as JWK, algorithm) as Promise<CryptoKey | Uint8Array>;
}

function checkSize(algorithm: string, bits: number, least: number, code: string): void {
  if (bits < least) throw new UnusableKey(`${code}: ${algorithm} needs a key of at least ${least} bits, this one has ${bits}`);
}

function rsaOf(x5c: string, crypto: HostCrypto): JWK {
  const der = decodeBase64(x5c);
  if (!der) throw new UnusableKey('the x5c is not Base64');
  return crypto.rsaToJwk(crypto.certificate(der).publicKeyPem, false) as JWK;
}

function bitsOf(modulus: string): number {
  const bytes = decodeBase64(modulus) ?? new Uint8Array(0);
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (bytes.length - first) * 8 - (Math.clz32(bytes[first] ?? 0) - 24);
}
