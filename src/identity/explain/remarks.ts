/** What is worth a word about a token that nothing refuses. */
import { textOf } from '../../source/json.ts';
import { advice, type TokenFacts } from './facts.ts';

export function remarks(facts: TokenFacts): readonly string[] {
  const { rules, recognized } = facts;
  const anyAudience = rules.audiences.length === 0 && (rules.moreAudiences ?? []).length === 0;
  return advice(
    anyAudience && 'the policy checks no audience: a token for any other API of the issuer is accepted, too',
    recognized.kind === 'id' &&
      'this is an ID token, and the policy takes it for an access token: require a claim that only access tokens have, such as `scp`',
    otherFlow(facts),
    ...repeatedIds(facts).map((kid) => `the key id \`${kid}\` is there more than once: each of these keys is tried`),
  );
}

/** The flows of a B2C tenant share issuer and keys: only `tfp` tells them apart. */
function otherFlow({ recognized, payload, rules }: TokenFacts): string | undefined {
  const flow = textOf(payload.tfp) ?? textOf(payload.acr);
  if (recognized.provider !== 'entra-b2c' || flow === undefined) return undefined;
  if (rules.openIdConfigs.some((url) => url.toLowerCase().includes(flow.toLowerCase()))) return undefined;
  if (rules.requiredClaims.some(({ name }) => name === 'tfp' || name === 'acr')) return undefined;
  return `this token comes from the flow \`${flow}\`, which the policy does not name: issuer and keys are the same for all flows; require the claim \`tfp\` to tell them apart`;
}

function repeatedIds({ providers }: TokenFacts): readonly string[] {
  const ids = providers.flatMap(({ keys }) =>
    (keys?.keys ?? []).flatMap(({ kid, use }) => (typeof kid === 'string' && use !== 'enc' ? [kid] : [])),
  );
  return [...new Set(ids.filter((kid, at) => ids.indexOf(kid) !== at))];
}
