/** A token for somebody else. */
import { textOf } from '../../../source/json.ts';
import { nearestName } from '../../../source/nearest.ts';
import { advice, type Repairs, type TokenFacts } from '../facts.ts';
import { audiences } from '../recognize.ts';
import { graphAdvice } from './key.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const audienceRepairs: Repairs = (facts) => {
  const actual = audiences(facts.payload);
  if (actual.length === 0) return noAudience(facts);
  const { recognized, rules } = facts;
  const wanted = rules.audiences.length > 0 ? rules.audiences : (rules.moreAudiences ?? []);
  const guid = guidAdvice(actual, wanted, facts);
  return advice(
    recognized.graph && graphAdvice(facts),
    idToken(facts),
    ...guid,
    recognized.provider === 'okta-org' &&
      "the org server's tokens are for Okta alone: ask a custom authorization server, whose audience is of your choice",
    recognized.provider === 'keycloak' &&
      'Keycloak puts an API into `aud` only with an audience mapper: add one for it to a client scope of the client',
    recognized.provider === 'auth0' && `Auth0 puts into \`aud\` what the sign-in asks for: pass \`audience=${wanted[0]}\``,
    ...spelling(actual, wanted),
    !recognized.graph &&
      recognized.kind !== 'id' &&
      guid.length === 0 &&
      `if this token is meant for this API, add ${audienceElement(actual[0])}`,
  );
};

function noAudience({ recognized, payload }: TokenFacts): readonly string[] {
  return advice(
    recognized.provider === 'cognito' &&
      `Cognito's access tokens have no \`aud\`: leave \`<audiences>\` out and require \`<claim name="client_id"><value>${textOf(payload.client_id) ?? '<client id>'}</value></claim>\` and \`<claim name="token_use"><value>access</value></claim>\``,
    recognized.provider === 'pingfederate' && 'set AUDIENCE CLAIM VALUE in the access token manager',
    recognized.provider !== 'cognito' && 'have the provider name this API in `aud`',
  );
}

/** Version 2 tokens carry the API's client id, version 1 tokens its application ID URI. */
function guidAdvice(actual: readonly string[], wanted: readonly string[], { payload }: TokenFacts): readonly string[] {
  const [one = ''] = actual;
  const other = one.startsWith('api://') ? one.slice('api://'.length) : `api://${one}`;
  if (wanted.includes(other))
    return [
      `these are two names of the same API, its client id and its application ID URI: add ${audienceElement(one)} beside \`${other}\``,
    ];
  const isGuid = GUID.test(one);
  if (isGuid && payload.ver === '2.0' && wanted.some((name) => name.startsWith('api://') || name.startsWith('https://')))
    return [
      `version 2 tokens name an API by its client id, not by its URI: if \`${one}\` is this API's application, add ${audienceElement(one)}`,
    ];
  if (!isGuid && payload.ver === '1.0' && wanted.some((name) => GUID.test(name)))
    return [
      `version 1 tokens name an API by its URI, not by its client id: add ${audienceElement(one)}, or set \`api.requestedAccessTokenVersion\` to 2 in the API's manifest`,
    ];
  return [];
}

export function idToken({ recognized }: TokenFacts): string | undefined {
  if (recognized.kind !== 'id') return undefined;
  return 'this is an ID token, which tells the client who signed in: send the access token, asked for with a scope of the API';
}

function spelling(actual: readonly string[], wanted: readonly string[]): readonly string[] {
  return actual.flatMap((one) => {
    const same = wanted.find((name) => name.toLowerCase() === one.toLowerCase() || name.trim() === one.trim());
    if (same !== undefined)
      return [`\`${one}\` and \`${same}\` differ in case or blanks only: audiences are compared character by character`];
    const near = nearestName(one, wanted);
    return near === undefined || GUID.test(one) || near === one ? [] : [`\`${one}\` is nearly \`${near}\`: correct one of them`];
  });
}

function audienceElement(audience: string | undefined): string {
  return `\`<audience>${audience}</audience>\``;
}
