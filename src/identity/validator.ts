/** validate-jwt's checks, whole and in order: shape, decryption, signature, lifetime, audience, issuer, claims. */
import type { Host } from '../host/host.ts';
import { CheckLog } from './check-log.ts';
import { checkAudience, checkClaims, checkClient, checkIssuer, checkLifetime, type Payload } from './checks.ts';
import { openEncrypted } from './decryption.ts';
import { Discovery, DiscoveryError, type ProviderKeys } from './discovery.ts';
import { inlineKey, KeyImports, keyFault } from './keys.ts';
import type { Refusal } from './messages.ts';
import * as messages from './messages.ts';
import { type KeyRing, type SignatureResult, verifySignature } from './signature.ts';
import { TokenCache } from './token-cache.ts';
import { splitToken, type TokenParts, valueText } from './token-parts.ts';
import type {
  IdentitySnapshot,
  TokenAccepted,
  TokenKey,
  TokenOutcome,
  TokenRefused,
  TokenRequirements,
  TokenRules,
  TokenValidator,
} from './token-validator.ts';

export interface ValidatorOptions {
  readonly host: Host;
  readonly discovery?: Discovery;
  /** Most accepted tokens that are kept until they expire; 0 or false keeps none. Default 10,000. */
  readonly cache?: number | boolean;
}

/** Makes the validator of one gateway; a reload makes a new one, so that nothing validated before counts any more. */
export function createTokenValidator(options: ValidatorOptions): TokenValidator {
  return new Validator(options);
}

/** What is known of a token while it is checked, for the audit. */
interface Seen {
  /** Only what a verified signature covers. */
  subject: Readonly<Record<string, string>> | undefined;
  keyId: string | null;
}

const NO_CACHE = { size: 0, limit: 0, hits: 0, misses: 0 };

/** The claims that tell who called. */
const SUBJECT_CLAIMS = ['sub', 'oid', 'appid', 'azp', 'iss'] as const;

/** Characters of a claim or key id that logs get. */
const LONGEST_SHOWN = 256;

function subjectOf(payload: Payload): Record<string, string> {
  const claims: Record<string, string> = {};
  for (const name of SUBJECT_CLAIMS) {
    const value = payload[name];
    if (typeof value === 'string') claims[name] = value.slice(0, LONGEST_SHOWN);
  }
  return claims;
}

class Validator implements TokenValidator {
  readonly #host: Host;
  readonly #discovery: Discovery;
  readonly #cache: TokenCache | undefined;
  readonly #imports: KeyImports;
  readonly #inline = new WeakMap<readonly TokenKey[], Pick<KeyRing, 'inline' | 'faults'>>();

  constructor({ host, discovery, cache = true }: ValidatorOptions) {
    this.#host = host;
    this.#imports = new KeyImports(host.crypto);
    this.#discovery = discovery ?? new Discovery(host);
    this.#cache = cache ? new TokenCache(host.crypto, cache === true ? undefined : cache) : undefined;
  }

