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

export class TokenCache {
  readonly #crypto: HostCrypto;
  readonly #most: number;
  readonly #entries = new Map<string, Entry>();
  readonly #fingerprints = new WeakMap<object, string>();
  readonly #prefixes = new WeakMap<TokenRules, string>();
  #hits = 0;
  #misses = 0;

  constructor(crypto: HostCrypto, most: number = MOST_TOKENS) {
    this.#crypto = crypto;
    this.#most = most;
  }

  key(token: string, rules: TokenRules): string {
    return this.#prefix(rules) + this.#hash(token);
  }

  get(key: string, now: number, keyVersions: string): TokenAccepted | undefined {
    const entry = this.#entries.get(key);
    if (entry && now <= entry.endsAfter && entry.keyVersions === keyVersions) {
      this.#hits += 1;
      return entry.outcome;
    }
    if (entry) this.#entries.delete(key);
    return undefined;
  }

  /** A token had to be judged. */
  missed(): void {
    this.#misses += 1;
  }

  set(key: string, outcome: TokenAccepted, endsAfter: number, keyVersions: string): void {
    if (this.#entries.size >= this.#most) {
      const oldest = this.#entries.keys().next().value;
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { outcome, endsAfter, keyVersions });
  }

  get figures(): { readonly size: number; readonly limit: number; readonly hits: number; readonly misses: number } {
    return { size: this.#entries.size, limit: this.#most, hits: this.#hits, misses: this.#misses };
  }

  /** Stands for the rules; remembered where the same object comes again. */
  #prefix(rules: TokenRules): string {
    let prefix = this.#prefixes.get(rules);
    if (prefix === undefined) {
      prefix = this.#hash(this.#fingerprint(rules));
      this.#prefixes.set(rules, prefix);
    }
    return prefix;
  }

  /** A collision would let one caller be another, so a fast short hash will not do; and no token may lie in memory. */
  #hash(text: string): string {
    return this.#crypto.hashText('sha256', text);
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
