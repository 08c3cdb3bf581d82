import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { TOKEN_KINDS, type TokenKind } from '../../src/identity/providers/pack.ts';
import { findPack, nearestPack, PACKS } from '../../src/identity/providers/packs.ts';
import { serve } from '../../src/identity/providers/served.ts';
import { CURRENT_KEY, NEXT_KEY } from '../../src/identity/providers/stand-in-keys.ts';
import type { ProviderSwitches } from '../../src/identity/providers/switches.ts';
import { createTokenValidator } from '../../src/identity/validator.ts';
import { hostWith, NOW, rulesFor, standIn } from '../support/stand-ins.ts';

const SECONDS = NOW / 1000;

describe('every pack', () => {
  it.each(PACKS.map(({ name }) => name))('%s makes tokens that its own documents verify', async (name) => {
    const provider = standIn(name);
    const validator = createTokenValidator({ host: hostWith({ providers: [provider] }) });
    for (const kind of TOKEN_KINDS) {
      const token = await provider.mint({ kind, now: NOW });
      const outcome = await validator.validate({ token, ...rulesFor(provider) });
      const published = !provider.pack.unpublished?.includes(kind);
      expect({ kind, ok: outcome.ok }).toEqual({ kind, ok: published });
    }
  });

  it.each(PACKS.map(({ name }) => name))('%s has a discovery document with what clients look for', (name) => {
    const document = standIn(name).document();
    expect(document).toMatchObject({
      issuer: expect.stringMatching(/^https:\/\//),
      jwks_uri: expect.stringMatching(/^https:\/\//),
      token_endpoint: expect.stringMatching(/^https:\/\//),
      authorization_endpoint: expect.stringMatching(/^https:\/\//),
      end_session_endpoint: expect.stringMatching(/^https:\/\//),
      response_types_supported: expect.any(Array),
      subject_types_supported: expect.any(Array),
      id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
    });
  });

  it.each(PACKS.map(({ name }) => name))('%s never shows a private key', (name) => {
    for (const key of standIn(name).keys()) expect(key).not.toHaveProperty('d');
  });

  it('is found by name and alias, and a wrong name has a nearest', () => {
    expect(findPack('OKTA')?.name).toBe('okta-custom');
    expect(findPack('b2c')?.name).toBe('entra-b2c');
    expect(findPack('nobody')).toBeUndefined();
    expect(nearestPack('entra-v3')).toBe('entra-v2');
    expect(new Set(PACKS.flatMap(({ name, aliases }) => [name, ...aliases])).size).toBe(
      PACKS.flatMap(({ aliases }) => ['', ...aliases]).length,
    );
  });
});

const TENANT = '11111111-2222-3333-4444-555555555555';

/** Addresses and issuers, as the providers document them. */
const ADDRESSES: readonly (readonly [string, string, string, string])[] = [
  [
    'entra-v2',
    `https://login.microsoftonline.com/${TENANT}/v2.0`,
    `https://login.microsoftonline.com/${TENANT}/v2.0`,
    `https://login.microsoftonline.com/${TENANT}/discovery/v2.0/keys`,
  ],
  [
    'entra-v2-common',
    'https://login.microsoftonline.com/common/v2.0',
    'https://login.microsoftonline.com/{tenantid}/v2.0',
    'https://login.microsoftonline.com/common/discovery/v2.0/keys',
  ],
  [
    'entra-v2-organizations',
    'https://login.microsoftonline.com/organizations/v2.0',
    'https://login.microsoftonline.com/{tenantid}/v2.0',
    'https://login.microsoftonline.com/organizations/discovery/v2.0/keys',
  ],
  [
    'entra-v1',
    `https://login.microsoftonline.com/${TENANT}`,
    `https://sts.windows.net/${TENANT}/`,
    `https://login.microsoftonline.com/${TENANT}/discovery/keys`,
  ],
  [
    'entra-v1-common',
    'https://login.microsoftonline.com/common',
    'https://sts.windows.net/{tenantid}/',
    'https://login.microsoftonline.com/common/discovery/keys',
  ],
  [
    'entra-external-id',
    `https://contoso.ciamlogin.com/${TENANT}/v2.0`,
    `https://${TENANT}.ciamlogin.com/${TENANT}/v2.0`,
    `https://contoso.ciamlogin.com/${TENANT}/discovery/v2.0/keys`,
  ],
  [
    'entra-b2c',
    'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin/v2.0',
    `https://contoso.b2clogin.com/${TENANT}/v2.0/`,
    'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin/discovery/v2.0/keys',
  ],
  [
    'okta-custom',
    'https://dev-1234567.okta.com/oauth2/default',
    'https://dev-1234567.okta.com/oauth2/default',
    'https://dev-1234567.okta.com/oauth2/default/v1/keys',
  ],
  ['okta-org', 'https://dev-1234567.okta.com', 'https://dev-1234567.okta.com', 'https://dev-1234567.okta.com/oauth2/v1/keys'],
  [
    'pingone',
    'https://auth.pingone.eu/2f8a1c3e-5b7d-4960-8e1f-3a5c7e9b1d24/as',
    'https://auth.pingone.eu/2f8a1c3e-5b7d-4960-8e1f-3a5c7e9b1d24/as',
    'https://auth.pingone.eu/2f8a1c3e-5b7d-4960-8e1f-3a5c7e9b1d24/as/jwks',
  ],
  ['pingfederate', 'https://sso.example.com:9031', 'https://sso.example.com:9031', 'https://sso.example.com:9031/pf/JWKS'],
  ['auth0', 'https://contoso.eu.auth0.com', 'https://contoso.eu.auth0.com/', 'https://contoso.eu.auth0.com/.well-known/jwks.json'],
  [
    'keycloak',
    'https://keycloak.example.com/realms/contoso',
    'https://keycloak.example.com/realms/contoso',
    'https://keycloak.example.com/realms/contoso/protocol/openid-connect/certs',
  ],
  [
    'cognito',
    'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Portico12',
    'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Portico12',
    'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Portico12/.well-known/jwks.json',
  ],
];

it.each(ADDRESSES)('%s is where the genuine one is', (name, base, issuer, jwksUri) => {
  const provider = standIn(name);
  expect(provider.discoveryUrl).toBe(`${base}/.well-known/openid-configuration`);
  expect(provider.document()).toMatchObject({ issuer, jwks_uri: jwksUri });
});

/** What tells one provider's tokens from another's: members that must be there, and some that must not. */
const SHAPES: readonly (readonly [string, TokenKind, Record<string, unknown>, readonly string[]])[] = [
  [
    'entra-v1',
    'access',
    { ver: '1.0', appid: expect.any(String), scp: 'user_impersonation', aud: 'api://orders' },
    ['azp', 'preferred_username'],
  ],
  ['entra-v1', 'client-credentials', { ver: '1.0', appidacr: '1', idtyp: 'app' }, ['scp', 'upn']],
  ['entra-v2', 'access', { ver: '2.0', azp: expect.any(String), scp: 'user_impersonation' }, ['appid', 'upn']],
  ['entra-v2', 'id', { ver: '2.0', aud: '00001111-aaaa-2222-bbbb-3333cccc4444', nonce: 'portico' }, ['scp', 'azp']],
  ['entra-b2c', 'access', { tfp: 'B2C_1_signin', scp: 'read', emails: ['ana@example.com'] }, ['upn']],
  [
    'okta-custom',
    'access',
    { ver: 1, cid: expect.any(String), uid: expect.any(String), scp: ['openid', 'profile'], aud: 'api://default' },
    ['nbf', 'scope'],
  ],
  ['okta-custom', 'client-credentials', { sub: '0oa8portico7client5d7', cid: '0oa8portico7client5d7' }, ['uid']],
  ['okta-org', 'access', { aud: 'https://dev-1234567.okta.com' }, ['scope']],
  ['pingone', 'access', { aud: ['orders'], scope: 'openid orders:read', client_id: expect.any(String) }, ['scp', 'nbf', 'env']],
  ['pingone', 'client-credentials', { scope: 'orders:read' }, ['sub', 'sid']],
  ['pingfederate', 'access', { scope: ['openid', 'orders.read'] }, ['scp']],
  [
    'auth0',
    'access',
    { aud: ['https://orders.example.com', 'https://contoso.eu.auth0.com/userinfo'], permissions: ['read:orders'] },
    ['scp'],
  ],
  [
    'auth0',
    'client-credentials',
    { gty: 'client-credentials', sub: expect.stringMatching(/@clients$/), aud: 'https://orders.example.com' },
    [],
  ],
  ['keycloak', 'access', { typ: 'Bearer', realm_access: { roles: expect.any(Array) }, aud: ['orders', 'account'] }, ['scp', 'nbf']],
  ['keycloak', 'id', { typ: 'ID' }, ['scope']],
  [
    'cognito',
    'access',
    { token_use: 'access', client_id: expect.any(String), scope: 'openid orders/read', 'cognito:groups': ['readers'] },
    ['aud'],
  ],
  ['cognito', 'id', { token_use: 'id', aud: '7portico3client9abcdef2345', 'cognito:username': 'ana' }, ['client_id']],
];

it.each(SHAPES)('%s, %s: the claims are those of the genuine token', async (name, kind, members, absent) => {
  const payload = decodeJwt(await standIn(name).mint({ kind, now: NOW }));
  expect(payload).toMatchObject(members);
  for (const claim of absent) expect(payload).not.toHaveProperty(claim);
});

it('labels keys and headers as each provider does', async () => {
  const [entra] = standIn('entra-v2').keys();
  expect(entra).toMatchObject({ use: 'sig', x5c: [CURRENT_KEY.certificate], kid: CURRENT_KEY.thumbprint, x5t: CURRENT_KEY.thumbprint });
  expect(entra).not.toHaveProperty('alg');
  expect(standIn('okta-custom').keys()[0]).toMatchObject({ alg: 'RS256', use: 'sig' });
  expect(standIn('entra-b2c').keys()[0]).not.toHaveProperty('x5c');
  expect(
    standIn('keycloak')
      .keys()
      .map(({ use }) => use),
  ).toEqual(['sig', 'enc']);
  expect(
    standIn('pingfederate')
      .keys()
      .map(({ kty }) => kty),
  ).toEqual(['RSA', 'EC']);
  const header = async (name: string) => decodeProtectedHeader(await standIn(name).mint({ now: NOW }));
  expect(await header('entra-v1')).toMatchObject({ typ: 'JWT', x5t: CURRENT_KEY.thumbprint, kid: CURRENT_KEY.thumbprint });
  expect(await header('entra-v2')).not.toHaveProperty('x5t');
  expect(await header('okta-org')).toMatchObject({ typ: 'application/okta-internal-at+jwt' });
  expect(await header('pingfederate')).toMatchObject({ 'pi.atm': 'jwt' });
});

describe('minting', () => {
  it('lets claims, audience and lifetime be chosen, and leaves out what is null', async () => {
    const token = await standIn('entra-v2').mint({
      now: NOW,
      audience: ['api://other'],
      claims: { scp: null, roles: ['Admin'] },
      lifetime: 60,
    });
    expect(decodeJwt(token)).toMatchObject({ aud: 'api://other', roles: ['Admin'], exp: SECONDS + 60, iat: SECONDS });
    expect(decodeJwt(token)).not.toHaveProperty('scp');
  });

  it('never makes a token that is valid from after its end', async () => {
    for (const request of [{ lifetime: -60 }, { claims: { exp: SECONDS - 60 } }]) {
      const { iat = 0, exp = 0 } = decodeJwt(await standIn('okta-custom').mint({ now: NOW, ...request }));
      expect(exp).toBe(SECONDS - 60);
      expect(iat).toBeLessThan(exp);
    }
  });

  it('does not let an audience be chosen where the provider does not', async () => {
    expect(decodeJwt(await standIn('cognito').mint({ now: NOW, audience: ['api://orders'] }))).not.toHaveProperty('aud');
    expect(decodeJwt(await standIn('okta-org').mint({ now: NOW, audience: ['api://orders'] })).aud).toBe('https://dev-1234567.okta.com');
  });
});

/** What validate-jwt says to a token made with these switches, the documents being those of the same moment. */
const SWITCHED: readonly (readonly [Partial<ProviderSwitches>, string])[] = [
  [{}, 'accepted'],
  [{ rotation: 'announced' }, 'accepted'],
  [{ rotation: 'switched' }, 'accepted'],
  [{ rotation: 'finished' }, 'accepted'],
  [{ rotation: 'unannounced' }, 'TokenSignatureKeyNotFound'],
  [{ wrongIssuer: true }, 'TokenIssuerNotAllowed'],
  [{ missingAudience: true }, 'TokenAudienceNotAllowed'],
  [{ duplicateKeyIds: true }, 'accepted'],
  [{ noKeyIds: true }, 'accepted'],
  [{ certificatesOnly: true }, 'accepted'],
  [{ customSigningKeys: true }, 'TokenSignatureKeyNotFound'],
  [{ discovery: 'slow' }, 'JwtInvalid'],
  [{ discovery: 'down' }, 'JwtInvalid'],
  [{ discovery: 'error' }, 'JwtInvalid'],
  [{ discovery: 'not-json' }, 'JwtInvalid'],
  [{ discovery: 'incomplete' }, 'JwtInvalid'],
  [{ keys: 'down' }, 'JwtInvalid'],
  [{ keys: 'not-json' }, 'JwtInvalid'],
];

it.each(SWITCHED)('the switches %j lead to %s', async (switches, expected) => {
  const provider = standIn('entra-v2', { switches });
  const validator = createTokenValidator({ host: hostWith({ providers: [provider] }) });
  const outcome = await validator.validate({
    token: await provider.mint({ now: NOW }),
    ...rulesFor(provider, { audiences: ['api://orders'] }),
  });
  expect(outcome.ok ? 'accepted' : outcome.reason).toBe(expected);
});

it('serves keys of an application under ?appid= alone', () => {
  const provider = standIn('entra-v2', { switches: { customSigningKeys: true } });
  const { jwks_uri: own } = JSON.parse(provider.answer(`${provider.discoveryUrl}?appid=web`)?.body ?? '{}') as { jwks_uri: string };
  expect(own).toMatch(/\?appid=web$/);
  expect(JSON.parse(provider.answer(own)?.body ?? '')).not.toEqual(JSON.parse(provider.answer(own.replace(/\?.*/, ''))?.body ?? ''));
});

it('tokens of either key are accepted while a key is changed', async () => {
  const before = standIn('okta-custom');
  const current = { providers: [before] };
  const validator = createTokenValidator({ host: hostWith(current) });
  const old = await before.mint({ now: NOW });
  const judge = async (token: string) => (await validator.validate({ token, ...rulesFor(before) })).ok;
  expect(await judge(old)).toBe(true);
  current.providers = [before.with({ rotation: 'switched' })];
  expect(await judge(await before.with({ rotation: 'switched' }).mint({ now: NOW }))).toBe(true);
  expect(await judge(old)).toBe(true);
});

describe('served at an address of this machine', () => {
  const BASE = 'http://127.0.0.1:8090/entra-v2';
  const provider = standIn('entra-v2');
  const get = (path: string) => serve(provider, BASE, { method: 'GET', path, form: new URLSearchParams(), now: NOW });
  const post = (form: Record<string, string>) =>
    serve(provider, BASE, { method: 'POST', path: `/${TENANT}/oauth2/v2.0/token`, form: new URLSearchParams(form), now: NOW });

  it('moves its endpoints there and keeps the issuer', async () => {
    for (const path of [`/${TENANT}/v2.0/.well-known/openid-configuration`, '/.well-known/openid-configuration']) {
      expect(JSON.parse((await get(path))?.body ?? '')).toMatchObject({
        issuer: provider.issuer,
        jwks_uri: `${BASE}/${TENANT}/discovery/v2.0/keys`,
        token_endpoint: `${BASE}/${TENANT}/oauth2/v2.0/token`,
        userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
      });
    }
    expect(JSON.parse((await get(`/${TENANT}/discovery/v2.0/keys`))?.body ?? '')).toEqual({ keys: provider.keys() });
    expect(await get('/elsewhere')).toBeUndefined();
  });

  it('gives tokens for client credentials', async () => {
    const answer = await post({ grant_type: 'client_credentials', scope: 'orders.read', client_id: 'web', resource: 'api://x' });
    const { access_token: token } = JSON.parse(answer?.body ?? '') as { access_token: string };
    expect(decodeJwt(token)).toMatchObject({ aud: 'api://x', scp: 'orders.read', azp: 'web', idtyp: 'app' });
  });

  it.each([
    [{}, 400],
    [{ grant_type: 'password' }, 400],
    [{ grant_type: 'client_credentials', claims: '[]' }, 400],
    [{ grant_type: 'client_credentials', claims: '{"roles":["a"]}' }, 200],
  ])('answers the form %j with %i', async (form, status) => {
    expect((await post(form as Record<string, string>))?.status).toBe(status);
  });
});

it('signs with another key after a rotation', async () => {
  const kid = async (switches: Partial<ProviderSwitches>) =>
    decodeProtectedHeader(await standIn('entra-v2', { switches }).mint({ now: NOW })).kid;
  expect(await kid({})).toBe(CURRENT_KEY.thumbprint);
  expect(await kid({ rotation: 'finished' })).toBe(NEXT_KEY.thumbprint);
});
