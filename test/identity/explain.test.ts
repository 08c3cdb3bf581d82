import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { explainToken } from '../../src/identity/explain/replay.ts';
import type { MintRequest, StandInOptions } from '../../src/identity/providers/stand-in.ts';
import type { RequiredClaim, TokenRules } from '../../src/identity/token-validator.ts';
import { hostWith, NOW, rulesFor, standIn } from '../support/stand-ins.ts';

const SECONDS = NOW / 1000;
const TENANT = '11111111-2222-3333-4444-555555555555';
const GUID = '99998888-7777-6666-5555-444433332222';

const claim = (name: string, values: readonly string[], more: Partial<RequiredClaim> = {}): RequiredClaim => ({
  name,
  match: 'all',
  separator: null,
  values,
  ...more,
});

interface Case {
  readonly name: string;
  /** Who made the token. */
  readonly from: string;
  readonly mint?: Partial<MintRequest>;
  readonly switches?: StandInOptions['switches'];
  /** Whose documents the policy names; default: the same. */
  readonly policy?: string;
  readonly settings?: Record<string, string>;
  readonly rules?: Partial<TokenRules>;
  /** The check that fails first. */
  readonly fails: string;
  readonly reason: string;
  readonly decidedBy: string | undefined;
  readonly repair: RegExp;
}

