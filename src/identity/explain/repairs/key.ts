/** Why no key fits, or why the signature does not verify. */
import { textOf } from '../../../source/json.ts';
import { valueText } from '../../token-parts.ts';
import { advice, type Repairs, type TokenFacts } from '../facts.ts';
import { isEntra } from '../recognize.ts';

export const algorithmRepairs: Repairs = ({ header, rules }) => {
  const algorithm = valueText(header.alg);
  return advice(
    algorithm.toLowerCase() === 'none' &&
      'ask the provider for a signed token; `require-signed-tokens="false"` accepts unsigned ones, and with them every token that anybody makes up',
    algorithm.startsWith('HS') &&
      !rules.signingKeys.some(({ secret }) => secret !== undefined) &&
      'a symmetric key is never taken from a provider: put it into `<issuer-signing-keys><key>` as Base64, or have the provider sign with RS256',
    /^(?:EdDSA|Ed25519)$/.test(algorithm) && 'have the provider sign with RS256, PS256 or ES256: validate-jwt does not know this algorithm',
  );
};

export const keyRepairs: Repairs = (facts) => {
  const { header, payload, recognized, rules } = facts;
  const unreachable = facts.providers.filter(({ failure }) => failure !== undefined);
  return advice(
    ...unreachable.map(
      ({ url }) => `make \`${url}\` reachable, or correct the address: \`portico token providers check ${url}\` says what is wrong`,
    ),
    recognized.graph && graphAdvice(facts),
    recognized.provider === 'okta-org' &&
      "this token is of Okta's org server, whose access tokens are for Okta alone: ask a custom authorization server (`/oauth2/default`) for it, and point `<openid-config>` there",
    facts.applicationKeys !== undefined &&
      `the application has signing keys of its own (claims mapping): write \`<openid-config url="${facts.applicationKeys}" />\``,
    recognized.provider === 'entra-b2c' && flowAdvice(facts),
    otherProvider(facts),
    rules.openIdConfigs.length === 0 &&
      rules.signingKeys.length === 0 &&
      'the policy has neither `<openid-config>` nor `<issuer-signing-keys>`: add one',
    facts.applicationKeys === undefined &&
      isEntra(recognized.provider) &&
      !recognized.graph &&
      textOf(payload.appid ?? payload.azp) !== undefined &&
      `if the application has signing keys of its own (claims mapping), add \`?appid=${textOf(payload.appid ?? payload.azp)}\` to the address in \`<openid-config>\``,
    textOf(header.kid) !== undefined &&
      'if the provider has changed its keys since, get a new token; if it has just begun to use a new one, the gateway asks for it within five minutes',
  );
};

export const signatureRepairs: Repairs = (facts) =>
  advice(
    facts.recognized.graph && graphAdvice(facts),
    duplicateKid(facts) && 'two keys of the set have this id: the provider must tell them apart',
    facts.header.nonce !== undefined &&
      !facts.recognized.graph &&
      'the header has a `nonce`: Microsoft changes it before signing, in tokens for its own APIs only; ask for a scope of your API',
    facts.rules.signingKeys.length > 0 && "the key in `<issuer-signing-keys>` is not the one that signed: compare it with the provider's",
    'the token was changed after it was signed, or is signed with another key of the same id: get a new one',
  );

export function graphAdvice({ rules }: TokenFacts): string {
  const wanted = rules.audiences[0];
  const scope = wanted === undefined ? 'api://<your API>/.default' : `${wanted.replace(/\/$/, '')}/.default`;
  return `this token is for Microsoft Graph, and only Graph can verify it: ask for a scope of your API, such as \`${scope}\`, in a request of its own`;
}

/** The keys of B2C are the same for all flows unless a custom policy has its own; the address names the flow all the same. */
function flowAdvice({ payload, rules }: TokenFacts): string | undefined {
  const flow = textOf(payload.tfp) ?? textOf(payload.acr);
  if (flow === undefined || rules.openIdConfigs.length === 0) return undefined;
  if (rules.openIdConfigs.some((url) => url.toLowerCase().includes(flow.toLowerCase()))) return undefined;
  return `this token comes from the flow \`${flow}\`, which no \`<openid-config>\` names: add the document of that flow`;
}

/** The issuer's own keys are asked for nowhere. */
function otherProvider({ payload, providers, recognized }: TokenFacts): string | undefined {
  const issuer = textOf(payload.iss);
  if (issuer === undefined || recognized.graph || recognized.provider === 'okta-org' || !URL.canParse(issuer)) return undefined;
  if (providers.length === 0) return undefined;
  const family = (address: string) =>
    URL.canParse(address) ? new URL(address).hostname.replace(/^sts\.windows\.net$/, 'login.microsoftonline.com') : '';
  const own = family(issuer).split('.').slice(-2).join('.');
  if (providers.some(({ url, keys }) => family(url).endsWith(own) || (keys?.issuer !== undefined && family(keys.issuer).endsWith(own))))
    return undefined;
  return `this token was issued by \`${issuer}\`, which the policy does not know: add \`<openid-config url="${issuer.replace(/\/$/, '')}/.well-known/openid-configuration" />\`, or send a token of the right provider`;
}

function duplicateKid({ header, providers }: TokenFacts): boolean {
  const same = providers.flatMap(({ keys }) => keys?.keys ?? []).filter(({ kid }) => kid !== undefined && kid === header.kid);
  return same.length > 1;
}
