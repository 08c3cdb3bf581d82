/**
 * Tokens accepted before: bounded, keyed by a hash of token and requirements, gone at exp and when the keys change.
 * Only acceptance is kept; a refused token is judged again.
 */
import type { HostCrypto } from '../host/host.ts';
import type { TokenAccepted, TokenRequirements } from './token-validator.ts';

interface Entry {
  readonly outcome: TokenAccepted;
  /** First second at which it is refused. */
  readonly endsAfter: number;
  /** Versions of the provider key sets it was judged with. */
  readonly keyVersions: string;
}

/** Most tokens that are kept; the oldest goes first. */
const MOST_TOKENS = 10_000;

export class TokenCache {
  readonly #crypto: HostCrypto;
  readonly #entries = new Map<string, Entry>();
  readonly #fingerprints = new WeakMap<object, string>();

  constructor(crypto: HostCrypto) {
    this.#crypto = crypto;
  }

  key(requirements: TokenRequirements): string {
    const text = `${this.#fingerprint(requirements)}\n${requirements.token}`;
    return digestText(this.#crypto.hash('sha256', new TextEncoder().encode(text)));
  }

  get(key: string, now: number, keyVersions: string): TokenAccepted | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (now <= entry.endsAfter && entry.keyVersions === keyVersions) return entry.outcome;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, outcome: TokenAccepted, endsAfter: number, keyVersions: string): void {
    if (this.#entries.size >= MOST_TOKENS) {
      const oldest = this.#entries.keys().next().value;
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { outcome, endsAfter, keyVersions });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The requirements but for the token, as text; remembered where the same lists come again. */
  #fingerprint({ token: _token, ...rest }: TokenRequirements): string {
    const lists = [rest.openIdConfigs, rest.signingKeys, rest.decryptionKeys, rest.audiences, rest.issuers, rest.requiredClaims];
    const scalars = `${rest.requireExpirationTime}|${rest.requireSignedTokens}|${rest.clockSkewSeconds}`;
    const entra = `|${rest.tenantIssuer ?? ''}|${JSON.stringify([rest.moreAudiences ?? [], rest.clientApplications ?? []])}|`;
    return scalars + entra + lists.map((list) => this.#listText(list)).join('|');
  }

  #listText(list: readonly unknown[]): string {
    let text = this.#fingerprints.get(list);
    if (text === undefined) {
      text = JSON.stringify(list);
      this.#fingerprints.set(list, text);
    }
    return text;
  }
}

/** A digest as a short text to look up by. */
function digestText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