  known(token: string, rules: TokenRules): TokenAccepted | undefined {
    const versions = this.#cache && this.#keyVersions(rules);
    if (!this.#cache || versions === undefined) return undefined;
    return this.#cache.get(this.#cache.key(token, rules), this.#seconds(), versions);
  }

  snapshot(): IdentitySnapshot {
    return { providers: this.#discovery.snapshot(), tokenCache: this.#cache?.figures ?? NO_CACHE };
  }

  validate(requirements: TokenRequirements): TokenOutcome | Promise<TokenOutcome> {
    if (requirements.token.trim() === '') return refused(messages.notPresent(), new CheckLog());
    const versions = this.#cache && this.#keyVersions(requirements);
    if (!this.#cache || versions === undefined) return this.#judge(requirements, undefined);
    const key = this.#cache.key(requirements.token, requirements);
    return this.#cache.get(key, this.#seconds(), versions) ?? this.#judge(requirements, key);
  }

  #seconds(): number {
    return Math.floor(this.#host.now() / 1000);
  }

  /** Undefined while a provider's keys are not at hand. */
  #keyVersions({ openIdConfigs }: TokenRules): string | undefined {
    let versions = '';
    for (const url of openIdConfigs) {
      const known = this.#discovery.known(url);
      if (!known) return undefined;
      versions += `${known.version},`;
    }
    return versions;
  }

  async #judge(requirements: TokenRequirements, cacheKey: string | undefined): Promise<TokenOutcome> {
    this.#cache?.missed();
    const log = new CheckLog();
    const seen: Seen = { subject: undefined, keyId: null };
    const result = await this.#check(requirements, log, seen);
    if ('reason' in result) return { ...refused(result, log), subject: seen.subject ?? {}, keyId: seen.keyId };
    const { header, payload } = result;
    const accepted: TokenAccepted = {
      ok: true,
      token: { header, payload },
      subject: subjectOf(payload),
      keyId: seen.keyId,
      checks: log.checks,
    };
    this.#remember(requirements, cacheKey, accepted);
    return accepted;
  }

  #remember(requirements: TokenRequirements, cacheKey: string | undefined, accepted: TokenAccepted): void {
    const versions = this.#keyVersions(requirements);
    const { exp } = accepted.token.payload;
    if (!this.#cache || versions === undefined || typeof exp !== 'number') return;
    const { token } = requirements;
    this.#cache.set(cacheKey ?? this.#cache.key(token, requirements), accepted, exp + requirements.clockSkewSeconds, versions);
  }

  async #check(requirements: TokenRequirements, log: CheckLog, seen: Seen): Promise<{ header: Payload; payload: Payload } | Refusal> {
    const parts = await this.#open(requirements, log);
    if ('reason' in parts) return parts;
    const payload = parts.payload ?? {};
    seen.keyId = typeof parts.header.kid === 'string' ? parts.header.kid.slice(0, LONGEST_SHOWN) : null;
    let providers: readonly ProviderKeys[];
    try {
      providers = await Promise.all(requirements.openIdConfigs.map((url) => this.#discovery.keys(url)));
    } catch (error) {
      if (!(error instanceof DiscoveryError)) throw error;
      log.add('discovery', 'reachable', error.message, false);
      return messages.configurationUnavailable(error.url, error.message);
    }
    const refusal = await this.#checkParts(parts, payload, requirements, providers, log, seen);
    return refusal ?? { header: parts.header, payload };
  }

  async #checkParts(
    parts: TokenParts,
    payload: Payload,
    requirements: TokenRequirements,
    providers: readonly ProviderKeys[],
    log: CheckLog,
    seen: Seen,
  ): Promise<Refusal | undefined> {
    const unsigned = parts.header.alg === 'none' && parts.signature === '' && !requirements.requireSignedTokens;
    const signature = unsigned ? undefined : await this.#signature(parts, payload, requirements, providers);
    log.add('signature', unsigned ? 'not required' : 'a known key', describeSignature(parts, signature), signature?.ok !== false);
    if (signature?.ok === false) return signature.refusal;
    if (signature) {
      seen.subject = subjectOf(payload);
      seen.keyId = signature.key || seen.keyId;
    }
    const issuers = acceptedIssuers(requirements, providers);
    return (
      checkLifetime(payload, requirements, this.#seconds(), log) ??
      checkAudience(payload, requirements.audiences, log) ??
      checkAudience(payload, requirements.moreAudiences ?? [], log) ??
      checkIssuer(payload, issuers, log) ??
      checkClient(payload, requirements.clientApplications ?? [], log) ??
      checkClaims(payload, requirements.requiredClaims, log)
    );
  }

  /** Asks the providers again, once, when no key has the token's id. */
  async #signature(
    parts: TokenParts,
    payload: Payload,
    requirements: TokenRequirements,
    providers: readonly ProviderKeys[],
  ): Promise<SignatureResult> {
    const first = await verifySignature(parts, this.#ring(requirements, providers), this.#imports);
    if (first.ok || !first.unknownKey || requirements.openIdConfigs.length === 0) return first;
    // Newer keys could not save an expired or foreign token: .NET's library does not ask for them either.
    if (!this.#mayPass(payload, requirements, providers)) return first;
    const fresh = await Promise.all(requirements.openIdConfigs.map((url) => this.#discovery.refetch(url)));
    const changed = fresh.some((keys, at) => keys.version !== providers[at]?.version);
    return changed ? verifySignature(parts, this.#ring(requirements, fresh), this.#imports) : first;
  }

  #mayPass(payload: Payload, requirements: TokenRequirements, providers: readonly ProviderKeys[]): boolean {
    const log = new CheckLog();
    const lifetime = checkLifetime(payload, requirements, this.#seconds(), log);
    return (lifetime ?? checkIssuer(payload, acceptedIssuers(requirements, providers), log)) === undefined;
  }

  #ring(requirements: TokenRequirements, providers: readonly ProviderKeys[]): KeyRing {
    let inline = this.#inline.get(requirements.signingKeys);
    if (!inline) {
      const read = requirements.signingKeys.map((key) => inlineKey(key, this.#host) ?? keyFault(key, this.#host));
      inline = { inline: read.filter((one) => typeof one !== 'string'), faults: read.filter((one) => typeof one === 'string') };
      this.#inline.set(requirements.signingKeys, inline);
    }
    const provided = providers.flatMap(({ keys }) => keys.map((jwk) => ({ id: typeof jwk.kid === 'string' ? jwk.kid : undefined, jwk })));
    return { ...inline, provided };
  }

  /** The signed token: the token itself, or what is inside an encrypted one. */
  async #open(requirements: TokenRequirements, log: CheckLog): Promise<TokenParts | Refusal> {
    const outer = splitToken(requirements.token);
    if (typeof outer === 'string') return shapeRefusal(outer, requirements.token);
    if (outer.kind === 'signed') return outer;
    if (requirements.decryptionKeys.length === 0) return messages.noDecryptionKey();
    const inner = await openEncrypted(requirements.token, outer.header, requirements.decryptionKeys, this.#host, this.#imports);
    log.add('decryption', 'a configured key', inner === undefined ? 'none fits' : 'decrypted', inner !== undefined);
    if (inner === undefined) return messages.decryptionFailed();
    const parts = splitToken(inner);
    if (typeof parts === 'string') return shapeRefusal(parts, inner);
    return parts.kind === 'encrypted' ? messages.unreadable() : parts;
  }
}

function acceptedIssuers({ issuers, tenantIssuer }: TokenRules, providers: readonly ProviderKeys[]): string[] {
  const provided = providers.flatMap(({ issuer }) => issuer ?? []);
  return [...issuers, ...provided, ...tenantIssuers(tenantIssuer, provided)];
}

/** A tenant's version 2 issuer, `https://<sign-in host>/<tenant>/v2.0`, names the tenant that its version 1 issuer names. */
function tenantIssuers(template: string | undefined, provided: readonly string[]): string[] {
  if (template === undefined) return [];
  return provided.flatMap((issuer) => {
    const tenant = /^https:\/\/[^/]+\/([^/]+)\/v2\.0\/?$/.exec(issuer)?.[1];
    return tenant === undefined ? [] : [template.replaceAll('{tenantid}', tenant)];
  });
}

function describeSignature({ header }: TokenParts, result: SignatureResult | undefined): string {
  const named = `alg ${valueText(header.alg)}, kid ${valueText(header.kid)}`;
  return result?.ok ? `${named}, verified by key ${result.key || '(without id)'}` : named;
}

function shapeRefusal(fault: Exclude<ReturnType<typeof splitToken>, object>, token: string): Refusal {
  switch (fault) {
    case 'wrong-parts':
      return messages.wrongParts(token.split('.', 1000).length);
    case 'unreadable':
      return messages.unreadable();
    case 'too-large':
      return messages.tooLarge(token.length);
    case 'bad-header':
      return messages.unreadableHeader();
    case 'bad-payload':
      return messages.unreadablePayload();
  }
}

function refused({ reason, message }: Refusal, log: CheckLog): TokenRefused {
  return { ok: false, reason, message, checks: log.checks };
}
