/**
 * Tokens accepted before: bounded, keyed by a hash of rules and token so that no token lies in memory, gone at exp and
 * when the keys change. Only acceptance is kept; a refused token is judged again.
 */
import type { HostCrypto } from '../host/host.ts';
import type { TokenAccepted, TokenRules } from './token-validator.ts';

interface Entry {
  readonly outcome: TokenAccepted;
  /** First second at which it is refused. */
  readonly endsAfter: number;
  /** Versions of the provider key sets it was judged with. */
  readonly keyVersions: string;
}

/** Most tokens that are kept unless told otherwise; the oldest goes first. */
const MOST_TOKENS = 10_000;

/** UTF-8 of what is hashed. */
const ENCODER = new TextEncoder();

export class TokenCache {
  readonly #crypto: HostCrypto;
  readonly #most: number;
  readonly #entries = new Map<string, Entry>();
  readonly #fingerprints = new WeakMap<object, string>();
  readonly #digests = new WeakMap<TokenRules, string>();

  constructor(crypto: HostCrypto, most: number = MOST_TOKENS) {
    this.#crypto = crypto;
    this.#most = most;
  }

  key(token: string, rules: TokenRules): string {
    return this.#hash(this.#digest(rules) + token);
  }

  get(key: string, now: number, keyVersions: string): TokenAccepted | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (now <= entry.endsAfter && entry.keyVersions === keyVersions) return entry.outcome;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, outcome: TokenAccepted, endsAfter: number, keyVersions: string): void {
    if (this.#entries.size >= this.#most) {
      const oldest = this.#entries.keys().next().value;
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { outcome, endsAfter, keyVersions });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A short text that stands for the rules; remembered where the same object comes again. */
  #digest(rules: TokenRules): string {
    let digest = this.#digests.get(rules);
    if (digest === undefined) {
      digest = this.#hash(this.#fingerprint(rules));
      this.#digests.set(rules, digest);
    }
    return digest;
  }

  #hash(text: string): string {
    return digestText(this.#crypto.hash('sha256', ENCODER.encode(text)));
  }

  /** The rules as text; remembered where the same lists come again. */
  #fingerprint(rest: TokenRules): string {
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
