/** What advice is drawn from: the token as read, the policy's rules, the providers as met. */
import type { ProviderKeys } from '../discovery.ts';
import type { TokenRules } from '../token-validator.ts';
import type { Claims, Recognized } from './recognize.ts';

export interface ProviderFacts {
  readonly url: string;
  /** Undefined when they could not be had. */
  readonly keys: ProviderKeys | undefined;
  readonly failure: string | undefined;
}

export interface TokenFacts {
  readonly header: Claims;
  readonly payload: Claims;
  readonly rules: TokenRules;
  readonly providers: readonly ProviderFacts[];
  readonly recognized: Recognized;
  /** Seconds since 1970. */
  readonly now: number;
  /** Every issuer that is accepted, `{tenantid}` filled in. */
  readonly issuers: readonly string[];
  /** The discovery address whose keys, asked for with this application's id, hold the token's key. */
  readonly applicationKeys: string | undefined;
}

/** Advice in the order of how likely it is; nothing that does not apply. */
export type Repairs = (facts: TokenFacts) => readonly string[];

/** Keeps what applies. */
export function advice(...texts: readonly (string | false | undefined)[]): string[] {
  return texts.filter((one): one is string => typeof one === 'string');
}
