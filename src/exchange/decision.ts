/**
 * What a policy decided about the caller, for the audit (docs/audit.md). Never a token, a key or a secret: whoever adds
 * one names claims, not credentials.
 */
export interface Decision {
  /** Element name, such as `validate-jwt`. */
  readonly policy: string;
  /** The element's `id`. */
  readonly policyId: string | null;
  readonly outcome: 'accepted' | 'refused';
  /** LastError.Reason of a refusal (`TokenExpired`); null for an acceptance. */
  readonly reason: string | null;
  /** Who it is: of a token sub, oid, appid, azp, iss; of a certificate subject, issuer, serialNumber. Verified unless refused. */
  readonly claims: Readonly<Record<string, string>>;
  /** The key that decided: a token's kid or its key's id, a certificate's thumbprint. */
  readonly keyId: string | null;
}
