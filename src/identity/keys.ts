/** Signing keys: where they come from and which ones a token's header lets us try. */
import type { CryptoKey, JWK } from 'jose';
import type { Host } from '../host/host.ts';
import { base64Url, base64UrlBytes } from './token-parts.ts';
import type { TokenKey } from './token-validator.ts';

/** One key that may verify a signature. */
export interface CandidateKey {
  readonly id: string | undefined;
  readonly jwk: JWK;
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
  return kty !== 'EC' || crv === CURVES[algorithm];
}

/** The keys written into the policy. */
export function inlineKey(key: TokenKey, sources: KeySources): CandidateKey | undefined {
  if (key.rsa) return { id: key.id, jwk: { kty: 'RSA', n: key.rsa.n, e: key.rsa.e } };
  if (key.certificateId !== undefined) return certificateKey(key.certificateId, key.id, sources);
  const secret = decodeBase64(key.secret ?? '');
  return secret && { id: key.id, jwk: { kty: 'oct', k: base64Url(secret) } };
}

function certificateKey(certificateId: string, id: string | undefined, { certificates, crypto }: KeySources): CandidateKey | undefined {
  const certificate = certificates.find(certificateId);
  return certificate && { id: id ?? certificate.info.thumbprint, jwk: crypto.rsaToJwk(certificate.info.publicKeyPem, false) as JWK };
}

/** Standard Base64, with or without padding, or the URL alphabet; undefined when it is neither. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const plain = text.replace(/\s/g, '').replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  if (!/^[A-Za-z0-9_-]*$/.test(plain) || plain.length % 4 === 1) return undefined;
  return base64UrlBytes(plain);
}

/** Imported keys are kept per key object and algorithm: a set that is fetched again brings new objects. */
export class KeyImports {
  readonly #imported = new WeakMap<JWK, Map<string, Promise<CryptoKey | Uint8Array>>>();
  #jose: Promise<typeof import('jose')> | undefined;

  /** The library, loaded when the first token comes. */
  get jose(): Promise<typeof import('jose')> {
    this.#jose ??= import('jose');
    return this.#jose;
  }

  import(key: CandidateKey, algorithm: string): Promise<CryptoKey | Uint8Array> {
    let byAlgorithm = this.#imported.get(key.jwk);
    if (!byAlgorithm) {
      byAlgorithm = new Map();
      this.#imported.set(key.jwk, byAlgorithm);
    }
    let imported = byAlgorithm.get(algorithm);
    if (!imported) {
      imported = this.jose.then((jose) => importKey(jose, key.jwk, algorithm));
      byAlgorithm.set(algorithm, imported);
    }
    return imported;
  }
}

async function importKey(jose: typeof import('jose'), jwk: JWK, algorithm: string): Promise<CryptoKey | Uint8Array> {
  const { x5c, n, x } = jwk;
  if (jwk.kty !== 'oct' && n === undefined && x === undefined && x5c?.[0]) {
    return jose.importX509(`-----BEGIN CERTIFICATE-----\n${x5c[0]}\n-----END CERTIFICATE-----`, algorithm);
  }
  // Providers label keys in many ways; the algorithm was chosen above, so their own labels are left out.
  const { kty, k, e, y, crv } = jwk;
  return jose.importJWK({ kty, k, n, e, x, y, crv } as JWK, algorithm) as Promise<CryptoKey | Uint8Array>;
}
