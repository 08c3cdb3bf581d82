/** A token of another issuer, or of the same one under another name. */
import { textOf } from '../../../source/json.ts';
import { advice, type Repairs, type TokenFacts } from '../facts.ts';

export const issuerRepairs: Repairs = (facts) => {
  const issuer = textOf(facts.payload.iss);
  if (issuer === undefined || issuer.trim() === '') return noIssuer(facts);
  const { issuers } = facts;
  const same = issuers.find((wanted) => bare(wanted) === bare(issuer));
  if (same !== undefined) return [slashAdvice(issuer, same)];
  const known = advice(
    versionAdvice(issuer, facts),
    tenantAdvice(issuer, facts),
    b2cAdvice(issuer, facts),
    oktaAdvice(issuer, issuers),
    keycloakAdvice(issuer, issuers),
    issuers.some((wanted) => wanted.includes('{tenantid}')) &&
      'the document is for many tenants, and the token has no `tid` to fill in: name the issuers in `<issuers>`',
  );
  if (known.length > 0) return known;
  return [
    `if tokens of this issuer are meant to be accepted, add \`<issuer>${issuer}</issuer>\`; its keys must come from an \`<openid-config>\` as well`,
  ];
};

function noIssuer({ recognized }: TokenFacts): readonly string[] {
  return advice(
    recognized.provider === 'pingfederate' && 'set ISSUER CLAIM VALUE in the access token manager',
    'have the provider set `iss`, or accept any issuer by leaving `<issuers>` and `<openid-config>` out',
  );
}

/** Without what is written differently by accident. */
function bare(issuer: string): string {
  return issuer
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/(?<!\/)\/+$/, '');
}

function slashAdvice(issuer: string, wanted: string): string {
  const add = `add \`<issuer>${issuer}</issuer>\``;
  if (issuer.replace(/\/$/, '') === wanted.replace(/\/$/, ''))
    return `they differ in the slash at the end, and issuers are compared character by character: ${add}`;
  return `\`${issuer}\` and \`${wanted}\` differ in case or scheme, and issuers are compared character by character: ${add}`;
}

const V1 = /^https:\/\/sts\.(?:windows\.net|chinacloudapi\.cn)\/([^/]+)\/$/;
const V2 = /^https:\/\/login\.[^/]+\/([^/]+)\/v2\.0\/?$/;

function versionAdvice(issuer: string, { issuers, payload }: TokenFacts): string | undefined {
  const tenant = V1.exec(issuer)?.[1] ?? V2.exec(issuer)?.[1];
  if (tenant === undefined) return undefined;
  const isFirst = V1.test(issuer);
  const other = issuers.find((wanted) => (isFirst ? V2 : V1).test(wanted) && (wanted.includes(tenant) || wanted.includes('{tenantid}')));
  if (other === undefined) return undefined;
  if (isFirst)
    return `this is a version 1 token, the policy accepts version 2: set \`api.requestedAccessTokenVersion\` to 2 in the API's manifest, or add \`<issuer>${issuer}</issuer>\` (and the version 1 audience)`;
  return `this is a version ${(textOf(payload.ver) ?? '2.0').slice(0, 1)} token, the policy accepts version 1: write \`/v2.0/.well-known/openid-configuration\` in \`<openid-config>\`, or add \`<issuer>${issuer}</issuer>\``;
}

function tenantAdvice(issuer: string, { issuers }: TokenFacts): string | undefined {
  const pattern = V1.test(issuer) ? V1 : V2;
  const tenant = pattern.exec(issuer)?.[1];
  const wanted = issuers.map((one) => pattern.exec(one)?.[1]).find((one) => one !== undefined);
  if (tenant === undefined || wanted === undefined || tenant === wanted) return undefined;
  return `this token is of the tenant \`${tenant}\`, the policy accepts \`${wanted}\`: sign in to that tenant, or point \`<openid-config>\` to \`organizations\` and check \`tid\``;
}

function b2cAdvice(issuer: string, { issuers, recognized }: TokenFacts): string | undefined {
  if (recognized.provider !== 'entra-b2c' && !/b2clogin\.com/.test(issuers.join(' '))) return undefined;
  if (/\/tfp\//.test(issuer) !== issuers.some((wanted) => /\/tfp\//.test(wanted)))
    return 'the issuer with `/tfp/` and the one without are a setting of the user flow (Token compatibility): choose one, or accept both in `<issuers>`';
  if (/login\.microsoftonline\.com/.test(issuer))
    return 'this token is of the old address login.microsoftonline.com: sign in at b2clogin.com';
  return undefined;
}

function oktaAdvice(issuer: string, issuers: readonly string[]): string | undefined {
  const host = URL.canParse(issuer) ? new URL(issuer).host : '';
  const same = issuers.find((wanted) => URL.canParse(wanted) && new URL(wanted).host === host && /\/oauth2\//.test(wanted + issuer));
  if (same === undefined) return undefined;
  if (!issuer.includes('/oauth2/')) return `this token is of the org server of \`${host}\`: ask the custom server \`${same}\` for it`;
  return `the same Okta org, another authorization server: ask \`${same}\` for the token, or point \`<openid-config>\` to \`${issuer}\``;
}

function keycloakAdvice(issuer: string, issuers: readonly string[]): string | undefined {
  const realm = /\/realms\/[^/]+$/.exec(issuer)?.[0];
  const same = realm === undefined ? undefined : issuers.find((wanted) => wanted.endsWith(realm));
  if (same === undefined) return undefined;
  return `the same realm under another host: Keycloak writes the address that it is called by into \`iss\`; set its \`hostname\`, or add \`<issuer>${issuer}</issuer>\``;
}
