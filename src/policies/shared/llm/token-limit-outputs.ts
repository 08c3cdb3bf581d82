/** Headers and variables in which a token limit shows its counters. */
import type { PolicyElement } from '../../compiler.ts';
import { type AttributeDeclaration, optional } from '../../definition.ts';

const literal = { expressions: false };

export const OUTPUT_ATTRIBUTES: readonly AttributeDeclaration[] = [
  optional('retry-after-header-name', 'string', 'Header that carries the wait in seconds.', { ...literal, default: 'Retry-After' }),
  optional('retry-after-variable-name', 'string', 'Variable that gets the wait in seconds.', literal),
  optional('remaining-tokens-header-name', 'string', 'Response header with the tokens left in the minute.', literal),
  optional('remaining-tokens-variable-name', 'string', 'Variable with the tokens left in the minute.', literal),
  optional('remaining-quota-tokens-header-name', 'string', 'Response header with the tokens left of the quota.', literal),
  optional('remaining-quota-tokens-variable-name', 'string', 'Variable with the tokens left of the quota.', literal),
  optional('tokens-consumed-header-name', 'string', 'Response header with the tokens of the call.', literal),
  optional('tokens-consumed-variable-name', 'string', 'Variable with the tokens of the call: first the estimate, then the count.', literal),
];

export interface LimitOutputs {
  readonly retryHeader: string;
  readonly retryVariable: string | undefined;
  readonly rate: { readonly header: string | undefined; readonly variable: string | undefined };
  readonly quota: { readonly header: string | undefined; readonly variable: string | undefined };
  readonly consumedHeader: string | undefined;
  readonly consumedVariable: string | undefined;
}

export function limitOutputs(element: PolicyElement): LimitOutputs {
  const named = (name: string) => element.literal(`${name}-name`);
  return {
    retryHeader: named('retry-after-header') ?? 'Retry-After',
    retryVariable: named('retry-after-variable'),
    rate: { header: named('remaining-tokens-header'), variable: named('remaining-tokens-variable') },
    quota: { header: named('remaining-quota-tokens-header'), variable: named('remaining-quota-tokens-variable') },
    consumedHeader: named('tokens-consumed-header'),
    consumedVariable: named('tokens-consumed-variable'),
  };
}