const CASES: readonly Case[] = [
  {
    name: 'version 1 token, version 2 policy',
    from: 'entra-v1',
    policy: 'entra-v2',
    fails: 'issuer',
    reason: 'TokenIssuerNotAllowed',
    decidedBy: 'iss',
    repair: /version 1 token, the policy accepts version 2: set `api\.requestedAccessTokenVersion` to 2/,
  },
  {
    name: 'version 2 token, version 1 policy',
    from: 'entra-v2',
    policy: 'entra-v1',
    fails: 'issuer',
    reason: 'TokenIssuerNotAllowed',
    decidedBy: 'iss',
    repair: /version 2 token, the policy accepts version 1: write `\/v2\.0\/\.well-known/,
  },
  {
    name: 'slash at the end of the issuer',
    from: 'auth0',
    mint: { claims: { iss: 'https://contoso.eu.auth0.com' } },
    fails: 'issuer',
    reason: 'TokenIssuerNotAllowed',
    decidedBy: 'iss',
    repair: /differ in the slash at the end.*add `<issuer>https:\/\/contoso\.eu\.auth0\.com<\/issuer>`/,
  },
  {
    name: 'another tenant',
    from: 'entra-v2',
    mint: { claims: { iss: `https://login.microsoftonline.com/${GUID}/v2.0`, tid: GUID } },
    fails: 'issuer',
    reason: 'TokenIssuerNotAllowed',
    decidedBy: 'iss',
    repair: new RegExp(`of the tenant \`${GUID}\`, the policy accepts \`${TENANT}\``),
  },
  {
    name: 'another authorization server of the same org',
    from: 'okta-custom',
    mint: { claims: { iss: 'https://dev-1234567.okta.com/oauth2/orders' } },
    fails: 'issuer',
    reason: 'TokenIssuerNotAllowed',
    decidedBy: 'iss',
    repair: /another authorization server: ask `https:\/\/dev-1234567\.okta\.com\/oauth2\/default`/,
  },
  {
    name: 'Keycloak called by another host',
    from: 'keycloak',
    mint: { claims: { iss: 'http://keycloak:8080/realms/contoso' } },
    fails: 'issuer',
    reason: 'TokenIssuerNotAllowed',
    decidedBy: 'iss',
    repair: /same realm under another host/,
  },
  {
    name: 'B2C issuer with tfp',
    from: 'entra-b2c',
    mint: { claims: { iss: `https://contoso.b2clogin.com/tfp/${TENANT}/b2c_1_signin/v2.0/` } },
    fails: 'issuer',
    reason: 'TokenIssuerNotAllowed',
    decidedBy: 'iss',
    repair: /`\/tfp\/`.*user flow/,
  },
  {
    name: 'client id where the policy has the URI',
    from: 'entra-v2',
    mint: { claims: { aud: GUID } },
    rules: { audiences: [`api://${GUID}`] },
    fails: 'audience',
    reason: 'TokenAudienceNotAllowed',
    decidedBy: 'aud',
    repair: new RegExp(`two names of the same API.*add \`<audience>${GUID}</audience>\``),
  },
  {
    name: 'client id of a version 2 token where the policy has a name',
    from: 'entra-v2',
    mint: { claims: { aud: GUID } },
    rules: { audiences: ['api://orders'] },
    fails: 'audience',
    reason: 'TokenAudienceNotAllowed',
    decidedBy: 'aud',
    repair: /version 2 tokens name an API by its client id/,
  },
  {
    name: 'URI of a version 1 token where the policy has the client id',
    from: 'entra-v1',
    rules: { audiences: [GUID] },
    fails: 'audience',
    reason: 'TokenAudienceNotAllowed',
    decidedBy: 'aud',
    repair: /version 1 tokens name an API by its URI/,
  },
  {
    name: "Graph's token",
    from: 'entra-v1',
    mint: { claims: { aud: '00000003-0000-0000-c000-000000000000' }, header: { nonce: 'x' } },
    switches: { rotation: 'unannounced' },
    rules: { audiences: ['api://orders'] },
    fails: 'key',
    reason: 'TokenSignatureKeyNotFound',
    decidedBy: 'kid',
    repair: /for Microsoft Graph.*`api:\/\/orders\/\.default`/,
  },
  {
    name: "Graph's token whose signature happens to verify",
    from: 'entra-v1',
    mint: { claims: { aud: 'https://graph.microsoft.com' } },
    rules: { audiences: ['api://orders'] },
    fails: 'audience',
    reason: 'TokenAudienceNotAllowed',
    decidedBy: 'aud',
    repair: /for Microsoft Graph/,
  },
  ...['entra-v2', 'okta-custom', 'keycloak', 'cognito', 'pingone', 'auth0'].map(
    (from): Case => ({
      name: `ID token of ${from}`,
      from,
      mint: { kind: 'id' },
      rules: { audiences: ['api://orders'] },
      fails: 'audience',
      reason: 'TokenAudienceNotAllowed',
      decidedBy: 'aud',
      repair: /this is an ID token/,
    }),
  ),
  {
    name: 'access token of Cognito, which has no audience',
    from: 'cognito',
    rules: { audiences: ['orders'] },
    fails: 'audience',
    reason: 'TokenAudienceNotAllowed',
    decidedBy: 'aud',
    repair: /`<claim name="client_id"><value>7portico3client9abcdef2345/,
  },
  {
    name: 'Keycloak without an audience mapper',
    from: 'keycloak',
    mint: { claims: { aud: 'account' } },
    rules: { audiences: ['orders'] },
    fails: 'audience',
    reason: 'TokenAudienceNotAllowed',
    decidedBy: 'aud',
    repair: /audience mapper/,
  },
  {
    name: 'audience in another case',
    from: 'okta-custom',
    mint: { claims: { aud: 'API://default' } },
    rules: { audiences: ['api://default'] },
    fails: 'audience',
    reason: 'TokenAudienceNotAllowed',
    decidedBy: 'aud',
    repair: /differ in case or blanks only/,
  },
  {
    name: "token of Okta's org server",
    from: 'okta-org',
    policy: 'okta-custom',
    fails: 'key',
    reason: 'TokenSignatureKeyNotFound',
    decidedBy: 'kid',
    repair: /org server, whose access tokens are for Okta alone/,
  },
  {
    name: 'keys of the application',
    from: 'entra-v2',
    switches: { customSigningKeys: true },
    fails: 'key',
    reason: 'TokenSignatureKeyNotFound',
    decidedBy: 'kid',
    repair: /signing keys of its own.*\?appid=00001111-aaaa-2222-bbbb-3333cccc4444" \/>/,
  },
  {
    name: 'rotated key',
    from: 'okta-custom',
    switches: { rotation: 'unannounced' },
    fails: 'key',
    reason: 'TokenSignatureKeyNotFound',
    decidedBy: 'kid',
    repair: /changed its keys since, get a new token/,
  },
  {
    name: 'another provider altogether',
    from: 'okta-custom',
    policy: 'auth0',
    switches: { rotation: 'finished' },
    fails: 'key',
    reason: 'TokenSignatureKeyNotFound',
    decidedBy: 'kid',
    repair: /issued by `https:\/\/dev-1234567\.okta\.com\/oauth2\/default`, which the policy does not know/,
  },
  {
    name: 'another flow of B2C',
    from: 'entra-b2c',
    mint: { claims: { tfp: 'B2C_1_edit' } },
    switches: { rotation: 'unannounced' },
    fails: 'key',
    reason: 'TokenSignatureKeyNotFound',
    decidedBy: 'kid',
    repair: /flow `B2C_1_edit`, which no `<openid-config>` names/,
  },
  {
    name: 'provider out of reach',
    from: 'entra-v2',
    switches: { discovery: 'down' },
    fails: 'key',
    reason: 'JwtInvalid',
    decidedBy: 'kid',
    repair: /make `https:\/\/login\.microsoftonline\.com\/.*` reachable/,
  },
  {
    name: 'clock off by a few seconds',
    from: 'entra-v2',
    mint: { claims: { nbf: SECONDS + 42 } },
    fails: 'lifetime',
    reason: 'JwtInvalid',
    decidedBy: 'nbf',
    repair: /clock is 42 s ahead.*`clock-skew="42"`/,
  },
  {
    name: 'over since a few seconds',
    from: 'entra-v2',
    mint: { claims: { exp: SECONDS - 30 } },
    fails: 'lifetime',
    reason: 'TokenExpired',
    decidedBy: 'exp',
    repair: /ended 30 s ago.*`clock-skew="30"`/,
  },
  {
    name: 'over for long',
    from: 'entra-v2',
    mint: { claims: { exp: SECONDS - 7 * 86_400 } },
    fails: 'lifetime',
    reason: 'TokenExpired',
    decidedBy: 'exp',
    repair: /ended 7 d ago.*--at 2025-12-/,
  },
  {
    name: 'without end',
    from: 'entra-v2',
    mint: { claims: { exp: null } },
    fails: 'lifetime',
    reason: 'JwtInvalid',
    decidedBy: 'exp',
    repair: /`require-expiration-time="false"`/,
  },
  {
    name: 'dates in milliseconds',
    from: 'entra-v2',
    mint: { claims: { nbf: NOW, exp: NOW + 3_600_000 } },
    fails: 'lifetime',
    reason: 'JwtInvalid',
    decidedBy: 'nbf',
    repair: /these are milliseconds/,
  },
  {
    name: 'scope missing, and the nearest',
    from: 'entra-v2',
    mint: { claims: { scp: 'orders.read profile' } },
    rules: { requiredClaims: [claim('scp', ['orders.reads'], { separator: ' ' })] },
    fails: 'claim scp',
    reason: 'TokenClaimValueNotAllowed',
    decidedBy: 'scp',
    repair: /scope `orders\.reads` is missing; the nearest that it has is `orders\.read`/,
  },
  {
    name: 'scopes in one text without separator',
    from: 'entra-v2',
    mint: { claims: { scp: 'orders.read orders.write' } },
    rules: { requiredClaims: [claim('scp', ['orders.read'])] },
    fails: 'claim scp',
    reason: 'TokenClaimValueNotAllowed',
    decidedBy: 'scp',
    repair: /write `separator=" "`/,
  },
  {
    name: 'all where any is meant',
    from: 'okta-custom',
    mint: { claims: { scp: ['a'] } },
    rules: { requiredClaims: [claim('scp', ['a', 'b'])] },
    fails: 'claim scp',
    reason: 'TokenClaimValueNotAllowed',
    decidedBy: 'scp',
    repair: /`match="any"`/,
  },
  {
    name: 'scope under another name',
    from: 'pingone',
    rules: { requiredClaims: [claim('scp', ['orders:read'])] },
    fails: 'claim scp',
    reason: 'TokenClaimNotFound',
    decidedBy: 'scp',
    repair: /has it as `scope`: write `<claim name="scope">`/,
  },
  {
    name: "an application's token has roles and no scopes",
    from: 'entra-v2',
    mint: { kind: 'client-credentials', claims: { roles: ['Orders.Read'] } },
    rules: { requiredClaims: [claim('scp', ['orders.read'])] },
    fails: 'claim scp',
    reason: 'TokenClaimNotFound',
    decidedBy: 'scp',
    repair: /application's token.*its rights are in `roles`/,
  },
  {
    name: "scope with the API's address",
    from: 'entra-v2',
    mint: { claims: { scp: 'orders.read' } },
    rules: { requiredClaims: [claim('scp', ['api://orders/orders.read'], { separator: ' ' })] },
    fails: 'claim scp',
    reason: 'TokenClaimValueNotAllowed',
    decidedBy: 'scp',
    repair: /Entra writes scopes without the API's address/,
  },
  {
    name: 'role in another case',
    from: 'entra-v2',
    mint: { claims: { roles: ['orders.admin'] } },
    rules: { requiredClaims: [claim('roles', ['Orders.Admin'])] },
    fails: 'claim roles',
    reason: 'TokenClaimValueNotAllowed',
    decidedBy: 'roles',
    repair: /differ in case only/,
  },
  {
    name: "roles inside Keycloak's realm_access",
    from: 'keycloak',
    rules: { requiredClaims: [claim('roles', ['admin'])] },
    fails: 'claim roles',
    reason: 'TokenClaimNotFound',
    decidedBy: 'roles',
    repair: /inside `realm_access`, where validate-jwt does not look/,
  },
  {
    name: 'too many groups',
    from: 'entra-v2',
    mint: { claims: { _claim_names: { groups: 'src1' } } },
    rules: { requiredClaims: [claim('groups', ['g1'])] },
    fails: 'claim groups',
    reason: 'TokenClaimNotFound',
    decidedBy: 'groups',
    repair: /too many groups/,
  },
  {
    name: 'a client that may not call',
    from: 'entra-v2',
    rules: { clientApplications: [GUID] },
    fails: 'client application',
    reason: 'TokenClaimValueNotAllowed',
    decidedBy: 'azp',
    repair: /add `<application-id>00001111-aaaa-2222-bbbb-3333cccc4444<\/application-id>`/,
  },
  {
    name: 'somebody else signs under the same id',
    from: 'entra-v2',
    switches: { duplicateKeyIds: true, rotation: 'none' },
    mint: { key: { jwk: { kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0' }, algorithm: 'HS256', kid: 'x' } },
    fails: 'algorithm',
    reason: 'TokenSignatureKeyNotFound',
    decidedBy: 'alg',
    repair: /symmetric key is never taken from a provider/,
  },
];

describe('a refused token', () => {
  it.each(CASES.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    const maker = standIn(one.from, one.switches ? { switches: one.switches } : {});
    const judge = one.policy ? standIn(one.policy) : maker;
    const host = hostWith({ providers: [judge] });
    const token = await maker.mint({ now: NOW, ...one.mint });
    const explanation = await explainToken({ host, token, rules: rulesFor(judge, one.rules), offline: false });
    const failed = explanation.checks.filter(({ outcome }) => outcome === 'failed');
    expect({ verdict: explanation.verdict, fails: failed[0]?.check, decidedBy: failed[0]?.decidedBy, reason: explanation.reason }).toEqual({
      verdict: 'refused',
      fails: one.fails,
      decidedBy: one.decidedBy,
      reason: one.reason,
    });
    expect(failed[0]?.repairs.join('\n')).toMatch(one.repair);
  });

  it.each([
    ['opaque', 'c7ba1d7e0f5a4b6c', /opaque token/],
    ['encrypted', 'eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA', /encrypted/],
    ['cut in two', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0', /signature is missing/],
    ['cut in the payload', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhI.AAAA', /copied only in part/],
    ['with four parts', 'a.b.c.d', /three parts/],
  ])('that is %s is told from a JWT', async (_name, token, repair) => {
    const provider = standIn('entra-v2');
    const explanation = await explainToken({ host: hostWith({ providers: [provider] }), token, rules: rulesFor(provider), offline: false });
    expect(explanation).toMatchObject({ verdict: 'refused', reason: 'JwtInvalid', token: undefined });
    expect(explanation.checks.map(({ check }) => check)).toEqual(['format']);
    expect(explanation.checks[0]?.repairs.join('\n')).toMatch(repair);
  });

  it('shows every check that fails, not only the first', async () => {
    const provider = standIn('entra-v2');
    const rules = rulesFor(provider, { audiences: ['api://other'], requiredClaims: [claim('roles', ['Admin'])] });
    const token = await provider.mint({ now: NOW, lifetime: -60 });
    const { checks, reason } = await explainToken({ host: hostWith({ providers: [provider] }), token, rules, offline: false });
    expect(checks.filter(({ outcome }) => outcome === 'failed').map(({ check }) => check)).toEqual(['lifetime', 'audience', 'claim roles']);
    expect(reason).toBe('TokenExpired');
  });
});

describe('an accepted token', () => {
  it('passes every check in the order of the gateway', async () => {
    const provider = standIn('entra-v2');
    const rules = rulesFor(provider, { audiences: ['api://orders'], requiredClaims: [claim('scp', ['user_impersonation'])] });
    const explanation = await explainToken({
      host: hostWith({ providers: [provider] }),
      token: await provider.mint({ now: NOW }),
      rules,
      offline: false,
    });
    expect(explanation).toMatchObject({ verdict: 'accepted', reason: undefined, token: { provider: 'entra-v2', kind: 'access' } });
    expect(explanation.checks.map(({ check }) => check)).toEqual([
      'format',
      'algorithm',
      'key',
      'signature',
      'lifetime',
      'audience',
      'issuer',
      'claim scp',
    ]);
  });

  it.each([
    ['entra-v2', {}, {}, ['the policy checks no audience']],
    ['entra-v2', { kind: 'id' }, { audiences: ['00001111-aaaa-2222-bbbb-3333cccc4444'] }, ['this is an ID token']],
    [
      'entra-b2c',
      { claims: { tfp: 'B2C_1_edit' } },
      { audiences: ['00001111-aaaa-2222-bbbb-3333cccc4444'] },
      ['this token comes from the flow `B2C_1_edit`'],
    ],
    ['okta-custom', {}, { audiences: ['api://default'] }, []],
  ] as const)('of %s minted with %j by rules %j is worth a word', async (name, mint, rules, words) => {
    const provider = standIn(name);
    const { verdict, remarks } = await explainToken({
      host: hostWith({ providers: [provider] }),
      token: await provider.mint({ now: NOW, ...mint }),
      rules: rulesFor(provider, rules),
      offline: false,
    });
    expect(verdict).toBe('accepted');
    expect(remarks.map((text, at) => text.slice(0, words[at]?.length))).toEqual(words);
  });

  it('with a key of the policy needs no provider', async () => {
    const secret = Buffer.from('0123456789abcdef0123456789abcdef');
    const token = await new SignJWT({ exp: SECONDS + 60 }).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    const rules = { ...rulesFor(standIn('entra-v2')), openIdConfigs: [], signingKeys: [{ secret: secret.toString('base64') }] };
    const explanation = await explainToken({ host: hostWith({ providers: [] }), token, rules, offline: true });
    expect(explanation.verdict).toBe('accepted');
  });
});

describe('offline', () => {
  const explainOffline = async (from: string, policy: string, mint: Partial<MintRequest> = {}) => {
    const token = await standIn(from).mint({ now: NOW, ...mint });
    return explainToken({ host: hostWith({ providers: [] }), token, rules: rulesFor(standIn(policy)), offline: true });
  };

  it('leaves the signature unchecked and says so', async () => {
    const explanation = await explainOffline('entra-v2', 'entra-v2');
    expect(explanation.verdict).toBe('unverified');
    expect(explanation.checks.find(({ check }) => check === 'signature')).toMatchObject({ outcome: 'skipped' });
  });

  it.each([
    ['entra-v1', 'entra-v2'],
    ['okta-org', 'okta-custom'],
  ])('concludes the issuer from the address: %s against %s', async (from, policy) => {
    expect(await explainOffline(from, policy)).toMatchObject({ verdict: 'refused', reason: 'TokenIssuerNotAllowed' });
  });

  it('does not conclude what an address does not say', async () => {
    const explanation = await explainOffline('entra-b2c', 'entra-b2c');
    expect(explanation.verdict).toBe('unverified');
    expect(explanation.checks.find(({ check }) => check === 'issuer')).toMatchObject({ outcome: 'skipped' });
  });

  it('refuses an expired token with the words of the gateway', async () => {
    const explanation = await explainOffline('entra-v2', 'entra-v2', { lifetime: -60 });
    expect(explanation).toMatchObject({ verdict: 'refused', reason: 'TokenExpired', message: expect.stringMatching(/^IDX10223/) });
  });
});
