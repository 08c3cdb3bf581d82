/**
 * Texts of the .NET identity library that reach LastError.Message (errors.yaml, identity_library_texts): the code is
 * what matters, the gist follows the library, placeholders are filled as it does. Those about signatures have real line breaks,
 * as the library's have: such a text in a header fails the call (observed).
 */
import type { TokenFailureReason } from './token-validator.ts';

/** Why a token is refused: APIM's reason, the library's text. */
export interface Refusal {
  readonly reason: TokenFailureReason;
  readonly message: string;
}

const refusal = (reason: TokenFailureReason, message: string): Refusal => ({ reason, message });
/** The documented tail of every reason but JwtInvalid. */
const denied = (reason: TokenFailureReason, message: string): Refusal => refusal(reason, `${message} Access denied.`);

export const notPresent = (): Refusal => refusal('TokenNotPresent', 'JWT not present.');

export const wrongParts = (parts: number): Refusal =>
  refusal('JwtInvalid', `IDX12741: JWT must have three segments (JWS) or five segments (JWE). The token has ${parts}.`);

export const unreadableHeader = (): Refusal => refusal('JwtInvalid', 'IDX12729: Unable to decode the header as Base64Url encoded string.');

export const unreadablePayload = (): Refusal =>
  refusal('JwtInvalid', 'IDX12723: Unable to decode the payload as Base64Url encoded string.');

export const unreadable = (): Refusal =>
  refusal(
    'JwtInvalid',
    'IDX12709: CanReadToken() returned false. JWT is not well formed. The token needs to be in JWS or JWE Compact format.',
  );

export const tooLarge = (length: number): Refusal =>
  refusal('JwtInvalid', `IDX10209: Token has length: '${length}' which is larger than the maximum.`);

export const noSignature = (): Refusal =>
  denied('TokenSignatureInvalid', 'IDX10504: Unable to validate signature, token does not have a signature.');

export const noKeys = (faults: readonly string[] = []): Refusal =>
  denied(
    'TokenSignatureInvalid',
    `IDX10500: Signature validation failed. No security keys were provided to validate the signature.${caught(faults)}`,
  );

export const keyNotFound = (kid: string, known: number, faults: readonly string[] = []): Refusal =>
  denied(
    'TokenSignatureKeyNotFound',
    `IDX10501: Signature validation failed. Unable to match key: \nkid: '${shown(kid)}'. \nNumber of keys in configuration: '${known}'.${caught(faults)}`,
  );

/** `byId`: the policy names its keys, so that the token's key is one it does not know. */
export const noKeyFits = (kid: string, tried: number, faults: readonly string[], byId: boolean): Refusal =>
  denied(
    byId ? 'TokenSignatureKeyNotFound' : 'TokenSignatureInvalid',
    `IDX10503: Signature validation failed. No key has the kid '${shown(kid)}'. \nKeys tried: '${tried}'.${caught(faults)}`,
  );

export const wrongSignature = (kid: string, faults: readonly string[] = []): Refusal =>
  denied(
    'TokenSignatureInvalid',
    `IDX10511: Signature validation failed. Keys tried: \nthe key with kid '${shown(kid)}' matched, but the signature did not verify.${caught(faults)}`,
  );

export const noKeyVerified = (tried: number, faults: readonly string[] = []): Refusal =>
  denied(
    'TokenSignatureInvalid',
    `IDX10517: Signature validation failed. The token's kid is missing. \nKeys tried: '${tried}'.${caught(faults)}`,
  );

/** A part of the texts above. */
export const algorithmOfNoKey = (algorithm: string): string => `IDX10652: The algorithm '${shown(algorithm)}' is not supported by any key.`;

function caught(faults: readonly string[]): string {
  return faults.length === 0 ? '' : ` \nExceptions caught:\n '${faults.slice(0, 5).join('; ')}'.`;
}

/** What the token says about itself, cut where a text of its size would fill logs. */
function shown(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

export const criticalHeader = (): Refusal =>
  refusal('JwtInvalid', 'IDX10518: The token names critical header parameters that are not understood.');

export const expired = (exp: number, now: number): Refusal =>
  denied(
    'TokenExpired',
    `IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): '${utc(exp)}', Current time (UTC): '${utc(now)}'.`,
  );

export const notYetValid = (nbf: number, now: number): Refusal =>
  refusal(
    'JwtInvalid',
    `IDX10222: Lifetime validation failed. The token is not yet valid. ValidFrom (UTC): '${utc(nbf)}', Current time (UTC): '${utc(now)}'.`,
  );

export const startsAfterEnd = (nbf: number, exp: number): Refusal =>
  refusal('JwtInvalid', `IDX10224: Lifetime validation failed. The NotBefore (UTC): '${utc(nbf)}' is after Expires (UTC): '${utc(exp)}'.`);

export const noExpiration = (): Refusal =>
  refusal('JwtInvalid', 'IDX10225: Lifetime validation failed. The token is missing an Expiration Time.');

export const noAudience = (): Refusal =>
  denied('TokenAudienceNotAllowed', "IDX10206: Unable to validate audience. The 'audiences' parameter is empty.");

export const wrongAudience = (actual: readonly string[], allowed: readonly string[]): Refusal =>
  denied(
    'TokenAudienceNotAllowed',
    `IDX10214: Audience validation failed. Audiences: '${shown(actual.join(', '))}'. Did not match: validationParameters.ValidAudiences: '${allowed.join(', ')}'.`,
  );

export const noIssuer = (): Refusal =>
  denied('TokenIssuerNotAllowed', "IDX10211: Unable to validate issuer. The 'issuer' parameter is null or whitespace.");

export const wrongIssuer = (actual: string, allowed: readonly string[]): Refusal =>
  denied(
    'TokenIssuerNotAllowed',
    `IDX10205: Issuer validation failed. Issuer: '${shown(actual)}'. Did not match: validationParameters.ValidIssuers: '${allowed.join(', ')}'.`,
  );

export const claimsMissing = (names: readonly string[]): Refusal =>
  refusal('TokenClaimNotFound', `JWT token is missing the following claims: ${names.join(', ')}. Access denied.`);

export const claimNotAllowed = (name: string, value: string): Refusal =>
  refusal('TokenClaimValueNotAllowed', `Claim ${name} value of ${value} is not allowed. Access denied.`);

export const noDecryptionKey = (): Refusal => refusal('JwtInvalid', 'IDX10609: Decryption failed. No Keys tried: token.');

export const decryptionFailed = (): Refusal => refusal('JwtInvalid', 'IDX10618: Key unwrap failed using decryption keys.');

export const configurationUnavailable = (url: string, why: string): Refusal =>
  refusal('JwtInvalid', `IDX20803: Unable to obtain configuration from: '${url}'. ${why}`);

/** `01/15/2024 10:30:45`, the invariant culture's way; seconds since 1970. */
function utc(seconds: number): string {
  if (!Number.isFinite(seconds) || Math.abs(seconds) > 8.64e12) return String(seconds);
  const [date = '', time = ''] = new Date(seconds * 1000).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${month}/${day}/${year} ${time.slice(0, 8)}`;
}
