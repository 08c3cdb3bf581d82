/** What validate-jwt asks and what it gets; the checks themselves live behind this interface. */

/** Everything validate-jwt's element says, with its expressions already computed for the call. */
export interface TokenRequirements {
  /** The bare token, without scheme word. */
  readonly token: string;
  readonly requireExpirationTime: boolean;
  readonly requireSignedTokens: boolean;
  readonly clockSkewSeconds: number;
  readonly openIdConfigs: readonly string[];
  readonly signingKeys: readonly TokenKey[];
  readonly decryptionKeys: readonly TokenKey[];
  readonly audiences: readonly string[];
  readonly issuers: readonly string[];
  readonly requiredClaims: readonly RequiredClaim[];
  /** A second list that the audience must be in, too (backend applications of Microsoft Entra ID). */
  readonly moreAudiences?: readonly string[];
  /** Client applications of Microsoft Entra ID: `appid` of version 1 tokens or `azp` of version 2 must be one of them. */
  readonly clientApplications?: readonly string[];
  /** Also accepts the version 1 issuer of each provider's tenant: this one, `{tenantid}` filled in. */
  readonly tenantIssuer?: string;
}

/** What a token is judged by. */
export type TokenRules = Omit<TokenRequirements, 'token'>;

/** One configured key: exactly one of the three forms. */
export interface TokenKey {
  /** Compared with `kid`. */
  readonly id?: string;
  /** Standard Base64 of a symmetric key. */
  readonly secret?: string;
  readonly certificateId?: string;
  /** RSA modulus and exponent, base64url. */
  readonly rsa?: { readonly n: string; readonly e: string };
}

export interface RequiredClaim {
  readonly name: string;
  readonly match: 'all' | 'any';
  readonly separator: string | null;
  readonly values: readonly string[];
}

/** LastError.Reason of a refused token. */
export type TokenFailureReason =
  | 'TokenNotPresent'
  | 'TokenSignatureInvalid'
  | 'TokenSignatureKeyNotFound'
  | 'TokenAudienceNotAllowed'
  | 'TokenIssuerNotAllowed'
  | 'TokenExpired'
  | 'TokenClaimNotFound'
  | 'TokenClaimValueNotAllowed'
  | 'JwtInvalid';

/** One check as the token explainer shows it. */
export interface TokenCheck {
  /** `signature`, `issuer`, `audience`, `lifetime`, `claim scp` … */
  readonly check: string;
  readonly expected: string;
  readonly actual: string;
  readonly passed: boolean;
}

export type TokenOutcome = TokenAccepted | TokenRefused;

export interface TokenAccepted {
  readonly ok: true;
  readonly token: ValidatedToken;
  /** Who the caller is: `sub`, `oid`, `appid`, `azp`, `iss` as far as the token has them. */
  readonly subject?: Readonly<Record<string, string>>;
  /** The key that verified the token. */
  readonly keyId?: string | null;
  readonly checks: readonly TokenCheck[];
}

export interface TokenRefused {
  readonly ok: false;
  readonly reason: TokenFailureReason;
  /** LastError.Message, the library's text included. */
  readonly message: string;
  /** Who the token says the caller is; only when its signature was verified. */
  readonly subject?: Readonly<Record<string, string>>;
  /** The key that verified it, else the one that its header names, which anybody can write. */
  readonly keyId?: string | null;
  readonly checks: readonly TokenCheck[];
}

/** A token's parts, decoded; dates are whole seconds since 1970. */
export interface ValidatedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Checks tokens; a cached answer comes without a promise. */
export interface TokenValidator {
  /** The acceptance of a token that was judged by the same rules before; cheap where the same rules object comes again. */
  known?(token: string, rules: TokenRules): TokenAccepted | undefined;
  validate(requirements: TokenRequirements): TokenOutcome | Promise<TokenOutcome>;
  /** Figures since the start, for metrics. */
  snapshot?(): IdentitySnapshot;
}

/** What metrics read: counters only grow, until the gateway stops (providers) or reloads (tokenCache). */
export interface IdentitySnapshot {
  readonly providers: readonly ProviderSnapshot[];
  readonly tokenCache: {
    readonly size: number;
    /** Most tokens that are kept; 0 when the cache is off. */
    readonly limit: number;
    readonly hits: number;
    readonly misses: number;
  };
}

/** One discovery document and its key set. */
export interface ProviderSnapshot {
  readonly url: string;
  /** Keys at hand. */
  readonly keys: number;
  readonly fetches: number;
  readonly failures: number;
  /** Sets that differed from the one before. */
  readonly rotations: number;
  /** Questions that the keys at hand answered, and those that had to wait for a fetch. */
  readonly hits: number;
  readonly misses: number;
  /** Seconds since the keys came; null before the first ones did. */
  readonly ageSeconds: number | null;
  /** Whether the last fetch brought keys. */
  readonly up: boolean;
}
