/** What a pack knows of one identity provider: addresses, discovery document, key labels, token shapes. Plain data and pure functions. */
import type { JWK } from 'jose';
import type { StandInKey } from './stand-in-keys.ts';

/** `access` is of a user, `client-credentials` of an application, `id` is an ID token. */
export const TOKEN_KINDS = ['access', 'client-credentials', 'id'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** Settings of a pack by name; each has a default. */
export type PackSettings = Readonly<Record<string, string>>;

/** What claims are made from. */
export interface TokenContext {
  readonly settings: PackSettings;
  readonly kind: TokenKind;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface ProviderPack {
  readonly name: string;
  readonly title: string;
  /** Shorter or older names. */
  readonly aliases: readonly string[];
  /** Every setting with its default. */
  readonly settings: PackSettings;
  /** `iss` of tokens. */
  issuer(settings: PackSettings): string;
  /** Issuer of the discovery document where it differs (`{tenantid}`). */
  readonly documentIssuer?: (settings: PackSettings) => string;
  discoveryUrl(settings: PackSettings): string;
  jwksUri(settings: PackSettings): string;
  /** Members of the discovery document besides issuer and jwks_uri. */
  document(settings: PackSettings): Readonly<Record<string, unknown>>;
  /** Key id of a key, as the provider writes them. */
  kid(key: StandInKey, settings: PackSettings): string;
  /** The public half as the key set shows it. */
  publish(key: StandInKey, settings: PackSettings): JWK;
  /** Keys that are always there besides: for encryption, on curves. */
  readonly moreKeys?: (settings: PackSettings) => readonly JWK[];
  /** Header members besides alg and kid. */
  header(context: TokenContext, key: StandInKey): Readonly<Record<string, unknown>>;
  /** Claims without iss and aud. */
  claims(context: TokenContext): Readonly<Record<string, unknown>>;
  /** Who the token is for when the caller names nobody; null where the provider writes no `aud`. */
  audience(context: TokenContext): string | readonly string[] | null;
  /** False where nobody chooses the audience: ID tokens, Cognito's access tokens. */
  audienceChosen(kind: TokenKind): boolean;
  /** Seconds that a token is valid. */
  readonly lifetime: number;
  /** Kinds that are signed with a key that the set does not show. */
  readonly unpublished?: readonly TokenKind[];
  /** The pack can sign with keys of the application (`?appid=` of the discovery document). */
  readonly customSigningKeys?: boolean;
}

/** Modulus and exponent, without labels. */
export function publicPart({ jwk }: StandInKey): JWK {
  const { kty = 'RSA', n, e, crv, x, y } = jwk;
  return (kty === 'EC' ? { kty, crv, x, y } : { kty, n, e }) as JWK;
}

/** The end of every discovery document's address (OpenID Connect Discovery, section 4). */
export const WELL_KNOWN = '/.well-known/openid-configuration';

/** Whoever signs in to the stand-ins. */
export const PERSON = {
  name: 'Ana Example',
  givenName: 'Ana',
  familyName: 'Example',
  email: 'ana@example.com',
  id: '5d1f6bb0-6a1c-4f0e-9d0b-2f6a7c3e8a11',
} as const;
