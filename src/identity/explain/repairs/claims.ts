/** A required claim that is absent or has other values. */
import { nearestName } from '../../../source/nearest.ts';
import { valueText } from '../../token-parts.ts';
import type { RequiredClaim } from '../../token-validator.ts';
import { advice, type TokenFacts } from '../facts.ts';
import { type Claims, isEntra } from '../recognize.ts';
import { idToken } from './audience.ts';

export function claimRepairs(claim: RequiredClaim, facts: TokenFacts): readonly string[] {
  const value = facts.payload[claim.name];
  return value === undefined || value === null ? absent(claim, facts) : different(claim, value, facts);
}

/** Names under which providers keep the same thing. */
const SIBLINGS: readonly (readonly string[])[] = [
  ['scp', 'scope', 'permissions'],
  ['roles', 'role', 'wids', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'],
  ['groups', 'group', 'cognito:groups'],
  ['azp', 'appid', 'cid', 'client_id'],
  ['upn', 'preferred_username', 'unique_name', 'username', 'cognito:username', 'email'],
  ['oid', 'uid', 'sub'],
];

function absent({ name, values }: RequiredClaim, facts: TokenFacts): readonly string[] {
  const { payload, recognized } = facts;
  const siblings = SIBLINGS.find((names) => names.includes(name))?.filter((other) => other !== name && other in payload) ?? [];
  const application = recognized.kind === 'application' && (name === 'scp' || name === 'scope');
  const near = nearestName(name, Object.keys(payload));
  return advice(
    idToken(facts),
    application &&
      `this is an application's token, nobody has signed in: it has no scopes${'roles' in payload ? ', its rights are in `roles`' : ', and no `roles` were granted to it'}; require \`roles\` for applications, or have a user sign in`,
    name === 'groups' &&
      hasOverage(payload) &&
      'the user is in too many groups for the token (`_claim_names`, `hasgroups`): assign the groups to the application, or use app roles',
    name === 'groups' &&
      !hasOverage(payload) &&
      (isEntra(recognized.provider)
        ? 'have groups put into the token: `groupMembershipClaims` in the manifest of the API'
        : recognized.provider?.startsWith('okta') &&
          'have groups put into the token: a `groups` claim of the authorization server, for the access token'),
    name === 'roles' &&
      isEntra(recognized.provider) &&
      siblings.length === 0 &&
      'no app role was assigned: assign one to the user or the application under Enterprise applications',
    ...nested(name, payload),
    !application && siblings.length > 0 && `this token has it as \`${siblings[0]}\`: write \`<claim name="${siblings[0]}">\``,
    siblings.length === 0 &&
      near !== undefined &&
      near !== name &&
      `the nearest claim is \`${near}\`: claim names are compared character by character`,
    values.length > 0 &&
      siblings.length === 0 &&
      near === undefined &&
      (name === 'scp' || name === 'scope') &&
      `ask for the scope \`${values[0]}\` when signing in`,
  );
}

function hasOverage(payload: Claims): boolean {
  return '_claim_names' in payload || 'hasgroups' in payload;
}

/** validate-jwt looks at the top level only. */
function nested(name: string, payload: Claims): readonly string[] {
  return Object.entries(payload).flatMap(([outer, value]) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject || !Object.hasOwn(value, name)) return [];
    return [
      `it is inside \`${outer}\`, where validate-jwt does not look: have the provider put it at the top level (Keycloak: a mapper with the claim name \`${name}\`), or read \`${outer}\` in an expression`,
    ];
  });
}

function different(claim: RequiredClaim, value: unknown, facts: TokenFacts): readonly string[] {
  const list = Array.isArray(value);
  const actual = list ? value.map(valueText) : [typeof value === 'string' ? value : JSON.stringify(value)];
  const split = actual.flatMap((one) => one.split(/[\s,;]+/)).filter((one) => one !== '');
  const sees = list ? actual : claim.separator ? (actual[0] ?? '').split(claim.separator) : actual;
  const missing = claim.values.filter((wanted) => !sees.includes(wanted));
  const separated = !list && !claim.separator && missing.some((wanted) => split.includes(wanted));
  return advice(
    separated && `\`${claim.name}\` is one text with several values: write \`separator="${separatorOf(valueText(value))}"\``,
    claim.match === 'all' &&
      !separated &&
      missing.length < claim.values.length &&
      'some of the values are there, and all are required: write `match="any"` if one is enough',
    ...(separated ? [] : lacking(claim, missing, split)),
    claim.name === 'tid' && 'the token is of another tenant: sign in to the right one',
    claim.name === 'ver' && facts.recognized.provider === 'entra-v1' && "set `api.requestedAccessTokenVersion` to 2 in the API's manifest",
  );
}

function separatorOf(value: string): string {
  return /[,;]/.exec(value)?.[0] ?? ' ';
}

/** Where one is enough the values are told together, with the one that has a neighbour first. */
function lacking(claim: RequiredClaim, missing: readonly string[], actual: readonly string[]): readonly string[] {
  const texts = missing.map((wanted) => missingValue(claim.name, wanted, actual));
  if (claim.match === 'all' || texts.length < 2) return texts;
  const told = texts.find((text) => !text.includes(' is missing:')) ?? texts[0] ?? '';
  return [`${told} (any of ${missing.map((wanted) => `\`${wanted}\``).join(', ')} is enough)`];
}

function missingValue(name: string, wanted: string, actual: readonly string[]): string {
  const same = actual.find((one) => one.toLowerCase() === wanted.toLowerCase());
  if (same !== undefined) return `\`${same}\` and \`${wanted}\` differ in case only: values are compared character by character`;
  const short = actual.find((one) => wanted.endsWith(`/${one}`) || one.endsWith(`/${wanted}`));
  if (short !== undefined) return `the token has \`${short}\`: Entra writes scopes without the API's address; require \`${short}\``;
  const near = nearestName(wanted, actual) ?? closest(wanted, actual);
  const noun = name === 'scp' || name === 'scope' ? 'scope' : name === 'roles' ? 'role' : name === 'groups' ? 'group' : 'value';
  const nearest = near === undefined ? '' : `; the nearest that it has is \`${near}\``;
  const ask =
    noun === 'scope' ? 'ask for it when signing in' : noun === 'role' ? 'have it assigned' : noun === 'group' ? 'join it' : 'have it set';
  return `the ${noun} \`${wanted}\` is missing${nearest}: ${ask}`;
}

/** One that shares its first word: `orders.read` for `orders.write`. */
function closest(wanted: string, actual: readonly string[]): string | undefined {
  const stem = wanted.split(/[._:/-]/)[0] ?? '';
  return stem.length < 3 ? undefined : actual.find((one) => one.toLowerCase().startsWith(stem.toLowerCase()));
}
